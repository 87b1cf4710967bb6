import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Page } from "playwright-core";
import { afterEach, beforeEach, expect, it, type TestContext } from "vitest";
import { WORLD_INSTANCES } from "../../../lib/sandbox/world";
import { App, command, KEY, PASSPHRASE, words } from "../app";
import { Chromium, E2E_BUILD } from "../chromium";

/**
 * A company's policy as administrators write it: a file that Chromium itself reads, checks and hands to the extension.
 * It hands over no value of another type than `public/managed.json` names, and a type there is always one: such a value
 * never reaches us, and only chrome://policy tells of it.
 */

/** Where Chromium on Linux looks for policies; no option and no profile changes it. */
const POLICIES = "/etc/chromium/policies/managed";

/** A copy of the build. Its id follows from its path, so that the policy reaches no other browser of this computer. */
let dir: string;
let id: string;
let file: string;
let chromium: Chromium | undefined;

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), "wappfy-policy-")));
  cpSync(E2E_BUILD, dir, { recursive: true });
  // Granted from the start, so that what says no is the company and not the browser.
  const manifest = JSON.parse(readFileSync(join(dir, "manifest.json"), "utf8")) as { host_permissions: string[] };
  manifest.host_permissions.push("https://*.gw.example/*", "https://evil.example/*");
  writeFileSync(join(dir, "manifest.json"), JSON.stringify(manifest));
  const digest = createHash("sha256").update(dir).digest("hex").slice(0, 32);
  id = digest.replace(/./g, (digit) => String.fromCharCode(97 + Number.parseInt(digit, 16)));
  file = join(POLICIES, `wappfy-test-${id}.json`);
});
afterEach(async () => {
  rmSync(file, { force: true });
  await chromium?.close();
  chromium = undefined;
  rmSync(dir, { recursive: true, force: true });
});

/** Sets the policy, starts the browser and opens the settings. Skips the test where nobody may write policies. */
async function settingsUnder(context: TestContext, policy: Record<string, unknown>): Promise<App> {
  let folder = POLICIES;
  while (!existsSync(folder)) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    context.skip(`this user may not write to ${folder}`);
  }
  mkdirSync(POLICIES, { recursive: true });
  writeFileSync(file, JSON.stringify({ "3rdparty": { extensions: { [id]: policy } } }));
  chromium = await Chromium.launch({ dir });
  expect(chromium.id).toBe(id);
  const app = new App(await chromium.open("options", "#/settings"));
  await app.sees(words("policy_title"));
  return app;
}

const add = (page: Page, origin: string, protection: "none" | "passphrase" = "none") =>
  command(page, "addConnection", {
    name: "Desk",
    origin,
    instance: WORLD_INSTANCES.main,
    dialect: "guide",
    auth: "api-key",
    key: KEY,
    protection,
    passphrase: protection === "passphrase" ? PASSPHRASE : undefined,
  });
const refused = { ok: false, failure: { code: "company-rule" } };

it("rules that can be read hold, and a wildcard allows the subdomains", async (context) => {
  const app = await settingsUnder(context, { allowedHosts: ["*.gw.example"], requirePassphrase: true });
  await app.sees(words("policy_hosts", "*.gw.example"));
  await app.sees(words("policy_passphrase"));
  expect(await add(app.page, "https://gw.example", "passphrase")).toMatchObject(refused);
  expect(await add(app.page, "https://evil.example", "passphrase")).toMatchObject(refused);
  expect(await add(app.page, "https://desk.gw.example", "none")).toMatchObject(refused);
  expect(await add(app.page, "https://desk.gw.example", "passphrase")).toMatchObject({ ok: true });
});

it.for([
  ["a gateway", { gateway: "https://gw.example/api" }, "gateway"],
  ["an allowed host", { allowedHosts: ["https://gw.example/api"] }, "allowedHosts: https://gw.example/api"],
  ["an instance", { instance: "a b" }, "instance"],
] satisfies [string, Record<string, unknown>, string][])(
  "%s that cannot be read lets nothing be connected, and Settings names it",
  async ([, policy, name], context) => {
    const app = await settingsUnder(context, policy);
    await app.sees(words("policy_wrong", name));
    expect(await add(app.page, "https://gw.example")).toMatchObject(refused);
  },
);

it("a pace and a time that cannot be read are the narrowest, and Settings names them", async (context) => {
  const app = await settingsUnder(context, { maxPace: "slow", lockAfter: 7.5 });
  await app.sees(words("policy_wrong", "maxPace"));
  await app.sees(words("policy_wrong", "lockAfter"));
  await app.sees(words("policy_pace"));
});
