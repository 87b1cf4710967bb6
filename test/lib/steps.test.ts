import { expect, it, vi } from "vitest";
import { readRefusal } from "../../lib/background/gateway/refusal";
import { cleanDetail } from "../../lib/background/gateway/error-text";
import { readAddress } from "../../lib/shared/address";
import { delimiterOf, rowsOf, toCsv } from "../../lib/shared/csv";
import { findInvites, inviteOfUrl, readSource } from "../../lib/shared/invite";
import { readPasted } from "../../lib/shared/pasted";
import { parsePeople } from "../../lib/shared/people";
import { cleanLines, cleanText, fold } from "../../lib/shared/text";
import { cardOf } from "../../lib/shared/vcard";
import { countSteps } from "../steps";

/**
 * Whoever writes a text that we read must not decide how long we are busy with it: twice the text is at most twice the
 * work, for everything that is read by a rule. Counted in steps, so that it says the same on every computer.
 */

vi.setConfig({ testTimeout: 120_000 });

const CODE = "BqT7wZk2RmX9fPs4LdVn6Y";

/** Runs of each kind of character, and what brings a reader to its inner parts before such a run. */
const RUNS: [what: string, text: (length: number) => string][] = (
  [
    ["letters", "a"],
    ["letters of both cases", "aB"],
    ["digits", "7"],
    ["digits of another script", "७"],
    ["blanks", " "],
    ["tabs", "\t"],
    ["line breaks", "\n"],
    ["line breaks of Windows", "\r\n"],
    ["stars", "*"],
    ["dots", "."],
    ["dashes", "-"],
    ["underscores", "_"],
    ["slashes", "/"],
    ["backslashes", "\\"],
    ["escaped slashes", "\\/"],
    ["encoded slashes", "%2F"],
    ["percent signs", "%25"],
    ["zero-width spaces", "\u200b"],
    ["soft hyphens", "\u00ad"],
    ["byte order marks", "\ufeff"],
    ["direction marks", "\u202e"],
    ["commas", ","],
    ["semicolons", ";"],
    ["colons", ":"],
    ["question and equals signs", "?a=b&"],
    ["quotes", '"'],
    ["apostrophes", "'"],
    ["opening brackets", "("],
    ["closing brackets", ")"],
    ["square brackets", "["],
    ["tags that stay open", "<"],
    ["plus signs", "+"],
    ["at signs", "@"],
    ["bars", "|"],
    ["emoji", "👩‍👩‍👧"],
    ["marks over a letter", "\u0301"],
    ["words", "word "],
    ["schemes", "https://"],
    ["hosts", "chat.whatsapp.com/"],
    ["invites", `https://chat.whatsapp.com/${CODE} `],
    ["invites of hosts that are glued", `x.chat.whatsapp.com/${CODE}`],
    ["numbers", "+44 7700 900111, "],
    ["labels of hosts", "a."],
    ["addresses of mail", "a@b."],
    ["items of a list", "1) "],
    ["dates", "2025-01-02 "],
    ["equals signs", "="],
  ] as [string, string][]
).map(([what, sign]) => [what, (length) => sign.repeat(Math.ceil(length / sign.length))]);

const BEFORE = [
  "",
  "a",
  "chat.whatsapp.com/",
  "chat.whatsapp.com/invite/",
  "web.whatsapp.com/",
  "whatsapp://chat?",
  "https://l.facebook.com/l.php?u=",
  "+44 7700 900111 ",
  '"',
];

const READERS: [what: string, read: (text: string) => unknown][] = [
  ["findInvites", findInvites],
  ["inviteOfUrl", inviteOfUrl],
  ["readPasted", readPasted],
  ["readSource of a text", (text) => readSource([["", text]])],
  ["readSource of an attribute", (text) => readSource([["onclick", text]])],
  ["parsePeople", (text) => parsePeople(text, { country: "IN" })],
  ["cardOf", (text) => cardOf([`TEL;${text}`, `FN:${text}`, `N;QUOTED-PRINTABLE:${text}`])],
  ["rowsOf", (text) => rowsOf(text)],
  ["delimiterOf", delimiterOf],
  ["toCsv", (text) => toCsv([[text]])],
  ["cleanText", (text) => cleanText(text)],
  ["cleanLines", (text) => cleanLines(text, 2048)],
  ["fold", fold],
  ["readAddress", readAddress],
  ["cleanDetail", (text) => cleanDetail(text, "secret")],
  [
    "readRefusal",
    (text) =>
      readRefusal("join", { status: 400, body: { message: text, error: { code: text, message: text } } }, "secret"),
  ],
];

/** More than what is looked at around a match. A square would be four times the work. */
const SIZE = 600;
/** Twice the work, and what a reader does where the longer text reaches the edge of what it looks at. */
const [TIMES, EDGE] = [2.2, 2000];

it.each(READERS)("%s does at most twice the work for twice the text", (what, read) => {
  const worse: string[] = [];
  for (const before of /^(?:find|invite|readPasted|readSource)/.test(what) ? BEFORE : ["", '"']) {
    for (const [sign, run] of RUNS) {
      try {
        const [once, twice] = [SIZE, 2 * SIZE].map((length) => countSteps(() => read(`${before}${run(length)}a`)));
        if (twice! > TIMES * once! + EDGE) worse.push(`${sign} after ${before}: ${once}, then ${twice}`);
      } catch (error) {
        worse.push(`${sign} after ${before}: ${error as Error}`);
      }
    }
  }
  expect(worse).toEqual([]);
});

/** What takes the counting machine long for each character is read up to 128,000 of them, the rest up to two million. */
const SLOW = /^(?:cardOf|cleanLines|parsePeople|readPasted|rowsOf|toCsv)$/;

it.each(READERS)("%s does at most twice the work for a file of twice the length", (what, read) => {
  const length = SLOW.test(what) ? 64_000 : 1_000_000;
  const count = (signs: number) => countSteps(() => read("a".repeat(signs)), 100_000_000);
  expect(count(2 * length)).toBeLessThanOrEqual(2 * count(length) + EDGE);
});
