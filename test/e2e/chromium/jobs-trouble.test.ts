import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import type { TestServer } from "../../server";
import { App, command, commandValue, connect, counted, freshApp, PASSPHRASE, startGateway, words } from "../app";
import { Chromium } from "../chromium";
import {
  blindRepeats,
  endedJobs,
  isIn,
  memberWrites,
  plainGroups,
  plainMembers,
  PLENTY,
  readJobs,
  sends,
  startJob,
  strangers,
  waitForJob,
} from "../jobs";

/** What comes between the order and its end: a lock, a lost network or permission, a rate limit, a gateway that does harm. */

let chromium: Chromium;
beforeAll(async () => void (chromium = await Chromium.launch()));
afterAll(() => chromium?.close());

let server: TestServer;
let app: App;
beforeEach(async () => {
  server = await startGateway("guide", {}, PLENTY);
  app = await freshApp(chromium);
});
afterEach(async () => {
  await app.page.close();
  await server.close();
});

/** Adds two people to four groups; gives the job and a promise for the moment at which the gateway has the second request. */
async function addToFour() {
  const groups = plainGroups(server).slice(0, 4);
  const barrier = server.hold({ method: "POST", path: groups[1]! }, "after-apply");
  const people = strangers(2);
  const id = await startJob(app.page, { kind: "add", groups, people, pace: "fast" });
  await barrier.reached;
  const prove = async () => {
    const jobs = await endedJobs(chromium, app.page);
    expect(jobs.flatMap(({ steps }) => steps.map(({ verdict }) => verdict))).toEqual(
      Array.from({ length: 8 }, () => "added"),
    );
    expect(groups.flatMap((group) => people.map((each) => isIn(server, group, each.id)))).not.toContain(false);
    expect(groups.flatMap((group) => Object.values(sends(server, group)))).toEqual(Array.from({ length: 8 }, () => 1));
    expect(blindRepeats(server)).toEqual([]);
  };
  return { id, barrier, prove };
}

/** Whatever wakes the worker, nothing is asked of the gateway. */
async function staysQuiet() {
  const count = server.log.length;
  await chromium.killWorker();
  for (let n = 0; n < 3; n += 1) await command(app.page, "pendingInvite");
  await readJobs(app.page);
  expect(server.log).toHaveLength(count);
}

it("T79 a lock stops the job after the request under way; unlocking goes on with it", async () => {
  await connect(app.page, server, { protection: "passphrase", passphrase: PASSPHRASE });
  const { id, barrier, prove } = await addToFour();
  await commandValue(app.page, "lock");
  barrier.release();
  await waitForJob(chromium, app.page, id, "paused", "locked");
  expect(memberWrites(server)).toHaveLength(2);
  await staysQuiet();
  await commandValue(app.page, "unlock", { passphrase: PASSPHRASE });
  await prove();
});

it("T80 a permission that is taken away stops the job; giving it back goes on with it", async () => {
  await connect(app.page, server);
  const { id, barrier, prove } = await addToFour();
  await chromium.setHostAccess(false);
  try {
    barrier.release();
    await waitForJob(chromium, app.page, id, "paused", "no-permission");
    expect(memberWrites(server)).toHaveLength(2);
    await staysQuiet();
  } finally {
    await chromium.setHostAccess(true);
  }
  await prove();
});

it("T75 a network that goes away under a request: what it did is read before anything else is sent", async () => {
  await connect(app.page, server);
  server.fault({ method: "POST", path: plainGroups(server)[1]! }, "drop-after");
  const { id, barrier, prove } = await addToFour();
  await chromium.context.setOffline(true);
  try {
    barrier.release();
    await waitForJob(chromium, app.page, id, "paused", "offline");
    await staysQuiet();
  } finally {
    await chromium.context.setOffline(false);
  }
  await commandValue(app.page, "resumeJob", { id });
  await prove();
});

it("T74 a rate limit is waited for to its end, also by a worker that died in the pause", async () => {
  await connect(app.page, server);
  const groups = plainGroups(server).slice(0, 4);
  const limited = server.fault({ method: "POST", path: "participants", nth: 3 }, { kind: "429", resetIn: 2 });
  const id = await startJob(app.page, { kind: "add", groups, people: strangers(2), pace: "fast" });
  await waitForJob(chromium, app.page, id, "paused", "rate-limited");
  expect(limited.hits()).toBe(1);
  await staysQuiet();
  const [ended] = await endedJobs(chromium, app.page);
  expect(ended!.steps.map(({ verdict }) => verdict)).toEqual(Array.from({ length: 8 }, () => "added"));
  // The request that was refused did nothing, so that it may go again, but not a moment too early.
  const at = server.log.findIndex(({ fault }) => fault === "429");
  expect(server.log[at + 1]!.at).toBeGreaterThanOrEqual(server.log[at]!.at + 2000);
  expect(memberWrites(server)).toHaveLength(5);
});

it("T70 two windows that order the same at once, also while an earlier worker's death is cleared up: one job", async () => {
  await connect(app.page, server);
  await commandValue(app.page, "saveSettings", { pace: "fast" });
  const [group] = plainGroups(server) as [string];
  const [person] = strangers(1);
  await app.openGroup(group, "add");
  await app.field("input_people").fill(person!.given);
  const other = new App(await chromium.open("app", "#/groups"));
  await other.openGroup(group, "add");
  await expect.poll(() => other.field("input_people").inputValue()).toBe(person!.given);
  const barrier = server.hold({ method: "POST", path: group }, "received");
  const name = counted("add_action", 1);
  const buttons = await Promise.all(
    [app, other].map(async ({ page }) => {
      const button = page.locator('button:not([aria-disabled="true"])', { hasText: name });
      return (await button.elementHandle())!;
    }),
  );
  // Without waiting for anything between, because the second window changes as soon as the first has its job.
  await Promise.all(buttons.map((button) => button.evaluate((each) => (each as HTMLElement).click())));
  await barrier.reached;
  await chromium.killWorker();
  barrier.release();
  // A press that comes while the first is still unsure.
  await startJob(app.page, { kind: "add", groups: [group], people: [person!], pace: "fast" });
  const jobs = await endedJobs(chromium, app.page);
  expect(jobs).toHaveLength(1);
  expect(memberWrites(server)).toHaveLength(1);
  for (const view of [app, other]) await view.sees(words("verdict_added"));
  await other.page.close();
});

it("T88 a gateway that does harm when it is to remove gets one removal and no second", async () => {
  await connect(app.page, server);
  /** How many are gone after it, at the least. */
  const harms = { "nothing-200": 0, "wrong-member": 1, "remove-everyone": 2, "drop-body": 0 } as const;
  const groups = plainGroups(server).slice(0, 4);
  const jobs: { id: string; harm: string; least: number; group: string; size: number }[] = [];
  for (const [harm, least] of Object.entries(harms)) {
    const group = groups[jobs.length]!;
    const people = plainMembers(server, group, 3);
    server.fault({ method: "DELETE", path: group, times: Infinity }, harm as keyof typeof harms);
    const id = await startJob(app.page, { kind: "remove", groups: [group], people, pace: "fast" });
    jobs.push({ id, harm, least, group, size: server.world.groups[group]!.members.length });
  }
  for (const { id, harm, least, group, size } of jobs) {
    const { steps } = await waitForJob(chromium, app.page, id, "paused", "canary");
    await app.go(`/activity/${id}`);
    await app.sees(words("pause_canary"));
    const changes = memberWrites(server, group).filter(({ applied }) => applied.length > 0);
    expect([harm, memberWrites(server, group).length]).toEqual([harm, 1]);
    expect([harm, changes.length]).toEqual([harm, least === 0 ? 0 : 1]);
    expect(size - server.world.groups[group]!.members.length).toBeGreaterThanOrEqual(least);
    expect([harm, steps.some(({ verdict }) => verdict === "removed")]).toEqual([harm, false]);
  }
  await staysQuiet();
});
