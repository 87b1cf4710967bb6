import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { sentFrom, type Sender } from "../../../lib/background/page/sender";
import { commands, type CommandName, type SentFrom } from "../../../lib/shared/commands";
import { startServer, type TestServer } from "../../server";
import { command, connect, readStore } from "../app";
import { Chromium } from "../chromium";

const CODE = "AbCdEfGhIjKlMn";

interface ScriptingGlobal {
  chrome: {
    tabs: { query(query: object): Promise<{ id: number }[]> };
    runtime: { sendMessage(message: unknown): Promise<unknown> };
    scripting: { executeScript(input: object): Promise<unknown> };
  };
}

let chromium: Chromium;
let server: TestServer;
let app: Page;
let web: Page;
beforeAll(async () => {
  server = await startServer();
  server.page(
    "/one",
    `<!doctype html><title>One</title><p><a href="https://chat.whatsapp.com/${CODE}">Join us</a></p>
     <iframe src="http://inner.test:${server.port}/inner"></iframe>`,
  );
  // On the host that this build may reach, so that a script can be put into a frame at all.
  server.page("/framing", `<!doctype html><title>Framing</title><iframe src="/inner"></iframe>`);
  server.page("/inner", `<!doctype html><title>Inner</title><a href="https://chat.whatsapp.com/${CODE}">Join us</a>`);
  chromium = await Chromium.launch();
  app = await chromium.open("app");
  await connect(app, server);
  web = await chromium.context.newPage();
  await web.goto(`http://page.test:${server.port}/one`);
  await chromium.waitForChips(web);
});
afterAll(async () => {
  await chromium?.close();
  await server?.close();
});

it("T07 tells our pages from web pages by what the browser really says of a sender", async () => {
  const worker = await chromium.worker();
  await worker.evaluate(() => {
    const scope = globalThis as unknown as {
      seen: Record<string, unknown>;
      chrome: {
        runtime: {
          onMessage: { addListener(run: (message: { from?: string } | null, sender: unknown) => void): void };
        };
      };
    };
    scope.seen = {};
    scope.chrome.runtime.onMessage.addListener((message, sender) => {
      if (message?.from) scope.seen[message.from] = sender;
    });
  });
  const say = (from: string) => `chrome.runtime.sendMessage({ from: ${JSON.stringify(from)} })`;

  const popup = await chromium.openPopup();
  await popup.evaluate(say("popup"));
  await popup.close();
  // A call from a test counts as a press of the agent's, which the panel needs.
  const panelOpens = chromium.waitForSurface("sidepanel");
  await app.bringToFront();
  await app.evaluate("chrome.windows.getCurrent().then(({ id }) => chrome.sidePanel.open({ windowId: id }))");
  await (await panelOpens).evaluate(say("panel"));
  const options = await chromium.open("options");
  await options.evaluate(say("options in a tab"));
  await chromium.inPageScript(web, say("page script"));
  const framing = await chromium.context.newPage();
  await framing.goto(`${server.origin}/framing`);
  await worker.evaluate(async (url) => {
    const { chrome: ours } = globalThis as unknown as ScriptingGlobal;
    const [tab] = await ours.tabs.query({ url });
    const func = () => {
      const { chrome: its } = globalThis as unknown as ScriptingGlobal;
      void its.runtime.sendMessage({ from: window === top ? "script in a page" : "script in a frame" });
    };
    await ours.scripting.executeScript({ target: { tabId: tab!.id, allFrames: true }, func });
  }, `${server.origin}/framing`);
  await chromium.waitUntil(
    async () => Object.keys((await worker.evaluate("globalThis.seen")) as object).length === 6,
    "all senders",
  );
  await framing.close();

  const seen = (await worker.evaluate("globalThis.seen")) as Record<string, Sender>;
  const self = { id: chromium.id, origin: `chrome-extension://${chromium.id}` };
  const classes = Object.entries(seen).map(([from, sender]) => [from, sentFrom(sender, self)]);
  expect(Object.fromEntries(classes)).toEqual({
    popup: "extension",
    panel: "extension",
    "options in a tab": "extension",
    "page script": "web",
    "script in a page": "web",
    "script in a frame": undefined,
  });
  // The shapes on which the rule stands.
  expect(seen["page script"]).toMatchObject({ origin: `http://page.test:${server.port}`, frameId: 0 });
  expect(seen["script in a frame"]).toMatchObject({ id: chromium.id, origin: server.origin });
  expect(seen["options in a tab"]!.tab).toBeDefined();
  expect(seen["popup"]!.tab).toBeUndefined();
});

it("the page script runs in the top frame alone", async () => {
  const inner = web.frames().find((frame) => frame.url().includes("inner.test"))!;
  await inner.waitForLoadState();
  const session = await chromium.context.newCDPSession(web);
  const worlds: { origin: string; auxData?: { frameId?: string } }[] = [];
  session.on("Runtime.executionContextCreated", ({ context }) => worlds.push(context));
  await session.send("Runtime.enable");
  expect(worlds.filter(({ origin }) => origin === `chrome-extension://${chromium.id}`)).toHaveLength(1);
});

it("T08 what a page script sends reaches two commands and nothing else", async () => {
  const own: CommandName[] = ["reportInvites", "askToJoin"];
  const froms = Object.entries(commands) as [CommandName, { from: SentFrom }][];
  expect(froms.filter(([, { from }]) => from === "web").map(([name]) => name)).toEqual(own);
  await expect.poll(async () => (await readStore(app))["connections"]?.length).toBe(1);
  const before = await readStore(app);
  server.reset();
  const send = (message: unknown) =>
    chromium.inPageScript<{ ok: boolean; value?: unknown; failure?: { code: string } }>(
      web,
      `chrome.runtime.sendMessage(${JSON.stringify(message)})`,
    );

  const group = Object.keys(server.world.groups)[0]!;
  const inputs: Partial<Record<CommandName, unknown>> = {
    startJob: { job: { kind: "leave", groups: [group] }, nonce: "forged" },
    confirmInvite: { id: "forged" },
    unlock: { passphrase: "guess" },
    refreshGroup: { group },
    readInvite: { group },
    useConnection: { id: "forged" },
    setProtection: { protection: "none" },
    importData: { json: "{}" },
    exportData: { withPeople: true },
    saveDraft: { key: ["", "route", "", "app"], value: "y" },
    pauseSite: { origin: "https://forum.example", isPaused: true },
    eraseHistory: {},
  };
  for (const [name, { from }] of froms) {
    if (from === "extension") {
      const reply = await send({ command: name, input: inputs[name] });
      expect([name, reply.failure?.code]).toEqual([name, "not-allowed"]);
    }
  }
  const forged: [unknown, string][] = [
    [{ command: "__proto__" }, "unknown-command"],
    [{ command: "constructor" }, "unknown-command"],
    [{ command: "startjob" }, "unknown-command"],
    [{ command: "startJob", input: inputs.startJob, from: "extension" }, "bad-input"],
    [{ command: ["startJob"] }, "bad-input"],
    ["startJob", "bad-input"],
    [null, "bad-input"],
    [{ command: "reportInvites", input: { sources: Array.from({ length: 101 }, () => [["", CODE]]) } }, "bad-input"],
    [{ command: "askToJoin", input: { code: CODE, id: "forged", origin: "https://bank.example" } }, "bad-input"],
  ];
  for (const [message, code] of forged) {
    const reply = await send(message);
    expect([message, reply.failure?.code]).toEqual([message, code]);
  }
  // T13: what a page is answered is what it said and the look of a chip, or a boolean.
  await web.bringToFront();
  // An element that breaks the bounds is read as one without an invite, and takes nothing from the others.
  const link = `https://chat.whatsapp.com/${CODE}`;
  const sources = [
    [["href", link]],
    [["", "no invite"]],
    [["href", link, "more"]],
    [["", `${link} ${"x".repeat(2000)}`]],
    Array.from({ length: 51 }, (_, n) => [`data-${n}`, link]),
  ];
  const value = {
    invites: [[CODE], [], [], [], []],
    style: expect.stringContaining(":host") as string,
  };
  expect(await send({ command: "reportInvites", input: { sources } })).toEqual({ ok: true, value });
  // Nothing is asked while the window has no focus, which the browser may still be giving it.
  const asks = async () => {
    await web.bringToFront();
    expect(await send({ command: "askToJoin", input: { code: CODE } })).toEqual({ ok: true, value: true });
    return command(app, "pendingInvite");
  };
  const pending = { code: CODE, origin: `http://page.test:${server.port}` };
  await expect.poll(asks).toMatchObject({ ok: true, value: pending });

  expect(server.log).toEqual([]);
  expect(await readStore(app)).toEqual(before);
});
