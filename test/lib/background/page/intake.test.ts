import { expect, test } from "vitest";
import { openIntake } from "../../../../lib/background/page/intake";

/** How much pages may give the worker to read. */

const MINUTE = 60_000;

test("a tab that gives too much has to wait, and the others have not", () => {
  let now = 0;
  const intake = openIntake(
    () => now,
    () => Promise.resolve(),
  );
  const big = 400_000;
  expect(Array.from({ length: 12 }, () => intake.takes(1, big)).filter(Boolean)).toHaveLength(10);
  expect(intake.takes(2, big)).toBe(true);
  now += MINUTE;
  expect(intake.takes(1, big)).toBe(true);
});

test("many tabs together have a limit, too, and so have many small reports", () => {
  const intake = openIntake(
    () => 0,
    () => Promise.resolve(),
  );
  const tabs = Array.from({ length: 100 }, (_, tab) => intake.takes(tab, 1_000_000));
  expect(tabs.filter(Boolean)).toHaveLength(16);
  const fresh = openIntake(
    () => 0,
    () => Promise.resolve(),
  );
  expect(Array.from({ length: 2000 }, () => fresh.takes(1, 1)).filter(Boolean)).toHaveLength(800);
});

test("what is large is read in pieces, between which others have their turn", async () => {
  const order: string[] = [];
  const intake = openIntake(
    () => 0,
    async () => void order.push("rest"),
  );
  const read = (name: string) =>
    intake.readAll(
      [1, 2, 3],
      () => 15_000,
      (item) => order.push(`${name}${item}`),
    );
  await Promise.all([read("a"), read("b")]);
  expect(order).toEqual(["a1", "a2", "rest", "a3", "b1", "b2", "rest", "b3"]);
});
