import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { OWN_NUMBER, WORLD_INSTANCES, WORLD_PEOPLE } from "../../../lib/sandbox/world";
import type { MessageKey } from "../../../lib/shared/i18n";
import type { TestServer } from "../../server";
import { counted, KEY, local, startGateway, words } from "../app";
import { PATIENCE } from "../chromium";
import { Firefox, type FirefoxPage } from "../firefox";
import { at, control, field, readResults, sendFrom, whenStopped } from "../firefox-app";
import { blindRepeats, isIn, memberWrites, plainGroups, plainMembers, strangers } from "../jobs";

/**
 * The main flows across groups in Firefox: through somebody who refuses, a rate limit, and an event page that stops while
 * the gateway works.
 */

const WAIT = { timeout: PATIENCE };
const downloads = mkdtempSync(join(tmpdir(), "wappfy-downloads-"));
let firefox: Firefox;
let server: TestServer;
let app: FirefoxPage;
beforeAll(async () => {
  firefox = await Firefox.launch({
    preferences: {
      "extensions.background.idle.timeout": 1000,
      "browser.download.folderList": 2,
      "browser.download.dir": downloads,
    },
  });
  app = await firefox.open("app", "#/groups");
  await app.waitFor("document.querySelector('#root > *')");
});
beforeEach(async () => {
  server = await startGateway("guide");
  await sendFrom(app, "forgetEverything");
  const connection = {
    name: "Desk",
    key: KEY,
    auth: "api-key",
    dialect: "guide",
    instance: WORLD_INSTANCES.main,
  } as const;
  await sendFrom(app, "addConnection", {
    ...connection,
    origin: server.origin,
    protection: "none",
    ownNumber: OWN_NUMBER,
  });
  await sendFrom(app, "saveSettings", { pace: "fast" });
  await app.evaluate(`(location.hash = "/groups")`);
  await sees(counted("groups_count", 60));
  return () => server.close();
});
afterAll(async () => {
  await firefox?.close();
  rmSync(downloads, { recursive: true, force: true });
});

const { free, private: refusing } = WORLD_PEOPLE;
const sees = (text: string) => expect.poll(() => app.text(), WAIT).toContain(text);
const press = (text: string) => app.click(control(text));
const inDialog = (text: string) => app.click(at(`//dialog//button[normalize-space()="${text}"]`));
const limit = (method: string, path: string) => server.fault({ method, path }, { kind: "429", resetIn: 2 });

/** Chooses groups in the list by keys, and what to do with them. */
async function choose(groups: string[], task: MessageKey): Promise<void> {
  for (const group of groups) {
    const row = `document.querySelector('.rows a[href$="${encodeURIComponent(group)}"]')`;
    await app.fill("[data-search]", server.world.groups[group]!.name);
    await app.waitFor(row);
    await app.evaluate(`${row}.focus() ?? null`);
    await app.type("x");
  }
  await sees(counted("picker_chosen", groups.length));
  await app.click(`button[aria-label="${words("chosen_more")}"]`);
  await inDialog(words(task));
}

/** Lets the event page stop while the gateway works on the request that is held. */
async function stopDuring(held: ReturnType<TestServer["hold"]>): Promise<void> {
  let isReached = false;
  void held.reached.then(() => (isReached = true));
  await expect.poll(async () => isReached || (await app.text()), WAIT).toBe(true);
  await whenStopped(app);
  held.release();
}

const tally = async () =>
  Object.fromEntries(Object.entries(await readResults(app)).map(([verdict, { length }]) => [verdict, length]));

it("adds who is missing in the table of people and groups, in one job", async () => {
  const groups = plainGroups(server).slice(0, 3);
  await choose(groups, "chosen_table");
  await app.fill(field("people_label"), [free, refusing].map(local).join(", "));
  await press(counted("table_read", 3));
  await press(words("table_add", 6));
  const second = server.hold({ method: "POST", path: groups[1]! }, "after-apply");
  const limited = limit("POST", groups[2]!);
  await inDialog(counted("people_add_count", 6));
  await stopDuring(second);
  expect(await tally()).toEqual({ [words("verdict_not_added")]: 3, [words("verdict_added")]: 3 });
  expect(limited.hits()).toBe(1);
  for (const group of groups) expect([isIn(server, group, free), isIn(server, group, refusing)]).toEqual([true, false]);
  expect(blindRepeats(server)).toEqual([]);
});

it("saves a plan for several groups, and applies it as it was to those that did not change", async () => {
  const [first, second, third] = plainGroups(server) as [string, string, string];
  const [stays] = plainMembers(server, first, 1);
  await choose([first, second, third], "chosen_match");
  await app.fill(field("equal_label"), [stays!.id, free, refusing].map(local).join(", "));
  await press(words("people_read"));
  await expect.poll(() => app.text(), WAIT).not.toContain(words("match_doubt_unread"));
  await app.click(control(words("plan_file_save")));
  // Firefox writes under another name first.
  const files = () => readdirSync(downloads).filter((name) => name.startsWith(words("plan_file_name")));
  await expect.poll(files, WAIT).toHaveLength(1);
  const path = join(downloads, files()[0]!);
  await expect.poll(() => readFileSync(path, "utf8"), WAIT).toMatch(/"hash":"\w+"\}$/);
  const late = server.world.groups[third]!;
  server.world.groups[third] = { ...late, members: [...late.members, { id: strangers(1)[0]!.id, role: "member" }] };
  limit("GET", first);
  await app.click(control(words("plan_file_open")));
  await app.waitFor(`document.querySelector('input[type=file][accept^=".json"]') !== null`);
  await app.chooseFile(`document.querySelector('input[type=file][accept^=".json"]')`, path);
  await sees(counted("plan_file_changed", 1));
  const adding = server.hold({ method: "POST", path: first }, "after-apply");
  const limited = limit("POST", second);
  const count = [first, second].flatMap((group) =>
    [stays!.id, free, refusing].filter((person) => !isIn(server, group, person)),
  ).length;
  await press(words("equal_action_add", count));
  await stopDuring(adding);
  expect(await tally()).toEqual({ [words("verdict_not_added")]: 2, [words("verdict_added")]: count - 2 });
  expect(limited.hits()).toBe(1);
  expect(memberWrites(server, third)).toEqual([]);
  expect(blindRepeats(server)).toEqual([]);
});
