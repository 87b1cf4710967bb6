import { type Country, digits, fictional } from "./numbers";
import {
  OWN_NUMBER,
  SECOND_NUMBER,
  type World,
  WORLD_CODES,
  WORLD_GROUPS,
  WORLD_INSTANCES,
  WORLD_PEOPLE,
  type WorldGroup,
  type WorldInstance,
  type WorldMember,
  type WorldSettings,
} from "./world";

export interface WorldOptions extends Partial<WorldSettings> {
  /** Any whole number; each makes another world. */
  seed?: number;
  groups?: number;
}

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

/** Equal seeds make equal members, codes and ages. */
interface Maker {
  below: (n: number) => number;
  /** Us, if `ours`; an owner, unless we are; then plain members with one admin. */
  roster: (ours: WorldMember["role"] | null, size: number) => WorldMember[];
  group: (id: string, name: string, members: WorldMember[], more?: Partial<WorldGroup>) => WorldGroup;
}

function makerOf(seed: number): Maker {
  const random = randomFrom(seed);
  const below = (n: number) => Math.floor(random() * n);
  const someone = () => fictional(COUNTRIES[below(COUNTRIES.length)]!, 200 + below(700));
  const someCode = () => {
    const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let code = letters[below(22)]!;
    while (code.length < 22) code += letters[below(62)];
    return code;
  };
  return {
    below,
    roster: (ours, size) => {
      const members = new Map<string, WorldMember>();
      if (ours) members.set(OWN_NUMBER, { id: OWN_NUMBER, role: ours });
      while (members.size < size) {
        const id = someone();
        const isOwner = ours !== "superadmin" && members.size === (ours ? 1 : 0);
        const role = isOwner ? "superadmin" : members.size === 3 ? "admin" : "member";
        if (!members.has(id)) members.set(id, { id, role });
      }
      return [...members.values()];
    },
    group: (id, name, members, more = {}) => ({
      id,
      name,
      owner: members.find((member) => member.role === "superadmin")?.id,
      createdAt: START - below(700) * DAY,
      members,
      code: someCode(),
      ...more,
    }),
  };
}

const plain = (id: string): WorldMember => ({ id, role: "member" });

function crowd(members: WorldMember[]): WorldMember[] {
  const missing = Math.max(0, 1024 - members.length);
  return [...members, ...Array.from({ length: missing }, (_, n) => plain(fictional("us", 1000 + n)))];
}

function knownGroups({ roster, group }: Maker): WorldGroup[] {
  const { seed: seedPerson } = WORLD_PEOPLE;
  const G = WORLD_GROUPS;
  const C = WORLD_CODES;
  return [
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
}

function companyGroup({ below, roster, group }: Maker, n: number, seed: number, count: number): WorldGroup {
  const name =
    NAMES[n] ?? `${TEAMS[n % TEAMS.length]} ${PLACES[Math.floor(n / TEAMS.length) % PLACES.length]} ${n + 1}`;
  const role = (["admin", "superadmin", "admin", "member"] as const)[below(4)]!;
  const id = `120363${digits(100_000_000_000 + n * 7_919 + seed, 12)}@g.us`;
  return group(id, name, roster(role, 3 + below(count > 100 ? 10 : 45)), {
    ...(n % 3 === 0 ? { description: `${name} · Halden & Rao` } : {}),
    ...(n % 11 === 5 ? { picture: `https://media.example.com/g/${n}.jpg` } : {}),
  });
}

function otherGroups({ roster, group }: Maker): WorldGroup[] {
  const G = WORLD_GROUPS;
  const C = WORLD_CODES;
  return [
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
}

const INSTANCES: WorldInstance[] = [
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
];

/** Makes a world, by default with 60 groups of ours: over a page of 50. */
export function createWorld(options: WorldOptions = {}): World {
  const { seed = 1, groups: count = 60, ...settings } = options;
  const maker = makerOf(seed);
  const ours = knownGroups(maker);
  for (let n = 0; ours.length < count; n += 1) ours.push(companyGroup(maker, n, seed, count));
  const others = otherGroups(maker);
  return {
    version: 1,
    settings: { ...SETTINGS, ...settings },
    instances: structuredClone(INSTANCES),
    people: {
      [WORLD_PEOPLE.private]: { refuses: 403 },
      [WORLD_PEOPLE.private2]: { refuses: 403 },
      [WORLD_PEOPLE.absent]: { refuses: 404 },
      [WORLD_PEOPLE.blocking]: { refuses: 401 },
      [WORLD_PEOPLE.brazil]: { registeredAs: WORLD_PEOPLE.brazilOld },
    },
    groups: Object.fromEntries([...ours, ...others].map((one) => [one.id, one])),
    messages: [],
    counter: 0,
  };
}

/** From 0 to below 1 (mulberry32). */
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
