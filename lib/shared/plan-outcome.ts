import type { PlanOutcome } from "./views";
import { canTell, type Members } from "./members";
import { personKey } from "./person";

/** What a membership change does with one person, the same for the plan, the forms and the questions. */

/**
 * What becomes of a person in a group, from its members as last read; without them it is `unread`. `own` is our own
 * number, where it is known.
 */
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

/**
 * Whether a request is sent for somebody of this outcome. Adding somebody who may be in already under a hidden id does no
 * harm, and the gateway says so; removing goes by the listed member alone.
 */
export function isActedOn(op: "add" | "remove", outcome: PlanOutcome): boolean {
  return outcome === "act" || outcome === "unread" || (op === "add" && outcome === "hidden");
}
