import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "wxt";
import { PAGES } from "./lib/shared/address";

/**
 * The oldest browsers in which everything works. Chrome 126 brought `URL.parse`, 127 `action.openPopup` for everybody;
 * Firefox 142 asks for the consent to data collection at the installation. What came later is used only where it is there
 * (the list in `test/lib/background/oldest-browsers.test.ts`).
 */
export const OLDEST = { chrome: 127, firefox: 142 } as const;

/**
 * Pages on which the page script may run: http and https, top frame only. One pattern, because no optional host has the
 * same: asked for again, it gives back the access to pages and no other.
 */
const WEB = [PAGES];

/**
 * Content security policy of our own pages and of the worker. Trusted Types without a policy makes every HTML sink
 * throw; `connect-src` is the second belt under the gateway client's refusal of redirects.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self' https: http://localhost:* http://127.0.0.1:*",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

/** Packages whose code is in the build, as folders: noted while it is bundled. */
const shipped = new Set<string>();

/** The licence of each shipped package, in the order of their names: what their authors ask to be sent along. */
function notices(): string {
  const texts = [...shipped].toSorted().map((folder) => {
    const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, string>;
    const files = readdirSync(folder).filter((name) => /^(licen[cs]e|notice|copying)/i.test(name));
    const licence = files.map((name) => readFileSync(join(folder, name), "utf8").trim()).join("\n\n");
    const heading = `${about["name"]} ${about["version"]} (${about["license"]}) ${about["homepage"] ?? ""}`.trim();
    return licence ? `${heading}\n\n${licence}` : heading;
  });
  return `${texts.join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}

export default defineConfig({
  manifestVersion: 3,
  imports: false,
  zip: { excludeSources: [".ci/**", ".screenshots/**", ".browser/**", "test/**"] },
  vite: ({ mode }) => ({
    build: {
      // A list of modules would be inserted as <link> elements, one for each file of a few hundred bytes.
      modulePreload: false,
      cssTarget: [`chrome${OLDEST.chrome}`, `firefox${OLDEST.firefox}`],
      // One character beyond Latin, and the browser keeps a whole script in two bytes a character, on each page.
      rolldownOptions: {
        output: {
          charset: "ascii",
          // What every page needs before it shows anything is one file instead of sixteen.
          codeSplitting: { groups: [{ name: "first", test: /[\\/]components[\\/]open\.tsx$/ }] },
        },
      },
    },
    plugins: [
      {
        // The files of an extension change together, so that their names need no hash: 46 of them would be in each popup.
        name: "plain-names",
        outputOptions: (options) => ({
          ...options,
          chunkFileNames: "chunks/[name].js",
          ...(typeof options.assetFileNames === "string" ? { assetFileNames: "assets/[name].[ext]" } : {}),
        }),
      },
      {
        name: "shipped-packages",
        generateBundle(_options, bundle) {
          for (const output of Object.values(bundle)) {
            if (output.type !== "chunk") continue;
            for (const [id, { renderedLength }] of Object.entries(output.modules)) {
              const folder = /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id.replaceAll("\\", "/"))?.[1];
              if (folder !== undefined && renderedLength > 0) shipped.add(folder);
            }
          }
        },
      },
    ],
    // How long an effect may come late  and the period of the engine's alarm, in ms. The
    // browser tests cannot wait for two minutes and half a minute; an unpacked extension may have shorter alarms.
    define: {
      "import.meta.env.SETTLE": mode === "e2e" ? 2_000 : 120_000,
      "import.meta.env.ALARM_PERIOD": mode === "e2e" ? 500 : 30_000,
    },
  }),
  manifest: ({ browser, mode }) => ({
    name: "__MSG_extension_name__",
    short_name: "Wappfy Groups",
    description: "__MSG_extension_description__",
    default_locale: "en",
    permissions: [
      "storage",
      "unlimitedStorage",
      "alarms",
      "scripting",
      "contextMenus",
      "activeTab",
      "idle",
      ...(browser === "firefox" ? [] : ["sidePanel"]),
    ],
    // The browser tests (`wxt build --mode e2e`) talk to a gateway on this computer; the agent is asked for it instead.
    host_permissions: ["https://api.wappfy.io/*", ...(mode === "e2e" ? ["http://127.0.0.1/*"] : [])],
    optional_host_permissions: ["https://*/*", "http://localhost/*", "http://127.0.0.1/*"],
    content_security_policy: { extension_pages: POLICY },
    // A private window is to leave nothing behind, and everything that is done here is kept: paused sites, history, jobs.
    incognito: "not_allowed",
    omnibox: { keyword: "wf" },
    commands: {
      // Chromium keeps Alt+Shift+C, P, W and X for itself, and then assigns none, without a word.
      _execute_action: { suggested_key: { default: "Alt+Shift+G" } },
      "open-panel": { description: "__MSG_command_open_panel__" },
      "find-invites": { description: "__MSG_command_find_invites__" },
      lock: { description: "__MSG_command_lock__" },
    },
    ...(browser === "firefox"
      ? {
          browser_specific_settings: {
            gecko: {
              id: "groups@wappfy.example",
              strict_min_version: `${OLDEST.firefox}.0`,
              data_collection_permissions: {
                required: ["authenticationInfo", "personallyIdentifyingInfo", "websiteContent"],
              },
            },
          },
        }
      : {
          minimum_chrome_version: String(OLDEST.chrome),
          externally_connectable: { ids: [] },
          storage: { managed_schema: "managed.json" },
        }),
  }),
  hooks: {
    "build:done": (wxt) => writeFileSync(join(wxt.config.outDir, "third-party.txt"), notices()),
    // The page script is an unlisted script and not a WXT content script, because the wrapper of the latter announces
    // the extension's id to every page and can be switched off by a page. So it is declared here by hand. It waits by itself
    // until the page is read: with the load event of a page Chromium waits for every script of `document_idle`, and gives it
    // its turn late (50 ms and more, for an empty script too).
    "build:manifestGenerated": (_wxt, manifest) => {
      manifest.content_scripts = [{ matches: WEB, js: ["invites.js"], run_at: "document_start", all_frames: false }];
    },
  },
});
