import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import type { Gateway } from "../../../../lib/background/gateway/gateway";
import type { Answer, GatewayFailure, GroupInfo } from "../../../../lib/background/gateway/answer";
import type { JobInput, Member } from "../../../../lib/shared/model";
import { openGroups } from "../../../../lib/background/groups/groups";
import { readGroup, readNotes } from "../../../../lib/store/read";
import { readInvite } from "../../../../lib/store/read-invites";
import { readJob } from "../../../../lib/store/read-jobs";
import { toRow } from "../../../../lib/store/write";
import {
  brief,
  CONNECTION,
  GROUP,
  harnessOn,
  member,
  newStore,
  newWorld,
  OTHER,
  OWN,
  person,
  simulatedGateway,
  writes,
  type World,
  noAlarms,
} from "../simulation";

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

test.each([
  ["a moment before", {}, "done joined", undefined],
  ["never", { endedAt: undefined }, "review unconfirmed", [NEW]],
  ["an hour before", { endedAt: newWorld().time - 3_600_000 }, "review unconfirmed", [NEW]],
])(
  "the only new group is the one of a lost answer if the list was read to its end %s",
  async (_, read, expected, ask) => {
    const h = await engine((_, world) => ({
      joinGroup: async () => {
        world.groups.set(NEW, { info: { id: NEW, name: "Outside" }, members: [{ id: OWN, role: "member" }] });
        return { ok: false, failure: { code: "timeout", certainty: "unknown" } };
      },
    }));
    const notes = await readNotes(h.store, "c1");
    await h.store.db.put("gateways", { ...notes, list: { ...notes.list!, ...read } });
    const id = await h.begin(JOIN);
    await h.settle();
    const steps = await h.steps(id);
    expect(brief(steps)).toEqual([expected]);
    expect(steps[0]?.candidates).toEqual(ask);
  },
);

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

/** A join that the gateway answers so, and the reading of the list. */
async function waitingJoin(answer: { group?: GroupInfo; isPending: boolean }) {
  let gateway: Gateway | undefined;
  const h = await engine((usual) => ((gateway = usual), { joinGroup: async () => ok(answer) }));
  const id = await h.begin(JOIN);
  await h.settle();
  const groups = openGroups({
    store: h.store,
    now: () => h.world.time,
    sleep: async () => undefined,
    alarms: noAlarms,
    gatewayOf: () => gateway!,
  });
  return { h, id, refresh: () => groups.refresh(CONNECTION) };
}

test("a later list with the group in it makes a waiting join joined", async () => {
  const { h, id, refresh } = await waitingJoin({
    group: { id: NEW, name: "Outside", members: [] },
    isPending: false,
  });
  await refresh();
  expect(brief(await h.steps(id))).toEqual(["review unconfirmed not-seen"]);
  h.world.groups.set(NEW, { info: { id: NEW, name: "Outside" }, members: [{ id: OWN, role: "member" }] });
  await refresh();
  expect(brief(await h.steps(id))).toEqual(["done joined"]);
  expect(await readInvite(h.store, "c1", CODE)).toMatchObject({ state: "ours", group: NEW });
});

test("of a waiting join whose group nobody named, a new group of the list is offered to the agent", async () => {
  const { h, id, refresh } = await waitingJoin({ isPending: false });
  expect(brief(await h.steps(id))).toEqual(["review unconfirmed not-seen"]);
  h.world.groups.set(NEW, { info: { id: NEW, name: "Outside" }, members: [{ id: OWN, role: "member" }] });
  await refresh();
  expect((await h.steps(id))[0]).toMatchObject({ state: "review", candidates: [NEW] });
  await h.jobs.resolveSteps(id, [0], "done", NEW);
  expect(brief(await h.steps(id))).toEqual(["done joined"]);
  expect(await readInvite(h.store, "c1", CODE)).toMatchObject({ state: "ours", group: NEW });
});

test("an invite that is ours by the gateway's word alone, of whose group nothing is known, is no more than seen", async () => {
  const h = await engine(() => ({}));
  await h.store.db.put("invites", { connection: "c1", code: CODE, state: "ours", at: 1 });
  expect(await readInvite(h.store, "c1", CODE)).toMatchObject({ state: "seen" });
});

test("a join that waits for an admin asks about each new group, and waits on if none is its own", async () => {
  const { h, id, refresh } = await waitingJoin({ isPending: true });
  expect(brief(await h.steps(id))).toEqual(["done waiting-approval approval"]);
  const enter = (group: string) =>
    h.world.groups.set(group, { info: { id: group, name: "Outside" }, members: [{ id: OWN, role: "member" }] });
  enter("120363000000000078@g.us");
  await refresh();
  expect((await h.steps(id))[0]).toMatchObject({ state: "review", candidates: ["120363000000000078@g.us"] });
  await h.jobs.resolveSteps(id, [0], "failed");
  expect(brief(await h.steps(id))).toEqual(["done waiting-approval approval"]);
  expect((await h.store.db.get("summaries", id))?.verdicts).toEqual({ "waiting-approval": 1 });
  enter(NEW);
  await refresh();
  expect((await h.steps(id))[0]).toMatchObject({ state: "review", candidates: [NEW] });
  await h.jobs.resolveSteps(id, [0], "done", NEW);
  expect(brief(await h.steps(id))).toEqual(["done joined"]);
  expect(await readInvite(h.store, "c1", CODE)).toMatchObject({ state: "ours", group: NEW });
});

test("a group that we had left counts as new once it is listed again", async () => {
  const { h, id, refresh } = await waitingJoin({ isPending: false });
  const left = h.world.groups.get(OTHER)!;
  h.world.groups.delete(OTHER);
  await refresh();
  h.world.time += 600_000;
  await refresh();
  expect((await h.store.db.get("groups", ["c1", OTHER]))?.goneAt).toBeDefined();
  expect((await h.steps(id))[0]?.candidates).toBeUndefined();
  h.world.groups.set(OTHER, left);
  await refresh();
  expect((await h.steps(id))[0]).toMatchObject({ state: "review", candidates: [OTHER] });
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

test("a group in which we were not is no trouble, in whatever words the gateway says so", async () => {
  const gone = { ...refused("group-gone", 404, "Group not found"), requestId: "r1" };
  const world = newWorld();
  const h = await engine(() => ({ leaveGroup: async () => ({ ok: false, failure: gone }) }), world);
  world.groups.delete(GROUP);
  const id = await h.begin({ kind: "leave", groups: [GROUP] });
  await h.settle();
  const [step] = await h.steps(id);
  expect(brief([step!])).toEqual(["done was-not-member"]);
  expect([step?.failure, step?.requestId]).toEqual([undefined, "r1"]);
});

// Adding and removing

test.each([
  ["not-admin", 403],
  ["group-gone", 404],
] as const)("%s in the middle: who is in is added, and the others keep the gateway's reason", async (code, status) => {
  const world = newWorld();
  const h = await engine(() => ({}), world);
  world.fate = (_, n) => (n === 2 ? refused(code, status, "No") : "ok");
  const one = await h.begin({ ...add(1, 2, 3), pace: "careful" } as JobInput);
  await h.settle();
  expect(brief(await h.steps(one))).toEqual(["done added", "done added", "todo"]);
  expect(await readJob(h.store, one)).toMatchObject({ state: "paused", pause: { reason: code, detail: "No" } });
  // The agent made us an admin again, or the group was found.
  await h.jobs.resume(one);
  await h.settle();
  expect(brief(await h.steps(one))).toEqual(["done added", "done added", "done added"]);
});

test("thrown out in the middle: who cannot be read any more is unconfirmed for that reason", async () => {
  const world = newWorld();
  const h = await engine(() => ({}), world);
  world.fate = (_, n) => {
    if (n === 2) world.groups.delete(GROUP);
    return "ok";
  };
  const id = await h.begin({ ...add(1, 2, 3, 4), pace: "careful" } as JobInput);
  await h.settle();
  expect(brief(await h.steps(id))).toEqual(["review unconfirmed unread", "review unconfirmed unread", "todo", "todo"]);
  expect((await h.steps(id)).flatMap(({ code, failure }) => code ?? failure ?? [])).toEqual([]);
  expect(await readJob(h.store, id)).toMatchObject({ state: "paused", pause: { reason: "group-gone" } });
});

test("a group that we made a moment ago and that readings do not show yet is late, not gone", async () => {
  const world = newWorld();
  let made = Infinity;
  const h = await engine(
    (usual) => ({
      createGroup: async (...input) => {
        made = world.time;
        return usual.createGroup(...input);
      },
      listMembers: async (...input) => {
        if (world.time > made + 10_000) return usual.listMembers(...input);
        world.time += 500;
        return { ok: false, failure: refused("group-gone", 404) };
      },
    }),
    world,
  );
  const people = [...Array(14)].map((_, n) => person(n));
  await h.begin({ kind: "create", name: "Late one", people, pace: "fast" });
  await h.settle();
  const jobs = await h.store.db.getAll("jobs");
  expect(jobs.map(({ state }) => state)).toEqual(["done", "done"]);
  const verdicts = (await Promise.all(jobs.map(({ id }) => h.steps(id)))).flat().map(({ verdict }) => verdict);
  expect(verdicts.filter((verdict) => verdict === "added")).toHaveLength(14);
  expect(verdicts).toHaveLength(15);
});

test("a chunk in which some came in meanwhile costs one reading and one more request", async () => {
  const world = newWorld();
  const h = await engine(() => ({}), world);
  world.fate = (_, n) => {
    if (n === 0)
      for (const each of [7, 20, 33]) world.groups.get(GROUP)?.members.push({ id: person(each).id, role: "member" });
    return "ok";
  };
  const id = await h.begin(add(...Array(50).keys()));
  await h.settle();
  const verdicts = (await h.steps(id)).map(({ verdict }) => verdict);
  expect([
    verdicts.filter((each) => each === "added").length,
    verdicts.filter((each) => each === "already-in").length,
  ]).toEqual([47, 3]);
  expect(world.calls.map(({ name }) => name)).toEqual([
    "listMembers",
    "addMembers",
    "listMembers",
    "addMembers",
    "listMembers",
  ]);
});

test("who was refused in a request that took effect on others is not sent again", async () => {
  const world = newWorld();
  const h = await engine(() => ({}), world);
  world.refuses.set(person(2).id, { person: person(2).id, outcome: "privacy", code: "403" });
  world.fate = () => "applied";
  const id = await h.begin(add(1, 2, 3));
  await h.settle();
  expect(brief(await h.steps(id))).toEqual(["done added", "review not-added no-effect", "done added"]);
  expect(writes(world)).toHaveLength(1);
});

test("who was refused without a reason is asked for at the gateway, within the allowance", async () => {
  const world = newWorld();
  const asked: string[] = [];
  const h = await engine(
    () => ({
      checkPerson: async (phone, { priority }) => {
        asked.push(`${phone} ${priority}`);
        return ok({ exists: phone !== person(2).id.split("@")[0] });
      },
    }),
    world,
  );
  for (const n of [1, 2]) world.refuses.set(person(n).id, { person: person(n).id, outcome: "unknown", code: "500" });
  world.refuses.set(person(3).id, { person: person(3).id, outcome: "privacy", code: "403" });
  const id = await h.begin(add(1, 2, 3, 4));
  await h.settle();
  expect(brief(await h.steps(id))).toEqual([
    "failed not-added unknown",
    "failed not-added not-on-whatsapp",
    "failed not-added privacy",
    "done added",
  ]);
  expect(asked).toEqual([1, 2].map((n) => `${person(n).id.split("@")[0]} background`));
});

test("a gateway that cannot say who is on WhatsApp is asked once", async () => {
  const world = newWorld();
  let asked = 0;
  const h = await engine(() => ({ checkPerson: async () => ((asked += 1), ok(null)) }), world);
  for (const n of [1, 2]) world.refuses.set(person(n).id, { person: person(n).id, outcome: "unknown", code: "500" });
  await h.begin(add(1, 2));
  await h.settle();
  expect(asked).toBe(1);
});

test("a rate limit only puts off the question who is on WhatsApp, and not for ever", async () => {
  for (const limits of [1, Infinity]) {
    const world = newWorld();
    let asked = 0;
    const h = await engine(
      () => ({
        checkPerson: async () => {
          asked += 1;
          return asked > limits ? ok({ exists: false }) : { ok: false, failure: refused("rate-limited", 429) };
        },
      }),
      world,
    );
    world.refuses.set(person(1).id, { person: person(1).id, outcome: "unknown", code: "500" });
    const id = await h.begin(add(1));
    await h.settle();
    expect(brief(await h.steps(id))).toEqual([`failed not-added ${limits === 1 ? "not-on-whatsapp" : "unknown"}`]);
    expect(asked).toBe(limits === 1 ? 2 : 6);
  }
});

test("nobody who is not on WhatsApp is sent an invitation", async () => {
  const world = newWorld();
  let canSay = false;
  const h = await engine(
    () => ({
      checkPerson: async (phone) => ok(canSay ? { exists: phone !== person(2).id.split("@")[0] } : null),
    }),
    world,
  );
  for (const n of [1, 2]) world.refuses.set(person(n).id, { person: person(n).id, outcome: "unknown", code: "500" });
  const id = await h.begin(add(1, 2));
  await h.settle();
  canSay = true;
  expect(await h.jobs.inviteInstead(id, "{link}")).toMatchObject({ ok: true });
  await h.settle();
  expect(world.messages.map(({ chat }) => chat)).toEqual([person(1).id]);
  expect((await h.steps(id))[1]).toMatchObject({ verdict: "not-added", reason: "not-on-whatsapp" });
});

test("an invitation does not wait for the agent at the request limit: it takes the link that was shown", async () => {
  const world = newWorld();
  const h = await engine(
    () => ({ readInvite: async () => ({ ok: false, failure: refused("rate-limited", 429) }) }),
    world,
  );
  world.refuses.set(person(1).id, { person: person(1).id, outcome: "privacy", code: "403" });
  const id = await h.begin(add(1));
  await h.settle();
  // Without any link there is nothing to send.
  expect(await h.jobs.inviteInstead(id, "{link}")).toMatchObject({ failure: { code: "rate-limited" } });
  const group = (await readGroup(h.store, CONNECTION.id, GROUP))!;
  await h.store.db.put("groups", toRow({ ...group, invite: { code: CODE, readAt: 1 } }));
  expect(await h.jobs.inviteInstead(id, "{link}")).toMatchObject({ ok: true });
  await h.settle();
  expect(world.messages).toEqual([{ chat: person(1).id, text: `https://chat.whatsapp.com/${CODE}` }]);
});

// Hidden numbers

const lid = (id: string) => `7${id.slice(4, 12)}00@lid`;
/** The gateway of a group that shows everybody but us under a hidden id. */
const hiding = (usual: Gateway): Partial<Gateway> => ({
  listMembers: async (...input) => {
    const answer = await usual.listMembers(...input);
    if (!answer.ok) return answer;
    return { ...answer, value: answer.value.map((each) => (each.id === OWN ? each : { ...each, id: lid(each.id) })) };
  },
  addMembers: async (group, people, options) => {
    const answer = await usual.addMembers(group, people, options);
    if (!answer.ok) return answer;
    const refusals = new Map(answer.value.map((result) => [result.person, result]));
    return ok(people.map((each) => refusals.get(each) ?? { person: each, outcome: "ok" as const, code: "200" }));
  },
});

test("as many new hidden members as named yeses confirm them, though somebody was refused", async () => {
  const world = newWorld();
  const h = await engine(hiding, world);
  world.refuses.set(person(7).id, { person: person(7).id, outcome: "privacy", code: "403" });
  const id = await h.begin(add(...Array(50).keys()));
  await h.settle();
  const steps = await h.steps(id);
  expect(steps.filter(({ verdict }) => verdict === "added")).toHaveLength(49);
  expect(steps[7]).toMatchObject({ verdict: "not-added", reason: "privacy" });
});

test("a yes that lies leaves its reading unconfirmed, and does not spoil the next one", async () => {
  const world = newWorld();
  const h = await engine(hiding, world);
  world.refuses.set(person(3).id, { person: person(3).id, outcome: "ok", code: "200" });
  const id = await h.begin({ ...add(...Array(20).keys()), pace: "careful" } as JobInput);
  await h.settle();
  const verdicts = (await h.steps(id)).map(({ verdict }) => verdict);
  expect(verdicts.slice(0, 10)).toEqual(Array<string>(10).fill("unconfirmed"));
  expect(verdicts.slice(10)).toEqual(Array<string>(10).fill("added"));
});

test("a stranger who comes in at the same time confirms nobody", async () => {
  const world = newWorld();
  const h = await engine(hiding, world);
  world.fate = () => {
    world.groups.get(GROUP)?.members.push({ id: person(500).id, role: "member" });
    return "ok";
  };
  const id = await h.begin(add(1, 2));
  await h.settle();
  expect(brief(await h.steps(id))).toEqual(["review unconfirmed hidden", "review unconfirmed hidden"]);
});

test("the members of a group that we made are counted, also when the gateway says nothing of single persons", async () => {
  const world = newWorld();
  const silent = (usual: Gateway): Partial<Gateway> => ({
    ...hiding(usual),
    createGroup: async (...input) => {
      const answer = await usual.createGroup(...input);
      return answer.ok ? { ...answer, value: { group: answer.value.group, people: [] } } : answer;
    },
  });
  const h = await engine(silent, world);
  const id = await h.begin({ kind: "create", name: "Hidden", people: [person(1), person(2)], pace: "fast" });
  await h.settle();
  expect(brief(await h.steps(id))).toEqual(["done created", "done added", "done added"]);
});

// Our own number

test("the owner of a group that we made is us", async () => {
  const world = newWorld();
  const { ownNumber: _, ...nameless } = CONNECTION;
  const h = await engine(() => ({}), world);
  await h.store.db.put("connections", nameless);
  await h.begin({ kind: "create", name: "Ours", people: [person(1)], pace: "fast" });
  await h.settle();
  expect(await h.store.db.get("connections", "c1")).toMatchObject({ ownNumber: OWN });
});

test("a refusal to remove ourselves teaches our number and says nothing about our role", async () => {
  const world = newWorld();
  const { ownNumber: _, ...nameless } = CONNECTION;
  const h = await engine(
    (usual) => ({
      removeMembers: async (group, people, options) =>
        people.includes(OWN)
          ? { ok: false, failure: refused("is-self", 403, "The instance cannot remove itself") }
          : usual.removeMembers(group, people, options),
    }),
    world,
  );
  await h.store.db.put("connections", nameless);
  const id = await h.begin({
    kind: "remove",
    groups: [GROUP],
    people: [{ id: OWN, given: "" }, person(901)],
    pace: "fast",
  });
  await h.settle();
  expect(brief(await h.steps(id))).toEqual(["failed not-removed own-number", "done removed"]);
  expect(await h.store.db.get("connections", "c1")).toMatchObject({ ownNumber: OWN });
  expect((await h.store.db.get("groups", ["c1", GROUP]))?.isAdmin).not.toBe(false);
});

// Moving

const LID = "123456789012345@lid";
test.each<[string, (list: Member[]) => Answer<Member[]>, string]>([
  ["shows them absent", ok, "review unconfirmed contradicted"],
  ["lists nobody", () => ok([]), "review unconfirmed empty"],
  ["lost most members", (list) => ok(list.slice(0, 1)), "review unconfirmed shrunken"],
  ["hides a number", (list) => ok([...list, { id: LID, role: "member" }]), "done unconfirmed hidden"],
  [
    "cannot be read",
    () => ({ ok: false, failure: { code: "bad-answer", certainty: "unknown" } }),
    "review unconfirmed bad-answer",
  ],
])(
  "who is in by the gateway's word alone stays, and is judged by what was read: the list %s",
  async (_, read, expected) => {
    const world = newWorld();
    let isAsked = false;
    const h = await engine(
      (usual) => ({
        addMembers: async () => {
          isAsked = true;
          return { ok: false, failure: refused("already-in", 409) };
        },
        listMembers: async (id, options) => {
          const answer = await usual.listMembers(id, options);
          return answer.ok && isAsked && id === OTHER ? read(answer.value) : answer;
        },
      }),
      world,
    );
    for (const n of [910, 911]) world.groups.get(GROUP)!.members.push(member(n));
    const id = await h.begin({ kind: "move", from: GROUP, to: OTHER, people: [person(910)], pace: "fast" });
    await h.settle();
    const [added, removed] = await h.steps(id);
    expect(brief([{ ...added!, reason: added!.reason ?? added!.failure }])).toEqual([expected]);
    expect(brief([removed!])).toEqual(["failed not-removed not-moved"]);
    expect(calls(world, "removeMembers")).toBe(0);
  },
);

// What the gateway shows to anybody, or not yet, or never

const shown = (id: string): GroupInfo => ({ id, name: "Shown", members: [member(901), member(902)] });
const nobody = { ...CONNECTION, ownNumber: undefined };

test.each([
  ["the list was read in part", { groups: [], isComplete: false }, "review unconfirmed"],
  ["the list has it", { groups: [shown(GROUP)], isComplete: true }, "review not-left no-effect"],
  ["the list lacks it", { groups: [shown(OTHER)], isComplete: true }, "done left"],
])("a group that is shown to anybody does not say whether we left: %s", async (_, list, expected) => {
  const world = newWorld();
  const leaveGroup = async () => {
    world.time += 500;
    return ok(undefined);
  };
  const h = await engine(
    () => ({
      leaveGroup,
      getGroup: async (id) => ok(shown(id)),
      listGroups: async () => ok(list),
    }),
    world,
  );
  await h.store.db.put("connections", nobody);
  const id = await h.begin({ kind: "leave", groups: [GROUP] });
  await h.settle();
  expect(brief(await h.steps(id))).toEqual([expected]);
});

test.each([
  ["the list was read in part", { groups: [], isComplete: false }, "review unconfirmed"],
  ["the list lacks it", { groups: [shown(OTHER)], isComplete: true }, "review unconfirmed not-seen"],
  ["the list has it", { groups: [shown(NEW)], isComplete: true }, "done joined"],
])("a group that is shown to anybody does not say whether we joined: %s", async (_, list, expected) => {
  const h = await engine(() => ({
    joinGroup: async () => ok({ group: { id: NEW }, isPending: false }),
    getGroup: async (id) => ok(shown(id)),
    listGroups: async () => ok(list),
  }));
  await h.store.db.put("connections", nobody);
  const id = await h.begin(JOIN);
  await h.settle();
  expect(brief(await h.steps(id))).toEqual([expected]);
});

test.each<[JobInput, string]>([
  [{ kind: "update", group: GROUP, name: "Renamed" }, "done updated"],
  [{ kind: "send", chats: [GROUP], text: "Hello", pace: "fast" }, "done sent"],
  [{ kind: "leave", groups: [GROUP] }, "done left"],
])("a group that we just made and that is not known yet is not said to be gone: %o", async (input, expected) => {
  const world = newWorld();
  const known = world.time + 25_000;
  const soon =
    <Args extends unknown[], T>(call: (...args: Args) => Promise<Answer<T>>) =>
    async (...args: Args): Promise<Answer<T>> => {
      const answer = world.time < known ? undefined : await call(...args);
      world.time += 500;
      return answer ?? { ok: false, failure: refused("group-gone", 404) };
    };
  const h = await engine(
    (usual) => ({
      updateGroup: soon((...args: Parameters<Gateway["updateGroup"]>) => usual.updateGroup(...args)),
      sendText: soon((...args: Parameters<Gateway["sendText"]>) => usual.sendText(...args)),
      leaveGroup: soon((...args: Parameters<Gateway["leaveGroup"]>) => usual.leaveGroup(...args)),
      getGroup: soon((...args: Parameters<Gateway["getGroup"]>) => usual.getGroup(...args)),
    }),
    world,
  );
  const row = await readGroup(h.store, CONNECTION.id, GROUP);
  await h.store.db.put("groups", toRow({ ...row!, enteredAt: world.time }));
  const id = await h.begin(input);
  await h.settle();
  expect(brief(await h.steps(id))).toEqual([expected]);
  expect(writes(world)).toHaveLength(1);
});

test.each([
  ["was read since", 1000, true],
  ["was not", -1000, false],
])("a group that we just made and left is said to be left at once where it %s", async (_, listed, isAtOnce) => {
  const world = newWorld();
  const h = await engine(
    () => ({
      leaveGroup: async () => ok(undefined),
      getGroup: async () => ({ ok: false, failure: refused("group-gone", 404) }),
    }),
    world,
  );
  const row = await readGroup(h.store, CONNECTION.id, GROUP);
  const enteredAt = world.time - 5000;
  await h.store.db.put("groups", toRow({ ...row!, enteredAt, listedAt: enteredAt + listed }));
  const id = await h.begin({ kind: "leave", groups: [GROUP] });
  const since = world.time;
  await h.settle();
  expect(brief(await h.steps(id))).toEqual(["done left"]);
  expect(world.time - since < 60_000).toBe(isAtOnce);
});

test.each([
  ["is older", { createdAt: Date.UTC(2020, 0, 1) }, true, true],
  ["is in the part that was read", {}, false, true],
  ["may be older than what the list before knew", {}, true, false],
])("a group of the same name is not taken for the one just made: it %s", async (_, more, isComplete, wasRead) => {
  const old = { ...shown(NEW), name: "Team", ...more };
  const h = await engine(() => ({
    createGroup: async () => ok({ people: [] }),
    listGroups: async () => ok({ groups: [old], isComplete }),
  }));
  if (!wasRead) await h.store.db.delete("gateways", "c1");
  const id = await h.begin({ kind: "create", name: "Team", people: [person(1)], pace: "fast" });
  await h.settle();
  const [made] = await h.steps(id);
  expect(made).toMatchObject({ state: "review", verdict: "needs-review", candidates: [NEW] });
  expect(calls(h.world, "addMembers")).toBe(0);
});

test("a description that the gateway never shows is not said to be changed", async () => {
  const h = await engine(() => ({ getGroup: async (id) => ok({ id, name: "First" }) }));
  const id = await h.begin({ kind: "update", group: GROUP, description: "New" });
  await h.settle();
  expect(brief(await h.steps(id))).toEqual(["review unconfirmed"]);
  expect((await readGroup(h.store, CONNECTION.id, GROUP))?.description).toBeUndefined();
});
