import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { holdKeys } from "../../components/models/arrival";

/** Which Enter a form gets that another extension may have opened under the agent's hands. */

let sent: number;
let stop: AbortController;
let restart: () => void;
beforeEach(() => {
  vi.useFakeTimers();
  sent = 0;
  stop = new AbortController();
  document.body.innerHTML = "<form><button>Send</button></form><h1 tabindex=-1>Title</h1>";
  document.querySelector("form")!.addEventListener("keydown", ({ key }) => (sent += key === "Enter" ? 1 : 0));
  restart = holdKeys(stop.signal);
});
afterEach(() => {
  stop.abort();
  vi.useRealTimers();
});

/** A key on the button, that was pressed at `at`. */
function press(key = "Enter", at = performance.now()): void {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  Object.defineProperty(event, "timeStamp", { value: at });
  document.querySelector("button")!.dispatchEvent(event);
}

/** Lets `ms` pass in which the page does nothing, not even its timers. */
function standStill(ms: number): void {
  const at = performance.now();
  vi.setSystemTime(Date.now() + ms);
  vi.spyOn(performance, "now").mockReturnValue(at + ms);
}

test("an Enter counts after a second without one", () => {
  press();
  vi.advanceTimersByTime(900);
  press();
  vi.advanceTimersByTime(999);
  press();
  expect(sent).toBe(0);
  vi.advanceTimersByTime(1000);
  press();
  expect(sent).toBe(1);
  restart();
  press();
  expect(sent).toBe(1);
});

test("what the agent types or clicks here opens the form at once, a blank does not", () => {
  document.body.dispatchEvent(new InputEvent("input", { data: " ", bubbles: true }));
  press();
  expect(sent).toBe(0);
  document.body.dispatchEvent(new InputEvent("input", { data: "a", bubbles: true }));
  press();
  expect(sent).toBe(1);
  restart();
  document.body.dispatchEvent(new Event("pointerdown", { bubbles: true }));
  press();
  expect(sent).toBe(2);
});

test("a key that waited while the page stood still was pressed before the second was over", () => {
  const pressedAt = performance.now() + 400;
  vi.advanceTimersByTime(1000);
  press("Enter", pressedAt);
  expect(sent).toBe(0);
  press();
  expect(sent).toBe(0);
});

test("a second in which the page stood still is no calm", () => {
  standStill(1500);
  vi.advanceTimersByTime(1000);
  press();
  expect(sent).toBe(0);
  vi.restoreAllMocks();
});
