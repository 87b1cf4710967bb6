import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { placeKey } from "../../../../lib/shared/person";
import { readGroup, readRoster } from "../../../../lib/store/read";
import { dayOf, readExpired, readInvited, readJob, readSummary, readTally } from "../../../../lib/store/read-jobs";
import {
  assertMove,
  commit,
  Fenced,
  IllegalMove,
  intend,
  STEP_MOVES,
  takeJob,
} from "../../../../lib/background/jobs/journal";
import { UNDO } from "../../../../lib/background/jobs/ports";
import {
  brief,
  GROUP,
  harnessOn,
  member,
  membersOf,
  newHarness,
  newStore,
  newWorld,
  OTHER,
  OWN,
  person,
  writes,
} from "../simulation";

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

test("a fast job keeps to the careful pace once the company allows no other", async () => {
  const h = await newHarness();
  await h.begin({ kind: "add", groups: [GROUP], people: [person(1), person(2), person(3)], pace: "fast" });
  await h.store.db.put("settings", { policy: { maxPace: "careful" } }, "settings");
  await h.settle();
  const sent = writes(h.world);
  expect(sent.map(({ people }) => people.length)).toEqual([1, 1, 1]);
  expect(sent[1]!.at - sent[0]!.at).toBeGreaterThanOrEqual(3000);
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

test("removes many at a fast pace: the first alone, then in chunks, each proved before the next goes", async () => {
  const h = await newHarness();
  const group = h.world.groups.get(GROUP);
  const numbers = [...Array(80)].map((_, n) => 1000 + n);
  for (const n of numbers) group?.members.push(member(n));
  const id = await h.begin({ kind: "remove", groups: [GROUP], people: numbers.map(person), pace: "fast" });
  await h.settle();
  expect((await h.steps(id)).every(({ verdict }) => verdict === "removed")).toBe(true);
  const calls = h.world.calls.map(({ name, people }) => (name === "removeMembers" ? people.length : name));
  expect(calls).toEqual(["listMembers", 1, "listMembers", 50, "listMembers", 29, "listMembers"]);
});

test("stops a fast removal after the chunk in which somebody else went missing", async () => {
  const h = await newHarness();
  const group = h.world.groups.get(GROUP);
  const numbers = [...Array(120)].map((_, n) => 1000 + n);
  for (const n of numbers) group?.members.push(member(n));
  h.world.reading = (list, n) => ({
    ok: true,
    value: n < 2 ? list : list.filter((each) => each.id !== person(903).id),
  });
  const id = await h.begin({ kind: "remove", groups: [GROUP], people: numbers.map(person), pace: "fast" });
  await h.settle();
  expect(await readJob(h.store, id)).toMatchObject({ state: "paused", pause: { reason: "brake" } });
  expect(writes(h.world).map(({ people }) => people.length)).toEqual([1, 50]);
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

test("T71 people in two spellings are one, and our own number is never touched", async () => {
  const h = await newHarness();
  const people = [
    person(1),
    { id: person(1).id.replace("@s.whatsapp.net", "@c.us"), given: "again" },
    { id: OWN, given: "me" },
  ];
  const id = await h.begin({ kind: "add", groups: [GROUP], people, pace: "fast" });
  await h.settle();
  expect(brief(await h.steps(id))).toEqual(["done added", "failed not-added own-number"]);
  expect(writes(h.world).map(({ people }) => people)).toEqual([[person(1).id]]);
});

test("T70 two windows that start together make one job and one runner", async () => {
  const world = newWorld();
  const store = await newStore(world);
  let held: Promise<void> = Promise.resolve();
  const lock = (_: string, work: () => Promise<void>) => {
    held = held.then(work);
    return held;
  };
  const [one, two] = [harnessOn(store, world, { lock }), harnessOn(store, world, { lock })];
  const input = { kind: "add" as const, groups: [GROUP], people: [person(1), person(2)], pace: "fast" as const };
  const ids = await Promise.all([one.begin(input, "n"), two.begin(input, "n"), two.begin(input, "another press")]);
  await Promise.all([one.settle(), two.settle()]);
  expect(new Set(ids).size).toBe(1);
  expect(await store.db.count("jobs")).toBe(1);
  expect(writes(world)).toHaveLength(1);
  // What is over may be ordered again.
  expect(await one.begin(input, "later")).not.toBe(ids[0]);
});

test("undone in its window, a removal, a leave and a message send nothing", async () => {
  const h = await newHarness();
  const ids = [
    await h.begin({ kind: "remove", groups: [GROUP], people: [person(901)], pace: "careful" }),
    await h.begin({ kind: "leave", groups: [GROUP] }),
    await h.begin({ kind: "send", chats: [GROUP], text: "No", pace: "careful" }),
  ];
  for (const id of ids) expect(await h.jobs.cancel(id)).toEqual({ ok: true, value: undefined });
  await h.settle();
  expect(h.world.calls).toEqual([]);
  for (const id of ids) expect(await h.state(id)).toBe("cancelled");
});

test("cancelled on the way, what was sent is proved and nothing more is sent", async () => {
  const h = await newHarness();
  h.world.fate = (_, n) => (n === 0 ? "applied" : "ok");
  const id = await h.begin({ kind: "add", groups: [GROUP], people: [person(1), person(2)], pace: "careful" });
  while (writes(h.world).length === 0) await new Promise((resolve) => setImmediate(resolve));
  await h.jobs.cancel(id);
  await h.settle();
  expect(brief(await h.steps(id))).toEqual(["done added", "cancelled cancelled"]);
  expect(await h.state(id)).toBe("cancelled");
  expect(writes(h.world)).toHaveLength(1);
});

test("paused, nothing is sent until the agent resumes", async () => {
  const h = await newHarness();
  const id = await h.begin({ kind: "remove", groups: [GROUP], people: [person(901)], pace: "fast" });
  await h.jobs.pause(id);
  await h.settle();
  expect(h.world.calls).toEqual([]);
  await h.jobs.resume(id);
  await h.settle();
  expect(brief(await h.steps(id))).toEqual(["done removed"]);
});

test("tries the failed again, and nobody else", async () => {
  const h = await newHarness();
  h.world.refuses.set(person(2).id, { person: person(2).id, outcome: "privacy", code: "403" });
  const id = await h.begin({ kind: "add", groups: [GROUP, OTHER], people: [person(1), person(2)], pace: "fast" });
  await h.settle();
  expect(brief(await h.steps(id))).toEqual([
    "done added",
    "failed not-added privacy",
    "done added",
    "failed not-added privacy",
  ]);
  h.world.refuses.clear();
  const again = await h.jobs.retryFailed(id);
  expect(await h.jobs.retryFailed(id)).toEqual(again);
  await h.settle();
  if (!again.ok) throw new Error(again.failure.code);
  expect((await h.steps(again.value.id)).map(({ target, person: who, verdict }) => [target, who, verdict])).toEqual([
    [GROUP, person(2).id, "added"],
    [OTHER, person(2).id, "added"],
  ]);
  expect(await h.jobs.retryFailed(again.value.id)).toMatchObject({ ok: false });
});

test("a retry and an invitation that were taken back, or failed altogether, are begun again by the same press", async () => {
  const h = await newHarness();
  h.world.refuses.set(person(2).id, { person: person(2).id, outcome: "privacy", code: "403" });
  const id = await h.begin({ kind: "add", groups: [GROUP], people: [person(1), person(2)], pace: "fast" });
  await h.settle();
  const started = async (reply: ReturnType<typeof h.jobs.retryFailed>) => {
    const answer = await reply;
    if (!answer.ok) throw new Error(answer.failure.code);
    return answer.value.id;
  };
  const retry = () => started(h.jobs.retryFailed(id));
  const invite = () => started(h.jobs.inviteInstead(id, "{link}"));
  for (const press of [retry, invite]) {
    const first = await press();
    await h.jobs.cancel(first);
    const second = await press();
    expect(second).not.toBe(first);
    h.world.fate = () => ({ code: "rejected", certainty: "refused", status: 422 });
    await h.settle();
    h.world.fate = () => "ok";
    const [third, same] = await Promise.all([press(), press()]);
    expect([third === second, same]).toEqual([false, third]);
    h.world.refuses.clear();
    await h.settle();
    h.world.refuses.set(person(2).id, { person: person(2).id, outcome: "privacy", code: "403" });
  }
  expect(membersOf(h.world)).toContain(person(2).id);
  expect(h.world.messages).toHaveLength(1);
  // What had an effect is shown, not done again.
  const [again, twice] = [await retry(), await retry()];
  expect(await h.state(again)).toBe("done");
  expect(twice).toBe(again);
});

test("adds only the chosen pairs of people and groups, each once, and tries the failed of them again alone", async () => {
  const h = await newHarness();
  h.world.refuses.set(person(2).id, { person: person(2).id, outcome: "privacy", code: "403" });
  const people = [person(1), person(2), person(3)];
  const pairs: [number, number][] = [
    [0, 0],
    [1, 1],
    [1, 2],
    [1, 2],
  ];
  const id = await h.begin({ kind: "add", groups: [GROUP, OTHER], people, pace: "fast", pairs });
  await h.settle();
  const outcome = async (job: string) =>
    (await h.steps(job)).map(({ target, person: who, verdict }) => [target, who, verdict]);
  expect(await outcome(id)).toEqual([
    [GROUP, person(1).id, "added"],
    [OTHER, person(2).id, "not-added"],
    [OTHER, person(3).id, "added"],
  ]);
  h.world.refuses.clear();
  const again = await h.jobs.retryFailed(id);
  await h.settle();
  expect(await outcome(again.ok ? again.value.id : "")).toMatchObject([[OTHER, person(2).id, "added"]]);
  const outside = { kind: "add" as const, groups: [GROUP], people, pace: "fast" as const, pairs: [[0, 3]] };
  expect(await h.jobs.start("c1", outside as never, "x")).toMatchObject({ failure: { code: "bad-input" } });
});

test("adds those again who were refused when a group was made, and makes no second group", async () => {
  const h = await newHarness();
  h.world.refuses.set(person(2).id, { person: person(2).id, outcome: "privacy", code: "403" });
  const id = await h.begin({ kind: "create", name: "Fresh", people: [person(1), person(2)], pace: "fast" });
  await h.settle();
  const [made] = await h.steps(id);
  h.world.refuses.clear();
  const again = await h.jobs.retryFailed(id);
  if (!again.ok) throw new Error(again.failure.code);
  await h.settle();
  expect((await h.steps(again.value.id)).map(({ target, person: who, verdict }) => [target, who, verdict])).toEqual([
    [made?.group, person(2).id, "added"],
  ]);
  expect(h.world.calls.filter(({ name }) => name === "createGroup")).toHaveLength(1);
});

test("invites those who were refused, each once", async () => {
  const h = await newHarness();
  const named = { ...person(2), name: "Asha" };
  for (const { id } of [named, person(3)]) h.world.refuses.set(id, { person: id, outcome: "privacy", code: "403" });
  const id = await h.begin({ kind: "add", groups: [GROUP], people: [person(1), named, person(3)], pace: "fast" });
  await h.settle();
  const sent = await h.jobs.inviteInstead(id, "Hello {name}, join {group}: {link}");
  expect(sent.ok).toBe(true);
  expect(await h.jobs.inviteInstead(id, "Hello again {link}")).toMatchObject({ ok: false });
  await h.settle();
  expect(h.world.messages).toEqual([
    { chat: named.id, text: "Hello Asha, join First: https://chat.whatsapp.com/CodeOf120363000000000001" },
    { chat: person(3).id, text: "Hello, join First: https://chat.whatsapp.com/CodeOf120363000000000001" },
  ]);
  // The same people refused by the same group in another job: the ledger knows them.
  const other = await h.begin({ kind: "add", groups: [GROUP], people: [named], pace: "fast" });
  await h.settle();
  expect(await h.jobs.inviteInstead(other, "{link}")).toMatchObject({ ok: false });
  expect(h.world.messages).toHaveLength(2);
  // It does so too when the history was erased.
  await h.jobs.eraseHistory();
  expect(await h.state(id)).toBe("none");
  const later = await h.begin({ kind: "add", groups: [GROUP], people: [named, person(3)], pace: "fast" });
  await h.settle();
  expect((await h.steps(later)).map(({ verdict }) => verdict)).toEqual(["not-added", "not-added"]);
  expect(await h.jobs.inviteInstead(later, "{link}")).toMatchObject({ ok: false });
  expect(h.world.messages).toHaveLength(2);
});

test("invites to no group whose message the agent did not see", async () => {
  const h = await newHarness();
  h.world.refuses.set(person(3).id, { person: person(3).id, outcome: "privacy", code: "403" });
  const id = await h.begin({ kind: "add", groups: [GROUP, OTHER], people: [person(3)], pace: "fast" });
  await h.settle();
  const [first, second] = await h.steps(id);
  expect([first?.verdict, second?.verdict]).toEqual(["not-added", "not-added"]);
  expect(await h.jobs.inviteInstead(id, "{group}: {link}", [second!.index])).toMatchObject({ ok: true });
  await h.settle();
  expect(h.world.messages.map(({ text }) => text.split(":")[0])).toEqual(["Second"]);
});

test("joins at least a minute apart, and asks nothing for what is ours", async () => {
  const h = await newHarness();
  const codes = ["CodeAAAAAAAA", "CodeBBBBBBBB", "CodeCCCCCCCC"];
  h.world.codes.set("CodeAAAAAAAA", "120363000000000071@g.us").set("CodeBBBBBBBB", "120363000000000072@g.us");
  await h.store.db.put("invites", { connection: "c1", code: "CodeCCCCCCCC", state: "ours", group: GROUP, at: 1 });
  const id = await h.begin({ kind: "join", codes, pace: "careful" });
  await h.settle();
  expect(brief(await h.steps(id))).toEqual(["done joined", "done joined", "done already-joined"]);
  const [first, second] = writes(h.world);
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(60_000);
  expect(await h.store.db.get("invites", ["c1", "CodeAAAAAAAA"])).toMatchObject({
    state: "ours",
    group: "120363000000000071@g.us",
  });
});

test("a join that is resumed keeps its distance from the last one", async () => {
  const h = await newHarness();
  h.world.codes.set("CodeAAAAAAAA", "120363000000000071@g.us").set("CodeBBBBBBBB", "120363000000000072@g.us");
  const codes = ["CodeAAAAAAAA", "CodeBBBBBBBB"];
  const id = await h.begin({ kind: "join", codes, pace: "careful" });
  h.world.fate = () => (void h.jobs.pause(id), "ok");
  await h.settle();
  expect([await h.state(id), writes(h.world).length]).toEqual(["paused", 1]);
  h.world.fate = () => "ok";
  await h.jobs.resume(id);
  await h.settle();
  const [first, second] = writes(h.world);
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(59_000);
});

test("a quick change does not wait for a long job", async () => {
  const h = await newHarness();
  const people = [...Array(40)].map((_, n) => person(n));
  await h.begin({ kind: "add", groups: [GROUP], people, pace: "careful" });
  const id = await h.begin({ kind: "update", group: OTHER, name: "Quick" });
  await h.settle();
  const at = writes(h.world).findIndex(({ name }) => name === "updateGroup");
  expect(at).toBeLessThan(3);
  expect(await h.state(id)).toBe("done");
});

test("erases the history of ended jobs alone", async () => {
  const h = await newHarness();
  const done = await h.begin({ kind: "update", group: GROUP, name: "Other" });
  await h.settle();
  const open = await h.begin({ kind: "leave", groups: [OTHER] });
  await h.jobs.pause(open);
  await h.jobs.eraseHistory();
  expect(await h.state(done)).toBe("none");
  expect(await h.steps(done)).toEqual([]);
  expect(await h.state(open)).toBe("paused");
});

test("T82 a record of a later version, or a damaged one, is set aside and never run", async () => {
  const h = await newHarness();
  const id = await h.begin({ kind: "remove", groups: [GROUP], people: [person(901)], pace: "fast" });
  const good = await h.begin({ kind: "update", group: OTHER, name: "Good" });
  const bad = await h.begin({ kind: "leave", groups: [OTHER] });
  const job = await h.store.db.get("jobs", id);
  if (job) await h.store.db.put("jobs", { ...job, version: 99 });
  const [step] = await h.steps(bad);
  if (step) await h.store.db.put("steps", { ...step, state: "nonsense" as "todo" });
  await h.settle();
  expect(writes(h.world).map(({ name }) => name)).toEqual(["updateGroup"]);
  expect(await h.state(good)).toBe("done");
  const aside = await h.store.db.getAll("aside");
  expect(aside.map(({ key }) => key).toSorted()).toEqual([id, bad].toSorted());
  expect(aside.find(({ key }) => key === id)?.value).toMatchObject({
    job: { version: 99 },
    steps: [{ state: "todo" }],
  });
  // The version that understands it takes it back, and leaves the rest; the agent decides whether it still runs.
  const row = aside.find(({ key }) => key === id)!;
  await h.store.db.put("aside", { ...row, value: { ...(row.value as object), job } });
  await h.jobs.takeBack();
  expect(await readJob(h.store, id)).toMatchObject({ state: "paused", pause: { reason: "set-aside" } });
  expect((await h.store.db.getAll("aside")).map(({ key }) => key)).toEqual([bad]);
  expect(await readSummary(h.store, id)).toMatchObject({ job: id, steps: 1, open: 1 });
  await h.settle();
  expect(writes(h.world)).toHaveLength(1);
  await h.jobs.resume(id);
  await h.settle();
  expect(brief(await h.steps(id))).toEqual(["done removed"]);
});

test("a press for what a paused job was to do starts that job, with its time for undoing, unless it has done a part", async () => {
  const h = await newHarness();
  const input = { kind: "remove" as const, groups: [GROUP], people: [person(901), person(902)], pace: "fast" as const };
  const id = await h.begin(input);
  await h.jobs.pause(id);
  h.world.time += 3 * 86_400_000;
  expect(await h.begin(input)).toBe(id);
  expect(await readJob(h.store, id)).toMatchObject({ state: "waiting", undoUntil: h.world.time + UNDO });
  h.world.fate = () => {
    void h.jobs.pause(id);
    return "ok";
  };
  await h.settle();
  expect(await h.state(id)).toBe("paused");
  expect(await h.begin(input)).toBe(id);
  await h.settle();
  expect(await readJob(h.store, id)).toMatchObject({ state: "paused", pause: { reason: "agent" } });
  expect(writes(h.world)).toHaveLength(1);
});

test("a job of a connection that was forgotten meanwhile is not written", async () => {
  const h = await newHarness();
  const input = { kind: "remove" as const, groups: [GROUP], people: [person(901)], pace: "fast" as const };
  expect(await h.jobs.start("forgotten", input, "n")).toMatchObject({ ok: false, failure: { code: "no-connection" } });
  expect(await h.store.db.count("jobs")).toBe(0);
});

test.each([
  ["todo", "accepted"],
  ["done", "todo"],
  ["failed", "sending"],
  ["accepted", "todo"],
  ["review", "sending"],
  ["cancelled", "sending"],
] as const)("a step never goes from %s to %s", (from, to) => {
  expect(() => assertMove(STEP_MOVES, from, to)).toThrow(IllegalMove);
});

test("a runner that was overtaken writes nothing", async () => {
  const h = await newHarness();
  const id = await h.begin({ kind: "leave", groups: [GROUP] });
  const old = await takeJob(h.store, id);
  await takeJob(h.store, id);
  await expect(intend(h.store, old, await h.steps(id), 1)).rejects.toThrow(Fenced);
  await expect(commit(h.store, old, [], { end: true }, {}, {}, 1)).rejects.toThrow(Fenced);
  expect(brief(await h.steps(id))).toEqual(["todo"]);
});

test("pauses a row of joins after three refusals one after the other, and goes on when the agent says so", async () => {
  const world = newWorld();
  const codes = ["CodeAAAAAAAA", "CodeBBBBBBBB", "CodeCCCCCCCC", "CodeDDDDDDDD", "CodeEEEEEEEE", "CodeFFFFFFFF"];
  // The third is a good one: what came before it is no streak with what comes after.
  world.codes.set("CodeCCCCCCCC", "120363000000000077@g.us");
  const h = await newHarness(world);
  const id = await h.begin({ kind: "join", codes: [...codes, "CodeGGGGGGGG"], pace: "careful" });
  await h.settle();
  expect(await readJob(h.store, id)).toMatchObject({ state: "paused", pause: { reason: "refusals" } });
  expect(brief(await h.steps(id)).map((step) => step.split(" ")[0])).toEqual([
    "failed",
    "failed",
    "done",
    "failed",
    "failed",
    "failed",
    "todo",
  ]);
  expect(writes(world)).toHaveLength(6);
  await h.jobs.resume(id);
  await h.settle();
  expect(await h.state(id)).toBe("done");
  expect(writes(world)).toHaveLength(7);
});

test("an invitation that was taken back in time can be sent again, and one that left cannot", async () => {
  const h = await newHarness();
  for (const n of [2, 3]) h.world.refuses.set(person(n).id, { person: person(n).id, outcome: "privacy", code: "403" });
  const id = await h.begin({ kind: "add", groups: [GROUP], people: [person(2), person(3)], pace: "fast" });
  await h.settle();
  const undone = await h.jobs.inviteInstead(id, "{link}");
  // While it waits for its undo window nobody is invited by another job.
  expect([...(await readInvited(h.store, "c1", [GROUP]))]).toHaveLength(2);
  await h.jobs.cancel(undone.ok ? undone.value.id : "");
  expect([...(await readInvited(h.store, "c1", [GROUP]))]).toEqual([]);
  const later = await h.begin({ kind: "add", groups: [GROUP], people: [person(2)], pace: "fast" });
  await h.settle();
  expect(await h.jobs.inviteInstead(later, "{link}")).toMatchObject({ ok: true });
  await h.settle();
  expect(h.world.messages.map(({ chat }) => chat)).toEqual([person(2).id]);
  expect([...(await readInvited(h.store, "c1", [GROUP]))]).toHaveLength(1);
});

test("an invitation that failed and was sent by another press since is not sent again by a retry", async () => {
  const h = await newHarness();
  for (const n of [2, 3]) h.world.refuses.set(person(n).id, { person: person(n).id, outcome: "privacy", code: "403" });
  const id = await h.begin({ kind: "add", groups: [GROUP], people: [person(2), person(3)], pace: "fast" });
  await h.settle();
  h.world.fate = () => ({ code: "rejected", certainty: "refused", status: 422 });
  const failed = await h.jobs.inviteInstead(id, "{link}");
  await h.settle();
  h.world.fate = () => "ok";
  await h.jobs.inviteInstead(id, "{link}", [0]);
  await h.settle();
  await h.jobs.retryFailed(failed.ok ? failed.value.id : "");
  await h.settle();
  expect(h.world.messages.map(({ chat }) => chat)).toEqual([person(2).id, person(3).id]);
  expect(await h.jobs.retryFailed(failed.ok ? failed.value.id : "")).toMatchObject({ failure: { code: "too-late" } });
});

test("jobs older than the agent keeps them are erased, and whom they invited stays known", async () => {
  const h = await newHarness();
  const DAY = 86_400_000;
  h.world.refuses.set(person(2).id, { person: person(2).id, outcome: "privacy", code: "403" });
  const old = await h.begin({ kind: "add", groups: [GROUP], people: [person(2)], pace: "fast" });
  await h.settle();
  await h.jobs.inviteInstead(old, "{link}");
  await h.settle();
  const open = await h.begin({ kind: "leave", groups: [OTHER] });
  await h.jobs.pause(open);
  h.world.time += 179 * DAY;
  await h.jobs.prune();
  expect(await h.state(old)).toBe("done");
  h.world.time += 2 * DAY;
  const fresh = await h.begin({ kind: "update", group: GROUP, name: "Other" });
  await h.settle();
  await h.store.db.put("settings", { keepHistory: 0 }, "settings");
  await h.jobs.prune();
  expect(await h.state(old)).toBe("done");
  await h.store.db.put("settings", {}, "settings");
  await h.jobs.prune();
  expect([await h.state(old), await h.state(open), await h.state(fresh)]).toEqual(["none", "paused", "done"]);
  expect(await h.steps(old)).toEqual([]);
  expect([...(await readInvited(h.store, "c1", [GROUP]))]).toHaveLength(1);
});

test("beyond so many steps in all the oldest ended jobs go, and no more than need be", async () => {
  const h = await newHarness();
  const ended = (id: string, endedAt: number, steps: number) => ({
    job: id,
    connection: "c1",
    createdAt: endedAt,
    endedAt,
    kind: "add" as const,
    count: steps,
    groups: [],
    state: "done" as const,
    steps,
    open: 0,
    troubled: 0,
    verdicts: {},
  });
  const now = h.world.time;
  for (const [n, id] of ["first", "second", "third"].entries())
    await h.store.db.put("summaries", ended(id, now + n, 20));
  for (let index = 0; index < 60; index += 1) {
    await h.store.db.put("steps", { job: "x", index, connection: "c1", target: GROUP, state: "done", attempts: 1 });
  }
  expect(await readExpired(h.store, 0, 39)).toEqual(["first", "second"]);
  expect(await readExpired(h.store, 0, 60)).toEqual([]);
  expect(await readExpired(h.store, now + 1, 60)).toEqual(["first"]);
});

test("an admin whom nobody ticked stays, in each group by itself, also one who became it a moment ago", async () => {
  const h = await newHarness();
  for (const group of [GROUP, OTHER]) h.world.groups.get(group)!.members.push({ ...member(5), role: "admin" });
  const id = await h.begin({
    kind: "remove",
    groups: [GROUP, OTHER],
    people: [person(5), person(901)],
    pace: "fast",
    admins: [placeKey(OTHER, person(5).id)],
  });
  h.world.groups.get(OTHER)!.members.find(({ id: each }) => each === person(901).id)!.role = "admin";
  await h.settle();
  expect(brief(await h.steps(id))).toEqual([
    "failed not-removed is-admin",
    "done removed",
    "done removed",
    "failed not-removed is-admin",
  ]);
  expect(membersOf(h.world, GROUP)).toEqual([OWN, person(902).id, person(903).id, person(5).id]);
  expect(membersOf(h.world, OTHER)).toEqual([OWN, person(901).id, person(902).id, person(903).id]);
  // A rule left them out: trying again would only leave them out again.
  expect(await h.jobs.retryFailed(id)).toMatchObject({ ok: false, failure: { code: "too-late" } });
  expect(await h.jobs.resume(id)).toMatchObject({ ok: false, failure: { code: "too-late" } });
});

test("moves those who are proved to be in the other group; who is refused there stays in the first", async () => {
  const h = await newHarness();
  const [goes, refused, already] = [person(11), person(12), person(902)];
  for (const { id } of [goes, refused]) h.world.groups.get(GROUP)!.members.push({ id, role: "member" });
  h.world.refuses.set(refused.id, { person: refused.id, outcome: "privacy", code: "403" });
  const people = [goes, refused, already, { id: OWN, given: "us" }];
  const id = await h.begin({ kind: "move", from: GROUP, to: OTHER, people, pace: "fast" });
  await h.settle();
  expect(brief(await h.steps(id))).toEqual([
    "done added",
    "failed not-added privacy",
    "done already-in",
    "done removed",
    "failed not-removed not-moved",
    "done removed",
  ]);
  expect(membersOf(h.world, GROUP)).toEqual([OWN, person(901).id, person(903).id, refused.id]);
  const calls = writes(h.world).map(({ name, people: who }) => `${name} ${who.length}`);
  expect(calls).toEqual(["addMembers 2", "removeMembers 1", "removeMembers 1"]);
  expect(await readTally(h.store, "c1", dayOf(h.world.time))).toMatchObject({ adds: 2, removes: 2 });
  // Once the other group takes them, trying again moves them.
  h.world.refuses.clear();
  const again = await h.jobs.retryFailed(id);
  await h.settle();
  expect(again.ok && brief(await h.steps(again.value.id))).toEqual(["done added", "done removed"]);
});

test("a move into a group where we are no admin removes nobody", async () => {
  const h = await newHarness();
  h.world.groups.get(GROUP)!.members.push(member(11));
  h.world.fate = () => ({ code: "not-admin", certainty: "refused", status: 403 });
  const id = await h.begin({ kind: "move", from: GROUP, to: OTHER, people: [person(11)], pace: "fast" });
  await h.settle();
  expect(brief(await h.steps(id))).toEqual(["failed not-added not-admin", "failed not-removed not-moved"]);
  expect(membersOf(h.world, GROUP)).toContain(person(11).id);
  expect(await h.state(id)).toBe("done");
});

test("makes several groups one by one; one in doubt is never made again, and the next goes on", async () => {
  const h = await newHarness();
  let n = 0;
  // The second leaves without an answer and never arrives.
  h.world.fate = ({ name }) => (name === "createGroup" && n++ === 1 ? "lost" : "ok");
  const more = [
    { name: "Two", people: [person(2)] },
    { name: "Three", people: [person(3), person(4)] },
  ];
  const id = await h.begin({ kind: "create", name: "One", people: [person(1)], pace: "careful", more });
  await h.settle();
  expect(brief(await h.steps(id))).toEqual([
    "done created",
    "done added",
    "review needs-review",
    "review",
    "done created",
    "done added",
    "done added",
  ]);
  const calls = writes(h.world).filter(({ name }) => name === "createGroup");
  expect(calls.map(({ group }) => group)).toEqual(["One", "Two", "Three"]);
  expect(calls[1]!.at - calls[0]!.at).toBeGreaterThanOrEqual(3000);
  // Who goes with a new group is added, too.
  expect(await readTally(h.store, "c1", dayOf(h.world.time))).toMatchObject({ creates: 3, adds: 4 });
  // The agent says that it was not made: that settles its own people alone.
  await h.jobs.resolveSteps(id, [2], "failed");
  expect(brief(await h.steps(id)).slice(2, 5)).toEqual([
    "failed not-created by-agent",
    "failed not-added by-agent",
    "done created",
  ]);
});

test("a few refusals in a row stop the making of groups, and those refused are added to the groups that were made", async () => {
  const h = await newHarness();
  for (const each of [1, 3]) {
    h.world.refuses.set(person(each).id, { person: person(each).id, outcome: "privacy", code: "403" });
  }
  const more = [{ name: "Two", people: [person(2), person(3)] }];
  const id = await h.begin({ kind: "create", name: "One", people: [person(1)], pace: "fast", more });
  await h.settle();
  h.world.refuses.clear();
  const again = await h.jobs.retryFailed(id);
  await h.settle();
  const added = again.ok ? await h.steps(again.value.id) : [];
  expect(
    added.map(({ target, person: who, verdict }) => [h.world.groups.get(target)?.info.name, who, verdict]),
  ).toEqual([
    ["One", person(1).id, "added"],
    ["Two", person(3).id, "added"],
  ]);
  h.world.fate = () => ({ code: "rejected", certainty: "refused", status: 422 });
  const names = ["A", "B", "C", "D", "E"].map((name) => ({ name, people: [] }));
  const bad = await h.begin({ kind: "create", ...names[0]!, pace: "fast", more: names.slice(1) });
  await h.settle();
  expect(brief(await h.steps(bad))).toEqual([...Array(3).fill("failed not-created invalid"), "todo", "todo"]);
  expect(await readJob(h.store, bad)).toMatchObject({ state: "paused", pause: { reason: "refusals" } });
});
