import "fake-indexeddb/auto";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { JOBS, jobsAlarm } from "../../../../lib/background/jobs/runner";
import type { JobPorts } from "../../../../lib/background/jobs/ports";
import { SETTLE } from "../../../../lib/background/jobs/slice";
import type { Gateway } from "../../../../lib/background/gateway/gateway";
import type { Job, JobInput, JobKind, Step } from "../../../../lib/shared/model";
import { personKey } from "../../../../lib/shared/person";
import { summaryOf } from "../../../../lib/shared/summary";
import { readOpenJobs } from "../../../../lib/store/read";
import type { Store } from "../../../../lib/store/schema";
import { memoryStore } from "../memory";
import {
  Alarm,
  CONNECTION,
  GROUP,
  harnessOn,
  isAtRest,
  member,
  newStore,
  newWorld,
  OTHER,
  person,
  simulatedGateway,
  Timeline,
  writes,
  type Fate,
  type World,
} from "../simulation";

/**
 * The worker dies before and after the effect of every call of every port (store, gateway, clock, alarms, lock), from
 * the first step of its start on, for every call and every pair of calls; a request that was on its way when it died
 * meets each of four fates. Nothing but the alarm wakes the next worker; one that fired is spent unless it repeats.
 * The engine must come to its end with: I1 the wanted state or a word to the agent, I2 nothing sent without an intent on
 * disk, I3 nothing sent again but after the settle time and a reading, I4 nothing stuck, I5 an alarm is set wherever a
 * worker dies or ends while a job is open, and none is when no job is, I6 no two writes at once to the same group, I7 nobody is
 * removed by a move before the other group was read to have them.
 */

class Crash extends Error {}

/** One life of the worker: dies at the point with this number (0: never) and does nothing afterwards. */
class Life {
  count = 0;
  isDead = false;
  /** Whether it died while a write was on its way. */
  isInFlight = false;
  constructor(
    readonly diesAt: number,
    readonly fate: Fate,
    /** A read has no effect: dying at it is dying after the call before it, so the pairs leave it out. */
    readonly withReads: boolean,
    readonly world: World,
  ) {}

  point(): void {
    if (this.isDead) throw new Crash();
    this.count += 1;
    if (this.count === this.diesAt) {
      this.isDead = true;
      this.isInFlight = this.world.underWay.length > 0;
      throw new Crash();
    }
  }

  store(store: Store): Store {
    const done = (tx: { done: Promise<void> }) => tx.done.then(() => this.point());
    const transaction = (tx: object) =>
      new Proxy(tx, {
        get: (target, name) => {
          if (name === "done") return done(target as { done: Promise<void> });
          const value: unknown = Reflect.get(target, name);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
    const db = new Proxy(store.db, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== "function") return value;
        return (...args: unknown[]) => {
          if (this.withReads || this.isDead || name === "transaction") this.point();
          const result: unknown = Reflect.apply(value, target, args);
          return name === "transaction" ? transaction(result as object) : result;
        };
      },
    });
    return { ...store, db };
  }

  gateway(gateway: Gateway, check: (call: string, args: unknown[]) => Promise<void>): Gateway {
    return new Proxy(gateway, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== "function") return value;
        return async (...args: unknown[]) => {
          if (this.isDead) throw new Crash();
          await check(String(name), args);
          const isWrite = !/^(list|get|read|check)/.test(String(name));
          try {
            this.point();
          } catch (error) {
            if (isWrite && this.count === this.diesAt) {
              this.isInFlight = true;
              await Reflect.apply(value, target, args);
            }
            throw error;
          }
          const answer: unknown = await Reflect.apply(value, target, args);
          this.point();
          return answer;
        };
      },
    });
  }

  ports(alarm: Alarm): Pick<JobPorts, "clock" | "alarms" | "lock"> {
    const { world } = this;
    const around = (effect: () => void) => {
      this.point();
      effect();
      this.point();
    };
    return {
      clock: {
        now: () => world.time + world.skew,
        sleep: async (ms) => {
          if (!world.pass) return around(() => (world.time += ms));
          this.point();
          await world.pass(ms);
        },
      },
      alarms: {
        create: (...args) => around(() => alarm.port.create(...args)),
        clear: (...args) => around(() => alarm.port.clear(...args)),
      },
      lock: async (_, work) => {
        this.point();
        await work();
      },
    };
  }
}

interface Death {
  at: number;
  fate: Fate;
}

interface Outcome {
  /** Points of each life. */
  points: number[];
  /** Which lives died with a write on its way. */
  inFlight: boolean[];
  duplicates: number;
  lost: number;
  stuck: number;
  broken: string[];
  /** Writes that were under way beside each other. */
  mostAtOnce: number;
}

interface Case {
  name: string;
  input: JobInput;
  /** Whether a step may be sent a second time at all. */
  isSet: boolean;
  /** Whether the server is in the wanted state for a step. */
  isReached: (world: World, step: Step) => boolean;
}

const CALLS: Record<JobKind, keyof Gateway> = {
  add: "addMembers",
  remove: "removeMembers",
  move: "removeMembers",
  create: "createGroup",
  update: "updateGroup",
  leave: "leaveGroup",
  join: "joinGroup",
  send: "sendText",
};

const has = (world: World, group: string, who = "") =>
  world.groups.get(group)?.members.some(({ id }) => personKey(id) === personKey(who)) === true;
const people = [person(1), person(2)];
const members = [person(901), person(902)];

/** Somebody who is in the one group alone. */
const mover = person(950);

const CASES: Case[] = [
  {
    name: "move",
    input: { kind: "move", from: GROUP, to: OTHER, people: [mover], pace: "careful" },
    isSet: true,
    isReached: (world, step) => has(world, step.target, step.person) === (step.target === OTHER),
  },
  {
    name: "add",
    input: { kind: "add", groups: [GROUP], people, pace: "careful" },
    isSet: true,
    isReached: (world, step) => has(world, step.target, step.person),
  },
  {
    name: "remove",
    input: { kind: "remove", groups: [GROUP], people: members, pace: "careful" },
    isSet: true,
    isReached: (world, step) => !has(world, step.target, step.person),
  },
  {
    name: "add, fast",
    input: { kind: "add", groups: [GROUP], people, pace: "fast" },
    isSet: true,
    isReached: (world, step) => has(world, step.target, step.person),
  },
  {
    name: "leave",
    input: { kind: "leave", groups: [OTHER] },
    isSet: true,
    isReached: (world, step) => !world.groups.has(step.target),
  },
  {
    name: "update",
    input: { kind: "update", group: GROUP, name: "Renamed" },
    isSet: true,
    isReached: (world) => world.groups.get(GROUP)?.info.name === "Renamed",
  },
  {
    name: "create",
    input: { kind: "create", name: "New one", people, pace: "careful" },
    isSet: false,
    isReached: (world) => [...world.groups.values()].some(({ info }) => info.name === "New one"),
  },
  {
    name: "create several",
    input: { kind: "create", name: "New one", people: [], pace: "fast", more: [{ name: "New two", people }] },
    isSet: false,
    isReached: (world, step) =>
      [...world.groups.values()].some(({ info, members: in_ }) =>
        step.person === undefined
          ? info.name === step.given
          : info.name === "New two" && in_.some(({ id }) => id === step.person),
      ),
  },
  {
    name: "join",
    input: { kind: "join", codes: ["CodeAAAAAAAA"], pace: "careful" },
    isSet: false,
    isReached: (world) => world.groups.has("120363000000000077@g.us"),
  },
  {
    name: "send",
    input: { kind: "send", chats: [GROUP, OTHER], text: "Hello", pace: "careful" },
    isSet: false,
    isReached: (world, step) => world.messages.some(({ chat }) => chat === step.target),
  },
];

/** Whether each job has a summary that says what its steps say, whenever the worker died. */
async function areSummed(store: Store): Promise<boolean> {
  const [jobs, steps, summaries] = await Promise.all([
    store.db.getAll("jobs"),
    store.db.getAll("steps"),
    store.db.getAll("summaries"),
  ]);
  const right = jobs.map((job) =>
    summaryOf(
      job,
      steps.filter((step) => step.job === job.id),
    ),
  );
  return isDeepStrictEqual(summaries, right);
}

/** `isIdle`: the order comes to a worker that found nothing to do, and not to one that is just looking. */
async function run(cases: Case[], deaths: Death[], isFast = false, isIdle = false): Promise<Outcome> {
  const world = newWorld();
  // Several jobs are worked on at once, so that their requests take time beside each other.
  const timeline = new Timeline(world);
  if (cases.length > 1) world.pass = (ms) => timeline.sleep(ms);
  if (cases.some(({ input }) => input.kind === "move")) world.groups.get(GROUP)?.members.push(member(950));
  world.codes.set("CodeAAAAAAAA", "120363000000000077@g.us");
  const store = await newStore(world, isFast ? memoryStore() : undefined);
  const gateway = simulatedGateway(world);
  const broken: string[] = [];
  const lives: Life[] = [];

  /** I2: when a write leaves, each of its effects has its intent on disk. */
  async function check(name: string, args: unknown[]): Promise<void> {
    if (/^(list|get|read|check)/.test(name)) return;
    const steps = await store.db.getAll("steps");
    const sending = steps.filter(({ state }) => state === "sending");
    const sent = name.endsWith("Members") ? (args[1] as string[]) : [args[0]];
    const isCovered = sent.every((what) =>
      sending.some((step) => step.person === what || step.target === what || name === "createGroup"),
    );
    if (sending.length === 0 || !isCovered) broken.push(`I2 ${name} without an intent`);
    const isMove = cases.some(({ input }) => input.kind === "move");
    if (!isMove || name !== "removeMembers") return;
    const isProved = steps.some(
      ({ target, verdict = "", failure }) =>
        target === OTHER && /^(added|already-in)$/.test(verdict) && failure === undefined,
    );
    if (!isProved || !has(world, OTHER, mover.id))
      broken.push("I7 removed before the other group was proved to have them");
  }

  const alarm = new Alarm();
  const ordered = async (one: Case) => (await store.db.getAll("jobs")).find(({ nonce }) => nonce === one.name);
  for (const death of [...deaths, { at: 0, fate: "ok" as const }]) {
    const life = new Life(death.at, death.fate, !isFast, world);
    // Dead, its requests under way reach the server, or not, or late.
    world.fate = () => (life.isDead ? life.fate : "ok");
    lives.push(life);
    const inLife = life.gateway(gateway, check);
    const ports: Partial<JobPorts> = {
      ...life.ports(alarm),
      gateway: async () => {
        if (life.isDead) throw new Crash();
        return { ok: true, value: inLife };
      },
    };
    for (let i = 0; i < 60; i += 1) {
      try {
        // As `openWorker` does; a worker that has nothing to do ends, so that each waking is a start.
        await ports.alarms?.create(JOBS, jobsAlarm(world.time));
        life.point();
        const engine = harnessOn(life.store(store), world, ports);
        const woken = engine.jobs.wake();
        // Whoever got no answer and sees no job presses again: the same nonce.
        for (const one of cases) {
          if (await ordered(one)) continue;
          if (isIdle) await woken;
          await engine.jobs.start(CONNECTION.id, one.input, one.name);
        }
        await engine.jobs.wake();
      } catch {
        // The worker died.
      }
      const isOpen = (await readOpenJobs(store)).length > 0;
      if (isOpen && !alarm.times) broken.push(`I5 a job is open and no alarm is set, dead at ${life.diesAt}`);
      if (!isOpen && alarm.times && !life.isDead) broken.push("I5 an alarm is set and no job is open");
      if ((await readOpenJobs(store)).every(isAtRest) && !life.isDead) break;
      if (!alarm.fire(world)) world.time += 1000;
      if (life.isDead) break;
    }
    if (!(await areSummed(store))) broken.push("a summary that does not agree with its job");
  }

  const jobs = await store.db.getAll("jobs");
  const isAfterSettle = deaths.some(({ fate }) => typeof fate === "object" && "late" in fate && fate.late > SETTLE);
  let duplicates = 0;
  let lost = 0;
  const all: [Case, Step][] = [];
  for (const one of cases) {
    const id = (await ordered(one))?.id;
    for (const step of await store.db.getAll("steps")) if (step.job === id) all.push([one, step]);
  }
  for (const [one, step] of all) {
    const isOwn = ({ name }: { name: string }) =>
      name === (one.name === "move" && step.target === OTHER ? "addMembers" : CALLS[one.input.kind]) ||
      (one.input.kind === "create" && name === "addMembers");
    const isSame = (each: { people: string[]; group: string }) =>
      step.person === undefined
        ? each.group === (one.input.kind === "create" ? (step.given ?? one.input.name) : step.target)
        : each.people.includes(step.person) && (each.group === step.target || one.input.kind === "create");
    const calls = writes(world).filter((call) => isOwn(call) && isSame(call));
    if (!one.isSet && calls.length > 1) broken.push(`${one.name} sent ${calls.length} times`);
    for (const [n, call] of calls.slice(1).entries()) {
      if (calls[n]?.isRefused) continue;
      const last = calls[n]?.at ?? 0;
      const isRead = world.calls.some(
        ({ name, at }) => /^(list|get)/.test(name) && at >= last + SETTLE - 1500 && at <= call.at,
      );
      if (!isRead) broken.push(`I3 ${one.name} again after ${call.at - last} ms`);
    }
    const effects = world.effects
      .filter(isOwn)
      .filter(({ person: who, group }) => group === step.target && (step.person === undefined || who === step.person));
    if (effects.length > 1 && !isAfterSettle) duplicates += 1;
    // I1: reached, or the agent is told that it is not known.
    const isReached = one.isReached(world, step);
    const claims = step.state === "done";
    if (claims !== isReached && step.state !== "review") lost += 1;
    if (deaths.length < 2 && one.isSet && !isReached) lost += 1;
  }
  // A removal that got no answer twice stops for the agent to look, with the reason: that is told, not stuck.
  const isTold = ({ pause, state }: Job) => state === "paused" && pause?.reason === "canary" && deaths.length > 1;
  const isOpen = (job: Job) => job.state !== "done" && job.state !== "cancelled" && !isTold(job);
  const isStuck = jobs.length === 0 || jobs.some(isOpen);
  if (jobs.length > cases.length && !cases.some(({ name }) => name === "create")) broken.push("a job too many");
  for (const touched of world.overlaps) broken.push(`I6 two writes at once to ${touched}`);
  store.db.close();
  return {
    points: lives.map(({ count }) => count),
    inFlight: lives.map(({ isInFlight }) => isInFlight),
    duplicates,
    lost,
    stuck: isStuck ? 1 : 0,
    broken,
    mostAtOnce: world.mostAtOnce,
  };
}

const FATES: Fate[] = ["lost", "applied", { late: 30_000 }, { late: 150_000 }];
const GOOD = { duplicates: 0, lost: 0, stuck: 0, broken: [] };
const total = { cases: 0, duplicates: 0, lost: 0, stuck: 0 };

function note(outcome: Outcome, deaths: unknown): void {
  total.cases += 1;
  for (const key of ["duplicates", "lost", "stuck"] as const) total[key] += outcome[key];
  expect(outcome, JSON.stringify(deaths)).toMatchObject(GOOD);
}

/** All deaths in the last of the lives, each with the fates that make a difference. */
async function everyDeath(
  cases: Case[],
  first: Death[],
  isFast: boolean,
  isIdle: boolean,
  then?: (death: Death[], outcome: Outcome) => Promise<void>,
  every = 1,
): Promise<void> {
  const life = first.length;
  for (let at = 1; ; at += every) {
    for (const fate of FATES) {
      const deaths = [...first, { at, fate }];
      const outcome = await run(cases, deaths, isFast, isIdle);
      // It came to its end before that point: there is no such call.
      if ((outcome.points[life] ?? 0) < at) return;
      note(outcome, deaths);
      await then?.(deaths, outcome);
      // A fate is of a request on its way; at other calls all four are the same.
      if (!outcome.inFlight[life]) break;
    }
  }
}

test.each(CASES)("T66 $name: dies at every call", { timeout: 300_000 }, async (one) => {
  note(await run([one], []), []);
  await everyDeath([one], [], false, false);
  await everyDeath([one], [], true, true);
});

test.each(CASES)("T66 $name: dies at every pair of calls", { timeout: 600_000 }, async (one) => {
  await everyDeath([one], [], true, false, (deaths) => everyDeath([one], deaths, true, false));
});

const named = (name: string) => CASES.find((one) => one.name === name)!;
const onOther = (one: Case): Case => ({
  ...one,
  name: `${one.name} elsewhere`,
  input: { ...one.input, groups: [OTHER] } as JobInput,
});

const onBoth = (one: Case): Case => ({
  ...one,
  name: `${one.name} in both`,
  input: { ...one.input, groups: [GROUP, OTHER] } as JobInput,
});
const updateOther: Case = {
  name: "update elsewhere",
  input: { kind: "update", group: OTHER, name: "Renamed" },
  isSet: true,
  isReached: (world) => world.groups.get(OTHER)?.info.name === "Renamed",
};

/** Jobs that are worked on at once, and whether they are: those of one group take turns. */
const TOGETHER: { jobs: Case[]; atOnce: number }[] = [
  { jobs: [named("remove"), onOther(named("remove"))], atOnce: 2 },
  { jobs: [named("update"), onOther(named("add, fast"))], atOnce: 2 },
  { jobs: [named("update"), named("add, fast")], atOnce: 1 },
  { jobs: [onBoth(named("add, fast")), updateOther], atOnce: 1 },
  { jobs: [named("create"), named("join")], atOnce: 1 },
  { jobs: [named("leave"), named("update"), named("join")], atOnce: 2 },
];
const names = TOGETHER.map(({ jobs, atOnce }) => ({ name: jobs.map(({ name }) => name).join(" and "), jobs, atOnce }));

test.each(names)("T66 $name together: dies at every call", { timeout: 120_000 }, async ({ jobs, atOnce }) => {
  const whole = await run(jobs, [], true, true);
  note(whole, []);
  expect(whole.mostAtOnce).toBe(atOnce);
  await everyDeath(jobs, [], true, true);
});

// Every third second death: all of them, and those of two removals, are some 35,000 cases more and take minutes.
test.each(names.slice(1, 3))(
  "T66 $name together: dies at every pair of calls",
  { timeout: 480_000 },
  async ({ jobs }) => {
    await everyDeath(jobs, [], true, true, (deaths) => everyDeath(jobs, deaths, true, true, undefined, 3));
  },
);

// Nobody listens here, and some hundred thousand channels cost more than all the rest.
beforeAll(() => {
  vi.stubGlobal(
    "BroadcastChannel",
    class {
      postMessage(): void {}
      close(): void {}
    },
  );
});

afterAll(() => {
  vi.unstubAllGlobals();
  const { cases, duplicates, lost, stuck } = total;
  console.log(`crash cases ${cases}, duplicates ${duplicates}, lost ${lost}, stuck ${stuck}`);
});
