import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DEFENCES } from "./defences.mjs";
import {
  calls,
  closure,
  identifiers,
  isFunction,
  nameOf,
  onImport,
  parseSource,
  readSources,
  strings,
  walk,
} from "./sources";
import type { Node, Source } from "./sources";

/**
 * The rules of the design, held against the sources. Each rule also names a file that breaks it, so that the test shows
 * that it can fail. What can only be seen in the built files is in `build.test.ts`.
 */

interface Rule {
  name: string;
  /** What is wrong, one line for each fault. */
  faults(sources: Source[]): string[];
  /** Files that break the rule, each by itself: where it would lie, and its text. */
  broken?: [path: string, text: string][];
  /** Files that break the rule only together. */
  brokenTogether?: [path: string, text: string][];
}

const sources = readSources(["lib", "components", "entrypoints"]);
const isIn = (folder: string, path: string) => path.startsWith(`${folder}/`);
const isPackage = (from: string, name: string) => from === name || from.startsWith(`${name}/`);

/** Faults of the files that `isMeant`, one by one. */
const inEach =
  (isMeant: (path: string) => boolean, faults: (source: Source) => Iterable<string>) =>
  (all: Source[]): string[] =>
    all
      .filter(({ path }) => isMeant(path))
      .flatMap((source) => [...new Set(faults(source))].map((fault) => `${source.path}: ${fault}`));

/** Imports of a file that are not allowed. */
const importsBut = (isAllowed: (one: Source["imports"][number]) => boolean) => (source: Source) =>
  source.imports.filter((one) => !isAllowed(one)).map(({ from }) => `imports ${from}`);

/** The folder of a file, from the project's own. */
const folderOf = (path: string) => path.slice(0, path.lastIndexOf("/"));

/** Names that can be reached from `start` over these edges, in any number of steps. */
function reachable(start: string, edges: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set<string>();
  const open = [start];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const next of edges.get(at) ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      open.push(next);
    }
  }
  return found;
}

/** Entries that run in web pages: by themselves, and at the agent's press. */
const IN_PAGES = ["entrypoints/invites.ts", "entrypoints/find.ts"];
const PURE = ["valibot", "libphonenumber-js", "papaparse", "hucre", "uqr"];
/** Lines that a file, a function, and a component may have: a component is mostly one tree of markup. */
const MOST_LINES = { file: 300, function: 60, component: 100 } as const;

/** Calls that need the agent's press, which is gone after an await. A popup opened for a page has no press anyway. */
const GESTURE = /\.(sidePanel\.open|sidebarAction\.(open|toggle)|permissions\.request)$/;

const rules: Rule[] = [
  {
    name: "R1 lib/shared imports only itself and pure libraries",
    faults: inEach(
      (path) => isIn("lib/shared", path),
      (source) =>
        importsBut(
          ({ from, file, isType }) =>
            (file !== undefined && isIn("lib/shared", file)) ||
            (file !== undefined && isIn("public/_locales", file) && isType) ||
            PURE.some((name) => isPackage(from, name)) ||
            // The one file whose very purpose is to reach the browser.
            (source.path === "lib/shared/browser.ts" && from === "webextension-polyfill"),
        )(source),
    ),
    broken: [["lib/shared/bad.ts", 'import ky from "ky"; import { x } from "../store/read";']],
  },
  {
    name: "R2 lib/background is imported only by entrypoints/background.ts",
    faults: inEach(
      (path) => !isIn("lib/background", path) && path !== "entrypoints/background.ts",
      importsBut(({ file }) => file === undefined || !isIn("lib/background", file)),
    ),
    broken: [["components/bad.tsx", 'import type { Vault } from "../lib/background/account/vault";']],
  },
  {
    name: "R2 the sandbox is reached through the worker alone",
    faults: inEach(
      (path) => !isIn("lib/background", path) && !isIn("lib/sandbox", path) && path !== "entrypoints/background.ts",
      importsBut(({ file }) => file === undefined || !isIn("lib/sandbox", file)),
    ),
    broken: [["components/bad.tsx", 'const world = import("../lib/sandbox/world");']],
  },
  {
    name: "R3 the page script imports no preact, polyfill, schema, phone or gateway code; only types from the contract",
    faults: (all) =>
      IN_PAGES.flatMap((entry) => closure(all, entry)).flatMap((source) => {
        const isOurs = IN_PAGES.includes(source.path) || isIn("lib/page", source.path);
        const isFile = isOurs || /^lib\/shared\/(invite|text|i18n)\.ts$/.test(source.path);
        const packages = source.imports.filter(
          ({ from, file, isType }) => !file && !isType && !/^wxt\/(browser|utils\/define-unlisted-script)$/.test(from),
        );
        return [
          ...(isFile ? [] : [`${source.path} comes with the page script`]),
          ...packages.map(({ from }) => `${source.path} brings in ${from}`),
        ];
      }),
    broken: [["entrypoints/invites.ts", 'import { commands } from "../lib/shared/commands"; import "preact";']],
  },
  {
    name: "R3 what runs in pages is imported by the page scripts alone",
    faults: inEach(
      (path) => !isIn("lib/page", path) && !IN_PAGES.includes(path),
      importsBut(({ file }) => file === undefined || !isIn("lib/page", file)),
    ),
    broken: [["lib/background/bad.ts", 'import { scan } from "../page/watch";']],
  },
  {
    name: "R4 components contain no fetch, ky, indexedDB, no store write",
    faults: inEach(
      (path) => isIn("components", path) || /^entrypoints\/\w+\/main\.tsx$/.test(path),
      function* (source) {
        const banned = new Set(["fetch", "indexedDB", "XMLHttpRequest", "WebSocket", "EventSource", "Request"]);
        for (const name of identifiers(source)) if (banned.has(name)) yield `uses ${name}`;
        for (const { name } of calls(source)) if (/\.(sendBeacon|fetch)$/.test(name)) yield `calls ${name}`;
        for (const [node] of walk(source.program)) {
          if (node.type === "MemberExpression" && (node["property"] as Node)["name"] === "db")
            yield "reaches for the database";
        }
        for (const { from, file } of source.imports) {
          if (["ky", "idb", "hono"].some((name) => isPackage(from, name))) yield `imports ${from}`;
          if (file === "lib/store/write.ts") yield `imports ${from}`;
        }
      },
    ),
    broken: [
      ["components/bad.tsx", 'await fetch("/x");'],
      ["components/bad.tsx", "await store.db.put('groups', {});"],
      ["components/bad.tsx", 'import { write } from "../lib/store/write";'],
    ],
  },
  {
    name: "R4 only lib/background writes the store",
    faults: inEach(
      (path) => !/^(lib\/(background|store)\/|entrypoints\/background\.ts$)/.test(path),
      importsBut(({ file }) => file !== "lib/store/write.ts"),
    ),
    broken: [["lib/shared/bad.ts", 'export { write } from "../store/write";']],
  },
  {
    name: "R10 only the record of a job writes jobs, steps and summaries, so that they agree",
    faults: inEach(
      (path) => isIn("lib", path) && path !== "lib/background/jobs/record.ts" && path !== "lib/store/upgrade.ts",
      function* (source) {
        const writes = /objectStore\("(jobs|steps|summaries)"\)\s*\.(put|add|delete|clear)\b/g;
        for (const [, table] of source.text.matchAll(writes)) yield `writes ${table}`;
      },
    ),
    broken: [["lib/background/bad.ts", 'await tx.objectStore("steps").put(step);']],
  },
  {
    name: "R5 only the gateway's egress holds ky and fetch",
    faults: inEach(
      (path) => path !== "lib/background/gateway/egress.ts" && !isIn("lib/sandbox", path),
      function* (source) {
        for (const { from, isType } of source.imports) if (isPackage(from, "ky") && !isType) yield `imports ${from}`;
        for (const name of identifiers(source)) if (name === "fetch") yield "uses fetch";
      },
    ),
    broken: [
      ["lib/background/bad.ts", 'import ky from "ky";'],
      ["lib/background/gateway/client.ts", "const answer = await fetch(url);"],
    ],
  },
  {
    name: "R5 only the way out holds the key header",
    faults: inEach(
      // A screen may name the header to the agent; R4 keeps it from sending one.
      (path) => path !== "lib/background/gateway/egress.ts" && !isIn("lib/sandbox", path) && !isIn("components", path),
      function* (source) {
        for (const text of strings(source)) {
          if (/^(x-api-key|authorization)$|^Bearer /i.test(text)) yield `holds "${text}"`;
        }
      },
    ),
    broken: [["lib/background/bad.ts", 'headers.set("X-Api-Key", key);']],
  },
  {
    name: "R5 only the dialects know the gateway's paths",
    faults: inEach(
      (path) => path !== "lib/background/gateway/dialects.ts" && !isIn("lib/sandbox", path),
      function* (source) {
        for (const text of strings(source))
          if (/^\/?api\/|\/participants|invite-code/.test(text)) yield `holds "${text}"`;
      },
    ),
    broken: [["lib/background/gateway/client.ts", "call(`/api/instances/${id}/groups`);"]],
  },
  {
    name: "R5 only the vault reads the key",
    faults: inEach(
      (path) => path !== "lib/background/account/vault.ts",
      function* (source) {
        for (const { name, node } of calls(source)) {
          const table = (node["arguments"] as Node[])[0];
          const isVault = table?.type === "Literal" && table["value"] === "vault";
          // Making the table and erasing it read nothing.
          if (isVault && /\.(get|getAll|getKey|getFromIndex|cursor|iterate|openCursor|put|add)$/.test(name)) {
            yield `${name}("vault")`;
          }
        }
      },
    ),
    broken: [["lib/background/bad.ts", 'await db.get("vault", "header");']],
  },
  {
    name: "R6 only sender.ts reads who sent a message",
    faults: inEach(
      (path) => path !== "lib/background/page/sender.ts",
      function* (source) {
        const fields = new Set(["origin", "url", "tab", "frameId", "id", "documentId"]);
        for (const [node, parents] of walk(source.program)) {
          if (node.type === "MemberExpression" && /(^|\.)sender$/.test(nameOf(node["object"]) ?? "")) {
            const field = (node["property"] as Node)["name"] as string;
            if (fields.has(field)) yield `reads sender.${field}`;
          }
          const isTaken = node.type === "ObjectPattern" && parents.at(-1)?.type === "VariableDeclarator";
          if (isTaken && /(^|\.)sender$/.test(nameOf(parents.at(-1)!["init"]) ?? "")) yield "takes fields of sender";
        }
      },
    ),
    broken: [
      ["lib/background/bad.ts", "if (sender.origin === here) run();"],
      ["lib/background/bad.ts", "const { tab } = message.sender;"],
    ],
  },
  {
    name: "R7 nothing happens on import: no browser call and no state at module level",
    faults: inEach(
      (path) => isIn("lib", path) || isIn("components", path),
      function* (source) {
        for (const node of onImport(source)) {
          if (node.type === "VariableDeclaration" && node["kind"] !== "const" && !node["declare"]) {
            yield `has a module-level ${node["kind"] as string}`;
          }
          if (
            node.type === "MemberExpression" &&
            /^(browser|chrome|globalThis\.(browser|chrome))(\.|$)/.test(nameOf(node) ?? "")
          ) {
            yield `uses ${nameOf(node)} at module level`;
          }
          const made = node.type === "CallExpression" || node.type === "NewExpression" ? nameOf(node["callee"]) : "";
          const isEmpty = (node["arguments"] as Node[] | undefined)?.length === 0;
          if (made && /^(signal|computed|effect|useSignal|setInterval|setTimeout|addEventListener)$/.test(made)) {
            yield `calls ${made} at module level`;
          }
          if (made && /^(Map|Set|WeakMap|WeakSet|AbortController|BroadcastChannel)$/.test(made) && isEmpty) {
            yield `has a module-level ${made}`;
          }
          if (node.type === "VariableDeclarator") {
            const { type, elements, properties } = (node["init"] ?? { type: "" }) as Node;
            const isBare =
              (type === "ArrayExpression" && (elements as Node[]).length === 0) ||
              (type === "ObjectExpression" && (properties as Node[]).length === 0);
            if (isBare) yield "has an empty module-level array or object, to be filled later";
          }
        }
      },
    ),
    broken: [
      ["lib/bad.ts", "let count = 0;"],
      ["lib/bad.ts", "const seen = new Map<string, number>();"],
      ["lib/bad.ts", "export const open = signal(false);"],
      ["lib/bad.ts", "const id = browser.runtime.id;"],
      ["lib/bad.ts", "const queue: string[] = [];"],
    ],
  },
  {
    name: "R9 every listener is registered on the worker's first tick",
    faults: (all) => {
      const inWorker = inEach(
        (path) => isIn("lib/background", path) || path === "entrypoints/background.ts",
        function* (source) {
          for (const { name, parents } of calls(source)) {
            if (!name.endsWith(".addListener")) continue;
            const around = parents.filter(isFunction);
            if (around.some((one) => one["async"])) yield `${name} in an async function`;
            const outer = around.map((one) => parents[parents.indexOf(one) - 1]);
            const later = outer.find(
              (node) =>
                node?.type === "CallExpression" &&
                /\.(then|catch|finally|request|addListener)$/.test(nameOf(node["callee"]) ?? ""),
            );
            if (later) yield `${name} after ${nameOf(later["callee"])}`;
          }
        },
      )(all);
      const entry = all.find(({ path }) => path === "entrypoints/background.ts");
      const lines = entry ? entry.text.trimEnd().split("\n").length : 0;
      return [
        ...inWorker,
        ...(lines > 80 ? [`entrypoints/background.ts has ${lines} lines, at most 80 are readable`] : []),
      ];
    },
    broken: [
      ["entrypoints/background.ts", "async function main() { await ready; browser.alarms.onAlarm.addListener(run); }"],
      [
        "lib/background/bad.ts",
        "export const start = () => open().then(() => browser.alarms.onAlarm.addListener(run));",
      ],
    ],
  },
  {
    name: "R10 state is in the store: no storage that a content script reads, none outside of the store",
    faults: inEach(
      () => true,
      function* (source) {
        for (const [node, parents] of walk(source.program)) {
          const name = nameOf(node) ?? "";
          // Shutting content scripts out of it (`setAccessLevel`) is what it may be named for.
          if (/\bstorage\.(local|sync)\.(get|set|remove|clear|onChanged)\b/.test(name)) yield `uses ${name}`;
          const parent = parents.at(-1);
          if (node.type === "ObjectPattern" && /\bstorage$/.test(nameOf(parent?.["init"]) ?? "")) {
            const taken = (node["properties"] as Node[]).map(({ key }) => nameOf(key) ?? "");
            if (taken.some((area) => /^(local|sync)$/.test(area))) yield "takes storage.local or storage.sync";
          }
        }
        for (const name of identifiers(source)) if (/^(local|session)Storage$/.test(name)) yield `uses ${name}`;
      },
    ),
    broken: [
      ["lib/background/bad.ts", "await browser.storage.local.set({ a: 1 });"],
      ["lib/background/bad.ts", "const { local } = browser.storage;"],
      ["components/bad.tsx", "localStorage.setItem('a', '1');"],
    ],
  },
  {
    name: "R11 nothing is awaited before a call that needs the agent's press",
    faults: inEach(
      () => true,
      function* (source) {
        for (const { name, node, parents } of calls(source)) {
          if (!GESTURE.test(name)) continue;
          const own = parents.findLast(isFunction);
          const outer = own && parents[parents.indexOf(own) - 1];
          if (outer?.type === "CallExpression" && /\.(then|catch|finally)$/.test(nameOf(outer["callee"]) ?? "")) {
            yield `${name} after a promise`;
          }
          for (const [other, around] of own ? walk(own) : []) {
            const isBefore = other.type === "AwaitExpression" && other.start < node.start && other.end <= node.start;
            if (isBefore && around.findLast(isFunction) === own) yield `${name} after an await`;
          }
        }
      },
    ),
    broken: [
      ["components/bad.tsx", "async function save() { await check(); await browser.permissions.request({}); }"],
      ["lib/background/bad.ts", "export const open = () => ready.then(() => browser.sidePanel.open({}));"],
    ],
  },
  {
    name: "R4 a style in markup is one that is computed; what is fixed stands in a style sheet",
    faults: inEach(
      (path) => isIn("components", path),
      function* (source) {
        for (const [node, parents] of walk(source.program)) {
          const attribute = parents.findLast((parent) => parent.type === "JSXAttribute");
          if (node.type !== "Property" || (attribute?.["name"] as Node | undefined)?.["name"] !== "style") continue;
          if ((node["value"] as Node).type === "Literal")
            yield `has a fixed style, ${source.text.slice(node.start, node.end)}`;
        }
      },
    ),
    broken: [["components/bad.tsx", 'export const bad = () => <p style={{ margin: "8px", width: `${1}%` }} />;']],
  },
  {
    name: "R12 one AbortSignal is the only teardown",
    faults: inEach(
      () => true,
      function* (source) {
        for (const { name, parents } of calls(source)) {
          const outer = parents.find(isFunction);
          const text = outer ? source.text.slice(outer.start, outer.end) : source.text;
          if (/(^|\.)removeEventListener$/.test(name)) yield `calls ${name}; give addEventListener a signal`;
          const starts = /(^|\.)(addEventListener|setInterval)$|^(Mutation|Intersection|Resize)Observer$/.test(name);
          const isWatched =
            isIn("lib/page", source.path) || isIn("lib/store", source.path) || isIn("lib/background", source.path);
          if (starts && isWatched && !/signal|AbortController/i.test(text)) yield `${name} with no signal that ends it`;
        }
      },
    ),
    broken: [
      ["lib/page/bad.ts", "export function start() { new MutationObserver(run).observe(document); }"],
      ["components/bad.tsx", "function stop() { removeEventListener('keydown', run); }"],
    ],
  },
  {
    name: "R13 every import is written out",
    faults: inEach(
      () => true,
      importsBut(({ from }) => from !== "#imports" && !from.startsWith("#")),
    ),
    broken: [["lib/bad.ts", 'import { storage } from "#imports";']],
  },
  {
    name: "no file imports itself on a way round, not even a type",
    faults: (all) => {
      const edges = new Map(all.map(({ path, imports }) => [path, imports.flatMap(({ file }) => file ?? [])]));
      return [...edges.keys()].filter((path) => reachable(path, edges).has(path));
    },
    broken: [["lib/background/jobs/journal.ts", 'import type { Next } from "./journal";']],
    brokenTogether: [
      ["lib/background/jobs/journal.ts", 'import type { StepChange } from "./record";'],
      ["lib/background/jobs/record.ts", 'import type { StoredJob } from "./journal";'],
    ],
  },
  {
    name: "rooms of the worker import each other in one direction, and none imports what puts them together",
    faults: (all) => {
      const inWorker = all.filter(({ path }) => isIn("lib/background", path));
      const edges = new Map<string, string[]>();
      for (const { path, imports } of inWorker) {
        const others = imports.flatMap(({ file }) => (file && isIn("lib/background", file) ? [folderOf(file)] : []));
        const room = folderOf(path);
        edges.set(room, [...(edges.get(room) ?? []), ...others.filter((other) => other !== room)]);
      }
      return [...edges.keys()].filter((room) => reachable(room, edges).has(room));
    },
    brokenTogether: [
      ["lib/background/jobs/bad.ts", 'import { planMembership } from "../membership/plan";'],
      ["lib/background/membership/bad.ts", 'import type { Next } from "../jobs/journal";'],
    ],
  },
  {
    name: "sizes: no file beyond 300 lines",
    faults: (all) =>
      all
        .map(({ path, text }) => ({ path, lines: text.trimEnd().split("\n").length }))
        .filter(({ lines }) => lines > MOST_LINES.file)
        .map(({ path, lines }) => `${path} has ${lines} lines`),
    broken: [["lib/bad.ts", "run();\n".repeat(301)]],
  },
  {
    name: "sizes: no function beyond 60 lines, no component beyond 100",
    faults: inEach(
      () => true,
      function* (source) {
        for (const [node, parents] of walk(source.program)) {
          if (!isFunction(node)) continue;
          const lines = source.text.slice(node.start, node.end).split("\n").length;
          const name = nameOf(node["id"]) ?? nameOf(parents.at(-1)?.["id"]) ?? nameOf(parents.at(-1)?.["key"]) ?? "";
          const most = source.path.endsWith(".tsx") ? MOST_LINES.component : MOST_LINES.function;
          if (lines > most) yield `${name} has ${lines} lines`;
        }
      },
    ),
    broken: [["lib/bad.ts", `export function bad() {\n${"  run();\n".repeat(60)}}`]],
  },
  {
    name: "names: a file is the noun that it exports, never utils, helpers, manager, service, misc",
    faults: (all) =>
      all
        .map(({ path }) => path)
        .filter((path) => /(^|[/-])(utils?|helpers?|managers?|services?|misc|common)([./-]|$)/i.test(path)),
    broken: [["lib/shared/utils.ts", ""]],
  },
  {
    name: "docs: everything that a module exports says what it gives",
    faults: inEach(
      (path) => !isIn("entrypoints", path),
      (source) => source.exports.filter(({ hasDocs }) => !hasDocs).map(({ name }) => `${name} has no docstring`),
    ),
    broken: [["lib/bad.ts", "// no docstring\nexport function bad() {}"]],
  },
  {
    name: "entries are tables of contents: the page script within 40 lines, a surface within 25",
    faults: inEach(
      (path) => isIn("entrypoints", path) && path !== "entrypoints/background.ts",
      (source) => {
        const lines = source.text.trimEnd().split("\n").length;
        const most = IN_PAGES.includes(source.path) ? 40 : 25;
        return lines > most ? [`has ${lines} lines, at most ${most}`] : [];
      },
    ),
    broken: [["entrypoints/invites.ts", "run();\n".repeat(41)]],
  },
  {
    name: "text only: no HTML sink and no code from text (security rule R13)",
    faults: inEach(
      () => true,
      function* (source) {
        const sinks =
          /^(innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|srcdoc|createContextualFragment|setHTMLUnsafe)$/;
        for (const [node] of walk(source.program)) {
          const name = (node["name"] as string | undefined) ?? "";
          if (/^(JSX)?Identifier$/.test(node.type) && sinks.test(name)) yield `uses ${name}`;
        }
        for (const { name } of calls(source)) {
          if (/^(eval|Function|importScripts)$|^document\.write/.test(name)) yield `calls ${name}`;
        }
      },
    ),
    broken: [
      ["components/bad.tsx", "const a = <p dangerouslySetInnerHTML={{ __html: name }} />;"],
      ["lib/bad.ts", "host.innerHTML = name; eval(name);"],
    ],
  },
];

describe("the sources keep the design's rules", () => {
  for (const rule of rules) {
    it(rule.name, () => {
      for (const [path, text] of rule.broken ?? []) {
        expect(rule.faults([parseSource(path, text)]), `the rule does not see the fault in: ${text}`).not.toEqual([]);
      }
      const together = rule.brokenTogether?.map(([path, text]) => parseSource(path, text));
      if (together) expect(rule.faults(together), "the rule does not see what its files do together").not.toEqual([]);
      expect(rule.faults(sources)).toEqual([]);
    });
  }

  it("R13 WXT imports nothing by itself", () => {
    expect(readFileSync("wxt.config.ts", "utf8")).toMatch(/^\s*imports: false,$/m);
  });
});

/** Declarations that a screen from right to left would show on the wrong side, though CSS has a word for both directions. */
function physical(path: string, text: string): string[] {
  const declarations = text.replace(/\/\*[^]*?\*\//g, "").matchAll(/(?<=[{;]\s*)([a-z-]+)\s*:\s*([^;{}]+)(?=[;}])/g);
  return [...declarations].flatMap(([, property = "", value = ""]) => {
    const isSided = /(^|-)(left|right)(-|$)/.test(property);
    const isAligned = /^(text-align|float|clear|caption-side)$/.test(property) && /^(left|right)\b/.test(value);
    // "top right bottom left"; blanks inside of brackets separate nothing.
    const sides = value.trim().split(/\s+(?![^(]*\))/);
    const isUneven =
      /^(margin|padding|inset|scroll-margin|scroll-padding)$/.test(property) &&
      sides.length === 4 &&
      sides[1] !== sides[3];
    return isSided || isAligned || isUneven ? [`${path}: ${property}: ${value.trim()}`] : [];
  });
}

describe("the style sheets of our pages", () => {
  const sheets = readdirSync("components", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".css"))
    .map((file) => [file, readFileSync(`components/${file}`, "utf8")] as const);

  it("name sides by the direction of the words: start and end, not left and right", () => {
    const broken = [
      "a { margin-left: 4px; }",
      "a { left: 0 }",
      "a { border-top-right-radius: 4px; }",
      "a { text-align: right; }",
      "a { padding: 1px calc(2px + 1px) 3px 4px; }",
    ];
    for (const text of broken) expect(physical("bad.css", text), `not seen: ${text}`).not.toEqual([]);
    for (const text of ["a { padding: 1px 2px 3px; }", "a { inset: 1px calc(2px + 1px) 3px calc(2px + 1px); }"]) {
      expect(physical("good.css", text)).toEqual([]);
    }
    expect(sheets.flatMap(([file, text]) => physical(file, text))).toEqual([]);
  });

  it("have no more lines than a file of code may have", () => {
    expect(sheets.length).toBeGreaterThan(5);
    expect(sheets.filter(([, text]) => text.trimEnd().split("\n").length > MOST_LINES.file)).toEqual([]);
  });
});

/** The texts of a defence that do not stand exactly once in the file, each replaced before the next is looked for. */
function missing(text: string, replaced: [from: string, to: string][]): string[] {
  let now = text;
  return replaced.flatMap(([from, to]) => {
    const isThere = now.split(from).length === 2;
    now = now.replace(from, () => to);
    return isThere ? [] : [from];
  });
}

describe("the project's files", () => {
  it("what a mutation takes away stands in its file: whoever changes it there changes test/defences.mjs", () => {
    expect(missing("let a = 1;", [["a = 2", ""]])).toEqual(["a = 2"]);
    const all = DEFENCES.flatMap(({ file, defences }) =>
      Object.values(defences).flatMap((replaced) =>
        missing(readFileSync(file, "utf8"), replaced).map((text) => `${file}: ${text}`),
      ),
    );
    expect(all).toEqual([]);
  });

  const project = JSON.parse(readFileSync("package.json", "utf8")) as Record<string, Record<string, string>>;
  const dependencies = { ...project["dependencies"], ...project["devDependencies"] };

  it("the lockfile names no registry and no address of a package", () => {
    const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as { packages: Record<string, object> };
    expect(Object.entries(packages).filter(([, entry]) => "resolved" in entry)).toEqual([]);
  });

  it("every dependency has an exact version", () => {
    expect(Object.entries(dependencies).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it("every file and folder that the documents name is there", () => {
    const named = (text: string) => [
      ...[...text.matchAll(/`[^`\n]*`/g)].flatMap(([code]) => [
        ...code.matchAll(/(?<=[` ])(?:lib|components|entrypoints|test|docs|public|\.github|\.ci)\/[\w./-]*/g),
      ]),
      ...text.matchAll(/(?<=\]\()(?!https?:|#)[^)#]+/g),
    ];
    const absent = (folder: string, text: string) =>
      named(text).flatMap(([path]) =>
        existsSync(path) || existsSync(`${folder}/${path}`) || path.includes("yours") ? [] : [path],
      );
    expect(absent(".", "`lib/no.ts`, `node test/no.mjs x`, [a](no.md), `lib/page`")).toEqual([
      "lib/no.ts",
      "test/no.mjs",
      "no.md",
    ]);
    const documents = [".", "docs"].flatMap((folder) =>
      readdirSync(folder).flatMap((file) => (file.endsWith(".md") ? [[folder, file] as const] : [])),
    );
    const faults = documents.flatMap(([folder, file]) =>
      absent(folder, readFileSync(`${folder}/${file}`, "utf8")).map((path) => `${file}: ${path}`),
    );
    expect(faults).toEqual([]);
  });

  it("every dependency has its line in docs/dependencies.md", () => {
    const table = readFileSync("docs/dependencies.md", "utf8");
    expect(Object.keys(dependencies).filter((name) => !table.includes(`| \`${name}\``))).toEqual([]);
  });
});
