import * as v from "valibot";
import type { Member } from "../../shared/model";
import { digitsOf, isHidden, personKey } from "../../shared/person";
import { lookIn, unwrap } from "./fields";
import { fields, idText, isPersonKey, type Rows, rowsOf, toPersonId } from "./values";

/** Members of a group, as a list or inside a group. */

/**
 * Who is meant by ids of one person, best first: the number is what people type and what can be compared, so it wins over
 * a hidden id beside it. Digits that are those of the hidden id are no number, whatever the field is called.
 */
function personOf(given: unknown[]): string | undefined {
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

/** Fields in which a gateway may put an id of a person, the one that names the person first. */
export const ID_FIELDS = ["id", "jid", "participant", "lid"];

/** Fields in which it may put the number. */
export const PHONE_FIELDS = ["phoneNumber", "phone", "pn", "participant_pn", "number"];

/** Words for somebody who is listed but is not, or not yet, a member. */
const OUTSIDE =
  /^(left|former|past|removed|kicked|banned|pending|requested|requesting|waiting|invited|rejected|declined)/i;

/** Somebody as listed; `id` is undefined for what is no person (a bot, a channel) or no member. */
type Listed = { id: string | undefined; role: Member["role"] };

/** A participant in the words of either dialect or of the engines behind them, or a bare id. */
const listed = v.union([
  v.pipe(
    v.string(),
    v.transform((id): Listed => ({ id: toPersonId(id), role: "member" })),
  ),
  v.pipe(
    fields,
    v.transform((raw): unknown => {
      const look = lookIn(raw);
      return {
        id: look("id", "jid", "participant"),
        all: [...ID_FIELDS, ...PHONE_FIELDS].map((name) => look(name)),
        isSuper: look("is_super_admin", "isSuperAdmin"),
        isAdmin: look("is_admin", "isAdmin"),
        rank: look("admin", "role", "rank"),
        state: [look("status"), look("state"), look("membership")],
      };
    }),
    v.object({
      id: idText,
      all: v.array(v.unknown()),
      isSuper: v.optional(v.boolean()),
      isAdmin: v.optional(v.boolean()),
      rank: v.optional(v.union([v.string(), v.boolean()])),
      state: v.array(v.unknown()),
    }),
    v.transform(({ all, isSuper, isAdmin, rank, state }): Listed => {
      const word = typeof rank === "string" ? rank.toLowerCase() : rank;
      const isOwner = isSuper === true || word === "superadmin" || word === "owner";
      const isOutside = [rank, ...state].some((one) => typeof one === "string" && OUTSIDE.test(one));
      return {
        id: isOutside ? undefined : personOf(all),
        role: isOwner ? "superadmin" : isAdmin === true || word === "admin" || word === true ? "admin" : "member",
      };
    }),
  ),
]);

/** Reads the members of a list value. Returns undefined for no list, an unknown row, or rows without a member. */
export function membersOf(value: unknown): Member[] | undefined {
  const rows = rowsOf(value, ["participants", "members"], isPersonKey);
  const read = rows && v.safeParse(v.array(listed), rows);
  if (!read?.success) return undefined;
  const members = read.output.filter((one): one is Member => one.id !== undefined);
  return members.length === 0 && read.output.length > 0 ? undefined : members;
}

/** A page of members. */
export function readMembers(body: unknown): Rows<Member> | undefined {
  const items = membersOf(unwrap(body));
  return items && { items, ids: items.map(({ id }) => id) };
}
