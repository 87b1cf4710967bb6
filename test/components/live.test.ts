import { expect, it, vi } from "vitest";
import { neverTwice } from "../../components/models/live";

/** A reading that waits until it is let go, and counts how many are under way. */
function slowReading() {
  const waiting: ((error?: Error) => void)[] = [];
  let underWay = 0;
  const seen = { most: 0, count: 0 };
  const stop = new AbortController();
  const read = neverTwice(async () => {
    underWay += 1;
    seen.count += 1;
    seen.most = Math.max(seen.most, underWay);
    try {
      await new Promise<void>((resolve, reject) => waiting.push((error) => (error ? reject(error) : resolve())));
    } finally {
      underWay -= 1;
    }
  }, stop.signal);
  const end = async (error?: Error) => {
    await vi.waitFor(() => expect(waiting.length).toBeGreaterThan(0), 10_000);
    waiting.shift()?.(error);
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { read, end, seen, stop };
}

it("reads once more after a reading during which something changed, and never twice at once", async () => {
  const { read, end, seen } = slowReading();
  read();
  read();
  read();
  expect(seen.count).toBe(1);
  await end();
  expect(seen.count).toBe(2);
  await end();
  expect(seen).toEqual({ most: 1, count: 2 });
  read();
  expect(seen.count).toBe(3);
});

it("goes on after a reading that failed", async () => {
  const { read, end, seen } = slowReading();
  read();
  await end(new Error("the store is closing"));
  read();
  expect(seen.count).toBe(2);
  read();
  await end(new Error("again"));
  // What was asked for meanwhile is read all the same.
  expect(seen.count).toBe(3);
});

it("reads no more once it is stopped, not even what waited for its turn", async () => {
  const { read, end, seen, stop } = slowReading();
  read();
  read();
  stop.abort();
  await end();
  read();
  expect(seen.count).toBe(1);
});
