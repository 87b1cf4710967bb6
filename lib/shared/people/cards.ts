import { toPersonId } from "../person";
import { cleanText } from "../text";
import { cardOf } from "../vcard";
import type { Find } from "./find";
import { ownerOf } from "./label";
import type { PeopleCollector } from "./collector";

/** Cards in a text: where they begin and end, and the people on them. */

/**
 * The lines of a text with each begin and end of a card on a line of its own, and cards that were written into one line
 * with `\n` (as JSON does it) in their own lines. `numbers[i]` is the line of the input, from 1. Stops now and then.
 */
export function* cardLines(lines: string[]): Generator<undefined, { lines: string[]; numbers: number[] } | undefined> {
  if (!lines.some((line) => /vcard/i.test(line))) return undefined;
  const out: string[] = [];
  const numbers: number[] = [];
  for (const [index, line] of lines.entries()) {
    const parts = /(?:BEGIN|END):VCARD/i.test(line) ? apart(line) : [line];
    for (const part of parts) {
      out.push(part);
      numbers.push(index + 1);
    }
    if (index % 500 === 0) yield;
  }
  return { lines: out, numbers };
}

function apart(line: string): string[] {
  if (/^\s*(?:BEGIN|END):VCARD\s*$/i.test(line)) return [line];
  const isEscaped = /BEGIN:VCARD(?:\\r)?\\n/i.test(line);
  const text = isEscaped
    ? line.replace(/BEGIN:VCARD.*?END:VCARD/gi, (card) =>
        card.replace(/(?:\\r)?\\n/g, "\n").replace(/\\(["\\/])/g, "$1"),
      )
    : line;
  const parts = text.replace(/(?=BEGIN:VCARD)|(?<=(?:BEGIN|END):VCARD)|(?=END:VCARD)/gi, "\n").split("\n");
  // What JSON writes around a card is no person.
  return parts.filter((part) => part.trim() !== "" && !(isEscaped && /^[\s{}[\],"]|[\s{}[\],"]$/.test(part)));
}

/** Reads the lines between begin and end of a card. A card inside it is that of an assistant. */
export function* readCard(
  collector: PeopleCollector,
  lines: string[],
  line: number,
  isOther = false,
): Generator<undefined> {
  const own: string[] = [];
  let inner: string[] | undefined;
  let depth = 0;
  for (const each of lines) {
    if (/^\s*BEGIN:VCARD\s*$/i.test(each)) {
      depth += 1;
      if (depth === 1) inner = [];
      else inner?.push(each);
    } else if (/^\s*END:VCARD\s*$/i.test(each) && depth > 0) {
      depth -= 1;
      if (depth === 0) yield* readCard(collector, inner ?? [], line, true);
      else inner?.push(each);
    } else if (depth > 0) inner?.push(each);
    else own.push(each);
  }
  yield* readOwn(collector, own, line, isOther);
}

function* readOwn(collector: PeopleCollector, lines: string[], line: number, isOther: boolean): Generator<undefined> {
  const card = cardOf(lines);
  const name = cleanText(card.name ?? "").slice(0, 200) || undefined;
  const seen = new Set<string>();
  const place = { line, source: ["BEGIN:VCARD", ...lines, "END:VCARD"] };
  let hasFind = false;
  for (const { text, waid, label, isLink } of card.numbers) {
    const given = [name, text].filter(Boolean).join(", ");
    const finds: Find[] =
      waid === undefined ? yield* collector.findsIn(text) : [{ from: 0, to: text.length, id: toPersonId(waid) }];
    if (finds.length === 0) {
      if (isLink) continue;
      collector.reject(given, "not-a-number", place);
    }
    hasFind = true;
    collector.placeAll(finds, { text, given, place, name, seen, isOther: isOther || ownerOf(label) !== "theirs" });
  }
  if (!hasFind) collector.reject(card.name ?? (lines.join("\n").trim() || "BEGIN:VCARD"), "not-a-number", place);
}
