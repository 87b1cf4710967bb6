import {
  Activity,
  FileCheck,
  Globe,
  Link,
  LogOut,
  MessageSquare,
  MessagesSquare,
  Plus,
  QrCode,
  Search,
  Send,
  Settings2,
  UserMinus,
  UserPlus,
  UserRound,
  type IconNode,
} from "lucide";
import { firstNames } from "../../lib/shared/first-names";
import { plural, t, type MessageKey } from "../../lib/shared/i18n";
import { readPasted } from "../../lib/shared/pasted";
import { toPersonId } from "../../lib/shared/person";
import { asciiDigits, fold } from "../../lib/shared/text";
import { searchPeople } from "../../lib/store/directory";
import { readGroups, readSets } from "../../lib/store/read";
import { readKnown } from "../../lib/store/read-invites";
import type { GroupRow, Store } from "../../lib/store/schema";
import { personText } from "./person";

/** What the search offers besides groups. */
export interface Offer {
  id: string;
  /** A route such as `/create`. */
  to: string;
  label: string;
  about?: string;
  icon: IconNode;
}

/** Routes with their words: localized, and Latin ones typed everywhere. */
const PLACES = [
  { to: "/create", label: "groups_new", words: "find_words_new", latin: "new create make", icon: Plus },
  { to: "/join", label: "title_join", words: "find_words_join", latin: "join link invite", icon: Link },
  {
    to: "/message",
    label: "groups_message",
    words: "find_words_message",
    latin: "message send write text",
    icon: Send,
  },
  { to: "/groups", label: "nav_groups", words: "find_words_groups", latin: "groups list", icon: MessagesSquare },
  { to: "/page", label: "nav_page", words: "find_words_page", latin: "page invites site", icon: Globe },
  {
    to: "/people",
    label: "nav_people",
    words: "find_words_people",
    latin: "people person number members",
    icon: Search,
  },
  { to: "/plan", label: "plan_file_open", words: "find_words_plan", latin: "plan file", icon: FileCheck },
  {
    to: "/activity",
    label: "nav_activity",
    words: "find_words_activity",
    latin: "activity history log jobs",
    icon: Activity,
  },
  {
    to: "/settings",
    label: "nav_settings",
    words: "find_words_settings",
    latin: "settings options key account",
    icon: Settings2,
  },
] as const satisfies { to: string; label: MessageKey; words: MessageKey; latin: string; icon: IconNode }[];

/** A group's tabs and the words before its name. */
const ACTIONS = [
  { tab: "add", label: "find_add", words: "find_words_add", latin: "add", icon: UserPlus },
  {
    tab: "message",
    label: "find_message",
    words: "find_words_message",
    latin: "message send write text",
    icon: MessageSquare,
  },
  { tab: "invite", label: "find_invite", words: "find_words_invite", latin: "invite link qr share", icon: QrCode },
  { tab: "about", label: "find_leave", words: "find_words_leave", latin: "leave exit", icon: LogOut },
] as const satisfies { tab: string; label: MessageKey; words: MessageKey; latin: string; icon: IconNode }[];

const MOST = 4;
const NAMED = 2;
/** Least digits of a whole number, after a plus. */
const WHOLE = 8;

/** Returns a text's offers: an invite, or routes, sets, people, group actions. */
export async function readOffers(store: Store, connection: string, text: string): Promise<Offer[]> {
  const typed = fold(text).trim();
  if (typed === "") return [];
  const invite = await offerInvite(store, connection, text);
  if (invite) return [invite];
  const [people, actions, sets] = await Promise.all([
    offerPeople(store, connection, text),
    offerActions(store, connection, typed),
    offerSets(store, connection, typed),
  ]);
  return [...offerPlaces(typed), ...sets, ...people, ...actions];
}

/** A bare code counts only if unlike a group name. The route asks before joining. */
async function offerInvite(store: Store, connection: string, text: string): Promise<Offer | undefined> {
  if (!/whatsapp/i.test(text) && !/^[A-Za-z0-9_-]{22}$/.test(text.trim())) return undefined;
  const code = readPasted(text).invites[0]?.code;
  if (code === undefined) return undefined;
  const found = (await readKnown(store, connection, [code])).get(code);
  if (found?.group && found.known?.state === "ours") {
    const to = `/group/${encodeURIComponent(found.group.id)}`;
    return { id: code, to, label: found.group.name, about: t("confirm_ours"), icon: MessagesSquare };
  }
  return { id: code, to: `/join/${code}`, label: t("title_confirm"), about: code, icon: Link };
}

/** Whether a word begins with the typed text, from two letters on. */
function names(typed: string, words: string, label: string): boolean {
  return typed.length > 1 && `${words} ${label}`.split(/\s+/).some((word) => fold(word).startsWith(typed));
}

function offerPlaces(typed: string): Offer[] {
  return PLACES.filter(
    ({ words, latin, label }) => names(typed, `${t(words)} ${latin}`, t(label)) || fold(t(label)).startsWith(typed),
  ).map(({ to, label, icon }) => ({ id: to, to, label: t(label), icon }));
}

async function offerPeople(store: Store, connection: string, text: string): Promise<Offer[]> {
  const [hits, { showPerson }] = await Promise.all([
    searchPeople(store, connection, text, MOST),
    import("../../lib/shared/people/phone"),
  ]);
  const show = (id: string) => showPerson(id) ?? personText(id);
  const found = hits.map(({ key, id, name, places }) => ({
    id: key,
    to: personRoute(id),
    label: name ? `${name} · ${show(id)}` : show(id),
    about: placesText(places.map(({ group }) => group.name)),
    icon: UserRound,
  }));
  const digits = asciiDigits(text).replace(/\D/g, "");
  const isNumber = /^[+\d\s().-]+$/.test(asciiDigits(text).trim()) && /^\s*\+/.test(text) && digits.length >= WHOLE;
  const [only] = hits;
  if (only && hits.length === 1) return [...found, ...offerChanges(only.id, only.places.length > 0)];
  if (found.length > 0 || !isNumber) return found;
  const id = toPersonId(digits);
  return [{ id, to: personRoute(id), label: show(id), about: t("find_nowhere"), icon: UserRound }];
}

const personRoute = (id: string) => `/person/${encodeURIComponent(id)}`;

function offerChanges(id: string, isSomewhere: boolean): Offer[] {
  const to = personRoute(id);
  const remove = { id: `${id} remove`, to: `${to}?do=remove`, label: t("people_remove"), icon: UserMinus };
  return [
    { id: `${id} add`, to: `${to}?do=add`, label: t("people_add"), icon: UserPlus },
    ...(isSomewhere ? [remove] : []),
  ];
}

async function offerSets(store: Store, connection: string, typed: string): Promise<Offer[]> {
  if (typed.length < 2) return [];
  const sets = (await readSets(store, connection, "groups")).filter(({ name }) => fold(name).includes(typed));
  return sets.slice(0, MOST).map(({ name, groups }) => ({
    id: `set ${name}`,
    to: `/message?set=${encodeURIComponent(name)}`,
    label: t("find_message", `\u2068${name}\u2069`),
    about: plural("groups_count", groups.length),
    icon: Send,
  }));
}

/** "in 3 groups: Alpha, Beta …" */
function placesText(names: string[]): string {
  if (names.length === 0) return t("find_nowhere");
  return plural("find_in", names.length, firstNames(names, NAMED));
}

/** "message alpha": the action in matching groups; without a name, in recent ones. */
async function offerActions(store: Store, connection: string, typed: string): Promise<Offer[]> {
  const [verb = "", ...rest] = typed.split(/\s+/);
  const wanted = ACTIONS.filter(({ words, latin, label }) => names(verb, `${t(words)} ${latin}`, t(label, "")));
  if (wanted.length === 0) return [];
  const rows = await readGroups(store, connection, "used", rest.length === 0 ? MOST : undefined);
  const groups = rows.filter(({ nameKey }) => rest.every((word) => nameKey.includes(word))).slice(0, MOST);
  return wanted.flatMap((action) => groups.map((group) => offerAction(action, group)));
}

function offerAction({ tab, label, icon }: (typeof ACTIONS)[number], group: GroupRow): Offer {
  const to = `/group/${encodeURIComponent(group.id)}?tab=${tab}`;
  return { id: to, to, label: t(label, `\u2068${group.name}\u2069`), icon };
}
