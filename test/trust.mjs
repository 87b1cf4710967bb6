import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { exit, root } from "./setup.mjs";

/**
 * `npm test -- trust`: prints the security tests T01 to T90 with what each proves, where it stands and how it ended, from
 * the reports that the last `npm test` left. A test belongs to a number by having it in its name. A number that is P0 or P1
 * fails where one of its places has no such test, or where the test did not run or did not pass. The last line is
 * `N passed, N failed, N skipped`, one for each number.
 */

/** Where a test may run: the checks of `run.mjs` whose reports count. */
const PLACES = {
  V: ["unit", "long-unit", "components"],
  C: ["chromium", "long-chromium"],
  X: ["real-input"],
  F: ["firefox", "long-firefox"],
};

/**
 * Number, priority (P0 stops a release), the places where it has to pass, what it proves.
 * @type {[id: string, priority: "P0" | "P1" | "P2", places: string, what: string][]}
 */
const REGISTER = [
  ["T01", "P0", "V", "the manifests are the reviewed ones"],
  ["T02", "P0", "C", "the browser warns of what we need and of nothing else"],
  ["T03", "P0", "V", "nothing is offered to pages and other extensions"],
  ["T04", "P0", "C", "our pages refuse markup, code from text, foreign frames"],
  ["T05", "P0", "V", "one way to the network, no HTML sink"],
  ["T06", "P0", "V", "the page script is silent and small"],
  ["T07", "P0", "CF", "senders are told apart by what browsers really say"],
  ["T08", "P0", "C", "a page script reaches its own messages and nothing else"],
  ["T09", "P0", "V", "random messages are refused, nothing is called"],
  ["T10", "P0", "V", "hostile shapes of messages are refused"],
  ["T11", "P0", "C", "another extension reaches nobody"],
  ["T12", "P0", "C", "no page frames one of ours"],
  ["T13", "P0", "C", "pages are told booleans alone"],
  ["T14", "P1", "C", "a flood opens one question, none from behind"],
  ["T15", "P0", "C", "no script presses a chip"],
  ["T16", "P0", "C", "a stolen click asks at most"],
  ["T17", "P0", "X", "hammered Enter joins nothing"],
  ["T18", "P0", "X", "a second click under the popup joins nothing"],
  ["T19", "P0", "X", "hammered keys and clicks join nothing"],
  ["T20", "P0", "X", "who means it joins, by mouse, key and word"],
  ["T21", "P0", "C", "what is looked at is what is joined"],
  ["T22", "P1", "C", "the focus is on Cancel"],
  ["T23", "P0", "C", "a question counts once, for two minutes"],
  ["T24", "P0", "C", "two windows join once"],
  ["T25", "P1", "C", "the shown code is the sent one"],
  ["T26", "P1", "C", "who asks is what the browser says"],
  ["T27", "P1", "CF", "a question is never lost"],
  ["T28", "P2", "C", "touch confirms; screen readers are tried by hand"],
  ["T29", "P0", "C", "a page without an invite sees nothing"],
  ["T30", "P0", "C", "a page hears no event of ours"],
  ["T31", "P0", "C", "our files cannot be probed"],
  ["T32", "P0", "CF", "a chip shows its constant words alone"],
  ["T33", "P0", "C", "fonts learn nothing of a chip"],
  ["T34", "P1", "C", "a chip is the same whatever we know"],
  ["T35", "P1", "C", "what is around a chip presses nothing"],
  ["T36", "P1", "C", "no address of ours in entries, stacks and reports"],
  ["T37", "P0", "C", "clobbered pages get chips"],
  ["T38", "P0", "C", "200,000 links cost little"],
  ["T39", "P0", "C", "a restless page stays usable"],
  ["T40", "P1", "C", "depth, length and odd links throw nothing"],
  ["T41", "P0", "V", "links are read as listed"],
  ["T42", "P1", "C", "no page switches chips off or stops the worker"],
  ["T43", "P1", "C", "a strict page gets its chip"],
  ["T44", "P1", "C", "frames get nothing"],
  ["T45", "P0", "CF", "redirects are not followed"],
  ["T46", "P0", "V", "addresses are read as listed"],
  ["T47", "P0", "C", "the key stays with its address"],
  ["T48", "P0", "C", "endless answers are given up"],
  ["T49", "P0", "V", "any answer gives a value or a typed failure"],
  ["T50", "P0", "C", "markup in names shows as text"],
  ["T51", "P1", "V", "names come on one line"],
  ["T52", "P0", "V", "odd ids reach no address"],
  ["T53", "P0", "V", "a rate limit waits a second to an hour"],
  ["T54", "P1", "C", "offline loses nothing"],
  ["T55", "P0", "C", "silence ends after 25 s as unknown"],
  ["T56", "P1", "V", "a refused key pauses"],
  ["T57", "P1", "V", "no cell is a formula"],
  ["T58", "P0", "C", "the key is in its header and nowhere else"],
  ["T59", "P0", "C", "nothing on the disk opens the key"],
  ["T60", "P0", "V", "a changed vault fails closed"],
  ["T61", "P0", "C", "every way of locking locks every view"],
  ["T62", "P0", "CF", "page scripts find nothing in storage"],
  ["T63", "P0", "V", "files hold no key and move none"],
  ["T64", "P1", "V", "weak passphrases are refused, one form for all"],
  ["T65", "P0", "V", "a tampered header is not tried"],
  ["T66", "P0", "V", "a death at any call"],
  ["T67", "P0", "CF", "the worker killed at every point of a request"],
  ["T68", "P0", "C", "the browser killed in the middle of a job"],
  ["T69", "P0", "C", "a newer version in the middle of a job"],
  ["T70", "P0", "C", "two windows start one job"],
  ["T71", "P1", "V", "people in any spelling are one"],
  ["T72", "P0", "V", "a doubtful reading repeats nothing"],
  ["T73", "P1", "C", "who left is not added again"],
  ["T74", "P0", "C", "a rate limit outlives the worker"],
  ["T75", "P1", "C", "offline in flight is read before a second try"],
  ["T76", "P0", "V", "a full disk sends nothing unseen"],
  ["T77", "P0", "V", "a moved clock sends nothing early"],
  ["T78", "P1", "C", "a worker that dies all the time gets there"],
  ["T79", "P1", "C", "a lock pauses and unlocking goes on"],
  ["T80", "P1", "C", "a permission taken away pauses"],
  ["T81", "P0", "V", "no group is created twice"],
  ["T82", "P0", "V", "a damaged record is set aside"],
  ["T83", "P0", "CF", "an update leaves no dead chip"],
  ["T84", "P1", "XF", "a paused site, and one that the browser keeps us from"],
  ["T85", "P0", "X", "a tab from before is found at a press"],
  ["T86", "P1", "F", "T07 T15 T32 T45 T62 T67 in Firefox"],
  ["T87", "P1", "V", "each defence is missed when it goes"],
  ["T88", "P0", "VC", "a gateway that does harm gets one request"],
  ["T89", "P0", "V", "no second dialect after an unsure outcome"],
  ["T90", "P1", "V", "errors are shown cleaned"],
];

/** @typedef {{ project: string, file: string, name: string, status: string }} Test */

/** @returns {Test[]} All tests of the reports that are there; several reports of mutations count as one project's. */
function readReports() {
  const folder = join(root, ".output", "tests");
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".json")) : [];
  return files.flatMap((report) => {
    const { testResults } = JSON.parse(readFileSync(join(folder, report), "utf8"));
    const project = report.startsWith("mutations") ? "unit" : report.replace(".json", "");
    return testResults.flatMap(
      (/** @type {{ name: string, assertionResults: { fullName: string, status: string }[] }} */ file) =>
        file.assertionResults.map(({ fullName, status }) => {
          return { project, file: relative(root, file.name), name: fullName, status };
        }),
    );
  });
}

const tests = readReports();
const named = (/** @type {string} */ id) => tests.filter(({ name }) => new RegExp(`\\b${id}\\b`).test(name));

/**
 * How a number stands in one place.
 * @param {Test[]} all The tests of the number.
 * @param {string[]} projects Those of the place.
 */
function stateOf(all, projects) {
  const here = all.filter(({ project }) => projects.includes(project));
  if (here.some(({ status }) => status === "failed")) return "fail";
  if (here.some(({ status }) => status === "passed")) return "pass";
  if (here.length) return "not run: skipped";
  return tests.some(({ project }) => projects.includes(project))
    ? `not run: no such test in ${projects.join(", ")}`
    : `not run: no report of ${projects.join(", ")}`;
}

/** What T86 stands on: the same numbers in Firefox. */
const IN_FIREFOX = ["T07", "T15", "T32", "T45", "T62", "T67"];

let [passed, failed, skipped] = [0, 0, 0];
for (const [id, priority, places, what] of REGISTER) {
  const all = id === "T86" ? tests.filter(({ name }) => IN_FIREFOX.some((one) => name.includes(one))) : named(id);
  const states =
    id === "T86"
      ? IN_FIREFOX.map((one) => stateOf(named(one), PLACES.F))
      : Array.from(places, (place) => stateOf(all, PLACES[/** @type {keyof typeof PLACES} */ (place)]));
  const bad = states.find((state) => state !== "pass");
  const state = bad ?? "pass";
  if (!bad) passed += 1;
  else if (state === "fail" || priority !== "P2") failed += 1;
  else skipped += 1;
  console.log(`${id} ${priority} ${places.padEnd(2)}  ${what.padEnd(58)} ${state}`);
  const files = new Map();
  for (const test of all) files.set(test.file, [...(files.get(test.file) ?? []), test]);
  for (const [file, own] of files) {
    const more = own.length > 1 ? ` and ${own.length - 1} more` : "";
    const shown = own.find((/** @type {Test} */ { status }) => status === "failed") ?? own[0];
    console.log(`              ${file}: ${shown.name}${more}`);
  }
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
exit(failed ? 1 : 0);
