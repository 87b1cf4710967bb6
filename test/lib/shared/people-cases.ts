import { expect, it } from "vitest";
import { parsePeople } from "../../../lib/shared/people";
import { digitsOf } from "../../../lib/shared/person";

/** A list, and who is to be read from it. */
interface Case {
  /** The country of numbers without a code. */
  in?: string;
  text: string;
  /** Digits, and the name after a blank where there is one. */
  people: string[];
  /** Reasons, in order; none by default. */
  rejects?: string[];
}

/** Makes a test of each case; the kinds name them. */
export function tryKinds(kinds: Record<string, Case[]>): void {
  const cases = Object.entries(kinds).flatMap(([kind, list]) => list.map((each) => ({ kind, ...each })));
  it.each(cases)("$kind: $text", ({ in: country, text, people, rejects }) => {
    const read = parsePeople(text, { country });
    expect({
      people: read.people.map(({ id, name }) => [digitsOf(id) ?? id, name].filter(Boolean).join(" ")),
      rejects: read.rejects.map(({ reason }) => reason),
    }).toEqual({ people, rejects: rejects ?? [] });
  });
}
