import * as v from "valibot";
import { groupId, instanceId } from "../../shared/fields";
import { isGroupId } from "../../shared/ids";
import { type Instance, LIMITS, type Member } from "../../shared/model";
import { cleanLines, cleanText } from "../../shared/text";
import type { GroupInfo } from "./answer";
import { first, isFields, fieldsOf, onlyOne, unwrap } from "./fields";
import { count, fields, flag, idText, loose, type Rows, rowsOf, time, toPersonId } from "./values";
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

const yesOrNo = loose(flag);

/** Whether a group's fields say that we are out: engines keep such chats listed. */
function isLeft(field: (...names: string[]) => unknown): true | undefined {
  const isOut =
    v.parse(yesOrNo, field("left", "isLeft", "hasLeft")) === true ||
    v.parse(yesOrNo, field("isMember", "isParticipant", "iAmMember")) === false;
  const words = [field("membership"), field("status"), field("state")];
  return isOut || words.some((word) => typeof word === "string" && /^(left|removed|kicked)$/i.test(word)) || undefined;
}

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
      // One engine says who may add members, another whether all may.
      onlyAdminsAdd: typeof canAll === "boolean" ? !canAll : canAll,
      isLeft: isLeft(field),
    };
  }),
  v.object({
    id: idText,
    name: loose(v.union([v.string(), v.pipe(v.number(), v.transform(String))])),
    description: loose(v.string()),
    owner: loose(idText),
    createdAt: loose(time),
    size: loose(count),
    capacity: loose(count),
    picture: loose(v.pipe(v.string(), v.maxLength(2000), v.regex(/^https:\/\//))),
    members: v.pipe(
      v.optional(v.unknown()),
      v.transform((value): Member[] | undefined => membersOf(value)),
    ),
    isCommunity: yes("community"),
    isAnnouncement: yes("announcement"),
    community: loose(v.pipe(idText, groupId)),
    onlyAdminsSend: yes("admin_send"),
    onlyAdminsAdd: yes("admin_add"),
    isLeft: v.optional(v.literal(true)),
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
    return { id, name: cleanText(name ?? "", LIMITS.name), ...(present as typeof given) };
  }),
);

/** Whether an id is a group's and safe in a path. */
export function isGroup({ id }: { id: string }): boolean {
  return v.is(groupId, id);
}

/** Reads a page of groups, without channels, chats and groups that we left. A malformed row makes it unreadable. */
export function readGroups(body: unknown): Rows<GroupInfo> | undefined {
  const rows = rowsOf(unwrap(body), ["groups", "chats", "results", "content", "rows", "records", "list"], isGroupId);
  const read = rows && v.safeParse(v.array(group), rows);
  if (!read?.success) return undefined;
  const groups = read.output.filter(isGroup);
  const items = groups.filter((one) => one.isLeft !== true);
  return { items, ids: read.output.map(({ id }) => id), isRead: groups.length > 0 };
}

/** Reads one group, perhaps nested. */
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

const PARTIAL = ["partial", "truncated", "isPartial", "incomplete", "syncing", "isSyncing", "loading"];
/** Words for a list still being collected. */
const COLLECTING = /^(syncing|loading|partial|incomplete|in[ _-]?progress|initiali[sz]ing)$/i;
const WHOLE = ["isComplete", "complete"];
/** Fields naming the next page, with the parameter for their value. */
const NEXT = { nextPageUrl: "cursor", nextCursor: "cursor", nextPageToken: "pageToken", next: "cursor" };
const MORE = ["hasMore", "hasNext", "hasNextPage", ...Object.keys(NEXT), "nextPage"];
/** Sent even on the last page, unlike `NEXT`. */
const END = { endCursor: "after" };

/** Returns the next page's query: a link's own, or the text under `parameter`. */
function queryOf(text: unknown, parameter: string): string | undefined {
  if (typeof text !== "string" || text === "" || text.length > 500) return undefined;
  const at = text.indexOf("?");
  return new URLSearchParams(at >= 0 ? text.slice(at + 1) : { [parameter]: text }).toString() || undefined;
}

/** Reads paging facts from headers: `Link`, `X-Total-Count`, `Content-Range`, `X-Next-Cursor`. */
export function readPagingHeaders(headers: Headers): PagingWords {
  const range = /\/(\d+)$/.exec(headers.get("content-range") ?? "");
  const total = v.safeParse(count, headers.get("x-total-count") ?? headers.get("x-total") ?? range?.[1]);
  const cursor = headers.get("x-next-cursor") ?? "";
  const link = /<([^>]*)>;\s*rel="?next\b/i.exec(headers.get("link") ?? "")?.[1];
  const hasNext = cursor !== "" || link !== undefined || (headers.get("x-next-page") ?? "") !== "";
  const after = queryOf(cursor, "cursor") ?? queryOf(link, "cursor");
  return {
    ...(total.success ? { total: total.output } : {}),
    ...(hasNext ? { hasMore: true } : {}),
    ...(after === undefined ? {} : { after }),
  };
}

function isNo(given: unknown): boolean {
  return given === false || given === 0 || (typeof given === "string" && /^(?:false|0|null)?$/i.test(given));
}

/** Reads a body's paging facts. `hasMore` is undefined if unstated. */
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
    (field) =>
      PARTIAL.some((name) => field(name) === true) ||
      WHOLE.some((name) => field(name) === false) ||
      [field("status"), field("state")].some((word) => typeof word === "string" && COLLECTING.test(word)),
  );
  return {
    total: read("total", "totalItems", "totalCount"),
    totalPages: read("totalPages", "lastPage", "pageCount", "pages"),
    limit: read("limit", "perPage", "pageSize"),
    page: read("page", "currentPage", "pageNumber", "pageIndex", "number"),
    hasMore: isPart ? true : more === undefined ? undefined : !isNo(more),
    after: Object.entries({ ...NEXT, ...END })
      .flatMap(([name, parameter]) => readers.map((field) => queryOf(field(name), parameter)))
      .find((query) => query !== undefined),
  };
}
