import { spawn } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Sets up what `npm start` and `npm test` need on a machine with nothing but Node: the dependencies and the browsers.
 * Plain JavaScript, because Node 20 runs no TypeScript, and no import but Node's own, because it runs before
 * `npm ci`.
 */

/** The project's folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const MINUTE = 60_000;

/** Programs that the tests with real input need, each with the names of its package in apt, dnf, pacman and apk. */
const DISPLAY_TOOLS = {
  Xvfb: ["xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb"],
  xdotool: ["xdotool"],
  openbox: ["openbox"],
};

/** Returns the programs of the tests with real input that this computer lacks; without them those tests are skipped. */
export function missingDisplayTools() {
  return Object.keys(DISPLAY_TOOLS).filter((tool) => onPath([tool]).length === 0);
}

/**
 * Installs what is missing and returns the paths of the browsers.
 * @param {{ firefox?: boolean, display?: boolean }} wanted Chromium is always wanted, the others on demand. `display`:
 *   the programs for a display with real input, without which a warning is printed.
 * @returns {Promise<{ chromium: string, firefox: string | undefined }>}
 * @throws {Error} with one sentence that says what to do, when a browser cannot be had.
 */
export async function setUp({ firefox = false, display = false }) {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Error(`Node ${process.versions.node} is too old: install Node 20.19 or newer (https://nodejs.org).`);
  }
  await installDependencies();
  const chromiumPath = await findChromium();
  if (display) await installDisplayTools();
  return { chromium: chromiumPath, firefox: firefox ? await findFirefox() : undefined };
}

/** Runs `npm ci` unless what is installed is what the lockfile says. */
async function installDependencies() {
  if (isInstalled()) return;
  say("Installing the dependencies (npm ci)");
  const { npm_execpath: npm } = process.env;
  const result = npm?.endsWith(".js")
    ? await run(process.execPath, [npm, "ci", "--loglevel=error"], { limit: 10 * MINUTE })
    : await run("npm", ["ci", "--loglevel=error"], { limit: 10 * MINUTE, shell: true });
  if (result.code !== 0) {
    throw new Error(`npm ci failed; run it by hand to see why. It said:\n${result.output.slice(0, 1500)}`);
  }
}

/** Compares the lockfile with the one that npm keeps of what it installed; only other platforms' binaries may lack. */
function isInstalled() {
  const kept = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(kept)) return false;
  const there = JSON.parse(readFileSync(kept, "utf8")).packages;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, { optional, version }]) => path === "" || (there[path] ? there[path].version === version : optional),
  );
}

/** An installed Chromium or Chrome for Testing, else a download, else the package manager's. */
async function findChromium() {
  const found = await firstThatRuns(installedChromium(), /Chromium|for Testing/);
  if (found) return found;
  say("Downloading a Chromium (playwright-core install chromium)");
  const cli = join(root, "node_modules", "playwright-core", "cli.js");
  // Where the download is blocked it hangs and tries again; a minute without a word is the end of it.
  await run(process.execPath, [cli, "install", "--no-shell", "chromium"], { limit: 10 * MINUTE, silence: MINUTE });
  const downloaded = await firstThatRuns(installedChromium(), /Chromium|for Testing/);
  if (downloaded) return downloaded;
  await installPackage("chromium", ["chromium"]);
  const packaged = await firstThatRuns(installedChromium(), /Chromium|for Testing/);
  if (packaged) return packaged;
  throw new Error(
    "No Chromium was found, downloaded or installed: install Chromium or Chrome for Testing and set CHROMIUM_PATH to it (branded Chrome does not load unpacked extensions).",
  );
}

/** An installed Firefox, else the package manager's. */
async function findFirefox() {
  const found = await firstThatRuns(installedFirefox(), /Firefox/);
  if (found) return found;
  await installPackage("Firefox", ["firefox-esr", "firefox"]);
  const packaged = await firstThatRuns(installedFirefox(), /Firefox/);
  if (packaged) return packaged;
  throw new Error("No Firefox was found or installed: install Firefox and set FIREFOX_PATH to it.");
}

/** Installs what the tests with real input need, and says so where that is not possible. */
async function installDisplayTools() {
  for (const [tool, packages] of Object.entries(DISPLAY_TOOLS)) {
    if (missingDisplayTools().includes(tool)) await installPackage(tool, packages);
  }
  const missing = missingDisplayTools();
  if (missing.length === 0) return;
  const hint = process.platform === "linux" ? `install ${missing.join(", ")}` : "they need Linux";
  say(`The tests with real input are skipped: ${hint} to run them.`);
}

function installedChromium() {
  const cache =
    process.env.PLAYWRIGHT_BROWSERS_PATH ??
    { darwin: join(homedir(), "Library/Caches/ms-playwright"), win32: join(local(), "ms-playwright") }[
      process.platform
    ] ??
    join(homedir(), ".cache/ms-playwright");
  const inside = [
    "chrome-linux/chrome",
    "chrome-linux64/chrome",
    "chrome-linux-arm64/chrome",
    "chrome-win/chrome.exe",
    "chrome-win64/chrome.exe",
    ...["chrome-mac", "chrome-mac-x64", "chrome-mac-arm64"].flatMap((folder) => [
      `${folder}/Chromium.app/Contents/MacOS/Chromium`,
      `${folder}/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing`,
    ]),
  ];
  return [
    process.env.CHROMIUM_PATH,
    ...onPath(["chromium", "chromium-browser", "google-chrome-for-testing", "chrome-for-testing"]),
    ...["/Applications", join(homedir(), "Applications")].flatMap((folder) => [
      `${folder}/Chromium.app/Contents/MacOS/Chromium`,
      `${folder}/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing`,
    ]),
    join(local(), "Chromium/Application/chrome.exe"),
    ...names(cache)
      .filter((name) => /^chromium-\d+$/.test(name))
      .toSorted()
      .toReversed()
      .flatMap((name) => inside.map((path) => join(cache, name, path))),
  ];
}

function installedFirefox() {
  return [
    process.env.FIREFOX_PATH,
    ...onPath(["firefox", "firefox-esr"]),
    "/Applications/Firefox.app/Contents/MacOS/firefox",
    "C:/Program Files/Mozilla Firefox/firefox.exe",
  ];
}

/**
 * The first path that exists and starts. A downloaded browser may lack the system's libraries, so it is tried; on
 * Windows and macOS it needs none, and `--version` would open a window on Windows.
 * @param {(string | undefined)[]} paths
 * @param {RegExp} version What it must call itself.
 */
async function firstThatRuns(paths, version) {
  for (const path of paths) {
    if (!path || !existsSync(path)) continue;
    if (process.platform !== "linux") return path;
    const { code, output } = await run(path, ["--version"], { limit: MINUTE / 2 });
    if (code === 0 && version.test(output)) return path;
  }
  return undefined;
}

/** Whether the package manager has read its lists in this run. */
let isUpdated = false;

/**
 * Installs one package with the system's package manager, where that needs no password.
 * @param {string} title
 * @param {string[]} packages Names, the first that can be had is taken.
 */
async function installPackage(title, packages) {
  if (process.platform !== "linux") return;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && (await run("sudo", ["-n", "true"], { limit: MINUTE / 6 })).code !== 0) return;
  const prefix = isRoot ? [] : ["sudo", "-n"];
  const managers = [
    { command: "apt-get", update: ["update"], install: ["install", "-y", "--no-install-recommends"] },
    { command: "dnf", install: ["install", "-y"] },
    { command: "pacman", update: ["-Sy"], install: ["-S", "--noconfirm"] },
    { command: "apk", install: ["add"] },
  ];
  const manager = managers.find(({ command }) => onPath([command]).length > 0);
  if (!manager) return;
  say(`Installing ${title} (${manager.command} install ${packages[0]})`);
  const call = (/** @type {string[]} */ args) => {
    const [command = "", ...rest] = [...prefix, manager.command, ...args];
    return run(command, rest, { limit: 10 * MINUTE, env: { DEBIAN_FRONTEND: "noninteractive" } });
  };
  if (manager.update && !isUpdated) await call(manager.update);
  isUpdated = true;
  for (const name of packages) {
    if ((await call([...manager.install, name])).code === 0) return;
  }
}

/** Files of these names in the folders of PATH. */
function onPath(/** @type {string[]} */ files) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return files
    .flatMap((file) => folders.map((folder) => join(folder, file)))
    .filter((path) => existsSync(path) && process.platform !== "win32");
}

/** Names in a folder; none when it does not exist. */
function names(/** @type {string} */ folder) {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function local() {
  return process.env.LOCALAPPDATA ?? join(homedir(), "AppData/Local");
}

/** Prints one line of what is being set up. */
export function say(/** @type {string} */ line) {
  console.log(`• ${line}`);
}

/**
 * Ends this process once everything that it printed has left it: a pipe that is full holds the last lines back.
 * @param {number} code
 */
export function exit(code) {
  process.stdout.write("", () => process.exit(code));
}

/**
 * Runs a program, bounded, and gives its code and everything it wrote. Never throws; a program that is not there or
 * that is stopped by a bound gives a code of 127 or 124.
 * @param {string} command
 * @param {string[]} args
 * @param {{ limit: number, silence?: number, shell?: boolean, env?: Record<string, string> }} options
 *   `limit`: ms until it is stopped. `silence`: ms without output until it is stopped.
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, { limit, silence = limit, shell = false, env = {} }) {
  return new Promise((resolve) => {
    const isGroup = process.platform !== "win32";
    // A group of its own, so that a bound also ends what the program started.
    const child = spawn(command, args, {
      cwd: root,
      shell,
      env: { ...process.env, ...env },
      detached: isGroup,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let isStopped = false;
    const stop = () => {
      isStopped = true;
      try {
        if (isGroup && child.pid) process.kill(-child.pid, "SIGKILL");
        else child.kill("SIGKILL");
      } catch {
        // It has ended by itself in this very moment.
      }
    };
    const total = setTimeout(stop, limit);
    let quiet = setTimeout(stop, silence);
    const heard = (/** @type {Buffer} */ chunk) => {
      output += chunk;
      clearTimeout(quiet);
      quiet = setTimeout(stop, silence);
    };
    child.stdout.on("data", heard);
    child.stderr.on("data", heard);
    const end = (/** @type {number} */ code) => {
      clearTimeout(total);
      clearTimeout(quiet);
      process.off("SIGINT", interrupted);
      resolve({ code: isStopped ? 124 : code, output: isStopped ? `${output}\n(stopped: took too long)` : output });
    };
    const interrupted = () => {
      stop();
      process.exit(130);
    };
    process.on("SIGINT", interrupted);
    child.on("error", (error) => {
      output += error.message;
      end(127);
    });
    child.on("close", (code) => end(code ?? 1));
  });
}

/**
 * Runs test files of the unit project that print a table when a variable is set, prints what they say, and ends with 1 when
 * they fail.
 * @param {string} variable
 * @param {string[]} files
 */
export async function printTable(variable, files) {
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  if (!existsSync(vitest)) {
    console.error("Run `npm test` first: it sets up what is missing.");
    process.exit(2);
  }
  const options = ["-c", "test/vitest.config.ts", "--project", "unit", "--disable-console-intercept", "--reporter=dot"];
  const { code, output } = await run(process.execPath, [vitest, "run", ...options, ...files], {
    limit: 3 * MINUTE,
    env: { [variable]: "1", NO_COLOR: "1" },
  });
  console.log(output.trim());
  exit(code === 0 ? 0 : 1);
}
