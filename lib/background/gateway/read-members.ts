import * as v from "valibot";
import type { Member } from "../../shared/model";
import { digitsOf, isHidden, personKey } from "../../shared/person";
import { type Fields, first, isFields, fieldsOf, unwrap } from "./fields";
import { fields, idText, isPersonKey, flag, type Rows, rowsOf, toPersonId } from "./values";

/** Prefers a phone number, which people type and compare. A hidden id's digits are no number. */
export function personOf(given: unknown[]): string | undefined {
  const ids = given
    .flatMap((one) => {
      const text = v.safeParse(idText, one);
      return text.success ? [toPersonId(text.output)] : [];
    })
    .filter((id) => id !== undefined);
  const lid = ids.find(isHidden);
  if (lid === undefined) return ids[0];
  const hidden = personKey(lid);
  return ids.find((id) => !isHidden(id) && `${digitsOf(id)}@lid` !== hidden) ?? lid;
}

/** Fields for a person's id, best first. */
export const ID_FIELDS = ["id", "jid", "participant", "lid"];

/** Fields for a phone number. */
export const PHONE_FIELDS = ["phoneNumber", "phone", "pn", "participant_pn", "number"];

/** Listed, but not (yet) members. */
const OUTSIDE =
  /^(left|former|past|removed|kicked|banned|pending|requested|requesting|waiting|invited|rejected|declined)/i;

/** Ids on servers other than WhatsApp's for people: bots, channels, people of other apps. */
const NOBODY = /@(?!(?:s\.whatsapp\.net|c\.us|(?:hosted\.)?lid|hosted)$)[a-z.]+$/i;

/** `id` is undefined for a non-member or `NOBODY`. `isUnread`: an unidentified person. */
type MemberRow = { id: string | undefined; role: Member["role"]; isUnread?: boolean };

const listed = v.union([
  v.pipe(
    v.string(),
    v.transform((given): MemberRow => {
      const id = toPersonId(given);
      return { id, role: "member", isUnread: id === undefined && !NOBODY.test(given.trim()) };
    }),
  ),
  v.pipe(
    fields,
    v.transform((raw): unknown => {
      const field = fieldsOf(raw);
      return {
        id: field(...ID_FIELDS, ...PHONE_FIELDS),
        all: [...ID_FIELDS, ...PHONE_FIELDS].map((name) => field(name)),
        isSuper: field("is_super_admin", "isSuperAdmin"),
        isAdmin: field("is_admin", "isAdmin"),
        rank: field("admin", "role", "rank", "type"),
        state: [field("status"), field("state"), field("membership")],
      };
    }),
    v.object({
      id: idText,
      all: v.array(v.unknown()),
      isSuper: v.optional(flag),
      isAdmin: v.optional(flag),
      rank: v.optional(v.union([flag, v.string()])),
      state: v.array(v.unknown()),
    }),
    v.transform(({ all, isSuper, isAdmin, rank, state }): MemberRow => {
      const word = typeof rank === "string" ? rank.toLowerCase().replace(/[ _-]/g, "") : rank;
      const isOwner = isSuper === true || word === "superadmin" || word === "owner" || word === "creator";
      const isOutside = [rank, ...state].some((one) => typeof one === "string" && OUTSIDE.test(one));
      const id = personOf(all);
      const isNobody = all.some((one) => {
        const text = v.safeParse(idText, one);
        return text.success && NOBODY.test(text.output);
      });
      return {
        id: isOutside ? undefined : id,
        isUnread: id === undefined && !isOutside && !isNobody,
        role: isOwner ? "superadmin" : isAdmin === true || word === "admin" || word === true ? "admin" : "member",
      };
    }),
  ),
]);

/** Reads members; undefined for no list, an unknown row, or rows without a member. */
export function membersOf(value: unknown): Member[] | undefined {
  const inner = isFields(value) ? first(value, "group") : undefined;
  const place = isFields(inner) ? inner : value;
  const rows = rowsOf(place, ["participants", "members"], isPersonKey);
  const read = rows && v.safeParse(v.array(listed), rows);
  // An unread row could be anybody, so nobody is surely absent.
  if (!read?.success || read.output.some(({ isUnread }) => isUnread)) return undefined;
  const members = read.output.flatMap(({ id, role }) => (id === undefined ? [] : [{ id, role }]));
  const whole = isFields(place) ? withAdmins(place, members) : members;
  return whole === undefined || (whole.length === 0 && read.output.length > 0) ? undefined : whole;
}

/** Adds admins listed apart from the members; undefined if unreadable. */
function withAdmins(place: Fields, members: Member[]): Member[] | undefined {
  const found = new Map(members.map((member) => [personKey(member.id), member]));
  for (const [name, role] of [
    ["admins", "admin"],
    ["superadmins", "superadmin"],
    ["owners", "superadmin"],
  ] as const) {
    const list = first(place, name);
    if (!Array.isArray(list)) continue;
    const read = v.safeParse(v.array(listed), list);
    if (!read.success) return undefined;
    for (const { id, role: own } of read.output) {
      if (id === undefined) continue;
      const known = found.get(personKey(id));
      found.set(personKey(id), { ...known, id: known?.id ?? id, role: own === "superadmin" ? own : role });
    }
  }
  return [...found.values()];
}

/** Reads a page of members. */
export function readMembers(body: unknown): Rows<Member> | undefined {
  const items = membersOf(unwrap(body));
  return items && { items, ids: items.map(({ id }) => id) };
}
