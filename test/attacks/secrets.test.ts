import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { WORLD_CODES, WORLD_GROUPS, WORLD_PEOPLE } from "../../lib/sandbox/world";
import type { JobInput } from "../../lib/shared/model";
import { App, command, commandValue, connect, PASSPHRASE, readStore, startGateway, words } from "../e2e/app";
import { Chromium } from "../e2e/chromium";
import type { TestServer } from "../server";

/** The key: where it may be found is the header of a request to its own gateway, and nowhere else. */

const CANARY = "canary7Qk2Zp9Xw4Rt6Lm1Vb8Ns3";

interface ExtensionGlobal {
  said: string[];
  chrome: {
    idle: { onStateChanged: { dispatch(state: string): void } };
    storage: Record<
      "local" | "session" | "sync",
      { get(key: null): Promise<Record<string, unknown>>; set(items: object): Promise<void> }
    >;
    action: { getTitle(of: object): Promise<string>; getBadgeText(of: object): Promise<string> };
    tabs: { query(query: object): Promise<unknown[]> };
  };
}

let profile: string;
let chromium: Chromium;
let server: TestServer;
let app: App;
beforeAll(async () => {
  profile = mkdtempSync(join(tmpdir(), "wappfy-secrets-"));
  server = await startGateway("guide", {}, { key: CANARY });
  server.page(
    "/one",
    `<!doctype html><title>One</title><a href="https://chat.whatsapp.com/${WORLD_CODES.sample}">x</a>`,
  );
  chromium = await Chromium.launch({ profile });
  app = new App(await chromium.open("app", "#/settings"));
});
afterAll(async () => {
  await chromium?.close();
  await server?.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
});

/** All of the three storage areas, and what the browser shows of us outside of our pages. */
const readBrowser = async () => {
  const worker = await chromium.worker();
  return worker.evaluate(async () => {
    const { storage, action, tabs } = (globalThis as unknown as ExtensionGlobal).chrome;
    return JSON.stringify([
      await storage.local.get(null),
      await storage.sync.get(null),
      await storage.session.get(null),
      await action.getTitle({}),
      await action.getBadgeText({}),
      await tabs.query({}),
    ]);
  });
};

/** The forms in which a secret could lie somewhere. */
const formsOf = (secret: string) => [
  secret,
  Buffer.from(secret).toString("base64").replace(/=+$/, ""),
  Buffer.from(secret).toString("hex"),
  encodeURIComponent(secret),
  Array.from(secret).toReversed().join(""),
];

it("T58 on a tour with everything that can go wrong the key is in the header to its gateway and nowhere else", async () => {
  const said: string[] = [];
  const hear = (page: Page) => {
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(String(error.stack)));
  };
  for (const page of chromium.context.pages()) hear(page);
  chromium.context.on("page", hear);
  const worker = await chromium.worker();
  worker.on("console", (message) => said.push(message.text()));
  // Every message that comes to our pages, every answer that they get, and every note that the store sends around.
  await app.page.evaluate(() => {
    const self = globalThis as unknown as ExtensionGlobal & {
      chrome: {
        runtime: { sendMessage(...given: unknown[]): unknown; onMessage: { addListener(run: unknown): void } };
      };
    };
    self.said = [];
    const { runtime } = self.chrome;
    runtime.onMessage.addListener((message: unknown) => void self.said.push(JSON.stringify(message)));
    const send = runtime.sendMessage.bind(runtime);
    runtime.sendMessage = (...given) => {
      const last = given.at(-1);
      if (typeof last === "function") {
        return send(...given.slice(0, -1), (reply: unknown) => {
          self.said.push(JSON.stringify(reply) ?? "");
          (last as (reply: unknown) => void)(reply);
        });
      }
      const answer = send(...given) as Promise<unknown>;
      void answer.then((reply) => self.said.push(JSON.stringify(reply) ?? ""));
      return answer;
    };
    new BroadcastChannel("wappfy").addEventListener("message", ({ data }) => self.said.push(JSON.stringify(data)));
  });

  await app.go("/connect");
  await app.typeGateway(server.origin, "guide", CANARY);
  await app.press("connect_continue");
  await app.sees(words("connect_key_works"));
  await app.field("protect_new").fill(PASSPHRASE);
  await app.press("connect_save");
  await app.rows().first().waitFor();
  await commandValue(app.page, "saveSettings", { pace: "fast" });

  // A gateway that says the key back, in every way that it has.
  const echo = JSON.stringify({
    success: false,
    error: { code: CANARY, message: `The key ${CANARY} is not welcome`, details: { key: CANARY } },
    meta: { requestId: CANARY },
  });
  const headers = { "content-type": "application/json", "x-request-id": CANARY, "set-cookie": `k=${CANARY}` };
  for (const status of [400, 401, 403, 404, 409, 500]) {
    server.fault({ path: WORLD_GROUPS.alpha }, { kind: "answer", status, headers, body: echo });
    expect(await command(app.page, "refreshGroup", { group: WORLD_GROUPS.alpha })).toMatchObject({ ok: false });
  }
  const alpha = { ...server.world.groups[WORLD_GROUPS.alpha]!, group_id: WORLD_GROUPS.alpha };
  const named = { ...alpha, name: `Team ${CANARY}`, subject: `Team ${CANARY}`, description: CANARY, participants: [] };
  const isAlpha = { method: "GET", path: WORLD_GROUPS.alpha, times: Infinity };
  // Also in the spelling with escapes, and in the list; it is looked for while it stands there, before it is read anew.
  const escaped = String.raw`\u00${CANARY.charCodeAt(0).toString(16)}${CANARY.slice(1)}`;
  for (const text of [CANARY, escaped]) {
    const body = (data: unknown) => JSON.stringify({ success: true, data }).replaceAll(CANARY, () => text);
    const one = server.fault(isAlpha, { kind: "answer", status: 200, headers, body: body(named) });
    const list = server.fault(
      { method: "GET", path: /\/groups(\?|$)/, times: Infinity },
      { kind: "answer", status: 200, headers, body: body([named]) },
    );
    // A list that lost nearly all groups is believed the second time.
    for (let time = 0; time < 2; time += 1) await command(app.page, "refreshGroups");
    await command(app.page, "refreshGroup", { group: WORLD_GROUPS.alpha });
    await app.openGroup(WORLD_GROUPS.alpha, "about");
    await app.page.getByRole("heading", { level: 1, name: "Team …", exact: true }).waitFor();
    await app.go("/groups");
    await app.sees("Team …");
    expect(JSON.stringify(await readStore(app.page)) + (await app.page.content())).not.toContain(CANARY);
    one.stop();
    list.stop();
  }
  for (const kind of ["html-200", "truncated-json", "wrong-types", "drop-after", "502-html"] as const) {
    server.fault({ path: WORLD_GROUPS.alpha }, kind);
    await command(app.page, "refreshGroup", { group: WORLD_GROUPS.alpha });
  }
  const elsewhere = { kind: "redirect", status: 302, to: `http://other.test:${server.port}/api/${CANARY}` } as const;
  server.fault({ path: /\/groups(\?|$)/ }, elsewhere);
  await command(app.page, "refreshGroups");
  const asText = await app.page.evaluate(() => document.body.innerText);
  expect(asText).not.toContain(CANARY);
  server.fault({ method: "POST" }, { kind: "answer", status: 400, headers, body: echo });
  const nonce = () => crypto.randomUUID();
  const send: JobInput = { kind: "send", chats: [WORLD_GROUPS.lobby], text: "Hello", pace: "fast" };
  const jobs = [await commandValue(app.page, "startJob", { job: send, nonce: nonce() })];
  const people = [{ id: WORLD_PEOPLE.free, given: "+1" }];
  const add: JobInput = { kind: "add", groups: [WORLD_GROUPS.alpha], people, pace: "fast" };
  jobs.push(await commandValue(app.page, "startJob", { job: add, nonce: nonce() }));

  const surfaces: string[] = [];
  for (const { id } of jobs) {
    await app.go(`/activity/${id}`);
    await app.results();
    surfaces.push(await app.page.content());
  }
  for (const route of [
    "/groups",
    "/create",
    "/join",
    "/message",
    "/people",
    "/page",
    "/activity",
    "/connect",
    "/settings",
  ]) {
    await app.go(route);
    await app.page.locator("main").waitFor();
    surfaces.push(await app.page.content());
  }
  for (const tab of ["members", "add", "invite", "message", "about"] as const) {
    await app.openGroup(WORLD_GROUPS.alpha, tab);
    surfaces.push(await app.page.content());
  }
  for (const door of ["popup", "sidepanel", "options", "welcome"] as const) {
    const page = await chromium.open(door);
    await page.locator("#root > *").first().waitFor();
    surfaces.push(await page.content(), page.url());
    await page.close();
  }
  const web = await chromium.context.newPage();
  await web.goto(`http://page.test:${server.port}/one`);
  const [chip] = await chromium.waitForChips(web);
  surfaces.push(chip!.html, await web.content());
  await web.close();

  const answers = await app.page.evaluate(() => (globalThis as unknown as ExtensionGlobal).said);
  // Ears that hear nothing would prove nothing.
  expect(answers.some((line) => line.includes('"ok":true'))).toBe(true);
  const places = {
    console: said,
    answers,
    surfaces,
    store: [JSON.stringify(await readStore(app.page))],
    browser: [await readBrowser()],
    file: [(await commandValue(app.page, "exportData", { withPeople: true })).json],
    requests: server.log.map(({ path, body }) => path + body),
    headers: server.log.map((request) => {
      const { "x-api-key": _, ...rest } = request.headers;
      return JSON.stringify(rest);
    }),
  };
  for (const [place, lines] of Object.entries(places)) {
    for (const form of formsOf(CANARY))
      expect([place, lines.filter((line) => line.includes(form))]).toEqual([place, []]);
  }
  expect(server.log.every((request) => request.headers["x-api-key"] === CANARY)).toBe(true);
  server.reset();
});

/** Files of the profile in which one of these byte strings stands. */
function findOnDisk(needles: Buffer[]): string[] {
  const files = readdirSync(profile, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.flatMap(({ parentPath, name }) => {
    try {
      const bytes = readFileSync(join(parentPath, name));
      return needles.some((needle) => bytes.includes(needle)) ? [name] : [];
    } catch {
      return []; // It has gone meanwhile.
    }
  });
}

describe("with a passphrase", () => {
  const NAME = "Harbour gateway 5521";
  beforeEach(async () => {
    await command(app.page, "forgetEverything");
    await connect(app.page, server, { key: CANARY, protection: "passphrase", passphrase: PASSPHRASE, name: NAME });
    await app.go("/groups");
    await app.rows().first().waitFor();
  });
  afterEach(() => server.reset());

  it("T62 the page script's world reads nothing of ours", async () => {
    const web = await chromium.context.newPage();
    await web.goto(`http://page.test:${server.port}/one`);
    await chromium.waitForChips(web);
    const read = await chromium.inPageScript<Record<string, unknown>>(
      web,
      `(async () => {
        const tries = {};
        for (const area of ["local", "sync", "session", "managed"]) {
          tries[area] = await Promise.resolve(chrome.storage?.[area]?.get(null)).catch((error) => "refused: " + error.message);
        }
        tries.databases = await indexedDB.databases();
        tries.caches = (await globalThis.caches?.keys()) ?? [];
        tries.apis = Object.keys(chrome).filter((name) => !["runtime", "storage", "i18n", "extension", "app", "csi", "loadTimes", "dom"].includes(name));
        return tries;
      })()`,
    );
    const text = JSON.stringify(read);
    for (const form of formsOf(CANARY)) expect(text).not.toContain(form);
    expect(read["databases"]).toEqual([]);
    expect(read["caches"]).toEqual([]);
    // `scripting` holds the names of worlds there and no call.
    expect(read["apis"]).toEqual(["scripting"]);
    expect(await chromium.inPageScript(web, "typeof chrome.scripting.executeScript")).toBe("undefined");
    for (const area of ["local", "session"]) expect(String(read[area])).toMatch(/^refused: Access to storage/);
    expect(read["sync"]).toEqual({});
    // Nor is it told when something changes there.
    await chromium.inPageScript(
      web,
      `globalThis.heard = []; chrome.storage.onChanged.addListener((change, area) => heard.push([area, change])); 0`,
    );
    await commandValue(app.page, "lock");
    await commandValue(app.page, "unlock", { passphrase: PASSPHRASE });
    await commandValue(app.page, "saveSettings", { country: "DE" });
    expect(await chromium.inPageScript(web, "heard")).toEqual([]);
    await web.close();
  });

  it("T13 whatever happens, a page is told what it said, yes or no, and nothing else", async () => {
    const web = await chromium.context.newPage();
    await web.goto(`http://page.test:${server.port}/one`);
    await chromium.waitForChips(web);
    await chromium.inPageScript(
      web,
      `globalThis.heard = []; chrome.runtime.onMessage.addListener((message) => void heard.push(message));
       chrome.runtime.onConnect.addListener(() => heard.push("a port")); 0`,
    );
    const origin = `http://page.test:${server.port}`;
    await commandValue(app.page, "pauseSite", { origin, isPaused: true });
    await commandValue(app.page, "pauseSite", { origin, isPaused: false });
    await commandValue(app.page, "saveSettings", { isPageOn: false });
    await commandValue(app.page, "saveSettings", { isPageOn: true });
    await commandValue(app.page, "lock");
    const answers: unknown[] = [];
    const ask = async (message: unknown) =>
      answers.push(await chromium.inPageScript(web, `chrome.runtime.sendMessage(${JSON.stringify(message)})`));
    const askAll = async () => {
      const sources = [WORLD_CODES.alpha, WORLD_CODES.sample].map((code) => [
        ["", `https://chat.whatsapp.com/${code}`],
      ]);
      await ask({ command: "reportInvites", input: { sources } });
      await ask({ command: "askToJoin", input: { code: WORLD_CODES.revoked } });
    };
    await askAll();
    await commandValue(app.page, "unlock", { passphrase: PASSPHRASE });
    await commandValue(app.page, "refreshGroups");
    await askAll();
    await commandValue(app.page, "startJob", {
      job: { kind: "join", codes: [WORLD_CODES.market], pace: "fast" },
      nonce: crypto.randomUUID(),
    });
    await chromium.waitUntil(() => server.effects.some(({ kind }) => kind === "joined"), "the join");
    await askAll();
    const heard = await chromium.inPageScript<unknown[]>(web, "heard");
    expect(heard.length).toBeGreaterThan(3);
    expect(new Set(heard)).toEqual(new Set([true]));
    // The same whether locked or open, known or not, joined or not (rule R9).
    const [read, staged] = answers;
    expect(read).toMatchObject({ ok: true, value: { invites: [[WORLD_CODES.alpha], [WORLD_CODES.sample]] } });
    expect(staged).toEqual({ ok: true, value: true });
    expect(answers).toEqual([read, staged, read, staged, read, staged]);
    const pending = await commandValue(app.page, "pendingInvite");
    if (pending) await command(app.page, "dismissInvite", { id: pending.id });
    await web.close();
  });

  it("T32 T34 a chip is the same with the same words, whatever we know of its invite", async () => {
    const links = [WORLD_CODES.alpha, WORLD_CODES.sample, WORLD_CODES.revoked]
      .map((code) => `<p><a href="https://chat.whatsapp.com/${code}">our group</a></p>`)
      .join("");
    server.page("/known", `<!doctype html><title>Known</title>${links}`);
    const web = await chromium.context.newPage();
    await web.goto(`http://page.test:${server.port}/known`);
    const names = Object.values(server.world.groups).map(({ name }) => name);
    expect(names.length).toBeGreaterThan(10);
    /** The chips, and which names of groups the page finds on itself. */
    const look = async () => {
      await web.reload();
      await chromium.waitForChips(web, 3);
      // The same but for where each stands.
      const chips = (await chromium.chips(web)).map(({ html }) => html.replace(/ style="[^"]*"/, ""));
      const found = await web.evaluate((all) => {
        const find = (text: string) => {
          getSelection()!.removeAllRanges();
          return (window as unknown as { find(...of: unknown[]): boolean }).find(text, false, false, true);
        };
        return [...all.filter(find), ...["joined", "in it", "pending", "locked"].filter(find)];
      }, names);
      return { chips, found };
    };
    const states: Record<string, () => Promise<unknown>> = {
      "nothing was read": () => Promise.resolve(),
      "one is ours": async () => {
        await commandValue(app.page, "refreshGroups");
        await commandValue(app.page, "readInvite", { group: WORLD_GROUPS.alpha });
      },
      "one was refused": async () => {
        await commandValue(app.page, "startJob", {
          job: { kind: "join", codes: [WORLD_CODES.revoked], pace: "fast" },
          nonce: crypto.randomUUID(),
        });
        await chromium.waitUntil(() => server.log.some(({ path }) => path.includes("join")), "the join");
      },
      locked: () => commandValue(app.page, "lock"),
      "no key": () => command(app.page, "forgetEverything"),
    };
    const seen: [string, Awaited<ReturnType<typeof look>>][] = [];
    for (const [state, make] of Object.entries(states)) {
      await make();
      seen.push([state, await look()]);
    }
    const [[, first]] = seen as [(typeof seen)[0]];
    expect(first.chips).toHaveLength(3);
    expect(new Set(first.chips).size).toBe(1);
    expect(seen).toEqual(Object.keys(states).map((state) => [state, { chips: first.chips, found: [] }]));
    await web.close();
  });

  it("T61 every way of locking closes every view and stops every call", async () => {
    const views = [
      app,
      new App(await chromium.open("popup", "#/groups")),
      new App(await chromium.open("sidepanel", "#/groups")),
    ];
    for (const view of views) await view.rows().first().waitFor();
    const names = Object.values(server.world.groups).map(({ name }) => name);
    const inWorker = async (run: (self: ExtensionGlobal) => void | Promise<void>) => {
      const worker = await chromium.worker();
      await worker.evaluate(`(${String(run)})(globalThis)`);
    };
    const ways: Record<string, () => Promise<unknown>> = {
      "the agent's press": () => views[1]!.press("bar_lock"),
      "the lock of the computer": () => inWorker(({ chrome }) => chrome.idle.onStateChanged.dispatch("locked")),
      "the shortcut": () => chromium.pressCommand("lock", app.page),
      "a clock that went back by an hour": () =>
        // Again while it is open: a question of a view that was under way may have written the right time over it.
        chromium.waitUntil(async () => {
          await inWorker(async ({ chrome }) => {
            const { vault } = (await chrome.storage.session.get(null)) as { vault?: { seenAt: number } };
            if (!vault) return;
            await chrome.storage.session.set({ vault: { ...vault, seenAt: vault.seenAt + 3_600_000 } });
          });
          await command(app.page, "pendingInvite");
          return !(await readBrowser()).includes('"vault"');
        }, "the vault to lock"),
      "a worker that ends first": async () => {
        await chromium.killWorker();
        await command(app.page, "lock");
      },
    };
    for (const [way, lock] of Object.entries(ways)) {
      await lock();
      for (const { page } of views) {
        await page.getByRole("heading", { name: words("unlock_title") }).waitFor();
        const content = await page.content();
        expect([way, names.filter((name) => content.includes(name))]).toEqual([way, []]);
      }
      server.reset();
      for (const tried of [
        command(app.page, "refreshGroups"),
        command(app.page, "readInvite", { group: WORLD_GROUPS.alpha }),
      ]) {
        expect([way, await tried]).toMatchObject([way, { ok: false, failure: { code: "locked" } }]);
      }
      expect([way, server.log]).toEqual([way, []]);
      expect(await readBrowser()).not.toMatch(/"vault"|"isOpen":true/);
      await commandValue(app.page, "unlock", { passphrase: PASSPHRASE });
      for (const view of views) await view.rows().first().waitFor();
    }
    for (const { page } of views.slice(1)) await page.close();
  });

  it("T59 nothing on the disk opens the key, neither open nor locked nor after a crash", async () => {
    const worker = await chromium.worker();
    const { vault } = (await worker.evaluate(() =>
      (globalThis as unknown as ExtensionGlobal).chrome.storage.session.get(null),
    )) as { vault: { key: string } };
    const texts = [...formsOf(CANARY), PASSPHRASE, vault.key];
    const needles = [
      ...texts.flatMap((text) => [Buffer.from(text), Buffer.from(text, "utf16le")]),
      Buffer.from(vault.key, "base64"),
    ];
    // What may lie there is found, so that a search that finds nothing means something.
    await chromium.waitUntil(() => findOnDisk([Buffer.from(NAME)]).length > 0, "the name on the disk");
    expect(findOnDisk(needles)).toEqual([]);
    await commandValue(app.page, "lock");
    expect(findOnDisk(needles)).toEqual([]);
    await commandValue(app.page, "unlock", { passphrase: PASSPHRASE });
    await commandValue(app.page, "refreshGroups");
    await chromium.crash();
    expect(findOnDisk(needles)).toEqual([]);

    chromium = await Chromium.launch({ profile });
    app = new App(await chromium.open("app", "#/groups"));
    await app.page.getByRole("heading", { name: words("unlock_title") }).waitFor();
    server.reset();
    expect(await command(app.page, "refreshGroups")).toMatchObject({ ok: false, failure: { code: "locked" } });
    expect(server.log).toEqual([]);
    expect(findOnDisk(needles)).toEqual([]);
  });
});
