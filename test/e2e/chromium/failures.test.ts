import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { WORLD_GROUPS, WORLD_INSTANCES } from "../../../lib/sandbox/world";
import type { FailureCode } from "../../../lib/shared/model";
import type { Fault, PlainFault, TestServer } from "../../server";
import { App, command, connect, KEY, lastJob, startGateway, words } from "../app";
import { Chromium, E2E_BUILD } from "../chromium";

/** What goes wrong on the way: each failure has its sentence and its next step, and what was typed stays. */

let chromium: Chromium;
beforeAll(async () => void (chromium = await Chromium.launch()));
afterAll(() => chromium?.close());

const faults: [Fault | PlainFault, FailureCode][] = [
  ["500", "gateway-down"],
  ["502-html", "gateway-down"],
  ["html-200", "not-json"],
  ["truncated-json", "bad-answer"],
  ["drop-before", "offline"],
  [{ kind: "redirect", status: 302, to: "https://example.com/" }, "redirected"],
  [{ kind: "429", resetIn: 2 }, "rate-limited"],
];

describe("failures", () => {
  let server: TestServer;
  let app: App;
  /** A tab whose group is not answered: it waits beside the other tests for the time that ends every call. */
  let slow: App;
  beforeAll(async () => {
    server = await startGateway("guide");
    app = new App(await chromium.open("app", "#/connect"));
    await command(app.page, "forgetEverything");
  });
  beforeEach(() => {
    server.log.length = 0;
    server.effects.length = 0;
  });
  afterAll(async () => {
    await app?.page.close();
    await server?.close();
  });

  it("while connecting", async () => {
    await app.typeGateway(server.origin, "guide", "wpfy_wrong_key");
    await app.press("connect_continue");
    await app.seesFailure("key-refused");
    expect(await app.field("connect_key").inputValue()).toBe("wpfy_wrong_key");
    await app.field("connect_key").fill(KEY);
    for (const [fault, code] of faults) {
      const injected = server.fault({ path: "/api/instances" }, fault);
      await app.press("connect_continue");
      await expect.poll(() => injected.hits()).toBe(1);
      const at = words("failure_rate_limited_at").replace(/ \.$/, "");
      await app.seesFailure(code, code === "rate-limited" ? at : undefined);
      expect(await app.field("connect_key").inputValue()).toBe(KEY);
      expect(await app.field("connect_address").inputValue()).toBe(server.origin);
    }
    await app.field("connect_address").fill("not an address");
    await app.press("connect_continue");
    await app.seesFailure("bad-address");
    // Nobody listens there.
    await app.field("connect_address").fill("http://127.0.0.1:9");
    await app.press("connect_continue");
    await app.seesFailure("offline");
  });

  it("while reading the list, which stays as it was last read", async () => {
    await connect(app.page, server);
    await app.go("/groups");
    await app.rows().first().waitFor();
    const held = server.hold({ path: new RegExp(`groups/${WORLD_GROUPS.support}$`) }, "half-response");
    slow = new App(await chromium.open("app", `#/group/${WORLD_GROUPS.support}?tab=message`));
    await held.reached;
    await slow.field("message_text").fill("Typed while it hangs.");

    await app.page.bringToFront();
    const refresh = app.button("groups_refresh").and(app.page.locator(":not([aria-busy])"));
    for (const [fault, code] of faults) {
      await refresh.waitFor();
      const injected = server.fault({ path: "/groups" }, fault);
      await refresh.click();
      await expect.poll(() => injected.hits()).toBe(1);
      // A limited reading is made again by itself, and says so; for the others there is a next step.
      if (code === "rate-limited") await app.sees(words("failure_rate_limited_again").replace(/ \.$/, ""));
      else await app.seesFailure(code);
      expect(await app.rows().count()).toBeGreaterThan(5);
    }
    // The last one was the limit: nobody presses anything, and the notice goes.
    await expect.poll(() => app.page.locator(".notice.bad").count(), { interval: 500 }).toBe(0);
    const readings = server.log.filter(({ method, path }) => method === "GET" && /\/groups(\?|$)/.test(path));
    expect(readings.at(-1)?.status).toBe(200);
  });

  it("while changing a group: it is looked whether the change came, and made once", async () => {
    await app.openGroup(WORLD_GROUPS.legacy);
    await app.press("group_edit");
    await app.field("group_name").fill("Old hands again");
    server.fault({ method: "PATCH" }, "500");
    await app.press("group_save");
    await app.page.getByRole("heading", { level: 1, name: "Old hands again" }).waitFor();
    expect(server.effects.map(({ kind }) => kind)).toEqual(["updated"]);
  });

  it("while writing a message: it is never sent again by itself, and the text stays", async () => {
    await app.openGroup(WORLD_GROUPS.lobby, "message");
    await app.field("message_text").fill("Did this arrive?");
    server.fault({ path: "messages" }, "500");
    await app.press("message_send");
    const [section] = await app.results();
    expect(section!.verdict).toBe(words("verdict_unconfirmed"));
    await app.sees(words("verdict_unconfirmed_next"));
    expect(server.log.filter(({ path }) => path.includes("messages"))).toHaveLength(1);
    await app.press("job_settle_failed");
    await app.press("message_back");
    expect(await app.field("message_text").inputValue()).toBe("Did this arrive?");
  });

  it("while the request limit is used up: the job says so and goes on by itself", async () => {
    server.fault({ path: "messages" }, { kind: "429", resetIn: 4 });
    await app.press("message_send");
    const waiting = app.page.locator(".job .notice", { hasText: words("pause_rate_limited") });
    await waiting.filter({ hasText: words("pause_rate_limited_next") }).waitFor();
    const [section] = await app.results();
    expect(section!.verdict).toBe(words("verdict_sent"));
    expect(server.effects).toMatchObject([{ kind: "sent", text: "Did this arrive?" }]);
  });

  it("while the gateway takes too long", async () => {
    await slow.sees(words("failure_timeout"));
    await slow.seesFailure("timeout");
    expect(await slow.field("message_text").inputValue()).toBe("Typed while it hangs.");
    await slow.press("action_retry");
    await slow.page.getByText(words("failure_timeout")).waitFor({ state: "detached" });
    await slow.page.close();
  });

  it("while the WhatsApp number is not connected", async () => {
    await connect(app.page, server, { instance: WORLD_INSTANCES.off, name: "Events phone" });
    await app.go("/groups");
    await app.seesFailure("instance-off");
    await app.go("/create");
    await app.field("create_name").fill("Not yet");
    await app.press("create_empty");
    const [section] = await app.results();
    expect(section!.verdict).toBe(words("verdict_not_created"));
    await app.press("create_again");
    expect(await app.field("create_name").inputValue()).toBe("Not yet");
    expect((await lastJob(app.page)).steps[0]).toMatchObject({ code: "INSTANCE_NOT_CONNECTED" });
  });
});

it("a part that a closing window can load no more is no error", async () => {
  // Stands for the closing: a build without the parts.
  const dir = mkdtempSync(join(tmpdir(), "wappfy-part-"));
  cpSync(E2E_BUILD, dir, { recursive: true });
  for (const part of ["focus", "settings"]) rmSync(join(dir, "chunks", `${part}.js`));
  const browser = await Chromium.launch({ dir });
  try {
    const page = await browser.open("popup", "#/groups");
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.evaluate(async () => {
      const failed = new Promise((resolve) => addEventListener("vite:preloadError", resolve, { once: true }));
      location.hash = "/settings";
      await failed;
      // The browser reports an error that nobody handles when the page does nothing more.
      await new Promise((resolve) => setTimeout(resolve, 500));
    });
    expect(browser.faults).toEqual([]);
  } finally {
    await browser.close();
    rmSync(dir, { recursive: true });
  }
});
