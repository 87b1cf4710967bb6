import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { Secret } from "../../../../lib/background/gateway/secret";
import { openGroups } from "../../../../lib/background/groups/groups";
import { openBudget } from "../../../../lib/background/gateway/budget";
import { openGateway } from "../../../../lib/background/gateway/client";
import { sandboxGateway } from "../../../../lib/sandbox/gateway";
import type { Effect } from "../../../../lib/sandbox/state";
import {
  OWN_NUMBER,
  type World,
  WORLD_CODES,
  WORLD_GROUPS,
  WORLD_PEOPLE,
  type WorldGroup,
} from "../../../../lib/sandbox/world";
import { createWorld, type WorldOptions } from "../../../../lib/sandbox/seed";
import { fictional } from "../../../../lib/sandbox/numbers";
import { ok } from "../../../../lib/shared/failure";
import type { Connection, Dialect, JobInput } from "../../../../lib/shared/model";
import { readJob, readSteps } from "../../../../lib/store/read-jobs";
import { toRow, write } from "../../../../lib/store/write";
import { setUpScreens, toldOf, untruths } from "../judge";
import { memoryStore } from "../memory";
import { brief, CONNECTION, harnessOn, newStore, newWorld, noAlarms, type Harness } from "../simulation";

/**
 * Gateways as they were met: the whole engine and the real client against the sandbox, which answers or acts in the way of
 * each. What the agent is told is judged by the gateway's own world, and must be as much as can be known. `node
 * test/faults.mjs` prints the table.
 */

const KEY = "wpfy_test_0123456789abcdef";
const { alpha, lobby, hidden, support } = WORLD_GROUPS;
const { free, free2, absent } = WORLD_PEOPLE;
const { private: refusing } = WORLD_PEOPLE;
const asPeople = (ids: string[]) => ids.map((id) => ({ id, given: `+${id.split("@")[0]}` }));
const many = (n: number) => [...Array(n)].map((_, each) => fictional("us", 3000 + each));
const adding = (group: string, ids: string[], pace: "careful" | "fast" = "fast"): JobInput => {
  return { kind: "add", groups: [group], people: asPeople(ids), pace };
};
const joining = (code: string): JobInput => ({ kind: "join", codes: [code], pace: "fast" });
const creating = (ids: string[]): JobInput => ({
  kind: "create",
  name: "Night shift",
  people: asPeople(ids),
  pace: "fast",
});
/** Plain members of `support`. */
const [seen = "", veiled = "", third = ""] = createWorld({ groups: 12 })
  .groups[support]!.members.filter(({ role }) => role === "member")
  .map(({ id }) => id);
const sending: JobInput = { kind: "send", chats: [lobby], text: "We open at nine.", pace: "fast" };

/** One request on its way through a gateway that has its own manner. */
interface Passing {
  request: Request;
  /** `POST /groups/join`: method and path after the instance. */
  what: string;
  /** How many requests of this method and path there were, with this one. */
  nth: number;
  world: World;
  /** The gateway's clock, in ms. */
  now: number;
  /** The sandbox's own answer, with its effect. */
  answer: () => Promise<Response>;
}

interface Scene {
  input: JobInput;
  dialect?: Dialect;
  /** The gateway takes both dialects' routes. */
  isBoth?: boolean;
  options?: WorldOptions;
  /** The gateway does not tell our own number. */
  isNameless?: boolean;
  manner?: (passing: Passing) => Promise<Response> | Response;
  /** What happens after the job came to rest. */
  after?: (played: { h: Harness; id: string; world: World; refresh: () => Promise<unknown> }) => Promise<unknown>;
  /** Each step in a few words. */
  expected: string[];
  /** The most requests that it may take. */
  most?: number;
  /** Words that must not stand on the screen. */
  never?: RegExp;
}

const change = (world: World, id: string, how: (group: WorldGroup) => Partial<WorldGroup>) => {
  const group = world.groups[id]!;
  world.groups[id] = { ...group, ...how(group) };
};
const without = (id: string) => (group: WorldGroup) => ({ members: group.members.filter((each) => each.id !== id) });
const demote = (group: WorldGroup) => ({
  members: group.members.map((each) => (each.id === OWN_NUMBER ? { ...each, role: "member" as const } : each)),
});
const letIn = (ids: string[]) => (group: WorldGroup) => ({
  members: [...group.members, ...ids.map((id) => ({ id, role: "member" as const }))],
});
/** Does what was asked and loses the answer. */
const losing =
  (start: string) =>
  async ({ what, answer }: Passing) => {
    const given = await answer();
    return what.startsWith(start) ? Response.error() : given;
  };
/** Does nothing and answers with this body. */
const saying =
  (start: string, body: string) =>
  ({ what, answer }: Passing) =>
    what.startsWith(start)
      ? new Response(body, { status: 200, headers: { "content-type": "application/json" } })
      : answer();

/** Answers with another body, type or status, made of the sandbox's own JSON. */
const reshaping =
  (start: string, how: (body: { data: Bag }) => unknown, init: ResponseInit = {}) =>
  async ({ what, answer }: Passing) => {
    const given = await answer();
    if (!what.startsWith(start) || !given.ok) return given;
    const body = how((await given.json()) as { data: Bag });
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return new Response(text, { status: 200, headers: { "content-type": "application/json" }, ...init });
  };
type Bag = Record<string, unknown>;
/** Lists members by two a page, numbered from `base`, in an envelope; `third` stands on the second page. */
const paging =
  (base: number, says: (page: number, total: number) => Bag) =>
  async ({ request, what, answer }: Passing) => {
    const given = await answer();
    if (!/^GET .*participants$/.test(what)) return given;
    const { data } = (await given.json()) as { data: Bag[] };
    const others = data.filter(({ id }) => id !== third);
    const rows = [...others.slice(0, 2), ...data.filter(({ id }) => id === third), ...others.slice(2)];
    const page = Number(new URL(request.url).searchParams.get("page") ?? base);
    const items = rows.slice((page - base) * 2, (page - base) * 2 + 2);
    return Response.json({ data: { items, page, limit: 2, ...says(page, rows.length) } });
  };
const rowsIn = (data: unknown) => data as Bag[];
const HTML = { headers: { "content-type": "text/html; charset=utf-8" } };
/** An admin and a plain member of `support`, and members as gateways list them. */
const [chief = ""] = createWorld({ groups: 12 })
  .groups[support]!.members.filter(({ role, id }) => role === "admin" && id !== OWN_NUMBER)
  .map(({ id }) => id);
const MEMBERS: Record<string, (rows: Bag[]) => unknown> = {
  "roles as 1 and 0": (rows) => rows.map((row) => ({ id: row["id"], is_admin: row["is_admin"] === true ? 1 : 0 })),
  "numbers as numbers": (rows) => rows.map((row) => ({ ...row, id: Number(String(row["id"]).split("@")[0]) })),
  "numbers as people write them": (rows) =>
    rows.map((row) => ({
      role: "member",
      phone: `+${String(row["id"])
        .split("@")[0]
        ?.replace(/(?=.{5}$)/, " ")}`,
    })),
  "ids in two parts": (rows) =>
    rows.map((row) => {
      const [user, server] = String(row["id"]).split("@");
      return { ...row, id: { user, server } };
    }),
  "admins apart from the others": (rows) => ({
    admins: rows.filter((row) => row["is_admin"] === true),
    members: rows.filter((row) => row["is_admin"] !== true),
  }),
  "roles under ids": (rows) =>
    Object.fromEntries(rows.map((row) => [row["id"], row["is_admin"] === true ? "admin" : "member"])),
  "ids encoded for an address": (rows) => rows.map((row) => ({ ...row, id: encodeURIComponent(String(row["id"])) })),
  "inside the group": (rows) => ({ group: { id: support, participants: rows } }),
};

/** Refuses a write with this body. */
const declining =
  (start: string, body: unknown, status = 404) =>
  ({ what, answer }: Passing) =>
    what.startsWith(start) ? Response.json(body, { status }) : answer();
/** What frameworks say of a route that is not there. */
const MISSING: [string, unknown, string][] = [
  [
    "Fastify",
    { statusCode: 404, error: "Not Found", message: "Route POST:/leave not found" },
    "failed not-left unknown",
  ],
  ["Laravel", { message: "The route leave could not be found." }, "failed not-left unknown"],
  ["FastAPI", { detail: "Not Found" }, "failed not-left"],
  ["an empty body", {}, "failed not-left"],
];
/** How a 2xx tells that one of three was refused. */
const REFUSED_ONE: [string, unknown, number?][] = [
  ["among errors", { success: true, added: [free, free2], errors: [{ id: refusing, code: 403 }] }],
  ["among errors alone", { success: true, errors: [{ id: refusing, code: 403 }] }],
  [
    "in a 207 without success",
    {
      success: false,
      message: "Partially added",
      data: [free, refusing, free2].map((id) => ({ id, status: id === refusing ? 403 : 200 })),
    },
    207,
  ],
];
/** What a join comes to that was answered with a status. */
const JOINS: Record<number, string> = {
  400: "failed not-joined invalid",
  403: "failed not-joined unknown",
  404: "failed not-joined unknown",
  500: "review unconfirmed",
};
const UNSENT = [
  { sent: "false", id: 12 },
  { id: "M1", ack: -1 },
  { message_id: "M1", status: "undelivered" },
  { message_id: "M1", status: "expired" },
  { message_id: "M1", status: "queue_full" },
  { message_id: "M1", status: "not_accepted" },
  { message_id: "M1", status: "processing_failed" },
  { data: { id: "M1", error: "not-allowed" } },
  { data: { id: "M1", status: 463 } },
  { id: lobby, text: "We open at nine." },
];

const SCENES: Record<string, Scene> = {
  ...Object.fromEntries(
    REFUSED_ONE.map(([where, body, status = 200]): [string, Scene] => [
      `add: one is refused, told ${where}`,
      {
        input: adding(alpha, [free, refusing, free2]),
        manner: reshaping("POST", () => body, { status }),
        expected: ["done added", "failed not-added privacy", "done added"],
        most: 3,
      },
    ]),
  ),
  "add: one is not on WhatsApp, told among errors": {
    input: adding(alpha, [free, absent]),
    manner: reshaping("POST", () => ({ success: true, added: [free], errors: [{ id: absent, code: 404 }] })),
    expected: ["done added", "failed not-added not-on-whatsapp"],
  },
  "add: one at a time, each with a bare row": {
    input: adding(alpha, [refusing, free], "careful"),
    manner: async (passing) => {
      const text = await passing.request.clone().text();
      const id = text.includes(refusing.split("@")[0]!) ? refusing : free;
      return reshaping("POST", () => ({ id, status: id === free ? 200 : 403 }))(passing);
    },
    expected: ["failed not-added privacy", "done added"],
  },
  "add: all are refused because we are no admin, and each has a row": {
    input: adding(alpha, [free, free2]),
    manner: ({ what, world, answer }) => {
      if (!what.startsWith("POST")) return answer();
      change(world, alpha, demote);
      const data = [free, free2].map((id) => ({ id, status: 403 }));
      return Response.json({ success: false, message: "You are not an admin of this group", data });
    },
    expected: ["todo", "todo"],
    never: /privacy|settings/,
  },
  "remove: one is refused, told among errors, and goes all the same": {
    input: { kind: "remove", groups: [support], people: asPeople([seen, veiled, third]), pace: "fast" },
    manner: async ({ what, nth, answer }) => {
      const given = await answer();
      if (!what.startsWith("DELETE") || nth < 2) return given;
      return Response.json({ removed: [third], errors: [{ id: veiled, code: 406 }] });
    },
    expected: ["done removed", "done removed", "done removed"],
    most: 5,
  },
  ...Object.fromEntries(
    ["participants is required", "body must not be empty", "missing participants"].map((message): [string, Scene] => [
      `remove: a proxy drops the body of a DELETE (${message})`,
      {
        input: { kind: "remove", groups: [support], people: asPeople([seen, veiled]), pace: "careful" },
        isBoth: true,
        manner: declining("DELETE", { success: false, error: { code: "VALIDATION_ERROR", message } }, 400),
        expected: ["done removed", "done removed"],
        most: 6,
      },
    ]),
  ),
  "remove: a proxy drops the body of a DELETE, and there is no other route": {
    input: { kind: "remove", groups: [support], people: asPeople([seen, veiled]), pace: "careful" },
    manner: declining("DELETE", { message: "participants is required" }, 400),
    expected: ["failed not-removed invalid", "todo"],
    most: 3,
  },
  ...Object.fromEntries(
    (
      [
        ["from 0", 0, (_, total) => ({ total, totalPages: Math.ceil(total / 2) })],
        ["with a total and no last page", 1, (_, total) => ({ total })],
        ["with a next page and no last", 1, (page, total) => ({ has_next: page * 2 < total })],
      ] as [string, number, Parameters<typeof paging>[1]][]
    ).map(([what, base, says]): [string, Scene] => [
      `remove: members by numbered pages ${what}`,
      {
        input: { kind: "remove", groups: [support], people: asPeople([third]), pace: "fast" },
        manner: paging(base, says),
        expected: ["done removed"],
        never: /was not/,
      },
    ]),
  ),
  "create: one is refused, told among errors beside the group": {
    input: creating([free, refusing]),
    manner: reshaping(
      "POST /groups",
      ({ data }) => ({ ...data, id: data["group_id"], errors: [{ id: refusing, code: 403 }] }),
      { status: 201 },
    ),
    expected: ["done created", "done added", "failed not-added privacy"],
  },
  ...Object.fromEntries(
    MISSING.map(([what, body, expected]): [string, Scene] => [
      `leave: the route is missing, in the words of ${what}`,
      { input: { kind: "leave", groups: [support] }, manner: declining("POST", body), expected: [expected] },
    ]),
  ),
  "leave: a bare 403": {
    input: { kind: "leave", groups: [support] },
    manner: declining("POST", { message: "Forbidden" }, 403),
    expected: ["failed not-left"],
    never: /not in it/,
  },
  "leave: a bare 403, and the list cannot be read": {
    input: { kind: "leave", groups: [support] },
    manner: ({ what, answer }) =>
      what.startsWith("POST")
        ? Response.json({ statusCode: 403, message: "Forbidden" }, { status: 403 })
        : what === "GET /groups"
          ? Response.json({}, { status: 500 })
          : answer(),
    expected: ["failed not-left"],
    never: /not in it/,
  },
  "leave: not done, and the key may not read single groups": {
    input: { kind: "leave", groups: [support] },
    manner: ({ what, answer }) =>
      what.startsWith("POST")
        ? Response.json({ success: true })
        : what === `GET /groups/${support}`
          ? Response.json({ statusCode: 403, message: "Forbidden" }, { status: 403 })
          : answer(),
    expected: ["review not-left no-effect"],
  },
  "leave: the only admin may not": {
    input: { kind: "leave", groups: [support] },
    manner: declining("POST", { message: "You are the only admin; make another member one first" }, 400),
    expected: ["failed not-left invalid"],
    never: /not an admin|number/,
  },
  "leave: not done, and single groups cannot be read": {
    input: { kind: "leave", groups: [support] },
    manner: ({ what, answer }) =>
      what.startsWith("POST")
        ? Response.json({ success: true })
        : what === `GET /groups/${support}`
          ? Response.json({ detail: "Not Found" }, { status: 404 })
          : answer(),
    expected: ["review not-left no-effect"],
  },
  ...Object.fromEntries(
    UNSENT.map((body): [string, Scene] => [
      `send: not sent, said as ${JSON.stringify(body)}`,
      {
        input: sending,
        manner: saying("POST", JSON.stringify(body)),
        expected: ["sent" in body ? "failed not-sent invalid" : "review unconfirmed"],
      },
    ]),
  ),
  ...Object.fromEntries(
    ["504", "timeout", "queued", "pending"].map((status): [string, Scene] => [
      `add: done, and ${status} for each`,
      {
        input: adding(alpha, [free, free2]),
        manner: reshaping("POST", () => ({ data: [free, free2].map((jid) => ({ jid, status })) })),
        expected: ["done added", "done added"],
      },
    ]),
  ),
  ...Object.fromEntries(
    [{ status: "joined" }, { status: "accepted" }, { error: "", message: "Participant added" }, { Error: "0" }].map(
      (words): [string, Scene] => [
        `add: done, and ${JSON.stringify(words)} for each`,
        {
          input: adding(alpha, [free, free2]),
          manner: reshaping("POST", () => ({ data: [free, free2].map((id) => ({ id, ...words })) })),
          expected: ["done added", "done added"],
          never: /not added/i,
        },
      ],
    ),
  ),
  "add: an unknown word, and nothing is done": {
    input: adding(alpha, [free]),
    manner: saying("POST", JSON.stringify({ data: [{ id: free, success: false, message: "Not done successfully" }] })),
    expected: ["failed not-added unknown"],
    never: /full/,
  },
  "add: a result for each form of one number": {
    input: adding(alpha, [free]),
    manner: reshaping("POST", () => ({
      data: [
        { jid: free, status: "404" },
        { jid: free, status: "200" },
      ],
    })),
    expected: ["done added"],
  },
  "add: refused, of somebody who comes in all the same": {
    input: adding(alpha, [free, free2]),
    manner: reshaping("POST", () => ({
      data: [
        { jid: free, status: "408" },
        { jid: free2, status: "200" },
      ],
    })),
    expected: ["done added", "done added"],
  },
  "add: already in, of somebody who is not": {
    input: adding(alpha, [free]),
    manner: saying("POST", JSON.stringify({ data: [{ jid: free, status: "409" }] })),
    expected: ["review unconfirmed contradicted"],
  },
  "add: 409 for all, because the group is busy": {
    input: adding(alpha, [free]),
    manner: declining("POST", { message: "Another operation on the group is in progress" }, 409),
    expected: ["failed not-added unknown"],
    never: /already/i,
  },
  "add: 403, because the subscription has ended": {
    input: adding(alpha, [free]),
    manner: declining("POST", { message: "Your subscription has expired" }, 403),
    expected: ["todo"],
    never: /not an admin/,
  },
  "add: nothing is done, and the gateway's clock stands still": {
    input: adding(alpha, [free]),
    manner: async ({ what, answer }) => {
      if (what.startsWith("POST")) return Response.json({}, { status: 500 });
      const { data } = (await (await answer()).json()) as { data: unknown };
      return Response.json({ data }, { headers: { date: "Tue, 24 Nov 2026 09:00:00 GMT" } });
    },
    expected: ["review needs-review"],
  },
  "remove: was not in, of somebody who is": {
    input: { kind: "remove", groups: [support], people: asPeople([seen]), pace: "fast" },
    manner: saying("DELETE", JSON.stringify({ data: [{ jid: seen, status: "404" }] })),
    expected: ["review unconfirmed contradicted"],
  },
  "remove: a list that ends before somebody who is in, and does not say so": {
    input: { kind: "remove", groups: [support], people: asPeople([seen, absent]), pace: "fast" },
    manner: async (passing) => {
      const rows = reshaping("GET", ({ data }) => ({
        data: rowsIn(data)
          .filter(({ id }) => id !== seen)
          .slice(0, 2),
      }));
      return rows(passing);
    },
    expected: ["review unconfirmed shrunken", "review unconfirmed shrunken"],
  },
  "remove: a list in which one row cannot be read": {
    input: { kind: "remove", groups: [support], people: asPeople([seen]), pace: "fast" },
    manner: reshaping("GET", ({ data }) => ({
      data: rowsIn(data).map((row) => (row["id"] === seen ? { id: "username:anna", is_admin: false } : row)),
    })),
    expected: ["todo"],
  },
  ...Object.fromEntries(
    ["Your request to join was approved", "Joined. Waiting for the first sync."].map((message): [string, Scene] => [
      `join: joined, with the words "${message}"`,
      {
        input: joining(WORLD_CODES.market),
        manner: reshaping("POST", () => ({ success: true, message })),
        expected: ["done joined"],
      },
    ]),
  ),
  "create: the answer names a group that we were in before": {
    input: creating([free]),
    manner: saying("POST", JSON.stringify({ data: { group_id: lobby, name: "Lobby" } })),
    expected: ["review needs-review", "review"],
  },
  "create: the answer holds only the id": {
    input: creating([free]),
    manner: reshaping("POST /groups", ({ data }) => ({ data: { id: data["group_id"] } })),
    after: async ({ h }) => {
      const groups = await h.store.db.getAll("groups");
      expect(groups.map(({ name }) => name)).toContain("Night shift");
    },
    expected: ["done created", "done added"],
  },
  "create: the name is taken": {
    input: creating([free]),
    manner: declining("POST", { message: "A group with this name already exists" }, 409),
    expected: ["failed not-created invalid", "failed not-added invalid"],
    never: /Already in/,
  },
  "update: the gateway shortens the name": {
    input: { kind: "update", group: alpha, name: "The night shift of the main office" },
    manner: async ({ what, world, answer }) => {
      const given = await answer();
      if (what.startsWith("PATCH")) change(world, alpha, ({ name }) => ({ name: name.slice(0, 25) }));
      return given;
    },
    expected: ["review unconfirmed altered"],
  },
  ...Object.fromEntries(
    Object.entries(MEMBERS).map(([what, how]): [string, Scene] => [
      `members: ${what}`,
      {
        input: adding(support, [free, chief]),
        manner: reshaping("GET /groups/", ({ data }) => ({ data: how(rowsIn(data)) })),
        expected: ["done added", "done already-in"],
      },
    ]),
  ),
  "answers: JSON that says it is a page": {
    input: adding(alpha, [free, refusing]),
    manner: reshaping("", (body) => body, HTML),
    expected: ["done added", "failed not-added privacy"],
  },
  "answers: JSON in a string of JSON, after a guard": {
    input: adding(alpha, [free, refusing]),
    manner: reshaping("", (body) => `)]}',\n${JSON.stringify(JSON.stringify(body))}`),
    expected: ["done added", "failed not-added privacy"],
  },
  "answers: an empty error, and code 0, beside what was asked": {
    input: adding(alpha, [free, refusing]),
    manner: reshaping("", (body) => ({ ...body, success: 1, error: {}, errors: [], code: 0, message: "ok" })),
    expected: ["done added", "failed not-added privacy"],
  },
  "answers: three envelopes": {
    input: adding(alpha, [free, refusing]),
    manner: reshaping("", (body) => ({ response: { body } })),
    expected: ["done added", "failed not-added privacy"],
  },
  "add: rows under the person's id, in a list": {
    input: adding(alpha, [free, refusing]),
    manner: reshaping("POST", () => [{ [free]: { code: "200" } }, { [refusing]: { code: "403" } }]),
    expected: ["done added", "failed not-added privacy"],
  },
  "add: one whose settings refuse it, as a 403 for the whole request": {
    input: adding(alpha, [free, refusing, free2]),
    manner: async ({ request, what, answer }) => {
      const isTheirs = what.startsWith("POST") && (await request.clone().text()).includes(refusing.split("@")[0]!);
      const message = "Could not add participant because of their privacy settings";
      return isTheirs ? Response.json({ error: { code: "FORBIDDEN", message } }, { status: 403 }) : answer();
    },
    expected: ["done added", "failed not-added privacy", "done added"],
    never: /not an admin/,
  },
  "join: 202 without a word while an admin must approve": {
    input: joining(WORLD_CODES.ignored),
    manner: reshaping("POST", () => "", { status: 202 }),
    expected: ["review unconfirmed not-seen"],
    never: /^Waits for an admin/,
  },
  "join: 202 without a word, an open group": {
    input: joining(WORLD_CODES.market),
    manner: reshaping("POST", () => "{}", { status: 202 }),
    expected: ["done joined"],
  },
  "send: not sent, said inside": {
    input: sending,
    manner: ({ what, answer }) =>
      what.startsWith("POST") ? Response.json({ data: { id: "3EB0AA", sent: false, error: "no session" } }) : answer(),
    expected: ["failed not-sent invalid"],
  },
  "send: refused in a 200 with another word for it": {
    input: sending,
    manner: saying("POST", '{"ok":false,"description":"chat is closed"}'),
    expected: ["review unconfirmed"],
  },
  "send: the message in a list of one": {
    input: sending,
    manner: reshaping("POST", ({ data }) => [{ id: data["message_id"] }]),
    expected: ["done sent"],
  },
  "send: the engine's own id as text": {
    input: sending,
    manner: reshaping("POST", ({ data }) => `true_${lobby}_${String(data["message_id"]).replace(/\W/g, "")}`, {
      headers: { "content-type": "text/plain" },
    }),
    expected: ["done sent"],
  },
  "join: a group body while an admin must approve (reference)": {
    input: joining(WORLD_CODES.ignored),
    dialect: "reference",
    options: { waiting: "as-joined" },
    expected: ["review unconfirmed not-seen"],
    never: /^Joined/,
  },
  "join: the group's name while an admin must approve (guide)": {
    input: joining(WORLD_CODES.ignored),
    options: { waiting: "as-joined" },
    expected: ["review unconfirmed not-seen"],
  },
  "join: an admin approves within a minute": {
    input: joining(WORLD_CODES.gated),
    options: { waiting: "as-joined" },
    expected: ["done joined"],
  },
  "join: an admin approves long after, then the list is read": {
    input: joining(WORLD_CODES.ignored),
    options: { waiting: "as-joined" },
    after: async ({ world, refresh }) => {
      change(world, WORLD_GROUPS.ignored, letIn([OWN_NUMBER]));
      await refresh();
    },
    expected: ["done joined"],
  },
  "join: waits, and says so": { input: joining(WORLD_CODES.ignored), expected: ["done waiting-approval approval"] },
  ...Object.fromEntries(
    [
      [404, "The requested URL was not found on the server."],
      [403, "You do not have access to the requested resource"],
      [400, "Timed out while waiting for WhatsApp"],
      [500, "Another operation is already in progress"],
    ].map(([status, message]): [string, Scene] => [
      `join: not joined, with the words "${message}"`,
      {
        input: joining(WORLD_CODES.market),
        manner: declining("POST", { message }, Number(status)),
        expected: [JOINS[Number(status)]!],
        never: /waits for|already/i,
      },
    ]),
  ),
  "join: an open group": { input: joining(WORLD_CODES.market), expected: ["done joined"], most: 2 },
  "join: waits without a word, while somebody makes a group with us": {
    input: joining(WORLD_CODES.ignored),
    manner: async ({ what, nth, world, now, answer }) => {
      const given = await answer();
      if (!what.startsWith("POST")) return given;
      if (nth === 1) {
        const { lobby: old } = WORLD_GROUPS;
        const id = "120363099999999999@g.us";
        world.groups[id] = {
          ...world.groups[old]!,
          id,
          name: "Somebody else's",
          code: "Strange4AbCdEf",
          createdAt: now,
        };
      }
      return Response.json({ success: true });
    },
    expected: ["review unconfirmed not-seen"],
  },
  "join: a full group": {
    input: joining(WORLD_CODES.crowded),
    expected: ["failed not-joined group-full"],
    never: /Remove somebody|code group-full/,
  },
  "join: a revoked code": { input: joining(WORLD_CODES.revoked), expected: ["failed not-joined revoked"] },
  "join: the answer is lost": {
    input: joining(WORLD_CODES.market),
    manner: losing("POST /groups/join"),
    expected: ["done joined"],
  },
  "add: no admin any more after two": {
    input: adding(alpha, [free, free2, ...many(2)], "careful"),
    manner: ({ what, nth, world, answer }) => {
      if (what.startsWith("POST") && nth === 3) change(world, alpha, demote);
      return answer();
    },
    expected: ["done added", "done added", "todo", "todo"],
  },
  "add: thrown out after two": {
    input: adding(alpha, [free, free2, ...many(2)], "careful"),
    manner: ({ what, nth, world, answer }) => {
      if (what.startsWith("POST") && nth === 3) change(world, alpha, without(OWN_NUMBER));
      return answer();
    },
    expected: ["review unconfirmed unread", "review unconfirmed unread", "todo", "todo"],
    never: /not an admin/,
  },
  "add: three of fifty come in meanwhile (409 for all)": {
    input: adding(alpha, many(50)),
    options: { mixed: "refuse" },
    manner: ({ what, nth, world, answer }) => {
      if (what.startsWith("POST") && nth === 1)
        change(world, alpha, letIn([many(50)[7]!, many(50)[20]!, many(50)[33]!]));
      return answer();
    },
    expected: many(50).map((_, n) => (n === 7 || n === 20 || n === 33 ? "done already-in" : "done added")),
    most: 5,
  },
  "add: the answer is lost, one was refused": {
    input: adding(alpha, [free, refusing, free2]),
    manner: losing("POST"),
    expected: ["done added", "review not-added no-effect", "done added"],
  },
  "add: a bare yes, and one is not on WhatsApp": {
    input: adding(alpha, [free, absent]),
    options: { answers: "message" },
    expected: ["done added", "review not-added not-on-whatsapp"],
    never: /Invite 1 person/,
  },
  "add: a bare yes, and nothing is done": {
    input: adding(alpha, [free, free2]),
    manner: saying("POST", '{"success":true}'),
    expected: ["review not-added no-effect", "review not-added no-effect"],
  },
  "add: hidden members, one refused": {
    input: adding(hidden, [free, refusing, free2, ...many(3)]),
    expected: ["done added", "failed not-added privacy", "done added", "done added", "done added", "done added"],
  },
  "add: hidden members, a stranger comes in": {
    input: adding(hidden, [free, free2]),
    manner: ({ what, world, answer }) => {
      if (what.startsWith("POST")) change(world, hidden, letIn([many(1)[0]!]));
      return answer();
    },
    expected: ["review unconfirmed hidden", "review unconfirmed hidden"],
  },
  "remove: by number from a group that hides numbers": {
    input: { kind: "remove", groups: [hidden], people: asPeople([free]), pace: "fast" },
    expected: ["review unconfirmed hidden"],
    never: /not in/,
  },
  "remove: ourselves, where the own number is unknown": {
    input: { kind: "remove", groups: [alpha], people: asPeople([OWN_NUMBER]), pace: "fast" },
    isNameless: true,
    manner: ({ what, answer }) =>
      what.startsWith("DELETE")
        ? Response.json({ error: { code: "FORBIDDEN", message: "The instance cannot remove itself" } }, { status: 403 })
        : answer(),
    expected: ["failed not-removed own-number"],
    never: /not an admin/i,
  },
  "remove: from a list that hides some numbers and not others": {
    input: { kind: "remove", groups: [support], people: asPeople([seen, veiled]), pace: "fast" },
    manner: ({ what, world, answer }) => {
      if (what.startsWith("GET")) change(world, support, () => ({ hides: [veiled] }));
      return answer();
    },
    expected: ["done removed", "review unconfirmed hidden"],
    never: /first removal/,
  },
  "remove: nothing is done, and the number is hidden from then on": {
    input: { kind: "remove", groups: [support], people: asPeople([seen]), pace: "fast" },
    manner: ({ what, world, answer }) => {
      if (!what.startsWith("DELETE")) return answer();
      change(world, support, () => ({ hides: [seen] }));
      return Response.json({ success: true });
    },
    expected: ["review unconfirmed hidden"],
  },
  "add: members that nobody can read": {
    input: adding(alpha, [free, free2]),
    manner: ({ what, answer }) =>
      what.endsWith("/participants") && what.startsWith("GET") ? Response.json({ members: "many" }) : answer(),
    expected: ["todo", "todo"],
    most: 6,
  },
  "join: the group is shown without its members": {
    input: joining(WORLD_CODES.market),
    dialect: "reference",
    manner: async ({ request, answer }) => {
      const given = await answer();
      if (request.method !== "GET") return given;
      const body = JSON.stringify(await given.json(), (key, value: unknown) => (key === "participants" ? [] : value));
      return new Response(body, { status: given.status, headers: given.headers });
    },
    expected: ["done joined"],
  },
  "join: the group is shown without members to those who wait": {
    input: joining(WORLD_CODES.ignored),
    dialect: "reference",
    options: { waiting: "as-joined" },
    manner: async ({ what, answer }) => {
      const given = await answer();
      const isAsked = what === `GET /groups/${WORLD_GROUPS.ignored}` && given.status === 404;
      return isAsked ? Response.json({ id: WORLD_GROUPS.ignored, subject: "Runners", participants: [] }) : given;
    },
    expected: ["review unconfirmed not-seen"],
  },
  "create: readings come some seconds late": {
    input: creating([free, free2]),
    manner: ({ what, world, now, answer }) => {
      const made = Object.values(world.groups).find(({ name }) => name === "Night shift");
      const isLate = made !== undefined && now < made.createdAt + 12_000 && what.includes(made.id);
      return isLate ? Response.json({ error: { code: "GROUP_NOT_FOUND" } }, { status: 404 }) : answer();
    },
    expected: ["done created", "done added", "done added"],
  },
  "create: the answer is lost, the agent names the group": {
    input: creating([free, refusing]),
    manner: losing("POST /groups"),
    after: async ({ h, id }) => {
      const [step] = await h.steps(id);
      await h.jobs.resolveSteps(id, [0], "done", step?.candidates?.[0]);
      await h.settle();
    },
    expected: ["done created", "done added", "review not-added no-effect"],
    never: /code offline|It did not/,
  },
  "create: the members of the new group are hidden": {
    input: creating([free, free2]),
    manner: async ({ what, world, answer }) => {
      const given = await answer();
      const made = Object.values(world.groups).find(({ name }) => name === "Night shift");
      if (what.startsWith("POST /groups") && made) change(world, made.id, () => ({ isHidden: true }));
      return given;
    },
    expected: ["done created", "done added", "done added"],
  },
  "send: sent": { input: sending, expected: ["done sent"], never: /queue/ },
  "send: queued": { input: sending, dialect: "reference", expected: ["done queued"] },
  ...Object.fromEntries(
    ["", "null", "[]", "42", '{"success":true}'].map((body): [string, Scene] => [
      `send: answered by ${body || "an empty 200"}, nothing sent`,
      { input: sending, manner: saying("POST /messages", body), expected: ["review unconfirmed"], never: /queue/ },
    ]),
  ),
  "leave: one group": { input: { kind: "leave", groups: [support] }, expected: ["done left"], most: 2 },
  "leave: taken, and not done": {
    input: { kind: "leave", groups: [support] },
    manner: saying("POST", '{"success":true}'),
    expected: ["review not-left no-effect"],
  },
  "update: as a plain member, refused in a 500 with a sentence": {
    input: { kind: "update", group: WORLD_GROUPS.member, name: "Mine" },
    manner: ({ what, answer }) =>
      what.startsWith("PATCH")
        ? Response.json({ statusCode: 500, message: "You are not an admin of this group" }, { status: 500 })
        : answer(),
    expected: ["failed not-updated not-admin"],
  },
};

setUpScreens();

interface Row {
  name: string;
  requests: number;
  brief: string[];
  told: string[];
  untrue: string[];
}

async function play(name: string, scene: Scene): Promise<Row> {
  const time = newWorld();
  const now = () => time.time;
  const world = createWorld({ groups: 12, ...scene.options });
  const before = structuredClone(world);
  const { dialect = "guide" } = scene;
  const sandbox = sandboxGateway({ world, now, dialect: scene.isBoth ? "both" : dialect, rateLimit: false });
  const effects: Effect[] = [];
  const seen: string[] = [];
  const fetch = async (request: Request) => {
    time.time += 100;
    const path = decodeURIComponent(new URL(request.url).pathname).replace(/^\/api\/instances\/[^/]+/, "");
    const what = `${request.method} ${path}`;
    seen.push(what);
    const nth = seen.filter((each) => each === what).length;
    const answer = () => sandbox.fetch(request, effects);
    return scene.manner ? scene.manner({ request, what, nth, world, now: now(), answer }) : answer();
  };
  const { ownNumber: _, ...nameless } = CONNECTION;
  const connection: Connection = {
    ...nameless,
    instance: "inst_abc123",
    dialect,
    ...(scene.isNameless ? {} : { ownNumber: OWN_NUMBER }),
  };
  const store = await newStore(time, memoryStore());
  await write(store, ["connections", "groups"], async (tx) => {
    await tx.objectStore("connections").put(connection);
    for (const group of Object.values(world.groups)) {
      if (!group.members.some(({ id }) => id === OWN_NUMBER)) continue;
      const { id, name, members } = group;
      const row = { connection: "c1", id, name, size: members.length, listedAt: 1 };
      await tx.objectStore("groups").put(toRow(row));
    }
  });
  const gateway = openGateway({
    connection,
    key: async () => ok(new Secret(KEY)),
    budget: openBudget("c1", { load: async () => undefined, save: async () => undefined }, now),
    fetch,
  });
  const h = harnessOn(store, time, { gateway: async () => ok(gateway) });
  const id = await h.begin(scene.input);
  await h.settle();
  const requests = seen.length;
  const groups = openGroups({ store, now, sleep: async () => undefined, alarms: noAlarms, gatewayOf: () => gateway });
  await scene.after?.({ h, id, world, refresh: () => groups.refresh(connection) });
  const job = (await readJob(store, id))!;
  const steps = await readSteps(store, id);
  const untrue = untruths({ before, world, effects, job, steps });
  return { name, requests, brief: brief(steps), told: toldOf(job, steps), untrue };
}

test(
  "each gateway as it was met: the agent is told what is so, and all that can be known",
  { timeout: 120_000 },
  async () => {
    const rows: Row[] = [];
    for (const [name, scene] of Object.entries(SCENES)) rows.push(await play(name, scene));
    if (process.env["FAULTS"]) console.log(tableOf(rows));
    expect(rows.filter(({ untrue }) => untrue.length > 0).map(({ name, untrue }) => ({ name, untrue }))).toEqual([]);
    expect(rows.map(({ name, brief: was }) => [name, was])).toEqual(
      Object.entries(SCENES).map(([name, { expected }]) => [name, expected]),
    );
    for (const { name, told, requests } of rows) {
      const { never, most = Infinity } = SCENES[name]!;
      expect([name, told.join("")]).not.toEqual([name, ""]);
      expect(requests, name).toBeLessThanOrEqual(most);
      if (never) for (const said of told) expect(said, name).not.toMatch(never);
    }
  },
);

function tableOf(rows: Row[]): string {
  const lines = rows.map(({ name, requests, told, untrue }) =>
    [
      `  ${name}: ${requests} requests, true? ${untrue.length > 0 ? `NO: ${untrue.join(", ")}` : "yes"}`,
      ...told.map((said) => `           told: ${said}`),
    ].join("\n"),
  );
  const count = rows.reduce((sum, { untrue }) => sum + untrue.length, 0);
  return `\nGateways as they were met\n${lines.join("\n")}\n\n${rows.length} gateways, ${count} untrue\n`;
}
