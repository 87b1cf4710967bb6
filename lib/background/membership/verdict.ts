import { canTell, type Members } from "../../shared/members";
import type { Reason, Step } from "../../shared/model";
import { isHidden, personKey, placeKey } from "../../shared/person";
import type { PersonResult } from "../gateway/answer";

/**
 * Derives outcomes from members before, answer, and members after. Neither an "ok" nor absence from a list with hidden
 * numbers is proof.
 */

export type Op = "add" | "remove";

/** Returns the step of somebody who needs no request, else undefined. `isCut`: the list is incomplete. */
export function withoutRequest(op: Op, step: Step, members: Members, isCut = false): Step | undefined {
  const person = step.person ?? "";
  const isIn = members.has(personKey(person));
  // Wanted state after an earlier attempt: our late effect.
  if (step.attempts > 0 && isIn === (op === "add")) {
    return isIn || canTell(person, members) ? reached(op, step, "late") : hidden(step);
  }
  if (op === "add") return isIn ? { ...step, state: "done", verdict: "already-in" } : undefined;
  if (isIn) return undefined;
  if (isCut) return { ...step, state: "review", verdict: "unconfirmed", reason: "shrunken" };
  return canTell(person, members) ? { ...step, state: "done", verdict: "was-not-in" } : hidden(step);
}

/**
 * Returns the step of an unticked admin spared by a removal, even one promoted since; else undefined. Without `admins`
 * (`placeKey`s of those ticked), none is spared.
 */
export function spared(step: Step, members: Members, admins: ReadonlySet<string> | undefined): Step | undefined {
  const { target, person = "" } = step;
  const role = members.get(personKey(person))?.role ?? "member";
  if (admins === undefined || role === "member" || admins.has(placeKey(target, person))) return undefined;
  return { ...step, state: "failed", verdict: "not-removed", reason: "is-admin" };
}

/** Codes of lateness, inner failure or ongoing work: the request may still take effect. */
const UNSURE = /^(429|50[234])$|time_?d?_?out|queue|process|progress|scheduled/i;

/** Applies the gateway's answer to a step. An OK, `already` or unsure result awaits a reading; a refusal is final. */
export function answered(op: Op, step: Step, results: PersonResult[]): Step {
  const key = personKey(step.person ?? "");
  // Gateways that try both forms of a number report both.
  const own = results.filter(({ person }) => personKey(person) === key);
  const result = own.find(({ outcome }) => outcome === "ok") ?? own[0];
  const accepted: Step = { ...step, state: "accepted", verdict: "unconfirmed" };
  if (!result) return accepted;
  const { outcome, code } = result;
  if (outcome === "unknown" && UNSURE.test(code)) return accepted;
  if (outcome === "ok") return { ...accepted, code };
  if (outcome === "already") return { ...accepted, code, claim: claimOf(op) };
  // Queues say "pending" too.
  if (outcome === "approval" && /^pending$/i.test(code)) return { ...accepted, code, claim: "waiting-approval" };
  if (outcome === "approval") return { ...step, state: "done", verdict: "waiting-approval", reason: outcome, code };
  return { ...step, state: "failed", verdict: missed(op), reason: outcome, code };
}

/**
 * Applies a credible reading to a sent step; undefined if too early. `isLate`: after the settle time. `isFresh`: shows
 * effects of this or a later request. `isPartial`: of this request. `hasVanished`: was in the last reading, so absence
 * counts even among hidden numbers. An unsure request without effect returns to `todo` once.
 */
export function proved(
  op: Op,
  step: Step,
  members: Members,
  reading: { isLate: boolean; isFresh: boolean; isPartial: boolean; mayRepeat: boolean; hasVanished?: boolean },
): Step | undefined {
  const person = step.person ?? "";
  const isIn = members.has(personKey(person));
  const tells = reading.hasVanished === true || canTell(person, members);
  if (isIn === (op === "add") && (isIn || tells)) return reached(op, step);
  const isSure = step.state === "accepted";
  const { claim } = step;
  // Nothing contradicts it.
  if (claim && !isIn && !tells) return { ...step, state: "done", verdict: claim, claim: undefined };
  // A result by name gets the full settle time. A general OK is disproved once others show effects.
  const isNamed = step.code !== undefined || claim !== undefined;
  if (!reading.isLate && !(isSure && reading.isFresh && !isNamed)) return undefined;
  if (!isIn && !tells) return hidden(step);
  if (claim === "waiting-approval") {
    return { ...step, ...PROVED, state: "done", verdict: claim, reason: "approval" };
  }
  if (isSure) {
    // Neither answer nor list is proof.
    if (isNamed) return { ...step, claim: undefined, state: "review", verdict: "unconfirmed", reason: "contradicted" };
    return { ...step, state: "review", verdict: missed(op), reason: "no-effect" };
  }
  // It reached others, so this person was refused.
  if (reading.isPartial) return { ...step, state: "review", verdict: missed(op), reason: "no-effect" };
  if (step.attempts < 2 && reading.mayRepeat) return { ...step, state: "todo", verdict: undefined };
  return { ...step, state: "review", verdict: "needs-review" };
}

/** The gateway's claim that nothing needed doing. */
export function claimOf(op: Op): "already-in" | "was-not-in" {
  return op === "add" ? "already-in" : "was-not-in";
}

/** The verdict if nothing changed. */
export function missed(op: Op): "not-added" | "not-removed" {
  return op === "add" ? "not-added" : "not-removed";
}

/** Returns the step of a person read in the wanted state. */
export function reached(op: Op, step: Step, reason?: Reason): Step {
  const verdict = step.claim === claimOf(op) ? step.claim : op === "add" ? "added" : "removed";
  return { ...step, ...PROVED, state: "done", verdict, reason };
}

function hidden(step: Step): Step {
  return { ...step, state: "review", verdict: "unconfirmed", reason: "hidden" };
}

/** Whether to check if somebody refused without a reason is on WhatsApp. */
export function isWorthChecking({ verdict, reason, person, isChecked }: Step): boolean {
  const isSilent = verdict === "not-added" && (reason === undefined || reason === "unknown" || reason === "no-effect");
  return isSilent && isChecked === undefined && person !== undefined && !isHidden(person);
}

/** Returns the step after that check. */
export function checkedStep(step: Step, exists: boolean): Step {
  return exists ? { ...step, isChecked: true } : { ...step, isChecked: true, reason: "not-on-whatsapp" };
}

/** Clears earlier trouble once an outcome is proved. */
export const PROVED = { failure: undefined, code: undefined, detail: undefined, claim: undefined } as const;
