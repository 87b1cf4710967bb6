import * as v from "valibot";
import { groupId, instanceId, inviteCode, personId } from "../../shared/fields";
import type { Dialect, PageRequest } from "../../shared/model";

/** The only place with request paths and fields. `guide` follows the groups guide, `reference` the API reference. */

/** What a call does. */
export type Operation =
  | "instances"
  | "groups"
  | "group"
  | "create"
  | "update"
  | "leave"
  | "members"
  | "add"
  | "remove"
  | "invite"
  | "join"
  | "send"
  | "check"
  | "contacts";

/** One request, without origin and key. */
export interface Call {
  operation: Operation;
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** With encoded ids and the query. */
  path: string;
  body?: Record<string, unknown>;
}

/** Rows per page: our maximum, then the documented number. */
export const PAGE_SIZES = [100, 50] as const;

const INSTANCE = "/api/instances/{instance}";
const GROUP = `${INSTANCE}/groups/{group}`;

type Route = [method: Call["method"], path: string];

const GUIDE: Record<Operation, Route> = {
  instances: ["GET", "/api/instances"],
  groups: ["GET", `${INSTANCE}/groups`],
  group: ["GET", GROUP],
  create: ["POST", `${INSTANCE}/groups`],
  update: ["PATCH", GROUP],
  leave: ["POST", `${GROUP}/leave`],
  members: ["GET", `${GROUP}/participants`],
  add: ["POST", `${GROUP}/participants`],
  remove: ["DELETE", `${GROUP}/participants`],
  invite: ["GET", `${GROUP}/invite-code`],
  join: ["POST", `${INSTANCE}/groups/join`],
  send: ["POST", `${INSTANCE}/messages/send`],
  check: ["GET", `${INSTANCE}/contacts/check`],
  contacts: ["GET", `${INSTANCE}/contacts`],
};

const ROUTES: Record<Dialect, Record<Operation, Route>> = {
  guide: GUIDE,
  reference: {
    ...GUIDE,
    // Undocumented, but in every related API.
    add: ["POST", `${GROUP}/participants/add`],
    remove: ["POST", `${GROUP}/participants/remove`],
  },
};

/** Each returns undefined for malformed ids, which must not reach a path. */
export interface Requests {
  instances(page?: PageRequest): Call | undefined;
  groups(page?: PageRequest): Call | undefined;
  group(group: string): Call | undefined;
  create(name: string, people: string[]): Call | undefined;
  update(group: string, change: { name?: string; description?: string }): Call | undefined;
  leave(group: string): Call | undefined;
  members(group: string, page?: PageRequest): Call | undefined;
  add(group: string, people: string[]): Call | undefined;
  remove(group: string, people: string[]): Call | undefined;
  invite(group: string): Call | undefined;
  join(code: string): Call | undefined;
  send(chat: string, text: string): Call | undefined;
  check(phone: string): Call | undefined;
  contacts(page?: PageRequest): Call | undefined;
}

/** Returns an instance's requests in a dialect. */
export function requestsOf(dialect: Dialect, instance: string): Requests {
  const isReference = dialect === "reference";

  function call(operation: Operation, more: { group?: string; query?: object; body?: Call["body"] } = {}) {
    const [method, template] = ROUTES[dialect][operation];
    const path = fill(template, instance, more.group);
    return path === undefined ? undefined : { operation, method, path: path + search(more.query), body: more.body };
  }
  /** Better no request than a 422. */
  function withPeople(people: string[], make: (participants: string[]) => Call | undefined) {
    return people.every((id) => v.is(personId, id)) ? make(people.map(outgoing)) : undefined;
  }

  return {
    instances: (page) => call("instances", { query: page }),
    groups: (page) => call("groups", { query: page }),
    group: (group) => call("group", { group }),
    create: (name, people) => withPeople(people, (participants) => call("create", { body: { name, participants } })),
    update: (group, { name, description }) =>
      call("update", {
        group,
        body: { ...(name === undefined ? {} : { name }), ...(description === undefined ? {} : { description }) },
      }),
    leave: (group) => call("leave", { group }),
    members: (group, page) => call("members", { group, query: page }),
    add: (group, people) => withPeople(people, (participants) => call("add", { group, body: { participants } })),
    remove: (group, people) => withPeople(people, (participants) => call("remove", { group, body: { participants } })),
    invite: (group) => call("invite", { group }),
    join: (code) =>
      v.is(inviteCode, code) ? call("join", { body: isReference ? { code } : { invite_code: code } }) : undefined,
    send: (chat, text) => {
      if (!v.is(groupId, chat) && !v.is(personId, chat)) return undefined;
      const to = outgoing(chat);
      return call("send", {
        body: isReference ? { to, type: "text", body: text } : { chat_id: to, type: "text", text },
      });
    },
    check: (phone) => (/^[0-9]{5,20}$/.test(phone) ? call("check", { query: { phone } }) : undefined),
    contacts: (page) => call("contacts", { query: page }),
  };
}

/** Normalises a phone id to `digits@s.whatsapp.net`; keeps a hidden id (`@lid`). */
function outgoing(id: string): string {
  return id.replace(/^([0-9]+)(?::[0-9]+)?@(?:c\.us|s\.whatsapp\.net)$/, "$1@s.whatsapp.net");
}

/** `encodeURIComponent` leaves `..`, so ids are checked first. */
function fill(template: string, instance: string, group: string | undefined): string | undefined {
  if (template.includes("{instance}") && !v.is(instanceId, instance)) return undefined;
  if (template.includes("{group}") && !v.is(groupId, group)) return undefined;
  return template
    .replace("{instance}", () => encodeURIComponent(instance))
    .replace("{group}", () => encodeURIComponent(group ?? ""));
}

function search(query: object | undefined): string {
  if (!query) return "";
  if ("query" in query) return `?${String(query.query)}`;
  const parts = Object.entries(query).filter(([, value]) => value !== undefined);
  return parts.length === 0 ? "" : `?${parts.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")}`;
}
