import type { FoundInvite, Group, KnownInvite } from "./model";

/** What a membership change would do, before anything is sent. */
export interface PlanView {
  /** Number of (group, person) pairs per outcome. */
  outcomes: Partial<Record<PlanOutcome, number>>;
  /** Minimum number, readings included. */
  requests: number;
  /** In ms. */
  duration: number;
  /** Message keys with their numbers; they never block. */
  cautions: {
    key: "caution_adds" | "caution_creates" | "caution_messages" | "caution_group_size";
    count: number;
    /** The group that it is about. */
    group?: string;
  }[];
  unread: string[];
}

/** act: will be sent. already: as wanted. hidden: cannot be told. admin: not removed in bulk. own: our own number. */
export type PlanOutcome = "act" | "already" | "hidden" | "admin" | "own" | "unread";

/** Invites of the tab in front. */
export interface PageView {
  tab?: number;
  origin?: string;
  isPaused: boolean;
  /** Hosts of visible frames that could not be searched; "" for one without an address. */
  closed: string[];
  /** In document order; those no longer on the page come last. */
  invites: (FoundInvite & { known?: KnownInvite; group?: Group })[];
}
