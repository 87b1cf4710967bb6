import type { Protection } from "./connection";
import type { Pace } from "./step";

/** What the agent and the agent's company set. */

export interface Settings {
  /** Connection in use, if any. */
  current?: string;
  /** Two-letter country for numbers without a prefix; absent: such numbers are rejected with a reason. */
  country?: string;
  pace: Pace;
  /** Whether the page script may run at all. */
  isPageOn: boolean;
  /** Origins on which it is paused. */
  pausedSites: string[];
  /** Lock after so many idle minutes (5 to 480); 0 is off. */
  lockAfter: number;
  protection: Protection;
  /** Whether a gateway on this computer may be connected without encryption. */
  isLocalHttpOn: boolean;
  /** How the list is sorted. */
  sort: "name" | "size" | "used";
  /** Whether members are read again while nobody uses the computer. */
  isFreshening: boolean;
  /** Days after which ended jobs are erased; 0 keeps them as long as there are not too many. */
  keepHistory: number;
  /** What the agent's company set; written by the worker alone. */
  policy?: Policy;
}

/** What a company set for its agents, under the names that `public/managed.json` explains. Absent: the agent chooses. */
export interface Policy {
  /** The one address that may be used beside those of `allowedHosts`; new connections begin with it. */
  gateway?: string;
  /** `*.` before a host stands for its subdomains. */
  allowedHosts?: string[];
  instance?: string;
  maxPace?: Pace;
  requirePassphrase?: boolean;
  /** In minutes. */
  lockAfter?: number;
  pageActions?: boolean;
  sandbox?: boolean;
  /** Entries that could not be read; the narrowest rule holds in their place. */
  wrong?: string[];
}

/** What a new installation starts with. */
export const DEFAULT_SETTINGS: Settings = {
  pace: "careful",
  isPageOn: true,
  pausedSites: [],
  lockAfter: 0,
  protection: "passphrase",
  // Tests and development talk to a gateway on this computer.
  isLocalHttpOn: import.meta.env.MODE !== "production",
  sort: "name",
  isFreshening: false,
  keepHistory: 180,
};

/** Key in `storage.session` that says, as a bare boolean, whether the vault is open. Set by the worker. */
export const OPEN_FLAG = "isOpen";
