import { openJobs, type Jobs } from "../../../lib/background/jobs/jobs";
import type { AlarmTimes, JobPorts } from "../../../lib/background/jobs/ports";
import type { Gateway } from "../../../lib/background/gateway/gateway";
import type { Answer, GatewayFailure, GroupInfo, PersonResult } from "../../../lib/background/gateway/answer";
import type { Reply } from "../../../lib/shared/failure";
import type { Connection, Job, Member, Step } from "../../../lib/shared/model";
import { openQueue } from "../../../lib/shared/queue";
import { personKey } from "../../../lib/shared/person";
import { readOpenJobs } from "../../../lib/store/read";
import { readJob, readSteps } from "../../../lib/store/read-jobs";
import type { Store } from "../../../lib/store/schema";
import { makeStore } from "../../../lib/store/migrate";
import { toRow, write } from "../../../lib/store/write";

/**
 * A gateway in memory with a clock of its own, a log, and faults, for tests of the job engine. Time goes on only when
 * somebody sleeps, waits for an alarm, or a request takes its second.
 */

export const GROUP = "120363000000000001@g.us";
export const OTHER = "120363000000000002@g.us";
export const OWN = "919000000000@s.whatsapp.net";
export const CONNECTION: Connection = {
  id: "c1",
  name: "Test",
  origin: "https://gateway.example",
  instance: "inst_1",
  dialect: "guide",
  auth: "api-key",
  isSandbox: false,
  keyTail: "0000",
  ownNumber: OWN,
  createdAt: 1,
};

/** A fictional person. */
export function person(n: number): { id: string; given: string } {
  return { id: `9190${String(10_000_000 + n)}@s.whatsapp.net`, given: `+91 90 ${10_000_000 + n}` };
}

/** A browser that takes every alarm and rings none. */
export const noAlarms = { create: async () => undefined, clear: async () => true };

export const member = (n: number): Member => ({ id: person(n).id, role: "member" });

/** What happens to a write: `lost` before the server, done and answered, done late without an answer … */
export type Fate = "ok" | "lost" | "applied" | { late: number } | GatewayFailure;

export interface Call {
  name: string;
  group: string;
  people: string[];
  at: number;
  /** Refused as a whole: it had no effect, so that it may go again at once. */
  isRefused?: boolean;
}

export interface World {
  /** The server's clock. Ours is `now() + skew`. */
  time: number;
  skew: number;
  groups: Map<string, { info: GroupInfo; members: Member[] }>;
  calls: Call[];
  /** Every effect on a group, in order: for counting doubles. */
  effects: { name: string; group: string; person: string; at: number }[];
  /** Decides the fate of the next write, by its number from 0. */
  fate: (call: Call, n: number) => Fate;
  /** Who is refused inside an accepted request, or makes the whole request be refused. */
  refuses: Map<string, PersonResult>;
  bad: Set<string>;
  /** Changes a members answer, for readings that lie. */
  reading: (members: Member[], n: number) => Answer<Member[]>;
  hasServerTime: boolean;
  messages: { chat: string; text: string }[];
  codes: Map<string, string>;
  /** Effects that are still to come, and how many writes and readings there were. */
  late: { at: number; apply: () => void }[];
  writeCount: number;
  readCount: number;
  /** Lets a request take its time while others go on; unless set, the time just goes on. */
  pass?: (ms: number) => Promise<void>;
  /** Writes under way by what they act upon, how many there were at once, and whether two acted upon the same. */
  underWay: string[];
  mostAtOnce: number;
  overlaps: string[];
}

/** Time that goes on, when nobody can do anything more, to the next moment that somebody waits for. */
export class Timeline {
  private readonly sleepers: { at: number; wake: () => void }[] = [];
  private isRunning = false;

  constructor(private readonly world: World) {}

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => {
      this.sleepers.push({ at: this.world.time + ms, wake });
      if (!this.isRunning) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    for (;;) {
      // A store that took more turns than these would only be a slow one.
      for (let turn = 0; turn < 200; turn += 1) await Promise.resolve();
      const [next] = this.sleepers.toSorted((a, b) => a.at - b.at);
      if (!next) break;
      this.sleepers.splice(this.sleepers.indexOf(next), 1);
      this.world.time = Math.max(this.world.time, next.at);
      next.wake();
    }
    this.isRunning = false;
  }
}

export function newWorld(): World {
  const group = (id: string, name: string) => ({
    info: { id, name },
    members: [{ id: OWN, role: "admin" } as Member, member(901), member(902), member(903)],
  });
  const world: World = {
    time: Date.UTC(2026, 10, 24, 9),
    skew: 0,
    groups: new Map([
      [GROUP, group(GROUP, "First")],
      [OTHER, group(OTHER, "Second")],
    ]),
    calls: [],
    effects: [],
    fate: () => "ok",
    refuses: new Map(),
    bad: new Set(),
    reading: (value) => ({ ok: true, value }),
    hasServerTime: true,
    messages: [],
    codes: new Map(),
    late: [],
    writeCount: 0,
    readCount: 0,
    underWay: [],
    mostAtOnce: 0,
    overlaps: [],
  };
  return world;
}

const WRITES = ["createGroup", "updateGroup", "leaveGroup", "addMembers", "removeMembers", "joinGroup", "sendText"];

/** Writes that reached the server. */
export function writes(world: World): Call[] {
  return world.calls.filter(({ name }) => WRITES.includes(name));
}

export function membersOf(world: World, group = GROUP): string[] {
  return (world.groups.get(group)?.members ?? []).map(({ id }) => id);
}

export function simulatedGateway(world: World): Gateway {
  const stamp = () => (world.hasServerTime ? { serverTime: Math.floor(world.time / 1000) * 1000 } : {});
  const tick = async (ms: number) => {
    if (world.pass) await world.pass(ms);
    else world.time += ms;
    for (const each of world.late.splice(0).toSorted((a, b) => a.at - b.at)) {
      if (each.at <= world.time) each.apply();
      else world.late.push(each);
    }
  };
  const log = async (name: string, group = "", people: string[] = []): Promise<Call> => {
    await tick(500);
    const call = { name, group, people, at: world.time };
    world.calls.push(call);
    return call;
  };
  const refuse = (code: GatewayFailure["code"], status: number, detail?: string) =>
    ({ ok: false, failure: { code, status, certainty: "refused", detail }, ...stamp() }) as const;

  /** `check` refuses before anything happens; `apply` has the effect and gives the answer. */
  async function act<T>(
    name: string,
    group: string,
    people: string[],
    check: () => Answer<T> | undefined,
    apply: () => Answer<T>,
  ): Promise<Answer<T>> {
    // What a create or a join did is found by the list of groups: that is what they act upon.
    const touched = name === "createGroup" || name === "joinGroup" ? "" : group;
    if (world.underWay.includes(touched)) world.overlaps.push(touched);
    world.underWay.push(touched);
    world.mostAtOnce = Math.max(world.mostAtOnce, world.underWay.length);
    const call = await log(name, group, people);
    const fate = world.fate(call, world.writeCount++);
    await tick(500);
    world.underWay.splice(world.underWay.indexOf(touched), 1);
    if (typeof fate === "object" && "code" in fate) return { ok: false, failure: fate, ...stamp() };
    if (fate === "lost") return { ok: false, failure: { code: "timeout", certainty: "unknown" } };
    const refused = check();
    if (fate === "ok") {
      call.isRefused = refused !== undefined;
      return refused ?? apply();
    }
    if (!refused) {
      if (fate === "applied") apply();
      else world.late.push({ at: world.time + fate.late, apply });
    }
    return { ok: false, failure: { code: "timeout", certainty: "unknown" } };
  }

  const find = (id: string) => world.groups.get(id);
  const note = (name: string, group: string, who: string) =>
    world.effects.push({ name, group, person: who, at: world.time });

  return {
    listInstances: async () => ({ ok: true, value: null }),
    listGroups: async ({ onPage }) => {
      await log("listGroups");
      const groups = [...world.groups.values()].map(({ info }) => info);
      await onPage?.({ groups, count: groups.length, isComplete: true });
      return { ok: true, value: { groups, isComplete: true }, ...stamp() };
    },
    getGroup: async (id) => {
      await log("getGroup", id);
      const group = find(id);
      return group
        ? { ok: true, value: { ...group.info, members: group.members }, ...stamp() }
        : refuse("group-gone", 404);
    },
    createGroup: async ({ name, people }) =>
      act(
        "createGroup",
        name,
        people,
        () => undefined,
        () => {
          const id = `12036300000000${1000 + world.groups.size}@g.us`;
          const members: Member[] = [{ id: OWN, role: "superadmin" }];
          note("createGroup", id, name);
          for (const each of people) if (!world.refuses.has(each)) members.push({ id: each, role: "member" });
          world.groups.set(id, { info: { id, name }, members });
          const results = people.map(
            (each) => world.refuses.get(each) ?? { person: each, outcome: "ok" as const, code: "200" },
          );
          return { ok: true, value: { group: { id, name, members }, people: results }, ...stamp() };
        },
      ),
    updateGroup: async (id, change) =>
      act(
        "updateGroup",
        id,
        [],
        () => (find(id) ? undefined : refuse("group-gone", 404)),
        () => {
          note("updateGroup", id, JSON.stringify(change));
          Object.assign(find(id)?.info ?? {}, change);
          return { ok: true, value: undefined, ...stamp() };
        },
      ),
    leaveGroup: async (id) =>
      act(
        "leaveGroup",
        id,
        [],
        () => (find(id) ? undefined : refuse("group-gone", 404)),
        () => {
          note("leaveGroup", id, OWN);
          world.groups.delete(id);
          return { ok: true, value: undefined, ...stamp() };
        },
      ),
    listMembers: async (id) => {
      await log("listMembers", id);
      const group = find(id);
      if (!group) return refuse("group-gone", 404);
      const answer = world.reading([...group.members], world.readCount++);
      return { ...answer, ...stamp() };
    },
    addMembers: async (id, people) =>
      act(
        "addMembers",
        id,
        people,
        () => {
          if (!find(id)) return refuse("group-gone", 404);
          const keys = new Set(membersOf(world, id).map(personKey));
          if (people.some((each) => keys.has(personKey(each)))) return refuse("already-in", 409);
          return people.some((each) => world.bad.has(each))
            ? refuse("rejected", 422, "Invalid participant")
            : undefined;
        },
        () => {
          const results: PersonResult[] = [];
          for (const each of people) {
            note("addMembers", id, each);
            const refused = world.refuses.get(each);
            if (refused) results.push(refused);
            else find(id)?.members.push({ id: each, role: "member" });
          }
          return { ok: true, value: results, ...stamp() };
        },
      ),
    removeMembers: async (id, people) =>
      act(
        "removeMembers",
        id,
        people,
        () => {
          const group = find(id);
          if (!group) return refuse("group-gone", 404);
          const isIn = (each: string) => group.members.some((one) => personKey(one.id) === personKey(each));
          if (!people.every(isIn)) return refuse("not-in", 409);
          return people.some((each) => world.bad.has(each)) ? refuse("rejected", 422) : undefined;
        },
        () => {
          const group = find(id);
          for (const each of people) {
            note("removeMembers", id, each);
            if (group) group.members = group.members.filter((one) => personKey(one.id) !== personKey(each));
          }
          return { ok: true, value: [], ...stamp() };
        },
      ),
    readInvite: async (id) => {
      await log("readInvite", id);
      return { ok: true, value: { code: `CodeOf${id.slice(0, 18)}` }, ...stamp() };
    },
    joinGroup: async (code) =>
      act(
        "joinGroup",
        code,
        [],
        () => (world.codes.has(code) ? undefined : refuse("invite-invalid", 404)),
        () => {
          const id = world.codes.get(code) ?? "";
          note("joinGroup", id, code);
          const info = { id, name: `Joined ${code}` };
          world.groups.set(id, { info, members: [{ id: OWN, role: "member" }] });
          return { ok: true, value: { group: { id }, isPending: false }, ...stamp() };
        },
      ),
    sendText: async (chat, text) =>
      act(
        "sendText",
        chat,
        [text],
        () => undefined,
        () => {
          note("sendText", chat, text);
          world.messages.push({ chat, text });
          return { ok: true, value: { message: "M1", isQueued: false }, ...stamp() };
        },
      ),
    checkPerson: async () => ({ ok: true, value: null }),
    listContacts: async () => ({ ok: true, value: null }),
  };
}

/** The browser's alarms as far as one is set: fired, it is spent unless it repeats. */
export class Alarm {
  times: AlarmTimes | undefined;

  /** Lets the time go on to the alarm and fires it. Gives whether there was one. */
  fire(world: World): boolean {
    if (!this.times) return false;
    const { when, periodInMinutes } = this.times;
    world.time = Math.max(world.time, when - world.skew);
    const next = world.time + world.skew + periodInMinutes * 60_000;
    this.times = Number.isNaN(next) ? undefined : { when: next, periodInMinutes };
    return true;
  }

  readonly port: JobPorts["alarms"] = {
    create: (_, times) => {
      this.times = times;
    },
    clear: () => {
      this.times = undefined;
    },
  };
}

/** Whether a job has ended, or stands until the agent does something. */
export function isAtRest({ state, pause }: Job): boolean {
  return state === "done" || state === "cancelled" || (state === "paused" && pause?.until === undefined);
}

export interface Harness {
  store: Store;
  world: World;
  jobs: Jobs;
  alarm: Alarm;
  ports: JobPorts;
  /** Lets the time go on. */
  flow(): void;
  /** Wakes the engine, then leaves it to its alarm until every job has ended or waits for the agent. */
  settle(limit?: number): Promise<void>;
  /** Starts a job and gives its id. */
  begin(input: Parameters<Jobs["start"]>[1], nonce?: string): Promise<string>;
  /** Per step: person or target, state, verdict, reason. */
  steps(id: string): Promise<Step[]>;
  state(id: string): Promise<string>;
}

let count = 0;

/** A store with one connection and the world's groups in it. */
export async function newStore(world: World, empty?: Store): Promise<Store> {
  const store = empty ?? (await makeStore(`jobs-${process.pid}-${count++}`));
  await write(store, ["connections", "groups", "gateways"], async (tx) => {
    await tx.objectStore("connections").put(CONNECTION);
    // Read to its end a moment ago.
    const list = { startedAt: world.time, endedAt: world.time, count: world.groups.size };
    await tx.objectStore("gateways").put({ connection: CONNECTION.id, list });
    for (const { info } of world.groups.values()) {
      await tx.objectStore("groups").put(toRow({ ...info, connection: CONNECTION.id, listedAt: 1 }));
    }
  });
  return store;
}

/** An engine on a store and a world; a second one on the same two is the worker's next life. */
export function harnessOn(store: Store, world: World, more: Partial<JobPorts> = {}): Harness {
  const gateway = simulatedGateway(world);
  const alarm = new Alarm();
  const inTurn = openQueue();
  let flow = (): void => undefined;
  // Time stands still until the test lets it go on, so that it can do something in an undo window.
  const flowing = new Promise<void>((resolve) => {
    flow = resolve;
  });
  const ports: JobPorts = {
    store,
    gateway: async (): Promise<Reply<Gateway>> => ({ ok: true, value: gateway }),
    clock: {
      now: () => world.time + world.skew,
      sleep: async (ms) => {
        await flowing;
        world.time += ms;
      },
    },
    alarms: alarm.port,
    lock: (_, work) => inTurn(work),
    random: () => 0.5,
    ...more,
  };
  const jobs = openJobs(ports);
  const harness: Harness = {
    store,
    world,
    jobs,
    alarm,
    ports,
    flow,
    async settle(limit = 200) {
      flow();
      await jobs.wake();
      for (let i = 0; i < limit; i += 1) {
        if ((await readOpenJobs(store)).every(isAtRest)) return;
        if (!alarm.fire(world)) throw new Error("a job is open, and no alarm is set");
        await jobs.wake();
      }
      throw new Error("the engine waits for ever");
    },
    async begin(input, nonce = crypto.randomUUID()) {
      const reply = await jobs.start(CONNECTION.id, input, nonce);
      if (!reply.ok) throw new Error(reply.failure.code);
      return reply.value.id;
    },
    steps: (id) => readSteps(store, id),
    state: async (id) => (await readJob(store, id))?.state ?? "none",
  };
  return harness;
}

export async function newHarness(world = newWorld(), more: Partial<JobPorts> = {}): Promise<Harness> {
  return harnessOn(await newStore(world), world, more);
}

/** Each step in a few words: its state, its verdict and the reason, as far as there are any. */
export function brief(steps: { state: string; verdict?: string; reason?: string }[]): string[] {
  return steps.map(({ state, verdict, reason }) => [state, verdict, reason].filter(Boolean).join(" "));
}
