import { fictional } from "./numbers";

/**
 * The sandbox's data in plain JSON, equal for equal seeds and options. Numbers are fictional: reserved for drama (US
 * 555-01xx, UK 07700 900xxx, Germany 0171 39200xx, France 06 39 98 xx xx, Australia 0491 570 xxx) or made up (zeros).
 */
export interface World {
  version: 1;
  settings: WorldSettings;
  instances: WorldInstance[];
  /** By person id; everyone else can be added. */
  people: Record<string, WorldPerson>;
  /** By id, in list order; replaced, never changed in place. */
  groups: Record<string, WorldGroup>;
  /** Oldest first; at most 200. */
  messages: WorldMessage[];
  counter: number;
}

/** How a gateway answers where the documentation is silent. */
export interface WorldSettings {
  /** Answers to changes: a result per person or the group, nothing (204), or a sentence. */
  answers: "per-person" | "empty" | "message";
  /** If some people are already right (409): changes the others, or refuses all. */
  mixed: "apply" | "refuse";
  /** By limit and offset, all at once, or numbered pages in an envelope. */
  paging: "offset" | "all" | "pages";
  /** Default and maximum rows; 50 and 100 if absent. */
  pageSize?: { usual: number; most: number };
  /**
   * `noweb` passes on an engine's answers: hidden ids with suffixes and in results, bare invite codes, refusals in a
   * 500, a group's kind.
   */
  engine?: "noweb";
  /** The reference's path for adding: `participants/add`, or the guide's `participants`. */
  addRoute?: "add" | "plain";
  /** A join waiting for an admin: says so, or returns the group as if joined. */
  waiting: "said" | "as-joined";
  /** Of member ids in the reference's answers. */
  suffix: "s.whatsapp.net" | "c.us";
  /** Lists members with names. */
  hasNames?: boolean;
  /** Whether `GET /api/instances`, `contacts` and `contacts/check` exist. */
  hasExtras: boolean;
}

export interface WorldInstance {
  /** As in the guide: `inst_abc123`. */
  id: string;
  /** From the API reference. Both work in paths. */
  uuid: string;
  name: string;
  status: "created" | "starting" | "scan_qr" | "connected" | "disconnected" | "failed";
  number: string;
  createdAt: number;
}

export interface WorldPerson {
  /** Adding fails: 401 blocked us, 403 privacy, 404 not on WhatsApp. */
  refuses?: 401 | 403 | 404;
  /** Their id on WhatsApp: in Brazil, without the ninth digit. */
  registeredAs?: string;
}

/** Somebody in a group. */
export interface WorldMember {
  id: string;
  role: "member" | "admin" | "superadmin";
}

export interface WorldGroup {
  id: string;
  name: string;
  description?: string;
  owner?: string;
  createdAt: number;
  picture?: string;
  members: WorldMember[];
  code: string;
  /** Lists plain members under hidden ids (`@lid`). */
  isHidden?: boolean;
  /** Further members listed under hidden ids. */
  hides?: string[];
  isCommunity?: boolean;
  /** Messages of others are refused (403). */
  onlyAdminsSend?: boolean;
  /** Additions wait for an admin (421): `approvesAfter` ms, or forever. */
  needsApproval?: boolean;
  approvesAfter?: number;
  waiting?: { id: string; at: number }[];
  /** Just left by themselves (408). */
  recentlyLeft?: string[];
}

interface WorldMessage {
  id: string;
  instance: string;
  chat: string;
  type: string;
  text: string;
  at: number;
}

/** Of every world; the first is connected and the agent's. */
export const WORLD_INSTANCES = {
  main: "inst_abc123",
  mainUuid: "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
  second: "inst_def456",
  off: "inst_ghi789",
} as const;

/** The first instance's number. */
export const OWN_NUMBER = fictional("gb", 100);

/** The second instance's number, only in `WORLD_GROUPS.lobby`. */
export const SECOND_NUMBER = fictional("br", 100);

/** In no group at first unless noted. */
export const WORLD_PEOPLE = {
  free: fictional("us", 42),
  free2: fictional("in", 42),
  /** Privacy settings refuse additions (403). */
  private: fictional("us", 43),
  private2: fictional("br", 43),
  /** Not on WhatsApp (404). */
  absent: fictional("us", 44),
  /** Has just left `lobby` (408). */
  left: fictional("us", 45),
  /** Has blocked the instance (401). */
  blocking: fictional("us", 46),
  /** A plain member of `alpha` and `support`. */
  seed: "5511999998888@s.whatsapp.net",
  /** With the ninth digit; WhatsApp knows `brazilOld`. */
  brazil: fictional("br", 77),
  brazilOld: "551100000077@s.whatsapp.net",
} as const;

/** Of every world; the instance is in the first block only. */
export const WORLD_GROUPS = {
  /** Superadmin; the two groups of the guide. */
  alpha: "120363012345678901@g.us",
  support: "120363098765432109@g.us",
  /** Admin. */
  lobby: "120363000000000103@g.us",
  /** Plain member: every change is refused (403). */
  member: "120363000000000104@g.us",
  /** Admin; 1,024 members (419). */
  full: "120363000000000105@g.us",
  /** Admin; additions wait for approval (421). */
  approval: "120363000000000106@g.us",
  /** Admin; a community (417). */
  community: "120363000000000107@g.us",
  /** Admin; plain members have hidden ids. */
  hidden: "120363000000000108@g.us",
  /** Admin; a legacy id. */
  legacy: "447700900100-1587570015@g.us",

  neighbours: "120363000000000201@g.us",
  sector: "120363000000000202@g.us",
  market: "120363000000000203@g.us",
  arabic: "120363000000000204@g.us",
  sample: "120363000000000205@g.us",
  /** Joining waits a minute for an admin. */
  gated: "120363000000000206@g.us",
  /** Joining waits for an admin forever. */
  ignored: "120363000000000207@g.us",
  /** Cannot be joined: full. */
  crowded: "120363000000000208@g.us",
} as const;

/** Of every world; the first eight lead to groups without the instance. */
export const WORLD_CODES = {
  neighbours: "6MOdL3rnhxaAUSymM0MSUH",
  sector: "Ak3pvNvN4C86LBwJvO2gUG",
  market: "E1KNKjUf9PnAN7pIWSAOh1",
  arabic: "EwCgAq9nXAtdG7oPhDDfGZ",
  /** The guide's sample code. */
  sample: "AbCdEfGhIjKlMn",
  gated: "HBf8pjzQEmzeWAzILtmPJp",
  ignored: "KygqS8gbN76AyTHUGH5wL1",
  crowded: "7K9ggzsKAfcVbkOoq8Ywlx",
  /** Revoked: joins nothing. */
  revoked: "AwdGLN2vdAKhG1VZVYjpTN",
  /** Of groups with the instance. */
  alpha: "7AfRT0kZQruwGGFVZGmsnq",
  support: "1Bi4Lz9Hl1FcqycjNiWiHV",
  lobby: "GnYs9QkXTkGEkumZmw0UMF",
} as const;
