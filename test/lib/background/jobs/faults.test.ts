import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import type { GatewayFailure } from "../../../../lib/background/gateway/answer";
import type { Gateway } from "../../../../lib/background/gateway/gateway";
import { SETTLE } from "../../../../lib/background/jobs/slice";
import { fail } from "../../../../lib/shared/failure";
import type { JobInput, Member } from "../../../../lib/shared/model";
import { readJob } from "../../../../lib/store/read-jobs";
import type { Store } from "../../../../lib/store/schema";
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
  simulatedGateway,
  writes,
  type Fate,
} from "../simulation";

const add = (...numbers: number[]): JobInput => ({
  kind: "add",
  groups: [GROUP],
  people: numbers.map(person),
  pace: "careful",
});
const remove = (...numbers: number[]): JobInput => ({ ...add(...numbers), kind: "remove" }) as JobInput;
const refused = (code: GatewayFailure["code"], status: number): GatewayFailure => ({
  code,
  status,
  certainty: "refused",
  detail: "The gateway's sentence",
});
const unsure = (code: GatewayFailure["code"], status?: number): GatewayFailure => ({
  code,
  status,
  certainty: "unknown",
});

/** Fails the write with this number (from 0), or all of them. */
const at =
  (n: number, fate: Fate) =>
  (_: unknown, each: number): Fate =>
    each === n ? fate : "ok";

// What lies in a reading

test.each([
  [
    "numbers are hidden",
    (list: Member[]) => list.map((each) => (each.id === person(1).id ? { ...each, id: "123456789012345@lid" } : each)),
    "review unconfirmed hidden",
  ],
  [
    "the list is as it was before",
    (list: Member[]) => list.filter(({ id }) => id !== person(1).id),
    "review not-added no-effect",
  ],
  ["the list is empty", () => [], "review unconfirmed empty"],
  ["most are missing", (list: Member[]) => list.slice(0, 1), "review unconfirmed shrunken"],
])("never sends again on doubt: %s", async (_, lie, expected) => {
  const h = await newHarness();
  h.world.reading = (list, n) => ({ ok: true, value: n === 0 ? list : lie(list) });
  const id = await h.begin(add(1));
  await h.settle();
  expect(brief(await h.steps(id))).toEqual([expected]);
  expect(writes(h.world)).toHaveLength(1);
  expect(await h.state(id)).toBe("done");
});

test("T72 an empty reading at first is read again and nothing is done because of it", async () => {
  const h = await newHarness();
  h.world.reading = (list, n) => ({ ok: true, value: n === 0 ? [] : list });
  const id = await h.begin(remove(901));
  await h.settle();
  expect(brief(await h.steps(id))).toEqual(["done removed"]);
});

test("T72 a gateway that says yes and does nothing: nobody is said to be added, nothing is sent twice", async () => {
  const h = await newHarness();
  h.world.refuses.set(person(1).id, { person: person(1).id, outcome: "ok", code: "200" });
  const id = await h.begin(add(1));
  await h.settle();
  expect(brief(await h.steps(id))).toEqual(["review unconfirmed contradicted"]);
  expect(writes(h.world)).toHaveLength(1);
});

test("an effect that comes before the settle time ends is waited for", async () => {
  const h = await newHarness();
  h.world.fate = at(0, { late: 60_000 });
  const id = await h.begin(add(1));
  await h.settle();
  expect(brief(await h.steps(id))).toEqual(["done added"]);
  expect(writes(h.world)).toHaveLength(1);
});

test("an unsure request is sent once more after the settle time and a reading, never a third time", async () => {
  const h = await newHarness();
  h.world.fate = () => "lost";
  const id = await h.begin(add(1));
  await h.settle();
  expect(brief(await h.steps(id))).toEqual(["review needs-review"]);
  const [first, second, ...more] = writes(h.world);
  expect(more).toEqual([]);
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(SETTLE - 1000);
});

test("T73 somebody who was added and left is not added again, though the worker dies", async () => {
  const h = await newHarness();
  // The second is unsure, so that the members are read again after the first was proved.
  h.world.fate = at(1, "applied");
  const id = await h.begin(add(1, 2));
  const list = h.world.groups.get(GROUP);
  h.world.reading = (members, n) => {
    // They leave as soon as they were seen.
    if (n >= 2 && list) list.members = list.members.filter(({ id: who }) => who !== person(1).id);
    return { ok: true, value: members };
  };
  await h.settle();
  await harnessOn(h.store, h.world).settle();
  expect((await h.steps(id)).map(({ verdict }) => verdict)).toEqual(["added", "added"]);
  expect(writes(h.world).filter(({ people }) => people.includes(person(1).id))).toHaveLength(1);
});

// Removals: canary and brake

const HARMS: [string, (list: Member[], who: string) => Member[]][] = [
  ["drops the body", (list) => list],
  ["removes everyone", () => []],
  ["removes everyone but us", (list) => list.filter(({ id }) => id === OWN)],
  ["removes the wrong one", (list) => list.filter(({ id }) => id !== person(903).id)],
  ["removes one too many", (list, who) => list.filter(({ id }) => id !== who && id !== person(903).id)],
];

test.each(HARMS)("T88 a gateway that %s gets one removal and no more", async (_, harm) => {
  const world = newWorld();
  const store = await newStore(world);
  const gateway = simulatedGateway(world);
  const h = harnessOn(store, world, {
    gateway: async () => ({
      ok: true,
      value: {
        ...gateway,
        removeMembers: async (group, people) => {
          world.calls.push({ name: "removeMembers", group, people, at: world.time });
          const target = world.groups.get(group);
          if (target) target.members = harm(target.members, people[0] ?? "");
          return { ok: true, value: [] };
        },
      },
    }),
  });
  const id = await h.begin(remove(901, 902));
  await h.settle();
  expect(writes(world)).toHaveLength(1);
  expect(await readJob(store, id)).toMatchObject({ state: "paused", pause: { reason: "canary" } });
  expect((await h.steps(id))[1]?.state).toBe("todo");
});

test("stops a removal when somebody else goes missing on the way", async () => {
  const h = await newHarness();
  const group = h.world.groups.get(GROUP);
  for (let n = 910; n < 940; n += 1) group?.members.push(member(n));
  h.world.reading = (list, n) => ({ ok: true, value: n < 3 ? list : list.filter(({ id }) => id !== person(903).id) });
  const numbers = [...Array(25)].map((_, n) => 910 + n);
  const id = await h.begin(remove(...numbers));
  await h.settle();
  expect(await readJob(h.store, id)).toMatchObject({ state: "paused", pause: { reason: "brake" } });
  expect(writes(h.world).length).toBeLessThan(25);
  // The agent has looked and goes on.
  h.world.reading = (value) => ({ ok: true, value });
  await h.jobs.resume(id);
  await h.settle();
  expect(await h.state(id)).toBe("done");
  expect((await h.steps(id)).every(({ verdict }) => verdict === "removed")).toBe(true);
});

test.each([
  ["timeout", unsure("timeout")],
  ["500", unsure("gateway-down", 500)],
  ["no route", refused("no-route", 404)],
])("after a first removal that ended in %s nothing else is tried at once", async (_, failure) => {
  const h = await newHarness();
  h.world.fate = () => failure;
  const id = await h.begin(remove(901, 902));
  h.flow();
  for (let i = 0; i < 3; i += 1) await h.jobs.wake();
  expect(writes(h.world).length).toBeLessThanOrEqual(1);
  await h.settle();
  const [first, second] = writes(h.world);
  if (second) expect(second.at - (first?.at ?? 0)).toBeGreaterThanOrEqual(SETTLE - 1000);
  expect((await readJob(h.store, id))?.state).toBe("paused");
  expect(writes(h.world).every(({ people }) => people[0] === person(901).id)).toBe(true);
});

// Refusals

test("three refused requests in a row pause the job; the agent can go on", async () => {
  const h = await newHarness();
  for (const n of [1, 2, 3]) h.world.bad.add(person(n).id);
  const id = await h.begin(add(1, 2, 3, 4));
  await h.settle();
  expect(await readJob(h.store, id)).toMatchObject({ state: "paused", pause: { reason: "refusals" } });
  await h.jobs.resume(id);
  await h.settle();
  expect((await h.steps(id)).map(({ verdict }) => verdict)).toEqual(["not-added", "not-added", "not-added", "added"]);
});

test("T88 a gateway that refuses the first removal gets no second one until the agent has looked", async () => {
  const h = await newHarness();
  h.world.bad.add(person(901).id);
  const id = await h.begin(remove(901, 902, 903));
  await h.settle();
  expect(writes(h.world)).toHaveLength(1);
  expect(await readJob(h.store, id)).toMatchObject({ state: "paused", pause: { reason: "canary" } });
  await h.jobs.resume(id);
  await h.settle();
  expect((await h.steps(id)).map(({ verdict }) => verdict)).toEqual(["not-removed", "removed", "removed"]);
});

test("T56 a key that is refused pauses at once and is not tried again", async () => {
  const h = await newHarness();
  h.world.fate = () => refused("key-refused", 401);
  const id = await h.begin(add(1, 2));
  await h.settle();
  await h.jobs.wake();
  expect(writes(h.world)).toHaveLength(1);
  expect(await readJob(h.store, id)).toMatchObject({ state: "paused", pause: { reason: "key-refused" } });
  expect(brief(await h.steps(id))).toEqual(["todo", "todo"]);
});

test("not being an admin pauses the job for one group, and leaves that group out of several", async () => {
  const h = await newHarness();
  h.world.fate = ({ group }) => (group === GROUP ? refused("not-admin", 403) : "ok");
  const one = await h.begin(add(1, 2));
  const two = await h.begin({ ...add(1), groups: [GROUP, OTHER] } as JobInput);
  await h.settle();
  expect(await readJob(h.store, one)).toMatchObject({ state: "paused", pause: { reason: "not-admin" } });
  expect(brief(await h.steps(two))).toEqual(["failed not-added not-admin", "done added"]);
});

test.each<[JobInput, string]>([
  [{ kind: "update", group: GROUP, name: "New" }, "failed not-updated not-admin"],
  [{ kind: "leave", groups: [GROUP] }, "failed not-left not-admin"],
  [{ kind: "join", codes: ["CodeAAAAAAAA"], pace: "careful" }, "failed not-joined not-admin"],
  [{ kind: "send", chats: [GROUP], text: "Hi", pace: "careful" }, "failed not-sent not-admin"],
  [{ kind: "create", name: "New", people: [], pace: "careful" }, "failed not-created not-admin"],
])("a single step that is refused ends with the sentence: %o", async (input, expected) => {
  const h = await newHarness();
  h.world.fate = () => refused("not-admin", 403);
  const id = await h.begin(input);
  await h.settle();
  const steps = await h.steps(id);
  expect(brief(steps)).toEqual([expected]);
  expect(steps[0]).toMatchObject({ failure: "not-admin", code: undefined, detail: "The gateway's sentence" });
  expect(await h.state(id)).toBe("done");
});

// Waiting

test("T74 a rate limit is waited for, also by the next life of the worker and with a clock moved forward", async () => {
  const h = await newHarness();
  h.world.fate = (_, n) => (n === 2 ? { ...refused("rate-limited", 429), retryAt: h.world.time + 3_000_000 } : "ok");
  const id = await h.begin(add(1, 2, 3, 4));
  const until = async () => (await readJob(h.store, id))?.pause?.until;
  for (let i = 0; i < 300 && (await until()) === undefined; i += 1) {
    h.world.time += 2000;
    await Promise.race([h.jobs.wake(), new Promise((resolve) => setTimeout(resolve, 5))]);
  }
  expect(await readJob(h.store, id)).toMatchObject({ state: "paused", pause: { reason: "rate-limited" } });
  const count = writes(h.world).length;
  const next = harnessOn(h.store, h.world);
  await next.jobs.wake();
  expect(writes(h.world)).toHaveLength(count);
  expect(next.alarm.times).toBeDefined();
  h.world.time += 7_200_000;
  await next.settle();
  expect((await h.steps(id)).every(({ verdict }) => verdict === "added")).toBe(true);
});

test("a rate limit is waited for between a second and an hour, whatever the gateway says", async () => {
  for (const [told, least, most] of [
    [1e15, 3_590_000, 3_605_000],
    [-1, 900, 5000],
  ] as const) {
    const h = await newHarness();
    h.world.fate = at(0, { ...refused("rate-limited", 429), retryAt: h.world.time + told });
    await h.begin(add(1));
    await h.settle();
    const [first, second] = writes(h.world);
    const waited = (second?.at ?? 0) - (first?.at ?? 0);
    expect(waited).toBeGreaterThanOrEqual(least);
    expect(waited).toBeLessThanOrEqual(most);
  }
});

test("offline before anything left: waits and loses nothing; offline on the way: settles and reads", async () => {
  const h = await newHarness();
  h.world.fate = (_, n) => {
    if (n < 3) return { code: "offline", certainty: "unsent" };
    return n === 3 ? "applied" : "ok";
  };
  const id = await h.begin(add(1, 2));
  await h.settle();
  expect((await h.steps(id)).map(({ verdict, attempts }) => [verdict, attempts])).toEqual([
    ["added", 1],
    ["added", 1],
  ]);
  expect(membersOf(h.world).filter((who) => who === person(1).id)).toHaveLength(1);
});

test.each(["locked", "no-permission"] as const)(
  "%s in the middle: no call is made; afterwards it goes on",
  async (code) => {
    const world = newWorld();
    const store = await newStore(world);
    let isOpen = true;
    const gateway = simulatedGateway(world);
    const h = harnessOn(store, world, { gateway: async () => (isOpen ? { ok: true, value: gateway } : fail(code)) });
    world.fate = (_, n) => {
      if (n === 0) isOpen = false;
      return "ok";
    };
    const id = await h.begin(add(1, 2));
    await h.settle();
    const count = world.calls.length;
    await h.jobs.wake();
    expect(world.calls).toHaveLength(count);
    expect(await readJob(store, id)).toMatchObject({ state: "paused", pause: { reason: code } });
    isOpen = true;
    await h.settle();
    expect((await h.steps(id)).every(({ verdict }) => verdict === "added")).toBe(true);
  },
);

// Disk and clock

/** A store that refuses to write while told so. */
function fullable(store: Store, isFull: () => boolean, error: Error = full()): Store {
  const db = new Proxy(store.db, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        if (name === "transaction" && args[1] === "readwrite" && isFull()) {
          throw error;
        }
        return Reflect.apply(value, target, args);
      };
    },
  });
  return { ...store, db };
}

const full = () => new DOMException("full", "QuotaExceededError");

test.each([
  ["storage-full", full(), "done"],
  ["store-closed", new DOMException("data cleared", "AbortError"), "done"],
  ["broken", new TypeError("a slip of ours"), "paused"],
])(
  "what stops a job is told by its name (%s), and only the store's trouble is tried again",
  async (code, error, end) => {
    const world = newWorld();
    const store = await newStore(world);
    let refusals = 0;
    const h = harnessOn(
      fullable(store, () => refusals-- > 0, error),
      world,
    );
    world.reading = (value) => {
      refusals = 1;
      return { ok: true, value };
    };
    const id = await h.begin(add(1));
    await expect.poll(() => readJob(store, id)).toMatchObject({ state: "paused", pause: { reason: code } });
    expect(writes(world)).toEqual([]);
    refusals = 1;
    expect(await h.jobs.start("c1", add(2), "n")).toMatchObject({ failure: { code } });
    refusals = 1;
    expect(await h.jobs.eraseHistory()).toMatchObject({ failure: { code } });
    world.reading = (value) => ({ ok: true, value });
    await h.settle();
    expect(await h.state(id)).toBe(end);
    expect(writes(world)).toHaveLength(end === "done" ? 1 : 0);
  },
);

test("T76 no room for the intent: nothing is sent, the agent is told; afterwards it goes on", async () => {
  const world = newWorld();
  const store = await newStore(world);
  let isFull = false;
  const h = harnessOn(
    fullable(store, () => isFull),
    world,
  );
  expect(
    await harnessOn(
      fullable(store, () => true),
      world,
    ).jobs.start("c1", add(1), "n"),
  ).toMatchObject({
    failure: { code: "storage-full" },
  });
  // Full from the first reading on, that is from before the intent.
  world.reading = (value) => {
    isFull = true;
    return { ok: true, value };
  };
  const id = await h.begin(add(1));
  await h.jobs.wake();
  expect(writes(world)).toEqual([]);
  isFull = false;
  world.reading = (value) => ({ ok: true, value });
  await h.settle();
  expect(brief(await h.steps(id))).toEqual(["done added"]);
  expect(writes(world)).toHaveLength(1);
});

test("T76 no room for the outcome: it is found out later, nothing is sent twice", async () => {
  const world = newWorld();
  const store = await newStore(world);
  let isFull = false;
  const h = harnessOn(
    fullable(store, () => isFull),
    world,
  );
  world.fate = () => {
    isFull = true;
    return "ok";
  };
  const id = await h.begin(add(1));
  await h.jobs.wake();
  expect(brief(await h.steps(id))).toEqual(["sending"]);
  isFull = false;
  await h.settle();
  expect(brief(await h.steps(id))).toEqual(["done added"]);
  expect(writes(world)).toHaveLength(1);
});

test.each([-86_400_000, 86_400_000])(
  "T77 a clock moved by %i ms at any call: nothing early, nothing stuck",
  async (skew) => {
    for (let moved = 1; moved < 12; moved += 1) {
      for (const fate of ["lost", "applied", { late: 60_000 }] as const) {
        const world = newWorld();
        const store = await newStore(world);
        const gateway = simulatedGateway(world);
        const shifting = new Proxy(gateway, {
          get: (target, name) => {
            const value: unknown = Reflect.get(target, name);
            if (typeof value !== "function") return value;
            return async (...args: unknown[]) => {
              if (world.calls.length + 1 === moved) world.skew = skew;
              const answer: unknown = await Reflect.apply(value, target, args);
              return answer;
            };
          },
        });
        const h = harnessOn(store, world, { gateway: async () => ({ ok: true, value: shifting }) });
        world.fate = at(0, fate);
        const id = await h.begin(add(1, 2));
        await h.settle();
        expect(brief(await h.steps(id)), JSON.stringify({ moved, fate })).toEqual(["done added", "done added"]);
        for (const n of [1, 2]) {
          const [first, second] = writes(world).filter(({ people }) => people.includes(person(n).id));
          if (second) expect(second.at - (first?.at ?? 0)).toBeGreaterThanOrEqual(SETTLE - 1000);
        }
        store.db.close();
      }
    }
  },
);

// Creating

test("T81 a creation of unsure outcome is never repeated: the agent chooses, the people are proved, the others follow", async () => {
  const h = await newHarness();
  h.world.fate = at(0, "applied");
  const people = [...Array(12)].map((_, n) => person(n));
  const id = await h.begin({ kind: "create", name: "Team", people, pace: "fast" });
  await h.settle();
  const [step] = await h.steps(id);
  expect(step).toMatchObject({ state: "review", verdict: "needs-review" });
  expect(step?.candidates).toHaveLength(1);
  const group = step?.candidates?.[0] ?? "";
  expect((await h.steps(id)).slice(1).every(({ state, verdict }) => state === "review" && verdict === undefined)).toBe(
    true,
  );
  expect(await h.jobs.resolveSteps(id, [0], "done", group)).toMatchObject({ ok: true });
  await h.settle();
  expect((await h.steps(id)).map(({ verdict }) => verdict)).toEqual(["created", ...Array<string>(10).fill("added")]);
  expect(membersOf(h.world, group)).toHaveLength(13);
  expect(writes(h.world).map(({ name }) => name)).toEqual(["createGroup", "addMembers"]);
});

test("a message of unsure outcome is never repeated", async () => {
  const h = await newHarness();
  h.world.fate = at(0, "lost");
  const id = await h.begin({ kind: "send", chats: [GROUP, OTHER], text: "Hi", pace: "fast" });
  await h.settle();
  expect(brief(await h.steps(id))).toEqual(["review unconfirmed", "done sent"]);
  expect(h.world.messages).toEqual([{ chat: OTHER, text: "Hi" }]);
});

test.each([
  ["over the request limit", { code: "rate-limited", certainty: "refused", status: 429 }],
  ["offline", { code: "offline", certainty: "unsent" }],
  ["refused as a whole", { code: "rejected", certainty: "refused", status: 422 }],
] as [string, GatewayFailure][])(
  "cancelled during a request that is then %s, nothing is sent again",
  async (_, failure) => {
    const world = newWorld();
    const gateway = simulatedGateway(world);
    let id = "";
    const cancelling: Gateway = {
      ...gateway,
      addMembers: async (...request) => {
        await gateway.addMembers(...request);
        await h.jobs.cancel(id);
        return { ok: false, failure };
      },
    };
    world.fate = () => failure;
    const h = harnessOn(await newStore(world), world, { gateway: async () => ({ ok: true, value: cancelling }) });
    id = await h.begin({ ...add(1, 2), pace: "fast" } as JobInput);
    await h.settle();
    expect(brief(await h.steps(id))).toEqual(["cancelled cancelled", "cancelled cancelled"]);
    expect(await readJob(h.store, id)).toMatchObject({ state: "cancelled", pause: undefined });
    expect(writes(world)).toHaveLength(1);
  },
);
