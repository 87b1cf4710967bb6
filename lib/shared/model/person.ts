/** Numbers that somebody typed, pasted or selected. */

/** A number that somebody typed, pasted or selected. */
export interface Person {
  /** What is sent: `digits@s.whatsapp.net`, or a `@lid` id passed through untouched. */
  id: string;
  /** What stood in the input, for the agent to recognise. */
  given: string;
  /** A name found beside it (vCard, CSV), if any. */
  name?: string;
}

/** A piece of the input that is not a person, and why. */
export interface Reject {
  given: string;
  reason: RejectReason;
  /** Line of the input, from 1. */
  line: number;
}

/** Why a piece of the input is not a person; each has a sentence in `_locales`. */
export type RejectReason =
  | "not-a-number"
  | "too-short"
  | "too-long"
  | "no-country"
  | "duplicate"
  | "group-id"
  | "invalid";

/** What parsing an input gives. */
export interface People {
  people: Person[];
  rejects: Reject[];
}
