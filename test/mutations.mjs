import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * `node test/mutations.mjs [words of a name]`: takes the defences away one by one, in a copy of the project, and says which
 * test notices. A defence that nobody misses is printed as LIVED, and the command fails. Not a part of `npm test`.
 */

/**
 * What is taken away, where, and the tests that have to notice: files, and for a browser a part of a test's name too, since
 * each of its tests takes seconds.
 * @type {{ name: string, file: string, from: string, to: string, tests: string[], inBrowser?: string }[]}
 */
const MUTATIONS = [
  {
    name: "redirects are followed",
    file: "lib/background/gateway/egress.ts",
    from: `redirect: "manual"`,
    to: `redirect: "follow"`,
    tests: ["test/lib/background/gateway/egress.test.ts"],
  },
  {
    name: "an answer may come from another address",
    file: "lib/background/gateway/egress.ts",
    from: `response.type === "opaqueredirect" || isElsewhere ||`,
    to: `response.type === "opaqueredirect" ||`,
    tests: ["test/lib/background/gateway/egress.test.ts"],
  },
  {
    name: "cookies go with a request",
    file: "lib/background/gateway/egress.ts",
    from: `credentials: "omit"`,
    to: `credentials: "include"`,
    tests: ["test/lib/background/gateway/egress.test.ts"],
  },
  {
    name: "an answer may have any size",
    file: "lib/background/gateway/egress.ts",
    from: `if (size > MAX_BYTES) return undefined;`,
    to: ``,
    tests: ["test/lib/background/gateway/egress.test.ts"],
  },
  {
    name: "an echoed key is not masked",
    file: "lib/background/gateway/client.ts",
    from: `body: withoutKey(given.body, secret.value)`,
    to: `body: given.body`,
    tests: ["test/lib/background/gateway/egress.test.ts"],
  },
  {
    name: "the request id may hold the key",
    file: "lib/background/gateway/client.ts",
    from: ` && !id.includes(key) ?`,
    to: ` ?`,
    tests: ["test/lib/background/gateway/egress.test.ts"],
  },
  {
    name: "a request leaves without the browser's permission",
    file: "lib/background/gateway/client.ts",
    from: `if (isAllowed && !(await isAllowed(connection.origin))) return unsent("no-permission");`,
    to: ``,
    tests: ["test/lib/background/gateway/egress.test.ts"],
  },
  {
    name: "an address in the store is taken as it is",
    file: "lib/background/gateway/egress.ts",
    from: `if (!isInProcess && readAddress(origin) !== origin) return undefined;`,
    to: ``,
    tests: ["test/lib/background/gateway/egress.test.ts"],
  },
  {
    name: "a group id may have any form",
    file: "lib/background/gateway/dialects.ts",
    from: `if (template.includes("{group}") && !v.is(groupId, group)) return undefined;`,
    to: ``,
    tests: ["test/lib/background/gateway"],
  },
  {
    name: "a key is sealed without its address",
    file: "lib/background/vault.ts",
    from: "const aadOf = ({ origin, instance }: Bound): string => `v1|${origin}|${instance}`;",
    to: "const aadOf = (_: Bound): string => `v1`;",
    tests: ["test/lib/background/vault.test.ts"],
  },
  {
    name: "a key in the session is not bound to its address",
    file: "lib/background/vault.ts",
    from: `kept && isBound ?`,
    to: `kept ?`,
    tests: ["test/lib/background/vault.test.ts"],
  },
  {
    name: "an older record may be put back",
    file: "lib/background/vault.ts",
    from: `if (records.list[bound.id] !== toBase64(row.iv)) return fail("no-key");`,
    to: ``,
    tests: ["test/lib/background/vault.test.ts"],
  },
  {
    name: "a tampered header may weaken the derivation",
    file: "lib/background/vault.ts",
    from: `(it as number) >= 600_000 && (it as number) <= 10_000_000`,
    to: `(it as number) > 0`,
    tests: ["test/lib/background/vault.test.ts"],
  },
  {
    name: "a weak passphrase is taken",
    file: "lib/background/vault.ts",
    from: `passphrase === undefined || isWeak(passphrase)`,
    to: `passphrase === undefined`,
    tests: ["test/lib/background/vault.test.ts"],
  },
  {
    name: "a clock that went back locks nothing",
    file: "lib/background/vault.ts",
    from: `now() < open.seenAt - CLOCK_SLACK`,
    to: `false`,
    tests: ["test/lib/background/vault.test.ts"],
  },
  {
    name: "a change of the address keeps the key",
    file: "lib/background/connections.ts",
    from: `const kept = await vault.put({ id, origin, instance }, key);`,
    to: `const kept = await vault.put({ id, origin: before.origin, instance }, key);`,
    tests: ["test/lib/background/worker.test.ts"],
  },
  {
    name: "any extension is a sender",
    file: "lib/background/sender.ts",
    from: `if (sender.id !== self.id) return undefined;`,
    to: ``,
    tests: ["test/lib/background/sender.test.ts"],
  },
  {
    name: "a framed page of ours is one of ours",
    file: "lib/background/sender.ts",
    from: `if (sender.frameId !== undefined && sender.frameId !== 0) return undefined;`,
    to: ``,
    tests: ["test/lib/background/sender.test.ts"],
  },
  {
    name: "the class of a sender is not looked at",
    file: "lib/background/router.ts",
    from: `if (caller?.surface !== from) return fail("not-allowed");`,
    to: ``,
    tests: ["test/lib/background/router.test.ts"],
  },
  {
    name: "an input may hold more than its schema",
    file: "lib/background/router.ts",
    from: `return read.success ? { value: read.output } : undefined;`,
    to: `return { value: input };`,
    tests: ["test/lib/background/router.test.ts"],
  },
  {
    name: "pages may ask as often as they like",
    file: "lib/background/invites.ts",
    from: `if (!(await takeTurn(page.tab))) return false;`,
    to: ``,
    tests: ["test/lib/background/worker.test.ts"],
  },
  {
    name: "what the agent looks at is exchanged",
    file: "lib/background/invites.ts",
    from: `if (!shown || !(await hasView(browser))) {`,
    to: `{`,
    tests: ["test/lib/background/worker.test.ts"],
  },
  {
    name: "a question may be answered twice",
    file: "lib/background/invites.ts",
    from: `        await dropPending();
        return pending;`,
    to: `        return pending;`,
    tests: ["test/lib/background/worker.test.ts"],
  },
  {
    name: "a question waits for ever",
    file: "lib/background/invites.ts",
    from: `return age <= PENDING_LIFE &&`,
    to: `return`,
    tests: ["test/lib/background/worker.test.ts"],
  },
  {
    name: "Join can be pressed at once",
    file: "components/models/guard.ts",
    from: `!click.isTrusted || !isSeen || wait() > 0`,
    to: `!click.isTrusted || !isSeen`,
    tests: ["test/components/guard.test.ts"],
    project: "components",
  },
  {
    name: "Join needs no movement of the mouse",
    file: "components/models/guard.ts",
    from: `pointer.moved >= MOVE`,
    to: `true`,
    tests: ["test/components/guard.test.ts"],
    project: "components",
  },
  {
    name: "Join takes the press of a script",
    file: "components/models/guard.ts",
    from: `!click.isTrusted || !isSeen ||`,
    to: `!isSeen ||`,
    tests: ["test/components/guard.test.ts"],
    project: "components",
  },
  {
    name: "a name keeps its bidi controls",
    file: "lib/shared/text.ts",
    from: String.raw`\u202a-\u202e`,
    to: ``,
    tests: ["test/lib/text.test.ts", "test/lib/background/gateway"],
  },
  {
    name: "a spreadsheet may run a cell",
    file: "lib/shared/csv.ts",
    from: "FORMULA.test(cell) ? `'${cell}` : cell",
    to: "cell",
    tests: ["test/lib/shared"],
  },
  {
    name: "an imported file may name any address",
    file: "lib/background/history.ts",
    from: `const origin = readAddress(given);`,
    to: `const origin: string | undefined = given;`,
    tests: ["test/lib/background/worker.test.ts"],
  },
  {
    name: "a company's addresses are only shown",
    file: "lib/background/connections.ts",
    from: `if (!(await isAllowedByCompany(connection))) return fail("company-rule");`,
    to: ``,
    tests: ["test/lib/background/policy.test.ts"],
  },
  {
    name: "a press by the page counts",
    file: "lib/page/chip.ts",
    from: `if (event.isTrusted) press();`,
    to: `press();`,
    tests: ["test/attacks/page.test.ts"],
    inBrowser: "T15",
  },
  {
    name: "the page looks into a chip",
    file: "lib/page/chip.ts",
    from: `mode: "closed"`,
    to: `mode: "open"`,
    tests: ["test/attacks/page.test.ts"],
    inBrowser: "T32",
  },
  {
    name: "a press goes on to the page around",
    file: "lib/page/chip.ts",
    from: `event.stopPropagation();`,
    to: ``,
    tests: ["test/e2e/chromium/page.test.ts"],
    inBrowser: "is the chip's press alone",
  },
  {
    name: "a page that removes chips gets them for ever",
    file: "lib/page/chip.ts",
    from: `if (removals > MOST_REMOVALS) visit.abort();`,
    to: ``,
    tests: ["test/e2e/chromium/page.test.ts"],
    inBrowser: "a page that removes every chip",
  },
  {
    name: "chips have no bound",
    file: "lib/page/chip.ts",
    from: `if (chips.size >= MOST_CHIPS) hide(oldest!);`,
    to: `void oldest;`,
    tests: ["test/e2e/chromium/page.test.ts"],
    inBrowser: "an endless feed",
  },
  {
    name: "links are looked for where the agent types",
    file: "lib/page/scanner.ts",
    from: `"script,style,template,noscript,textarea,select,title,[contenteditable]:not([contenteditable=false i]),[role=textbox],"`,
    to: `""`,
    tests: ["test/e2e/chromium/page.test.ts"],
    inBrowser: "nothing where the agent types",
  },
  {
    name: "open roots are looked for at the edge alone",
    file: "lib/page/scanner.ts",
    from: `root ? HOSTS.more : -1`,
    to: `-1`,
    tests: ["test/e2e/chromium/page.test.ts"],
    inBrowser: "an element deep",
  },
  {
    name: "work for a page has no bound",
    file: "lib/page/scanner.ts",
    from: `if (allowance < 0) visit.abort();`,
    to: ``,
    tests: ["test/attacks/page.test.ts"],
    inBrowser: "T39 a page that makes",
  },
  {
    name: "a page that is never done gets no chip",
    file: "entrypoints/invites.ts",
    from: `setTimeout(start, PATIENCE)`,
    to: `undefined`,
    tests: ["test/e2e/chromium/page.test.ts"],
    inBrowser: "a page that is never done",
  },
  {
    name: "a page that clears all timers gets no chip",
    file: "entrypoints/invites.ts",
    from: `(persisted ? restart() : start())`,
    to: `persisted && restart()`,
    tests: ["test/attacks/page.test.ts"],
    inBrowser: "T42 no event",
  },
  {
    name: "a page that comes back is not told again",
    file: "entrypoints/invites.ts",
    from: `(persisted ? restart() : start())`,
    to: `start()`,
    tests: ["test/e2e/chromium/page.test.ts"],
    inBrowser: "a page that comes back",
  },
];

const root = fileURLToPath(new URL("..", import.meta.url));
const copy = mkdtempSync(join(tmpdir(), "wappfy-mutations-"));
const left = new Set([".git", ".output", ".browser", ".screenshots", "node_modules"]);
cpSync(root, copy, { recursive: true, filter: (path) => !left.has(basename(path)) });
symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));

/**
 * Runs tests in the copy and gives the names of those that failed; a file that cannot be loaded counts by its name.
 * @param {string[]} tests
 * @param {string} [inBrowser]
 */
function failures(tests, inBrowser) {
  const report = join(copy, "report.json");
  rmSync(report, { force: true });
  /** @param {string[]} args */
  const run = (...args) => spawnSync(process.execPath, args, { cwd: copy, stdio: "ignore" });
  const flags = ["run", "-c", "test/vitest.config.ts", "--bail=1", "--reporter=json", `--outputFile=${report}`];
  const which = inBrowser === undefined ? ["--project", "unit"] : ["--project", "chromium", "-t", inBrowser];
  if (inBrowser !== undefined) {
    const { status } = run(join(root, "node_modules/wxt/bin/wxt.mjs"), "build", "--mode", "e2e");
    if (status !== 0) throw new Error("the build failed");
  }
  run(join(root, "node_modules/vitest/vitest.mjs"), ...flags, ...which, ...tests);
  const { testResults } = JSON.parse(readFileSync(report, "utf8"));
  return testResults.flatMap(
    (
      /** @type {{ name: string, status: string, assertionResults: { status: string, fullName: string }[] }} */ file,
    ) => {
      const failed = file.assertionResults.filter(({ status }) => status === "failed");
      if (failed.length) return failed.map(({ fullName }) => fullName);
      return file.status === "failed" ? [basename(file.name)] : [];
    },
  );
}

const wanted = process.argv.slice(2).join(" ");
const chosen = MUTATIONS.filter(({ name }) => name.includes(wanted));
let lived = 0;
try {
  for (const { name, file, from, to, tests, inBrowser } of chosen) {
    const path = join(copy, file);
    const text = readFileSync(path, "utf8");
    if (text.split(from).length !== 2) throw new Error(`${name}: ${file} does not hold this once: ${from}`);
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
    const [first] = failures(tests, inBrowser);
    writeFileSync(path, text);
    if (first === undefined) lived += 1;
    console.log(`${first === undefined ? "LIVED" : "caught"}  ${name.padEnd(52)} ${first ?? ""}`.trimEnd());
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
console.log(`${chosen.length - lived} caught, ${lived} lived`);
process.exitCode = lived ? 1 : 0;
