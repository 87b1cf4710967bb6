/**
 * The activation guard: decides whether a press on "Join" was meant. A page can place its link where our button will
 * appear, open our window while somebody types, or move us under the pointer; so a press counts only when the agent has
 * had time to see what stands there and has aimed at it.
 */

/** Time in ms that what is shown must have stood still. */
export const LOCK = 1000;
/** Presses while locked make the lock longer, but never beyond this many ms from its start. */
const LOCK_CAP = 20_000;
/** CSS px that a mouse must have moved inside our document. */
const MOVE = 8;
/** Time in ms that a button or a key may be held down; a click that comes later belongs to no press. */
const PRESS = 5000;

/** The part of a DOM event that is looked at. */
interface Press {
  isTrusted: boolean;
  detail?: number;
  pointerType?: string;
  clientX?: number;
  clientY?: number;
  key?: string;
  repeat?: boolean;
}

export interface Guard {
  /** Something appeared, changed, got or lost the focus, or was resized: the time starts anew. */
  changed(): void;
  pointerMoved(event: Press): void;
  pointerDown(event: Press): void;
  keyDown(event: Press): void;
  /** Whether this click is the agent's will. `isSeen`: the document has the focus and is visible. */
  allows(click: Press, isSeen: boolean): boolean;
  /** Time in ms until the lock opens; 0 when it is open. */
  wait(): number;
}

/** A guard in its locked state. `now` returns monotonic ms (`performance.now`). */
export function createGuard(now: () => number): Guard {
  let lockedAt = now();
  let lockedUntil = lockedAt + LOCK;
  let moved = 0;
  let point: { x: number; y: number } | undefined;
  let hasTab = false;
  let otherKeyAt = -Infinity;
  let pointer: { type: string; moved: number; at: number } | undefined;
  let key: { isPlain: boolean; isCalm: boolean; at: number } | undefined;

  const wait = () => Math.max(0, lockedUntil - now());
  const extend = () => {
    if (wait() > 0) lockedUntil = Math.max(lockedUntil, Math.min(now() + LOCK, lockedAt + LOCK_CAP));
  };
  return {
    wait,
    changed() {
      if (wait() === 0) lockedAt = now();
      lockedUntil = Math.max(lockedUntil, now() + LOCK);
      // Whatever was aimed or pressed before was meant for what stood here before.
      moved = 0;
      hasTab = false;
      pointer = undefined;
      key = undefined;
    },
    pointerMoved(event) {
      if (!event.isTrusted || event.clientX === undefined || event.clientY === undefined) return;
      if (point) moved += Math.hypot(event.clientX - point.x, event.clientY - point.y);
      point = { x: event.clientX, y: event.clientY };
    },
    pointerDown(event) {
      if (!event.isTrusted) return;
      extend();
      pointer = { type: event.pointerType ?? "mouse", moved, at: now() };
      key = undefined;
      moved = 0;
    },
    keyDown(event) {
      if (!event.isTrusted) return;
      if (event.key === "Tab") {
        hasTab = true;
        return;
      }
      if (event.key === "Shift") return;
      extend();
      const isPress = event.key === "Enter" || event.key === " ";
      key = { isPlain: isPress && event.repeat !== true, isCalm: now() - otherKeyAt >= LOCK, at: now() };
      otherKeyAt = now();
      pointer = undefined;
    },
    allows(click, isSeen) {
      if (!click.isTrusted || !isSeen || wait() > 0) return false;
      if (key && now() - key.at <= PRESS) return hasTab && key.isPlain && key.isCalm;
      if (!pointer || now() - pointer.at > PRESS || (click.detail ?? 0) > 1) return false;
      return pointer.type === "mouse" ? pointer.moved >= MOVE : true;
    },
  };
}

/** Feeds a guard with what happens in our window, until the signal aborts. */
export function attachGuard(guard: Guard, signal: AbortSignal): void {
  const listen = { signal, capture: true, passive: true };
  const restart = () => guard.changed();
  addEventListener("focus", restart, { signal });
  addEventListener("blur", restart, { signal });
  addEventListener("resize", restart, { signal });
  document.addEventListener("visibilitychange", restart, { signal });
  document.addEventListener("pointermove", (event) => guard.pointerMoved(event), listen);
  document.addEventListener("pointerdown", (event) => guard.pointerDown(event), listen);
  document.addEventListener("keydown", (event) => guard.keyDown(event), listen);
}
