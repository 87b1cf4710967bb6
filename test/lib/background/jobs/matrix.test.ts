import "fake-indexeddb/auto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { Secret } from "../../../../lib/background/gateway/secret";
import { openBudget } from "../../../../lib/background/gateway/budget";
import { openGateway } from "../../../../lib/background/gateway/client";
import { SETTLE } from "../../../../lib/background/jobs/slice";
import { OWN_NUMBER, WORLD_CODES, WORLD_GROUPS, WORLD_PEOPLE } from "../../../../lib/sandbox/world";
import { createWorld } from "../../../../lib/sandbox/seed";
import { fictional } from "../../../../lib/sandbox/numbers";
import type { Effect } from "../../../../lib/sandbox/state";
import { ok } from "../../../../lib/shared/failure";
import type { Connection, Job, JobInput, JobKind, Step } from "../../../../lib/shared/model";
import { readOpenJobs } from "../../../../lib/store/read";
import { readJob, readSteps } from "../../../../lib/store/read-jobs";
import { toRow, write } from "../../../../lib/store/write";
import { startServer, type Fault, type PlainFault, type TestServer } from "../../../server";
import { setUpScreens, toldOf, untruths, waitOf } from "../judge";
import { memoryStore } from "../memory";
import { CONNECTION, harnessOn, isAtRest, newStore, newWorld } from "../simulation";

/**
 * Everything that can go wrong on the way, at every write: the whole engine and the real client against a real HTTP
 * gateway that breaks its answers. Nothing may be lost or done twice by the server's own log, and what the agent is told
 * must be so. `node test/faults.mjs` prints the table with the sentences that the agent saw.
 */

/** Time limit of a request here, in ms; the delays are on either side of it. */
const TIMEOUT = 300;
const KEY = "wpfy_test_0123456789abcdef";
const { alpha, lobby, support, legacy } = WORLD_GROUPS;
const people = [fictional("de", 1), fictional("de", 2)].map((id) => ({ id, given: `+${id.split("@")[0]}` }));

interface Write {
  input: JobInput;
  method: string;
  path: RegExp;
  /** The readings that prove it, and which of them is the first to do so. */
  reads?: { path: RegExp; nth: number };
  /** Its readings come only after an answer that was lost. */
  isSilent?: boolean;
  /** Whether an unsure one may be sent again after a reading. */
  isSet: boolean;
  effect: Effect["kind"];
}

const LIST = { path: /\/groups(\?|$)/, nth: 1 };
/** A move sends what an add and a removal send, and nothing else. */
type Plain = Exclude<JobKind, "move">;
const WRITES: Record<Plain, Write> = {
  create: {
    input: { kind: "create", name: "Night shift", people, pace: "fast" },
    method: "POST",
    path: /\/groups$/,
    reads: LIST,
    isSilent: true,
    isSet: false,
    effect: "created",
  },
  update: {
    input: { kind: "update", group: legacy, name: "Older hands" },
    method: "PATCH",
    path: /\/groups\//,
    reads: { path: /\/groups\/[^/]+$/, nth: 1 },
    isSet: true,
    effect: "updated",
  },
  leave: {
    input: { kind: "leave", groups: [lobby] },
    method: "POST",
    path: /\/leave$/,
    reads: { path: /\/groups\/[^/]+$/, nth: 1 },
    isSet: true,
    effect: "left",
  },
  add: {
    input: { kind: "add", groups: [alpha], people, pace: "fast" },
    method: "POST",
    path: /\/participants$/,
    reads: { path: /\/participants/, nth: 2 },
    isSet: true,
    effect: "added",
  },
  remove: {
    input: {
      kind: "remove",
      groups: [support],
      people: [{ id: WORLD_PEOPLE.seed, given: "+55 11 99999 8888" }],
      pace: "fast",
    },
    method: "DELETE",
    path: /\/participants$/,
    reads: { path: /\/participants/, nth: 2 },
    isSet: true,
    effect: "removed",
  },
  join: {
    input: { kind: "join", codes: [WORLD_CODES.market], pace: "fast" },
    method: "POST",
    path: /\/groups\/join$/,
    reads: LIST,
    isSilent: true,
    isSet: false,
    effect: "joined",
  },
  send: {
    input: { kind: "send", chats: [lobby], text: "We open at nine.", pace: "fast" },
    method: "POST",
    path: /\/messages\/send$/,
    isSet: false,
    effect: "sent",
  },
};

/** The answer of a proxy in front of a gateway that it cannot reach, by a clock of its own. */
const proxy = (skew: number): Fault => ({
  kind: "answer",
  status: 502,
  headers: { "content-type": "text/html", date: new Date(newWorld().time + skew).toUTCString() },
  body: "<h1>502 Bad Gateway</h1>",
});

const FAULTS: Record<string, Fault | PlainFault> = {
  "slow answer": { kind: "delay", ms: 60 },
  "too slow, done at once": { kind: "delay-after", ms: TIMEOUT + 100 },
  "too slow, done late": { kind: "delay", ms: TIMEOUT + 100 },
  "dropped before the effect": "drop-before",
  "dropped after the effect": "drop-after",
  "dropped at once, done late": { kind: "late-apply", ms: 100 },
  "half an answer": "half-then-drop",
  "500, nothing done": "500",
  "500, done": "500-applied",
  "502 with HTML": "502-html",
  "502 of a proxy whose clock is ahead": proxy(3_600_000),
  "502 of a proxy whose clock is behind": proxy(-3_600_000),
  "429 with a time": { kind: "429", resetIn: 30 },
  "429 without a time": "429-bare",
  "429 of a proxy": "429-proxy",
  "truncated JSON": "truncated-json",
  "wrong types": "wrong-types",
  "empty 200": "empty-200",
  "a page of HTML": "html-200",
  "200, nothing done": "nothing-200",
};
const READ_FAULTS: Record<string, PlainFault> = { "stale reading": "stale-read", "empty list once": "empty-list" };

interface Cell {
  fault: string;
  kind: Plain;
  job: Job;
  steps: Step[];
  /** By the server's log: requests of this kind, effects of this kind. */
  requests: number;
  effects: Effect[];
  /** What the agent read while it waited, and in the end. */
  waiting: string[];
  end: string[];
  /** Every way in which a rule was broken, and every claim that the server's world denies. */
  faults: string[];
  untrue: string[];
}

const open: TestServer[] = [];
setUpScreens();
afterAll(async () => {
  for (const server of open) await server.close();
});

/** Orders one write at a gateway that breaks it in one way, and looks at it until the job has ended. */
async function run(fault: string, kind: Plain): Promise<Cell> {
  const { input, method, path, reads, isSilent, isSet, effect } = WRITES[kind];
  const time = newWorld();
  const now = () => time.time;
  const server = await startServer({ key: KEY, now, world: createWorld({ groups: 12 }), rateLimit: false });
  open.push(server);
  const world = structuredClone(server.world);
  const what = FAULTS[fault];
  if (what !== undefined) server.fault({ method, path }, what);
  else {
    if (isSilent) server.fault({ method, path }, "drop-after");
    server.fault({ method: "GET", ...reads! }, READ_FAULTS[fault]!);
  }

  const connection: Connection = {
    ...CONNECTION,
    origin: server.origin,
    instance: "inst_abc123",
    ownNumber: OWN_NUMBER,
  };
  const store = await newStore(time, memoryStore());
  await write(store, ["connections", "groups"], async (tx) => {
    await tx.objectStore("connections").put(connection);
    for (const group of Object.values(server.world.groups)) {
      if (!group.members.some(({ id }) => id === OWN_NUMBER)) continue;
      await tx.objectStore("groups").put(toRow({ connection: "c1", id: group.id, name: group.name, listedAt: 1 }));
    }
  });
  const budget = openBudget("c1", { load: async () => undefined, save: async () => undefined }, now);
  const gateway = openGateway({
    connection,
    key: async () => {
      // Every request takes its time.
      time.time += 100;
      return ok(new Secret(KEY));
    },
    budget,
    timeout: TIMEOUT,
  });
  const isLate = typeof what === "object" && (what.kind === "delay" || what.kind === "late-apply");

  const waiting: string[] = [];
  const look = async () => {
    // The time of the engine jumps; an effect that comes late must have the time to come.
    if (isLate) await sleep(150);
    const pause = (await readJob(store, id))?.pause;
    if (!pause) return;
    const seen = waitOf(pause);
    if (!waiting.includes(seen)) waiting.push(seen);
  };
  let id = "";
  const harness = harnessOn(store, time, {
    gateway: async () => ok(gateway),
    clock: {
      now,
      sleep: async (ms) => {
        await look();
        time.time += ms;
      },
    },
  });
  id = await harness.begin(input);
  await harness.jobs.wake();
  for (let n = 0; n < 30 && !(await readOpenJobs(store)).every(isAtRest); n += 1) {
    await look();
    harness.alarm.fire(time);
    await harness.jobs.wake();
  }

  const job = (await readJob(store, id))!;
  const steps = await readSteps(store, id);
  const sent = server.log.filter((request) => request.method === method && path.test(decodeURIComponent(request.path)));
  const effects = server.effects.filter((each) => each.kind === effect);
  const faults: string[] = [];
  // A first removal that did not do what it should stops for the agent to look.
  if (job.endedAt === undefined && job.pause?.reason !== "canary") faults.push("stuck");
  if (new Set(effects.map((each) => `${each.target} ${each.person} ${each.text}`)).size < effects.length) {
    faults.push("done twice");
  }
  const refused = sent.filter(({ status }) => status === 429).length;
  if (sent.length - refused > (isSet ? 2 : 1)) faults.push(`sent ${sent.length} times`);
  for (const [n, request] of sent.slice(1).entries()) {
    const before = sent[n]!;
    const isWaitOver = before.fault === "429" || before.fault === "429-bare";
    const isRead = server.log.some(
      (each) => each.method === "GET" && each.at >= before.at + SETTLE && each.at <= request.at,
    );
    if (!isRead && !isWaitOver) faults.push(`sent again blindly after ${request.at - before.at} ms`);
  }
  for (const step of steps) {
    if (kind === "create" && step.person !== undefined) continue;
    const isDone = effects.some((each) => step.person === undefined || each.person === step.person);
    if (step.state === "done" && !isDone) faults.push(`${step.verdict}, which is not so`);
    if (step.state === "failed" && isDone) faults.push(`${step.verdict}, but it was done`);
    if (step.state !== "done" && step.state !== "failed" && step.state !== "review") faults.push(step.state);
  }
  const untrue = untruths({ before: world, world: server.world, effects: server.effects, job, steps });
  return { fault, kind, job, steps, requests: sent.length, effects, waiting, end: toldOf(job, steps), faults, untrue };
}

test(
  "T72 each fault at each write: nothing lost, nothing done twice, and the agent is told what is so",
  { timeout: 120_000 },
  async () => {
    const cells: Cell[] = [];
    const kinds = Object.keys(WRITES) as Plain[];
    for (const fault of [...Object.keys(FAULTS), ...Object.keys(READ_FAULTS)]) {
      const asked = kinds.filter((kind) => fault in FAULTS || WRITES[kind].reads !== undefined);
      cells.push(...(await Promise.all(asked.map((kind) => run(fault, kind)))));
    }
    if (process.env["FAULTS"]) console.log(tableOf(cells));
    expect(
      cells
        .filter(({ faults, untrue }) => faults.length + untrue.length > 0)
        .map(({ fault, kind, faults, untrue }) => ({ fault, kind, faults, untrue })),
    ).toEqual([]);
    // A row for each fault; what cannot be read back has no reading that could lie.
    expect(cells).toHaveLength(kinds.length * (Object.keys(FAULTS).length + 2) - 2);
    for (const { fault, kind, end } of cells) expect([fault, kind, end.join("")]).not.toEqual([fault, kind, ""]);
  },
);

function tableOf(cells: Cell[]): string {
  const sum = (count: (cell: Cell) => number) => cells.reduce((total, cell) => total + count(cell), 0);
  const lines = cells.map(({ fault, kind, requests, effects, waiting, end, faults, untrue }, n) => {
    const head = cells[n - 1]?.fault === fault ? [] : ["", fault];
    const marks = faults.length > 0 ? [`           ✗ ${faults.join(", ")}`] : [];
    return [
      ...head,
      `  ${kind.padEnd(7)} sent ${requests} ×, effects ${effects.length}, true? ${untrue.length > 0 ? `NO: ${untrue.join(", ")}` : "yes"}`,
      ...waiting.map((said) => `           told meanwhile: ${said}`),
      ...end.map((said) => `           told at the end: ${said}`),
      ...marks,
    ].join("\n");
  });
  const lost = sum(({ faults }) => faults.filter((each) => /not so|it was done|stuck/.test(each)).length);
  const double = sum(({ faults }) => faults.filter((each) => /twice|times|blindly/.test(each)).length);
  return `${lines.join("\n")}\n\n${cells.length} cases, ${lost} lost, ${double} double, ${sum(({ untrue }) => untrue.length)} untrue\n`;
}
