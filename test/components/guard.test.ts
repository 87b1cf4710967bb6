import { afterEach, describe, expect, it } from "vitest";
import { attachGuard, createGuard, LOCK, type Guard } from "../../components/models/guard";

/** A guard with a clock that the test turns. */
function guarded() {
  let time = 0;
  const screen = { isOpen: true };
  const guard = createGuard(
    () => time,
    () => screen.isOpen,
  );
  return { guard, screen, now: () => time, pass: (ms: number) => (time += ms) };
}
const trusted = { isTrusted: true };
function move(guard: Guard, x: number, y: number) {
  guard.pointerMoved({ ...trusted, clientX: x, clientY: y });
}
function press(guard: Guard, detail = 1, pointerType = "mouse") {
  guard.pointerDown({ ...trusted, pointerType });
  return guard.allows({ ...trusted, detail }, true);
}
function aimed(guard: Guard) {
  move(guard, 0, 0);
  move(guard, 20, 0);
}

describe("mouse", () => {
  it("confirms an aimed press after a second", () => {
    const { guard, pass } = guarded();
    aimed(guard);
    pass(1001);
    expect(press(guard)).toBe(true);
  });
  it.each([100, 300, 500, 800, 999])("refuses the second half of a double click after %i ms", (ms) => {
    const { guard, pass } = guarded();
    aimed(guard);
    pass(ms);
    expect(press(guard)).toBe(false);
  });
  it.each(Array.from({ length: 29 }, (_, i) => 100 + 50 * i))(
    "T18 refuses a second click that comes after %i ms to the same spot",
    (ms) => {
      const { guard, pass } = guarded();
      move(guard, 5, 5);
      pass(ms);
      expect(press(guard)).toBe(false);
    },
  );
  it("refuses a press without movement inside our window, however late", () => {
    const { guard, pass } = guarded();
    move(guard, 5, 5);
    pass(60_000);
    expect(press(guard)).toBe(false);
  });
  it("refuses a double click's second click", () => {
    const { guard, pass } = guarded();
    aimed(guard);
    pass(2000);
    expect(press(guard, 2)).toBe(false);
  });
  it.each([
    [7, false],
    [8, true],
  ])("takes %i px of movement: %s", (px, isEnough) => {
    const { guard, pass } = guarded();
    move(guard, 100, 100);
    move(guard, 100 + px, 100);
    pass(1001);
    expect(press(guard)).toBe(isEnough);
  });
  it("refuses a press that began while the screen still showed Join as locked", () => {
    const { guard, pass, screen } = guarded();
    aimed(guard);
    pass(1001);
    screen.isOpen = false;
    guard.pointerDown({ ...trusted, pointerType: "mouse" });
    screen.isOpen = true;
    expect(guard.allows({ ...trusted, detail: 1 }, true)).toBe(false);
    aimed(guard);
    expect(press(guard)).toBe(true);
  });
  it("wants its movement before each press", () => {
    const { guard, pass } = guarded();
    aimed(guard);
    pass(1001);
    expect(press(guard)).toBe(true);
    expect(press(guard)).toBe(false);
  });
  it("refuses a click whose press was too long ago", () => {
    const { guard, pass } = guarded();
    aimed(guard);
    pass(1001);
    guard.pointerDown({ ...trusted, pointerType: "mouse" });
    pass(5000);
    expect(guard.allows({ ...trusted, detail: 1 }, true)).toBe(true);
    pass(1);
    expect(guard.allows({ ...trusted, detail: 1 }, true)).toBe(false);
  });
  it("is locked for a second after the last of ten presses", () => {
    const { guard, pass } = guarded();
    for (let i = 0; i < 10; i += 1) {
      pass(90);
      press(guard);
    }
    pass(999);
    expect(guard.wait()).toBe(1);
    pass(1);
    expect(guard.wait()).toBe(0);
  });
  it("stays locked under hammering, and opens again after calm and aim", () => {
    const { guard, pass } = guarded();
    aimed(guard);
    for (let i = 0; i < 12; i += 1) {
      pass(500);
      expect(press(guard)).toBe(false);
    }
    pass(1001);
    aimed(guard);
    expect(press(guard)).toBe(true);
  });
  it("never stays locked for more than 20 s by hammering alone", () => {
    const { guard, pass } = guarded();
    for (let i = 0; i < 40; i += 1) {
      pass(500);
      press(guard);
    }
    pass(500);
    aimed(guard);
    expect(press(guard)).toBe(true);
  });
  it("locks again when what is shown changes", () => {
    const { guard, pass } = guarded();
    pass(5000);
    aimed(guard);
    guard.changed();
    expect(press(guard)).toBe(false);
    pass(1001);
    aimed(guard);
    expect(press(guard)).toBe(true);
  });
  it("forgets the movement and the press from before a change", () => {
    const { guard, pass } = guarded();
    pass(5000);
    aimed(guard);
    guard.changed();
    pass(1001);
    expect(press(guard)).toBe(false);
    aimed(guard);
    guard.pointerDown({ ...trusted, pointerType: "mouse" });
    // The content changed under the button that is held down.
    guard.changed();
    pass(1001);
    expect(guard.allows({ ...trusted, detail: 1 }, true)).toBe(false);
  });
  it("does not count what a script does with the pointer", () => {
    const { guard, pass } = guarded();
    pass(1001);
    guard.pointerMoved({ isTrusted: false, clientX: 0, clientY: 0 });
    guard.pointerMoved({ isTrusted: false, clientX: 90, clientY: 0 });
    expect(press(guard)).toBe(false);
    aimed(guard);
    guard.pointerDown({ isTrusted: false, pointerType: "mouse" });
    expect(guard.allows({ ...trusted, detail: 1 }, true)).toBe(false);
  });
  it("refuses while our window is not seen, and events that a script made", () => {
    const { guard, pass } = guarded();
    aimed(guard);
    pass(2000);
    guard.pointerDown({ ...trusted, pointerType: "mouse" });
    expect(guard.allows({ ...trusted, detail: 1 }, false)).toBe(false);
    expect(guard.allows({ isTrusted: false, detail: 1 }, true)).toBe(false);
  });
});

describe("touch and keyboard", () => {
  it("confirms a touch after a second", () => {
    const { guard, pass } = guarded();
    pass(500);
    expect(press(guard, 1, "touch")).toBe(false);
    pass(2000);
    expect(press(guard, 1, "touch")).toBe(true);
  });
  it("confirms Tab then Enter", () => {
    const { guard, pass } = guarded();
    pass(1001);
    guard.keyDown({ ...trusted, key: "Tab" });
    guard.keyDown({ ...trusted, key: "Enter" });
    expect(guard.allows({ ...trusted, detail: 0 }, true)).toBe(true);
  });
  it("refuses a key that went down while the screen still showed Join as locked", () => {
    const { guard, pass, screen } = guarded();
    pass(1001);
    guard.keyDown({ ...trusted, key: "Tab" });
    screen.isOpen = false;
    guard.keyDown({ ...trusted, key: " " });
    screen.isOpen = true;
    expect(guard.allows({ ...trusted, detail: 0 }, true)).toBe(false);
    pass(1001);
    guard.keyDown({ ...trusted, key: " " });
    expect(guard.allows({ ...trusted, detail: 0 }, true)).toBe(true);
  });
  it("refuses Enter without a Tab in this window, a held Enter, and Enter in a row of keys", () => {
    const { guard, pass } = guarded();
    pass(1001);
    guard.keyDown({ ...trusted, key: "Enter" });
    expect(guard.allows({ ...trusted, detail: 0 }, true)).toBe(false);
    pass(2000);
    guard.keyDown({ ...trusted, key: "Tab" });
    guard.keyDown({ ...trusted, key: "Enter", repeat: true });
    expect(guard.allows({ ...trusted, detail: 0 }, true)).toBe(false);
    pass(120);
    guard.keyDown({ ...trusted, key: "Enter" });
    expect(guard.allows({ ...trusted, detail: 0 }, true)).toBe(false);
  });
  it("judges keys that a busy window hears of late by when they were pressed", () => {
    const { guard, pass } = guarded();
    pass(2900);
    guard.keyDown({ ...trusted, key: " ", timeStamp: 2900 });
    guard.keyDown({ ...trusted, key: "Tab", timeStamp: 3000 });
    pass(2100);
    guard.keyDown({ ...trusted, key: " ", timeStamp: 3100 });
    expect(guard.allows({ ...trusted, detail: 0, timeStamp: 3110 }, true)).toBe(false);
  });
  it("refuses a press made before the second was over, whenever it is heard of", () => {
    const { guard, pass } = guarded();
    aimed(guard);
    pass(1500);
    guard.pointerDown({ ...trusted, pointerType: "mouse", timeStamp: 900 });
    expect(guard.allows({ ...trusted, detail: 1, timeStamp: 950 }, true)).toBe(false);
  });
  it("lets a press through whose clock stands still, after a while", () => {
    const { guard, pass } = guarded();
    aimed(guard);
    pass(7000);
    guard.pointerDown({ ...trusted, pointerType: "mouse", timeStamp: 0 });
    expect(guard.allows({ ...trusted, detail: 1, timeStamp: 0 }, true)).toBe(true);
  });
  it("refuses a click that no press came before", () => {
    const { guard, pass } = guarded();
    pass(5000);
    expect(guard.allows({ ...trusted, detail: 0 }, true)).toBe(false);
  });
  it("forgets the Tab and the key from before a change", () => {
    const { guard, pass } = guarded();
    pass(1001);
    guard.keyDown({ ...trusted, key: "Tab" });
    guard.changed();
    pass(1001);
    guard.keyDown({ ...trusted, key: "Enter" });
    expect(guard.allows({ ...trusted, detail: 0 }, true)).toBe(false);
    pass(1001);
    guard.keyDown({ ...trusted, key: "Tab" });
    guard.keyDown({ ...trusted, key: " " });
    guard.changed();
    // The space bar is let go on what has come meanwhile.
    pass(1001);
    guard.keyDown({ ...trusted, key: "Tab" });
    expect(guard.allows({ ...trusted, detail: 0 }, true)).toBe(false);
  });
  it("does not count a key that a script pressed, nor another one than Enter and Space", () => {
    const { guard, pass } = guarded();
    pass(1001);
    guard.keyDown({ isTrusted: false, key: "Tab" });
    guard.keyDown({ ...trusted, key: "Enter" });
    expect(guard.allows({ ...trusted, detail: 0 }, true)).toBe(false);
    pass(1001);
    guard.keyDown({ ...trusted, key: "Tab" });
    guard.keyDown({ isTrusted: false, key: "Enter" });
    guard.keyDown({ ...trusted, key: "j" });
    expect(guard.allows({ ...trusted, detail: 0 }, true)).toBe(false);
  });
  it("refuses a click whose key was pressed too long ago", () => {
    const { guard, pass } = guarded();
    pass(1001);
    guard.keyDown({ ...trusted, key: "Tab" });
    guard.keyDown({ ...trusted, key: " " });
    pass(5001);
    expect(guard.allows({ ...trusted, detail: 0 }, true)).toBe(false);
  });
});

describe("in a window", () => {
  let stop = new AbortController();
  afterEach(() => stop.abort());
  function attached() {
    stop = new AbortController();
    const { guard, now, pass } = guarded();
    attachGuard(guard, stop.signal);
    /** Makes an event as the agent does, now by the guard's clock; those of a script are not trusted. */
    const happen = (target: EventTarget, event: Event) => {
      Object.defineProperties(event, { isTrusted: { value: true }, timeStamp: { value: now() } });
      target.dispatchEvent(event);
    };
    return { guard, pass, happen };
  }

  it.each([
    ["focus", () => window],
    ["blur", () => window],
    ["resize", () => window],
    ["visibilitychange", () => document],
  ])("%s starts the second anew", (type, target) => {
    const { guard, pass } = attached();
    pass(5000);
    expect(guard.wait()).toBe(0);
    target().dispatchEvent(new Event(type));
    expect(guard.wait()).toBe(LOCK);
    pass(5000);
    stop.abort();
    target().dispatchEvent(new Event(type));
    expect(guard.wait()).toBe(0);
  });
  it("the mouse and the keys reach the guard, also where a part of the page stops them", () => {
    const { pass, guard, happen } = attached();
    const button = document.body.appendChild(document.createElement("button"));
    for (const type of ["pointermove", "pointerdown", "keydown"]) {
      button.addEventListener(type, (event) => event.stopImmediatePropagation());
    }
    pass(1001);
    for (const clientX of [0, 40]) {
      happen(button, new PointerEvent("pointermove", { clientX, clientY: 0, bubbles: true }));
    }
    happen(button, new PointerEvent("pointerdown", { pointerType: "mouse", bubbles: true }));
    expect(guard.allows({ ...trusted, detail: 1 }, true)).toBe(true);
    for (const key of ["Tab", "Enter"]) happen(button, new KeyboardEvent("keydown", { key, bubbles: true }));
    expect(guard.allows({ ...trusted, detail: 0 }, true)).toBe(true);
  });
});
