import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Answer } from "../../../../lib/background/gateway/answer";
import { AGENT, ANNA, BOB, GROUP, INSTANCE, KEY, forgetful, startGate, type Gate } from "./gate";

/** The twenty rules of tolerant reading (contract, section 5), each against real HTTP. */

let gate: Gate;
beforeAll(async () => {
  gate = await startGate();
});
beforeEach(() => {
  gate.log.length = 0;
});
afterAll(() => gate.close());

const OTHER = "79876543210-1587570015@g.us";
const valueOf = <T>(answer: Answer<T>): T => {
  if (!answer.ok) throw new Error(`failed: ${JSON.stringify(answer.failure)}`);
  return answer.value;
};
const failureOf = <T>(answer: Answer<T>) => {
  if (answer.ok) throw new Error(`did not fail: ${JSON.stringify(answer.value)}`);
  return answer.failure;
};

describe("reading", () => {
  const rows = [{ group_id: GROUP, name: "Project Alpha", participant_count: 5 }];
  test.each([
    ["data", { data: rows }],
    ["the general envelope", { success: true, data: rows, meta: { requestId: "req_1" } }],
    ["a bare array", rows],
    ["result", { status: "success", result: rows }],
    ["data in data", { data: { data: rows, current_page: 1, last_page: 1 } }],
    ["data.content", { data: { content: rows } }],
    ["data.items", { success: true, data: { items: rows, total: 1, page: 1, limit: 50, totalPages: 1 } }],
    ["groups", { groups: rows }],
    ["data.groups", { data: { groups: rows } }],
    ["an object keyed by group id", { [GROUP]: { subject: "Project Alpha", size: 5 } }],
    ["a null error beside the data", { error: null, data: rows }],
  ])("rule 5.1 unwraps %s", async (_, body) => {
    gate.say(body);
    expect(valueOf(await gate.open().listGroups(AGENT))).toEqual({
      groups: [{ id: GROUP, name: "Project Alpha", size: 5 }],
      isComplete: true,
    });
  });

  test("rule 5.1 takes success:false and error inside a 200 as an error", async () => {
    gate.say({ success: false, error: { code: "INSTANCE_NOT_FOUND", message: "Instance not found" } });
    expect(failureOf(await gate.open().listGroups(AGENT))).toMatchObject({
      code: "instance-gone",
      certainty: "refused",
    });
    gate.say({ data: rows, error: "boom" });
    expect(failureOf(await gate.open().listGroups(AGENT))).toMatchObject({ code: "rejected", detail: "boom" });
  });

  test.each([
    [
      "the guide's words",
      {
        group_id: GROUP,
        name: "Alpha",
        description: "Team\nspace",
        owner: ANNA,
        created_at: "2026-01-15T10:00:00Z",
        participants: [ANNA, BOB],
      },
    ],
    [
      "the reference's words",
      {
        id: GROUP,
        subject: "Alpha",
        desc: "Team\nspace",
        owner: { _serialized: ANNA },
        creation: 1_768_471_200,
        size: 2,
        participants: [{ id: ANNA }, { id: BOB }],
      },
    ],
    [
      "milliseconds and a serialized id",
      {
        id: { _serialized: GROUP },
        subject: "Alpha",
        description: "Team\nspace",
        owner: ANNA,
        creation: 1_768_471_200_000,
        participantCount: 2,
        participants: [{ jid: ANNA }, { id: BOB }],
      },
    ],
  ])("rule 5.2 understands a group in %s", async (_, body) => {
    gate.say({ data: body });
    expect(valueOf(await gate.open().getGroup(GROUP, AGENT))).toEqual({
      id: GROUP,
      name: "Alpha",
      description: "Team\nspace",
      owner: ANNA,
      createdAt: Date.UTC(2026, 0, 15, 10),
      size: 2,
      members: [
        { id: ANNA, role: "member" },
        { id: BOB, role: "member" },
      ],
    });
  });

  test("rule 5.2 keeps a picture only by https and lets odd decorations go", async () => {
    gate.say({
      id: GROUP,
      subject: "A",
      pictureUrl: "https://pps.example/1.jpg",
      owner: 7,
      creation: "soon",
      size: -1,
    });
    expect(valueOf(await gate.open().getGroup(GROUP, AGENT))).toEqual({
      id: GROUP,
      name: "A",
      picture: "https://pps.example/1.jpg",
    });
    for (const participants of [12, {}, "12", [{ name: "Bob" }]]) {
      gate.say({ data: [{ id: GROUP, subject: 2024, participants, hasMore: "false" }] });
      expect(valueOf(await gate.open().listGroups(AGENT)).groups).toEqual([{ id: GROUP, name: "2024" }]);
    }
    gate.say({ id: GROUP, subject: "A", pictureUrl: "javascript:alert(1)" });
    expect(valueOf(await gate.open().getGroup(GROUP, AGENT))).toEqual({ id: GROUP, name: "A" });
  });

  test.each([
    [{ id: ANNA, is_admin: true, is_super_admin: true }, "superadmin"],
    [{ id: ANNA, isAdmin: true, isSuperAdmin: true }, "superadmin"],
    [{ id: ANNA, admin: "superadmin" }, "superadmin"],
    [{ id: ANNA, is_admin: true, is_super_admin: false }, "admin"],
    [{ id: ANNA, is_admin: true }, "admin"],
    [{ id: ANNA, admin: "admin" }, "admin"],
    [{ id: ANNA, admin: null }, "member"],
    [{ id: ANNA, is_admin: false }, "member"],
    [{ id: ANNA, is_admin: 1, is_super_admin: 0 }, "admin"],
    [{ id: ANNA, is_admin: "true", is_super_admin: "true" }, "superadmin"],
    [{ id: ANNA, type: "SUPER_ADMIN" }, "superadmin"],
    [{ id: { user: "5511999998888", server: "s.whatsapp.net" }, role: "Admin" }, "admin"],
    [ANNA, "member"],
    ["5511999998888", "member"],
  ])("rule 5.3 reads the role of %j as %s", async (row, role) => {
    gate.say([row]);
    expect(valueOf(await gate.open().listMembers(GROUP, AGENT))).toEqual([{ id: ANNA, role }]);
  });

  test("rule 5.3 refuses a role that is no role, rather than taking an admin for a member", async () => {
    gate.say([{ id: ANNA, is_admin: "yes" }]);
    expect(failureOf(await gate.open().listMembers(GROUP, AGENT)).code).toBe("bad-answer");
  });

  test("members of other apps, bots and channels are nobody with a number, but a row without an id may be anybody", async () => {
    const others = ["4470012345@interop", "867051314767696@bot", "120363@newsletter"].map((id) => ({ id }));
    gate.say({ data: [{ id: ANNA }, ...others] });
    expect(valueOf(await gate.open().listMembers(GROUP, AGENT)).map(({ id }) => id)).toEqual([ANNA]);
    gate.say({ data: [{ id: ANNA }, { name: "Bob" }] });
    expect(failureOf(await gate.open().listMembers(GROUP, AGENT)).code).toBe("bad-answer");
  });

  test("rule 5.3 prefers the phone number beside a hidden id", async () => {
    gate.say([
      { id: "76699677012110@lid", phoneNumber: ANNA },
      { id: "76699677012111@lid", admin: null },
    ]);
    expect(valueOf(await gate.open().listMembers(GROUP, AGENT)).map(({ id }) => id)).toEqual([
      ANNA,
      "76699677012111@lid",
    ]);
  });
});

test.each([{ is_member: "false" }, { isMember: 0 }, { left: "true" }])(
  "a group with %j is one that we left",
  async (field) => {
    gate.say({ data: { id: GROUP, subject: "A", ...field } });
    expect(failureOf(await gate.open().getGroup(GROUP, AGENT)).code).toBe("group-gone");
  },
);

test.each([["false"], [0], ["0"], ["null"], [""]])("hasMore %j is no", async (hasMore) => {
  gate.say({ data: [{ id: GROUP, subject: "A" }], hasMore });
  expect(valueOf(await gate.open().listGroups(AGENT)).isComplete).toBe(true);
  expect(gate.log).toHaveLength(1);
});

describe("sending", () => {
  test("rule 5.4 sends digits@s.whatsapp.net, a hidden id untouched, and nothing that is no person", async () => {
    gate.say({});
    const gateway = gate.open();
    await gateway.addMembers(
      GROUP,
      ["5511999998888@c.us", "5511999997777:12@s.whatsapp.net", "76699677012110@lid"],
      AGENT,
    );
    expect(JSON.parse(gate.log[0]!.body)).toEqual({ participants: [ANNA, BOB, "76699677012110@lid"] });
    const refused = failureOf(await gateway.addMembers(GROUP, [ANNA, "+55 11 99999-8888"], AGENT));
    expect(refused).toEqual({ code: "bad-input", certainty: "unsent" });
    expect(gate.log).toHaveLength(1);
  });

  test("rule 5.5 encodes ids in the path", async () => {
    gate.say({ data: { group_id: GROUP, name: "A" } });
    await gate.open().getGroup(GROUP, AGENT);
    expect(gate.log[0]!.path).toBe(`/api/instances/${INSTANCE}/groups/120363012345678901%40g.us`);
  });

  test.each([
    ["a link under invite_code", { data: { invite_code: "https://chat.whatsapp.com/AbCdEfGhIjKlMn" } }],
    ["inviteCode", { inviteCode: "AbCdEfGhIjKlMn" }],
    ["code", { code: "AbCdEfGhIjKlMn" }],
    ["newCode", { data: { newCode: "AbCdEfGhIjKlMn" } }],
    ["nested", { data: { invite: { code: "AbCdEfGhIjKlMn" } } }],
    ["a link beside a code of 200", { code: 200, link: "https://chat.whatsapp.com/AbCdEfGhIjKlMn" }],
    ["a list of one", { data: ["https://chat.whatsapp.com/AbCdEfGhIjKlMn"] }],
    ["another name", { groupInviteLink: "https://chat.whatsapp.com/AbCdEfGhIjKlMn" }],
    ["link with /invite/, a slash and a query", { link: "https://chat.whatsapp.com/invite/AbCdEfGhIjKlMn/?mode=x" }],
    ["a JSON string", "AbCdEfGhIjKlMn"],
    ["a string under data", { data: "https://chat.whatsapp.com/AbCdEfGhIjKlMn" }],
  ])("rule 5.6 finds the code in %s", async (_, body) => {
    gate.say(body);
    expect(valueOf(await gate.open().readInvite(GROUP, AGENT))).toEqual({ code: "AbCdEfGhIjKlMn" });
  });

  test("rule 5.6 finds the code in a plain text body", async () => {
    gate.say("AbCdEfGhIjKlMn\n", { type: "text/plain" });
    expect(valueOf(await gate.open().readInvite(GROUP, AGENT))).toEqual({ code: "AbCdEfGhIjKlMn" });
  });

  test.each([
    undefined,
    "undefined",
    "",
    null,
    {},
    { data: {} },
    { data: { invite_code: null } },
    { invite_code: "undefined" },
    "https://chat.whatsapp.com/undefined",
  ])("rule 5.6 says of %j that nothing came, and never shows it as an invite", async (body) => {
    gate.say(body);
    expect(failureOf(await gate.open().readInvite(GROUP, AGENT)).code).toBe("empty-answer");
  });

  test.each([
    "https://evil.example/AbCdEfGhIjKlMn",
    { invite_code: 7 },
    { code: "NOT_GROUP_ADMIN", message: "Only admins can get the invite code" },
    "not-authorized",
    { message: "Forbidden", code: "PERMISSION_DENIED" },
  ])("rule 5.6 never shows %j as an invite", async (body) => {
    gate.say(body);
    expect(failureOf(await gate.open().readInvite(GROUP, AGENT)).code).toBe("bad-answer");
  });

  test("rule 5.6 sends the bare code under the dialect's own name, and nothing but a code", async () => {
    gate.say({});
    await gate.open().joinGroup("AbCdEfGhIjKlMn", AGENT);
    await gate.open({ dialect: "reference" }).joinGroup("AbCdEfGhIjKlMn", AGENT);
    expect(gate.log.map(({ body }) => JSON.parse(body))).toEqual([
      { invite_code: "AbCdEfGhIjKlMn" },
      { code: "AbCdEfGhIjKlMn" },
    ]);
    expect(failureOf(await gate.open().joinGroup("https://chat.whatsapp.com/x", AGENT)).certainty).toBe("unsent");
    expect(gate.log).toHaveLength(2);
  });

  test.each([
    ["nothing", undefined, undefined],
    ["true", true, undefined],
    ["an id", { id: GROUP }, { id: GROUP }],
    ["a group id under data", { data: { group_id: GROUP } }, { id: GROUP }],
    ["groupId and a message", { success: true, groupId: GROUP, message: "Joined the group" }, { id: GROUP }],
    ["the id alone", GROUP, { id: GROUP }],
    [
      "a whole group",
      { id: GROUP, subject: "Alpha", participants: [ANNA] },
      { id: GROUP, name: "Alpha", size: 1, members: [{ id: ANNA, role: "member" }] },
    ],
    ["a group of another kind", { id: "120363@newsletter" }, undefined],
  ])("rule 5.7 takes %s as a join", async (_, body, group) => {
    gate.say(body);
    expect(valueOf(await gate.open().joinGroup("AbCdEfGhIjKlMn", AGENT))).toEqual({
      isPending: false,
      ...(group ? { group } : {}),
    });
  });

  test.each([
    [{ data: { group_id: GROUP, status: "pending_approval" } }, 202],
    [{ data: { group_id: GROUP, status: "pending_approval" } }, 200],
    [{ isPending: true, id: GROUP }, 200],
    [{ success: true, id: GROUP, message: "Request sent, waiting for admin approval" }, 200],
    [{ code: 421, id: GROUP }, 200],
  ])("rule 5.7 knows %j as waiting for an admin", async (body, status) => {
    gate.say(body, { status });
    expect(valueOf(await gate.open().joinGroup("AbCdEfGhIjKlMn", AGENT))).toEqual({
      isPending: true,
      group: { id: GROUP },
    });
  });

  test("rule 5.7 takes an error that says waiting as waiting, and an empty 202 for an answer without a word", async () => {
    gate.say(
      { success: false, error: { code: "APPROVAL_REQUIRED", message: "Waiting for approval" } },
      { status: 409 },
    );
    expect(valueOf(await gate.open().joinGroup("AbCdEfGhIjKlMn", AGENT))).toEqual({ isPending: true });
    gate.say(undefined, { status: 202 });
    expect(valueOf(await gate.open().joinGroup("AbCdEfGhIjKlMn", AGENT))).toEqual({ isPending: false });
  });

  test("rule 5.7 does not take a group's description or its approval mode for waiting", async () => {
    gate.say({ id: GROUP, subject: "Pending approvals", description: "pending approval", joinApprovalMode: true });
    expect(valueOf(await gate.open().joinGroup("AbCdEfGhIjKlMn", AGENT)).isPending).toBe(false);
  });

  const changes = [
    ["update", (g: ReturnType<Gate["open"]>) => g.updateGroup(GROUP, { name: "B" }, AGENT)],
    ["leave", (g: ReturnType<Gate["open"]>) => g.leaveGroup(GROUP, AGENT)],
    ["add", (g: ReturnType<Gate["open"]>) => g.addMembers(GROUP, [ANNA], AGENT)],
    ["remove", (g: ReturnType<Gate["open"]>) => g.removeMembers(GROUP, [ANNA], AGENT)],
  ] as const;
  test.each(changes)("rule 5.8 takes every kind of yes for %s, and false as a missing permission", async (_, run) => {
    for (const status of [200, 201, 202]) {
      for (const body of [undefined, true, { success: true, message: "Done" }, { id: GROUP, subject: "B" }, [], null]) {
        gate.say(body, { status });
        expect((await run(gate.open())).ok).toBe(true);
      }
    }
    gate.say(undefined, { status: 204 });
    expect((await run(gate.open())).ok).toBe(true);
    gate.say("OK", { type: "text/plain" });
    expect((await run(gate.open())).ok).toBe(true);
    for (const body of [false, { data: false }]) {
      gate.say(body);
      expect(failureOf<unknown>(await run(gate.open()))).toMatchObject({ code: "not-admin", certainty: "refused" });
    }
  });

  test("rule 5.9 reports those whom a 2xx refused", async () => {
    gate.say([
      { status: "200", jid: ANNA, content: {} },
      { status: "403", jid: BOB, content: { tag: "add_request" } },
      { status: 409, jid: "5511999996666@c.us" },
    ]);
    expect(valueOf(await gate.open().addMembers(GROUP, [ANNA, BOB, "5511999996666@s.whatsapp.net"], AGENT))).toEqual([
      { person: ANNA, outcome: "ok", code: "200" },
      { person: BOB, outcome: "privacy", code: "403" },
      { person: "5511999996666@c.us", outcome: "already", code: "409" },
    ]);
  });

  const root = `/api/instances/${INSTANCE}/groups/120363012345678901%40g.us/participants`;
  const asked = () => gate.log.splice(0).map(({ method, path }) => `${method} ${path.replace(root, "…")}`);

  test("rule 5.10 removes by DELETE with a body in the guide, by POST …/remove in the reference", async () => {
    gate.say([]);
    for (const dialect of ["guide", "reference"] as const) {
      const gateway = gate.open({ dialect });
      await gateway.removeMembers(GROUP, [ANNA], AGENT);
      await gateway.addMembers(GROUP, [ANNA], AGENT);
    }
    for (const { body } of gate.log) expect(JSON.parse(body)).toEqual({ participants: [ANNA] });
    expect(asked()).toEqual(["DELETE …", "POST …", "POST …/remove", "POST …/add"]);
  });

  test.each([
    ["405", 405, { message: "no" }],
    ["404 of a route", 404, { message: "Cannot POST /x", error: "Not Found", statusCode: 404 }],
    ["404 that says nothing", 404, undefined],
    ["404 of HTML", 404, "<h1>Not Found</h1>"],
  ])("rule 5.10 takes the other form after a %s, and from then on at once", async (_, status, body) => {
    gate.act((request, response) => {
      if (request.url?.endsWith("/add")) {
        response.writeHead(status, { "content-type": typeof body === "string" ? "text/html" : "application/json" });
        response.end(typeof body === "string" ? body : JSON.stringify(body));
      } else response.end("[]");
    });
    const gateway = gate.open({ dialect: "reference" });
    expect((await gateway.addMembers(GROUP, [ANNA], AGENT)).ok).toBe(true);
    expect((await gateway.addMembers(GROUP, [BOB], AGENT)).ok).toBe(true);
    expect(asked()).toEqual(["POST …/add", "POST …", "POST …"]);
  });

  test.each([
    ["participants is required", undefined],
    ["body must not be empty", undefined],
    ["missing participants", undefined],
    ["Validation failed", { participants: "Required" }],
    ["Body cannot be empty when content-type is set to 'application/json'", undefined],
  ])("rule 5.10 removes by POST where a DELETE arrives without its body (%s)", async (message, details) => {
    gate.act((request, response) => {
      if (request.method !== "DELETE") response.end("[]");
      else response.writeHead(400).end(JSON.stringify({ error: { code: "VALIDATION_ERROR", message, details } }));
    });
    const gateway = gate.open();
    expect((await gateway.removeMembers(GROUP, [ANNA], AGENT)).ok).toBe(true);
    expect((await gateway.removeMembers(GROUP, [BOB], AGENT)).ok).toBe(true);
    expect(asked()).toEqual(["DELETE …", "POST …/remove", "POST …/remove"]);
  });

  test.each([
    [400, "participants[0] is required"],
    [400, "No participants were removed"],
    [400, "participants must be an array of strings"],
    [422, "participants is required"],
    [500, "participants is required"],
  ])("rule 5.10 never removes by POST after a %i that says: %s", async (status, message) => {
    gate.say({ error: { code: "VALIDATION_ERROR", message } }, { status });
    expect((await gate.open().removeMembers(GROUP, [ANNA], AGENT)).ok).toBe(false);
    expect(asked()).toEqual(["DELETE …"]);
  });

  test("rule 5.10 adds in one form only, and removes by POST in the reference only, where the list is said to be missing", async () => {
    gate.say({ error: { code: "VALIDATION_ERROR", message: "participants is required" } }, { status: 400 });
    expect((await gate.open().addMembers(GROUP, [ANNA], AGENT)).ok).toBe(false);
    expect((await gate.open({ dialect: "reference" }).removeMembers(GROUP, [ANNA], AGENT)).ok).toBe(false);
    expect(asked()).toEqual(["POST …", "POST …/remove"]);
  });

  test("rule 5.10 asks a gateway that has neither form twice, and says that there is no route", async () => {
    gate.say({ message: "no" }, { status: 405 });
    const gateway = gate.open();
    expect(failureOf(await gateway.removeMembers(GROUP, [ANNA], AGENT)).code).toBe("no-route");
    expect(asked()).toEqual(["DELETE …", "POST …/remove"]);
  });

  test("rule 5.10 tells a group that is gone from a route that is not there", async () => {
    const gateway = gate.open();
    gate.say({ error: { code: "GROUP_NOT_FOUND", message: "Group not found" } }, { status: 404 });
    expect(failureOf(await gateway.addMembers(GROUP, [ANNA], AGENT)).code).toBe("group-gone");
    gate.say({ error: { code: "NOT_FOUND", message: "Group not found or not a member" } }, { status: 404 });
    expect(failureOf(await gateway.addMembers(GROUP, [ANNA], AGENT)).code).toBe("group-gone");
    expect(asked()).toEqual(["POST …", "POST …"]);
    gate.say({ error: { code: "NOT_FOUND", message: "Not found" } }, { status: 404 });
    expect(failureOf(await gateway.addMembers(GROUP, [ANNA], AGENT)).code).toBe("group-gone");
    expect(asked()).toEqual(["POST …", "POST …/add"]);
  });

  test.each([500, 502, 408, 403, 422, 429])("rule 5.10 never asks in the other form after a %i", async (status) => {
    gate.say({ message: "no" }, { status });
    expect((await gate.open().removeMembers(GROUP, [ANNA], AGENT)).ok).toBe(false);
    gate.act((request) => request.socket.destroy());
    expect((await gate.open().removeMembers(GROUP, [ANNA], AGENT)).ok).toBe(false);
    expect(asked()).toEqual(["DELETE …", "DELETE …"]);
  });
});

describe("errors", () => {
  const error = (code: string, message = "No.") => ({ success: false, error: { code, message, details: {} } });

  test("rule 5.11 reads 409 by the place where it comes, the gateway's code first", async () => {
    const gateway = gate.open();
    gate.say(error("CONFLICT"), { status: 409 });
    expect(failureOf(await gateway.addMembers(GROUP, [ANNA], AGENT)).code).toBe("already-in");
    expect(failureOf(await gateway.removeMembers(GROUP, [ANNA], AGENT)).code).toBe("not-in");
    expect(failureOf(await gateway.createGroup({ name: "A", people: [] }, AGENT)).code).toBe("plan-limit");
    gate.say(error("PLAN_LIMIT_REACHED"), { status: 409 });
    expect(failureOf(await gateway.addMembers(GROUP, [ANNA], AGENT)).code).toBe("plan-limit");
  });

  test("rule 5.11 takes a 409 that tells of something else for no limit of the plan", async () => {
    const gateway = gate.open();
    const send = async (answer: unknown) => {
      gate.say(answer, { status: 409 });
      return failureOf(await gateway.sendText(GROUP, "Hello", AGENT));
    };
    expect((await send(error("CONFLICT", "Session conflict"))).code).toBe("instance-off");
    expect((await send({ message: "Stream Errored (conflict): connection replaced" })).code).toBe("instance-off");
    expect(await send(error("CONFLICT", "The chat is archived"))).toMatchObject({
      code: "rejected",
      detail: "The chat is archived",
    });
    expect((await send(error("CONFLICT", "Monthly limit reached"))).code).toBe("plan-limit");
    expect((await send(undefined)).code).toBe("plan-limit");
  });

  test("an account that WhatsApp restricts is refused as a right that is missing, not as a group without an admin", async () => {
    gate.say(error("FORBIDDEN", "This account is temporarily restricted"), { status: 403 });
    const gateway = gate.open();
    for (const answer of [
      await gateway.addMembers(GROUP, [ANNA], AGENT),
      await gateway.updateGroup(GROUP, { name: "B" }, AGENT),
      await gateway.sendText(GROUP, "Hello", AGENT),
    ]) {
      expect(failureOf<unknown>(answer).code).toBe("no-right");
    }
  });

  test("rule 5.12 reads 403 as not an admin in a group, as a missing right elsewhere", async () => {
    const gateway = gate.open();
    gate.say(error("FORBIDDEN"), { status: 403 });
    expect(failureOf(await gateway.updateGroup(GROUP, { name: "B" }, AGENT)).code).toBe("not-admin");
    expect(failureOf(await gateway.addMembers(GROUP, [ANNA], AGENT)).code).toBe("not-admin");
    expect(failureOf(await gateway.removeMembers(GROUP, [ANNA], AGENT)).code).toBe("not-admin");
    expect(failureOf(await gateway.readInvite(GROUP, AGENT)).code).toBe("not-admin");
    expect(failureOf(await gateway.listGroups(AGENT)).code).toBe("no-right");
    expect(failureOf(await gateway.createGroup({ name: "A", people: [] }, AGENT)).code).toBe("no-right");
    gate.say(error("FORBIDDEN", "This API key has no access"), { status: 403 });
    expect(failureOf(await gateway.updateGroup(GROUP, { name: "B" }, AGENT)).code).toBe("no-right");
  });

  test("rule 5.13 tells the three meanings of 404 apart", async () => {
    const gateway = gate.open();
    gate.say(error("INSTANCE_NOT_FOUND"), { status: 404 });
    expect(failureOf(await gateway.getGroup(GROUP, AGENT)).code).toBe("instance-gone");
    for (const body of [
      error("GROUP_NOT_FOUND"),
      error("NOT_FOUND", "Group not found or instance is not a member"),
      undefined,
    ]) {
      gate.say(body, { status: 404 });
      expect(failureOf(await gateway.getGroup(GROUP, AGENT)).code).toBe("group-gone");
    }
    for (const body of [
      error("ROUTE_NOT_FOUND"),
      error("NOT_FOUND", "Cannot DELETE /api/x"),
      { statusCode: 404, message: "Cannot POST /api/x", error: "Not Found" },
    ]) {
      gate.say(body, { status: 404 });
      expect(failureOf(await gateway.removeMembers(GROUP, [ANNA], AGENT)).code).toBe("no-route");
    }
    gate.say("<h1>Not Found</h1>", { status: 404, type: "text/html" });
    expect(failureOf(await gateway.removeMembers(GROUP, [ANNA], AGENT)).code).toBe("no-route");
    gate.say("404 Not Found", { status: 404, type: "text/plain" });
    expect(failureOf(await gateway.addMembers(GROUP, [ANNA], AGENT)).code).toBe("no-route");
  });

  test("rule 5.14 takes 400 and 422 alike and shows message and details", async () => {
    for (const status of [400, 422]) {
      gate.say(
        {
          success: false,
          error: { code: "VALIDATION_ERROR", message: "Bad participant", details: { participants: ["format"] } },
        },
        { status },
      );
      expect(failureOf(await gate.open().addMembers(GROUP, [ANNA], AGENT))).toMatchObject({
        code: "rejected",
        certainty: "refused",
        status,
        serverCode: "VALIDATION_ERROR",
        detail: "Bad participant participants: format",
      });
    }
  });

  test.each([
    [
      "the envelope with meta",
      { success: false, error: { code: "X", message: "Sorry" }, meta: { requestId: "req_9" } },
      "Sorry",
    ],
    ["error as text", { error: "Sorry" }, "Sorry"],
    ["Nest with one message", { statusCode: 400, message: "Sorry", error: "Bad Request" }, "Sorry"],
    ["Nest with several", { statusCode: 400, message: ["Sorry", "Really"], error: "Bad Request" }, "Sorry; Really"],
    ["WAHA", { statusCode: 400, timestamp: "x", exception: { message: "Sorry", name: "Error" } }, "Sorry"],
    ["nothing", undefined, undefined],
  ])("rule 5.15 reads an error as %s", async (_, body, detail) => {
    gate.say(body, { status: 400 });
    const failure = failureOf(await gate.open().updateGroup(GROUP, { name: "B" }, AGENT));
    expect(failure.code).toBe("rejected");
    expect(failure.detail).toBe(detail);
  });

  test("rule 5.15 falls back to the status for HTML", async () => {
    gate.say("<html><h1>502 Bad Gateway</h1></html>", { status: 502, type: "text/html" });
    expect(failureOf(await gate.open().updateGroup(GROUP, { name: "B" }, AGENT))).toEqual({
      code: "gateway-down",
      certainty: "unknown",
      status: 502,
    });
  });
});

describe("paging", () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      id: `12036301234567${String(i).padStart(4, "0")}@g.us`,
      subject: `G${i}`,
      participants: [],
    }));

  /** A gateway that gives so many rows at a time by offset. */
  const byOffset = (count: number, most: number) =>
    gate.act((request, response) => {
      const { searchParams } = new URL(request.url ?? "", gate.origin);
      const limit = Math.min(Number(searchParams.get("limit") ?? 50), most);
      const offset = Number(searchParams.get("offset") ?? 0);
      response
        .setHeader("content-type", "application/json")
        .end(JSON.stringify(many(count).slice(offset, offset + limit)));
    });

  test.each([
    ["guide", 600, 50, 13],
    ["reference", 600, 50, 13],
    ["reference", 620, 50, 13],
    ["reference", 123, 20, 7],
    ["guide", 130, 25, 6],
    ["reference", 130, 32, 5],
    ["guide", 130, 37, 4],
    ["reference", 130, 37, 4],
    ["guide", 37, 37, 2],
    ["reference", 7, 50, 2],
    ["guide", 7, 50, 2],
    ["guide", 3, 50, 1],
  ] as const)(
    "rule 5.16 %s reads all of %i groups at %i a page in %i requests",
    async (dialect, count, most, requests) => {
      byOffset(count, most);
      const { groups, isComplete } = valueOf(await gate.open({ dialect }).listGroups(AGENT));
      expect(new Set(groups.map(({ id }) => id)).size).toBe(count);
      expect(isComplete).toBe(true);
      expect(gate.log).toHaveLength(requests);
    },
  );

  test("rule 5.16 starts with the seed's bare request, or with the reference's limit and offset", async () => {
    byOffset(50, 50);
    await gate.open().listGroups(AGENT);
    await gate.open({ dialect: "reference" }).listGroups(AGENT);
    const path = `/api/instances/${INSTANCE}/groups`;
    expect(gate.log.map((request) => request.path)).toEqual([
      path,
      `${path}?limit=100&offset=50`,
      `${path}?limit=100&offset=0`,
      `${path}?limit=100&offset=50`,
    ]);
  });

  /** A gateway that counts its pages, of `usual` rows unless asked for up to `most`. */
  const byNumber = (count: number, usual: number, most: number) =>
    gate.act((request, response) => {
      const { searchParams } = new URL(request.url ?? "", gate.origin);
      const page = Number(searchParams.get("page") ?? 1);
      const limit = Math.min(Number(searchParams.get("limit") ?? usual), most);
      const items = many(count).slice((page - 1) * limit, page * limit);
      const totalPages = Math.ceil(count / limit);
      response.end(JSON.stringify({ success: true, data: { items, total: count, page, limit, totalPages } }));
    });
  const questions = () => gate.log.splice(0).map(({ path }) => path.split("?")[1]);

  test.each([
    [25, 10, 10, [undefined, "page=1&limit=100", "page=2&limit=10", "page=3&limit=10"], 3],
    [25, 10, 100, [undefined, "page=1&limit=100"], 1],
    [132, 10, 100, [undefined, "page=1&limit=100", "page=2&limit=100"], 2],
    [132, 10, 50, [undefined, "page=1&limit=100", "page=2&limit=50", "page=3&limit=50"], 3],
    [132, 100, 100, [undefined, "page=2&limit=100"], 2],
    [8, 10, 100, [undefined], 1],
  ])(
    "rule 5.16 finds the longest page of %i groups at %i a page, at most %i, and keeps to it",
    async (count, usual, most, asked, again) => {
      byNumber(count, usual, most);
      const gateway = gate.open();
      expect(valueOf(await gateway.listGroups(AGENT))).toMatchObject({ isComplete: true });
      expect(questions()).toEqual(asked);
      const { groups, isComplete } = valueOf(await gateway.listGroups(AGENT));
      expect([groups.length, isComplete]).toEqual([count, true]);
      expect(questions()).toHaveLength(again);
    },
  );

  test.each(["guide", "reference"] as const)(
    "rule 5.16 goes on with shorter pages where a longer one is refused (%s)",
    async (dialect) => {
      gate.act((request, response) => {
        const { searchParams } = new URL(request.url ?? "", gate.origin);
        const limit = Number(searchParams.get("limit") ?? 50);
        const offset = Number(searchParams.get("offset") ?? 0);
        if (limit > 50) response.writeHead(400).end(JSON.stringify({ message: "limit must not exceed 50" }));
        else response.end(JSON.stringify(many(132).slice(offset, offset + limit)));
      });
      const gateway = gate.open({ dialect });
      expect(valueOf(await gateway.listGroups(AGENT)).groups).toHaveLength(132);
      gate.log.length = 0;
      expect(valueOf(await gateway.listGroups(AGENT)).groups).toHaveLength(132);
      expect(questions()).toHaveLength(3);
    },
  );

  test.each([
    [61, ["limit=100&offset=61"]],
    [60, ["limit=100&offset=60"]],
    // A usual length of pages.
    [50, ["limit=100&offset=50", "page=1&limit=50", "page=2&limit=50"]],
  ])("rule 5.16 tries how a gateway pages that gives all %i at once, and then never again", async (count, more) => {
    gate.say({ data: many(count) });
    const gateway = gate.open();
    await gateway.listGroups(AGENT);
    expect(questions()).toEqual([undefined, ...more]);
    expect(valueOf(await gateway.listGroups(AGENT))).toMatchObject({ isComplete: true });
    expect(questions()).toEqual([undefined]);
  });

  test.each(["guide", "reference"] as const)(
    "rule 5.16 makes sure once that a short list is whole, and again when it has grown (%s)",
    async (dialect) => {
      const gateway = gate.open({ dialect });
      const read = async (count: number) => {
        byOffset(count, 37);
        expect(valueOf(await gateway.listGroups(AGENT))).toMatchObject({ isComplete: true, groups: { length: count } });
        return questions().length;
      };
      expect([await read(22), await read(22), await read(21), await read(23), await read(23)]).toEqual([2, 1, 1, 2, 1]);
      expect([await read(52), await read(52)]).toEqual([2, 2]);
    },
  );

  test("rule 5.16 takes a short page for the end when a gateway refuses to be asked for what comes after it", async () => {
    for (const dialect of ["guide", "reference"] as const) {
      gate.act((request, response) => {
        if (/offset=[1-9]/.test(request.url ?? "")) response.writeHead(404).end(JSON.stringify({ message: "no more" }));
        else response.end(JSON.stringify(many(23)));
      });
      expect(valueOf(await gate.open({ dialect }).listGroups(AGENT))).toMatchObject({ isComplete: true });
    }
  });

  test("rule 5.16 asks anew when what worked once is refused", async () => {
    byNumber(132, 10, 100);
    const gateway = gate.open();
    await gateway.listGroups(AGENT);
    gate.log.length = 0;
    gate.act((request, response) => {
      if (request.url?.includes("?")) response.writeHead(400).end(JSON.stringify({ message: "unknown parameter" }));
      else response.end(JSON.stringify(many(7)));
    });
    expect(valueOf(await gateway.listGroups(AGENT)).groups).toHaveLength(7);
    expect(questions()).toEqual(["page=1&limit=100", undefined, "limit=100&offset=7"]);
    expect(valueOf(await gateway.listGroups(AGENT)).groups).toHaveLength(7);
    expect(questions()).toEqual([undefined]);
  });

  /** A gateway of numbered pages that ignores offsets. `says` makes the answer of a page's rows. */
  const numbered = (
    count: number,
    { usual = 50, most = 100, base = 1 },
    says: (rows: unknown[], page: number, limit: number) => unknown,
    all: unknown[] = many(count),
  ) =>
    gate.act((request, response) => {
      const { searchParams } = new URL(request.url ?? "", gate.origin);
      const page = Number(searchParams.get("page") ?? base);
      const limit = Math.min(Number(searchParams.get("limit") ?? usual), most);
      const at = (page - base) * limit;
      response.end(JSON.stringify(says(at < 0 ? [] : all.slice(at, at + limit), page, limit)));
    });
  const STYLES: Record<string, (count: number, base: number) => Parameters<typeof numbered>[2]> = {
    "bare lists": () => (rows) => rows,
    "lists that say their page": () => (items, page) => ({ items, page }),
    "lists with page and total": (count) => (items, page, limit) => ({ items, total: count, page, limit }),
    "lists with page and has_next": (count, base) => (items, page, limit) => ({
      items,
      page,
      has_next: (page - base + 1) * limit < count,
    }),
    "lists with page and totalPages": (count) => (items, page, limit) => {
      return { items, total: count, page, limit, totalPages: Math.ceil(count / limit) };
    },
    "lists with totalPages": (count) => (items, _, limit) => ({ items, totalPages: Math.ceil(count / limit) }),
  };
  const SIZES = [
    [250, { usual: 50, most: 100 }],
    [250, { usual: 50, most: 50 }],
    [132, { usual: 50, most: 100 }],
    [100, { usual: 50, most: 50 }],
    [73, { usual: 50, most: 100 }],
    [70, { usual: 50, most: 100 }],
    [50, { usual: 50, most: 50 }],
    [37, { usual: 10, most: 10 }],
  ] as const;

  test.each(
    Object.keys(STYLES).flatMap((style) =>
      [0, 1].flatMap((base) => (["guide", "reference"] as const).map((dialect) => [style, base, dialect] as const)),
    ),
  )("rule 5.16 reads all of %s, numbered from %i, each time, or calls it a part (%s)", async (style, base, dialect) => {
    for (const [count, sizes] of SIZES) {
      numbered(count, { ...sizes, base }, STYLES[style]!(count, base));
      const gateway = gate.open({ dialect });
      for (let reading = 1; reading <= 3; reading += 1) {
        const { groups, isComplete } = valueOf(await gateway.listGroups(AGENT));
        const isBlind = style === "lists with totalPages" && base === 0 && count > sizes.usual;
        const what = [count, sizes, reading];
        if (isBlind) expect([...what, isComplete && groups.length < count]).toEqual([...what, false]);
        else expect([...what, groups.length, isComplete]).toEqual([...what, count, true]);
      }
    }
  });

  test.each(
    ["lists with page and total", "lists with page and has_next", "lists with page and totalPages"].flatMap((style) =>
      [0, 1].map((base) => [style, base] as const),
    ),
  )("rule 5.16 reads all members of %s, numbered from %i", async (style, base) => {
    const people = Array.from({ length: 132 }, (_, i) => ({ id: `5511999${990_000 + i}@s.whatsapp.net` }));
    for (const most of [20, 50, 100]) {
      numbered(132, { usual: Math.min(50, most), most, base }, STYLES[style]!(132, base), people);
      expect(valueOf(await gate.open().listMembers(GROUP, AGENT))).toHaveLength(132);
    }
  });

  test("rule 5.16 goes on where a list by pages from 0 stopped, and does not remember pages from 1", async () => {
    numbered(132, { base: 0 }, STYLES["lists with page and totalPages"]!(132, 0));
    const gateway = gate.open();
    const from = { next: { page: 1, limit: 50 }, count: 50, total: 132 };
    expect(valueOf(await gateway.listGroups({ ...AGENT, from }))).toMatchObject({
      isComplete: true,
      groups: { length: 82 },
    });
    expect(valueOf(await gateway.listGroups(AGENT))).toMatchObject({ isComplete: true, groups: { length: 132 } });
  });

  test("rule 5.16 takes a list for whole where a gateway refuses to be asked by number", async () => {
    for (const status of [400, 404]) {
      gate.act((request, response) => {
        if (request.url?.includes("page="))
          response.writeHead(status).end(JSON.stringify({ message: "unknown: page" }));
        else response.end(JSON.stringify(many(50)));
      });
      const gateway = gate.open();
      questions();
      for (const requests of [3, 1]) {
        expect(valueOf(await gateway.listGroups(AGENT))).toMatchObject({ isComplete: true, groups: { length: 50 } });
        expect(questions()).toHaveLength(requests);
      }
    }
  });

  test.each<[string, object]>([
    ["has_next", { page: 1, has_next: true }],
    ["total", { page: 1, total: 500 }],
    ["totalPages", { page: 0, totalPages: 9 }],
  ])("rule 5.16 ends at a gateway that repeats its page and promises more by %s", async (_, says) => {
    gate.say({ items: many(50), ...says });
    questions();
    expect(valueOf(await gate.open().listGroups(AGENT))).toMatchObject({ isComplete: false, groups: { length: 50 } });
    expect(questions().length).toBeLessThanOrEqual(4);
    expect(failureOf(await gate.open().listMembers(GROUP, AGENT)).code).toBe("bad-answer");
  });

  test("rule 5.16 stops when a page brings nothing new, because the gateway ignores the offset", async () => {
    gate.say({ data: many(50) });
    const { groups, isComplete } = valueOf(await gate.open().listGroups(AGENT));
    expect(groups).toHaveLength(50);
    expect(isComplete).toBe(true);
    expect(gate.log).toHaveLength(4);
  });

  test.each<[string, Record<string, string>]>([
    ["Link", { link: '</groups?page=2>; rel="next"' }],
    ["X-Total-Count", { "x-total-count": "120" }],
    ["X-Next-Cursor", { "x-next-cursor": "abc" }],
    ["Content-Range", { "content-range": "items 0-49/120" }],
  ])("rule 5.16 takes no part for the whole where the header %s says that there is more", async (_, headers) => {
    gate.act((__, response) => response.writeHead(200, headers).end(JSON.stringify(many(50))));
    const { groups, isComplete } = valueOf(await gate.open().listGroups(AGENT));
    expect([groups.length, isComplete]).toEqual([50, false]);
  });

  test.each<[string, (more: boolean, at: number) => object]>([
    ["has_more", (more) => ({ has_more: more })],
    ["pagination.hasNext", (more) => ({ pagination: { page: 1, hasNext: more } })],
    ["meta.next_cursor", (more) => ({ meta: { next_cursor: more ? "c2" : null } })],
    ["meta.cursor.next", (more) => ({ meta: { cursor: { next: more ? "c2" : null } } })],
    ["partial", (more) => ({ partial: more })],
    ["complete", (more) => ({ complete: !more })],
    ["links.next", (more) => ({ links: { next: more ? "/groups?after=12" : null } })],
  ])("rule 5.16 takes no part for the whole where the answer says by %s that there is more", async (_, says) => {
    // By offset it goes on; a gateway that wants something else gives the same rows again.
    gate.act((request, response) => {
      const offset = Number(new URL(request.url ?? "", gate.origin).searchParams.get("offset") ?? 0);
      response.end(JSON.stringify({ data: many(37).slice(offset, offset + 12), ...says(offset + 12 < 37, offset) }));
    });
    expect(valueOf(await gate.open().listGroups(AGENT))).toMatchObject({ isComplete: true, groups: { length: 37 } });
    gate.say({ data: many(12), ...says(true, 0) });
    expect(valueOf(await gate.open().listGroups(AGENT))).toMatchObject({ isComplete: false, groups: { length: 12 } });
  });

  test.each<[string, (query: string | undefined) => { body?: object; headers?: { [name: string]: string } }, string]>([
    ["nextCursor", (next) => ({ body: { nextCursor: next ?? null } }), "cursor"],
    ["meta.next_page_token", (next) => ({ body: { meta: { next_page_token: next ?? "" } } }), "pageToken"],
    ["pageInfo.endCursor", (next) => ({ body: { pageInfo: { endCursor: next, hasNextPage: !!next } } }), "after"],
    ["links.next", (next) => ({ body: { links: { next: next ? `/groups?from=${next}` : null } } }), "from"],
    ["Link", (next) => (next ? { headers: { link: `</groups?from=${next}>; rel="next"` } } : {}), "from"],
    ["X-Next-Cursor", (next) => (next ? { headers: { "x-next-cursor": next } } : {}), "cursor"],
  ])("rule 5.16 follows a gateway that names its next page by %s alone, and remembers that", async (_, says, name) => {
    gate.act((request, response) => {
      const at = Number(/c(\d+)/.exec(new URL(request.url ?? "", gate.origin).searchParams.get(name) ?? "")?.[1] ?? 0);
      const { body = {}, headers = {} } = says(at + 12 < 37 ? `c${at + 12}` : undefined);
      response.writeHead(200, headers).end(JSON.stringify({ data: many(37).slice(at, at + 12), ...body }));
    });
    const gateway = gate.open();
    for (const requests of [5, 4]) {
      expect(valueOf(await gateway.listGroups(AGENT))).toMatchObject({ isComplete: true, groups: { length: 37 } });
      expect(questions()).toHaveLength(requests);
    }
    expect(valueOf(await gate.open({ dialect: "reference" }).listGroups(AGENT)).groups).toHaveLength(37);
  });

  test("rule 5.16 goes on where a list by cursor stopped", async () => {
    gate.act((request, response) => {
      const at = Number(new URL(request.url ?? "", gate.origin).searchParams.get("cursor") ?? 0);
      response.end(
        JSON.stringify({ data: many(37).slice(at, at + 12), nextCursor: at + 12 < 37 ? `${at + 12}` : null }),
      );
    });
    const from = { next: { query: "cursor=24" }, count: 24 };
    const { groups, isComplete } = valueOf(await gate.open().listGroups({ ...AGENT, from }));
    expect([groups.length, isComplete, questions()]).toEqual([13, true, ["cursor=24", "cursor=36"]]);
  });

  test("rule 5.16 does not take the number of rows of a page for the number of groups", async () => {
    gate.act((request, response) => {
      const offset = Number(new URL(request.url ?? "", gate.origin).searchParams.get("offset") ?? 0);
      const data = many(132).slice(offset, offset + 50);
      response.end(JSON.stringify({ data, total: data.length }));
    });
    expect(valueOf(await gate.open().listGroups(AGENT))).toMatchObject({ isComplete: true, groups: { length: 132 } });
    // One that gives all at once is asked for more once.
    gate.act((request, response) => {
      const isFirst = !/offset=[1-9]/.test(request.url ?? "");
      response.end(JSON.stringify({ data: isFirst ? many(50) : [], total: 50 }));
    });
    const gateway = gate.open();
    questions();
    for (const requests of [2, 1]) {
      expect(valueOf(await gateway.listGroups(AGENT))).toMatchObject({ isComplete: true, groups: { length: 50 } });
      expect(questions()).toHaveLength(requests);
    }
  });

  test("rule 5.16 calls a list a part while the engine still collects it", async () => {
    for (const says of [{ status: "syncing" }, { meta: { isSyncing: true } }, { state: "LOADING" }]) {
      gate.say({ data: many(7), ...says });
      expect(valueOf(await gate.open().listGroups(AGENT))).toMatchObject({ isComplete: false, groups: { length: 7 } });
    }
  });

  test("groups that the account has left are not listed, and one of them is gone", async () => {
    const [first, second] = many(2);
    for (const says of [{ left: true }, { isMember: false }, { membership: "left" }, { status: "kicked" }]) {
      gate.say({ data: [first, { ...second, ...says }] });
      const { groups, isComplete } = valueOf(await gate.open().listGroups(AGENT));
      expect([groups.map(({ id }) => id), isComplete]).toEqual([[first!.id], true]);
      gate.say({ data: [{ ...second, ...says }] });
      expect(valueOf(await gate.open().listGroups(AGENT))).toMatchObject({ isComplete: true, groups: { length: 0 } });
      gate.say({ data: { ...second, ...says } });
      expect(failureOf(await gate.open().getGroup(second!.id, AGENT)).code).toBe("group-gone");
    }
  });

  test("rule 5.16 reads all pages of a gateway that names the last one", async () => {
    gate.act((request, response) => {
      const page = Number(new URL(request.url ?? "", gate.origin).searchParams.get("page") ?? 1);
      const data = many(37).slice((page - 1) * 12, page * 12);
      response.end(JSON.stringify({ data, current_page: page, last_page: 4, per_page: 12 }));
    });
    expect(valueOf(await gate.open().listGroups(AGENT))).toMatchObject({ isComplete: true, groups: { length: 37 } });
  });

  test("rule 5.16 says that a list is not complete when a later page fails", async () => {
    gate.act((request, response) => {
      if (request.url?.includes("offset=50")) response.writeHead(500).end();
      else response.end(JSON.stringify(many(50)));
    });
    const { groups, isComplete } = valueOf(await gate.open().listGroups(AGENT));
    expect(groups).toHaveLength(50);
    expect(isComplete).toBe(false);
  });

  test("rule 5.16 takes the first page for all when the guide's gateway refuses to be asked for more", async () => {
    gate.act((request, response) => {
      if (request.url?.includes("?")) response.writeHead(400).end(JSON.stringify({ message: "unknown parameter" }));
      else response.end(JSON.stringify(many(20)));
    });
    expect(valueOf(await gate.open().listGroups(AGENT))).toMatchObject({ isComplete: true });
  });

  test("rule 5.16 ends after a thousand pages of a gateway that never does", async () => {
    let next = 0;
    const gateway = gate.open({
      fetch: () => {
        next += 1;
        return Response.json(
          many(10).map((row, i) => ({ ...row, id: `1203630${String(next * 10 + i).padStart(10, "0")}@g.us` })),
        );
      },
    });
    const { groups, isComplete } = valueOf(await gateway.listGroups(AGENT));
    expect(next).toBe(1000);
    expect(groups).toHaveLength(10_000);
    expect(isComplete).toBe(false);
  }, 60_000);

  test("rule 5.16 reads all pages of instances, and a member list only as a whole", async () => {
    gate.act((request, response) => {
      const page = Number(new URL(request.url ?? "", gate.origin).searchParams.get("page") ?? 1);
      const items = request.url?.includes("participants")
        ? [{ id: `551199999000${page}@s.whatsapp.net` }]
        : [{ id: `inst_${page}`, name: `Phone ${page}`, status: "connected", phone: "5511999990000" }];
      if (page === 2 && request.url?.includes("participants")) response.writeHead(500).end();
      else response.end(JSON.stringify({ data: { items, total: 3, page, limit: 1, totalPages: 3 } }));
    });
    expect(valueOf(await gate.open().listInstances(AGENT))).toHaveLength(3);
    expect(failureOf(await gate.open().listMembers(GROUP, AGENT)).code).toBe("gateway-down");
  });
});

describe("the rest", () => {
  test.each([
    [
      "the guide",
      { data: { message_id: "BAE5F2C4D3B2A1", status: "sent" } },
      { message: "BAE5F2C4D3B2A1", isQueued: false },
    ],
    ["the reference", { message: "Message queued for delivery", jobId: "42" }, { message: "42", isQueued: true }],
    ["an ack of 0", { id: "3EB0AA", ack: 0 }, { message: "3EB0AA", isQueued: true }],
    ["a pending status", { key: { id: "3EB0AA" }, status: 1 }, { message: "3EB0AA", isQueued: true }],
    ["a status of 0", { key: { id: "3EB0AA" }, status: 0 }, { isQueued: false }],
    ["a message not delivered", { id: "3EB0AA", delivered: false }, { message: "3EB0AA", isQueued: true }],
    ["a numeric job", { jobId: 42 }, { message: "42", isQueued: true }],
    ["an engine's message", { key: { id: "3EB0AA" }, status: "PENDING" }, { message: "3EB0AA", isQueued: true }],
    ["nothing", undefined, { isQueued: false }],
    ["null", null, { isQueued: false }],
    ["an empty list", [], { isQueued: false }],
    ["a number", 42, { isQueued: false }],
    ["a bare yes", { success: true }, { isQueued: false }],
  ])("rule 5.17 reads what became of a message as %s says it", async (_, body, value) => {
    gate.say(body, { status: 201 });
    expect(valueOf(await gate.open().sendText(GROUP, "Hello team!", AGENT))).toEqual(value);
  });

  test("rule 5.17 sends a message once, whatever happens to it", async () => {
    gate.say({ message: "no" }, { status: 503 });
    expect(failureOf(await gate.open().sendText(GROUP, "Hello team!", AGENT)).certainty).toBe("unknown");
    gate.act((request) => request.socket.destroy());
    expect(failureOf(await gate.open({ dialect: "reference" }).sendText(GROUP, "Hello team!", AGENT))).toEqual({
      code: "offline",
      certainty: "unknown",
    });
    expect(gate.log.map(({ body }) => JSON.parse(body))).toEqual([
      { chat_id: GROUP, type: "text", text: "Hello team!" },
      { to: GROUP, type: "text", body: "Hello team!" },
    ]);
  });

  test("rule 5.18 sends nothing once the gateway said that the allowance is used up", async () => {
    const reset = Math.ceil(Date.now() / 1000) + 30;
    gate.say([], {
      headers: { "x-ratelimit-limit": "100", "x-ratelimit-remaining": "0", "x-ratelimit-reset": `${reset}` },
    });
    const gateway = gate.open({ budget: forgetful() });
    await gateway.listMembers(GROUP, AGENT);
    const failure = failureOf(await gateway.listMembers(GROUP, AGENT));
    expect(failure).toMatchObject({ code: "rate-limited", certainty: "unsent" });
    expect(failure.retryAt).toBeGreaterThanOrEqual(reset * 1000 - 1000);
    expect(gate.log).toHaveLength(1);
  });

  test.each([
    [409, { success: false, error: { code: "INSTANCE_NOT_CONNECTED", message: "Instance is not connected" } }],
    [422, { statusCode: 422, message: "Session status is not as expected. Try again later or restart the session" }],
    [400, { error: "The instance is disconnected, scan the QR code" }],
    [503, { message: "WhatsApp is not connected" }],
  ])("rule 5.19 knows an instance that is not connected (%i %j)", async (status, body) => {
    gate.say(body, { status });
    expect(failureOf(await gate.open().getGroup(GROUP, AGENT)).code).toBe("instance-off");
  });

  test("rule 5.20 sends X-Api-Key, or Bearer where the connection says so, in both dialects", async () => {
    gate.say([]);
    for (const dialect of ["guide", "reference"] as const) {
      const connection = { origin: gate.origin, instance: INSTANCE, dialect };
      await gate.open({ connection: { ...connection, auth: "api-key" }, dialect }).listMembers(GROUP, AGENT);
      await gate.open({ connection: { ...connection, auth: "bearer" }, dialect }).listMembers(GROUP, AGENT);
    }
    expect(gate.log.map(({ headers }) => [headers["x-api-key"], headers.authorization])).toEqual([
      [KEY, undefined],
      [undefined, `Bearer ${KEY}`],
      [KEY, undefined],
      [undefined, `Bearer ${KEY}`],
    ]);
  });

  test("optional calls: their absence is null, their refusal is not", async () => {
    gate.say({ message: "Cannot GET /api/instances" }, { status: 404 });
    expect(valueOf(await gate.open().listInstances(AGENT))).toBeNull();
    expect(valueOf(await gate.open().checkPerson("5511999998888", AGENT))).toBeNull();
    gate.say({ success: false, error: { code: "UNAUTHORIZED" } }, { status: 401 });
    expect(failureOf(await gate.open().listInstances(AGENT)).code).toBe("key-refused");
    gate.say({ data: { exists: true, phone: "5511999998888", chat_id: ANNA } });
    expect(valueOf(await gate.open().checkPerson("5511999998888", AGENT))).toEqual({ exists: true, id: ANNA });
    gate.say({ data: { exists: false, chat_id: null } });
    expect(valueOf(await gate.open().checkPerson("5511999998888", AGENT))).toEqual({ exists: false });
    expect(gate.log.at(-1)!.path).toBe(`/api/instances/${INSTANCE}/contacts/check?phone=5511999998888`);
  });

  test("create keeps the seed's form and gives the group", async () => {
    gate.say(
      { data: { group_id: OTHER, name: "Alpha", participants: [{ id: ANNA, is_admin: false }] } },
      { status: 201 },
    );
    expect(valueOf(await gate.open().createGroup({ name: "Alpha", people: [ANNA] }, AGENT))).toEqual({
      group: { id: OTHER, name: "Alpha", size: 1, members: [{ id: ANNA, role: "member" }] },
      people: [],
    });
    expect(JSON.parse(gate.log[0]!.body)).toEqual({ name: "Alpha", participants: [ANNA] });
    gate.say({ id: OTHER, subject: "Alpha", participants: [{ id: ANNA, error: 403 }] });
    expect(valueOf(await gate.open().createGroup({ name: "Alpha", people: [ANNA] }, AGENT)).people).toEqual([
      { person: ANNA, outcome: "privacy", code: "403" },
    ]);
  });

  test("update sends only what changes, also an emptied description", async () => {
    gate.say({});
    await gate.open().updateGroup(GROUP, { description: "" }, AGENT);
    expect(gate.log[0]).toMatchObject({ method: "PATCH", body: '{"description":""}' });
    await gate.open().leaveGroup(GROUP, AGENT);
    expect(gate.log[1]).toMatchObject({ method: "POST", body: "" });
  });
});
