import { byPerson } from "../../lib/shared/members";
import type { Group, Person, Roster } from "../../lib/shared/model";
import { isActedOn, outcomeOf } from "../../lib/shared/plan-outcome";
import { useEachRoster } from "../models/rosters";
import { useShell } from "../models/shell";
import { type Lanes, WhoGoesWhere } from "./lanes";

type Op = "add" | "remove";

/** Draws who joins and leaves groups when these people are added or removed. */
export function ChangeLanes(props: {
  /** Those of the changes; others are left out. */
  groups: readonly Group[];
  changes: ReadonlyMap<string, Op>;
  people: Person[];
  /** Admins are removed, too. */
  withAdmins?: boolean;
  /** False where the title names the person. */
  areNamed?: boolean;
}) {
  const { changes, people, withAdmins = false } = props;
  const own = useShell().connection.value?.ownNumber;
  const lanes = useEachRoster<Lanes>(
    props.groups.filter(({ id }) => changes.has(id)),
    (group, roster) => lanesOf(changes.get(group.id) ?? "add", group, roster, { people, own, withAdmins }),
    [people.map(({ id }) => id).join(" "), own, [...changes].join(" "), withAdmins],
  );
  // Draws all groups or none.
  return lanes?.length === changes.size ? <WhoGoesWhere plan={lanes} areNamed={props.areNamed} /> : null;
}

function lanesOf(
  op: Op,
  group: Group,
  roster: Roster | undefined,
  { people, own, withAdmins }: { people: Person[]; own: string | undefined; withAdmins: boolean },
): Lanes {
  const members = roster && byPerson(roster.members);
  const outcomes = people.map((person) => [person, outcomeOf(op, person.id, members, own)] as const);
  const acted = outcomes.filter(
    ([, outcome]) => isActedOn(op, outcome) || (op === "remove" && withAdmins && outcome === "admin"),
  );
  const moved = acted.map(([person]) => person);
  return {
    id: group.id,
    name: group.name,
    joins: op === "add" ? moved : [],
    leaves: op === "remove" ? moved : [],
    isUnsure: acted.some(([, outcome]) => outcome === "unread" || outcome === "hidden"),
    size: roster?.members.length,
  };
}
