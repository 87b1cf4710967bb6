import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { WORLD_CODES, WORLD_GROUPS } from "../../lib/sandbox/world";
import { pressJoin } from "../e2e/agent";
import { App, command, commandValue, connect, PASSPHRASE, startGateway, words } from "../e2e/app";
import { Chromium, STILL } from "../e2e/chromium";
import { plainGroups, plainMembers, startJob } from "../e2e/jobs";
import type { TestServer } from "../server";

/** What a page can reach with an invite: our question, and never a join that the agent did not mean. */

const link = (code: string) => `<a href="https://chat.whatsapp.com/${code}">our group</a>`;

interface SessionGlobal {
  chrome: {
    action: { openPopup(): Promise<void>; getBadgeText(of: object): Promise<string> };
    windows: { create(window: object): Promise<unknown>; getAll(): Promise<{ focused: boolean }[]> };
    storage: {
      session: {
        get(key: string): Promise<Record<string, Record<string, unknown>>>;
        set(items: object): Promise<void>;
        remove(key: string): Promise<void>;
      };
    };
  };
}

let chromium: Chromium;
let server: TestServer;
let app: App;
let web: Page;
/** The groups of the gateway as they were at the start. */
let groups: TestServer["world"]["groups"];
beforeAll(async () => {
  server = await startGateway("guide");
  groups = { ...server.world.groups };
  server.page("/one", `<!doctype html><title>One</title><p id="p">${link(WORLD_CODES.sample)}</p>`);
  server.page("/frame", `<!doctype html><title>Frame</title><p>${link(WORLD_CODES.sample)}</p>`);
  chromium = await Chromium.launch();
  app = new App(await chromium.open("app", "#/settings"));
  web = await chromium.context.newPage();
  // A click that misses a chip which just moved leads nowhere: the page stays.
  await web.route("https://chat.whatsapp.com/**", (route) => route.fulfill({ status: 204 }));
});
const openPage = async () => {
  await web.goto(`http://page.test:${server.port}/one`);
  await web.bringToFront();
  await chromium.waitForChips(web);
};
beforeEach(async () => {
  // What another test joined is joined no second time: the world and what we know of it begin anew.
  Object.assign(server.world.groups, groups);
  await commandValue(app.page, "forgetEverything");
  await connect(app.page, server);
  // A screen that shows the list has no need to read it then.
  await commandValue(app.page, "refreshGroups");
  server.reset();
  await openPage();
});
/** Puts away whatever was asked, and what asks it. */
const putAway = async () => {
  for (const page of chromium.context.pages()) if (page !== web && page !== app.page) await page.close();
  const pending = await commandValue(app.page, "pendingInvite");
  if (pending) await command(app.page, "dismissInvite", { id: pending.id });
  await refill();
};
afterEach(async () => {
  await putAway();
  server.reset();
});
afterAll(async () => {
  await chromium?.close();
  await server?.close();
});

/** Forgets how often pages have asked in this minute. */
const refill = async () => {
  const worker = await chromium.worker();
  await worker.evaluate(() => (globalThis as unknown as SessionGlobal).chrome.storage.session.remove("asks"));
};
const writes = () => server.log.filter(({ method }) => method !== "GET");
const joined = () => server.effects.filter(({ kind }) => kind === "joined").map(({ target }) => target);

/** What a page script that was taken over can do. */
const stage = (code: string) =>
  chromium.inPageScript<{ ok: boolean; value: unknown }>(
    web,
    `chrome.runtime.sendMessage(${JSON.stringify({ command: "askToJoin", input: { code } })})`,
  );

/**
 * Asks for this code as often as it takes: the browser may still be giving the window its focus back. Returns the popup
 * that opens. It is looked for afterwards, because an older one closes when the page comes to the front.
 */
const stageFirst = (code: string): Promise<Page> =>
  chromium.popupAfter(() =>
    chromium.waitUntil(async () => {
      await refill();
      await web.bringToFront();
      await stage(code);
      return (await commandValue(app.page, "pendingInvite"))?.code === code;
    }, "the question"),
  );

/** Brings the page to the front and waits until its window has the focus: until then nothing is opened at all. */
const focusWindow = async (): Promise<void> => {
  await web.bringToFront();
  const isFocused = async () => {
    const worker = await chromium.worker();
    return worker.evaluate(async () => {
      const windows = await (globalThis as unknown as SessionGlobal).chrome.windows.getAll();
      return windows.some(({ focused }) => focused);
    });
  };
  await chromium.waitUntil(isFocused, "the window to have the focus");
};

/** The question about this code in the popup that a page made us open. */
const openQuestion = async (code: string): Promise<App> => {
  const popup = new App(await stageFirst(code));
  await popup.sees(code);
  return popup;
};

const readyJoin = (view: App) => view.button("confirm_join").and(view.page.locator(":not([aria-disabled])")).waitFor();

/** One touch of a screen that has no mouse. */
async function touch(page: Page, point: { x: number; y: number }): Promise<void> {
  const session = await chromium.context.newCDPSession(page);
  await session.send("Emulation.setTouchEmulationEnabled", { enabled: true });
  await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [point] });
  await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await session.send("Emulation.setTouchEmulationEnabled", { enabled: false });
  await session.detach();
}

/** Everything that was started has come to its end at the gateway. */
const settled = () =>
  chromium.waitUntil(async () => {
    const jobs = (await app.page.evaluate(
      `new Promise((done) => { const open = indexedDB.open("wappfy"); open.onsuccess = () => {
         const all = open.result.transaction("jobs").objectStore("jobs").getAll();
         all.onsuccess = () => { open.result.close(); done(all.result.map((job) => job.endedAt ?? 0)); }; }; })`,
    )) as number[];
    return jobs.every((end) => end > 0);
  }, "the jobs to end");

/** Ways to hide a chip or to put something else in front of it, as rules for what lies around it. */
const CONCEALMENTS: [what: string, css: string, html?: string][] = [
  ["transparent", "#p { opacity: 0 }"],
  ["nearly transparent", "#p { opacity: 0.01 }"],
  ["masked", "#p { mask-image: linear-gradient(transparent, transparent) }"],
  ["filtered away", "#p { filter: opacity(0) }"],
  ["blended away", "#p { mix-blend-mode: screen; background: #fff }"],
  ["scaled up over the page", "#p { transform: scale(8); transform-origin: 0 0; opacity: 0.01 }"],
  ["rotated", "#p { transform: rotate(180deg); opacity: 0.01 }"],
  ["clipped to a corner", "#p { clip-path: inset(0 0 0 0 round 9px); opacity: 0.01 }"],
  ["under a picture that lets clicks through", "#over { pointer-events: none; z-index: 9 }", "<b>Win a prize</b>"],
  ["under a popover that lets clicks through", "#over { pointer-events: none; border: 0; margin: 0 }", "popover"],
  [
    "covered by a pseudo element",
    "#p::after { content: 'Play'; position: fixed; inset: 0; pointer-events: none; background: #fff }",
  ],
  ["behind a shadow", "#p { box-shadow: inset 0 0 0 99px #fff; color: #fff; opacity: 0.02 }"],
  ["in the colour of the page", "#p { filter: brightness(99) contrast(0) }"],
  ["fixed in the middle", "#p { position: fixed; top: 300px; left: 500px; opacity: 0.01 }"],
  ["in the top layer", "#p { position: fixed; inset: 0; z-index: 2147483647; opacity: 0.01 }"],
  ["in three dimensions", "#p { transform: perspective(90px) translateZ(40px); opacity: 0.01 }"],
];

it("T16 whatever hides the chip, a click that was stolen opens our question at most and sends nothing", async () => {
  // With the panel open beside the page, no popup has to open and close for each of them.
  const panelOpens = chromium.waitForSurface("sidepanel");
  await app.page.bringToFront();
  await app.page.evaluate("chrome.windows.getCurrent().then(({ id }) => chrome.sidePanel.open({ windowId: id }))");
  await panelOpens;
  await web.bringToFront();
  let staged = 0;
  for (const [what, css, over] of CONCEALMENTS) {
    await web.evaluate(
      ([css, over]) => {
        document.querySelector("#css")?.remove();
        document.querySelector("#over")?.remove();
        document.head.append(Object.assign(document.createElement("style"), { id: "css", textContent: css }));
        if (!over) return;
        const layer = Object.assign(document.createElement("div"), { id: "over", innerHTML: over });
        layer.style.cssText = "position:fixed;inset:0;width:100%;height:100%;background:#fff";
        document.body.append(layer);
        if (over === "popover") {
          layer.popover = "manual";
          layer.showPopover();
        }
      },
      [css, over ?? ""] as const,
    );
    await web.waitForTimeout(STILL);
    const [chip] = await chromium.chips(web);
    if (chip?.point) await web.mouse.click(chip.point.x, chip.point.y);
    let pending = await commandValue(app.page, "pendingInvite");
    // What a press asks for is on its way for a moment.
    for (let looks = 0; !pending && looks < 20; looks += 1) {
      await web.waitForTimeout(100);
      pending = await commandValue(app.page, "pendingInvite");
    }
    if (pending) {
      staged += 1;
      expect([what, pending.code]).toEqual([what, WORLD_CODES.sample]);
      await command(app.page, "dismissInvite", { id: pending.id });
    }
    await refill();
  }
  // A test in which no click met a chip would prove nothing.
  expect(staged).toBeGreaterThan(8);
  expect(writes()).toEqual([]);
});

it("T16 a chip that follows the mouse, and a link in a frame, get no further", async () => {
  await web.evaluate((port) => {
    document.querySelector<HTMLElement>("#p")!.style.cssText = "position:fixed;left:0;top:0;opacity:.01";
    const frame = Object.assign(document.createElement("iframe"), { src: `http://inner.test:${port}/frame` });
    frame.style.cssText = "position:fixed;bottom:0;left:0";
    document.body.append(frame);
  }, server.port);
  // The chip is the same everywhere, so that a page may well know where in its line it stands.
  const { x, y } = (await chromium.waitForChips(web))[0]!.point!;
  await web.evaluate(
    ([x, y]) =>
      addEventListener("mousemove", ({ clientX, clientY }) => {
        const { style } = document.querySelector<HTMLElement>("#p")!;
        style.left = `${clientX - x}px`;
        style.top = `${clientY - y}px`;
      }),
    [x, y] as const,
  );
  // What has just come under the mouse takes no press. A press that came so late that the chip stood still proves nothing.
  const isQuick = async () => {
    await web.mouse.move(600, 200);
    await web.mouse.move(635, 235, { steps: 6 });
    const movedAt = Date.now();
    await web.mouse.move(640, 240);
    await web.mouse.click(640, 240);
    return Date.now() - movedAt < 200;
  };
  for (let tries = 1; !(await isQuick()); tries += 1) {
    if (tries === 20) throw new Error("no press came soon enough after the chip");
    // What the late press asks for is on its way for a moment, and must not be taken for the next one's.
    const isAsked = async () => (await commandValue(app.page, "pendingInvite")) !== null;
    for (let looks = 0; looks < 30 && !(await isAsked()); looks += 1) await web.waitForTimeout(100);
    await putAway();
    await web.bringToFront();
  }
  await web.waitForTimeout(STILL);
  expect(await commandValue(app.page, "pendingInvite")).toBeNull();
  const popup = new App(await chromium.popupByChip(web, () => web.mouse.click(640, 240)));
  await popup.sees(WORLD_CODES.sample);
  // The second half of a double click, and a third click of somebody who waits for the page to react.
  const box = (await popup.button("confirm_join").boundingBox())!;
  await popup.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await readyJoin(popup);
  await popup.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await popup.sees(words("confirm_type", words("confirm_word")));
  // The frame has no page script at all.
  const inner = web.frames().find((frame) => frame.url().includes("inner.test"))!;
  expect(await inner.evaluate(() => document.querySelectorAll("span").length)).toBe(0);
  expect(writes()).toEqual([]);
});

it("T28 who has nothing but a finger asks and joins with it", async () => {
  const [chip] = await chromium.waitForChips(web);
  await web.waitForTimeout(STILL);
  const popup = new App(await chromium.popupByChip(web, () => touch(web, chip!.point!)));
  await popup.sees(WORLD_CODES.sample);
  expect(writes()).toEqual([]);
  await readyJoin(popup);
  // Where it is now: what is read meanwhile moves it.
  const box = (await popup.button("confirm_join").boundingBox())!;
  await touch(popup.page, { x: box.x + box.width / 2, y: box.y + box.height / 2 });
  await popup.results();
  await settled();
  expect(writes()).toHaveLength(1);
});

it("T21 what the agent looks at is what is joined, whatever the page asks for meanwhile", async () => {
  const popup = await openQuestion(WORLD_CODES.neighbours);
  await refill();
  await stage(WORLD_CODES.crowded);
  expect(await popup.page.locator("dl.facts .code").innerText()).toBe(WORLD_CODES.neighbours);
  await pressJoin(popup.page);
  await popup.results();
  await settled();
  expect(joined()).toEqual([WORLD_GROUPS.neighbours]);
  expect(writes().filter(({ path, body }) => (path + body).includes(WORLD_CODES.crowded))).toEqual([]);
});

it("T21 a press on another invite asks about that one, whatever stands in a tab of ours behind the page", async () => {
  // The tab of `app` is open all the time, as an agent has it.
  const first = await openQuestion(WORLD_CODES.neighbours);
  await first.page.close();
  const second = await openQuestion(WORLD_CODES.sector);
  expect(await second.page.locator("dl.facts .code").innerText()).toBe(WORLD_CODES.sector);
});

it("T22 the focus is on Cancel, also after the question changed", async () => {
  const focused = (view: App) => view.page.evaluate(() => document.activeElement?.textContent);
  await (await stageFirst(WORLD_CODES.sector)).close();
  const view = new App(await chromium.open("sidepanel"));
  await view.sees(WORLD_CODES.sector);
  await expect.poll(() => focused(view)).toBe(words("action_cancel"));
  await readyJoin(view);
  await view.button("confirm_join").focus();
  // How Join was in the frame in which the other code came: the popup that is waited for may be later than the lock.
  const lock = view.page.evaluate(
    (name) =>
      new Promise<string | null | undefined>((resolve) => {
        const code = () => document.querySelector("dl.facts .code")?.textContent;
        const join = () => [...document.querySelectorAll("button")].find((button) => button.textContent === name);
        const before = code();
        const observer = new MutationObserver(() => {
          if (!code() || code() === before) return;
          observer.disconnect();
          requestAnimationFrame(() => resolve(join()?.getAttribute("aria-disabled")));
        });
        observer.observe(document.body, { subtree: true, childList: true, characterData: true });
      }),
    words("confirm_join"),
  );
  // By the agent's own hand (the context menu) another one takes its place.
  await chromium.pressMenu("manage-invite", { linkUrl: `https://chat.whatsapp.com/${WORLD_CODES.market}` }, web);
  await view.sees(WORLD_CODES.market);
  // It comes up beside the page too; a popup that is late would come into the next test.
  await chromium.waitForSurface("popup");
  await expect.poll(() => focused(view)).toBe(words("action_cancel"));
  expect(await lock).toBe("true");
  await view.page.keyboard.press("Enter");
  await expect.poll(() => commandValue(app.page, "pendingInvite")).toBeNull();
  expect(writes()).toEqual([]);
});

it("T18 what was aimed at before the screen changed counts no more, and neither do four pixels or the events of a script", async () => {
  const view = await openQuestion(WORLD_CODES.market);
  const { page } = view;
  const join = async () => {
    const box = (await view.button("confirm_join").boundingBox())!;
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  };
  const press = async () => {
    await page.mouse.down();
    await page.mouse.up();
  };
  await readyJoin(view);
  const at = await join();
  // The first event only says where the mouse is.
  await page.mouse.move(at.x - 4, at.y);
  await page.mouse.move(at.x, at.y);
  await press();
  await view.sees(words("confirm_type", words("confirm_word")));

  // A script moves a pointer of its own and presses Tab.
  await page.evaluate(() => {
    for (const clientX of [0, 200]) document.dispatchEvent(new PointerEvent("pointermove", { clientX, clientY: 9 }));
    document.dispatchEvent(new KeyboardEvent("keydown", { key: "Tab" }));
  });
  await press();
  await view.button("confirm_join").focus();
  await page.keyboard.press("Enter");

  const changes: Record<string, () => Promise<unknown>> = {
    // A test can neither size a popup nor take the focus from it; the browser says no more than this of either.
    "the window gets another size": () => page.evaluate(() => dispatchEvent(new Event("resize"))),
    "the window gets the focus": () => page.evaluate(() => dispatchEvent(new Event("focus"))),
    "more is known of the invite": () =>
      command(app.page, "startJob", {
        job: { kind: "join", codes: [WORLD_CODES.sector], pace: "careful" },
        nonce: crypto.randomUUID(),
      }),
  };
  for (const [what, change] of Object.entries(changes)) {
    await readyJoin(view);
    const { x, y } = await join();
    await page.mouse.move(20, 40);
    await page.mouse.move(x, y, { steps: 8 });
    await page.keyboard.press("Tab");
    await change();
    await view.page.locator('button.join[aria-disabled="true"]').waitFor();
    await readyJoin(view);
    await press();
    await page.keyboard.press("Enter");
    expect([what, joined().includes(WORLD_GROUPS.market)]).toEqual([what, false]);
  }
  // Who aims and presses joins.
  await pressJoin(page);
  await chromium.waitUntil(() => joined().includes(WORLD_GROUPS.market), "the join");
  await settled();
});

it("T23 a question counts once, for two minutes, and outlives the worker", async () => {
  await stageFirst(WORLD_CODES.sector);
  const first = (await commandValue(app.page, "pendingInvite"))!;
  expect(await command(app.page, "confirmInvite", { id: crypto.randomUUID() })).toMatchObject({
    failure: { code: "expired" },
  });
  await chromium.killWorker();
  expect(await command(app.page, "confirmInvite", { id: first.id })).toMatchObject({ ok: true });
  expect(await command(app.page, "confirmInvite", { id: first.id })).toMatchObject({ failure: { code: "expired" } });
  await settled();
  expect(joined()).toEqual([WORLD_GROUPS.sector]);

  await stageFirst(WORLD_CODES.arabic);
  const old = (await commandValue(app.page, "pendingInvite"))!;
  const worker = await chromium.worker();
  await worker.evaluate(async () => {
    const { session } = (globalThis as unknown as SessionGlobal).chrome.storage;
    const { pending } = await session.get("pending");
    await session.set({ pending: { ...pending, at: Number(pending!["at"]) - 121_000 } });
  });
  expect(await command(app.page, "confirmInvite", { id: old.id })).toMatchObject({ failure: { code: "expired" } });
  await settled();
  expect(joined()).toEqual([WORLD_GROUPS.sector]);
});

it("T24 two windows whose Join is pressed at once join once", async () => {
  await (await stageFirst(WORLD_CODES.market)).close();
  const views = [new App(await chromium.open("sidepanel")), new App(await chromium.open("popup"))];
  for (const view of views) {
    await view.sees(WORLD_CODES.market);
    await readyJoin(view);
    const box = (await view.button("confirm_join").boundingBox())!;
    await view.page.mouse.move(20, 40);
    await view.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 8 });
  }
  await Promise.all(
    views.map(async ({ page }) => {
      await page.mouse.down();
      await page.mouse.up();
    }),
  );
  await chromium.waitUntil(() => joined().length > 0, "the join");
  await settled();
  expect(joined()).toEqual([WORLD_GROUPS.market]);
  expect(writes()).toHaveLength(1);
});

it("T14 a page script that floods us opens one question, and none from behind", async () => {
  // A popup that a page opened closes first.
  await stageFirst(WORLD_CODES.sector);
  await putAway();
  await focusWindow();
  const before = chromium.context.pages().length;
  const flood = (count: number) =>
    chromium.inPageScript<unknown[]>(
      web,
      `Promise.all(Array.from({ length: ${count} }, (_, i) =>
         chrome.runtime.sendMessage({ command: "askToJoin", input: { code: "${WORLD_CODES.sector}" + i } })))`,
    );
  const opens = chromium.waitForSurface("popup");
  const replies = await flood(500);
  // The page cannot tell which of them was taken.
  expect(new Set(replies.map((reply) => JSON.stringify(reply)))).toEqual(new Set([`{"ok":true,"value":true}`]));
  const popup = new App(await opens);
  // Whichever of them came first, it is the one that is asked about, and nothing takes its place.
  const asked = (await commandValue(app.page, "pendingInvite"))!.code;
  expect(asked.startsWith(WORLD_CODES.sector)).toBe(true);
  await popup.sees(asked);
  expect(chromium.context.pages()).toHaveLength(before + 1);
  expect((await commandValue(app.page, "pendingInvite"))!.code).toBe(asked);
  await popup.page.close();
  await command(app.page, "dismissInvite", { id: (await commandValue(app.page, "pendingInvite"))!.id });

  // From a tab behind another one: not one, although the bucket is full again.
  await refill();
  await app.page.bringToFront();
  await flood(20);
  expect(await commandValue(app.page, "pendingInvite")).toBeNull();
  expect(chromium.context.pages()).toHaveLength(before);
  expect(server.log).toEqual([]);
});

it("T14 a page that floods us with texts to read delays neither an undo nor the lock", async () => {
  await commandValue(app.page, "setProtection", { protection: "passphrase", passphrase: PASSPHRASE });
  const [group] = plainGroups(server) as [string];
  const people = plainMembers(server, group, 1);
  server.reset();
  // The slowest text for a reader that goes back at every sign; an element may have so many attributes that are read.
  const text = `chat AbC whatsapp chat.whatsapp.com/${"\u200b".repeat(1900)}`;
  await web.evaluate((text) => {
    for (let n = 0; n < 600; n += 1) {
      const button = document.createElement("button");
      for (let i = 0; i < 48; i += 1) button.setAttribute(`data-${i}`, text);
      document.body.append(button);
    }
  }, text);
  // The page script as a page may have taken it over says all of it, as fast as it can, until it is told to stop.
  const flood = chromium.inPageScript<(number | null)[]>(
    web,
    `(async () => {
       const source = Array.from({ length: 48 }, (_, i) => ["data-" + i, ${JSON.stringify(text)}]);
       const counts = { read: 0, refused: 0 };
       globalThis.isFlooding = true;
       const say = async () => {
         while (globalThis.isFlooding) {
           const { value } = await chrome.runtime.sendMessage({ command: "reportInvites", input: { sources: [source] } });
           counts[value ? "read" : "refused"] += 1;
           globalThis.flooded = counts.read + counts.refused;
         }
       };
       await Promise.all(Array.from({ length: 100 }, say));
       return [counts.read, counts.refused];
     })()`,
  );
  await chromium.waitUntil(() => chromium.inPageScript(web, "globalThis.flooded > 0"), "the flood");
  const removal = await startJob(app.page, { kind: "remove", groups: [group], people, pace: "fast" });
  // Within the five seconds that the agent has; reading all of that once took 17 s and more.
  await commandValue(app.page, "cancelJob", { id: removal });
  await commandValue(app.page, "lock");
  expect(await command(app.page, "refreshGroups")).toMatchObject({ ok: false, failure: { code: "locked" } });
  // All of it was answered while the page went on.
  const soFar = await chromium.inPageScript<number>(web, "globalThis.flooded");
  await chromium.waitUntil(() => chromium.inPageScript(web, `globalThis.flooded > ${soFar}`), "more of the flood");
  await chromium.inPageScript(web, "globalThis.isFlooding = false");
  const [read, refused] = await flood;
  expect([read! > 0, refused! > 0]).toEqual([true, true]);
  await settled();
  expect(writes()).toEqual([]);
});

it("T26 who asks is what the browser says, and a page without an origin is an unknown one", async () => {
  const named = await openQuestion(WORLD_CODES.sector);
  await named.sees(`http://page.test:${server.port}`);
  await named.page.close();
  await command(app.page, "dismissInvite", { id: (await commandValue(app.page, "pendingInvite"))!.id });

  const body = `<!doctype html><title>https://api.wappfy.io</title><p>${link(WORLD_CODES.market)}</p>`;
  server.page("/sandboxed", body, { "content-security-policy": "sandbox allow-scripts" });
  await web.goto(`http://page.test:${server.port}/sandboxed`);
  await refill();
  const popup = new App(await chromium.popupByChip(web));
  await popup.sees(WORLD_CODES.market);
  expect(await popup.page.locator("dl.facts").innerText()).toContain(words("confirm_asked_unknown"));
  expect(await commandValue(app.page, "pendingInvite")).toMatchObject({ origin: null });
});

it("T27 a browser that opens no popup and no window loses no question: it waits behind the button", async () => {
  await stageFirst(WORLD_CODES.sector);
  await putAway();
  const inWorker = async (run: (self: SessionGlobal) => unknown) => {
    const worker = await chromium.worker();
    return worker.evaluate(`(${String(run)})(globalThis)`);
  };
  await inWorker((self) => {
    self.chrome.action.openPopup = () => Promise.reject(new Error("Could not find an active browser window."));
  });
  // A window of its own takes the place of the popup.
  const window = new App(await chromium.popupByChip(web));
  await window.sees(WORLD_CODES.sample);
  await window.page.close();
  await command(app.page, "dismissInvite", { id: (await commandValue(app.page, "pendingInvite"))!.id });

  await inWorker((self) => {
    self.chrome.windows.create = () => Promise.reject(new Error("no window"));
  });
  await refill();
  const asks = async () => {
    await web.bringToFront();
    await chromium.pressChip(web);
    return commandValue(app.page, "pendingInvite");
  };
  await expect.poll(asks).toMatchObject({ code: WORLD_CODES.sample });
  await expect.poll(() => inWorker((self) => self.chrome.action.getBadgeText({}))).toBe("!");
  // What the agent then opens shows it.
  const opened = new App(await chromium.open("popup"));
  await opened.sees(WORLD_CODES.sample);
  expect(writes()).toEqual([]);
  await chromium.killWorker(); // With it goes what was put into it.
});
