/**
 * Keeps keys that were meant for another page from acting on ours. Another extension can open any of our pages, on any
 * route and with what was typed there before, while the agent presses keys in another page. So Enter and Space send no
 * form and press no main button until no such key came for a while, or until the agent shows by typing or by the mouse
 * that this page is meant.
 */

/** Time in ms without such a key. */
const CALM = 1000;

const ACTS = "form *, .button.primary, .button.danger";
/** Typing a blank is no proof, and is let through. */
const TYPES = "input:not([type=checkbox], [type=radio]), textarea";

/** Starts to hold such keys back, until the signal aborts. The returned function starts anew. */
export function holdKeys(now: () => number, signal: AbortSignal): () => void {
  let openAt = now() + CALM;
  const restart = () => void (openAt = now() + CALM);
  const hold = (event: KeyboardEvent) => {
    if (now() >= openAt || !(event.key === "Enter" || event.key === " ")) return;
    const target = event.target instanceof Element ? event.target : undefined;
    if (event.key === " " && target?.matches(TYPES)) return;
    if (event.type === "keydown") restart();
    if (!target?.matches(ACTS)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const lift = () => void (openAt = -Infinity);
  const listen = { signal, capture: true };
  document.addEventListener("keydown", hold, listen);
  // Firefox presses a button when Space is let go.
  document.addEventListener("keyup", hold, listen);
  document.addEventListener("pointerdown", lift, listen);
  document.addEventListener("input", (event) => (event as InputEvent).data?.trim() && lift(), listen);
  document.addEventListener("visibilitychange", restart, { signal });
  return restart;
}
