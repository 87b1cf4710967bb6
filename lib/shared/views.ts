import type { FoundInvite, Group, KnownInvite } from "./model";

/** What commands answer where it is more than a row of the store. */

/** What a membership change would do, counted before anything is sent. */
export interface PlanView {
  /** How many (group, person) pairs have each outcome; absent is none. */
  outcomes: Partial<Record<PlanOutcome, number>>;
  /** Requests that it takes at least, the readings included. */
  requests: number;
  /** Time that it takes at the pace, in ms. */
  duration: number;
  /** Words of caution as message keys with their numbers; they never block. */
  cautions: {
    key: "caution_adds" | "caution_joins" | "caution_creates" | "caution_messages" | "caution_group_size";
    count: number;
  }[];
  /** Groups whose members were never read, so that `unknown` rows come from there. */
  unread: string[];
}

/** act: will be sent. already: is in the wanted state. hidden: cannot be told. admin, own: left out of a bulk removal. */
export type PlanOutcome = "act" | "already" | "hidden" | "admin" | "own" | "unread";

/** What is known about the invites of the tab in front. */
export interface PageView {
  tab?: number;
  origin?: string;
  isPaused: boolean;
  /** Hosts of the visible frames that could not be looked into; empty for one without an address. */
  closed: string[];
  /** In the order of the document; those that are not on the page any more come last. */
  invites: (FoundInvite & { known?: KnownInvite; group?: Group })[];
}
