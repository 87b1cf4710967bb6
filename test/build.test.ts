import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parseSync } from "vite";
import { describe, expect, it } from "vitest";
import { createWorld } from "../lib/sandbox/seed";
import { calls, parseSource } from "./sources";

/**
 * What can only be seen in the built files: `npm test` builds them, or `npx wxt build` and `npx wxt build -b firefox`.
 * Sizes are in `budget.mjs`.
 */

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; " +
  "connect-src 'self' https: http://localhost:* http://127.0.0.1:*; frame-ancestors 'none'; base-uri 'none'; " +
  "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/** The manifests as they were reviewed. A line that appears here by itself is a question to the reviewer. */
const common = {
  manifest_version: 3,
  name: "__MSG_extension_name__",
  short_name: "Wappfy Groups",
  description: "__MSG_extension_description__",
  default_locale: "en",
  icons: {
    "16": "icon/16.png",
    "32": "icon/32.png",
    "48": "icon/48.png",
    "96": "icon/96.png",
    "128": "icon/128.png",
  },
  host_permissions: ["https://api.wappfy.io/*"],
  optional_host_permissions: ["https://*/*", "http://localhost/*", "http://127.0.0.1/*"],
  content_security_policy: { extension_pages: POLICY },
  incognito: "not_allowed",
  omnibox: { keyword: "wf" },
  commands: {
    _execute_action: { suggested_key: { default: "Alt+Shift+G" } },
    "open-panel": { description: "__MSG_command_open_panel__" },
    "find-invites": { description: "__MSG_command_find_invites__" },
    lock: { description: "__MSG_command_lock__" },
  },
  action: { default_title: "Wappfy Groups", default_popup: "popup.html" },
  options_ui: { open_in_tab: true, page: "options.html" },
  content_scripts: [{ matches: ["*://*/*"], js: ["invites.js"], run_at: "document_start", all_frames: false }],
};
const permissions = ["storage", "unlimitedStorage", "alarms", "scripting", "contextMenus", "activeTab", "idle"];
const reviewed = {
  chrome: {
    ...common,
    permissions: [...permissions, "sidePanel"],
    minimum_chrome_version: "127",
    externally_connectable: { ids: [] },
    background: { service_worker: "background.js" },
    side_panel: { default_path: "sidepanel.html" },
    storage: { managed_schema: "managed.json" },
  },
  firefox: {
    ...common,
    permissions,
    browser_specific_settings: {
      gecko: {
        id: "groups@wappfy.example",
        strict_min_version: "142.0",
        data_collection_permissions: {
          required: ["authenticationInfo", "personallyIdentifyingInfo", "websiteContent"],
        },
      },
    },
    background: { scripts: ["background.js"] },
    sidebar_action: { default_panel: "sidepanel.html", default_title: "Wappfy Groups" },
  },
};

interface File {
  path: string;
  text: string;
}

/** The scripts and pages of a build. */
function read(build: string): File[] {
  return readdirSync(build, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(js|html|css)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: relative(build, path).replaceAll("\\", "/"), text: readFileSync(path, "utf8") }));
}

/** A script and everything that it imports, now or later. */
function reachable(files: File[], start: string): File[] {
  const found = new Set<File>();
  const visit = (path: string) => {
    const file = files.find((one) => one.path === path);
    if (!file || found.has(file)) return;
    found.add(file);
    if (file.path.endsWith(".html")) {
      for (const [, src] of file.text.matchAll(/<script[^>]+src="\/([^"]+)"/g)) visit(src!);
      return;
    }
    const { module } = parseSync(path, file.text);
    const requests = [...module.staticImports, ...module.staticExports.flatMap(({ entries }) => entries)];
    for (const { moduleRequest } of requests) if (moduleRequest) visit(join(dirname(path), moduleRequest.value));
    for (const { moduleRequest } of module.dynamicImports) {
      visit(join(dirname(path), file.text.slice(moduleRequest.start + 1, moduleRequest.end - 1)));
    }
  };
  visit(start);
  return [...found];
}

/** Files with a text that matches, as `path: what was found`. */
function hits(files: File[], pattern: RegExp): string[] {
  return files.flatMap(({ path, text }) => [...text.matchAll(pattern)].map(([found]) => `${path}: ${found}`));
}

/** Calls of the browser's own `fetch` in a script: not methods of that name, and not the word in a text. */
function networkCalls(path: string, text: string): string[] {
  return [...calls(parseSource(path, text))]
    .map(({ name }) => name)
    .filter((name) => /^((globalThis|self|window)\.)?fetch$/.test(name));
}

describe.each(["chrome", "firefox"] as const)("the build for %s", (browser) => {
  const build = `.output/${browser}-mv3`;
  const files = read(build);
  const manifest = JSON.parse(readFileSync(join(build, "manifest.json"), "utf8")) as Record<string, unknown>;
  const pages = ["popup.html", "sidepanel.html", "app.html", "options.html", "welcome.html"];
  const inPages = ["invites.js", "find.js"].map((name) => files.find(({ path }) => path === name)!);
  const scripts = files.filter(({ path }) => path.endsWith(".js"));

  it("T01 has the manifest that was reviewed", () => {
    const { version, ...rest } = manifest;
    expect(version).toBe((JSON.parse(readFileSync("package.json", "utf8")) as { version: string }).version);
    expect(rest).toEqual(reviewed[browser]);
  });

  it("carries the licence of every package whose code is in it, and the settings lead to them", () => {
    const notices = readFileSync(join(build, "third-party.txt"), "utf8").split(/\n\n-{80}\n\n/);
    const { dependencies } = JSON.parse(readFileSync("package.json", "utf8")) as {
      dependencies: Record<string, string>;
    };
    for (const [name, version] of Object.entries({ ...dependencies, "@preact/signals-core": "" })) {
      const notice = notices.find((text) => text.startsWith(`${name} ${version}`));
      expect([name, notice]).toEqual([name, expect.stringMatching(/copyright|Mozilla Public License/i)]);
      expect(notice!.length).toBeGreaterThan(400);
    }
    expect(scripts.some(({ text }) => text.includes("/third-party.txt"))).toBe(true);
  });

  it("T03 offers nothing to pages and to other extensions", () => {
    expect(manifest).not.toHaveProperty("web_accessible_resources");
    expect(hits(scripts, /on(Message|Connect)External\s*\.\s*addListener/g)).toEqual([]);
  });

  it("T05 has no HTML sink but Preact's own, no code from text, no plain address", () => {
    // Preact sets innerHTML where a component asks for it, which none does (R13); Trusted Types stop it anyway.
    const preact = scripts.filter(({ text }) => text.includes("__html"));
    expect(preact.length).toBeLessThanOrEqual(1);
    const others = scripts.filter((file) => !preact.includes(file));
    expect(hits(preact, /\.(innerHTML|outerHTML)\s*=[^=]/g).length).toBeLessThanOrEqual(2);
    expect(hits(others, /\b(innerHTML|outerHTML)\b/g)).toEqual([]);
    // Whether a frame has the attribute is asked; none is written.
    const sinks =
      /\b(insertAdjacentHTML|setHTMLUnsafe|createContextualFragment|(?<!hasAttribute["'`],\s*["'`])srcdoc)\b/g;
    expect(hits(scripts, sinks)).toEqual([]);
    expect(hits(scripts, /\bdocument\s*\.\s*write|\beval\s*\(|\bnew\s+Function\b|\bimportScripts\b/g)).toEqual([]);
    // Names of XML vocabularies are no addresses; the last is the name under which the sandbox is called.
    const isKnown =
      /http:\/\/(www\.w3\.org\/|schemas\.openxmlformats\.org\/|purl\.oclc\.org\/ooxml\/|www\.wps\.cn\/officeDocument\/|localhost|127\.0\.0\.1)/;
    expect(hits(scripts, /http:\/\/[^\s"'`)]+/g).filter((hit) => !isKnown.test(hit))).toEqual([]);
  });

  it("T05 reaches the network in one place, which no page of ours loads", () => {
    const shown = [...new Set(pages.flatMap((page) => reachable(files, page)))];
    const worker = reachable(files, "background.js").filter((file) => !shown.includes(file));
    // The CSV reader could load a file from an address if it were asked to; it is only given text.
    const own = shown.filter(({ text }) => !text.includes("papaparse") && !text.includes("RemoteChunkSize"));
    expect(shown.length - own.length).toBeLessThanOrEqual(1);
    expect(hits(own, /(?<![.\w$])fetch\s*\(|globalThis\.fetch|XMLHttpRequest|sendBeacon|\bWebSocket\b/g)).toEqual([]);
    expect(hits(inPages, /\bfetch\b|XMLHttpRequest|sendBeacon|\bWebSocket\b/g)).toEqual([]);
    expect(worker.flatMap(({ path, text }) => networkCalls(path, text))).toEqual(["fetch"]);
    expect(hits(worker, /x-api-key/gi), "the worker is where the key header is").not.toEqual([]);
  });

  it("T06 R8 the page script is silent, and knows neither gateway, schema, framework nor sandbox", () => {
    const loud = /content-script-started|postMessage|dispatchEvent|getURL|\bstorage\s*\.|localStorage/g;
    expect(hits(inPages, loud)).toEqual([]);
    const foreign =
      /wappfy\.io|x-api-key|authorization|~standard|valibot|preact|__html|sandbox|libphonenumber|indexedDB/gi;
    expect(hits(inPages, foreign)).toEqual([]);
    const names = Object.values(createWorld().groups).map(({ name }) => name);
    expect(names.filter((name) => inPages.some(({ text }) => text.includes(name)))).toEqual([]);
  });

  it.each(inPages)("R3 $path is one file that imports nothing, in plain ASCII", ({ path, text }) => {
    // One character beyond Latin, and the browser keeps the whole file in two bytes a character, for each page.
    expect(/[^\t\n\r\x20-\x7e]/.exec(text)?.[0]).toBeUndefined();
    const { module } = parseSync(path, text);
    expect([module.staticImports, module.dynamicImports, module.staticExports]).toEqual([[], [], []]);
  });

  it("R2 no page of ours loads the gateway, the vault or the sandbox", () => {
    const shown = [...new Set(pages.flatMap((page) => reachable(files, page)))];
    expect(shown.length).toBeGreaterThan(pages.length);
    expect(hits(shown, /PBKDF2|AES-GCM|\/participants|invite-code/g)).toEqual([]);
  });

  it("has nothing of the build for browser tests", () => {
    expect(JSON.stringify(manifest["host_permissions"])).not.toContain("127.0.0.1");
    expect(hits(scripts, /import\.meta\.env/g)).toEqual([]);
  });
});
