import type { PlanOutcome } from "./views";
import { canTell, type Members } from "./members";
import { personKey } from "./person";

/** Returns what a change does with a person, given the group's last reading. `own`: our number. */
export function outcomeOf(
  op: "add" | "remove",
  person: string,
  members: Members | undefined,
  own?: string,
): PlanOutcome {
  if (own !== undefined && personKey(own) === personKey(person)) return "own";
  if (!members) return "unread";
  const member = members.get(personKey(person));
  if (!member && !canTell(person, members)) return "hidden";
  if (op === "add") return member ? "already" : "act";
  if (!member) return "already";
  return member.role === "member" ? "act" : "admin";
}

/** Whether a request is sent. Adding a hidden member again is harmless; removing needs a listed member. */
export function isActedOn(op: "add" | "remove", outcome: PlanOutcome): boolean {
  return outcome === "act" || outcome === "unread" || (op === "add" && outcome === "hidden");
}
