import { canTell, type Members } from "../../shared/members";
import type { Reason, Step } from "../../shared/model";
import { isHidden, personKey, placeKey } from "../../shared/person";
import type { PersonResult } from "../gateway/answer";

/**
 * What became of one person, from the members before, the gateway's answer and the members after. Pure. Two things are
 * never taken for proof: the gateway's "ok", and the absence of somebody in a list that hides numbers.
 */

export type Op = "add" | "remove";

/** The step of somebody who needs no request, or undefined when one is to be sent. */
export function withoutRequest(op: Op, step: Step, members: Members): Step | undefined {
  const person = step.person ?? "";
  const isIn = members.has(personKey(person));
  // Tried before and not there at that time, there now: it is our effect, come late.
  if (step.attempts > 0 && isIn === (op === "add")) {
    return isIn || canTell(person, members) ? reached(op, step, "late") : hidden(step);
  }
  if (op === "add") return isIn ? { ...step, state: "done", verdict: "already-in" } : undefined;
  if (isIn) return undefined;
  return canTell(person, members) ? { ...step, state: "done", verdict: "was-not-in" } : hidden(step);
}

/**
 * The step of an admin who is left out of a removal, also one who became it since the agent looked; undefined for everybody
 * else. `admins` are those who were ticked, each a `placeKey`; without it nobody is left out.
 */
export function spared(step: Step, members: Members, admins: ReadonlySet<string> | undefined): Step | undefined {
  const { target, person = "" } = step;
  const role = members.get(personKey(person))?.role ?? "member";
  if (admins === undefined || role === "member" || admins.has(placeKey(target, person))) return undefined;
  return { ...step, state: "failed", verdict: "not-removed", reason: "is-admin" };
}

/** What the gateway's answer to the request makes of a step. Only a refusal of the person itself is final. */
export function answered(op: Op, step: Step, results: PersonResult[]): Step {
  const key = personKey(step.person ?? "");
  const result = results.find(({ person }) => personKey(person) === key);
  const accepted: Step = { ...step, state: "accepted", verdict: "unconfirmed" };
  if (!result) return accepted;
  const { outcome, code } = result;
  if (outcome === "ok") return { ...accepted, code };
  if (outcome === "already") {
    return { ...step, state: "done", verdict: op === "add" ? "already-in" : "was-not-in", code };
  }
  if (outcome === "approval") return { ...step, state: "done", verdict: "waiting-approval", reason: outcome, code };
  return { ...step, state: "failed", verdict: missed(op), reason: outcome, code };
}

/**
 * What a believed reading makes of a step that was sent, or undefined when it is too early to say.
 * `isLate`: the reading was taken after the settle time. `isFresh`: it shows the effect of this request on others, or of
 * a later one. `isPartial`: it shows the effect of this very request on others. `hasVanished`: the person was in the reading
 * before, so that being absent now tells something also in a list that hides numbers. Somebody who is not there after an unsure
 * request that shows no effect at all goes back to `todo` once, never a second time.
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
  // If the gateway confirmed this person by name, wait the full settle time. A general OK is already disproved when others
  // of the same request have arrived and this person has not.
  if (!reading.isLate && !(isSure && reading.isFresh && step.code === undefined)) return undefined;
  if (!isIn && !tells) return hidden(step);
  if (isSure) {
    // A yes in the answer and a no in the list: neither is proof.
    if (step.code !== undefined) return { ...step, state: "review", verdict: "unconfirmed", reason: "contradicted" };
    return { ...step, state: "review", verdict: missed(op), reason: "no-effect" };
  }
  // The request arrived, as it had its effect on others: this one was refused in it.
  if (reading.isPartial) return { ...step, state: "review", verdict: missed(op), reason: "no-effect" };
  if (step.attempts < 2 && reading.mayRepeat) return { ...step, state: "todo", verdict: undefined };
  return { ...step, state: "review", verdict: "needs-review" };
}

/** The verdict of the wanted thing not having happened. */
export function missed(op: Op): "not-added" | "not-removed" {
  return op === "add" ? "not-added" : "not-removed";
}

/** The step of a person whose wanted state was read. */
export function reached(op: Op, step: Step, reason?: Reason): Step {
  const verdict = op === "add" ? "added" : "removed";
  return { ...step, ...PROVED, state: "done", verdict, reason };
}

function hidden(step: Step): Step {
  return { ...step, state: "review", verdict: "unconfirmed", reason: "hidden" };
}

/** Whether a person was refused without a reason, so that it is worth asking whether the number is on WhatsApp. */
export function isWorthChecking({ verdict, reason, person, isChecked }: Step): boolean {
  const isSilent = verdict === "not-added" && (reason === undefined || reason === "unknown" || reason === "no-effect");
  return isSilent && isChecked === undefined && person !== undefined && !isHidden(person);
}

/** The step of a person after the check for being on WhatsApp. */
export function checkedStep(step: Step, exists: boolean): Step {
  return exists ? { ...step, isChecked: true } : { ...step, isChecked: true, reason: "not-on-whatsapp" };
}

/** Fields that a step drops once its outcome is proved: what went wrong on the way. */
export const PROVED = { failure: undefined, code: undefined, detail: undefined } as const;
