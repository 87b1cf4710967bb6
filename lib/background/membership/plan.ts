import type { PlanOutcome, PlanView } from "../../shared/views";
import { outcomeOf, isActedOn } from "../../shared/plan-outcome";
import { byPerson } from "../../shared/members";
import { CAUTION, LIMITS, type Pace, type Roster, type Tally } from "../../shared/model";
import { personKey } from "../../shared/person";
import type { Op } from "./verdict";

/** Most people per request. */
export const CHUNK = 50;

/** Steps between readings: careful pace, fast removal, fast adding. */
export const VERIFY_EVERY = { careful: 10, remove: 10, add: 250 } as const;

/** Mean ms of a careful step, and of a request at 100 a minute. */
const TIME = { careful: 5500, request: 600 } as const;

/** A group as known beforehand. */
export interface KnownGroup {
  id: string;
  name?: string;
  size?: number;
  capacity?: number;
  roster?: Roster;
}

/** Plans a change from stored data alone. `onOutcome` gets each (group, person) in order. */
export function planMembership(wish: {
  op: Op;
  groups: KnownGroup[];
  /** Person ids; a repeated one counts as `already`. */
  people: string[];
  pace: Pace;
  /** Only these pairs, by index. */
  pairs?: [group: number, person: number][];
  own?: string;
  today: Tally;
  /** Removes admins too: each was ticked individually. */
  withAdmins?: boolean;
  onOutcome?: (group: string, person: string, outcome: PlanOutcome) => void;
}): PlanView {
  const { op, groups, people, pace, own, today } = wish;
  const view: PlanView = { outcomes: {}, requests: 0, duration: 0, cautions: [], unread: [] };
  const chosen = wish.pairs && placesByGroup(wish.pairs);
  let writes = 0;
  let acts = 0;
  for (const [at, group] of groups.entries()) {
    const wanted = chosen ? (chosen.get(at) ?? []).map((index) => people[index] ?? "") : people;
    if (wanted.length === 0) continue;
    const members = group.roster === undefined ? undefined : byPerson(group.roster.members);
    if (!members) view.unread.push(group.id);
    const seen = new Set<string>();
    let count = 0;
    for (const id of wanted) {
      const key = personKey(id);
      const usual = seen.has(key) ? "already" : outcomeOf(op, id, members, own);
      const outcome = usual === "admin" && wish.withAdmins === true ? "act" : usual;
      seen.add(key);
      view.outcomes[outcome] = (view.outcomes[outcome] ?? 0) + 1;
      wish.onOutcome?.(group.id, id, outcome);
      if (isActedOn(op, outcome)) count += 1;
    }
    // The first removal goes alone.
    const alone = op === "remove" && count > 0 ? 1 : 0;
    const chunks = pace === "careful" ? count : alone + Math.ceil((count - alone) / CHUNK);
    const every = pace === "careful" ? VERIFY_EVERY.careful : Math.max(CHUNK, VERIFY_EVERY[op]);
    // Readings before, between and after.
    view.requests += chunks + 1 + alone + Math.ceil((count - alone) / every);
    writes += chunks;
    acts += count;
    const size = (group.roster?.members.length ?? group.size ?? 0) + count;
    const { capacity = LIMITS.members } = group;
    if (op === "add" && count > 0 && size > capacity) {
      view.cautions.push({ key: "caution_group_size", count: size, group: group.name ?? group.id, capacity });
    }
  }
  view.duration = view.requests * TIME.request + (pace === "careful" ? writes * TIME.careful : 0);
  if (op === "add" && acts > 0 && today.adds + acts >= CAUTION.adds) {
    view.cautions.push({ key: "caution_adds", count: today.adds + acts });
  }
  return view;
}

function placesByGroup(pairs: [group: number, person: number][]): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const [group, person] of pairs) {
    const list = found.get(group);
    if (list) list.push(person);
    else found.set(group, [person]);
  }
  return found;
}
