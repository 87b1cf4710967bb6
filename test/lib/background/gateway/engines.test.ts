import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readResults } from "../../../../lib/background/gateway/schemas";
import { AGENT, ANNA, BOB, forgetful, GROUP, startGate, type Gate } from "./gate";

/**
 * What the engines behind a gateway answer, where it hands their words on: hidden ids, people who are no members, plain
 * sentences inside a 500, bare strings, and names in a spelling of their own.
 */

let gate: Gate;
beforeAll(async () => {
  gate = await startGate();
});
afterAll(() => gate.close());

const LID = "123456789012345@lid";
const members = async (rows: unknown) => {
  gate.say(rows);
  const answer = await gate.open().listMembers(GROUP, AGENT);
  if (!answer.ok) throw new Error(answer.failure.code);
  return answer.value.map(({ id }) => id);
};

describe("who is in a group", () => {
  test.each([
    [{ jid: LID, phone_number: "123456789012345" }, LID],
    [{ id: LID, phone: "+123456789012345" }, LID],
    [{ id: LID, phoneNumber: "123456789012345@s.whatsapp.net" }, LID],
    [{ id: LID, phoneNumber: "123456789012345:3@c.us" }, LID],
    [{ id: "123456789012345@s.whatsapp.net", lid: LID }, LID],
    [{ id: LID, phone: "123456789012345", pn: ANNA }, ANNA],
    [{ id: LID, jid: LID, phoneNumber: ANNA }, ANNA],
    [{ id: ANNA, lid: LID }, ANNA],
    ["23420926488807.1:0@lid", "23420926488807@lid"],
    [{ id: "23420926488807.1:0@lid", admin: null }, "23420926488807@lid"],
    [{ id: "23420926488807:12@hosted.lid" }, "23420926488807@lid"],
    [{ id: "5511999998888@hosted" }, ANNA],
  ])("%j is %s", async (row, id) => {
    expect(await members([row])).toEqual([id]);
  });

  test.each(["left", "LEFT", "pending", "former", "former_participant", "removed", "requested", "invited"])(
    "somebody whose role is %s is not a member",
    async (role) => {
      expect(
        await members([
          { id: ANNA, role: "participant" },
          { id: BOB, role },
        ]),
      ).toEqual([ANNA]);
      expect(
        await members([
          { id: ANNA, status: "active" },
          { id: BOB, status: role },
        ]),
      ).toEqual([ANNA]);
    },
  );
});

describe("whom an answer is about", () => {
  const refused = [{ person: ANNA, outcome: "privacy", code: "403" }];
  test.each([
    [
      "a hidden id, the number in attributes",
      [{ status: "403", jid: LID, content: { attrs: { phone_number: ANNA } } }],
    ],
    ["a hidden id, the number beside it", [{ status: 403, jid: LID, pn: ANNA }]],
    ["a hidden id alone, of the one who was asked", [{ status: 403, jid: LID, content: {} }]],
    ["the answer keyed by a hidden id", { [LID]: { code: 403, isInviteV4Sent: true } }],
    ["bare digits", [{ phone: "5511999998888", status: 403 }]],
  ])("%s", (_, body) => {
    expect(readResults(body, [ANNA], "add")).toEqual(refused);
  });

  test("the one who is left over belongs to the hidden id that is left over, and two to nobody", () => {
    const row = (jid: string, status: number) => ({ jid, status });
    expect(readResults([row(LID, 403), row(BOB, 200)], [ANNA, BOB], "add")).toEqual([
      { person: ANNA, outcome: "privacy", code: "403" },
      { person: BOB, outcome: "ok", code: "200" },
    ]);
    expect(readResults([row(LID, 403), row("9@lid".padStart(20, "7"), 200)], [ANNA, BOB], "add")).toMatchObject([
      { person: LID },
      { outcome: "ok" },
    ]);
    // Somebody else's number is not taken for the one who was asked.
    expect(readResults([row(BOB, 403)], [ANNA], "add")).toMatchObject([{ person: BOB }]);
  });
});

describe("a plain sentence inside a 500", () => {
  const says = (message: string) =>
    gate.say({ statusCode: 500, exception: { message, name: "Error" } }, { status: 500 });
  const g = () => gate.open();
  test.each([
    ["You are not an admin of this group", () => g().updateGroup(GROUP, { name: "B" }, AGENT), "not-admin"],
    ["Only admins can do this", () => g().addMembers(GROUP, [ANNA], AGENT), "not-admin"],
    ["Error: not-authorized", () => g().readInvite(GROUP, AGENT), "not-admin"],
    ["not-authorized", () => g().removeMembers(GROUP, [ANNA], AGENT), "not-admin"],
    ["not-authorized", () => g().getGroup(GROUP, AGENT), "group-gone"],
    ["forbidden", () => g().leaveGroup(GROUP, AGENT), "group-gone"],
    ["Group not found", () => g().getGroup(GROUP, AGENT), "group-gone"],
    ["Already in the group", () => g().joinGroup("AbCdEfGhIjKlMn", AGENT), "already-in"],
    ["You are already a participant", () => g().joinGroup("AbCdEfGhIjKlMn", AGENT), "already-in"],
    ["This invite link was revoked", () => g().joinGroup("AbCdEfGhIjKlMn", AGENT), "invite-invalid"],
    ["Invite code expired", () => g().joinGroup("AbCdEfGhIjKlMn", AGENT), "invite-invalid"],
    ["The group is full", () => g().joinGroup("AbCdEfGhIjKlMn", AGENT), "group-full"],
    ["You are not a participant of this group", () => g().sendText(GROUP, "Hi", AGENT), "group-gone"],
    ["Not a participant", () => g().removeMembers(GROUP, [ANNA], AGENT), "not-in"],
  ] as const)("%s", async (message, run, code) => {
    says(message);
    expect(await run()).toMatchObject({ failure: { code, certainty: "refused", detail: message } });
  });

  test.each([
    "Timed out waiting for: not an admin",
    "Connection closed, already in the group",
    "Some participants are not in the group",
    "Internal server error",
    "Evaluation failed: t",
    "",
  ])("%j leaves open what was done", async (message) => {
    says(message);
    expect(await g().addMembers(GROUP, [ANNA, BOB], AGENT)).toMatchObject({ failure: { certainty: "unknown" } });
  });

  test("waiting for an admin is no failure", async () => {
    says("Join request sent, waiting for admin approval");
    expect(await g().joinGroup("AbCdEfGhIjKlMn", AGENT)).toMatchObject({ ok: true, value: { isPending: true } });
  });

  test("the same sentence is understood inside a 200 and a 400; of several people, one may be meant", async () => {
    gate.say({ success: false, message: "You are not an admin" });
    expect(await g().updateGroup(GROUP, { name: "B" }, AGENT)).toMatchObject({
      failure: { code: "not-admin", certainty: "refused" },
    });
    gate.say({ message: "not-authorized" }, { status: 400 });
    expect(await g().updateGroup(GROUP, { name: "B" }, AGENT)).toMatchObject({ failure: { code: "not-admin" } });
    gate.say({ success: false, message: "Participant already in group" });
    expect(await g().addMembers(GROUP, [ANNA, BOB], AGENT)).toMatchObject({ failure: { certainty: "unknown" } });
  });
});

test.each(["text/html; charset=utf-8", "application/octet-stream", "text/plain"])(
  "a code or a link is one, sent as %s",
  async (type) => {
    for (const body of ["AbCdEfGhIjKlMn", "https://chat.whatsapp.com/AbCdEfGhIjKlMn\n", '"AbCdEfGhIjKlMn"']) {
      gate.say(Buffer.from(body), { type });
      expect(await gate.open().readInvite(GROUP, AGENT)).toMatchObject({ value: { code: "AbCdEfGhIjKlMn" } });
    }
    gate.say(Buffer.from("Please sign in to continue"), { type });
    expect((await gate.open().readInvite(GROUP, AGENT)).ok).toBe(false);
    gate.say(Buffer.from("<b>AbCdEfGhIjKlMn</b>"), { type });
    expect((await gate.open().readInvite(GROUP, AGENT)).ok).toBe(false);
  },
);

test("names in Pascal case are read as any other", async () => {
  gate.say([
    {
      JID: GROUP,
      Name: "Alpha",
      Topic: "Team",
      OwnerJID: ANNA,
      GroupCreated: "2026-01-15T10:00:00Z",
      IsAnnounce: true,
      IsParent: false,
      IsDefaultSubGroup: true,
      LinkedParentJID: "120363000000000009@g.us",
      MemberAddMode: "admin_add",
      Participants: [
        { JID: LID, PhoneNumber: ANNA, IsAdmin: true, IsSuperAdmin: true, Error: 0 },
        { JID: "77777777777777@lid", IsAdmin: false, IsSuperAdmin: false, Error: 0 },
      ],
    },
  ]);
  expect(await gate.open().listGroups(AGENT)).toMatchObject({
    value: {
      groups: [
        {
          id: GROUP,
          name: "Alpha",
          description: "Team",
          owner: ANNA,
          createdAt: Date.UTC(2026, 0, 15, 10),
          size: 2,
          isCommunity: false,
          isAnnouncement: true,
          community: "120363000000000009@g.us",
          onlyAdminsSend: true,
          onlyAdminsAdd: true,
          members: [
            { id: ANNA, role: "superadmin" },
            { id: "77777777777777@lid", role: "member" },
          ],
        },
      ],
    },
  });
  expect(readResults([{ JID: LID, PhoneNumber: ANNA, Error: 403 }], [ANNA], "add")).toEqual([
    { person: ANNA, outcome: "privacy", code: "403" },
  ]);
});

test.each([
  [
    { isCommunity: true, announce: false },
    { isCommunity: true, onlyAdminsSend: false },
  ],
  [
    { isCommunityAnnounce: true, linkedParent: GROUP, announce: true },
    { isAnnouncement: true, community: GROUP, onlyAdminsSend: true },
  ],
  [{ memberAddMode: true }, { onlyAdminsAdd: false }],
  [{ memberAddMode: false }, { onlyAdminsAdd: true }],
  [{ memberAddMode: "all_member_add" }, { onlyAdminsAdd: false }],
  [{ maxParticipants: 512 }, { capacity: 512 }],
])("what a group says of itself in %j is kept", async (given, facts) => {
  gate.say({ id: GROUP, subject: "A", ...given });
  expect(await gate.open().getGroup(GROUP, AGENT)).toMatchObject({ value: facts });
});

test("an answer to a refused key says nothing of the account's allowance", async () => {
  const headers = (limit: number, remaining: number) => ({
    "x-ratelimit-limit": String(limit),
    "x-ratelimit-remaining": String(remaining),
    "x-ratelimit-reset": String(Math.ceil(Date.now() / 1000) + 50),
  });
  const budget = forgetful();
  const gateway = gate.open({ budget });
  gate.say([], { headers: headers(100, 95) });
  await gateway.listMembers(GROUP, AGENT);
  for (const [status, body] of [
    [401, { error: { code: "UNAUTHORIZED", message: "Invalid API key" } }],
    [403, { error: { code: "FORBIDDEN", message: "This API key has no access" } }],
  ] as const) {
    gate.say(body, { status, headers: headers(20, 3) });
    await gateway.listMembers(GROUP, AGENT);
  }
  expect(budget.state()).toMatchObject({ limit: 100, remaining: 93 });
});
