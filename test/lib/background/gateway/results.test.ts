import { describe, expect, test } from "vitest";
import { readResults } from "../../../../lib/background/gateway/schemas";

const ANNA = "5511999998888@s.whatsapp.net";
const BOB = "5511999997777@c.us";
const ok = { person: ANNA, outcome: "ok", code: "200" };
const refused = { person: BOB, outcome: "privacy", code: "403" };

describe("what an answer says of single persons (rule 5.9)", () => {
  test.each([
    [
      "rows with status and jid",
      [
        { status: "200", jid: ANNA },
        { status: "403", jid: BOB },
      ],
    ],
    [
      "rows with code and id",
      [
        { code: 200, id: ANNA },
        { code: 403, id: BOB },
      ],
    ],
    [
      "under data",
      {
        success: true,
        data: [
          { status: 200, id: ANNA },
          { status: 403, id: BOB },
        ],
      },
    ],
    [
      "under data.participants",
      {
        data: {
          participants: [
            { id: ANNA, status: 200 },
            { id: BOB, status: 403 },
          ],
        },
      },
    ],
    [
      "under results",
      {
        results: [
          { participant: ANNA, code: 200 },
          { participant: BOB, code: 403 },
        ],
      },
    ],
    [
      "under updateParticipants",
      {
        updateParticipants: [
          { jid: ANNA, status: "200", content: {} },
          { jid: BOB, status: "403" },
        ],
      },
    ],
    [
      "a code as the reason",
      [
        { id: ANNA, result: 200 },
        { id: BOB, reason: "403" },
      ],
    ],
    [
      "a code behind a word",
      [
        { id: ANNA, code: 200 },
        { id: BOB, success: false, error: "code 403" },
      ],
    ],
    ["an object keyed by id", { [ANNA]: { code: 200 }, [BOB]: { code: 403, isInviteV4Sent: true } }],
    ["codes keyed by id", { data: { [ANNA]: 200, [BOB]: "403" } }],
    [
      "the engine's raw answer",
      [
        { status: "200", jid: ANNA, content: { attrs: { jid: ANNA } } },
        { status: "200", jid: BOB, content: { tag: "participant", attrs: { error: "403" } } },
      ],
    ],
    [
      "serialized ids",
      [
        { id: { _serialized: ANNA }, status: 200 },
        { id: { _serialized: BOB }, status: 403 },
      ],
    ],
    [
      "an error code",
      [
        { id: ANNA, status: 200 },
        { id: BOB, error: { code: 403, message: "no" } },
      ],
    ],
    [
      "members of the updated group with an error",
      {
        id: "120363012345678901@g.us",
        subject: "A",
        participants: [
          { id: ANNA, status: 200 },
          { id: BOB, error: "403", admin: null },
        ],
      },
    ],
  ])("%s", (_, body) => {
    expect(readResults(body, [ANNA, BOB], "add")).toEqual([ok, refused]);
  });

  test("rows without a person stand for those who were asked, but never by their order", () => {
    expect(readResults([{ status: 200 }, { status: 200 }], [ANNA, BOB], "add")).toEqual([ok, { ...ok, person: BOB }]);
    expect(readResults([{ status: 403 }], [BOB], "add")).toEqual([refused]);
    expect(readResults([{ status: 403 }, { status: "403" }], [BOB, ANNA], "add")).toEqual([
      refused,
      { ...refused, person: ANNA },
    ]);
    // Whom the 403 refused, only the member list can tell.
    expect(readResults([{ status: 200 }, { status: 403 }], [ANNA, BOB], "add")).toEqual([]);
    expect(readResults([{ id: ANNA, status: 200 }, { status: 403 }], [BOB, ANNA], "add")).toEqual([ok, refused]);
    expect(readResults([{ status: 200 }], [ANNA, BOB], "add")).toEqual([]);
  });

  test.each(["Not added successfully", "See logs for more information", "joined"])(
    "%j is no known reason",
    (message) => {
      expect(readResults([{ id: BOB, success: false, message }], [BOB], "add")).toMatchObject([{ outcome: "unknown" }]);
    },
  );

  test("a row without a list, of somebody who was asked", () => {
    expect(readResults({ id: BOB, status: 403 }, [BOB], "add")).toEqual([refused]);
    expect(readResults({ id: ANNA, status: 403 }, [BOB], "add")).toEqual([]);
  });

  test("words and flags where there is no code", () => {
    expect(
      readResults(
        [
          { id: ANNA, success: true },
          { id: BOB, success: false, error: "not_on_whatsapp" },
          { id: "5511999996666", status: "failed", reason: "privacy settings" },
          { id: "5511999995555", status: "success" },
          { id: "5511999994444", error: "recently left" },
        ],
        [],
        "add",
      ).map(({ outcome }) => outcome),
    ).toEqual(["ok", "not-on-whatsapp", "privacy", "ok", "recently-left"]);
    expect(
      readResults({ added: [ANNA], failed: [{ id: BOB, reason: "privacy" }, "5511999996666"] }, [], "add"),
    ).toEqual([
      { person: ANNA, outcome: "ok", code: "" },
      { person: BOB, outcome: "privacy", code: "privacy" },
      { person: "5511999996666", outcome: "unknown", code: "" },
    ]);
  });

  test.each([
    [200, "ok"],
    [401, "blocked"],
    [403, "privacy"],
    [404, "not-on-whatsapp"],
    [408, "recently-left"],
    [409, "already"],
    [417, "community"],
    [419, "group-full"],
    [421, "approval"],
    [500, "unknown"],
  ])("%i of an addition is %s", (code, outcome) => {
    expect(readResults([{ id: ANNA, status: code }], [], "add")).toEqual([
      { person: ANNA, outcome, code: String(code) },
    ]);
  });

  test.each([
    [200, "ok"],
    [404, "already"],
    [409, "already"],
    [403, "not-admin"],
    [406, "unknown"],
  ])("%i of a removal is %s", (code, outcome) => {
    expect(readResults([{ id: ANNA, status: code }], [], "remove")).toEqual([
      { person: ANNA, outcome, code: String(code) },
    ]);
  });

  test.each([
    ["nothing", undefined],
    ["null", null],
    ["true", true],
    ["a message", { success: true, message: "Participants added successfully" }],
    ["a message under data", { data: { message: "OK" } }],
    [
      "an updated group",
      { id: "120363012345678901@g.us", subject: "A", participants: [{ id: ANNA, admin: null, status: "active" }] },
    ],
    ["a member list", [{ id: ANNA, is_admin: false }]],
    ["a list of ids", [ANNA, BOB]],
    ["text", "OK"],
    ["odd types", { participants: "many", results: 7, data: 3 }],
    [
      "persons that are none",
      [
        { id: "..", status: 200 },
        { id: 7, status: 200 },
      ],
    ],
  ])("%s says nothing of anybody", (_, body) => {
    expect(readResults(body, [], "add")).toEqual([]);
  });
});
