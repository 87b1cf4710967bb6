import { spawn, type ChildProcess } from "node:child_process";
import { connect as connectSocket } from "node:net";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { LOCK } from "../../components/models/guard";
import { WORLD_CODES, WORLD_GROUPS } from "../../lib/sandbox/world";
import { pressJoinByScript } from "../e2e/agent";
import { App, command, commandValue, connect, PASSPHRASE, readStore, startGateway, words } from "../e2e/app";
import { Chromium } from "../e2e/chromium";
import { leaveDrafts, openByOther, OTHER } from "../e2e/other";
import type { TestServer } from "../server";
import { missingDisplayTools } from "../setup.mjs";

/**
 * The question about an invite against input as the operating system gives it: real focus, real double clicks, real
 * keys held down. In a window on a display of its own, which needs Xvfb, xdotool and openbox.
 */

const isMissing = missingDisplayTools().length > 0;

interface WindowGlobal {
  chrome: { storage: { session: { remove(key: string): Promise<void> } } };
}

const started: ChildProcess[] = [];
let display = "";
let chromium: Chromium;
let server: TestServer;
let app: App;
let web: Page;
/**
 * Empty tabs: keys that are hammered after the popup was dismissed go to the browser's own buttons and close tabs, and the
 * last one would take the browser with it.
 */
const spares: Page[] = [];
const SPARES = 5;
let connection = "";

/** A display with a window manager; gives its name. */
async function startDisplay(): Promise<string> {
  const flags = ["-displayfd", "3", "-screen", "0", "1400x1000x24", "-nolisten", "tcp"];
  const xvfb = spawn("Xvfb", flags, { stdio: ["ignore", "ignore", "ignore", "pipe"] });
  started.push(xvfb);
  const number = await new Promise<string>((resolve) => {
    (xvfb.stdio[3] as NodeJS.ReadableStream).once("data", (data: Buffer) => resolve(String(data).trim()));
  });
  started.push(spawn("openbox", [], { stdio: "ignore", env: { ...process.env, DISPLAY: `:${number}` } }));
  return `:${number}`;
}

/** One run of xdotool: its commands in a row, such as `["mousemove", 10, 10, "click", 1]`. */
function act(...commands: (string | number)[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const run = spawn("xdotool", commands.map(String), { stdio: "ignore", env: { ...process.env, DISPLAY: display } });
    run.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`xdotool ${commands.join(" ")}: ${code}`))));
  });
}
/** The same commands again and again, `every` ms, for so long in all. */
const hammer = (commands: (string | number)[], every: number, ms: number, first: string[] = []) =>
  act(...first, ...Array.from({ length: Math.round(ms / every) }, () => [...commands, "sleep", every / 1000]).flat());

describe.skipIf(isMissing)("with real input", () => {
  const before = process.env["DISPLAY"];
  beforeAll(async () => {
    display = await startDisplay();
    process.env["DISPLAY"] = display;
    server = await startGateway("guide");
    server.page(
      "/one",
      `<!doctype html><title>One</title><textarea id="text"></textarea>
       <p id="p" style="position:fixed;left:300px;top:500px;margin:0"><a href="https://chat.whatsapp.com/${WORLD_CODES.sample}">our group</a></p>`,
    );
    chromium = await Chromium.launch({ isHeaded: true, others: [OTHER] });
    for (let count = 0; count < SPARES; count += 1) spares.push(await chromium.context.newPage());
    app = new App(await chromium.open("app", "#/settings"));
    ({ id: connection } = await connect(app.page, server, { protection: "passphrase", passphrase: PASSPHRASE }));
    await openWeb();
  });
  beforeEach(async () => {
    await refill();
    await web.bringToFront();
    await act("mousemove", 30, 900);
  });
  afterEach(async () => {
    await tidy();
    server.reset();
  });
  afterAll(async () => {
    await chromium?.close();
    await server?.close();
    for (const one of started.toReversed()) one.kill();
    if (before === undefined) delete process.env["DISPLAY"];
    else process.env["DISPLAY"] = before;
  });

  /**
   * Closes the popup and what else came up, and opens what was closed: where the popup was dismissed, keys that are
   * hammered go to the browser's own buttons, and to Lock on our screens.
   */
  const tidy = async (): Promise<void> => {
    for (let tries = 1; ; tries += 1) {
      try {
        if (app.page.isClosed()) app = new App(await chromium.open("app", "#/settings"));
        if (web.isClosed()) await openWeb();
        for (const [at, spare] of spares.entries()) if (spare.isClosed()) spares[at] = await chromium.context.newPage();
        const others = chromium.context.pages().filter((page) => ![app.page, web, ...spares].includes(page));
        for (const page of others) await page.close().catch(() => undefined); // It may be closing by itself.
        await commandValue(app.page, "unlock", { passphrase: PASSPHRASE });
        const pending = await commandValue(app.page, "pendingInvite");
        if (pending) await command(app.page, "dismissInvite", { id: pending.id });
        return;
      } catch (error) {
        // A busy browser takes the last of the keys late, and closes one more tab.
        if (tries === 5 || !(app.page.isClosed() || web.isClosed())) throw error;
      }
    }
  };
  /** Opens the page with an invite. */
  const openWeb = async () => {
    web = await chromium.context.newPage();
    await web.goto(`http://page.test:${server.port}/one`);
    await chromium.waitForChips(web);
  };
  /** Forgets how often pages have asked in this minute. */
  const refill = async () => {
    const worker = await chromium.worker();
    await worker.evaluate(() => (globalThis as unknown as WindowGlobal).chrome.storage.session.remove("asks"));
  };
  /** The paths of what was written, without what names one of these codes. */
  const writes = (codes: string[] = []) =>
    server.log
      .filter(({ method, body }) => method !== "GET" && !codes.some((code) => body.includes(code)))
      .map(({ path }) => path);
  /** What a page script that was taken over can do. */
  const stage = (code: string) =>
    chromium.inPageScript(
      web,
      `chrome.runtime.sendMessage(${JSON.stringify({ command: "askToJoin", input: { code } })})`,
    );

  /** Where a point of a page lies on the screen. */
  const onScreen = async (page: Page, { x, y }: { x: number; y: number }) => {
    const at = await page.evaluate(() => ({
      x: window.screenX + (window.outerWidth - window.innerWidth) / 2,
      y: window.screenY + window.outerHeight - window.innerHeight,
    }));
    return { x: Math.round(at.x + x), y: Math.round(at.y + y) };
  };
  const middle = async (view: App, name = words("confirm_join")) => {
    const button = view.page.getByRole("button", { name, exact: true });
    const box = (await button.boundingBox())!;
    return onScreen(view.page, { x: box.x + box.width / 2, y: box.y + box.height / 2 });
  };
  /** The question in a popup that a page made us open. Asked again while none stays: focus may still wander. */
  const openQuestion = async (code: string): Promise<App> => {
    for (let tries = 1; ; tries += 1) {
      if (web.isClosed()) await openWeb();
      await refill();
      await web.bringToFront();
      try {
        await stage(code);
        const popup = new App(await chromium.waitForSurface("popup", 5000));
        await popup.page.getByText(code).first().waitFor({ timeout: 5000 });
        await popup.button("confirm_join").waitFor({ timeout: 5000 });
        // One that loses the focus closes within this time.
        await new Promise((resolve) => setTimeout(resolve, 300));
        if (popup.page.isClosed()) throw new Error("the popup closed");
        return popup;
      } catch (error) {
        if (tries === 12) throw error;
      }
    }
  };
  /** A code that no question was about: after a join, even one that a computer at a standstill let through, there is no Join. */
  let codes = 10;
  const newCode = () => `${WORLD_CODES.sector.slice(0, -2)}${(codes += 1)}`;
  /** The popup that a gesture opens. Made again while none comes: a busy computer may draw a menu after the key. */
  const popupAfter = async (...gesture: (string | number)[]): Promise<App> => {
    for (let tries = 1; ; tries += 1) {
      await act("key", "Escape", ...gesture);
      try {
        return new App(await chromium.waitForSurface("popup", 5000));
      } catch (error) {
        if (tries === 6) throw error;
      }
    }
  };
  /** Waits until the screen of this page lists the invite that stands on it. */
  const listsTheSample = ({ page }: App) =>
    page
      .getByRole("list", { name: words("page_list") })
      .getByText(WORLD_CODES.sample)
      .waitFor();
  const isReady = (view: App) => view.button("confirm_join").and(view.page.locator(":not([aria-disabled])")).waitFor();

  /** Makes a gesture until that many joins were sent: that one is taken proves no safety, and a busy computer swallows some. */
  const untilJoined = async (count: number, gesture: () => Promise<unknown>): Promise<void> => {
    for (let tries = 1; writes().length < count; tries += 1) {
      await gesture();
      await chromium
        .waitUntil(() => writes().length >= count, "a join", 10_000)
        .catch((error: unknown) => {
          if (tries === 4) throw error;
        });
    }
    expect(writes()).toHaveLength(count);
  };

  it("T20 who reads, aims and presses has joined, by mouse, by keyboard and by typing", async () => {
    const byMouse = await openQuestion(WORLD_CODES.neighbours);
    await isReady(byMouse);
    const { x, y } = await middle(byMouse);
    await untilJoined(1, () =>
      act("mousemove", x - 60, y - 40, "sleep", 0.1, "mousemove", x - 20, y - 10, "mousemove", x, y, "click", 1),
    );
    await tidy();

    const byKey = await openQuestion(WORLD_CODES.sector);
    await isReady(byKey);
    const isOnJoin = () =>
      byKey.page.evaluate((name) => document.activeElement?.textContent === name, words("confirm_join"));
    await untilJoined(2, async () => {
      await chromium.waitUntil(
        async () => (await isOnJoin()) || (await act("key", "Tab", "sleep", 0.3), false),
        "Join",
      );
      await act("key", "Return");
    });
    await tidy();

    const byWord = await openQuestion(WORLD_CODES.market);
    // A press without aim, as of a program that reads the screen, offers the other way.
    await pressJoinByScript(byWord.page, words("confirm_type", words("confirm_word")));
    await byWord.page.locator("form input").focus();
    await act("type", words("confirm_word"));
    await act("key", "Return");
    await chromium.waitUntil(() => writes().length >= 3, "the third join");
    expect(writes()).toHaveLength(3);
    await expect
      .poll(() => server.effects.filter(({ kind }) => kind === "joined").map(({ target }) => target))
      .toEqual([WORLD_GROUPS.neighbours, WORLD_GROUPS.sector, WORLD_GROUPS.market]);
  });

  it("T17 Enter that is hammered while the popup opens joins nothing", async () => {
    for (let round = 0; round < 2; round += 1) {
      await web.locator("#text").click();
      const hammering = hammer(["key", "Return"], 120, 3000);
      await web.waitForTimeout(500);
      await stage(WORLD_CODES.sample);
      await hammering;
      expect(writes()).toEqual([]);
      await tidy();
      await refill();
      await web.bringToFront();
    }
    // The keys arrived, so that this means something.
    expect((await web.locator("#text").inputValue()).length).toBeGreaterThan(3);
  });

  it("T18 the second half of a double click on a chip that lies where Join will be joins nothing", async () => {
    const seen = await openQuestion(WORLD_CODES.sample);
    const join = await middle(seen);
    await tidy();
    const inWeb = await onScreen(web, { x: 0, y: 0 });
    const [chip] = await chromium.waitForChips(web);
    await web.evaluate(
      ([dx, dy]) => {
        const { style } = document.querySelector<HTMLElement>("#p")!;
        style.left = `${Number.parseFloat(style.left) + dx}px`;
        style.top = `${Number.parseFloat(style.top) + dy}px`;
      },
      [join.x - inWeb.x - chip!.point!.x, join.y - inWeb.y - chip!.point!.y] as const,
    );
    // The delays between these are tried with a clock in `guard.test.ts`.
    for (let delay = 100; delay <= 1500; delay += 100) {
      let isOpened = false;
      // Only a press that opens the popup means something; a busy computer swallows some.
      for (let tries = 0; !isOpened && tries < 5; tries += 1) {
        await refill();
        await web.bringToFront();
        const opens = chromium.waitForSurface("popup", 5000).then(
          () => true,
          () => false,
        );
        await act("mousemove", join.x, join.y, "click", 1, "sleep", delay / 1000, "click", 1);
        isOpened = await opens;
        expect([delay, writes()]).toEqual([delay, []]);
        await tidy();
      }
      expect([delay, isOpened]).toEqual([delay, true]);
    }
  });

  it("T19 keys that are hammered for 25 s join nothing", { timeout: 400_000 }, async () => {
    interface Key {
      key: string;
      at: number;
      isOpen: boolean;
    }
    /** What was pressed in each round beside Tab, which a busy computer may deliver after it. */
    const all: { code: string; keys: Key[] }[] = [];
    // On a computer that stood still, keys come like presses of somebody who has read and aimed: no hammering.
    const hammered = ({ keys }: (typeof all)[number]) => {
      const pause = keys.findIndex(({ key, at }, i) => key === " " && at - (keys[i - 1]?.at ?? -Infinity) >= LOCK);
      return (pause < 0 ? keys : keys.slice(0, pause)).filter(({ key }) => key === " ");
    };
    const isHammered = (round: (typeof all)[number]) =>
      hammered(round).length === round.keys.filter(({ key }) => key === " ").length;
    /** Longer than presses extend the lock. */
    const isWhole = (round: (typeof all)[number]) =>
      isHammered(round) && (round.keys.at(-1)?.at ?? 0) - (round.keys[0]?.at ?? 0) > 22_000;
    const joined = () => writes(all.filter((round) => !isHammered(round)).map(({ code }) => code));
    do {
      const round: (typeof all)[number] = { code: newCode(), keys: [] };
      const { page } = await openQuestion(round.code);
      await page.exposeFunction("note", (key: string, at: number, isOpen: boolean) =>
        round.keys.push({ key, at, isOpen }),
      );
      await page.evaluate(`addEventListener("keydown", ({ key, timeStamp }) => {
        const join = document.activeElement?.closest("button.join");
        if (key === "F9" || (key === " " && join)) note(key, timeStamp, !join?.hasAttribute("aria-disabled"));
      }, true)`);
      all.push(round);
      // From Cancel to Join and back, so that each Space presses Join. The first comes soon after another key, too.
      await hammer(["key", "Tab", "key", "space", "key", "shift+Tab"], 150, 25_000, ["key", "F9"]);
      // The note about a press comes about when its join does.
      await expect.poll(joined).toEqual([]);
      await tidy();
    } while (!all.some(isWhole) && all.length < 3);
    await expect.poll(joined).toEqual([]);
    // The keys arrived, and Join was open for the last of 25 s: what those lack is a pause.
    expect(all.flatMap(hammered).length).toBeGreaterThan(5);
    const whole = all.find(isWhole);
    if (whole) expect(hammered(whole).filter(({ isOpen }) => isOpen).length).toBeGreaterThan(5);
  });

  it("T19 a key that is held down joins nothing", async () => {
    const { page } = await openQuestion(newCode());
    await page.getByRole("button", { name: words("confirm_join"), exact: true }).focus();
    await act("keydown", "Return", "sleep", 2, "keyup", "Return");
    expect(writes()).toEqual([]);
  });

  it("T19 clicks that are hammered, or come late to the same spot, join nothing", async () => {
    const { x, y } = await middle(await openQuestion(newCode()));
    await act("mousemove", x, y);
    await hammer(["click", 1], 150, 4000);
    expect(writes()).toEqual([]);
    await act("sleep", 4, "click", 1);
    expect(writes()).toEqual([]);
  });

  it("T19 keys that are hammered while another extension opens our screens send nothing", async () => {
    await commandValue(app.page, "refreshGroups");
    await leaveDrafts(app.page, connection);
    server.reset();
    const jobs = async () => (await readStore(app.page))["jobs"]!.length;
    const before = await jobs();
    const group = encodeURIComponent(WORLD_GROUPS.alpha);
    const routes = [`#/join/${WORLD_CODES.sample}`, "#/message", "#/create", "#/people", `#/group/${group}?tab=add`];
    const pressed: Record<string, number> = {};
    for (const route of routes) {
      await web.bringToFront();
      await web.locator("#text").click();
      // As somebody who ends lines in the field of the page, and goes on when another page is there.
      const hammering = hammer(["key", "Return"], 100, 1500);
      const page = await openByOther(chromium, chromium.url("app", route));
      await page.evaluate(`self.pressed = 0; addEventListener("keydown", () => (self.pressed += 1), true)`);
      await hammering;
      await hammer(["key", "Return"], 100, 1500);
      pressed[route] = await page.evaluate<number>("self.pressed");
      expect([route, writes(), await jobs()]).toEqual([route, [], before]);
      await tidy();
    }
    // The keys arrived on each of them, so that this means something.
    expect(Object.entries(pressed).filter(([, count]) => count < 5)).toEqual([]);
  });

  it("T84 T85 where the browser keeps the page script away, the invites of a page are found at a press", async () => {
    await chromium.setHostAccess(false);
    try {
      await web.reload();
      await web.bringToFront();
      await act("mousemove", 700, 800, "click", 1, "sleep", 1.5);
      expect(await chromium.chips(web)).toEqual([]);
      // The menu of the page, and in it what begins with F: "Find invites on this page".
      await listsTheSample(await popupAfter("mousemove", 700, 700, "click", 3, "sleep", 0.5, "key", "f"));
    } finally {
      await chromium.setHostAccess(true);
    }
    await web.reload();
    await chromium.waitForChips(web);
  });

  it("the shortcut opens the popup, and the page in front can be looked through", async () => {
    const popup = await popupAfter("mousemove", 700, 800, "click", 1, "key", "alt+shift+g");
    await popup.go("/page");
    await popup.button("command_find_invites").first().click();
    await listsTheSample(popup);
  });

  it("T61 the lock of the screen locks the key away in every view", async () => {
    const views = [app, new App(await chromium.open("app", "#/groups"))];
    await app.go("/groups");
    for (const view of views) {
      await view.page.bringToFront();
      await view.rows().first().waitFor();
    }
    const locked = ({ page }: App) => page.getByRole("heading", { name: words("unlock_title") });
    await chromium.waitUntil(async () => {
      // Again and again: a movement of the mouse that was still on its way ends it.
      await forceScreenSaver(1);
      return (await locked(app).count()) > 0;
    }, "the lock");
    for (const view of views) await locked(view).waitFor();
    await forceScreenSaver(0);
    server.reset();
    expect(await command(app.page, "refreshGroups")).toMatchObject({ ok: false, failure: { code: "locked" } });
    expect(server.log).toEqual([]);
    await commandValue(app.page, "unlock", { passphrase: PASSPHRASE });
    for (const view of views) await view.rows().first().waitFor();
  });
});

/** Starts (1) or ends (0) the display's screen saver, which is how the browser tells that the screen is locked. */
function forceScreenSaver(mode: 0 | 1): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket(`/tmp/.X11-unix/X${display.slice(1)}`);
    socket.on("error", reject);
    // X11: a greeting without a name or password; then request 115, ForceScreenSaver.
    socket.write(Buffer.from([0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    socket.once("data", () => {
      socket.end(Buffer.from([115, mode, 1, 0]));
      resolve();
    });
  });
}
