import { describe, expect, test } from "vitest";
import { readRefusal } from "../../../../lib/background/gateway/refusal";
import { cleanDetail } from "../../../../lib/background/gateway/error-text";
import type { Operation } from "../../../../lib/background/gateway/dialects";

const KEY = "wappfy_sk_fictional_0123456789";
const read = (operation: Operation, status: number, body: unknown, isHtml = false) =>
  readRefusal(operation, { status, body, isHtml }, KEY);
const error = (code: string, message = "") => ({ success: false, error: { code, message } });

describe("how sure a refusal is", () => {
  test.each([
    [400, error("VALIDATION_ERROR"), "refused"],
    [401, error("UNAUTHORIZED"), "refused"],
    [403, error("FORBIDDEN"), "refused"],
    [404, undefined, "refused"],
    [409, undefined, "refused"],
    [422, undefined, "refused"],
    [405, undefined, "refused"],
    [501, undefined, "refused"],
    [429, error("RATE_LIMIT_EXCEEDED"), "refused"],
    // A proxy in front of the gateway counts differently and may have let the request through.
    [429, undefined, "unknown"],
    [429, { message: "slow down" }, "unknown"],
    [408, undefined, "unknown"],
    [500, error("INTERNAL_ERROR"), "unknown"],
    [502, undefined, "unknown"],
    [503, undefined, "unknown"],
    [504, undefined, "unknown"],
    [303, undefined, "unknown"],
    // An error inside a 200 is as sure as its code.
    [200, error("FORBIDDEN"), "refused"],
    [200, error("INTERNAL_ERROR"), "unknown"],
    [200, { success: false, message: "Something failed" }, "unknown"],
    [200, { statusCode: 422, message: "no" }, "refused"],
    [200, false, "refused"],
    // WhatsApp's own refusal, wrapped into a 500 by the engine: nothing was done.
    [500, { statusCode: 500, exception: { message: "not-authorized", name: "Error" } }, "refused"],
    [500, { statusCode: 500, exception: { message: "timed out", name: "Error" } }, "unknown"],
  ] as const)("%i %j is %s", (status, body, certainty) => {
    expect(read("add", status, body).certainty).toBe(certainty);
  });
});

describe("invites that do not open", () => {
  test.each([
    [400, error("VALIDATION_ERROR", "Invalid invite code"), "invite-invalid"],
    [400, undefined, "invite-invalid"],
    [404, error("INVALID_INVITE_CODE", "The invite code is invalid or was revoked"), "invite-invalid"],
    [404, error("NOT_FOUND"), "invite-invalid"],
    [410, undefined, "invite-invalid"],
    [406, undefined, "invite-invalid"],
    [500, { exception: { message: "gone" } }, "invite-invalid"],
    [500, { exception: { message: "not-acceptable" } }, "invite-invalid"],
    [409, error("GROUP_FULL", "The group is full"), "group-full"],
    [403, error("FORBIDDEN", "group is full"), "group-full"],
    [419, undefined, "group-full"],
    [500, { exception: { message: "resource-limit" } }, "group-full"],
    [409, error("CONFLICT", "Already in the group"), "already-in"],
    [404, error("INSTANCE_NOT_FOUND"), "instance-gone"],
    [404, { statusCode: 404, message: "Cannot POST /api/instances/x/groups/join" }, "no-route"],
    [401, error("UNAUTHORIZED"), "key-refused"],
    [403, error("FORBIDDEN"), "no-right"],
    [400, error("VALIDATION_ERROR", "Unknown field: foo"), "rejected"],
    [500, error("INTERNAL_ERROR", "Something went wrong"), "gateway-down"],
  ] as const)("%i %j is %s", (status, body, code) => {
    expect(read("join", status, body).code).toBe(code);
  });

  test("waiting for an admin is told apart from a refusal", () => {
    expect(read("join", 409, error("X", "Request already pending")).isPending).toBe(true);
    expect(read("join", 409, error("CONFLICT", "Request already exists")).isPending).toBe(true);
    expect(read("join", 404, error("INVALID_INVITE_CODE")).isPending).toBeUndefined();
    expect(read("join", 500, error("X", "pending")).isPending).toBeUndefined();
  });
});

test.each([
  ["send", 404, error("GROUP_NOT_FOUND"), "group-gone"],
  ["groups", 404, error("NOT_FOUND"), "instance-gone"],
  ["instances", 404, undefined, "no-route"],
  ["check", 404, { message: "Cannot GET /api" }, "no-route"],
  ["add", 404, error("NOT_FOUND", "Participant not found"), "rejected"],
  ["add", 422, error("X", "Group is full"), "group-full"],
  ["update", 500, { exception: { message: "forbidden" } }, "not-admin"],
  ["leave", 403, error("FORBIDDEN", "You are not a member"), "group-gone"],
  ["add", 404, error("USER_NOT_FOUND", "User not found"), "rejected"],
  ["add", 404, error("NOT_ON_WHATSAPP", "Not on WhatsApp"), "rejected"],
  ["add", 404, error("X", "WhatsApp group not found"), "group-gone"],
  ["group", 404, "Group not found", "group-gone"],
  ["group", 404, "<h1>Not Found</h1>", "no-route"],
  ["members", 403, { statusCode: 403, message: "Forbidden" }, "not-admin"],
  ["members", 403, { statusCode: 403, message: "Forbidden resource", error: "Forbidden" }, "not-admin"],
  ["members", 403, error("FORBIDDEN"), "not-admin"],
  ["members", 403, error("FORBIDDEN", "Forbidden: you are not in this group"), "group-gone"],
  ["members", 500, { exception: { message: "forbidden" } }, "group-gone"],
  ["group", 403, error("FORBIDDEN", "Forbidden"), "no-right"],
  ["add", 403, { statusCode: 403, message: "Forbidden" }, "not-admin"],
  ["leave", 409, error("CONFLICT", "Not a participant of the group"), "not-in"],
  ["create", 402, undefined, "plan-limit"],
  ["group", 410, undefined, "group-gone"],
  ["group", 418, undefined, "rejected"],
  ["add", 400, error("INSTANCE_NOT_CONNECTED"), "instance-off"],
] as const)("%s: %i %j is %s", (operation, status, body, code) => {
  expect(read(operation, status, body).code).toBe(code);
});

describe("what is shown of the server's sentence (T90)", () => {
  test.each([
    ["Error: boom\n    at Socket.query (/app/node_modules/baileys/lib/socket.js:123:45)\n    at x", "Error: boom"],
    ["boom at async Group.add (file:///app/x.js:1:2) and more", "boom"],
    ['Traceback (most recent call last):\n  File "x.py", line 3', ""],
    ["<html><body><h1>Bad</h1><script>alert(1)</script></body>", "Bad alert(1)"],
    [`Key ${KEY} is not known`, "Key … is not known"],
    ["Authorization: Bearer abc.def.ghi was refused", "Authorization: … was refused"],
    ["token eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0In0.abc expired", "token … expired"],
    ["sk_live_abcdef123456 wrong", "… wrong"],
    ["Number 5511999998888@s.whatsapp.net is not valid", "Number … is not valid"],
    ["Call +55 (11) 99999-8888 now", "Call … now"],
    ["Wait 30 seconds, 100 of 100 used", "Wait 30 seconds, 100 of 100 used"],
    ["evil\u202Etext\u0000", "eviltext"],
    ["समूह नहीं मिला", "समूह नहीं मिला"],
  ])("%j becomes %j", (text, shown) => {
    expect(cleanDetail(text, KEY)).toBe(shown);
  });

  test("a key that looks like any word is kept out as well", () => {
    expect(cleanDetail("The key hunter2! is wrong", "hunter2!")).toBe("The key … is wrong");
    const refusal = readRefusal("add", { status: 400, body: error("hunter2!") }, "hunter2!");
    expect(refusal.serverCode).toBeUndefined();
  });

  test("the name of an exception is its code, unless it says only that it is an error", () => {
    expect(read("update", 500, { exception: { message: "forbidden", name: "Error" } }).serverCode).toBeUndefined();
    expect(read("update", 500, { exception: { message: "no", name: "TimeoutError" } }).serverCode).toBe("TimeoutError");
  });

  test("it is cut to 200 characters, and the code is short and plain", () => {
    const { detail, serverCode } = read("add", 400, error("x y\n".repeat(100), "word ".repeat(1000)));
    expect(detail!.length).toBeLessThanOrEqual(201);
    expect(serverCode).toMatch(/^[\w.-]{1,64}$/);
  });
});
