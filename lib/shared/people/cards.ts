import { toPersonId } from "../person";
import { cleanText } from "../text";
import { cardOf } from "../vcard";
import type { Find } from "./find";
import { ownerOf } from "./label";
import type { PeopleCollector } from "./collector";

/**
 * Puts each card's BEGIN and END on a line of its own, splitting at escaped `\n`. `numbers[i]`: input line, from 1.
 * Undefined without cards.
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
    : /BEGIN:VCARD.*END:VCARD/i.test(line)
      ? line.replace(/\s+(?=(?:VERSION|FN|N|TEL|EMAIL|ORG|ADR|NOTE|URL|item\d+\.[\w-]+)[;:])/g, "\n")
      : line;
  const parts = text.replace(/(?=BEGIN:VCARD)|(?<=(?:BEGIN|END):VCARD)|(?=END:VCARD)/gi, "\n").split("\n");
  // JSON syntax around a card.
  return parts.filter((part) => part.trim() !== "" && !(isEscaped && /^[\s{}[\],"]|[\s{}[\],"]$/.test(part)));
}

/** Reads the lines between BEGIN and END. A nested card is an assistant's. */
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
