import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { WORLD_CODES, WORLD_GROUPS, WORLD_PEOPLE } from "../../../lib/sandbox/world";
import type { Effect } from "../../../lib/sandbox/state";
import type { Connection, GatewayNotes, Group, Job, JobKind } from "../../../lib/shared/model";
import type { TestServer } from "../../server";
import { App, command, commandValue, connect, counted, freshApp, local, readStore, startGateway, words } from "../app";
import { Chromium } from "../chromium";
import {
  blindRepeats,
  endedJobs,
  isIn,
  memberWrites,
  orderedJob,
  plainGroups,
  plainMembers,
  PLENTY,
  readJobs,
  sends,
  startJob,
  strangers,
  type Whole,
} from "../jobs";

/** The worker may die at any moment: nothing that was typed or ordered is lost, and nothing happens twice. */

let chromium: Chromium;
beforeAll(async () => void (chromium = await Chromium.launch()));
afterAll(() => chromium?.close());

describe("a worker that dies", () => {
  let server: TestServer;
  let app: App;
  beforeAll(async () => {
    app = new App(await chromium.open("app", "#/groups"));
  });
  beforeEach(async () => {
    server = await startGateway("guide");
    await command(app.page, "forgetEverything");
    await connect(app.page, server);
    await commandValue(app.page, "saveSettings", { pace: "fast" });
    await app.go("/groups");
    await app.rows().first().waitFor();
    return () => server.close();
  });
  afterAll(() => app?.page.close());

  /** The id of the job of this kind, once the screen has ordered it. */
  const ordered = (kind: JobKind) => orderedJob(chromium, app.page, kind);

  it("in the middle of reading the members of all groups, and a 429 after it, cost no group and no press", async () => {
    const { page } = app;
    const reading = async () => {
      const [notes] = (await readStore(page, ["gateways"]))["gateways"] as GatewayNotes[];
      return notes?.members;
    };
    const held = server.hold({ path: "/participants", nth: 5 }, "received");
    await commandValue(page, "readMembers", {});
    await held.reached;
    await chromium.killWorker();
    const limited = server.fault({ path: "/participants" }, { kind: "429", resetIn: 2 });
    held.release();
    // Any sign of life wakes the worker; without one its alarm does, within a minute.
    await command(page, "pageView");
    await chromium.waitUntil(async () => (await reading())?.endedAt !== undefined, "all members to be read");
    const { total, done, failed } = (await reading())!;
    expect([limited.hits(), done, failed]).toEqual([1, total, undefined]);
    const { rosters, directory } = await readStore(page, ["rosters", "directory"]);
    expect([rosters?.length, directory?.length]).toEqual([total, total]);
    // What was kept before the worker died was not asked for again.
    const asked = server.log.filter(({ path }) => path.includes("/participants"));
    expect(asked.length).toBeLessThanOrEqual(total + 8);
  });

  it("in the middle of reading invites, and a 429 after it, with the popup closed, cost no group and no press", async () => {
    const { page } = app;
    const { groups = [] } = (await readStore(page, ["groups"])) as { groups?: Group[] };
    const [connection] = (await readStore(page, ["connections"]))["connections"] as Connection[];
    const chosen = groups.map(({ id }) => id);
    await commandValue(page, "saveDraft", { key: [connection!.id, "groups", "", "chosen"], value: chosen.join(" ") });
    const popup = await chromium.open("popup", "#/several/invites");
    const held = server.hold({ path: "/invite-code", nth: 5 }, "received");
    await popup.getByRole("button", { name: counted("several_invites_read", chosen.length) }).click();
    await held.reached;
    await popup.close();
    await chromium.killWorker();
    const limited = server.fault({ path: "/invite-code" }, { kind: "429", resetIn: 2 });
    held.release();
    await command(page, "pageView");
    const reading = async () => ((await readStore(page, ["gateways"]))["gateways"] as GatewayNotes[])[0]?.invites;
    await chromium.waitUntil(async () => (await reading())?.endedAt !== undefined, "all invites to be read");
    const { groups: rows = [] } = (await readStore(page, ["groups"])) as { groups?: Group[] };
    const known = rows.filter(({ invite }) => invite !== undefined);
    const refused = rows.filter(({ inviteRefusedAt }) => inviteRefusedAt !== undefined);
    expect([limited.hits(), known.length + refused.length]).toEqual([1, chosen.length]);
    expect(known.length).toBeGreaterThan(0);
    // A popup that is opened later shows what is there, and what was refused.
    const later = await chromium.open("popup", "#/several/invites");
    await later.getByRole("button", { name: counted("several_invites_copy", known.length) }).waitFor();
    await later.close();
  });

  it("before every step of all that can be done with groups loses nothing and repeats nothing", async () => {
    const G = WORLD_GROUPS;
    const { page } = app;
    const dialog = page.getByRole("dialog");
    const paused: string[] = [];
    /** Pauses it in its undo window, as the agent may, so that nothing is under way when the worker dies. */
    const pause = async (kind: JobKind) => {
      const id = await ordered(kind);
      await commandValue(page, "pauseJob", { id });
      paused.push(id);
    };
    const end = async (kind: JobKind) => void (await endedJobs(chromium, page, await ordered(kind)));
    const steps: (() => Promise<unknown>)[] = [
      () => app.openGroup(G.lobby, "about"),
      () => app.press("leave_action"),
      () =>
        dialog
          .getByRole("button", { name: words("leave_action") })
          .click()
          .then(() => pause("leave")),
      () => app.openGroup(G.support, "members"),
      () =>
        page
          .locator(".member", { hasText: /99999.?8888/ })
          .getByRole("button", { name: /^Remove / })
          .click(),
      () =>
        dialog
          .getByRole("button", { name: words("members_remove") })
          .click()
          .then(() => pause("remove")),
      () => app.openGroup(G.alpha, "message"),
      () => app.field("message_text").fill("Once and only once."),
      () => app.press("message_send").then(() => pause("send")),
      () => app.go("/create"),
      () => app.field("create_name").fill("Night shift"),
      () => app.field("input_people").fill(`${local(WORLD_PEOPLE.free)}\n${local(WORLD_PEOPLE.free2)}`),
      () => app.pressCounted("create_with", 2).then(() => end("create")),
      () => app.openGroup(G.legacy),
      () => app.press("group_edit"),
      () => app.field("group_name").fill("Older hands"),
      () => app.press("group_save").then(() => end("update")),
      () => app.openGroup(G.alpha, "add"),
      () => app.field("input_people").fill(local(WORLD_PEOPLE.free)),
      () => app.pressCounted("add_action", 1).then(() => end("add")),
      () => app.go("/join"),
      () => app.field("join_text").fill(WORLD_CODES.market),
      () => app.press("confirm_join").then(() => end("join")),
    ];
    for (const step of steps) {
      await chromium.killWorker();
      await step();
      // The screen has its answer, whatever goes on behind it.
      await expect.poll(() => page.locator('button[aria-busy="true"]').count()).toBe(0);
    }
    await chromium.killWorker();
    for (const id of paused) await commandValue(page, "resumeJob", { id });
    const jobs = await endedJobs(chromium, page);
    const verdicts = (kind: Job["input"]["kind"]) =>
      jobs.filter(({ job }) => job.input.kind === kind).flatMap(({ steps }) => steps.map(({ verdict }) => verdict));
    expect({
      add: verdicts("add"),
      create: verdicts("create"),
      join: verdicts("join"),
      leave: verdicts("leave"),
      remove: verdicts("remove"),
      send: verdicts("send"),
      update: verdicts("update"),
    }).toEqual({
      add: ["added"],
      create: ["created", "added", "added"],
      join: ["joined"],
      leave: ["left"],
      remove: ["removed"],
      send: ["sent"],
      update: ["updated"],
    });
    const counts: Partial<Record<Effect["kind"], number>> = {};
    for (const { kind } of server.effects) counts[kind] = (counts[kind] ?? 0) + 1;
    expect(counts).toEqual({ added: 3, created: 1, joined: 1, left: 1, removed: 1, sent: 1, updated: 1 });
    expect(server.world.groups[G.legacy]!.name).toBe("Older hands");
  });

  it("while the gateway works on a request proves what it did, and sends nothing again", async () => {
    const { alpha, lobby } = WORLD_GROUPS;
    const start = (job: Job["input"]) => commandValue(app.page, "startJob", { job, nonce: crypto.randomUUID() });
    const people = [{ id: WORLD_PEOPLE.free, given: local(WORLD_PEOPLE.free) }];
    const adding = server.hold({ method: "POST", path: "participants" }, "after-apply");
    await start({ kind: "add", groups: [alpha], people, pace: "fast" });
    await adding.reached;
    await chromium.killWorker();
    adding.release();
    const creating = server.hold({ method: "POST", path: /\/groups$/ }, "half-response");
    await start({ kind: "create", name: "Half an answer", people, pace: "fast" });
    await creating.reached;
    await chromium.killWorker();
    creating.release();
    const sending = server.hold({ method: "POST", path: "messages" }, "before-apply");
    await start({ kind: "send", chats: [lobby], text: "Never twice.", pace: "fast" });
    await sending.reached;
    await chromium.killWorker();
    sending.release();

    const jobs = await endedJobs(chromium, app.page);
    const done = Object.fromEntries(jobs.map(({ job, steps }) => [job.input.kind, steps[0]!]));
    expect(done["add"]).toMatchObject({ state: "done", verdict: "added" });
    // What cannot be proved is for the agent to say, with the group that came up since.
    expect(done["create"]).toMatchObject({ state: "review", verdict: "needs-review" });
    expect(done["create"]!.candidates).toHaveLength(1);
    expect(done["send"]).toMatchObject({ state: "review", verdict: "unconfirmed" });
    const posts = server.log.filter(({ method }) => method !== "GET");
    expect(posts).toHaveLength(3);
    expect(server.effects.map(({ kind }) => kind).toSorted()).toEqual(["added", "added", "created", "sent"]);

    await app.go(`/activity/${jobs.find(({ job }) => job.input.kind === "create")!.job.id}`);
    await app.press("job_settle_this");
    await app.page.getByRole("link", { name: words("job_open_group") }).click();
    await app.page.getByRole("heading", { level: 1, name: "Half an answer" }).waitFor();
    expect(server.log.filter(({ method }) => method !== "GET")).toHaveLength(3);
  });

  it("adds people to three groups chosen by keys, through a refusal and its death, with a result for each group", async () => {
    const { page } = app;
    const groups = plainGroups(server).slice(0, 3);
    await app.choose(groups.map((group) => server.world.groups[group]!));
    await app.press("several_task_add");
    await app.field("people_label").fill(`${local(WORLD_PEOPLE.free)}\n${local(WORLD_PEOPLE.private)}`);
    const second = server.hold({ method: "POST", path: groups[1]! }, "after-apply");
    const totals = `${counted("job_title_add", 2)} · ${counted("groups_count", 3)}`;
    await page.getByRole("button", { name: totals, exact: true }).click();
    await second.reached;
    await chromium.killWorker();
    second.release();
    await endedJobs(chromium, page, await ordered("add"));
    const sections = await app.results();
    expect(sections.map(({ verdict, rows }) => [verdict, rows.length])).toEqual([
      [words("verdict_not_added"), 3],
      [words("verdict_added"), 3],
    ]);
    for (const group of groups) {
      expect(isIn(server, group, WORLD_PEOPLE.free)).toBe(true);
      expect(isIn(server, group, WORLD_PEOPLE.private)).toBe(false);
    }
    expect(blindRepeats(server)).toEqual([]);
  });

  it("between the two halves of a move never removes who is not read to be in the other group, and then removes once", async () => {
    const { page } = app;
    const [from, to] = plainGroups(server) as [string, string];
    const who = plainMembers(server, from, 1)[0]!.id;
    expect(isIn(server, to, who)).toBe(false);
    await commandValue(page, "refreshGroup", { group: from });
    await app.go(`/person/${encodeURIComponent(who)}`);
    await app.press("person_move_open");
    const dialog = page.getByRole("dialog");
    const { name } = server.world.groups[to]!;
    await dialog.getByRole("searchbox").fill(name);
    await dialog.getByRole("option", { name, exact: true }).click();
    // It dies once while the adding is under way, and once when the adding is proved and nothing is removed yet.
    const adding = server.hold({ method: "POST", path: to }, "after-apply");
    const removing = server.hold({ method: "GET", path: `${from}/participants` }, "half-response");
    await dialog.getByRole("button", { name: words("person_move"), exact: true }).click();
    await adding.reached;
    await chromium.killWorker();
    adding.release();
    await removing.reached;
    expect([isIn(server, to, who), isIn(server, from, who)]).toEqual([true, true]);
    await chromium.killWorker();
    removing.release();
    const [only] = await endedJobs(chromium, page, await ordered("move"));
    expect(only!.steps.map(({ verdict }) => verdict)).toEqual(["added", "removed"]);
    expect([isIn(server, to, who), isIn(server, from, who)]).toEqual([true, false]);
    expect(memberWrites(server).map(({ method }) => method)).toEqual(["POST", "DELETE"]);
    // Both halves stand in one result.
    await app.go(`/activity/${only!.job.id}`);
    const sections = await app.results();
    expect(sections.map(({ verdict }) => verdict)).toEqual([words("verdict_added"), words("verdict_removed")]);
  });
});

it("a popup that closes in the middle of the typing keeps place and text", async () => {
  const server = await startGateway("guide");
  const app = await freshApp(chromium);
  await connect(app.page, server);
  let popup = new App(await chromium.openPopup());
  await popup.rows().first().waitFor();
  await popup.press("groups_new");
  await popup.field("create_name").fill("Half a name");
  await popup.field("input_people").fill("+1 201 555 0142\n+1 20");
  await popup.page.locator("summary", { hasText: counted("input_valid", 1) }).waitFor();
  await popup.page.close();
  // What was typed last is on its way for a moment.
  const drafts = async () => (await readStore(app.page, ["drafts"]))["drafts"];
  await expect.poll(drafts).toEqual(expect.arrayContaining(["Half a name", "+1 201 555 0142\n+1 20"]));
  await chromium.killWorker();

  popup = new App(await chromium.openPopup());
  await popup.page.getByRole("heading", { level: 1, name: words("title_create") }).waitFor();
  await expect.poll(() => popup.field("create_name").inputValue()).toBe("Half a name");
  await expect.poll(() => popup.field("input_people").inputValue()).toBe("+1 201 555 0142\n+1 20");
  await popup.page.close();
  await app.page.close();
  await server.close();
});

/** A browser and a gateway of its own: what mostly waits runs side by side, and dies alone. */
async function openPlace(onEnd: (end: () => Promise<void>) => void, groups: number) {
  const server = await startGateway("guide", { groups }, PLENTY);
  onEnd(() => server.close());
  const chromium = await Chromium.launch();
  onEnd(() => chromium.close());
  const app = await freshApp(chromium);
  await connect(app.page, server);
  return { server, chromium, app };
}

it("T73 does not add again who was added and left meanwhile", async ({ onTestFinished }) => {
  const { server, chromium, app } = await openPlace(onTestFinished, 40);
  const [first, second] = plainGroups(server) as [string, string];
  const people = strangers(1);
  const barrier = server.hold({ method: "POST", path: second }, "after-apply");
  await startJob(app.page, { kind: "add", groups: [first, second], people, pace: "fast" });
  await barrier.reached;
  const group = server.world.groups[first]!;
  server.world.groups[first] = { ...group, members: group.members.filter(({ id }) => id !== people[0]!.id) };
  await chromium.killWorker();
  barrier.release();
  const [only] = await endedJobs(chromium, app.page);
  expect(only!.steps.map(({ verdict }) => verdict)).toEqual(["added", "added"]);
  expect(memberWrites(server)).toHaveLength(2);
  expect(isIn(server, first, people[0]!.id)).toBe(false);
});

const POINTS = [
  ["before the intent", "received"],
  ["before-apply", "after-apply"],
  ["half-response", "after-response"],
] as const;

it.concurrent.for(POINTS)(
  "T67 killed %s and %s, a worker adds and removes everybody once, and sends again only after a reading that is late enough",
  { timeout: 600_000 },
  async (points, { onTestFinished }) => {
    const { server, chromium, app } = await openPlace(onTestFinished, 70);
    const cases = points
      .flatMap((point) =>
        (["add", "remove"] as const).flatMap((op) => [true, false].map((isApplied) => ({ point, op, isApplied }))),
      )
      .map((one, n) => {
        const group = plainGroups(server)[n]!;
        return { ...one, group, people: one.op === "add" ? strangers(2, 2 * n) : plainMembers(server, group, 2) };
      });
    const order = ({ op, group, people }: (typeof cases)[number]) =>
      startJob(app.page, { kind: op, groups: [group], people, pace: "fast" });
    // Paused as soon as they are ordered, the removals are past their undo window when their turn comes.
    const ids = new Map<(typeof cases)[number], string>();
    for (const one of cases.filter(({ op }) => op === "remove")) {
      const id = await order(one);
      await commandValue(app.page, "pauseJob", { id });
      ids.set(one, id);
    }
    // One after the other, so that the worker that dies works on that one request and on nothing else.
    for (const one of cases) {
      const { op, group, point, isApplied } = one;
      const method = op === "remove" ? "DELETE" : "POST";
      const path = `${group}/participants`;
      if (!isApplied) server.fault({ method, path }, "500");
      const isEarly = point === "before the intent";
      const barrier = server.hold({ method: isEarly ? "GET" : method, path }, isEarly ? "half-response" : point);
      const id = ids.get(one) ?? (await order(one));
      if (ids.has(one)) await commandValue(app.page, "resumeJob", { id });
      ids.set(one, id);
      await barrier.reached;
      await chromium.killWorker();
      barrier.release();
      await endedJobs(chromium, app.page, id);
    }

    const jobs = await readJobs(app.page);
    expect(blindRepeats(server)).toEqual([]);
    for (const one of cases) {
      const { point, op, isApplied, group, people } = one;
      const { steps } = jobs.find(({ job }) => job.id === ids.get(one))!;
      const name = `${point} ${op} ${isApplied}`;
      const verdict = op === "add" ? "added" : "removed";
      expect([name, ...steps.map((step) => step.verdict)]).toEqual([name, verdict, verdict]);
      expect([name, ...people.map(({ id }) => isIn(server, group, id))]).toEqual([name, op === "add", op === "add"]);
      // A second time only what had no effect; of a removal only the first one, which goes alone.
      const [first, second] = people.map(({ id }) => sends(server, group)[id]);
      const again = isApplied ? 1 : 2;
      expect([name, first, second]).toEqual([name, again, op === "add" ? again : 1]);
    }
  },
);

it.concurrent(
  "T78 comes to its end all the same: as many deaths as in twelve minutes with one every twenty seconds",
  { timeout: 600_000 },
  async ({ onTestFinished }) => {
    const { server, chromium, app } = await openPlace(onTestFinished, 120);
    const groups = plainGroups(server).slice(0, 72);
    expect(groups).toHaveLength(72);
    const people = strangers(2, 10);
    // Dies while the gateway works on every other group; the next worker goes on with the group after it.
    const barriers = groups
      .filter((_, n) => n % 2 === 0)
      .map((group) => server.hold({ method: "POST", path: `${group}/participants` }, "after-apply"));
    expect(barriers).toHaveLength(36);
    await startJob(app.page, { kind: "add", groups, people, pace: "fast" });
    for (const barrier of barriers) {
      await barrier.reached;
      await chromium.killWorker();
      barrier.release();
    }
    const [{ steps }] = (await endedJobs(chromium, app.page)).slice(-1) as [Whole];
    expect(steps.filter(({ verdict }) => verdict !== "added")).toEqual([]);
    expect(blindRepeats(server)).toEqual([]);
    // Nobody was sent twice.
    expect(server.effects.filter(({ kind }) => kind === "added")).toHaveLength(steps.length);
    expect(memberWrites(server)).toHaveLength(groups.length);
  },
);
