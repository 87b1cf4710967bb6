/**
 * Ignores Enter and Space meant for another page: another extension can open ours while the agent types. Forms and main
 * buttons ignore both until a second passes without either, or the agent types or clicks here.
 */

/** Ms without such a key. */
const CALM = 1000;

const ACTS = "form *, .button.primary, .button.danger";
/** A typed blank passes, but proves nothing. */
const TYPES = "input:not([type=checkbox], [type=radio]), textarea";

/** Ignores them until the signal aborts; the returned function starts anew. */
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
  // Firefox presses a button when Space is released.
  document.addEventListener("keyup", hold, listen);
  document.addEventListener("pointerdown", lift, listen);
  document.addEventListener("input", (event) => (event as InputEvent).data?.trim() && lift(), listen);
  document.addEventListener("visibilitychange", restart, { signal });
  return restart;
}
