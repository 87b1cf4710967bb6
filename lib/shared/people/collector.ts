import type { People, PeopleTable, Person, Reject, RejectReason } from "../model";
import { personKey } from "../person";
import { countryNamed } from "./country";
import { type Find, isPerson, isReported } from "./find";
import { findNumbers } from "./finds";
import { cleaned, isBlank, trimmed } from "./line";
import type { CountryCode } from "./phone";

/** Maximum length of `given` and `name` in a command. */
export const LONGEST = 200;

/** Input line, from 1, and the row or card around it. */
export interface Place {
  line: number;
  source?: string[];
}

/** Collects people, each once in input order, and rejects. */
export class PeopleCollector {
  readonly rejects: Reject[] = [];
  table: PeopleTable | undefined;
  /** The input's last line; no reject is reported below it. */
  lastLine = Infinity;
  private readonly accepted = new Map<string, Person>();
  private readonly named = new Map<string, CountryCode | undefined>();

  constructor(readonly country: CountryCode | undefined) {}

  countryNamed(cell: string): CountryCode | undefined {
    if (!this.named.has(cell)) this.named.set(cell, countryNamed(cell));
    return this.named.get(cell);
  }

  /** Accepts a person; a repeated one becomes a `duplicate` reject. */
  accept(id: string, given: string, place: Place, name?: string): void {
    const key = personKey(id);
    if (this.accepted.has(key)) this.rejects.push({ given, reason: "duplicate", ...place });
    else this.accepted.set(key, name === undefined ? { id, given } : { id, given, name });
  }

  reject(given: string, reason: RejectReason, place: Place): void {
    if (!isBlank(given)) this.rejects.push({ given: trimmed(given), reason, ...place });
  }

  /** Adds a reject that the agent may accept. */
  offer(id: string, given: string, reason: RejectReason, place: Place, name?: string): void {
    const short = given.slice(0, LONGEST);
    const person = name === undefined ? { id, given: short } : { id, given: short, name };
    this.rejects.push({ given, reason, ...place, person });
  }

  leave(id: string): void {
    this.accepted.delete(personKey(id));
  }

  /** Returns the result. People are offered once, and not if accepted. */
  result(): People {
    const offered = new Set<string>(this.accepted.keys());
    const rejects = this.rejects.map((found): Reject => {
      const reject = found.line > this.lastLine ? { ...found, line: this.lastLine } : found;
      if (reject.person === undefined) return reject;
      const key = personKey(reject.person.id);
      if (!offered.has(key)) {
        offered.add(key);
        return reject;
      }
      const { person: _, ...rest } = reject;
      return { ...rest, reason: "duplicate" };
    });
    const people = [...this.accepted.values()];
    return this.table === undefined ? { people, rejects } : { people, rejects, table: this.table };
  }

  *findsIn(cell: string, country = this.country): Generator<undefined, Find[]> {
    const finds: Find[] = [];
    for (const find of findNumbers((yield* cleaned(grouped(cell))).text, country)) {
      if (find && isReported(find)) finds.push(find);
      yield;
    }
    return finds;
  }

  /** Files the finds of a cell or field. Somebody repeated in a row or card (work and WhatsApp) counts once. */
  placeAll(
    finds: Find[],
    cell: { text: string; given: string; place: Place; name?: string; seen: Set<string>; isOther?: boolean },
  ): void {
    const { place, name, seen } = cell;
    for (const [index, find] of finds.entries()) {
      const own = cell.text.slice(0, LONGEST);
      if (find.id === undefined) this.reject(index === 0 ? cell.given : own, find.reason ?? "not-a-number", place);
      else if (!seen.has(personKey(find.id))) {
        seen.add(personKey(find.id));
        const given = index === 0 && cell.given.length <= LONGEST ? cell.given : own;
        if (cell.isOther === true || !isPerson(find)) {
          this.offer(find.id, given, find.reason ?? "not-theirs", place, name);
        } else this.accept(find.id, given, place, name);
      }
    }
  }
}

/** Removes thousands separators (`8,123,456,789`). */
function grouped(cell: string): string {
  return /^\s*\d{1,3}(?:,\d{3}){2,4}\s*$/.test(cell) ? cell.replace(/[,\s]/g, "") : cell;
}
