/**
 * What `mutations.mjs` takes away: the defences that a test has to miss. One group for each file and the tests that watch
 * it; a defence has the texts that are replaced, each of which stands in the file exactly once.
 * @typedef {{
 *   file: string,
 *   tests: string | string[],
 *   project?: "unit" | "components" | "build" | "chromium" | "real-input",
 *   only?: string,
 *   defences: Record<string, [from: string, to: string][]>,
 * }} Group `project`: `unit` where none is named; `build` is a unit test of the built files. `only`: a part of the test's
 * name, for files of which each test takes seconds.
 */

/** @type {Group[]} */
export const DEFENCES = [
  {
    file: "lib/background/gateway/egress.ts",
    tests: "test/lib/background/gateway/egress.test.ts",
    defences: {
      "redirects are followed": [[`redirect: "manual"`, `redirect: "follow"`]],
      "an answer may come from another address": [
        [`response.type === "opaqueredirect" || isElsewhere ||`, `response.type === "opaqueredirect" ||`],
      ],
      "cookies go with a request": [[`credentials: "omit"`, `credentials: "include"`]],
      "an answer may have any size": [["if (size > MAX_BYTES) return undefined;", ""]],
      "an address in the store is taken as it is": [
        ["if (!isInProcess && readAddress(origin) !== origin) return undefined;", ""],
      ],
    },
  },
  {
    file: "lib/background/gateway/client.ts",
    tests: "test/lib/background/gateway/egress.test.ts",
    defences: {
      "an echoed key is not masked": [["body: withoutKey(given.body, secret.value)", "body: given.body"]],
      "the request id may hold the key": [[" && !id.includes(key) ?", " ?"]],
      "a request leaves without the browser's permission": [
        [`if (isAllowed && !(await isAllowed(connection.origin))) return unsent("no-permission");`, ""],
      ],
    },
  },
  {
    file: "lib/background/gateway/dialects.ts",
    tests: "test/lib/background/gateway",
    defences: {
      "a group id may have any form": [
        [`if (template.includes("{group}") && !v.is(groupId, group)) return undefined;`, ""],
      ],
    },
  },
  {
    file: "lib/background/vault.ts",
    tests: "test/lib/background/vault.test.ts",
    defences: {
      "a key is sealed without its address": [
        [
          "const aadOf = ({ origin, instance }: Bound): string => `v1|${origin}|${instance}`;",
          "const aadOf = (_: Bound): string => `v1`;",
        ],
      ],
      "a key in the session is not bound to its address": [["kept && isBound ?", "kept ?"]],
      "an older record may be put back": [
        [`if (records.list[bound.id] !== toBase64(row.iv)) return fail("no-key");`, ""],
      ],
      "a tampered header may weaken the derivation": [
        ["(it as number) >= 600_000 && (it as number) <= 10_000_000", "(it as number) > 0"],
      ],
      "a weak passphrase is taken": [["passphrase === undefined || isWeak(passphrase)", "passphrase === undefined"]],
      "a clock that went back locks nothing": [["now() < open.seenAt - CLOCK_SLACK", "false"]],
    },
  },
  {
    file: "lib/background/connections.ts",
    tests: "test/lib/background/worker.test.ts",
    defences: {
      "a change of the address keeps the key": [
        [
          "const kept = await vault.put({ id, origin, instance }, key);",
          "const kept = await vault.put({ id, origin: before.origin, instance }, key);",
        ],
      ],
    },
  },
  {
    file: "lib/background/sender.ts",
    tests: "test/lib/background/sender.test.ts",
    defences: {
      "any extension is a sender": [["if (sender.id !== self.id) return undefined;", ""]],
      "a framed page of ours is one of ours": [
        ["if (sender.frameId !== undefined && sender.frameId !== 0) return undefined;", ""],
      ],
    },
  },
  {
    file: "lib/background/router.ts",
    tests: "test/lib/background/router.test.ts",
    defences: {
      "the class of a sender is not looked at": [[`if (caller?.surface !== from) return fail("not-allowed");`, ""]],
      "an input may hold more than its schema": [
        ["return read.success ? { value: read.output } : undefined;", "return { value: input };"],
      ],
    },
  },
  {
    file: "lib/background/invites.ts",
    tests: "test/lib/background/worker.test.ts",
    defences: {
      "pages may ask as often as they like": [["if (!(await takeTurn(page.tab))) return false;", ""]],
      "what the agent looks at is exchanged": [["if (!shown || !(await hasView(browser))) {", "{"]],
      "a question may be answered twice": [
        [
          `        await dropPending();
        return pending;`,
          "        return pending;",
        ],
      ],
      "a question waits for ever": [["return age <= PENDING_LIFE &&", "return"]],
    },
  },
  {
    file: "components/models/guard.ts",
    tests: "test/components/guard.test.ts",
    project: "components",
    defences: {
      "Join can be pressed at once": [["!click.isTrusted || !isSeen || wait() > 0", "!click.isTrusted || !isSeen"]],
      "Join needs no movement of the mouse": [["pointer.moved >= MOVE", "true"]],
      "Join takes the press of a script": [["!click.isTrusted || !isSeen ||", "!isSeen ||"]],
    },
  },
  {
    file: "lib/shared/text.ts",
    tests: ["test/lib/text.test.ts", "test/lib/background/gateway"],
    defences: {
      "a name keeps its bidi controls": [[String.raw`\u202a-\u202e`, ""]],
    },
  },
  {
    file: "lib/shared/csv.ts",
    tests: "test/lib/shared",
    defences: {
      "a spreadsheet may run a cell": [["FORMULA.test(cell) ? `'${cell}` : cell", "cell"]],
    },
  },
  {
    file: "lib/background/history.ts",
    tests: "test/lib/background/worker.test.ts",
    defences: {
      "an imported file may name any address": [
        ["const origin = readAddress(given);", "const origin: string | undefined = given;"],
      ],
    },
  },
  {
    file: "lib/background/connections.ts",
    tests: "test/lib/background/policy.test.ts",
    defences: {
      "a company's addresses are only shown": [
        [`if (!(await isAllowedByCompany(connection))) return fail("company-rule");`, ""],
      ],
    },
  },
  {
    file: "lib/page/chip.ts",
    tests: "test/attacks/page.test.ts",
    project: "chromium",
    only: "T15",
    defences: {
      "a press by the page counts": [["if (event.isTrusted) press();", "press();"]],
    },
  },
  {
    file: "lib/page/chip.ts",
    tests: "test/attacks/page.test.ts",
    project: "chromium",
    only: "T32",
    defences: {
      "the page looks into a chip": [[`mode: "closed"`, `mode: "open"`]],
    },
  },
  {
    file: "lib/page/chip.ts",
    tests: "test/e2e/chromium/page.test.ts",
    project: "chromium",
    only: "is the chip's press alone",
    defences: {
      "a press goes on to the page around": [["event.stopPropagation();", ""]],
    },
  },
  {
    file: "lib/page/chip.ts",
    tests: "test/e2e/chromium/page.test.ts",
    project: "chromium",
    only: "a page that removes every chip",
    defences: {
      "a page that removes chips gets them for ever": [["if (removals > MOST_REMOVALS) visit.abort();", ""]],
    },
  },
  {
    file: "lib/page/chip.ts",
    tests: "test/e2e/chromium/page.test.ts",
    project: "chromium",
    only: "an endless feed",
    defences: {
      "chips have no bound": [["if (chips.size >= MOST_CHIPS) hide(oldest!);", "void oldest;"]],
    },
  },
  {
    file: "lib/page/scanner.ts",
    tests: "test/e2e/chromium/page.test.ts",
    project: "chromium",
    only: "nothing where the agent types",
    defences: {
      "links are looked for where the agent types": [
        [
          `"script,style,template,noscript,textarea,select,title,[contenteditable]:not([contenteditable=false i]),[role=textbox],"`,
          `""`,
        ],
      ],
    },
  },
  {
    file: "lib/page/scanner.ts",
    tests: "test/e2e/chromium/page.test.ts",
    project: "chromium",
    only: "an element deep",
    defences: {
      "open roots are looked for at the edge alone": [["root ? HOSTS.more : -1", "-1"]],
    },
  },
  {
    file: "lib/page/scanner.ts",
    tests: "test/attacks/page.test.ts",
    project: "chromium",
    only: "T39 a page that makes",
    defences: {
      "work for a page has no bound": [["if (allowance < 0) visit.abort();", ""]],
    },
  },
  {
    file: "entrypoints/invites.ts",
    tests: "test/e2e/chromium/page.test.ts",
    project: "chromium",
    only: "a page that is never done",
    defences: {
      "a page that is never done gets no chip": [["setTimeout(start, PATIENCE)", "undefined"]],
    },
  },
  {
    file: "entrypoints/invites.ts",
    tests: "test/attacks/page.test.ts",
    project: "chromium",
    only: "T42 no event",
    defences: {
      "a page that clears all timers gets no chip": [["(persisted ? restart() : start())", "persisted && restart()"]],
    },
  },
  {
    file: "entrypoints/invites.ts",
    tests: "test/e2e/chromium/page.test.ts",
    project: "chromium",
    only: "a page that comes back",
    defences: {
      "a page that comes back is not told again": [["(persisted ? restart() : start())", "start()"]],
    },
  },
];
