import * as v from "valibot";
import { groupId, instanceId } from "../../shared/fields";
import { isGroupId } from "../../shared/ids";
import { type Instance, LIMITS, type Member } from "../../shared/model";
import { cleanLines, cleanText } from "../../shared/text";
import type { GroupInfo } from "./answer";
import { first, isFields, lookIn, unwrap } from "./fields";
import { count, fields, idText, loose, type Rows, rowsOf, time, toPersonId } from "./values";
import type { PagingWords } from "./pages";
import { membersOf } from "./read-members";

/** Lists of groups and of instances, and single groups. */

/** Yes or no, in the words of either engine: `true`, or the name of the mode that is on. */
const yes = (mode: string) =>
  loose(
    v.pipe(
      v.union([v.boolean(), v.string()]),
      v.transform((given) => given === true || given === mode),
    ),
  );

/** A group in the words of either dialect. `id` may be of any form here; see `isGroup`. */
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
    const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    return { id, name: cleanText(name, LIMITS.name), ...(present as typeof given) };
  }),
);

/** Whether an id has the form of a group that may stand in a path. */
export function isGroup({ id }: { id: string }): boolean {
  return v.is(groupId, id);
}

/** A page of groups. Rows whose id is no group's (channels, chats) are left out; an odd row makes it unreadable. */
export function readGroups(body: unknown): Rows<GroupInfo> | undefined {
  const rows = rowsOf(unwrap(body), ["groups", "chats", "results", "content", "rows", "records", "list"], isGroupId);
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

/** Names for "there are more": yes or no, or what the next page is to be asked for with. */
const MORE = ["hasMore", "hasNext", "hasNextPage", "nextPageUrl", "nextCursor", "nextPageToken", "nextPage", "next"];

/**
 * What an answer says of its pages, wherever it says it. Numbers that make no sense are absent. `hasMore` is
 * true or false only where the answer says it.
 */
export function readPaging(body: unknown): PagingWords {
  const outer = isFields(body) ? [unwrap(body), body, body["data"]].filter(isFields) : [];
  const inner = outer.flatMap((place) =>
    ["meta", "pagination", "paging", "pageInfo", "links"].map((name) => first(place, name)),
  );
  const deeper = inner.map((place) => (isFields(place) ? place["pagination"] : undefined));
  const looks = [...outer, ...inner, ...deeper].filter(isFields).map(lookIn);
  const read = (...names: string[]) => looks.map((look) => look(...names)).find((value) => v.is(count, value));
  const more = looks.map((look) => look(...MORE)).find((value) => value !== undefined);
  return {
    total: read("total", "totalItems", "totalCount"),
    totalPages: read("totalPages", "lastPage", "pageCount", "pages"),
    limit: read("limit", "perPage", "pageSize"),
    hasMore: more === undefined ? undefined : more !== false && more !== "",
  };
}
