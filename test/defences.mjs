/**
 * What `mutations.mjs` takes away: the defences that a test has to miss. One group for each file and the tests that watch
 * it; a defence has the texts that are replaced, each of which stands in the file exactly once.
 * @type {import("./defences.d.mts").Group[]}
 */
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
    file: "lib/background/gateway/request.ts",
    tests: "test/lib/background/gateway/egress.test.ts",
    defences: {
      "an echoed key is not masked": [["body: withoutKey(given.body, secret)", "body: given.body"]],
      "a request leaves without the browser's permission": [
        [`if (isAllowed && !(await isAllowed(connection.origin))) return unsent("no-permission");`, ""],
      ],
    },
  },
  {
    file: "lib/background/gateway/body.ts",
    tests: "test/lib/background/gateway/egress.test.ts",
    defences: {
      "the request id may hold the key": [[" && !id.includes(secret.reveal())", ""]],
    },
  },
  {
    file: "lib/background/gateway/client.ts",
    tests: "test/lib/background/jobs/dialect.test.ts",
    defences: {
      "a change is asked for in the other form after any failure": [
        [
          "if (!isNotThere(answer) && !(isDelete && isBodyLost(answer))) return answer;",
          "if (answer.ok) return answer;",
        ],
      ],
      "a gateway that never sees the body of a DELETE cannot be used": [["!(isDelete && isBodyLost(answer))", "true"]],
      "the form that worked is asked for anew each time": [
        ["await notes.learn({ routes: { ...routes, [operation]: otherForm } });", ""],
      ],
      "a gateway with one form of a change cannot be used": [
        [
          "if (!isNotThere(answer) && !(isDelete && isBodyLost(answer))) return answer;",
          "if (answer !== undefined) return answer;",
        ],
      ],
    },
  },
  {
    file: "lib/background/gateway/dialects.ts",
    tests: "test/lib/background/gateway/properties.test.ts",
    only: "T52",
    defences: {
      "a group id may have any form": [
        [`if (template.includes("{group}") && !v.is(groupId, group)) return undefined;`, ""],
      ],
    },
  },
  {
    file: "lib/background/account/vault.ts",
    tests: "test/lib/background/account/vault.test.ts",
    defences: {
      "a key in the session is not bound to its address": [["stored && isBound ?", "stored ?"]],
      "an older record may be put back": [
        [`if (records.list[bound.id] !== toBase64(row.iv)) return fail("no-key");`, ""],
      ],

      "a weak passphrase is taken": [
        ["passphrase === undefined || weaknessOf(passphrase)", "passphrase === undefined"],
      ],
    },
  },
  {
    file: "lib/background/account/sealed.ts",
    tests: "test/lib/background/account/vault.test.ts",
    defences: {
      "a key is sealed without its address": [
        [
          "const aadOf = ({ origin, instance }: Bound): string => `v1|${origin}|${instance}`;",
          "const aadOf = (_: Bound): string => `v1`;",
        ],
      ],
      "a tampered header may weaken the derivation": [
        ["(it as number) >= 600_000 && (it as number) <= 10_000_000", "(it as number) > 0"],
      ],
    },
  },
  {
    file: "lib/background/account/open-state.ts",
    tests: "test/lib/background/account/vault.test.ts",
    defences: {
      "a clock that went back locks nothing": [["now() < open.seenAt - CLOCK_SLACK", "false"]],
    },
  },
  {
    file: "lib/background/account/connections.ts",
    tests: "test/lib/background/worker.test.ts",
    only: "T47",
    defences: {
      "a change of the address keeps the key": [
        [
          "nothing is lost.\n  const stored = await vault.put({ id, origin, instance }",
          "nothing is lost.\n  const stored = await vault.put({ id, origin: before.origin, instance }",
        ],
      ],
    },
  },
  {
    file: "lib/background/page/sender.ts",
    tests: "test/lib/background/page/sender.test.ts",
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
      "the class of a sender is not looked at": [[`if (caller?.from !== from) return fail("not-allowed");`, ""]],
      "an input may hold more than its schema": [
        ["return read.success ? { value: read.output } : undefined;", "return { value: input };"],
      ],
    },
  },
  {
    file: "lib/background/page/invites.ts",
    tests: "test/lib/background/worker.test.ts",
    only: "invites on pages",
    defences: {
      "pages may ask as often as they like": [["if (!(await takeTurn(state, caller.tab))) return false;", ""]],
      "what the agent looks at is exchanged": [
        ["if (shown && (await isViewSeen(browser, caller.window))) {", "if (false) {"],
      ],
      "a question may be answered twice": [
        ["    if ((await readPending(state))?.id === wanted) await dropPending(state);\n", ""],
      ],
      "a question waits for ever": [["return age <= PENDING_LIFE &&", "return"]],
    },
  },
  {
    file: "lib/shared/text.ts",
    tests: "test/lib/background/gateway/properties.test.ts",
    only: "T51",
    defences: {
      "a name keeps its bidi controls": [[String.raw`\u202a-\u202e`, ""]],
    },
  },
  {
    file: "lib/shared/csv.ts",
    tests: "test/lib/shared/csv.test.ts",
    defences: {
      "a spreadsheet may run a cell": [[`cell.replace(TO_PROTECT, "'")`, "cell"]],
      "a spreadsheet that splits elsewhere may run a cell": [[String.raw`(?<=[,;\t|\r\n])`, "(?<=[,])"]],
    },
  },
  {
    file: "lib/shared/ids.ts",
    tests: "test/lib/background/defences.test.ts",
    defences: {
      "an imported instance may lead out of its path": [["(?!\\.{1,2}$)", ""]],
    },
  },
  {
    file: "lib/background/account/backup.ts",
    tests: "test/lib/background/worker.test.ts",
    only: "files",
    defences: {
      "an imported file may name any address": [
        ["const origin = readAddress(given);", "const origin: string | undefined = given;"],
      ],
    },
  },
  {
    file: "lib/background/account/reach.ts",
    tests: "test/lib/background/account/policy.test.ts",
    defences: {
      "a company's addresses are only shown": [
        [`if (!(await isAllowedByCompany(ports, connection))) return fail("company-rule");`, ""],
      ],
    },
  },
  {
    file: "lib/background/account/policy.ts",
    tests: "test/lib/background/worker.test.ts",
    only: "policy late",
    defences: {
      "a new installation does not wait for its rules": [
        ["return isNew ? inTime : Promise.race(", "return Promise.race("],
      ],
    },
  },
  {
    file: "components/models/arrival.ts",
    tests: "test/components/arrival.test.ts",
    project: "components",
    defences: {
      "an Enter counts as soon as a form is there": [["event.timeStamp >= openAt || ", "true || "]],
      "a key counts when it is handled, not when it was pressed": [
        ["event.timeStamp >= openAt", "performance.now() >= openAt"],
      ],
      "a second in which the page stands still is calm": [["const LATE = 300;", "const LATE = 30_000;"]],
      "a typed blank opens the form": [["data?.trim() && lift()", "data && lift()"]],
    },
  },
  {
    file: "components/models/guard.ts",
    tests: "test/components/guard.test.ts",
    project: "components",
    defences: {
      "Join can be pressed at once": [["isSeen || at < lockedUntil", "isSeen"]],
      "Join needs no movement of the mouse": [["pointer.moved >= MOVE", "true"]],
      "one pixel is enough movement": [["const MOVE = 8;", "const MOVE = 1;"]],
      "Join takes the press of a script": [["!click.isTrusted || !isSeen", "!isSeen"]],
      "Join takes a press while our window is not seen": [["!click.isTrusted || !isSeen", "!click.isTrusted"]],
      "the second click of a double click counts": [[" || (click.detail ?? 0) > 1", ""]],
      "a press of long ago counts": [["const PRESS = 5000;", "const PRESS = 50_000;"]],
      "a change does not lock": [["      lockedUntil = Math.max(lockedUntil, now() + LOCK);\n", ""]],
      "a change keeps the movement": [["      moved = 0;\n      hasTab = false;", "      hasTab = false;"]],
      "a change keeps the Tab": [["      hasTab = false;\n      pointer", "      pointer"]],
      "a change keeps the press": [
        [
          "      pointer = undefined;\n      key = undefined;\n    },\n    pointerMoved",
          "      key = undefined;\n    },\n    pointerMoved",
        ],
      ],
      "a change keeps the key": [
        [
          "      pointer = undefined;\n      key = undefined;\n    },\n    pointerMoved",
          "      pointer = undefined;\n    },\n    pointerMoved",
        ],
      ],
      "a press counts from when it is heard of": [["Math.min(now, Math.max(timeStamp, now - PRESS))", "now"]],
      "presses do not extend the lock": [["lockedUntil = Math.max(lockedUntil, Math.min(", "void (Math.min("]],
      "a key needs no Tab": [["return hasTab && key.isPlain", "return key.isPlain"]],
      "a key that is held down counts": [["event.repeat !== true", "true"]],
      "a key in a row of keys counts": [[" && key.isCalm", ""]],
      "a press counts from before the open button was drawn": [["!pointer?.isShown", "!pointer"]],
      "a key counts from before the open button was drawn": [["const isPress = isShown() && ", "const isPress = "]],
      "a script moves the mouse": [["!event.isTrusted || event.clientX === undefined", "event.clientX === undefined"]],
      "a script presses the mouse": [
        ["pointerDown(event) {\n      if (!event.isTrusted) return;", "pointerDown(event) {"],
      ],
      "a script presses a key": [["keyDown(event) {\n      if (!event.isTrusted) return;", "keyDown(event) {"]],
      "the focus changes nothing": [['  addEventListener("focus", restart, { signal });\n', ""]],
      "the blur changes nothing": [['  addEventListener("blur", restart, { signal });\n', ""]],
      "a new size changes nothing": [['  addEventListener("resize", restart, { signal });\n', ""]],
      "coming back to sight changes nothing": [
        ['  document.addEventListener("visibilitychange", restart, { signal });\n', ""],
      ],
      "ten of the guard's defences at once": [
        ["const MOVE = 8;", "const MOVE = 1;"],
        ["      moved = 0;\n      hasTab = false;", "      hasTab = false;"],
        ["const PRESS = 5000;", "const PRESS = 50_000;"],
        ['  addEventListener("focus", restart, { signal });\n', ""],
        ['  addEventListener("resize", restart, { signal });\n', ""],
        ["!event.isTrusted || event.clientX === undefined", "event.clientX === undefined"],
        ["pointerDown(event) {\n      if (!event.isTrusted) return;", "pointerDown(event) {"],
        ["keyDown(event) {\n      if (!event.isTrusted) return;", "keyDown(event) {"],
        ["      lockedUntil = Math.max(lockedUntil, now() + LOCK);\n", ""],
        [
          "      hasTab = false;\n      pointer = undefined;\n      key = undefined;\n    },\n    pointerMoved",
          "    },\n    pointerMoved",
        ],
      ],
    },
  },
  {
    file: "components/screens/confirm.tsx",
    tests: "test/components/confirm.test.tsx",
    project: "components",
    defences: {
      "the question does not ask its guard": [["guard.allows(event, isSeen)", "isSeen"]],
      "the guard is not told what the screen shows": [
        ['row.current?.querySelector(".join")?.getAttribute("aria-disabled") !== "true"', "true"],
      ],
      "the question does not ask whether it is seen": [
        ['document.hasFocus() && document.visibilityState === "visible"', "true"],
      ],
      "Join gets the focus": [
        [
          'row.current?.querySelector("button")?.focus();',
          'row.current?.querySelector<HTMLElement>(".join")?.focus();',
        ],
      ],
      "new content on the question does not lock anew": [["    guard.changed();\n    isReady.value = false;\n", ""]],
      "any typed word joins": [[`if (isWord(typed.value, word, "JOIN")) void onJoin();`, "void join();"]],
    },
  },
  {
    file: "components/parts/dialog.tsx",
    tests: "test/components/final.test.tsx",
    project: "components",
    defences: {
      "what cannot be brought back needs no typed word": [
        [`props.isFinal === true && !isWord(typed.value, word, "DELETE")`, "false"],
      ],
    },
  },
  {
    file: "lib/background/account/vault.ts",
    tests: "test/lib/background/account/vault.test.ts",
    defences: {
      "the derivation is cheaper": [["const ITERATIONS = 1_000_000;", "const ITERATIONS = 600_000;"]],
      "every vault has the same salt": [["const salt = random(ports.crypto, 16);", "const salt = new Uint8Array(16);"]],
      "old rows stay in a new vault": [['    await tx.objectStore("vault").clear();\n', ""]],
      "a megabyte is tried as a passphrase": [
        ['  if (passphrase.length > 1024) return fail("wrong-passphrase");\n', ""],
      ],

      "the key of the device can be taken out": [
        ['generateKey({ name: "AES-GCM", length: 256 }, false', 'generateKey({ name: "AES-GCM", length: 256 }, true'],
      ],
      "locking leaves what opens the vault": [
        ["lock: () => inTurn(() => close(ports))", "lock: () => inTurn(async () => undefined)"],
      ],
    },
  },
  {
    file: "lib/background/account/sealed.ts",
    tests: "test/lib/background/account/vault.test.ts",
    defences: {
      "every record has the same nonce": [["const iv = random(crypto, 12);", "const iv = new Uint8Array(12);"]],
    },
  },
  {
    file: "lib/background/account/sealed.ts",
    tests: "test/lib/background/account/vault.test.ts",
    defences: {
      "a key is sealed without its instance": [
        ["`v1|${origin}|${instance}`", "`v1|${origin}|${String(instance).slice(0, 0)}`"],
      ],
    },
  },
  {
    file: "lib/background/account/connections.ts",
    tests: "test/lib/background/defences.test.ts",
    defences: {
      "a short key is shown by its tail": [["key.length >= 12 ?", "key.length >= 4 ?"]],
    },
  },
  {
    file: "lib/background/account/forget.ts",
    tests: "test/lib/background/defences.test.ts",
    defences: {
      "a forgotten connection keeps its access": [
        ["if (!connection.isSandbox) await releaseAddress(ports, connection.origin);", ""],
      ],
    },
  },
  {
    file: "lib/background/account/forget.ts",
    tests: "test/lib/background/defences.test.ts",
    defences: {
      "access that another connection needs is given back": [
        ["if (others.some((other) => hostPattern(other.origin) === pattern)) return;", ""],
      ],
    },
  },
  {
    file: "lib/background/worker.ts",
    tests: "test/lib/background/defences.test.ts",
    defences: {
      "the clock is not looked at with a message": [["await vault.watchClock();", ""]],
    },
  },
  {
    file: "lib/background/account/storage-access.ts",
    tests: "test/lib/background/defences.test.ts",
    defences: {
      "content scripts may read the storage": [
        ['setAccessLevel?.call(area, { accessLevel: "TRUSTED_CONTEXTS" })', "Promise.resolve(setAccessLevel)"],
      ],
    },
  },
  {
    file: "lib/store/write.ts",
    tests: "test/lib/background/defences.test.ts",
    defences: {
      "writes may be on their way to the disk": [[', { durability: "strict" }', ""]],
    },
  },
  {
    file: "lib/shared/model/step.ts",
    tests: "test/lib/background/defences.test.ts",
    defences: {
      "a job may have any number of steps": [["results: 50_000,", "results: 50_000_000,"]],
    },
  },
  {
    file: "lib/background/page/search.ts",
    tests: "test/lib/background/worker.test.ts",
    only: "looking through the page",
    defences: {
      "a frame is called by whatever a page writes": [
        [
          "v.pipe(v.string(), v.regex(/^(?:[a-z0-9_.-]{1,253}|\\[[0-9a-f:.]{2,45}\\])?(?::\\d{1,5})?$/i))",
          "v.string()",
        ],
      ],
      "a search is read whatever its size": [[" <= MOST.size", " > 0"]],
      "words of a page are shown as they are": [["return cleanText(words", "return String(words"]],
    },
  },
  {
    file: "lib/background/page/page-list.ts",
    tests: "test/lib/background/defences.test.ts",
    only: "the list of a page",
    defences: {
      "the list of a page has no bound": [[".slice(0, PAGE_INVITES)", ""]],
    },
  },
  {
    file: "lib/background/page/invites.ts",
    tests: "test/lib/background/defences.test.ts",
    defences: {
      "a question outlives a clock that was set back": [[" && age > -60_000", ""]],
      "the code is not looked at again on confirm": [[" || !v.is(inviteCode, pending.code)", ""]],
    },
  },
  {
    file: "lib/background/page/invites.ts",
    tests: "test/lib/background/worker.test.ts",
    only: "invites on pages",
    defences: {
      "a page in a tab behind may ask": [["if (!caller.isActive) return", "if (false) return"]],
      "a page in a window behind may ask": [["if (!focused) return", "if (false) return"]],
      "a paused page may ask": [["if (!(await isOn(state, caller.origin))) return false;", ""]],
    },
  },
  {
    file: "lib/background/router.ts",
    tests: "test/lib/background/router.test.ts",
    defences: {
      "a message may have further fields": [
        ['if (Reflect.ownKeys(message).some((key) => key !== "command" && key !== "input")) return undefined;', ""],
      ],
      "a getter of a message is run": [
        ['Object.getOwnPropertyDescriptor(message, "command")?.value as unknown', 'message["command"]'],
      ],
    },
  },
  {
    file: "lib/shared/commands.ts",
    tests: "test/lib/background/router.test.ts",
    defences: {
      "a page may name an invite by any text": [
        [
          "askToJoin: web.giving<boolean>()(v.strictObject({ code: inviteCode }))",
          "askToJoin: web.giving<boolean>()(v.strictObject({ code: text(500) }))",
        ],
      ],
    },
  },
  {
    file: "lib/background/gateway/request.ts",
    tests: "test/lib/background/gateway/egress.test.ts",
    defences: {
      "a call may take minutes": [["const TIMEOUT = 25_000;", "const TIMEOUT = 250_000;"]],
    },
  },
  {
    file: "lib/background/gateway/egress.ts",
    tests: "test/lib/background/gateway/egress.test.ts",
    defences: {
      "answers are cached": [['cache: "no-store"', 'cache: "default"']],
      "the address of our page goes along": [['referrerPolicy: "no-referrer"', 'referrerPolicy: "unsafe-url"']],
      "a request is repeated by itself": [["retry: 0,", "retry: 2,"]],
    },
  },
  {
    file: "lib/background/worker.ts",
    tests: "test/lib/background/worker.test.ts",
    only: "before anything can fail",
    defences: {
      "a start sets no alarm": [["await browser.alarms.create(JOBS, jobsAlarm(now(), period));", ""]],
    },
  },
  {
    file: "lib/background/account/idle-lock.ts",
    tests: "test/lib/background/worker.test.ts",
    only: "locks a minute later",
    defences: {
      "the alarm of the lock fires once": [["{ delayInMinutes: 1, periodInMinutes: 1 }", "{ delayInMinutes: 1 }"]],
    },
  },
  {
    file: "lib/background/jobs/move.ts",
    tests: "test/lib/background/jobs/jobs.test.ts",
    defences: {
      "a move removes somebody who was not proved to be in the other group": [["!isProved(addOf(step))", "false"]],
    },
  },
  {
    file: "lib/background/jobs/runner.ts",
    tests: "test/lib/background/jobs/crash.test.ts",
    only: "'leave'",
    defences: {
      "the engine's alarm fires once": [["return { when, periodInMinutes: period / 60_000 };", "return { when };"]],
      "a job is written before its alarm is set": [["await setAlarm(state);\n    return", "return"]],
      "the alarm is cleared while a job is ordered": [["if (state.orders === 0 && !state.isKicked) await", "await"]],
    },
  },
  {
    file: "lib/background/jobs/runner.ts",
    tests: "test/lib/background/jobs/beside.test.ts",
    defences: {
      "two jobs send to the same group at once": [["if (!isFree || ", "if ("]],
      "a slow request holds up all jobs": [["const AT_ONCE = 4;", "const AT_ONCE = 1;"]],
      "a job for several groups keeps no place": [
        ["for (const each of touched) busy", "if (isFree) for (const each of touched) busy"],
      ],
    },
  },
  {
    file: "lib/background/jobs/membership.ts",
    tests: ["test/lib/background/jobs/faults.test.ts", "test/lib/background/jobs/jobs.test.ts"],
    defences: {
      "the first removal is not proved": [
        [
          'op === "remove" && !isProven(slice.job, group) && pending.length > 0;\n  const unsure',
          "false;\n  const unsure",
        ],
      ],
    },
  },
  {
    file: "lib/background/jobs/members-reading.ts",
    tests: ["test/lib/background/jobs/faults.test.ts", "test/lib/background/jobs/jobs.test.ts"],
    defences: {
      "a doubtful reading is acted upon": [
        ["await (doubt === undefined ? conclude", "await (doubt === undefined || true ? conclude"],
      ],
    },
  },
  {
    file: "lib/background/jobs/members-sending.ts",
    tests: ["test/lib/background/jobs/faults.test.ts", "test/lib/background/jobs/jobs.test.ts"],
    defences: {
      "the first removal is not alone": [
        ['isCareful(slice) || (op === "remove" && !isProven(slice.job, group));', "isCareful(slice);"],
      ],
    },
  },
  {
    file: "lib/background/jobs/members-reading.ts",
    tests: ["test/lib/background/jobs/faults.test.ts", "test/lib/background/jobs/jobs.test.ts"],
    defences: {
      "harm by the first removal stops nothing": [
        ['else if (lost.length > 0 || isHopeless) next = { pause: { reason: "canary" } };', ""],
      ],
      "harm on the way stops nothing": [
        ['else if (lost.length > 0) next = { pause: { reason: "brake" } };', "else if (next === undefined) return;"],
      ],
    },
  },
  {
    file: "lib/background/jobs/slice.ts",
    tests: "test/lib/background/jobs/truth.test.ts",
    defences: {
      "a group that an old list lacked is new": [["Math.abs(sentAt - readAt) < RECENT", "true"]],
    },
  },
  {
    file: "lib/background/membership/belief.ts",
    tests: "test/lib/background/membership/verdict.test.ts",
    defences: {
      "a shrunken list is believed": [["lost.length >= 2 && lost.length * 2 > before)", "lost.length < 0)"]],
      "a list without what was proved is believed": [
        ["if (proved.length > 0 && proved.every(isDenied))", "if (proved.length < 0)"],
      ],
    },
  },
  {
    file: "lib/background/membership/verdict.ts",
    tests: "test/lib/background/membership/verdict.test.ts",
    defences: {
      "an unsure request is repeated without end": [["step.attempts < 2 && reading.mayRepeat", "reading.mayRepeat"]],
    },
  },
  {
    file: "lib/background/account/backup.ts",
    tests: "test/lib/background/worker.test.ts",
    only: "files",
    defences: {
      "a file shows the tail of a key": [
        ["keyTail: _, trouble: __, ownNumber, ...rest", "trouble: __, ownNumber, ...rest"],
      ],
    },
  },
  {
    file: "lib/background/page/menus.ts",
    tests: "test/lib/background/page/menus.test.ts",
    defences: {
      "the menu joins without a question": [
        ["await invites.show(code, origin, tab.id, tab.windowId)", "await openTab(browser, ROUTES.join(code))"],
      ],
      "selected text stands in an address": [
        [
          "await openTab(browser, ROUTES.selection)",
          'await openTab(browser, `${ROUTES.selection}&text=${info.selectionText ?? ""}` as typeof ROUTES.selection)',
        ],
      ],
    },
  },
  {
    file: "lib/background/page/omnibox.ts",
    tests: "test/lib/background/page/menus.test.ts",
    defences: {
      "the address bar reads a name as markup": [['return text.replace(/[<>&"\']/g, " ");', "return text;"]],
      "any word of the address bar is a code": [
        ["const isLink = /whatsapp/i.test(text) || /^[A-Za-z0-9]{22}$/.test(text.trim());", "const isLink = true;"],
      ],
    },
  },
  {
    file: "wxt.config.ts",
    tests: "test/build.test.ts",
    project: "build",
    only: "for chrome",
    defences: {
      "scripts may stand in a page": [["\"script-src 'self'\"", "\"script-src 'self' 'unsafe-inline'\""]],
      "the page script runs in frames": [["all_frames: false", "all_frames: true"]],
      "other extensions may write to us": [["          externally_connectable: { ids: [] },\n", ""]],
    },
  },
  {
    file: "entrypoints/background.ts",
    tests: "test/build.test.ts",
    project: "build",
    only: "for chrome",
    defences: {
      "a message of another extension is heard": [
        [
          "    browser.runtime.onInstalled",
          "    browser.runtime.onMessageExternal.addListener(() => undefined);\n    browser.runtime.onInstalled",
        ],
      ],
    },
  },
  {
    file: "components/models/guard.ts",
    tests: "test/attacks/confirm.test.ts",
    project: "chromium",
    only: "T18 what was aimed at before",
    defences: {
      "ten of the guard's defences at once, in a browser": [
        ["const MOVE = 8;", "const MOVE = 1;"],
        ["      moved = 0;\n      hasTab = false;", "      hasTab = false;"],
        ["const PRESS = 5000;", "const PRESS = 50_000;"],
        ['  addEventListener("focus", restart, { signal });\n', ""],
        ['  addEventListener("resize", restart, { signal });\n', ""],
        ["!event.isTrusted || event.clientX === undefined", "event.clientX === undefined"],
        ["pointerDown(event) {\n      if (!event.isTrusted) return;", "pointerDown(event) {"],
        ["keyDown(event) {\n      if (!event.isTrusted) return;", "keyDown(event) {"],
        ["      lockedUntil = Math.max(lockedUntil, now() + LOCK);\n", ""],
        [
          "      hasTab = false;\n      pointer = undefined;\n      key = undefined;\n    },\n    pointerMoved",
          "    },\n    pointerMoved",
        ],
      ],
      "a new size changes nothing, in a browser": [['  addEventListener("resize", restart, { signal });\n', ""]],
      "a script moves the mouse, in a browser": [
        ["!event.isTrusted || event.clientX === undefined", "event.clientX === undefined"],
      ],
    },
  },
  {
    file: "lib/page/buttons.ts",
    tests: "test/attacks/page.test.ts",
    project: "chromium",
    only: "T15",
    defences: {
      "a press by the page counts": [["if (event.isTrusted) onPress(", "onPress("]],
    },
  },
  {
    file: "lib/page/buttons.ts",
    tests: "test/attacks/page.test.ts",
    project: "chromium",
    only: "T32",
    defences: {
      "the page looks into a chip": [[`mode: "closed"`, `mode: "open"`]],
    },
  },
  {
    file: "lib/page/buttons.ts",
    tests: "test/e2e/chromium/page.test.ts",
    project: "chromium",
    only: "is the chip's press alone",
    defences: {
      "a press goes on to the page around": [["event.stopPropagation();", ""]],
    },
  },
  {
    file: "lib/page/chips.ts",
    tests: "test/e2e/chromium/page.test.ts",
    project: "chromium",
    only: "a page that removes the chips",
    defences: {
      "a page that removes chips gets them for ever": [
        ["if (removals > MOST_REMOVALS) stop.abort();\n    else layer.put();", "layer.put();"],
      ],
    },
  },
  {
    file: "lib/page/chips.ts",
    tests: "test/e2e/chromium/page.test.ts",
    project: "chromium",
    only: "an endless feed",
    defences: {
      "chips have no bound": [["if (chips.size >= MOST_CHIPS) drop(chips.keys().next().value!);", ""]],
    },
  },
  {
    file: "lib/page/find.ts",
    tests: "test/e2e/chromium/page.test.ts",
    project: "chromium",
    only: "nothing where the agent types",
    defences: {
      "links are looked for where the agent types": [
        [
          `"head,link,script,style,template,noscript,textarea,select,title,[contenteditable],[role=textbox],[data-lexical-editor],"`,
          `""`,
        ],
      ],
    },
  },
  {
    file: "lib/page/watch.ts",
    tests: "test/e2e/chromium/page.test.ts",
    project: "chromium",
    only: "an element deep",
    defences: {
      "open roots are looked for at the edge alone": [["root ? MORE_HOSTS : -1", "-1"]],
    },
  },
  {
    file: "lib/page/watch.ts",
    tests: "test/attacks/page.test.ts",
    project: "chromium",
    only: "T39 a page that makes",
    defences: {
      "work for a page has no bound": [["if (allowance < 0) stop.abort();", ""]],
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
