import type { FoundInvite, Group, KnownInvite } from "./model";

/** What a membership change would do, before anything is sent. */
export interface PlanView {
  /** (group, person) pairs per outcome. */
  outcomes: Partial<Record<PlanOutcome, number>>;
  /** Minimum number, readings included. */
  requests: number;
  /** In ms. */
  duration: number;
  /** Message keys with their numbers; they never block. */
  cautions: {
    key: "caution_adds" | "caution_creates" | "caution_messages" | "caution_group_size";
    count: number;
    group?: string;
    capacity?: number;
  }[];
  unread: string[];
}

/**
 * act: will be sent. already: as wanted. hidden: undecidable. admin: not removed in bulk. own: our number. unread:
 * members unknown.
 */
export type PlanOutcome = "act" | "already" | "hidden" | "admin" | "own" | "unread";

/** Invites of the tab in front. */
export interface PageView {
  tab?: number;
  origin?: string;
  isPaused: boolean;
  /** Hosts of visible frames that could not be searched; "" if without address. */
  closed: string[];
  /** In document order, those gone from the page last. */
  invites: (FoundInvite & { known?: KnownInvite; group?: Group })[];
}
