import type { Job, Reason, Step } from "./model";
import { personKey } from "./person";

/** "Invite instead": the same selection and the same text in the preview and in what is sent. */

/** Reasons for which an invite link can still bring the person in. */
const INVITABLE: Reason[] = ["privacy", "recently-left", "left-again", "community", "no-effect", "unknown"];

/** Whether a step is a person who was not added, but may still join by an invite link. */
export function isInvitable(step: Pick<Step, "verdict" | "reason" | "person">): boolean {
  return step.verdict === "not-added" && step.person !== undefined && INVITABLE.includes(step.reason ?? "unknown");
}

/**
 * The message for one person: `{link}`, `{group}` and `{name}` replaced. Without a name its place goes with the blank
 * before it, so that "Hello {name}, …" becomes "Hello, …".
 */
export function fillInvitation(template: string, words: { link: string; group: string; name?: string }): string {
  return template.replace(/([^\S\n]*)\{(link|group|name)\}/g, (_, blank: string, word: "link" | "group" | "name") =>
    words[word] ? blank + words[word] : "",
  );
}

/** Who was sent the invite link of which group, may have been, or is going to be; `person` is a `personKey`. */
export interface Invited {
  connection: string;
  group: string;
  person: string;
  /** The job that sends it. */
  job?: string;
}

/** Whether a job sends invite links to people who were refused. */
export function isInvitation({ input }: Job): boolean {
  return input.kind === "send" && input.about !== undefined;
}

/** The row of the ledger for a step of such a job; undefined when it is about no group. */
export function invitedBy({ group, target, connection }: Step, job: string): Invited | undefined {
  return group === undefined ? undefined : { connection, group, person: personKey(target), job };
}

/** Whether the message of a step did not leave and will not. */
export function isUnsent({ state }: Step): boolean {
  return state === "failed" || state === "cancelled";
}
