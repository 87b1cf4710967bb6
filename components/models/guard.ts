/**
 * Decides whether a press on "Join" was meant: pages can put a link under our button, open our window while somebody
 * types, or move it under the pointer. A press must be aimed at the button, after time to see it.
 */

/** Ms the window must stay unchanged. */
export const LOCK = 1000;
/** Ms up to which presses extend the lock. */
const LOCK_CAP = 20_000;
/** CSS px. */
const MOVE = 8;
/** Longest ms between a press and its click. */
const PRESS = 5000;

interface Press {
  isTrusted: boolean;
  detail?: number;
  pointerType?: string;
  clientX?: number;
  clientY?: number;
  key?: string;
  repeat?: boolean;
  /** Monotonic ms. */
  timeStamp?: number;
}

export interface Guard {
  /** Restarts the lock: something appeared, changed, was resized, or the focus moved. */
  changed(): void;
  pointerMoved(event: Press): void;
  pointerDown(event: Press): void;
  keyDown(event: Press): void;
  /** Whether a click was meant. `isSeen`: the document is visible and focused. */
  allows(click: Press, isSeen: boolean): boolean;
  /** Ms until the lock opens; 0 when open. */
  wait(): number;
}

/** Busy windows hear of presses late, so the event's time counts, up to PRESS ago: a wrong clock cannot block Join. */
function madeAt({ timeStamp = Infinity }: Press, now: number): number {
  return Math.min(now, Math.max(timeStamp, now - PRESS));
}

/**
 * Starts locked. `now` returns monotonic ms (`performance.now`). `isShown` returns whether the screen shows Join as open,
 * which is a little later than the lock opens: a press from before was not made on an open button.
 */
export function createGuard(now: () => number, isShown: () => boolean): Guard {
  let lockedAt = now();
  let lockedUntil = lockedAt + LOCK;
  let moved = 0;
  let point: { x: number; y: number } | undefined;
  let hasTab = false;
  let otherKeyAt = -Infinity;
  let pointer: { type: string; moved: number; at: number; isShown: boolean } | undefined;
  let key: { isPlain: boolean; isCalm: boolean; at: number } | undefined;

  const wait = () => Math.max(0, lockedUntil - now());
  const extend = (event: Press) => {
    const at = madeAt(event, now());
    if (at < lockedUntil) lockedUntil = Math.max(lockedUntil, Math.min(at + LOCK, lockedAt + LOCK_CAP));
    return at;
  };
  return {
    wait,
    changed() {
      if (wait() === 0) lockedAt = now();
      lockedUntil = Math.max(lockedUntil, now() + LOCK);
      // Earlier presses were meant for something else.
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
      const at = extend(event);
      pointer = { type: event.pointerType ?? "mouse", moved, at, isShown: isShown() };
      key = undefined;
      moved = 0;
    },
    keyDown(event) {
      if (!event.isTrusted) return;
      if (event.key === "Tab") hasTab = true;
      if (event.key === "Tab" || event.key === "Shift") return;
      const at = extend(event);
      const isPress = isShown() && (event.key === "Enter" || event.key === " ");
      key = { isPlain: isPress && event.repeat !== true, isCalm: at - otherKeyAt >= LOCK, at };
      otherKeyAt = at;
      pointer = undefined;
    },
    allows(click, isSeen) {
      const at = madeAt(click, now());
      if (!click.isTrusted || !isSeen || at < lockedUntil) return false;
      if (key && at - key.at <= PRESS) return hasTab && key.isPlain && key.isCalm;
      if (!pointer?.isShown || at - pointer.at > PRESS || (click.detail ?? 0) > 1) return false;
      return pointer.type === "mouse" ? pointer.moved >= MOVE : true;
    },
  };
}

/** Feeds the window's events to a guard until the signal aborts. */
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
