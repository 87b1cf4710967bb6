import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { readBudget, readGroup, readJob, readRoster, readTally, dayOf } from "../../../lib/store/read";
import { CONNECTION, GROUP, membersOf, newHarness, newWorld, OTHER, OWN, person, writes } from "./simulation";

const brief = (steps: { state: string; verdict?: string; reason?: string }[]) =>
  steps.map(({ state, verdict, reason }) => [state, verdict, reason].filter(Boolean).join(" "));

test("adds people one by one and proves each by reading", async () => {
  const h = await newHarness();
  const people = [person(1), person(2), person(901)];
  const id = await h.begin({ kind: "add", groups: [GROUP], people, pace: "careful" });
  await h.settle();
  expect(brief(await h.steps(id))).toEqual(["done added", "done added", "done already-in"]);
  expect(await h.state(id)).toBe("done");
  expect(writes(h.world).map(({ people }) => people.length)).toEqual([1, 1]);
  expect((await readRoster(h.store, "c1", GROUP))?.members).toHaveLength(6);
  expect((await readGroup(h.store, "c1", GROUP))?.size).toBe(6);
  expect((await readTally(h.store, "c1", dayOf(h.world.time))).adds).toBe(2);
});

test("removes the first alone, proves it, then the others; after the undo window", async () => {
  const h = await newHarness();
  const started = h.world.time;
  const people = [person(901), person(902), person(5)];
  const id = await h.begin({ kind: "remove", groups: [GROUP], people, pace: "fast" });
  await h.settle();
  expect(brief(await h.steps(id))).toEqual(["done removed", "done removed", "done was-not-in"]);
  expect(h.world.calls[0]?.at).toBeGreaterThanOrEqual(started + 5000);
  expect(writes(h.world).map(({ people }) => people.length)).toEqual([1, 1]);
  expect(membersOf(h.world)).toEqual([OWN, person(903).id]);
});

test("creates with the first ten, adds the others, proves all", async () => {
  const h = await newHarness();
  const people = [...Array(14)].map((_, n) => person(n));
  const id = await h.begin({
    kind: "create",
    name: "New one",
    people: [...people, { id: OWN, given: "me" }],
    pace: "fast",
  });
  await h.settle();
  const steps = await h.steps(id);
  expect(steps[0]).toMatchObject({ state: "done", verdict: "created" });
  expect(steps.slice(1).every(({ verdict }) => verdict === "added")).toBe(true);
  expect(membersOf(h.world, steps[0]?.group)).toHaveLength(15);
  expect(writes(h.world).map(({ name, people }) => [name, people.length])).toEqual([
    ["createGroup", 10],
    ["addMembers", 4],
  ]);
});

test("updates, joins, sends and leaves", async () => {
  const world = newWorld();
  world.codes.set("CodeAAAAAAAA", "120363000000000077@g.us");
  const h = await newHarness(world);
  const update = await h.begin({ kind: "update", group: GROUP, name: "Renamed", description: "Text" });
  const join = await h.begin({ kind: "join", codes: ["CodeAAAAAAAA", "CodeBBBBBBBB"], pace: "careful" });
  const send = await h.begin({ kind: "send", chats: [GROUP], text: "Hello", pace: "careful" });
  const leave = await h.begin({ kind: "leave", groups: [OTHER] });
  await h.settle();
  expect(brief(await h.steps(update))).toEqual(["done updated"]);
  expect(brief(await h.steps(join))).toEqual(["done joined", "failed not-joined revoked"]);
  expect(brief(await h.steps(send))).toEqual(["done sent"]);
  expect(brief(await h.steps(leave))).toEqual(["done left"]);
  expect((await readGroup(h.store, "c1", GROUP))?.name).toBe("Renamed");
  expect((await readGroup(h.store, "c1", OTHER))?.goneAt).toBeDefined();
  expect((await readGroup(h.store, "c1", "120363000000000077@g.us"))?.name).toBe("Joined CodeAAAAAAAA");
  expect(await readJob(h.store, join)).toMatchObject({ state: "done" });
});
void readBudget;
void CONNECTION;
