export type Role = "member" | "admin" | "superadmin";

/** A member; `id` as the gateway listed it, to compare by `personKey` only. */
export interface Member {
  id: string;
  role: Role;
}

/** A stored group. Fields never read are absent. */
export interface Group {
  connection: string;
  id: string;
  name: string;
  description?: string;
  owner?: string;
  createdAt?: number;
  size?: number;
  /** Maximum of members, if sent; else `LIMITS.members`. */
  capacity?: number;
  picture?: string;
  /** Contains other groups; nobody can be added directly. */
  isCommunity?: boolean;
  isAnnouncement?: boolean;
  community?: string;
  onlyAdminsSend?: boolean;
  onlyAdminsAdd?: boolean;
  /** Known from the member list or a refusal. */
  isAdmin?: boolean;
  listedAt: number;
  /** When we created or joined it here; lists may lack it during the settle time. */
  enteredAt?: number;
  readAt?: number;
  usedAt?: number;
  pinnedAt?: number;
  /** When a complete list lacked it, or we left. Hidden since. */
  goneAt?: number;
  invite?: { code: string; readAt: number };
  inviteRefusedAt?: number;
}

/** A group's members as last read. */
export interface Roster {
  connection: string;
  group: string;
  members: Member[];
  readAt: number;
  /** A reading lost over half the members, or ourselves: the earlier count, and since when. */
  shrunk?: { from: number; at: number };
  /** Members by local day (`2026-11-24`), oldest first, from trusted readings. */
  sizes?: { day: string; size: number }[];
  /** First reading on record. Members without `since` were already there. */
  firstAt?: number;
  /** When later members were first seen, by `personKey`; 0 if unknown. */
  since?: Record<string, number>;
}

/** Changes between two readings of a group's members. Ids as the gateway sent them. */
export interface RosterChange {
  connection: string;
  group: string;
  since: number;
  at: number;
  joined: string[];
  left: string[];
  promoted: string[];
  demoted: string[];
}

/** A group somebody is in, by the last reading. */
export interface Place {
  group: Group;
  role: Role;
  readAt: number;
}

/** WhatsApp's limits: warn, never block. Lengths in user-visible characters. */
export const LIMITS = { name: 100, description: 2048, members: 1024, createWith: 10 } as const;
