import { listen, type Listening } from "../lib/page/listen";
import { startVisit, type Native } from "../lib/page/visit";

/** Longest wait after DOMContentLoaded, in ms, as for `document_idle`: the page comes first. */
const PATIENCE = 200;

/** The page script: puts a chip behind each invite; silent until it finds one. */
export default {
  main(): void {
    let isListening = false;
    // Read each time: the browser removes it with the extension. Not before a find: creating it costs as much as
    // scanning 100,000 elements.
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
    // Restored from the back/forward cache; the worker dropped its list.
    addEventListener("pageshow", ({ persisted }) => (persisted ? restart() : start()));
    // Firefox throws when styles of a left page are read.
    addEventListener("pagehide", ({ isTrusted }) => isTrusted && stop?.abort());
    // Firefox: the page was open before the installation.
    if (document.readyState === "complete") restart();
  },
};
