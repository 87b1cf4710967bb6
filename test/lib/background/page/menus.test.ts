import "fake-indexeddb/auto";
import type { Menus, Tabs } from "webextension-polyfill";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { createMenus, onCommand, onMenu, openPanel } from "../../../../lib/background/page/menus";
import { routeFor, suggest } from "../../../../lib/background/page/omnibox";
import { openWorker, type Worker } from "../../../../lib/background/worker";
import { WORLD_CODES, WORLD_GROUPS } from "../../../../lib/sandbox/world";
import { draftKey, SELECTION } from "../../../../lib/shared/draft";
import { readDraft } from "../../../../lib/store/read";
import { fakeBrowser, ORIGIN, sendFromPage, setGlobals, US, type FakeBrowser } from "../fake-browser";

/** What the agent starts from outside of our windows: menus, shortcuts, the address bar. */

const TAB = { id: 1, windowId: 10 } as Tabs.Tab;

let fake: FakeBrowser;
let worker: Worker;
let count = 0;

beforeAll(setGlobals);
beforeEach(async () => {
  count += 1;
  fake = fakeBrowser();
  worker = await openWorker(fake.browser, `menus-${count}`);
});

const send = (command: string, input?: unknown) => worker.receive({ command, input }, US);
const press = (info: Partial<Menus.OnClickData>, tab: Tabs.Tab | undefined = TAB) =>
  onMenu(worker.menus, info as Menus.OnClickData, tab);

describe("the menu", () => {
  test("is made anew with its titles, and bound to invite links", async () => {
    const created: Menus.CreateCreatePropertiesType[] = [];
    const order: string[] = [];
    const contextMenus = {
      removeAll: () => Promise.resolve(order.push("removeAll")),
      create: (item: Menus.CreateCreatePropertiesType) => {
        order.push("create");
        created.push(item);
        return item.id;
      },
    };
    await createMenus({ contextMenus } as unknown as Parameters<typeof createMenus>[0]);
    expect(order).toEqual(["removeAll", "create", "create", "create", "create"]);
    expect(created.every(({ title }) => (title ?? "").length > 10)).toBe(true);
    const link = created.find(({ contexts }) => contexts?.includes("link"));
    expect(link?.targetUrlPatterns).toContain("*://chat.whatsapp.com/*");
  });

  test.each([
    `https://chat.whatsapp.com/${WORLD_CODES.market}`,
    `https://chat.whatsapp.com/invite/${WORLD_CODES.market}?mode=ac_t`,
    `https://l.facebook.com/l.php?u=https%3A%2F%2Fchat.whatsapp.com%2F${WORLD_CODES.market}&h=x`,
    `https://web.whatsapp.com/accept?code=${WORLD_CODES.market}`,
  ])("on %s shows the invite and joins nothing", async (linkUrl) => {
    await press({ menuItemId: "manage-invite", linkUrl, pageUrl: "https://forum.example/t/1" });
    expect(fake.session["pending"]).toMatchObject({ code: WORLD_CODES.market, origin: "https://forum.example" });
    expect(fake.popups).toBe(1);
    expect(await worker.store.db.count("jobs")).toBe(0);
  });

  test("names the frame that holds the link, not the page around it", async () => {
    const linkUrl = `https://chat.whatsapp.com/${WORLD_CODES.market}`;
    const pageUrl = "https://bank.example/";
    await press({ menuItemId: "manage-invite", linkUrl, pageUrl, frameUrl: "https://ads.example/frame" });
    expect(fake.session["pending"]).toMatchObject({ origin: "https://ads.example" });
    await press({ menuItemId: "manage-invite", linkUrl, pageUrl, frameUrl: "about:srcdoc" });
    expect(fake.session["pending"]).toMatchObject({ origin: null });
  });

  test("on a link that is no invite says so, and keeps the link out of the address", async () => {
    await press({ menuItemId: "manage-invite", linkUrl: "https://forum.example/?about=chat.whatsapp.com" });
    expect([fake.popups, fake.session["pending"]]).toEqual([0, undefined]);
    expect(fake.opened).toEqual([expect.stringMatching(/#\/join\?none=1$/)]);
  });

  test("keeps selected numbers out of the address", async () => {
    await press({ menuItemId: "add-selection", selectionText: "+44 7700 900111, +44 7700 900112" });
    await press({ menuItemId: "find-selection", selectionText: "+44 7700 900111, +44 7700 900112" });
    // One goes on to the choice of groups, the other shows in which groups they are.
    expect(fake.opened).toEqual([
      `${ORIGIN}/app.html#/people?from=selection&to=add`,
      `${ORIGIN}/app.html#/people?from=selection`,
    ]);
    expect(await readDraft(worker.store, draftKey(SELECTION, "people"))).toBe("+44 7700 900111, +44 7700 900112");
  });

  test("and the shortcut find the page's invites and show them", async () => {
    const source = [["href", `https://chat.whatsapp.com/${WORLD_CODES.sample}`]];
    fake.frames = [{ host: "forum.example", found: [{ source, context: "Join us" }], frames: [] }];
    await press({ menuItemId: "find-invites" });
    expect(fake.session["page:1"]).toMatchObject({ invites: [{ code: WORLD_CODES.sample, context: "Join us" }] });
    expect(await readDraft(worker.store, draftKey({ form: "route" }, "popup"))).toBe("#/page");
    await onCommand(worker.menus, "find-invites", TAB);
    expect(fake.popups).toBe(2);
  });
});

test("R11: the panel is opened before anything is awaited", () => {
  const opened: unknown[] = [];
  const open = (options: unknown) => {
    opened.push(options);
    return Promise.reject(new Error("no panel in this window"));
  };
  openPanel({ sidePanel: { open } } as never, TAB);
  expect(opened).toEqual([{ windowId: 10 }]);
  const toggle = vi.fn(() => Promise.resolve());
  openPanel({ sidebarAction: { toggle } } as never, TAB);
  expect(toggle).toHaveBeenCalledOnce();
});

describe("the address bar", () => {
  beforeEach(async () => {
    await send("addSandbox");
    await send("refreshGroups");
  });

  test("suggests groups by any words of their names, whatever the case and accents", async () => {
    const all = await suggest(worker.store, "proj ALPHA");
    expect(all).toEqual([{ content: WORLD_GROUPS.alpha, description: "Project Alpha" }]);
    expect(await suggest(worker.store, "prójeçt")).toContainEqual(all[0]);
    expect(await suggest(worker.store, "nothing of the kind")).toEqual([]);
    expect(await suggest(worker.store, "  ")).toEqual([]);
    expect((await suggest(worker.store, "e")).length).toBeLessThanOrEqual(6);
  });

  test("shows a name with markup as text in both browsers", async () => {
    await worker.store.db.put("groups", {
      ...(await worker.store.db.getAll("groups"))[0]!,
      name: "<url>evil</url> & 'co'",
      nameKey: "<url>evil</url> & 'co'",
    });
    const [found] = await suggest(worker.store, "evil");
    expect(found?.description).not.toMatch(/[<>&"']/);
  });

  test("leads to the group, to joining, or to the list", async () => {
    expect(await routeFor(worker.store, WORLD_GROUPS.alpha)).toBe(`#/group/${encodeURIComponent(WORLD_GROUPS.alpha)}`);
    expect(await routeFor(worker.store, "project al")).toBe(`#/group/${encodeURIComponent(WORLD_GROUPS.alpha)}`);
    expect(await routeFor(worker.store, `https://chat.whatsapp.com/${WORLD_CODES.sample}`)).toBe(
      `#/join/${WORLD_CODES.sample}`,
    );
    const [join] = await suggest(worker.store, WORLD_CODES.market);
    expect(join?.description).toContain(WORLD_CODES.market);
    expect(await routeFor(worker.store, join!.content)).toBe(`#/join/${WORLD_CODES.market}`);
    // A word of ten letters has the form of a code; nobody means it so.
    expect(await routeFor(worker.store, "neighbours")).not.toContain("/join/");
    expect(await routeFor(worker.store, "nothing of the kind")).toBe("#/groups");
  });
});

describe("the badge", () => {
  const badge = (text: string, tab?: number) =>
    vi.waitUntil(() => fake.badge.get(tab) === text, { timeout: 10_000, interval: 20 });

  test("says what waits for the agent, over what is on the page", async () => {
    await badge("");
    const report = {
      command: "reportInvites",
      input: { sources: [[["", `https://chat.whatsapp.com/${WORLD_CODES.sample}`]]] },
    };
    await sendFromPage(worker, fake, report);
    await badge("1", 1);
    await sendFromPage(worker, fake, { command: "askToJoin", input: { code: WORLD_CODES.sample } });
    await badge("!");
    expect(fake.badge.get(1)).toBeNull();
    const { id } = fake.session["pending"] as { id: string };
    await send("dismissInvite", { id });
    await badge("");
    await badge("1", 1);
  });

  test("counts what is left of a job", async () => {
    await send("addSandbox");
    await send("refreshGroups");
    const codes = [WORLD_CODES.neighbours, WORLD_CODES.sector, WORLD_CODES.market];
    await send("startJob", { job: { kind: "join", codes, pace: "careful" }, nonce: "n" });
    await vi.waitUntil(() => /^[123]$/.test(fake.badge.get(undefined) ?? ""), { timeout: 10_000, interval: 20 });
  });
});
