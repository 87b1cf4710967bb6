import type { Protection } from "./connection";
import type { Pace } from "./step";

export interface Settings {
  current?: string;
  /** Two-letter country of numbers without prefix; absent: they are rejected. */
  country?: string;
  pace: Pace;
  isPageOn: boolean;
  /** Origins on which it is paused. */
  pausedSites: string[];
  /** Idle minutes (5 to 480); 0 is off. */
  lockAfter: number;
  /** Absent before the first key. */
  protection?: Protection;
  /** Whether a gateway on this computer may use plain HTTP. */
  isLocalHttpOn: boolean;
  sort: "name" | "size" | "used";
  /** Whether members are reread while the computer is idle. */
  isFreshening: boolean;
  /** Days until ended jobs and member changes are erased; 0 keeps them, up to a maximum. */
  keepHistory: number;
  /** Present while the first steps are shown. `met`: an invite was seen on a page. */
  guide?: "new" | "met";
  /** Minor version (`0.2`) with unread news; never set by an installation. */
  news?: string;
  /** Written by the worker only. */
  policy?: Policy;
}

/** A company's settings, explained in `public/managed.json`. Absent: the agent chooses. */
export interface Policy {
  /** Prefilled for new connections; only it and `allowedHosts` are allowed. */
  gateway?: string;
  /** `*.` matches subdomains. */
  allowedHosts?: string[];
  instance?: string;
  maxPace?: Pace;
  requirePassphrase?: boolean;
  lockAfter?: number;
  pageActions?: boolean;
  sandbox?: boolean;
  /** Unreadable entries, replaced by the narrowest rule. */
  wrong?: string[];
}

/** Settings of a new installation. */
export const DEFAULT_SETTINGS: Settings = {
  pace: "careful",
  isPageOn: true,
  pausedSites: [],
  lockAfter: 0,
  // Tests and development use a local gateway.
  isLocalHttpOn: import.meta.env.MODE !== "production",
  sort: "name",
  isFreshening: false,
  keepHistory: 180,
};

/** `storage.session` key, set by the worker: whether the vault is open. */
export const OPEN_FLAG = "isOpen";
