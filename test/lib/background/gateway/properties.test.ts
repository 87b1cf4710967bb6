import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Secret } from "../../../../lib/background/gateway/secret";
import { openGateway } from "../../../../lib/background/gateway/client";
import type { Gateway } from "../../../../lib/background/gateway/gateway";
import type { Answer } from "../../../../lib/background/gateway/answer";
import { FAILURE_CODES, type Dialect } from "../../../../lib/shared/model";
import { ok } from "../../../../lib/shared/failure";
import { AGENT, ANNA, GROUP, INSTANCE, KEY, plenty } from "./gate";

/** Answers of any shape (T49, T52): nothing throws, a failure is typed, a value has our form, no odd id gets anywhere. */

const CALLS: Record<keyof Gateway, (gateway: Gateway) => Promise<Answer<unknown>>> = {
  listInstances: (g) => g.listInstances(AGENT),
  listGroups: (g) => g.listGroups(AGENT),
  getGroup: (g) => g.getGroup(GROUP, AGENT),
  createGroup: (g) => g.createGroup({ name: "A", people: [ANNA] }, AGENT),
  updateGroup: (g) => g.updateGroup(GROUP, { name: "B" }, AGENT),
  leaveGroup: (g) => g.leaveGroup(GROUP, AGENT),
  listMembers: (g) => g.listMembers(GROUP, AGENT),
  addMembers: (g) => g.addMembers(GROUP, [ANNA], AGENT),
  removeMembers: (g) => g.removeMembers(GROUP, [ANNA], AGENT),
  readInvite: (g) => g.readInvite(GROUP, AGENT),
  joinGroup: (g) => g.joinGroup("AbCdEfGhIjKlMn", AGENT),
  sendText: (g) => g.sendText(GROUP, "Hello", AGENT),
  checkPerson: (g) => g.checkPerson("5511999998888", AGENT),
  listContacts: (g) => g.listContacts(AGENT),
};
const READS = [
  "listInstances",
  "listGroups",
  "getGroup",
  "listMembers",
  "readInvite",
  "checkPerson",
  "listContacts",
] as const;

const NAMES = [
  "data",
  "items",
  "groups",
  "participants",
  "results",
  "error",
  "success",
  "message",
  "meta",
  "details",
  "exception",
  "statusCode",
  "total",
  "totalPages",
  "page",
  "limit",
  "group_id",
  "id",
  "jid",
  "name",
  "subject",
  "description",
  "desc",
  "owner",
  "created_at",
  "creation",
  "size",
  "participant_count",
  "pictureUrl",
  "is_admin",
  "is_super_admin",
  "admin",
  "invite_code",
  "code",
  "status",
  "message_id",
  "jobId",
  "exists",
  "chat_id",
  "key",
  "_serialized",
  "phone",
  "content",
  "attrs",
  "requestId",
  "timestamp",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  GROUP,
  ANNA,
];
const leaf = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -1,
    200,
    403,
    1e308,
    "",
    GROUP,
    ANNA,
    "..",
    "200",
    "AbCdEfGhIjKlMn",
    "2026-01-15T10:00:00Z",
  ),
  fc.string(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    leaf,
    fc.array(tie("tree"), { maxLength: 4 }),
    fc.array(fc.tuple(fc.constantFrom(...NAMES), tie("tree")), { maxLength: 6 }).map((pairs) => {
      // As JSON.parse makes it: `__proto__` is a key like any other.
      const text = pairs.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",");
      return JSON.parse(`{${text}}`) as unknown;
    }),
  ),
}));
const status = fc.constantFrom(200, 200, 200, 201, 202, 400, 401, 403, 404, 405, 409, 418, 422, 429, 500, 503);

function answering(text: string, code: number, dialect: Dialect, paths: string[] = []): Gateway {
  let count = 0;
  return openGateway({
    connection: { origin: "https://gateway.example", instance: INSTANCE, dialect, auth: "api-key" },
    key: async () => ok(new Secret(KEY)),
    budget: plenty(),
    fetch: (request) => {
      paths.push(new URL(request.url).pathname);
      count += 1;
      // A list that pages for ever is another test's matter.
      return new Response(count > 3 ? "[]" : text, { status: code, headers: { "content-type": "application/json" } });
    },
  });
}

function check(name: string, answer: Answer<unknown>) {
  if (!answer.ok) {
    expect(FAILURE_CODES).toContain(answer.failure.code);
    expect(["unsent", "refused", "unknown"]).toContain(answer.failure.certainty);
    expect((answer.failure.detail ?? "").length).toBeLessThanOrEqual(201 * 16);
    return;
  }
  const value = answer.value as never;
  const members = (list: { id: string; role: string }[] | undefined) => {
    for (const { id, role } of list ?? []) {
      expect(id).toMatch(/^[0-9]{5,20}(:[0-9]{1,3})?@(s\.whatsapp\.net|c\.us|lid)$/);
      expect(["member", "admin", "superadmin"]).toContain(role);
    }
  };
  const group = (
    one: { id: string; name?: string; size?: number; createdAt?: number; members?: never } | undefined,
  ) => {
    if (!one) return;
    expect(one.id).toMatch(/^[0-9]{5,20}(-[0-9]{5,15})?@g\.us$/);
    if ("name" in one) expect(typeof one.name).toBe("string");
    if (one.size !== undefined) expect(Number.isInteger(one.size)).toBe(true);
    if (one.createdAt !== undefined) expect(Number.isFinite(one.createdAt)).toBe(true);
    members(one.members);
  };
  if (name === "listGroups") (value as { groups: never[] }).groups.forEach(group);
  if (name === "getGroup") group(value);
  if (name === "createGroup" || name === "joinGroup") group((value as { group?: never }).group);
  if (name === "listMembers") members(value);
  if (name === "readInvite") expect((value as { code: string }).code).toMatch(/^[A-Za-z0-9_-]{10,64}$/);
}

test("any JSON with any status gives a value in our words or a typed failure, for every call (T49)", async () => {
  await fc.assert(
    fc.asyncProperty(
      tree,
      status,
      fc.constantFrom<keyof Gateway>(...(Object.keys(CALLS) as (keyof Gateway)[])),
      fc.constantFrom<Dialect>("guide", "reference"),
      async (body, code, name, dialect) => {
        const answer = await CALLS[name](answering(JSON.stringify(body), code, dialect));
        check(name, answer);
        expect(({} as Record<string, unknown>)["id"]).toBeUndefined();
        expect(Object.getPrototypeOf({})).toBe(Object.prototype);
      },
    ),
    // Found once in many runs: an object that cannot be made a number or a text.
    { numRuns: 1000, examples: [[{ code: { toString: "" } }, 200, "joinGroup", "guide"]] },
  );
}, 120_000);

test("any bytes at all give a typed failure or a value in our words (T49)", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: "binary" }),
      fc.constantFrom<keyof Gateway>(...(Object.keys(CALLS) as (keyof Gateway)[])),
      async (text, name) => {
        check(name, await CALLS[name](answering(text, 200, "guide")));
      },
    ),
    { numRuns: 300 },
  );
}, 120_000);

test.each(READS)("%s makes nothing out of wrong types", async (name) => {
  const wrong = [
    "null",
    "7",
    '"x"',
    "true",
    "{}",
    "[null]",
    "[7]",
    "[[]]",
    '{"data":null}',
    '{"data":7}',
    '{"data":[null,{}]}',
    '{"data":{"items":7}}',
    '{"data":[{"group_id":42,"id":{"a":1},"name":["x"]}]}',
    '{"data":{"group_id":[],"name":7}}',
    '{"id":1e999,"name":1e999}',
    '[{"id":true}]',
  ];
  for (const text of wrong) {
    const answer = await CALLS[name](answering(text, 200, "guide"));
    const code = ["null", "{}", '{"data":null}'].includes(text) ? "empty-answer" : "bad-answer";
    expect([text, answer.ok, !answer.ok && answer.failure.code]).toEqual([text, false, code]);
  }
});

test.each([
  ["name", `{"id":"${GROUP}","name":7}`],
  ["participants", `{"id":"${GROUP}","name":"A","participants":"many"}`],
  ["a participant", `{"id":"${GROUP}","name":"A","participants":["${ANNA}",null]}`],
  ["a participant's role", `{"id":"${GROUP}","name":"A","participants":[{"id":"${ANNA}","is_admin":7}]}`],
])("a group whose %s has the wrong type is there, and that part is unknown", async (_, text) => {
  const group = { id: GROUP, name: expect.stringMatching(/^[A7]$/) as string };
  const one = await CALLS.getGroup(answering(text, 200, "guide"));
  expect(one.ok && one.value).toEqual(group);
  const list = await CALLS.listGroups(answering(`[${text}]`, 200, "guide"));
  expect(list.ok && list.value).toMatchObject({ groups: [group] });
});

test("duplicate keys, __proto__ and numbers beyond all bounds do no harm (T49)", async () => {
  const text = `{"data":{"id":"9@g.us","id":"${GROUP}","__proto__":{"name":"evil"},"constructor":{"name":"x"},"size":1e999,"creation":1e999}}`;
  expect(await CALLS.getGroup(answering(text, 200, "guide"))).toMatchObject({
    ok: true,
    value: { id: GROUP, name: "" },
  });
  const keyed = `{"__proto__":{"subject":"evil"},"${GROUP}":{"subject":"A"}}`;
  expect(await CALLS.listGroups(answering(keyed, 200, "guide"))).toMatchObject({ failure: { code: "bad-answer" } });
});

test("ids of another form are left out and reach no path (T52)", async () => {
  const odd = fc.oneof(
    fc.constantFrom(
      "..",
      ".",
      "a/b",
      "%2e%2e",
      "?x",
      "1@g.us",
      `${GROUP}/x`,
      `../${GROUP}`,
      "१२३४५६@g.us",
      "status@broadcast",
      "120363@newsletter",
      `${GROUP}\n`,
    ),
    fc.string(),
    fc.string({ unit: "binary" }),
  );
  await fc.assert(
    fc.asyncProperty(
      odd.filter((id) => !/^[0-9]{5,20}(-[0-9]{5,15})?@g\.us$/.test(id)),
      async (id) => {
        const rows = JSON.stringify([
          { id, name: "odd" },
          { id: GROUP, name: "good" },
        ]);
        const paths: string[] = [];
        const gateway = answering(rows, 200, "guide", paths);
        const answer = await gateway.listGroups(AGENT);
        if (answer.ok) expect(answer.value.groups.map((one) => one.id)).toEqual([GROUP]);
        else expect(answer.failure.code).toBe("bad-answer");
        paths.length = 0;
        expect(await gateway.getGroup(id, AGENT)).toMatchObject({
          failure: { code: "bad-input", certainty: "unsent" },
        });
        expect(await gateway.removeMembers(GROUP, [id], AGENT)).toMatchObject({ failure: { certainty: "unsent" } });
        expect(paths).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
}, 120_000);

test("names come on one line without controls, descriptions on theirs (T51)", async () => {
  const body = { id: GROUP, name: "Pay\u202Eroll\n\u0000team\u200B", description: "one\r\ntwo\u2066\u0007" };
  expect(await CALLS.getGroup(answering(JSON.stringify(body), 200, "guide"))).toMatchObject({
    value: { name: "Payroll team", description: "one\ntwo" },
  });
  const long = await CALLS.getGroup(answering(JSON.stringify({ id: GROUP, name: "x".repeat(10_000) }), 200, "guide"));
  expect(long.ok && (long.value as { name: string }).name.length).toBeLessThanOrEqual(101);
});
