import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { WORLD_PEOPLE } from "../../../lib/sandbox/world";
import type { TestServer } from "../../server";
import { type App, command, commandValue, connect, counted, freshApp, local, startGateway, words } from "../app";
import { Chromium } from "../chromium";
import { blindRepeats, endedJobs, isIn, memberWrites, orderedJob, plainGroups, plainMembers, strangers } from "../jobs";

/**
 * What is done with people in several groups, as an agent does it on the screens: each through somebody who refuses, a
 * worker that dies while the gateway works, and a rate limit.
 */

let chromium: Chromium;
let server: TestServer;
let app: App;
beforeAll(async () => void (chromium = await Chromium.launch()));
afterAll(() => chromium?.close());
beforeEach(async () => {
  server = await startGateway("guide");
  app = await freshApp(chromium);
  await enter();
  return async () => {
    await app.page.close();
    await server.close();
  };
});

const { free, private: refusing } = WORLD_PEOPLE;

/** Connects, with everybody of a job in one request. */
async function enter(): Promise<void> {
  await connect(app.page, server);
  await commandValue(app.page, "saveSettings", { pace: "fast" });
  await app.go("/groups");
  await app.rows().first().waitFor();
}

const groupsOf = (ids: string[]) => ids.map((id) => server.world.groups[id]!);
/** A number however it is grouped. */
const spelling = (id: string) => new RegExp(id.replace(/@.*/, "").slice(-7).replace(/\B/g, "\\D*"));
const dialog = () => app.page.getByRole("dialog");
const limit = (method: string, path: string | RegExp, nth = 1) =>
  server.fault({ method, path, nth }, { kind: "429", resetIn: 2 });

/** Ends the worker while the gateway works on the request that is held. */
async function dieDuring(held: ReturnType<TestServer["hold"]>): Promise<void> {
  await held.reached;
  await chromium.killWorker();
  held.release();
}

/** Effects of these kinds, each with its group and person. */
const effects = (...kinds: string[]) =>
  server.effects
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ kind, target, person }) => [kind, target, person].join(" "))
    .toSorted();

/** Each verdict of the job on the screen, with how many have it. */
const tally = async () => Object.fromEntries((await app.results()).map((each) => [each.verdict, each.rows.length]));

it("adds who is missing in the table of people and groups, in one job", async () => {
  const groups = plainGroups(server).slice(0, 4);
  const [known] = plainMembers(server, groups[0]!, 1);
  const people = [known!.id, free, refusing];
  const missing = groups.flatMap((group) => people.filter((id) => !isIn(server, group, id)).map((id) => [group, id]));
  await app.choose(groupsOf(groups));
  await app.chooseMore(words("chosen_table"));
  await app.field("people_label").fill(people.map(local).join("\n"));
  limit("GET", groups[1]!);
  await app.pressCounted("table_read", 4);
  await app.press("table_add", missing.length);
  const second = server.hold({ method: "POST", path: groups[1]! }, "after-apply");
  const limited = limit("POST", groups[2]!);
  await dialog()
    .getByRole("button", { name: counted("people_add_count", missing.length) })
    .click();
  await dieDuring(second);
  const jobs = await endedJobs(chromium, app.page, await orderedJob(chromium, app.page, "add"));
  expect([jobs.length, limited.hits()]).toEqual([1, 1]);
  const able = missing.filter(([, id]) => id !== refusing);
  expect(await tally()).toEqual({ [words("verdict_not_added")]: 4, [words("verdict_added")]: able.length });
  expect(effects("added")).toEqual(able.map(([group, id]) => `added ${group} ${id}`).toSorted());
  expect(blindRepeats(server)).toEqual([]);
  // The table knows it without another reading.
  await app.page.goBack();
  await app.button("table_add", 4).waitFor();
  const table = app.page.getByRole("grid", { name: words("people_table") });
  const row = (id: string) => table.getByRole("row", { name: spelling(id) });
  const cells = (id: string) =>
    row(id)
      .getByRole("gridcell")
      .evaluateAll((each) => each.map((cell) => cell.ariaLabel));
  expect(await cells(free)).toEqual(Array(4).fill(words("table_place_in")));
  expect(await cells(refusing)).toEqual(Array(4).fill(words("table_place_out")));
});

it("applies a saved plan for several groups exactly as it was, but to none that changed since", async () => {
  const [first, second, third] = plainGroups(server) as [string, string, string];
  const [stays, goes] = plainMembers(server, first, 2).map(({ id }) => id) as [string, string];
  await app.choose(groupsOf([first, second, third]));
  await app.chooseMore(words("chosen_match"));
  await app.field("equal_label").fill([stays, free, refusing].map(local).join("\n"));
  limit("GET", second);
  await app.press("people_read");
  const rowOf = (id: string) => app.page.locator("details.match-row", { hasText: server.world.groups[id]!.name });
  await rowOf(first).locator("summary").click();
  await rowOf(first)
    .getByRole("option", { name: spelling(goes) })
    .click();
  await app.page.getByText(words("match_doubt_unread")).first().waitFor({ state: "detached" });
  const [file] = await Promise.all([app.page.waitForEvent("download"), app.press("plan_file_save")]);
  const chunks: Buffer[] = [];
  for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
  const plan = Buffer.concat(chunks).toString();
  const wanted = (JSON.parse(plan) as { groups: { id: string; add: { id: string }[]; remove: { id: string }[] }[] })
    .groups;
  expect(Object.fromEntries(wanted.map(({ id, remove }) => [id, remove.map((each) => each.id)]))).toEqual({
    [first]: [goes],
    [second]: [],
    [third]: [],
  });

  // A colleague, who has nothing but the file, on another day.
  await command(app.page, "forgetEverything");
  await enter();
  const late = server.world.groups[third]!;
  server.world.groups[third] = { ...late, members: [...late.members, { id: strangers(1)[0]!.id, role: "member" }] };
  await app.go("/people");
  await app.page.getByRole("link", { name: words("plan_file_open") }).click();
  const open = async (text: string) => {
    const [chooser] = await Promise.all([app.page.waitForEvent("filechooser"), app.press("plan_file_open")]);
    await chooser.setFiles({ name: "plan.json", mimeType: "application/json", buffer: Buffer.from(text) });
  };
  await open(plan.replace(goes.split("@")[0]!, stays.split("@")[0]!));
  await app.sees(words("plan_file_altered"));
  const asked = server.hold({ method: "GET", path: second }, "received");
  limit("GET", first);
  await open(plan);
  await dieDuring(asked);
  await app.sees(counted("plan_file_changed", 1));
  const usable = wanted.filter(({ id }) => id !== third);
  const adds = usable.flatMap(({ id, add }) => add.map((each) => `added ${id} ${each.id}`));
  const adding = server.hold({ method: "POST", path: first }, "after-apply");
  limit("POST", second);
  limit("DELETE", first);
  await app.press("equal_action", adds.length, 1);
  await dialog()
    .getByRole("button", { name: words("equal_action", adds.length, 1) })
    .click();
  await dieDuring(adding);
  const jobs = await endedJobs(chromium, app.page);
  expect(jobs.map(({ job }) => job.input.kind).toSorted()).toEqual(["add", "remove"]);
  const able = adds.filter((each) => !each.endsWith(refusing));
  expect(effects("added", "removed")).toEqual([...able, `removed ${first} ${goes}`].toSorted());
  expect(memberWrites(server, third)).toEqual([]);
  expect(blindRepeats(server)).toEqual([]);
});

it("creates groups from a table, and none a second time that may have been created", async () => {
  const people = strangers(3);
  const table = [
    "Group,Name,Phone",
    `Early shift,Asha,${people[0]!.given}`,
    `Early shift,Ben,${people[1]!.given}`,
    `Late shift,Chen,${people[2]!.given}`,
    `Late shift,Dora,${local(refusing)}`,
    `Night shift,Asha,${people[0]!.given}`,
  ];
  await app.press("groups_new");
  await app.page.getByRole("link", { name: words("several_open") }).click();
  await app.field("several_table").fill(table.join("\n"));
  const second = server.hold({ method: "POST", path: /\/groups$/, nth: 2 }, "after-apply");
  const limited = limit("POST", /\/groups$/, 3);
  await app.pressCounted("several_create", 3);
  await dieDuring(second);
  await endedJobs(chromium, app.page);
  const created = () => server.effects.flatMap(({ kind, text }) => (kind === "created" ? [text] : []));
  const names = ["Early shift", "Late shift", "Night shift"];
  expect([created(), limited.hits()]).toEqual([names, 1]);
  // Which of the groups that came up it was, is for the agent to say; its people follow.
  await app.sees(words("verdict_needs_review_next"));
  await app.press("job_settle_this");
  await app.page.getByRole("heading", { name: words("verdict_needs_review") }).waitFor({ state: "detached" });
  await endedJobs(chromium, app.page);
  expect(await tally()).toEqual({
    [words("verdict_created")]: 3,
    [words("verdict_added")]: 4,
    [words("verdict_not_added")]: 1,
  });
  expect(created()).toEqual(names);
  expect(memberWrites(server)).toEqual([]);
});

it("moves who can be added, and leaves who refuses where they are", async () => {
  const [from, to] = plainGroups(server) as [string, string];
  const [able, unable] = plainMembers(server, from, 9)
    .map(({ id }) => id)
    .filter((id) => !isIn(server, to, id)) as [string, string];
  server.world.people[unable] = { refuses: 403 };
  await app.openGroup(from);
  const move = async (person: string) => {
    await app.go(`/person/${encodeURIComponent(person)}`);
    await app.press("person_move_open");
    const { name } = server.world.groups[to]!;
    await dialog().getByLabel(words("person_move_from")).selectOption(from);
    await dialog().getByRole("searchbox").fill(name);
    await dialog().getByRole("option", { name, exact: true }).click();
    await dialog()
      .getByRole("button", { name: words("person_move"), exact: true })
      .click();
  };
  await move(unable);
  // One after the other, as they are about the same groups.
  const adding = server.hold({ method: "POST", path: to, nth: 2 }, "after-apply");
  const limited = limit("DELETE", from);
  await move(able);
  await dieDuring(adding);
  const [stayed, moved] = await endedJobs(chromium, app.page);
  await app.go(`/activity/${stayed!.job.id}`);
  await app.sees(words("reason_not_moved"));
  expect(await tally()).toEqual({ [words("verdict_not_added")]: 1, [words("verdict_not_removed")]: 1 });
  await app.go(`/activity/${moved!.job.id}`);
  await app.sees(words("verdict_removed"));
  expect(await tally()).toEqual({ [words("verdict_added")]: 1, [words("verdict_removed")]: 1 });
  expect(limited.hits()).toBe(1);
  expect(effects("added", "removed")).toEqual([`added ${to} ${able}`, `removed ${from} ${able}`]);
});

it("removes a person from several groups: where they are admin only if ticked, and once", async () => {
  const groups = plainGroups(server).slice(0, 4);
  const [person] = strangers(1);
  const roles = ["member", "member", "admin", "superadmin"] as const;
  for (const [at, group] of groupsOf(groups).entries()) {
    server.world.groups[group.id] = { ...group, members: [...group.members, { id: person!.id, role: roles[at]! }] };
  }
  await app.choose(groupsOf(groups));
  await app.press("several_task_remove");
  await app.field("people_label").fill(person!.given);
  limit("GET", groups[1]!);
  await app.press("people_read");
  await app.sees(counted("several_removals", 2));
  const admins = app.page.getByRole("group", { name: words("several_admins") });
  await admins.getByRole("option", { name: server.world.groups[groups[3]!]!.name }).click();
  await app.sees(counted("several_removals", 3));
  const totals = `${counted("job_title_remove", 1)} · ${counted("groups_count", 3)}`;
  await app.page.getByRole("button", { name: totals, exact: true }).click();
  const second = server.hold({ method: "DELETE", path: groups[1]! }, "after-apply");
  const limited = limit("DELETE", groups[3]!);
  await dialog()
    .getByRole("button", { name: counted("members_remove_list_next", 3) })
    .click();
  await dieDuring(second);
  await endedJobs(chromium, app.page, await orderedJob(chromium, app.page, "remove"));
  // WhatsApp keeps who made a group.
  expect(await tally()).toEqual({ [words("verdict_not_removed")]: 1, [words("verdict_removed")]: 2 });
  expect(limited.hits()).toBe(1);
  expect(effects("removed")).toEqual(
    groups
      .slice(0, 2)
      .map((group) => `removed ${group} ${person!.id}`)
      .toSorted(),
  );
  expect(blindRepeats(server)).toEqual([]);
});
