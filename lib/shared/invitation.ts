import type { Job, Reason, Step } from "./model";
import { personKey, placeKey } from "./person";

const INVITABLE: Reason[] = ["privacy", "recently-left", "left-again", "community", "no-effect", "unknown"];

/** Whether a person was not added but may join by invite. */
export function isInvitable(step: Pick<Step, "verdict" | "reason" | "person">): boolean {
  return step.verdict === "not-added" && step.person !== undefined && INVITABLE.includes(step.reason ?? "unknown");
}

/**
 * Fills `{link}`, `{group}` and `{name}`. Without a name, the blank before it goes too: "Hello {name}, …" becomes
 * "Hello, …".
 */
export function fillInvitation(template: string, words: { link: string; group: string; name?: string }): string {
  return template.replace(/([^\S\n]*)\{(link|group|name)\}/g, (_, blank: string, word: "link" | "group" | "name") =>
    words[word] ? blank + words[word] : "",
  );
}

/** Somebody who was, may have been or will be sent a link; `person`: a `personKey`. */
export interface Invited {
  connection: string;
  group: string;
  person: string;
  job?: string;
}

/** Whether a job sends invite links to refused people. */
export function isInvitation({ input }: Job): boolean {
  return input.kind === "send" && input.about !== undefined;
}

/** Returns the steps without those of an invitation whose person is invited; none until known (`readInvited`). */
export function uninvited(job: Job, steps: Step[], invited: ReadonlySet<string> | undefined): Step[] {
  if (!isInvitation(job)) return steps;
  return steps.filter(({ group = "", target }) => invited?.has(placeKey(group, target)) === false);
}

/** Returns an invitation step's ledger row; undefined without a group. */
export function invitedBy({ group, target, connection }: Step, job: string): Invited | undefined {
  return group === undefined ? undefined : { connection, group, person: personKey(target), job };
}

/** Whether a step's message was not sent and never will be. */
export function isUnsent({ state }: Step): boolean {
  return state === "failed" || state === "cancelled";
}
