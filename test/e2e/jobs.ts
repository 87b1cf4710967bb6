import type { Page } from "playwright-core";
import { WAITING_FOR_AGENT } from "../../lib/background/jobs/journal";
import { OWN_NUMBER, WORLD_GROUPS } from "../../lib/sandbox/world";
import { fictional } from "../../lib/sandbox/numbers";
import type { Job, JobInput, JobKind, Person, Step } from "../../lib/shared/model";
import type { LoggedRequest, ServerOptions, TestServer } from "../server";
import { commandValue, readStore } from "./app";
import { PATIENCE, type Chromium } from "./chromium";

/** Jobs as tests of a dying worker or browser look at them: what the store says, and what the gateway really got. */

/** The settle time of the build for browser tests, in ms: nothing is sent again before a reading that is so late. */
const SETTLE = 2000;

/** A gateway that lets through more than the documented 100 requests a minute, so that no test waits for a window. */
export const PLENTY: ServerOptions = { rateLimit: { limit: 10_000, window: 60_000 } };

/** A job with its steps. */
export interface Whole {
  job: Job;
  steps: Step[];
}

/** People who are in no group of the world; `count` of them from the `from`th on, 100 in all. */
export function strangers(count: number, from = 0): Person[] {
  return Array.from({ length: count }, (_, n) => {
    const id = fictional("de", from + n);
    return { id, given: `+${id.split("@")[0]}` };
  });
}

/** Groups in which our number is an admin and nothing unusual happens. */
export function plainGroups(server: TestServer): string[] {
  const special = new Set<string>(Object.values(WORLD_GROUPS));
  return Object.values(server.world.groups)
    .filter(({ members }) => members.some(({ id, role }) => id === OWN_NUMBER && role !== "member"))
    .filter(({ id, members }) => !special.has(id) && members.length < 200)
    .map(({ id }) => id);
}

/** The first plain members of a group. */
export function plainMembers(server: TestServer, group: string, count: number): Person[] {
  const members = server.world.groups[group]!.members.filter(({ id, role }) => role === "member" && id !== OWN_NUMBER);
  return members.slice(0, count).map(({ id }) => ({ id, given: id }));
}

/** Whether somebody is in a group, by the gateway's own world. */
export function isIn(server: TestServer, group: string, person: string): boolean {
  return server.world.groups[group]!.members.some(({ id }) => id === person);
}

/** Starts a job as a screen does and gives its id. */
export async function startJob(page: Page, job: JobInput, nonce = crypto.randomUUID()): Promise<string> {
  return (await commandValue(page, "startJob", { job, nonce })).id;
}

/** The id of the newest job of this kind, once a screen has ordered one. */
export async function orderedJob(chromium: Chromium, page: Page, kind: JobKind): Promise<string> {
  let id: string | undefined;
  const find = async () => (id = (await readJobs(page)).findLast(({ job }) => job.input.kind === kind)?.job.id);
  await chromium.waitUntil(async () => (await find()) !== undefined, `a job that is to ${kind}`);
  return id!;
}

/** All jobs with their steps, the oldest first. */
export async function readJobs(page: Page): Promise<Whole[]> {
  const store = await readStore(page, ["jobs", "steps"]);
  const steps = store["steps"] as Step[];
  return (store["jobs"] as Job[])
    .toSorted((a, b) => a.createdAt - b.createdAt)
    .map((job) => ({ job, steps: steps.filter((step) => step.job === job.id) }));
}

/**
 * Waits until no job is open any more, or the one with this id, and gives them all. Wakes nobody: the engine's own
 * alarm goes on with what a dead worker left. Throws at once when a job stands on a pause that only the agent ends.
 */
export async function endedJobs(chromium: Chromium, page: Page, id?: string): Promise<Whole[]> {
  let jobs: Whole[] = [];
  const isOpen = ({ job }: Whole) => job.endedAt === undefined && (id === undefined || job.id === id);
  await chromium.waitUntil(
    async () => {
      jobs = await readJobs(page);
      const stuck = jobs.filter(isOpen).find(({ job }) => isForAgent(job));
      if (stuck) throw new Error(`a job waits for the agent: ${stuck.job.pause?.reason}\n${await chromium.state()}`);
      return !jobs.some(isOpen);
    },
    "all jobs to end",
    2 * PATIENCE,
  );
  return jobs;
}

/** Whether only a press on the job itself ends its pause. */
function isForAgent({ state, pause }: Job): boolean {
  return state === "paused" && pause?.until === undefined && !WAITING_FOR_AGENT.has(pause?.reason ?? "agent");
}

/** Waits until a job has this state, for this reason if one is given. */
export async function waitForJob(
  chromium: Chromium,
  page: Page,
  id: string,
  state: Job["state"],
  reason?: string,
): Promise<Whole> {
  let found: Whole | undefined;
  await chromium.waitUntil(
    async () => {
      found = (await readJobs(page)).find(({ job }) => job.id === id);
      return found?.job.state === state && (reason === undefined || found.job.pause?.reason === reason);
    },
    `the job to be ${state} ${reason ?? ""}`,
  );
  return found!;
}

/** Requests that add or remove members, of one group if one is given, in the order in which they came. */
export function memberWrites(server: TestServer, group = ""): LoggedRequest[] {
  return server.log.filter(
    ({ method, path }) =>
      method !== "GET" && path.includes("/participants") && decodeURIComponent(path).includes(group),
  );
}

/** How often each person of a group was sent. */
export function sends(server: TestServer, group: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { body } of memberWrites(server, group))
    for (const id of peopleOf(body)) counts[id] = (counts[id] ?? 0) + 1;
  return counts;
}

/**
 * Everything that was sent a second time without a reading of the members between that was late enough to know that the
 * first had no effect. By the server's own log; empty when all is well.
 */
export function blindRepeats(server: TestServer): string[] {
  const last = new Map<string, LoggedRequest>();
  const faults: string[] = [];
  // What the limit refused did nothing.
  for (const request of memberWrites(server).filter(({ fault }) => fault !== "429")) {
    const group = /groups\/([^/]+)/.exec(decodeURIComponent(request.path))![1]!;
    for (const person of peopleOf(request.body)) {
      const before = last.get(`${group} ${person}`);
      last.set(`${group} ${person}`, request);
      if (!before) continue;
      const isReading = ({ method, path, at }: LoggedRequest) =>
        method === "GET" &&
        decodeURIComponent(path).includes(`${group}/participants`) &&
        at >= before.at + SETTLE - 50 &&
        at <= request.at;
      if (!server.log.some(isReading)) faults.push(`${person} of ${group} again after ${request.at - before.at} ms`);
    }
  }
  return faults;
}

function peopleOf(body: string): string[] {
  return (JSON.parse(body) as { participants: string[] }).participants;
}
