/** Groups and their members. */

export type Role = "member" | "admin" | "superadmin";

/** Somebody in a group. `id` is exactly what the gateway listed; compare with `personKey` of `person.ts` only. */
export interface Member {
  id: string;
  role: Role;
}

/** A group as the store holds it. What was never read is absent, not empty. */
export interface Group {
  connection: string;
  id: string;
  name: string;
  description?: string;
  owner?: string;
  createdAt?: number;
  /** Number of members, as listed or counted. */
  size?: number;
  /** How many members it can have, where the gateway says so; else WhatsApp's own limit holds (`LIMITS.members`). */
  capacity?: number;
  picture?: string;
  /** It is a community: it holds other groups, and nobody can be added to it directly. */
  isCommunity?: boolean;
  /** It is the announcement group of a community. */
  isAnnouncement?: boolean;
  /** Id of the community that it belongs to. */
  community?: string;
  /** Whether only admins may write in it, or add people to it. */
  onlyAdminsSend?: boolean;
  onlyAdminsAdd?: boolean;
  /** Whether our instance is an admin there: from the member list when our number is known, or from a refusal. */
  isAdmin?: boolean;
  /** When the list last contained it. */
  listedAt: number;
  /** When we made or joined it here. Until the settle time is over, its absence from a reading means that it is late. */
  enteredAt?: number;
  /** When its details were last read. */
  readAt?: number;
  /** When the agent last opened it or wrote to it. */
  usedAt?: number;
  /** When the agent pinned it to the top of the list. */
  pinnedAt?: number;
  /** When it was no longer in a complete list, or when we left. Such a group is not shown in the list. */
  goneAt?: number;
  /** The invite code, once read. */
  invite?: { code: string; readAt: number };
  /** When the gateway last refused the invite code. */
  inviteRefusedAt?: number;
}

/** The members of one group as last read. */
export interface Roster {
  connection: string;
  group: string;
  members: Member[];
  readAt: number;
  /** The reading shows far fewer members than the one before, or not ourselves: how many they were, and since when. */
  shrunk?: { from: number; at: number };
  /** How many members it had, by local day (`2026-11-24`), oldest first; only days of readings that are believed. */
  sizes?: { day: string; size: number }[];
  /** When its members were first read, as far as that is kept: whoever has no entry in `since` was there already. */
  firstAt?: number;
  /** When each later member was first seen there, by `personKey`; 0 where the readings do not show it. */
  since?: Record<string, number>;
}

/** What changed in a group between two readings of its members. The lists hold ids as the gateway gave them. */
export interface RosterChange {
  connection: string;
  group: string;
  /** When the earlier and the later members were read. */
  since: number;
  at: number;
  joined: string[];
  left: string[];
  /** Became an admin, and is none any more. */
  promoted: string[];
  demoted: string[];
}

/** A group in which somebody is, as its members were last read. */
export interface Place {
  group: Group;
  role: Role;
  readAt: number;
}

/** Limits that WhatsApp sets: warn, never block. Lengths in user-visible characters. */
export const LIMITS = { name: 100, description: 2048, members: 1024, createWith: 10 } as const;
