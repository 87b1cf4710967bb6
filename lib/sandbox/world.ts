import { fictional } from "./numbers";

/**
 * The world that the sandbox gateway manages: instances, groups, people and how they behave. Plain JSON, so that it can
 * be stored and compared; made from a seed, so that two worlds of the same options are equal.
 *
 * Every number is fictional: ranges kept for drama (US 555-01xx, UK 07700 900xxx, Germany 0171 39200xx, France
 * 06 39 98 xx xx, Australia 0491 570 xxx) or plainly made up (zeros) for countries that keep none.
 */
export interface World {
  version: 1;
  settings: WorldSettings;
  instances: WorldInstance[];
  /** What is special about a person, by person id. Everybody else is on WhatsApp and can be added. */
  people: Record<string, WorldPerson>;
  /** By group id, in the order of the list. A group is replaced, never changed in place. */
  groups: Record<string, WorldGroup>;
  /** The last messages, oldest first; at most 200. */
  messages: WorldMessage[];
  /** Ids given out so far. */
  counter: number;
}

/** Where the documentation leaves open how a gateway answers, a world says which way. */
export interface WorldSettings {
  /**
   * What add, remove, update, leave and join answer, which is not documented: a result for each
   * person or the group; nothing at all (204); or only a sentence.
   */
  answers: "per-person" | "empty" | "message";
  /** A request of which some people are already right (409): the others are done, or the whole is refused. */
  mixed: "apply" | "refuse";
  /** Group lists: 50 at a time by limit and offset; everything at once; or numbered pages in an envelope. */
  paging: "offset" | "all" | "pages";
  /** Rows of a page of groups when nobody asks for a number, and the most that are given; 50 and 100 when absent. */
  pageSize?: { usual: number; most: number };
  /**
   * `noweb`: the gateway hands on what the engine behind it says: hidden ids with additions, results under hidden ids,
   * invite codes as bare text, refusals as a sentence inside a 500, and what a group is (community, who may write).
   */
  engine?: "noweb";
  /** Where the API reference adds people: `participants/add` (its relatives), or `participants` as in the guide. */
  addRoute?: "add" | "plain";
  /** What a join that waits for an admin answers: that it waits, or the group as if we were in it. */
  waiting: "said" | "as-joined";
  /** How members are written in answers of the API reference. */
  suffix: "s.whatsapp.net" | "c.us";
  /** Whether `GET /api/instances` and `contacts/check` exist. */
  hasExtras: boolean;
}

export interface WorldInstance {
  /** As in the guide: `inst_abc123`. */
  id: string;
  /** As in the API reference. Both work in a path. */
  uuid: string;
  name: string;
  status: "created" | "starting" | "scan_qr" | "connected" | "disconnected" | "failed";
  /** Own number as a person id. */
  number: string;
  createdAt: number;
}

export interface WorldPerson {
  /** Code that adding gives: 401 blocked us, 403 privacy, 404 not on WhatsApp. */
  refuses?: 401 | 403 | 404;
  /** The same person's id as WhatsApp knows it (Brazilian numbers without the ninth digit). */
  registeredAs?: string;
}

/** Somebody in a group of the world. */
export interface WorldMember {
  id: string;
  role: "member" | "admin" | "superadmin";
}

export interface WorldGroup {
  id: string;
  name: string;
  description?: string;
  owner?: string;
  /** Milliseconds since 1970. */
  createdAt: number;
  picture?: string;
  members: WorldMember[];
  /** The invite code that works now. */
  code: string;
  /** Members who are not admins are listed under a hidden id (`@lid`). */
  isHidden?: boolean;
  /** Members whose numbers are hidden beside others whose numbers are not. */
  hides?: string[];
  /** A community's announcement group: nobody can be added (417). */
  isCommunity?: boolean;
  /** Only admins may write in it (403). */
  onlyAdminsSend?: boolean;
  /** New members wait for an admin (421), for `approvesAfter` ms when given, else for ever. */
  needsApproval?: boolean;
  approvesAfter?: number;
  waiting?: { id: string; at: number }[];
  /** People who left of their own accord a moment ago (408). */
  recentlyLeft?: string[];
}

/** A message that was sent to a chat of the world. */
interface WorldMessage {
  id: string;
  instance: string;
  chat: string;
  type: string;
  text: string;
  at: number;
}

/** Instance ids of every world: the first is connected and speaks for the agent. */
export const WORLD_INSTANCES = {
  main: "inst_abc123",
  mainUuid: "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
  second: "inst_def456",
  off: "inst_ghi789",
} as const;

/** The first instance's own number. */
export const OWN_NUMBER = fictional("gb", 100);

/** The second instance's own number; it is in `WORLD_GROUPS.lobby` alone. */
export const SECOND_NUMBER = fictional("br", 100);

/** People of every world who behave in a way worth trying. None of them is in a group at first unless it says so. */
export const WORLD_PEOPLE = {
  /** Can be added everywhere. */
  free: fictional("us", 42),
  free2: fictional("in", 42),
  /** Refuse to be added by their privacy settings (403). */
  private: fictional("us", 43),
  private2: fictional("br", 43),
  /** Not on WhatsApp (404). */
  absent: fictional("us", 44),
  /** Left `lobby` a moment ago (408). */
  left: fictional("us", 45),
  /** Has blocked the instance (401). */
  blocking: fictional("us", 46),
  /** The seed's person, a plain member of `alpha` and `support`. */
  seed: "5511999998888@s.whatsapp.net",
  /** Written with the ninth digit; WhatsApp knows the number without it (`brazilOld`). */
  brazil: fictional("br", 77),
  brazilOld: "551100000077@s.whatsapp.net",
} as const;

/** Group ids of every world, by what they are good for. The instance is in the first block, not in the second. */
export const WORLD_GROUPS = {
  /** Superadmin; the two groups of the groups guide. */
  alpha: "120363012345678901@g.us",
  support: "120363098765432109@g.us",
  /** Admin; `WORLD_PEOPLE.left` has just left it. */
  lobby: "120363000000000103@g.us",
  /** Plain member: every change is refused (403). */
  member: "120363000000000104@g.us",
  /** Admin; 1,024 members (419). */
  full: "120363000000000105@g.us",
  /** Admin; whoever is added waits for approval (421). */
  approval: "120363000000000106@g.us",
  /** Admin; a community (417). */
  community: "120363000000000107@g.us",
  /** Admin; members are listed under hidden ids. */
  hidden: "120363000000000108@g.us",
  /** Admin; a legacy id. */
  legacy: "447700900100-1587570015@g.us",

  neighbours: "120363000000000201@g.us",
  sector: "120363000000000202@g.us",
  market: "120363000000000203@g.us",
  arabic: "120363000000000204@g.us",
  sample: "120363000000000205@g.us",
  /** Joining waits for an admin, who says yes after a minute. */
  gated: "120363000000000206@g.us",
  /** Joining waits for an admin who never looks. */
  ignored: "120363000000000207@g.us",
  /** Cannot be joined: full. */
  crowded: "120363000000000208@g.us",
} as const;

/** Invite codes of every world. The first eight lead to the groups of the same name; the instance is in none of them. */
export const WORLD_CODES = {
  neighbours: "6MOdL3rnhxaAUSymM0MSUH",
  sector: "Ak3pvNvN4C86LBwJvO2gUG",
  market: "E1KNKjUf9PnAN7pIWSAOh1",
  arabic: "EwCgAq9nXAtdG7oPhDDfGZ",
  /** The sample code of the groups guide. */
  sample: "AbCdEfGhIjKlMn",
  gated: "HBf8pjzQEmzeWAzILtmPJp",
  ignored: "KygqS8gbN76AyTHUGH5wL1",
  crowded: "7K9ggzsKAfcVbkOoq8Ywlx",
  /** Was revoked: joins nothing. */
  revoked: "AwdGLN2vdAKhG1VZVYjpTN",
  /** Of groups that the instance is in already. */
  alpha: "7AfRT0kZQruwGGFVZGmsnq",
  support: "1Bi4Lz9Hl1FcqycjNiWiHV",
  lobby: "GnYs9QkXTkGEkumZmw0UMF",
} as const;
