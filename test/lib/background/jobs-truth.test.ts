import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import type { Answer, Gateway, GatewayFailure } from "../../../lib/background/gateway/client";
import type { JobInput } from "../../../lib/shared/model";
import { openGroups } from "../../../lib/background/groups";
import { readInvite, readJob } from "../../../lib/store/read";
import {
  brief,
  CONNECTION,
  GROUP,
  harnessOn,
  newStore,
  newWorld,
  OTHER,
  OWN,
  person,
  simulatedGateway,
  writes,
  type World,
} from "./simulation";

/** What a job tells the agent is so: nothing is claimed, blamed or asked that no reading and no answer shows. */

const CODE = "CodeAAAAAAAA";
const NEW = "120363000000000077@g.us";
const JOIN: JobInput = { kind: "join", codes: [CODE], pace: "careful" };
const add = (...numbers: number[]): JobInput => ({
  kind: "add",
  groups: [GROUP],
  people: numbers.map(person),
  pace: "fast",
});
const refused = (code: GatewayFailure["code"], status: number, detail?: string): GatewayFailure => ({
  code,
  status,
  certainty: "refused",
  detail,
});

/** An engine whose gateway answers some calls in its own way. */
async function engine(change: (usual: Gateway, world: World) => Partial<Gateway>, world = newWorld()) {
  const store = await newStore(world);
  const usual = simulatedGateway(world);
  const gateway = { ...usual, ...change(usual, world) };
  return harnessOn(store, world, { gateway: async () => ({ ok: true, value: gateway }) });
}
const calls = (world: World, name: string) => world.calls.filter((call) => call.name === name).length;
const ok = <T>(value: T): Answer<T> => ({ ok: true, value });

// Joining

test.each([
  ["the answer shows a group", { group: { id: NEW, name: "Outside", members: [] }, isPending: false }],
  ["the answer names the id alone", { group: { id: NEW }, isPending: false }],
])("a join that waits for an admin without saying so is not joined: %s", async (_, answer) => {
  const h = await engine(() => ({ joinGroup: async () => ok(answer) }));
  const id = await h.begin(JOIN);
  await h.settle();
  expect(brief(await h.steps(id))).toEqual(["review unconfirmed not-seen"]);
  expect(await h.store.db.get("invites", ["c1", CODE])).toMatchObject({
    state: "pending",
    group: NEW,
    reason: "not-seen",
    step: { job: id, index: 0 },
  });
  expect(await h.store.db.get("groups", ["c1", NEW])).toBeUndefined();
  expect(calls(h.world, "listGroups")).toBe(0);
});

test("a group that is shown to us without us in it is not joined", async () => {
  const h = await engine((_, world) => ({
    joinGroup: async () => {
      world.groups.set(NEW, { info: { id: NEW, name: "Outside" }, members: [{ id: person(1).id, role: "admin" }] });
      return ok({ group: { id: NEW, name: "Outside" }, isPending: false });
    },
  }));
  const id = await h.begin(JOIN);
  await h.settle();
  expect(brief(await h.steps(id))).toEqual(["review unconfirmed not-seen"]);
});

test("an admin who approves within the settle time makes it joined", async () => {
  const h = await engine((_, world) => ({
    joinGroup: async () => {
      world.late.push({
        at: world.time + 60_000,
        apply: () =>
          world.groups.set(NEW, { info: { id: NEW, name: "Outside" }, members: [{ id: OWN, role: "member" }] }),
      });
      return ok({ group: { id: NEW, name: "Outside", members: [] }, isPending: false });
    },
  }));
  const id = await h.begin(JOIN);
  await h.settle();
  expect(brief(await h.steps(id))).toEqual(["done joined"]);
  expect(await h.store.db.get("invites", ["c1", CODE])).toMatchObject({ state: "ours", group: NEW });
});

test("a later list with the group in it makes a waiting join joined", async () => {
  const answer = { group: { id: NEW, name: "Outside", members: [] }, isPending: false };
  let gateway: Gateway | undefined;
  const h = await engine((usual) => ((gateway = usual), { joinGroup: async () => ok(answer) }));
  const id = await h.begin(JOIN);
  await h.settle();
  const groups = openGroups({ store: h.store, now: () => h.world.time, gatewayOf: () => gateway! });
  await groups.refresh(CONNECTION);
  expect(brief(await h.steps(id))).toEqual(["review unconfirmed not-seen"]);
  h.world.groups.set(NEW, { info: { id: NEW, name: "Outside" }, members: [{ id: OWN, role: "member" }] });
  await groups.refresh(CONNECTION);
  expect(brief(await h.steps(id))).toEqual(["done joined"]);
  expect(await readInvite(h.store, "c1", CODE)).toMatchObject({ state: "ours", group: NEW });
});

test("of a waiting join whose group nobody named, a new group of the list is offered to the agent", async () => {
  let gateway: Gateway | undefined;
  const h = await engine((usual) => ((gateway = usual), { joinGroup: async () => ok({ isPending: false }) }));
  const id = await h.begin(JOIN);
  await h.settle();
  expect(brief(await h.steps(id))).toEqual(["review unconfirmed not-seen"]);
  h.world.groups.set(NEW, { info: { id: NEW, name: "Outside" }, members: [{ id: OWN, role: "member" }] });
  await openGroups({ store: h.store, now: () => h.world.time, gatewayOf: () => gateway! }).refresh(CONNECTION);
  expect((await h.steps(id))[0]).toMatchObject({ state: "review", candidates: [NEW] });
  await h.jobs.settleStep(id, 0, "done", NEW);
  expect(brief(await h.steps(id))).toEqual(["done joined"]);
  expect(await readInvite(h.store, "c1", CODE)).toMatchObject({ state: "ours", group: NEW });
});

test("the invite of a group that we left can be joined again", async () => {
  const h = await engine(() => ({}));
  await h.store.db.put("invites", { connection: "c1", code: CODE, state: "ours", group: GROUP, at: 1 });
  expect(await readInvite(h.store, "c1", CODE)).toMatchObject({ state: "ours" });
  await h.begin({ kind: "leave", groups: [GROUP] });
  await h.settle();
  expect(await readInvite(h.store, "c1", CODE)).toMatchObject({ state: "seen" });
});

// Messages

test.each([
  [{ message: "M1", isQueued: false }, "done sent"],
  [{ message: "42", isQueued: true }, "done queued"],
  [{ isQueued: false }, "review unconfirmed"],
])("a message is sent, queued, or not known to be either: %o", async (answer, expected) => {
  const h = await engine(() => ({ sendText: async () => ok(answer) }));
  const id = await h.begin({ kind: "send", chats: [GROUP], text: "Hi", pace: "fast" });
  await h.settle();
  expect(brief(await h.steps(id))).toEqual([expected]);
});

// Leaving

test("one reading of the group proves that we left it; the list is not read", async () => {
  const h = await engine(() => ({}));
  const id = await h.begin({ kind: "leave", groups: [GROUP, OTHER] });
  await h.settle();
  expect(brief(await h.steps(id))).toEqual(["done left", "done left"]);
  expect([calls(h.world, "getGroup"), calls(h.world, "listGroups")]).toEqual([2, 0]);
});

test("a group that is still shown, but without us, is left", async () => {
  const h = await engine((_, world) => ({
    leaveGroup: async (group) => {
      const left = world.groups.get(group);
      if (left) left.members = left.members.filter(({ id }) => id !== OWN);
      return ok(undefined);
    },
  }));
  const id = await h.begin({ kind: "leave", groups: [GROUP] });
  await h.settle();
  expect(brief(await h.steps(id))).toEqual(["done left"]);
});

test("where single groups cannot be read, the list proves that we left", async () => {
  const h = await engine(() => ({ getGroup: async () => ({ ok: false, failure: refused("no-route", 404) }) }));
  const id = await h.begin({ kind: "leave", groups: [GROUP] });
  await h.settle();
  expect(brief(await h.steps(id))).toEqual(["done left"]);
});

test("a leave that the gateway takes and does not do is not left", async () => {
  const h = await engine(() => ({ leaveGroup: async () => ok(undefined) }));
  const id = await h.begin({ kind: "leave", groups: [GROUP] });
  await h.settle();
  expect(brief(await h.steps(id))).toEqual(["review not-left no-effect"]);
});

export { add, readJob, writes };
