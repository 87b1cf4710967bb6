import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fillInvitation } from "../lib/shared/invitation";
import { KINDS } from "../lib/shared/jobs/kinds";
import { CAUTION, FAILURE_CODES } from "../lib/shared/model";
import { WEAKNESSES } from "../lib/shared/passphrase";
import type { Messages } from "./pseudo";
import { readSources, strings, walk, type Node } from "./sources";

const read = (language: string) =>
  JSON.parse(readFileSync(`public/_locales/${language}/messages.json`, "utf8")) as Messages;
const languages = readdirSync("public/_locales");
const english = read("en");

/** Endings of plurals that a language's whole numbers need; `many` of Spanish needs a million and falls back. */
const endings = (language: string) => {
  const rules = new Intl.PluralRules(language.replace("_", "-"));
  return [...new Set(Array.from({ length: 1000 }, (_, count) => rules.select(count)))].toSorted();
};
const bases = Object.keys(english)
  .filter((key) => key.endsWith("_other"))
  .map((key) => key.slice(0, -"_other".length));
/** A form that one number alone takes may say that number in a word: "two members" has a form of its own in Arabic. */
const isOneNumber = (language: string, key: string) => {
  const rules = new Intl.PluralRules(language.replace("_", "-"));
  const form = key.slice(key.lastIndexOf("_") + 1);
  return Array.from({ length: 1000 }, (_, count) => rules.select(count)).filter((other) => other === form).length === 1;
};
const isPlural = (key: string) =>
  bases.some((base) => key.startsWith(base) && /^_(zero|one|two|few|many|other)$/.test(key.slice(base.length)));
const substitutions = (message: string) => [...new Set(message.match(/\$\d/g))].toSorted();

const sources = readSources(["lib", "components", "entrypoints"]);
const underscored = (values: readonly string[]) => values.map((value) => value.replaceAll("-", "_"));

/** The strings of a union type of the model. */
function union(name: string): string[] {
  const declared = readSources(["lib/shared/model"])
    .flatMap(({ program }) => program["body"] as Node[])
    .map((node) => node["declaration"] as Node | undefined)
    .find((node) => (node?.["id"] as { name?: string } | undefined)?.name === name)!;
  const found = [...walk(declared)]
    .filter(([node]) => node.type === "Literal")
    .map(([node]) => node["value"] as string);
  if (!found.length) throw new Error(`${name} has no values`);
  return underscored(found);
}

/**
 * Keys that the code puts together, by the text before the first `${`: every value that can follow. Whatever else has
 * such a beginning must stand in the code as it is.
 */
const composed: Record<string, string[]> = {
  failure_: withNext(underscored(FAILURE_CODES)),
  reason_: withNext(union("Reason")),
  reject_: union("RejectReason"),
  table_role_: union("ColumnRole"),
  pause_: withNext(union("Pause")),
  activity_filter_: [...Object.keys(KINDS), "all", "trouble", "changes"],
  members_role_: union("Role"),
  today_: Object.keys(CAUTION),
  lane_: ["joins", "stays", "leaves"],
  passphrase_: [...WEAKNESSES],
  // The compiler knows what can follow these.
  title_: whatever("title_"),
  group_tab_: whatever("group_tab_"),
  join_no_: whatever("join_no_"),
  filter_fact_: whatever("filter_fact_"),
  several_task_: whatever("several_task_"),
  table_place_: whatever("table_place_"),
  match_doubt_: whatever("match_doubt_"),
};

/** All that follows a beginning in the English words. */
function whatever(start: string): string[] {
  return Object.keys(english).flatMap((key) => (key.startsWith(start) ? [key.slice(start.length)] : []));
}

/** Each with the key of its next step. */
function withNext(values: string[]): string[] {
  return values.flatMap((value) => [value, `${value}_next`]);
}

/** Keys of the words on buttons and tabs and in the list of places, whose room does not grow with them. */
const onButtons = new Set(
  readSources(["components"]).flatMap(({ program }) =>
    [...walk(program)].flatMap(([node, parents]) => (isOnButton(node, parents) ? [node["value"] as string] : [])),
  ),
);
const isLabel = (key: string) => onButtons.has(key.replace(/_(one|other)$/, "")) || /^(nav|group_tab)_/.test(key);

/** Whether a node is a key that is called with `t` or `plural` between the tags of a button. */
function isOnButton(node: Node, parents: Node[]): boolean {
  const inside = parents.slice(parents.findLastIndex(({ type }) => type === "JSXElement"));
  const tag = inside[0]?.["openingElement"] as { name: { name: string } } | undefined;
  const isCalled = inside.some(({ callee }) =>
    /^(t|plural)$/.test((callee as { name?: string } | undefined)?.name ?? ""),
  );
  const isAttribute = inside.some(({ type }) => type === "JSXAttribute");
  return node.type === "Literal" && tag?.name.name === "Button" && isCalled && !isAttribute;
}

describe.each(languages)("%s", (language) => {
  const messages = read(language);

  it("has the keys of English, and the plural endings of its own", () => {
    const plain = (all: Messages) =>
      Object.keys(all)
        .filter((key) => !isPlural(key))
        .toSorted();
    expect(plain(messages)).toEqual(plain(english));
    const plural = Object.keys(messages).filter(isPlural).toSorted();
    expect(plural).toEqual(bases.flatMap((base) => endings(language).map((end) => `${base}_${end}`)).toSorted());
  });

  it("puts in the same things as English", () => {
    const differing = Object.entries(messages).filter(([key, { message }]) => {
      const model = english[key] ?? english[key.replace(/_[a-z]+$/, "_other")]!;
      const wanted = substitutions(model.message);
      const found = substitutions(message);
      const isInWord = isPlural(key) && isOneNumber(language, key) && wanted.includes("$1") && !found.includes("$1");
      return String(isInWord ? ["$1", ...found] : found) !== String(wanted);
    });
    expect(differing.map(([key]) => key)).toEqual([]);
  });

  it("says something at every key, without a blank at an end", () => {
    const wrong = Object.entries(messages).filter(([, { message }]) => !message || message !== message.trim());
    expect(wrong.map(([key]) => key)).toEqual([]);
    // A browser's store takes no more.
    expect(messages["extension_description"]!.message.length).toBeLessThanOrEqual(132);
    expect(messages["extension_name"]!.message.length).toBeLessThanOrEqual(45);
  });

  it("keeps the words on buttons and tabs short enough for their room", () => {
    const shown = Object.entries(english).filter(([key]) => isLabel(key));
    expect(shown.length).toBeGreaterThan(80);
    const long = shown.filter(([key, { message }]) => (messages[key]?.message.length ?? 0) > message.length * 1.5 + 8);
    expect(long.map(([key]) => `${key}: ${messages[key]!.message}`)).toEqual([]);
  });
});

it.each(languages)("the catalogue of %s says of which language it is", (language) => {
  expect(read(language)["locale"]?.message).toBe(language.replace("_", "-"));
});

it.each(languages)("the invitation of %s reads well to somebody without a name", (language) => {
  const words = { link: "https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv", group: "Alpha" };
  expect(fillInvitation(read(language)["invite_instead_default"]!.message, words)).not.toMatch(/[,،:!][,،:!]/u);
});

describe("the code and the words", () => {
  const literals = new Set(sources.flatMap((source) => [...strings(source)]));
  // The browser itself puts words into the manifest and into our style sheets.
  const filled = ["wxt.config.ts", "components/app.css"].map((file) => readFileSync(file, "utf8")).join("\n");
  const named = [...filled.matchAll(/__MSG_(\w+?)__/g)].map(([, key]) => key!);
  for (const key of named) literals.add(key);
  const isUsed = (key: string) =>
    literals.has(key) ||
    (isPlural(key) && literals.has(key.replace(/_[a-z]+$/, ""))) ||
    Object.entries(composed).some(
      ([start, values]) =>
        key.startsWith(start) &&
        values.some(
          (value) => key === start + value || (isPlural(key) && key.replace(/_[a-z]+$/, "") === start + value),
        ),
    );

  it("no message is unused", () => {
    expect(Object.keys(english).filter((key) => !isUsed(key))).toEqual([]);
  });

  it("every key of the manifest and of a style sheet exists", () => {
    expect(named.filter((key) => !english[key])).toEqual([]);
  });

  it("keys are put together only with the beginnings that are listed here", () => {
    const found = sources.flatMap((source) =>
      [...walk(source.program)]
        .filter(([node]) => node.type === "TemplateLiteral")
        .map(([node]) => (node["quasis"] as { value: { cooked: string } }[])[0]!.value.cooked)
        .filter((start) =>
          Object.keys(english).some((key) => /^[a-z]+(_[a-z]+)*_$/.test(start) && key.startsWith(start)),
        ),
    );
    expect([...new Set(found)].toSorted()).toEqual(Object.keys(composed).toSorted());
  });

  it("every failure has its sentence and its next step", () => {
    const wanted = FAILURE_CODES.flatMap((code) => {
      const key = `failure_${code.replaceAll("-", "_")}`;
      return [key, `${key}_next`];
    });
    expect(wanted.filter((key) => !english[key])).toEqual([]);
  });

  it("every verdict and every reason has its words", () => {
    const has = (key: string) => english[key] !== undefined || english[`${key}_other`] !== undefined;
    const wanted = [
      ...union("Verdict").map((value) => `verdict_${value}`),
      ...union("Reason").map((value) => `reason_${value}`),
    ];
    expect(wanted.filter((key) => !has(key))).toEqual([]);
  });
});

describe.each([
  ["hi", "Devanagari"],
  ["ar", "Arabic"],
])("%s", (language, script) => {
  it(`is written in ${script}`, () => {
    // Names and formats that stay as they are.
    const names =
      /Wappfy|Groups?|WhatsApp|Chrome|Firefox|CSV|PNG|SVG|JSON|QR|URL|API|ID|HTTPS?|HTML|X-Api-Key|Authorization|Bearer|Enter|Esc|Ctrl|Alt|Shift|Tab|vCard|localhost|https?:\/\/\S+|\S+\.(io|com|example)\S*|\$\d/g;
    const latin = Object.entries(read(language)).filter(([key, { message }]) => {
      // Names of files, which every system has to be able to write, and the tag of the language itself.
      if (key.startsWith("file_") || key === "locale") return false;
      const own = message.replace(names, "");
      const foreign = own.match(/\p{Script=Latin}/gu)?.length ?? 0;
      const native = own.match(new RegExp(`\\p{Script=${script}}`, "gu"))?.length ?? 0;
      return foreign > native || (foreign > 0 && native === 0);
    });
    expect(latin.map(([key, { message }]) => `${key}: ${message}`)).toEqual([]);
  });
});
