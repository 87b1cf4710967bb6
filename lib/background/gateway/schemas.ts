import * as v from "valibot";
import { groupId, instanceId, inviteCode, personId } from "../../shared/commands";
import { type Instance, LIMITS, type Member, type Reason } from "../../shared/model";
import { digitsOf, isHidden, personKey } from "../../shared/person";
import { cleanLines, cleanText } from "../../shared/text";
import type { GroupInfo, PersonResult } from "./answer";
import { type Fields, first, isFields, lookIn, unwrap } from "./fields";

/**
 * Words in: answers of every known shape, checked and turned into our own words (contract, section 5). Each reader gives
 * undefined for an answer that it cannot make sense of; none gives a part of one. Ids of a form that must not reach a
 * path are left out (security rule R18), text is cleaned (R13), fields that we do not know are never looked at.
 */

const fields = v.custom<Fields>(isFields);

/** An id as text; some engines wrap it as `{_serialized}`. */
const idText = v.pipe(
  v.union([
    v.string(),
    v.pipe(
      fields,
      v.transform((id) => first(id, "_serialized")),
      v.string(),
    ),
  ]),
  v.maxLength(200),
);

/** Something that may be absent or odd without harm to the rest. */
const loose = <S extends v.GenericSchema>(schema: S) =>
  v.pipe(
    v.optional(v.unknown()),
    v.transform((given): v.InferOutput<S> | undefined => {
      const read = v.safeParse(schema, given);
      return read.success ? read.output : undefined;
    }),
  );

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000));

/** ISO text, seconds or (beyond 1e11) milliseconds since 1970, as milliseconds (rule 5.2). */
const time = v.pipe(
  v.union([v.number(), v.string()]),
  v.transform((given) => {
    const value = Number(given);
    if (Number.isNaN(value)) return Date.parse(String(given));
    return value > 1e11 ? value : value * 1000;
  }),
  v.number(),
  v.minValue(1),
  v.maxValue(8.64e15),
);

/**
 * A person id out of any spelling that a gateway uses; undefined for what is none. What engines add to an id (`.1:0@lid`,
 * `@hosted`) is left out, so that nobody vanishes from a list because of it.
 */
function toPersonId(text: string): string | undefined {
  if (v.safeParse(personId, text).success) return text;
  const phone = /^\+?([0-9]{7,15})$/.exec(text.trim())?.[1];
  if (phone !== undefined) return `${phone}@s.whatsapp.net`;
  const parts = /^\+?([0-9]{5,20})(?:[._][0-9]{1,3})?(?::[0-9]{1,3})?@([a-z.]+)$/i.exec(text.trim());
  if (!parts) return undefined;
  const suffix = parts[2]?.toLowerCase().replace("hosted.lid", "lid").replace("hosted", "s.whatsapp.net");
  const id = `${parts[1]}@${suffix}`;
  return v.safeParse(personId, id).success ? id : undefined;
}

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
const ID_FIELDS = ["id", "jid", "participant", "lid"];
const PHONE_FIELDS = ["phoneNumber", "phone", "pn", "participant_pn", "number"];

/** Words for somebody who is listed but is not, or not yet, a member. */
const OUTSIDE =
  /^(left|former|past|removed|kicked|banned|pending|requested|requesting|waiting|invited|rejected|declined)/i;

/** Somebody as listed; `id` is undefined for what is no person (a bot, a channel) or no member. */
type Listed = { id: string | undefined; role: Member["role"] };

/** A participant in the words of either dialect or of the engines behind them, or a bare id (rule 5.3). */
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

/** The rows of a list in every known wrapping (rule 5.1): bare, under a name, or as values under their ids. */
function rowsOf(value: unknown, names: string[], isKey: (key: string) => boolean): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (!isFields(value)) return undefined;
  const inner = first(value, "items", ...names);
  if (Array.isArray(inner)) return inner;
  const object = isFields(inner) ? inner : value;
  const entries = Object.entries(object);
  // An empty object is no list: better "cannot read this" than "no groups any more".
  if (entries.length === 0 || !entries.every(([key]) => isKey(key))) return undefined;
  return entries.map(([key, row]) => (isFields(row) && !Object.hasOwn(row, "id") ? { ...row, id: key } : row));
}

const isGroupKey = (key: string) => key.endsWith("@g.us");
const isPersonKey = (key: string) => toPersonId(key) !== undefined;

/** Members out of a list value; undefined when it is no list, has an odd row, or has rows but nobody in them. */
function membersOf(value: unknown): Member[] | undefined {
  const rows = rowsOf(value, ["participants", "members"], isPersonKey);
  const read = rows && v.safeParse(v.array(listed), rows);
  if (!read?.success) return undefined;
  const members = read.output.filter((one): one is Member => one.id !== undefined);
  return members.length === 0 && read.output.length > 0 ? undefined : members;
}

/** Yes or no, in the words of either engine: `true`, or the name of the mode that is on. */
const yes = (mode: string) =>
  loose(
    v.pipe(
      v.union([v.boolean(), v.string()]),
      v.transform((given) => given === true || given === mode),
    ),
  );

/** A group in the words of either dialect (rule 5.2). `id` may be of any form here; see `isGroup`. */
const group = v.pipe(
  fields,
  v.transform((raw): unknown => {
    const look = lookIn(raw);
    const canAll = look("memberAddMode");
    return {
      id: look("group_id", "id", "groupId", "jid"),
      name: look("name", "subject"),
      description: look("description", "desc", "topic"),
      owner: look("owner", "ownerJid"),
      createdAt: look("created_at", "createdAt", "creation", "groupCreated"),
      size: look("participant_count", "participantCount", "participantsCount", "size"),
      capacity: look("maxParticipants", "participantsLimit", "capacity"),
      picture: look("pictureUrl", "picture_url"),
      members: look("participants", "members"),
      isCommunity: look("isCommunity", "isParent", "isParentGroup"),
      isAnnouncement: look("isCommunityAnnounce", "isDefaultSubgroup", "defaultSubgroup"),
      community: look("linkedParent", "linkedParentJid", "parentGroup"),
      onlyAdminsSend: look("announce", "isAnnounce"),
      // One engine says who may add, the other whether all may.
      onlyAdminsAdd: typeof canAll === "boolean" ? !canAll : canAll,
    };
  }),
  v.object({
    id: idText,
    name: v.optional(v.string(), ""),
    description: loose(v.string()),
    owner: loose(idText),
    createdAt: loose(time),
    size: loose(count),
    capacity: loose(count),
    picture: loose(v.pipe(v.string(), v.maxLength(2000), v.regex(/^https:\/\//))),
    members: v.optional(
      v.pipe(
        v.any(),
        v.transform((value) => membersOf(value)),
        v.array(v.custom<Member>(isFields)),
      ),
    ),
    isCommunity: yes("community"),
    isAnnouncement: yes("announcement"),
    community: loose(v.pipe(idText, groupId)),
    onlyAdminsSend: yes("admin_send"),
    onlyAdminsAdd: yes("admin_add"),
  }),
  v.transform(({ id, name, description, owner, size, members, ...facts }): GroupInfo => {
    const ownerId = owner === undefined ? undefined : toPersonId(owner);
    const given = {
      description: description === undefined ? undefined : cleanLines(description, LIMITS.description),
      owner: ownerId,
      size: size ?? members?.length,
      members,
      ...facts,
    };
    const told = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    return { id, name: cleanText(name, LIMITS.name), ...(told as typeof given) };
  }),
);

/** Whether an id has the form of a group that may stand in a path. */
function isGroup({ id }: { id: string }): boolean {
  return v.is(groupId, id);
}

/** One page of a list. `ids` are all that it had, also of rows that are left out; they tell whether it brought news. */
export interface Rows<T> {
  items: T[];
  ids: string[];
}

/** A page of groups. Rows whose id is no group's (channels, chats) are left out; an odd row makes it unreadable. */
export function readGroups(body: unknown): Rows<GroupInfo> | undefined {
  const rows = rowsOf(unwrap(body), ["groups", "chats", "results"], isGroupKey);
  const read = rows && v.safeParse(v.array(group), rows);
  if (!read?.success) return undefined;
  return { items: read.output.filter(isGroup), ids: read.output.map(({ id }) => id) };
}

/** One group, also when it stands under `group`. */
export function readGroup(body: unknown): GroupInfo | undefined {
  const value = unwrap(body);
  const inner = isFields(value) ? first(value, "group") : undefined;
  const read = v.safeParse(group, isFields(inner) ? inner : value);
  return read.success && isGroup(read.output) ? read.output : undefined;
}

/** A page of members. */
export function readMembers(body: unknown): Rows<Member> | undefined {
  const items = membersOf(unwrap(body));
  return items && { items, ids: items.map(({ id }) => id) };
}

const instance = v.pipe(
  fields,
  v.transform((raw): unknown => {
    const me = first(raw, "me");
    return {
      id: first(raw, "id", "instance_id", "instanceId", "name"),
      name: first(raw, "name", "id"),
      status: first(raw, "status", "state"),
      number: first(raw, "phone", "phone_number", "phoneNumber", "number", "jid") ?? (isFields(me) ? me["id"] : me),
    };
  }),
  v.object({
    id: v.union([v.string(), v.pipe(v.number(), v.transform(String))]),
    name: loose(v.string()),
    status: loose(v.string()),
    number: loose(idText),
  }),
  v.transform(({ id, name, status, number }): Instance => {
    const own = number === undefined ? undefined : toPersonId(number);
    return {
      id,
      name: cleanText(name ?? id),
      ...(status === undefined ? {} : { status: cleanText(status, 40) }),
      ...(own === undefined ? {} : { number: own }),
    };
  }),
);

/** A page of instances. */
export function readInstances(body: unknown): Rows<Instance> | undefined {
  const rows = rowsOf(unwrap(body), ["instances", "sessions", "results"], () => false);
  const read = rows && v.safeParse(v.array(instance), rows);
  if (!read?.success) return undefined;
  return { items: read.output.filter(({ id }) => v.is(instanceId, id)), ids: read.output.map(({ id }) => id) };
}

/** What an answer says of its pages, wherever it says it (rule 5.16). Numbers that make no sense are absent. */
export function readPaging(body: unknown): { total?: number; totalPages?: number; limit?: number } {
  const places = isFields(body) ? [unwrap(body), body, body["meta"], body["pagination"]] : [];
  const meta = isFields(body) && isFields(body["meta"]) ? [body["meta"]["pagination"]] : [];
  const read = (...names: string[]) => {
    for (const place of [...places, ...meta]) {
      const value = isFields(place) ? first(place, ...names) : undefined;
      if (v.is(count, value)) return value;
    }
    return undefined;
  };
  return {
    total: read("total", "totalItems", "total_items"),
    totalPages: read("totalPages", "total_pages"),
    limit: read("limit", "per_page", "perPage"),
  };
}

/** The bare code of an invite answer (rule 5.6): under one of many names, or the answer itself; a link or a code. */
export function readInvite(body: unknown): { code: string } | undefined {
  const value = unwrap(body);
  const given = isFields(value)
    ? first(value, "invite_code", "inviteCode", "code", "newCode", "link", "invite_link", "inviteLink", "url")
    : value;
  if (typeof given !== "string") return undefined;
  const text = given.trim();
  const code = /^(?:https?:\/\/)?chat\.whatsapp\.com\/(?:invite\/)?([^/?#]+)/i.exec(text)?.[1] ?? text;
  return v.is(inviteCode, code) ? { code } : undefined;
}

/** Words by which an answer says that an admin has to let us in. */
const PENDING = /pending|approv|waiting|requested|request (was |has been )?sent/i;

/** Whether a text says that an admin has to let us in. */
export function saysPending(text: string): boolean {
  return PENDING.test(text);
}

/** A successful join in any shape (rule 5.7): nothing, an id, a group. What is odd is as good as nothing. */
export function readJoin(body: unknown): { group?: GroupInfo | { id: string }; isPending: boolean } {
  const value = unwrap(body);
  const known = readGroup(body);
  const bare = isFields(value) ? first(value, "groupId", "group_id", "id", "jid", "gid") : value;
  const id = v.safeParse(idText, bare);
  const joined =
    known && known.name !== "" ? known : id.success && isGroup({ id: id.output }) ? { id: id.output } : known;
  const places = isFields(body) ? [value, body] : [value];
  const isPending = places.some((place) => {
    if (!isFields(place)) return false;
    const words = ["status", "state", "message", "result", "code"].map((name) => place[name]);
    return (
      ["isPending", "pending", "pending_approval", "pendingApproval", "approval_required", "requires_approval"].some(
        (name) => Object.hasOwn(place, name) && place[name] === true,
      ) ||
      words.some((word) => word === 421 || (typeof word === "string" && (Number(word) === 421 || saysPending(word))))
    );
  });
  return { ...(joined ? { group: joined } : {}), isPending };
}

/** What became of a message (rule 5.17). Both documented answers carry an id: without `message`, nothing was said. */
export function readSent(body: unknown): { message?: string; isQueued: boolean; hasFailed: boolean } {
  const value = unwrap(body);
  if (!isFields(value)) return { isQueued: false, hasFailed: false };
  const key = first(value, "key");
  const job = first(value, "jobId", "job_id");
  const own = first(value, "message_id", "messageId", "id") ?? (isFields(key) ? first(key, "id") : undefined);
  const id = v.safeParse(v.union([idText, v.pipe(v.number(), v.transform(String))]), own ?? job);
  const status = first(value, "status", "state");
  const word = typeof status === "string" ? status.toLowerCase() : "";
  const message = id.success ? cleanText(id.output, 128) : "";
  return {
    ...(message === "" ? {} : { message }),
    isQueued: (own === undefined && job !== undefined) || /queue|pending|waiting|accepted|scheduled/.test(word),
    hasFailed: /^(failed|failure|error|rejected|not_sent)$/.test(word),
  };
}

/** Whether a number is on WhatsApp. */
export function readCheck(body: unknown): { exists: boolean; id?: string } | undefined {
  const value = unwrap(body);
  if (!isFields(value)) return undefined;
  const exists = first(value, "exists", "numberExists", "isInWhatsapp", "is_on_whatsapp");
  if (typeof exists !== "boolean") return undefined;
  const id = v.safeParse(idText, first(value, "chat_id", "chatId", "jid", "id"));
  return { exists, ...(exists && id.success && v.is(personId, id.output) ? { id: id.output } : {}) };
}

/** One row of an answer about persons. `ids`: everything in it that may name the person, as the gateway wrote it. */
type ResultRow = Omit<PersonResult, "person"> & { ids: string[] };

/**
 * What an answer says of single persons (rule 5.9), in every shape that is known: rows or values under person ids, with
 * a status, a code, an error, a word or a flag; lists of those who went and those who did not. `asked` names the persons
 * of rows without one, when there are as many, and those whom a row names only beside a hidden id. Empty when it says
 * nothing of anybody.
 */
export function readResults(body: unknown, asked: string[], operation: "add" | "remove" | "create"): PersonResult[] {
  const rows: ResultRow[] = [];
  const push = (row: unknown, names: string[], whole: "ok" | "failed" | undefined, isPlain: boolean) => {
    const result = resultOf(row, names, whole, isPlain, operation);
    if (result) rows.push(result);
  };

  const read = (value: unknown, isPlain: boolean): void => {
    if (Array.isArray(value)) {
      const named = value.length === asked.length ? asked : [];
      for (const [index, row] of value.entries()) {
        if (isFields(row)) push(row, idsOf(row).length > 0 ? [] : named.slice(index, index + 1), undefined, isPlain);
      }
      return;
    }
    if (!isFields(value)) return;
    const entries = Object.entries(value);
    if (entries.length > 0 && entries.every(([key]) => isPersonKey(key))) {
      for (const [key, row] of entries) push(isFields(row) ? row : { status: row }, [key], undefined, isPlain);
      return;
    }
    for (const name of ["added", "removed", "success", "succeeded", "successful"]) {
      const list = first(value, name);
      if (Array.isArray(list)) for (const row of list) push(row, [], "ok", false);
    }
    for (const name of ["failed", "errors", "failures", "notAdded", "rejected"]) {
      const list = first(value, name);
      if (Array.isArray(list)) for (const row of list) push(row, [], "failed", false);
      else if (isFields(list) && Object.keys(list).every(isPersonKey)) {
        for (const [key, row] of Object.entries(list))
          push(isFields(row) ? row : { status: row }, [key], "failed", false);
      }
    }
    for (const name of ["results", "result", "updateParticipants", "items", "data"]) read(first(value, name), false);
    // Members of an updated group look like rows; only a code makes one a result.
    for (const name of ["participants", "members"]) read(first(value, name), true);
  };

  read(unwrap(body), false);
  return nameRows(rows, asked);
}

/**
 * The persons of the rows: those who were asked, by any of the ids in their row. When there is one row for each who was
 * asked, and just one of either is left over, they belong together: an engine may know a person by a hidden id alone.
 */
function nameRows(rows: ResultRow[], asked: string[]): PersonResult[] {
  const keyOf = (id: string) => personKey(toPersonId(id) ?? id);
  const open = new Map(asked.map((id) => [keyOf(id), id]));
  const isWhole = rows.length === open.size;
  const named = rows.map(({ ids, ...result }) => {
    const id = ids.find((one) => open.has(keyOf(one)));
    const person = id === undefined ? undefined : personKey(id) === keyOf(id) ? id : open.get(keyOf(id));
    if (id !== undefined) open.delete(keyOf(id));
    return { ...result, ids, person };
  });
  const [last] = open.values();
  const isOneLeft = isWhole && open.size === 1;
  return named.map(({ ids, person, ...result }) => {
    const unnamed = isOneLeft && isHidden(ids[0] ?? "") ? last : undefined;
    return { person: person ?? unnamed ?? ids[0] ?? "", ...result };
  });
}

/** All ids of persons in a row, the one that names it first. */
function idsOf(row: Fields): string[] {
  const content = first(row, "content");
  const attributes = isFields(content) ? first(content, "attrs") : undefined;
  const places = [row, ...(isFields(attributes) ? [attributes] : [])];
  return places
    .map(lookIn)
    .flatMap((look) => ["jid", ...ID_FIELDS, ...PHONE_FIELDS, "user", "chatId"].map((name) => look(name)))
    .flatMap((given) => {
      const text = v.safeParse(idText, given);
      return text.success && isPersonKey(text.output) ? [text.output] : [];
    });
}

/** One person's result. `whole`: it stood in a list of those who went, or did not. `isPlain`: it may be a mere member. */
function resultOf(
  row: unknown,
  names: string[],
  whole: "ok" | "failed" | undefined,
  isPlain: boolean,
  operation: "add" | "remove" | "create",
): ResultRow | undefined {
  if (typeof row === "string") {
    return whole && isPersonKey(row) ? { ids: [row], outcome: whole === "ok" ? "ok" : "unknown", code: "" } : undefined;
  }
  if (!isFields(row)) return undefined;
  const ids = [...names, ...idsOf(row)];
  if (ids.length === 0) return undefined;

  const error = first(row, "error");
  const content = first(row, "content");
  const attributes = isFields(content) ? content["attrs"] : undefined;
  const said = [
    first(row, "code"),
    first(row, "status"),
    first(row, "statusCode", "errorCode"),
    ...(isFields(error) ? [first(error, "code"), first(error, "status")] : [error]),
    isFields(attributes) ? attributes["error"] : undefined,
  ].filter((one) => typeof one === "string" || typeof one === "number");
  const codes = said.map(Number).filter((one) => Number.isInteger(one) && one >= 100 && one < 1000);
  const code = codes.find((one) => one >= 300) ?? codes[0];
  if (code !== undefined) return { ids, outcome: outcomeOf(code, operation), code: String(code) };
  // How an engine says "no error" of a person whom it names.
  if (error === 0) return { ids, outcome: "ok", code: "0" };

  const words = [
    ...said,
    ...["message", "reason", "result", "detail"].map((name) => row[name]),
    ...(isFields(error) ? [error["message"]] : []),
  ].filter((one) => typeof one === "string");
  const flag = [first(row, "success", "ok", "added", "removed")].find((one) => typeof one === "boolean");
  const text = words.join(" ");
  const short = (words[0] ?? "").replace(/[^\w.-]+/g, "_").slice(0, 40);
  if (
    flag === true ||
    /^(ok|success|succeeded|successful|added|removed|done|invited_to_group)$/i.test(words[0] ?? "")
  ) {
    return { ids, outcome: "ok", code: short };
  }
  if (flag === undefined && whole === undefined && (isPlain || words.length === 0)) return undefined;
  if (whole === "ok") return { ids, outcome: "ok", code: short };
  return { ids, outcome: reasonOf(text, operation), code: short };
}

/** WhatsApp's codes for one person (product, section 8). */
function outcomeOf(code: number, operation: "add" | "remove" | "create"): PersonResult["outcome"] {
  if (code >= 200 && code < 300) return "ok";
  // Somebody who cannot be found in the group is already out of it; and nobody's privacy forbids a removal.
  if (operation === "remove") return code === 404 || code === 409 ? "already" : code === 403 ? "not-admin" : "unknown";
  const outcomes: Record<number, PersonResult["outcome"]> = {
    401: "blocked",
    403: "privacy",
    404: "not-on-whatsapp",
    408: "recently-left",
    409: "already",
    417: "community",
    419: "group-full",
    421: "approval",
    422: "invalid",
  };
  return outcomes[code] ?? "unknown";
}

/** The same by words, where a gateway gives no code. */
function reasonOf(text: string, operation: "add" | "remove" | "create"): "already" | Reason {
  const word = text.replace(/[_-]+/g, " ");
  if (operation === "remove") {
    if (/not (a |an )?(in|member|participant|found)/i.test(word)) return "already";
    return /admin|forbidden|permission/i.test(word) ? "not-admin" : "unknown";
  }
  if (/already/i.test(word)) return "already";
  if (/privacy|contacts only|cannot be added/i.test(word)) return "privacy";
  if (/recently/i.test(word)) return "recently-left";
  if (/communit/i.test(word)) return "community";
  if (/full|limit/i.test(word)) return "group-full";
  if (/approv|pending/i.test(word)) return "approval";
  if (/block/i.test(word)) return "blocked";
  if (/invalid|format/i.test(word)) return "invalid";
  if (/not (on|registered|exist|found|a whatsapp)|no whatsapp|does not exist/i.test(word)) return "not-on-whatsapp";
  return /admin/i.test(word) ? "not-admin" : "unknown";
}
