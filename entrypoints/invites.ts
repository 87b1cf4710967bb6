import { listen, type Listening } from "../lib/page/listen";
import { startVisit, type Native } from "../lib/page/visit";

/** In ms after a page was read, at the latest: what comes with the page comes first. As long as `document_idle` waits. */
const PATIENCE = 200;

/** The page script: finds invites and puts a chip behind each. Silent until it finds one. */
export default {
  main(): void {
    let isListening = false;
    // Looked up each time: after an update or removal of the extension the browser takes it away. And not before something
    // was found: to make it costs the browser as much as to look through 100,000 elements.
    const native = () => {
      const { chrome } = globalThis as unknown as { chrome?: Native & Listening };
      if (chrome && !isListening) listen(chrome, () => restart());
      isListening = true;
      return chrome;
    };
    let stop: AbortController | undefined;
    const restart = () => {
      stop?.abort();
      stop = startVisit(native);
    };
    const start = () => stop ?? restart();
    addEventListener("DOMContentLoaded", () => setTimeout(start, PATIENCE));
    // A page that comes back by the browser's button is the old one, whose list the worker has dropped.
    addEventListener("pageshow", ({ persisted }) => (persisted ? restart() : start()));
    // Firefox lets nobody ask for styles in a page that was left; what was on its way would throw.
    addEventListener("pagehide", ({ isTrusted }) => isTrusted && stop?.abort());
    // A tab that Firefox had open when the extension came.
    if (document.readyState === "complete") restart();
  },
};
