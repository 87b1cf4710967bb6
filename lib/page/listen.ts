import { searchPage, type FrameFinds } from "./search";
import { show } from "./ring";

/** Messaging as every browser has it. */
export interface Listening {
  runtime: {
    onMessage: {
      addListener(listener: (message: unknown, sender: unknown, respond: (finds: FrameFinds) => void) => void): void;
    };
    onConnect: { addListener(listener: (port: Port) => void): void };
  };
}

/** Carries the ring's style, to keep it out of pages. An empty code shows nothing. */
interface ShowMessage {
  code: string;
  style: string;
}

interface Port {
  name: string;
  onMessage: { addListener(listener: (message: ShowMessage) => void): void };
  onDisconnect: { addListener(listener: () => void): void };
}

/** Listens to the worker; calls `restart` when the site is paused or resumed. */
export function listen(chrome: Listening, restart: () => void): void {
  chrome.runtime.onMessage.addListener((message, _sender, respond) => {
    if (typeof message === "boolean") restart();
    // From "This page", where browsers allow us no other script.
    else if (message === "search") respond(searchPage());
  });
  listenForShow(chrome);
}

/** Shows invites for our screens until these close; listens once per document. */
export function listenForShow({ runtime }: Listening): void {
  // The page script and "Find invites on this page" share this world.
  const world = globalThis as { isListening?: true };
  if (world.isListening) return;
  world.isListening = true;
  runtime.onConnect.addListener((port) => {
    if (port.name !== "show") return;
    let shown = new AbortController();
    port.onMessage.addListener(({ code, style }) => {
      shown.abort();
      shown = new AbortController();
      if (code) show(code, style, shown.signal);
    });
    port.onDisconnect.addListener(() => shown.abort());
  });
}
