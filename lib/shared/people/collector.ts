import type { People, PeopleTable, Person, Reject, RejectReason } from "../model";
import { personKey } from "../person";
import { countryNamed } from "./country";
import { type Find, isPerson, isTold } from "./find";
import { findNumbers } from "./finds";
import { cleaned, isBlank, trimmed } from "./line";
import type { CountryCode } from "./phone";

/** Longest `given` and `name` that a command takes, in letters. */
export const LONGEST = 200;

/** Where something stands in the input: its line, from 1, and the row or card that it came with. */
export interface Place {
  line: number;
  source?: string[];
}

/** Collects what is read: each person once, in the order of the input, and what is no person. */
export class PeopleCollector {
  readonly rejects: Reject[] = [];
  table: PeopleTable | undefined;
  private readonly accepted = new Map<string, Person>();
  private readonly named = new Map<string, CountryCode | undefined>();

  constructor(readonly country: CountryCode | undefined) {}

  /** The country that a cell names, looked up once for each name. */
  countryNamed(cell: string): CountryCode | undefined {
    if (!this.named.has(cell)) this.named.set(cell, countryNamed(cell));
    return this.named.get(cell);
  }

  /** Takes a person; the second time, under any spelling, it is a duplicate. */
  accept(id: string, given: string, place: Place, name?: string): void {
    const key = personKey(id);
    if (this.accepted.has(key)) this.rejects.push({ given, reason: "duplicate", ...place });
    else this.accepted.set(key, name === undefined ? { id, given } : { id, given, name });
  }

  /** Lists what is no person; nothing when there is nothing to see in it. */
  reject(given: string, reason: RejectReason, place: Place): void {
    if (!isBlank(given)) this.rejects.push({ given: trimmed(given), reason, ...place });
  }

  /** Lists somebody who is accepted only if the agent says so. */
  offer(id: string, given: string, reason: RejectReason, place: Place, name?: string): void {
    const short = given.slice(0, LONGEST);
    const person = name === undefined ? { id, given: short } : { id, given: short, name };
    this.rejects.push({ given, reason, ...place, person });
  }

  /** Drops a person who left the chat that is read. */
  leave(id: string): void {
    this.accepted.delete(personKey(id));
  }

  /** The result. A person is offered once, and not at all if already accepted. */
  result(): People {
    const offered = new Set<string>(this.accepted.keys());
    const rejects = this.rejects.map((reject): Reject => {
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

  /** The numbers of one cell or field, in the chosen country unless it is in another one. */
  *findsIn(cell: string, country = this.country): Generator<undefined, Find[]> {
    const finds: Find[] = [];
    for (const find of findNumbers((yield* cleaned(grouped(cell))).text, country)) {
      if (find && isTold(find)) finds.push(find);
      yield;
    }
    return finds;
  }

  /** Files the finds of one cell or field. One person twice in one row or card (work and WhatsApp) is no duplicate. */
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

/** A cell that a spreadsheet shows in groups of three, `8,123,456,789`, as the digits that it is. */
function grouped(cell: string): string {
  return /^\s*\d{1,3}(?:,\d{3}){2,4}\s*$/.test(cell) ? cell.replace(/[,\s]/g, "") : cell;
}
