import { describe, expect, it } from "vitest";
import { createGuard, type Guard } from "../../components/models/guard";

/** A guard with a clock that the test turns. */
function guarded() {
  let time = 0;
  const guard = createGuard(() => time);
  return { guard, pass: (ms: number) => (time += ms) };
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
  it("refuses a click that no press came before", () => {
    const { guard, pass } = guarded();
    pass(5000);
    expect(guard.allows({ ...trusted, detail: 0 }, true)).toBe(false);
  });
});
