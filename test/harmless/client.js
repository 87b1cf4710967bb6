import { INITIAL, OPERATIONS } from "./state.js";

/**
 * Starts the page of a framework as its address asks: `?delay=600` hydrates what the server sent so many ms after it was
 * read, and without it the page is drawn here. The driver goes on by `app.run(n)`.
 * @param {(isHydrated: boolean) => (state: typeof INITIAL) => unknown} mount Shows `INITIAL`, and returns what shows another.
 */
export function start(mount) {
  const delay = new URLSearchParams(location.search).get("delay");
  let state = INITIAL;
  let show;
  const begin = () => {
    show = mount(delay !== null);
    globalThis.isStarted = true;
  };
  globalThis.app = {
    steps: OPERATIONS.map(([name]) => name),
    run(n) {
      state = OPERATIONS[n][1](state);
      show?.(state);
    },
  };
  if (!Number(delay)) begin();
  // Somebody types meanwhile, and the driver says when the last key is pressed.
  const beginAfterKeys = () => (globalThis.isTyped ? begin() : setTimeout(beginAfterKeys, 10));
  if (Number(delay)) setTimeout(beginAfterKeys, Number(delay));
}
