import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { afterEach, expect, it } from "vitest";
import { WORLD_INSTANCES } from "../../../lib/sandbox/world";
import { KEY, words } from "../app";
import { Firefox, FIREFOX_PATH, type FirefoxPage } from "../firefox";
import { sendFrom } from "../firefox-app";

/** A company's policy as administrators write it: `policies.json` in the folder of the installed browser. */

let firefox: Firefox | undefined;
let install: string | undefined;

afterEach(async () => {
  await firefox?.close();
  firefox = undefined;
  if (install !== undefined) rmSync(install, { recursive: true, force: true });
});

/** The program itself, in the folder of the installed browser; distributions put a script before it that starts it. */
function programOf(path: string): string {
  const isProgram = (each: string) =>
    existsSync(each) && existsSync(join(dirname(realpathSync(each)), "application.ini"));
  const started = [
    ...readFileSync(path, "latin1")
      .slice(0, 4096)
      .matchAll(/^exec "?([\w./-]+)/gm),
  ];
  const found = [path, ...started.map(([, name = ""]) => resolve(dirname(path), name))].find(isProgram);
  if (found === undefined) throw new Error(`no installation of Firefox was found behind ${path}`);
  return realpathSync(found);
}

/**
 * A second installation with a policy of its own, so that it reaches no other browser of this computer: everything is a
 * link to the real one but the program, which looks beside itself.
 */
function installWith(policy: Record<string, unknown>): string {
  const program = programOf(FIREFOX_PATH);
  const folder = mkdtempSync(join(tmpdir(), "wappfy-policy-"));
  install = folder;
  for (const name of readdirSync(dirname(program))) {
    if (name === "distribution") continue;
    if (name === basename(program)) copyFileSync(program, join(folder, name));
    else symlinkSync(join(dirname(program), name), join(folder, name));
  }
  mkdirSync(join(folder, "distribution"));
  const policies = { "3rdparty": { Extensions: { "groups@wappfy.example": policy } } };
  writeFileSync(join(folder, "distribution", "policies.json"), JSON.stringify({ policies }));
  return join(folder, basename(program));
}

async function settingsUnder(policy: Record<string, unknown>): Promise<FirefoxPage> {
  firefox = await Firefox.launch({ executable: installWith(policy) });
  const page = await firefox.open("options", "#/settings");
  await page.waitFor(saying(words("policy_title")));
  return page;
}

const saying = (text: string) => `document.body.innerText.includes(${JSON.stringify(text)})`;
const add = async (page: FirefoxPage, origin: string): Promise<string> => {
  const input = {
    name: "Desk",
    origin,
    instance: WORLD_INSTANCES.main,
    dialect: "guide",
    auth: "api-key",
    key: KEY,
    protection: "none",
  } as const;
  const reply = await sendFrom(page, "addConnection", input);
  return reply.ok ? "connected" : reply.failure.code;
};

it("rules that can be read hold, and a wildcard allows the subdomains", async () => {
  const page = await settingsUnder({ allowedHosts: ["*.gw.example"], sandbox: false });
  await page.waitFor(saying(words("policy_hosts", "*.gw.example")));
  await page.waitFor(saying(words("policy_sandbox")));
  expect(await add(page, "https://gw.example")).toBe("company-rule");
  expect(await add(page, "https://evil.example")).toBe("company-rule");
  expect(await add(page, "https://desk.gw.example")).toBe("connected");
});

it("rules that cannot be read restrict, and Settings names them", async () => {
  const page = await settingsUnder({ gateway: "https://gw.example/api", requirePassphrase: "true", maxPace: 7 });
  for (const name of ["gateway", "requirePassphrase", "maxPace"])
    await page.waitFor(saying(words("policy_wrong", name)));
  await page.waitFor(saying(words("policy_passphrase")));
  await page.waitFor(saying(words("policy_pace")));
  expect(await add(page, "https://gw.example")).toBe("company-rule");
});

it("a passphrase that is required in the wrong type is required", async () => {
  const page = await settingsUnder({ requirePassphrase: "true" });
  expect(await add(page, "https://api.wappfy.io")).toBe("company-rule");
});
