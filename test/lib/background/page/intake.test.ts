import { expect, test } from "vitest";
import { openIntake } from "../../../../lib/background/page/intake";

/** How much pages may give the worker to read. */

const MINUTE = 60_000;

const open = (now = () => 0) => {
  const waits: number[] = [];
  return { waits, ...openIntake(now, async (duration) => void waits.push(duration)) };
};
const taken = async (asked: Promise<boolean>[]) => (await Promise.all(asked)).filter(Boolean);

test("a tab that gives too much has to wait, and the others have not", async () => {
  let now = 0;
  const intake = open(() => now);
  const big = 400_000;
  expect(await taken(Array.from({ length: 12 }, () => intake.takes(1, big)))).toHaveLength(10);
  expect(await intake.takes(2, big)).toBe(true);
  now += MINUTE;
  expect(await intake.takes(1, big)).toBe(true);
});

test("many tabs together have a limit, too, and so have many small reports", async () => {
  const intake = open();
  expect(await taken(Array.from({ length: 100 }, (_, tab) => intake.takes(tab, 1_000_000)))).toHaveLength(16);
  const fresh = open();
  expect(await taken(Array.from({ length: 2000 }, () => fresh.takes(1, 1)))).toHaveLength(800);
});

test("what is too much is answered late, so that who floods us cannot go on at once; the rest is not", async () => {
  const intake = open();
  expect(await intake.takes(1, 4_000_000)).toBe(true);
  expect(intake.waits).toEqual([]);
  expect(await intake.takes(1, 1)).toBe(false);
  expect(intake.waits).toEqual([1000]);
});

test("what is large is read in pieces, between which others have their turn", async () => {
  const order: string[] = [];
  const intake = openIntake(
    () => 0,
    async (duration) => void order.push(duration === 0 ? "rest" : "wait"),
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
