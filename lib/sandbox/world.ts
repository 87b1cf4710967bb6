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
   * What add, remove, update, leave and join answer, which is not documented (contract, section 5.8): a result for each
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
export interface WorldMessage {
  id: string;
  instance: string;
  chat: string;
  type: string;
  text: string;
  at: number;
}

export interface WorldOptions extends Partial<WorldSettings> {
  /** Any whole number; another seed, another world. */
  seed?: number;
  /** Groups that the first instance is in. */
  groups?: number;
}

/** Instance ids of every world: the first is connected and speaks for the agent. */
export const WORLD_INSTANCES = {
  main: "inst_abc123",
  mainUuid: "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
  second: "inst_def456",
  off: "inst_ghi789",
} as const;

/** A fictional person id. `n` from 0; each country has at least 30 of them, the United States 4,000, most others 1,000. */
export function fictional(country: Country, n: number): string {
  return `${NUMBERS[country](n)}@s.whatsapp.net`;
}

export type Country = "us" | "gb" | "de" | "fr" | "au" | "br" | "in" | "sa";

const AREAS =
  "201 202 206 212 213 214 215 216 301 303 305 310 312 313 314 315 401 402 404 405 406 408 410 412 413 415 501 502 503 504 505 507 508 509 510 512 513 515 516 518".split(
    " ",
  );
const AUSTRALIA =
  "570006 570156 570157 570158 570159 570110 570313 570737 571266 571491 571804 572549 572665 572983 573770 573087 574118 574632 575254 575789 576398 576801 577426 577644 578957 578148 578888 579212 579760 579455".split(
    " ",
  );

const digits = (n: number, length: number) => String(n % 10 ** length).padStart(length, "0");
const NUMBERS: Record<Country, (n: number) => string> = {
  us: (n) => `1${AREAS[Math.floor(n / 100) % 40]}55501${digits(n, 2)}`,
  gb: (n) => `447700900${digits(n, 3)}`,
  de: (n) => `4917139200${digits(n, 2)}`,
  fr: (n) => `336399800${digits(n, 2)}`,
  au: (n) => `61491${AUSTRALIA[n % 30]}`,
  br: (n) => `5511900000${digits(n, 3)}`,
  in: (n) => `917000000${digits(n, 3)}`,
  sa: (n) => `966500000${digits(n, 3)}`,
};

/** The first instance's own number. */
export const OWN_NUMBER = fictional("gb", 100);

/** The second instance's own number; it is in `WORLD_GROUPS.lobby` alone. */
const SECOND_NUMBER = fictional("br", 100);

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

/** What the world does where the documentation is silent, unless told otherwise. */
const SETTINGS: WorldSettings = {
  answers: "per-person",
  mixed: "apply",
  paging: "offset",
  waiting: "said",
  suffix: "s.whatsapp.net",
  hasExtras: true,
};

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 15, 10);

/** Names of an international company's groups: support, sales, community. */
const NAMES = [
  "Order desk – Europe",
  "ग्राहक सहायता – उत्तर भारत",
  "Vendas – Região Sul",
  "دعم العملاء – الخليج",
  "🚚 Deliveries today",
  "Returns & refunds",
  "दीवाली ऑफ़र टीम 🪔",
  "Lançamento Verão ☀️",
  "فريق المبيعات – الرياض",
  "VIP customers",
  "Warehouse Leeds – night shift",
  "बिक्री टीम – पुणे",
  "Parceiros São Paulo",
  "عملاء الجملة",
  "Community hosts 🌍",
  "Store managers DACH",
  "नए ग्राहक – जयपुर",
  "Suporte N2 – Plantão",
  "متجر جدة – الطلبات",
  "Product feedback 💡",
  "Onboarding – March cohort",
  "स्टोर मैनेजर – मुंबई",
  "Clientes Premium ⭐",
  "مجتمع المصممين 🎨",
  "Incident room",
  "Weekend market stalls",
  "किसान बाज़ार समूह",
  "Entregas – Zona Norte 🛵",
  "أخبار المعرض",
  "Book club 📚",
  "Translators' corner",
  "शिकायत निवारण",
  "Fornecedores de Café",
  "خدمة ما بعد البيع",
  "Beta testers",
] as const;
const TEAMS = [
  "Support",
  "Sales",
  "Community",
  "सहायता",
  "बिक्री",
  "Vendas",
  "Suporte",
  "الدعم",
  "المبيعات",
  "Events 🎉",
];
const PLACES = [
  "Leeds",
  "Austin",
  "Pune",
  "जयपुर",
  "Recife",
  "Curitiba",
  "جدة",
  "الرياض",
  "Lyon",
  "Köln",
  "Perth",
  "Delhi",
];
const COUNTRIES: Country[] = ["us", "in", "br", "sa", "gb"];

/** Makes a world. Without options: sixty groups, which is more than one page of fifty. */
export function createWorld(options: WorldOptions = {}): World {
  const { seed = 1, groups: count = 60, ...settings } = options;
  const random = randomFrom(seed);
  const below = (n: number) => Math.floor(random() * n);
  const someone = () => fictional(COUNTRIES[below(COUNTRIES.length)]!, 200 + below(700));
  const someCode = () => {
    const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let code = letters[below(22)]!;
    while (code.length < 22) code += letters[below(62)];
    return code;
  };
  /** Owner first unless we are it, then us, then plain members with one admin among them. */
  const roster = (ours: WorldMember["role"] | null, size: number): WorldMember[] => {
    const members = new Map<string, WorldMember>();
    if (ours) members.set(OWN_NUMBER, { id: OWN_NUMBER, role: ours });
    while (members.size < size) {
      const id = someone();
      const isOwner = ours !== "superadmin" && members.size === (ours ? 1 : 0);
      const role = isOwner ? "superadmin" : members.size === 3 ? "admin" : "member";
      if (!members.has(id)) members.set(id, { id, role });
    }
    return [...members.values()];
  };
  const group = (id: string, name: string, members: WorldMember[], more: Partial<WorldGroup> = {}): WorldGroup => ({
    id,
    name,
    owner: members.find((member) => member.role === "superadmin")?.id,
    createdAt: START - below(700) * DAY,
    members,
    code: someCode(),
    ...more,
  });
  const plain = (id: string): WorldMember => ({ id, role: "member" });
  const crowd = (members: WorldMember[]) => {
    for (let n = 0; members.length < 1024; n += 1) members.push(plain(fictional("us", 1000 + n)));
    return members;
  };

  const { seed: seedPerson } = WORLD_PEOPLE;
  const G = WORLD_GROUPS;
  const C = WORLD_CODES;
  const ours: WorldGroup[] = [
    group(G.alpha, "Project Alpha", [...roster("superadmin", 4), plain(seedPerson)], {
      description: "Team workspace for Project Alpha",
      createdAt: START,
      code: C.alpha,
    }),
    group(G.support, "Support Team", [...roster("superadmin", 11), plain(seedPerson)], { code: C.support }),
    group(G.lobby, "Customer lobby 👋", [...roster("admin", 24), { id: SECOND_NUMBER, role: "admin" }], {
      description: "Ask anything about your order.\nWe answer on weekdays, 8–18 h.",
      recentlyLeft: [WORLD_PEOPLE.left],
      code: C.lobby,
    }),
    group(G.member, "Regional partners", roster("member", 19), { description: "Run by our partners." }),
    group(G.full, "Flash sale 🔥 (full)", crowd(roster("admin", 30)), { description: "1,024 of 1,024 members." }),
    group(G.approval, "Moderated reviews", roster("admin", 14), { needsApproval: true }),
    group(G.community, "Halden & Rao Community 🌐", roster("admin", 40), { isCommunity: true }),
    group(G.hidden, "Members' circle", roster("admin", 18), { isHidden: true }),
    group(G.legacy, "Old hands", roster("admin", 9), { createdAt: Date.UTC(2020, 3, 22) }),
  ];
  for (let n = 0; ours.length < count; n += 1) {
    const name =
      NAMES[n] ?? `${TEAMS[n % TEAMS.length]} ${PLACES[Math.floor(n / TEAMS.length) % PLACES.length]} ${n + 1}`;
    const role = (["admin", "superadmin", "admin", "member"] as const)[below(4)]!;
    ours.push(
      group(
        `120363${digits(100_000_000_000 + n * 7_919 + seed, 12)}@g.us`,
        name,
        roster(role, 3 + below(count > 100 ? 10 : 45)),
        {
          ...(n % 3 === 0 ? { description: `${name} · Halden & Rao` } : {}),
          ...(n % 11 === 5 ? { picture: `https://media.example.com/g/${n}.jpg` } : {}),
        },
      ),
    );
  }

  const away: WorldGroup[] = [
    group(G.neighbours, "Lakeside Neighbours 🏡", roster(null, 86), { code: C.neighbours }),
    group(G.sector, "सेक्टर 21 निवासी संघ", roster(null, 132), { code: C.sector }),
    group(G.market, "Feira Orgânica do Bairro 🥕", roster(null, 57), { code: C.market }),
    group(G.arabic, "جيران الحي الجديد", roster(null, 44), { code: C.arabic }),
    group(G.sample, "Sample group of the guide", roster(null, 12), { code: C.sample }),
    group(G.gated, "School parents – class 4b", roster(null, 28), {
      code: C.gated,
      needsApproval: true,
      approvesAfter: 60_000,
    }),
    group(G.ignored, "Allotment waiting list", roster(null, 21), { code: C.ignored, needsApproval: true }),
    group(G.crowded, "City swap & sell", crowd(roster(null, 30)), { code: C.crowded }),
  ];

  return {
    version: 1,
    settings: { ...SETTINGS, ...settings },
    instances: [
      {
        id: WORLD_INSTANCES.main,
        uuid: WORLD_INSTANCES.mainUuid,
        name: "Support desk",
        status: "connected",
        number: OWN_NUMBER,
        createdAt: START,
      },
      {
        id: WORLD_INSTANCES.second,
        uuid: "b2c3d4e5-f6a7-4890-8bcd-ef1234567801",
        name: "Vendas LATAM",
        status: "connected",
        number: SECOND_NUMBER,
        createdAt: START,
      },
      {
        id: WORLD_INSTANCES.off,
        uuid: "c3d4e5f6-a7b8-4901-9cde-f12345678012",
        name: "Events phone",
        status: "scan_qr",
        number: fictional("de", 10),
        createdAt: START,
      },
    ],
    people: {
      [WORLD_PEOPLE.private]: { refuses: 403 },
      [WORLD_PEOPLE.private2]: { refuses: 403 },
      [WORLD_PEOPLE.absent]: { refuses: 404 },
      [WORLD_PEOPLE.blocking]: { refuses: 401 },
      [WORLD_PEOPLE.brazil]: { registeredAs: WORLD_PEOPLE.brazilOld },
    },
    groups: Object.fromEntries([...ours, ...away].map((one) => [one.id, one])),
    messages: [],
    counter: 0,
  };
}

/** The hidden id under which a group with hidden members lists a person. The same in every group, like the real one. */
export function hiddenId(person: string): string {
  let hash = 7;
  for (const char of person) hash = (hash * 31 + char.charCodeAt(0)) % 99_999_999_977;
  return `7${digits(hash, 11)}00@lid`;
}

/** A small deterministic generator (mulberry32): numbers from 0 to below 1. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
