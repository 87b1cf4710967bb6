import * as v from "valibot";
import { groupId, instanceId } from "../../shared/fields";
import { isGroupId } from "../../shared/ids";
import { type Instance, LIMITS, type Member } from "../../shared/model";
import { cleanLines, cleanText } from "../../shared/text";
import type { GroupInfo } from "./answer";
import { first, isFields, fieldsOf, onlyOne, unwrap } from "./fields";
import { count, fields, idText, loose, type Rows, rowsOf, time, toPersonId } from "./values";
import type { PagingWords } from "./pages";
import { membersOf } from "./read-members";

/** `true`, or the name of the active mode. */
const yes = (mode: string) =>
  loose(
    v.pipe(
      v.union([v.boolean(), v.string()]),
      v.transform((given) => given === true || given === mode),
    ),
  );

/** A group in either dialect. `id` may have any form; see `isGroup`. */
const group = v.pipe(
  fields,
  v.transform((raw): unknown => {
    const field = fieldsOf(raw);
    const canAll = field("memberAddMode");
    return {
      id: field("group_id", "id", "groupId", "jid", "gid", "groupJid"),
      name: field("name", "subject"),
      description: field("description", "desc", "topic"),
      owner: field("owner", "ownerJid"),
      createdAt: field("created_at", "createdAt", "creation", "groupCreated"),
      size: field("participant_count", "participantCount", "participantsCount", "size"),
      capacity: field("maxParticipants", "participantsLimit", "capacity"),
      picture: field("pictureUrl", "picture_url"),
      members: field("participants", "members"),
      isCommunity: field("isCommunity", "isParent", "isParentGroup"),
      isAnnouncement: field("isCommunityAnnounce", "isDefaultSubgroup", "defaultSubgroup"),
      community: field("linkedParent", "linkedParentJid", "parentGroup"),
      onlyAdminsSend: field("announce", "isAnnounce"),
      // One engine reports who may add members, the other whether all may.
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
    const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    return { id, name: cleanText(name, LIMITS.name), ...(present as typeof given) };
  }),
);

/** Whether an id is a group's and may stand in a path. */
export function isGroup({ id }: { id: string }): boolean {
  return v.is(groupId, id);
}

/** Reads a page of groups. Skips other ids (channels, chats); a malformed row makes it unreadable. */
export function readGroups(body: unknown): Rows<GroupInfo> | undefined {
  const rows = rowsOf(unwrap(body), ["groups", "chats", "results", "content", "rows", "records", "list"], isGroupId);
  const read = rows && v.safeParse(v.array(group), rows);
  if (!read?.success) return undefined;
  return { items: read.output.filter(isGroup), ids: read.output.map(({ id }) => id) };
}

/** Reads one group, also when nested under `group`. */
export function readGroup(body: unknown): GroupInfo | undefined {
  const value = onlyOne(unwrap(body));
  const inner = isFields(value) ? first(value, "group", "groupMetadata", "chat") : undefined;
  const read = v.safeParse(group, isFields(inner) ? inner : value);
  return read.success && isGroup(read.output) ? read.output : undefined;
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

/** Reads a page of instances. */
export function readInstances(body: unknown): Rows<Instance> | undefined {
  const rows = rowsOf(unwrap(body), ["instances", "sessions", "results"], () => false);
  const read = rows && v.safeParse(v.array(instance), rows);
  if (!read?.success) return undefined;
  return { items: read.output.filter(({ id }) => v.is(instanceId, id)), ids: read.output.map(({ id }) => id) };
}

const PARTIAL = ["partial", "truncated", "isPartial", "incomplete"];
const WHOLE = ["isComplete", "complete"];
const MORE = ["hasMore", "hasNext", "hasNextPage", "nextPageUrl", "nextCursor", "nextPageToken", "nextPage", "next"];

/** Reads the paging facts in an answer's headers: `Link`, `X-Total-Count`, `Content-Range`, `X-Next-Cursor`. */
export function readPagingHeaders(headers: Headers): PagingWords {
  const range = /\/(\d+)$/.exec(headers.get("content-range") ?? "");
  const total = v.safeParse(count, headers.get("x-total-count") ?? headers.get("x-total") ?? range?.[1]);
  const next = headers.get("x-next-cursor") ?? headers.get("x-next-page") ?? "";
  const hasNext = next !== "" || /;\s*rel="?next\b/i.test(headers.get("link") ?? "");
  return { ...(total.success ? { total: total.output } : {}), ...(hasNext ? { hasMore: true } : {}) };
}

/** Reads an answer's paging facts. `hasMore` is undefined if unstated. */
export function readPaging(body: unknown): PagingWords {
  const outer = isFields(body) ? [unwrap(body), body, body["data"]].filter(isFields) : [];
  const inner = outer.flatMap((place) =>
    ["meta", "pagination", "paging", "pageInfo", "links", "cursor", "cursors"].map((name) => first(place, name)),
  );
  const deeper = inner.flatMap((place) => (isFields(place) ? [place["pagination"], place["cursor"]] : []));
  const readers = [...outer, ...inner, ...deeper].filter(isFields).map(fieldsOf);
  const read = (...names: string[]) =>
    readers
      .map((field) => v.safeParse(count, field(...names)))
      .flatMap((one) => (one.success ? [one.output] : []))
      .at(0);
  const more = readers.map((field) => field(...MORE)).find((value) => value !== undefined);
  const isPart = readers.some(
    (field) => PARTIAL.some((name) => field(name) === true) || WHOLE.some((name) => field(name) === false),
  );
  return {
    total: read("total", "totalItems", "totalCount"),
    totalPages: read("totalPages", "lastPage", "pageCount", "pages"),
    limit: read("limit", "perPage", "pageSize"),
    hasMore: isPart ? true : more === undefined ? undefined : more !== false && more !== "",
  };
}
