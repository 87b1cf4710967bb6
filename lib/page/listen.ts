import { lookThrough, type Look } from "./look";
import { show } from "./ring";

/** What a page hears from our own side: that the site was paused or resumed, to be looked through, to show an invite. */

/** What the browser has for it, in each version. */
export interface Listening {
  runtime: {
    onMessage: {
      addListener(listener: (message: unknown, sender: unknown, respond: (look: Look) => void) => void): void;
    };
    onConnect: { addListener(listener: (port: Port) => void): void };
  };
}

/** What to show: an invite, or none, and how its ring looks, which pages need not carry. */
interface Shown {
  code: string;
  look: string;
}

interface Port {
  name: string;
  onMessage: { addListener(listener: (message: Shown) => void): void };
  onDisconnect: { addListener(listener: () => void): void };
}

/** Listens for the worker; `restart` is called when the site was paused or resumed, so that the worker is asked again. */
export function listen(chrome: Listening, restart: () => void): void {
  chrome.runtime.onMessage.addListener((message, _sender, respond) => {
    if (typeof message === "boolean") restart();
    // The agent looks at "This page", and the browser lets no other script of ours look through it.
    else if (message === "look") respond(lookThrough());
  });
  listenForShow(chrome);
}

/** Waits for screens of ours that show an invite, once in each document. The screen's end ends what it shows. */
export function listenForShow({ runtime }: Listening): void {
  // The page script and "Find invites on this page" share this world.
  const world = globalThis as { isListening?: true };
  if (world.isListening) return;
  world.isListening = true;
  runtime.onConnect.addListener((port) => {
    if (port.name !== "show") return;
    let shown = new AbortController();
    port.onMessage.addListener(({ code, look }) => {
      shown.abort();
      shown = new AbortController();
      if (code) show(code, look, shown.signal);
    });
    port.onDisconnect.addListener(() => shown.abort());
  });
}
