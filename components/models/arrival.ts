/**
 * Ignores Enter and Space meant for another page: another extension can open ours while the agent types. Forms and main
 * buttons ignore both until a second passes without either, or the agent types or clicks here.
 */

/** Ms without such a key. */
const CALM = 1000;

/** Ms by which that second may end late. Later, the page stood still: keys wait behind it, and nothing was calm. */
const LATE = 300;

const ACTS = "form *, .button.primary, .button.danger";
/** A typed blank passes, but proves nothing. */
const TYPES = "input:not([type=checkbox], [type=radio]), textarea";

/** Ignores them until the signal aborts; the returned function starts anew. */
export function holdKeys(signal: AbortSignal): () => void {
  // By the clock of events: a key that waited while the page stood still was pressed before.
  let openAt = Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const restart = () => {
    clearTimeout(timer);
    openAt = Infinity;
    // Unseen, it goes on once it is seen; browsers slow its timers down.
    if (document.hidden) return;
    const end = performance.now() + CALM;
    timer = setTimeout(() => {
      if (performance.now() > end + LATE) restart();
      else openAt = performance.now();
    }, CALM);
  };
  const lift = () => {
    clearTimeout(timer);
    openAt = -Infinity;
  };
  const hold = (event: KeyboardEvent) => {
    if (event.timeStamp >= openAt || !(event.key === "Enter" || event.key === " ")) return;
    const target = event.target instanceof Element ? event.target : undefined;
    if (event.key === " " && target?.matches(TYPES)) return;
    if (event.type === "keydown") restart();
    if (!target?.matches(ACTS)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const listen = { signal, capture: true };
  document.addEventListener("keydown", hold, listen);
  // Firefox presses a button when Space is released.
  document.addEventListener("keyup", hold, listen);
  document.addEventListener("pointerdown", lift, listen);
  document.addEventListener("input", (event) => (event as InputEvent).data?.trim() && lift(), listen);
  document.addEventListener("visibilitychange", restart, { signal });
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  restart();
  return restart;
}
