import { describe, expect, it } from "vitest";
import { sandboxGateway, type SandboxOptions } from "../../../lib/sandbox/gateway";
import type { Effect } from "../../../lib/sandbox/state";
import {
  OWN_NUMBER,
  type World,
  WORLD_CODES,
  WORLD_GROUPS,
  WORLD_INSTANCES,
  WORLD_PEOPLE,
} from "../../../lib/sandbox/world";
import { createWorld, type WorldOptions } from "../../../lib/sandbox/seed";
import { fictional, hiddenId } from "../../../lib/sandbox/numbers";

const G = WORLD_GROUPS;
const P = WORLD_PEOPLE;

interface Said {
  status: number;
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any;
  headers: Headers;
  effects: Effect[];
}

/** A gateway with its clock and a caller: paths are below `/api/instances/<main>`, unless they begin with `/api`. */
function sandbox(
  dialect: "guide" | "reference" | "both" = "guide",
  options: WorldOptions = {},
  more: Partial<SandboxOptions> = {},
) {
  const world: World = createWorld(options);
  const clock = { at: Date.UTC(2026, 10, 24, 12) };
  const gateway = sandboxGateway({ world, now: () => clock.at, dialect, ...more });
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const effects: Effect[] = [];
    const url = `http://sandbox.invalid${path.startsWith("/api") ? path : `/api/instances/${WORLD_INSTANCES.main}${path}`}`;
    const response = await gateway.fetch(
      new Request(url, { method, headers, body: typeof body === "string" ? body : JSON.stringify(body) }),
      effects,
    );
    const text = await response.text();
    return {
      status: response.status,
      body: text === "" ? undefined : JSON.parse(text),
      headers: response.headers,
      effects,
    } as Said;
  };
  const members = (group: string) => world.groups[group]!.members.map((member) => member.id);
  return { world, clock, call, members };
}

const remove = { guide: ["DELETE", "participants"], reference: ["POST", "participants/remove"] } as const;
const add = { guide: ["POST", "participants"], reference: ["POST", "participants/add"] } as const;

/** Per-person results as `{number: code}` out of either dialect's answer. */
function codes(
  body: { data?: { participants: { id: string; status: number }[] } } | { jid: string; status: string }[],
) {
  const list = Array.isArray(body)
    ? body.map(({ jid, status }) => [jid, Number(status)])
    : body.data!.participants.map(({ id, status }) => [id, status]);
  return Object.fromEntries(list) as Record<string, number>;
}

describe("the world", () => {
  it("is the same for the same seed, another for another, and survives JSON", () => {
    expect(createWorld()).toEqual(createWorld());
    expect(createWorld({ seed: 2 })).not.toEqual(createWorld());
    expect(JSON.parse(JSON.stringify(createWorld()))).toEqual(createWorld());
  });
  it.each([60, 600, 10_000])(
    "has exactly %i groups with the instance in them, in several scripts",
    { timeout: 30_000 },
    (groups) => {
      const world = createWorld({ groups });
      const mine = Object.values(world.groups).filter((one) => one.members.some(({ id }) => id === OWN_NUMBER));
      expect(mine).toHaveLength(groups);
      const names = mine.map((one) => one.name).join();
      for (const script of [/\p{Script=Devanagari}/u, /\p{Script=Arabic}/u, /ã/, /\p{Emoji_Presentation}/u])
        expect(names).toMatch(script);
      expect(new Set(Object.values(world.groups).map((one) => one.code)).size).toBe(Object.keys(world.groups).length);
    },
  );
  it("lists nobody twice in a group", () => {
    for (const group of Object.values(createWorld({ groups: 600 }).groups))
      expect(new Set(group.members.map(({ id }) => id)).size).toBe(group.members.length);
  });
  it("uses only numbers that nobody has", () => {
    const fiction =
      /^(1\d{3}55501\d\d|447700900\d{3}|4917139200\d\d|336399800\d\d|6149157\d{4}|5511900000\d{3}|917000000\d{3}|966500000\d{3}|5511999998888)@s\.whatsapp\.net$/;
    for (const group of Object.values(createWorld({ groups: 600 }).groups))
      for (const { id } of group.members) expect(id).toMatch(fiction);
  });
});

describe("answers in the words of the API reference", () => {
  it("gives bare groups with epoch seconds and members even in the list", async () => {
    const { call } = sandbox("reference");
    const { body } = await call("GET", "/groups");
    expect(body).toHaveLength(50);
    expect(body[0]).toStrictEqual({
      id: G.alpha,
      subject: "Project Alpha",
      participants: expect.arrayContaining([
        { id: OWN_NUMBER, admin: "superadmin" },
        { id: P.seed, admin: null },
      ]),
      creation: Date.UTC(2026, 0, 15, 10) / 1000,
      description: "Team workspace for Project Alpha",
    });
    expect((await call("GET", "/groups?limit=50&offset=50")).body).toHaveLength(10);
    expect((await call("GET", `/groups/${encodeURIComponent(G.alpha)}`)).body.subject).toBe("Project Alpha");
  });
  it("knows the instance by its UUID", async () => {
    const { call } = sandbox("reference");
    expect((await call("GET", `/api/instances/${WORLD_INSTANCES.mainUuid}/groups`)).status).toBe(200);
  });
  it("writes members with @c.us where the world says so", async () => {
    const { call } = sandbox("reference", { suffix: "c.us" });
    const { body } = await call("GET", `/groups/${G.alpha}/participants`);
    expect(body[0]).toEqual({ id: OWN_NUMBER.replace("s.whatsapp.net", "c.us"), admin: "superadmin" });
  });
  it("joins by code or link, sends with to and body, and queues", async () => {
    const { call } = sandbox("reference");
    const joined = await call("POST", "/groups/join", {
      code: `https://chat.whatsapp.com/${WORLD_CODES.sector}?mode=wwt`,
    });
    expect(joined.body).toMatchObject({ id: G.sector, subject: "सेक्टर 21 निवासी संघ" });
    const sent = await call("POST", "/messages/send", { to: G.sector, type: "text", body: "नमस्ते" });
    expect(sent.body).toEqual({ message: "Message queued for delivery", jobId: expect.stringMatching(/^\d+$/) });
    expect(sent.effects).toEqual([{ kind: "sent", instance: "inst_abc123", target: G.sector, text: "नमस्ते" }]);
  });
  it("gives the bare code of a group", async () => {
    expect((await sandbox("reference").call("GET", `/groups/${G.alpha}/invite-code`)).body).toEqual({
      code: WORLD_CODES.alpha,
    });
  });
  it("creates a group with itself as superadmin", async () => {
    const { body } = await sandbox("reference").call("POST", "/groups", { name: "नया", participants: [P.free] });
    expect(body.participants).toEqual([
      { id: OWN_NUMBER, admin: "superadmin" },
      { id: P.free, admin: null },
    ]);
  });
});

describe.each(["guide", "reference"] as const)("members of a group, in the %s dialect", (dialect) => {
  const [adding, addPath] = add[dialect];
  const [removing, removePath] = remove[dialect];

  it("adds who can be added and tells each person's code", async () => {
    const { call, members } = sandbox(dialect);
    const participants = [P.free, P.private, P.absent, P.left, P.blocking, OWN_NUMBER];
    const { status, body, effects } = await call(adding, `/groups/${G.lobby}/${addPath}`, { participants });
    expect(status).toBe(200);
    expect(codes(body)).toEqual({
      [P.free]: 200,
      [P.private]: 403,
      [P.absent]: 404,
      [P.left]: 408,
      [P.blocking]: 401,
      [OWN_NUMBER]: 409,
    });
    expect(effects).toEqual([{ kind: "added", instance: "inst_abc123", target: G.lobby, person: P.free }]);
    expect(members(G.lobby)).toContain(P.free);
    expect(members(G.lobby)).not.toContain(P.private);
  });
  it.each([
    ["full", 419],
    ["community", 417],
    ["approval", 421],
  ] as const)("does not add to the %s group: %i", async (name, code) => {
    const { call, members } = sandbox(dialect);
    const { body } = await call(adding, `/groups/${G[name]}/${addPath}`, { participants: [P.free] });
    expect(codes(body)).toEqual({ [P.free]: code });
    expect(members(G[name])).not.toContain(P.free);
  });
  it("refuses a request with a malformed person as a whole", async () => {
    const { call, members } = sandbox(dialect);
    const body = { participants: [P.free, "12025550142"] };
    const said = await call(adding, `/groups/${G.alpha}/${addPath}`, body);
    expect(said.status).toBe(422);
    expect(said.body.error.details).toEqual({ participants: ["12025550142"] });
    expect(members(G.alpha)).not.toContain(P.free);
  });
  it("removes, keeps the creator and itself, and tells who was not there", async () => {
    const { call, members, world } = sandbox(dialect);
    const owner = world.groups[G.lobby]!.owner!;
    const someone = world.groups[G.lobby]!.members.find((one) => one.role === "member")!.id;
    const participants = [someone, P.free, owner, OWN_NUMBER];
    const { body, effects } = await call(removing, `/groups/${G.lobby}/${removePath}`, { participants });
    expect(codes(body)).toEqual({ [someone]: 200, [P.free]: 404, [owner]: 406, [OWN_NUMBER]: 406 });
    expect(effects.map(({ kind, person }) => [kind, person])).toEqual([["removed", someone]]);
    expect(members(G.lobby)).not.toContain(someone);
  });
  it("answers 409 when everybody is already right, or when the world takes no mixed requests", async () => {
    const calm = sandbox(dialect);
    const path = `/groups/${G.alpha}/${addPath}`;
    expect((await calm.call(adding, path, { participants: [P.seed, OWN_NUMBER] })).status).toBe(409);
    const strict = sandbox(dialect, { mixed: "refuse" });
    expect((await strict.call(adding, path, { participants: [P.seed, P.free] })).status).toBe(409);
    expect(strict.members(G.alpha)).not.toContain(P.free);
    expect((await calm.call(removing, `/groups/${G.alpha}/${removePath}`, { participants: [P.free] })).status).toBe(
      409,
    );
  });
  it("says nothing, or only a sentence, where the world says so", async () => {
    const silent = await sandbox(dialect, { answers: "empty" }).call(adding, `/groups/${G.alpha}/${addPath}`, {
      participants: [P.free, P.private],
    });
    expect([silent.status, silent.body, silent.effects.length]).toEqual([204, undefined, 1]);
    const wordy = await sandbox(dialect, { answers: "message" }).call(adding, `/groups/${G.alpha}/${addPath}`, {
      participants: [P.free, P.private],
    });
    expect(wordy.body.data?.message ?? wordy.body.message).toBe("Participants added successfully");
  });
  it("shows plain members of a hidden group under hidden ids, by which they can be removed", async () => {
    const { call, world, members } = sandbox(dialect);
    const person = world.groups[G.hidden]!.members.find((one) => one.role === "member")!.id;
    const { body } = await call("GET", `/groups/${G.hidden}/participants`);
    const ids = (body.data ?? body).map((one: { id: string }) => one.id);
    expect(ids).toContain(hiddenId(person));
    expect(ids).not.toContain(person);
    expect(ids).toContain(OWN_NUMBER);
    await call(removing, `/groups/${G.hidden}/${removePath}`, { participants: [hiddenId(person)] });
    expect(members(G.hidden)).not.toContain(person);
  });
  it("gives no two people of the group the same hidden id", () => {
    const { members } = sandbox(dialect);
    expect(new Set(members(G.full).map(hiddenId)).size).toBe(1024);
  });
  it("lists a Brazilian number as WhatsApp knows it, and takes @c.us and a device for the same person", async () => {
    const { call, members } = sandbox(dialect);
    const path = `/groups/${G.alpha}/${addPath}`;
    await call(adding, path, { participants: [P.brazil.replace("@s.whatsapp.net", ":12@c.us")] });
    expect(members(G.alpha)).toContain(P.brazilOld);
    expect((await call(adding, path, { participants: [P.brazil] })).status).toBe(409);
  });
  it("is forbidden to plain members and unknown to strangers", async () => {
    const { call } = sandbox(dialect);
    const body = { participants: [P.free] };
    expect((await call(adding, `/groups/${G.member}/${addPath}`, body)).status).toBe(403);
    expect((await call(removing, `/groups/${G.member}/${removePath}`, body)).status).toBe(403);
    expect((await call(adding, `/groups/${G.sector}/${addPath}`, body)).body.error.code).toBe("GROUP_NOT_FOUND");
  });
});

describe.each(["guide", "reference"] as const)("groups, in the %s dialect", (dialect) => {
  const field = dialect === "guide" ? "invite_code" : "code";

  it("joins once, and again without effect", async () => {
    const { call } = sandbox(dialect);
    const first = await call("POST", "/groups/join", { [field]: WORLD_CODES.neighbours });
    expect(first.effects).toMatchObject([{ kind: "joined", target: G.neighbours }]);
    const second = await call("POST", "/groups/join", { [field]: WORLD_CODES.neighbours });
    expect([second.status, second.effects]).toEqual([200, []]);
  });
  it("waits for an admin, who says yes after a minute", async () => {
    const { call, clock, members } = sandbox(dialect);
    const said = await call("POST", "/groups/join", { [field]: WORLD_CODES.gated });
    expect(said.status).toBe(202);
    expect((said.body.data ?? said.body).status).toBe("pending_approval");
    clock.at += 59_000;
    expect((await call("GET", `/groups/${G.gated}`)).status).toBe(404);
    clock.at += 1000;
    expect((await call("GET", `/groups/${G.gated}`)).status).toBe(200);
    await call("POST", "/groups/join", { [field]: WORLD_CODES.ignored });
    clock.at += 86_400_000;
    await call("GET", "/groups");
    expect(members(G.ignored)).not.toContain(OWN_NUMBER);
  });
  it.each([
    ["a revoked code", WORLD_CODES.revoked, 404, "INVALID_INVITE_CODE"],
    ["a private code of 16", "Ab3dEf6hIj9lMn2p", 404, "INVALID_INVITE_CODE"],
    ["a full group", WORLD_CODES.crowded, 409, "GROUP_FULL"],
  ])("does not join by %s", async (_, code, status, name) => {
    const said = await sandbox(dialect).call("POST", "/groups/join", { [field]: code });
    expect([said.status, said.body.error.code, said.effects]).toEqual([status, name, []]);
  });
  it("updates, and leaves for good", async () => {
    const { call } = sandbox(dialect);
    await call("PATCH", `/groups/${G.lobby}`, { description: "" });
    const { body } = await call("GET", `/groups/${G.lobby}`);
    expect((body.data ?? body).description).toBe("");
    expect((await call("POST", `/groups/${G.lobby}/leave`)).status).toBe(200);
    expect((await call("GET", `/groups/${G.lobby}`)).status).toBe(404);
    expect((await call("POST", "/groups/join", { [field]: WORLD_CODES.lobby })).status).toBe(200);
  });
  it("creates without those who refuse, and heads the list with the new group", async () => {
    const { call, members } = sandbox(dialect);
    const { body } = await call("POST", "/groups", { name: "📚", participants: [P.free, P.private, OWN_NUMBER] });
    const id = body.data?.group_id ?? body.id;
    expect(members(id)).toEqual([OWN_NUMBER, P.free]);
    const listed = (await call("GET", "/groups")).body;
    expect((listed.data ?? listed)[0]).toMatchObject({ [dialect === "guide" ? "group_id" : "id"]: id });
  });
  it("does not understand the other dialect", async () => {
    const { call } = sandbox(dialect);
    const other = dialect === "guide" ? "reference" : "guide";
    const [removing, removePath] = remove[other];
    const route = await call(removing, `/groups/${G.alpha}/${removePath}`, { participants: [P.seed] });
    expect([route.status, route.body.error.code]).toEqual([404, "ROUTE_NOT_FOUND"]);
    const wrong = dialect === "guide" ? { code: WORLD_CODES.market } : { invite_code: WORLD_CODES.market };
    expect((await call("POST", "/groups/join", wrong)).status).toBe(400);
    const message =
      dialect === "guide" ? { to: G.alpha, type: "text", body: "x" } : { chat_id: G.alpha, type: "text", text: "x" };
    expect((await call("POST", "/messages/send", message)).status).toBe(400);
  });
  it("refuses unknown fields, unreadable bodies and empty names", async () => {
    const { call } = sandbox(dialect);
    expect((await call("POST", "/groups", { name: "x", participants: [], subject: "x" })).status).toBe(400);
    expect((await call("POST", "/groups", "{")).status).toBe(400);
    expect((await call("POST", "/groups", { name: " ", participants: [] })).status).toBe(400);
    expect((await call("PATCH", `/groups/${G.alpha}`, {})).status).toBe(400);
  });
  it("tells an unknown instance and one that is not connected", async () => {
    const { call } = sandbox(dialect);
    expect((await call("GET", "/api/instances/inst_nope/groups")).body.error.code).toBe("INSTANCE_NOT_FOUND");
    const off = await call("GET", `/api/instances/${WORLD_INSTANCES.off}/groups`);
    expect([off.status, off.body.error.code]).toEqual([409, "INSTANCE_NOT_CONNECTED"]);
  });
  it("keeps instances apart", async () => {
    const { call } = sandbox(dialect);
    const { body } = await call("GET", `/api/instances/${WORLD_INSTANCES.second}/groups`);
    expect(body.data ?? body).toHaveLength(1);
  });
  it("lists instances and checks numbers, unless the world has neither", async () => {
    const { call } = sandbox(dialect);
    const list = await call("GET", "/api/instances?limit=2");
    expect(list.body.data).toMatchObject({ total: 3, page: 1, limit: 2, totalPages: 2 });
    expect(list.body.data.items[0]).toMatchObject({ name: "Support desk", status: "connected" });
    const known = (await call("GET", `/contacts/check?phone=${P.free.split("@")[0]}`)).body;
    expect(known.data ?? known).toEqual({ exists: true, phone: "12015550142", chat_id: P.free });
    const unknown = (await call("GET", `/contacts/check?phone=${P.absent.split("@")[0]}`)).body;
    expect(unknown.data ?? unknown).toEqual({ exists: false, phone: "12015550144", chat_id: null });
    const bare = sandbox(dialect, { hasExtras: false });
    expect((await bare.call("GET", "/api/instances")).body.error.code).toBe("ROUTE_NOT_FOUND");
    expect((await bare.call("GET", "/contacts/check?phone=12015550142")).status).toBe(404);
  });
});

describe("pages of groups", () => {
  it("by offset, never the same group twice", async () => {
    const { call } = sandbox("guide", { groups: 120 });
    const seen: string[] = [];
    for (let offset = 0; ; offset += 50) {
      const { body } = await call("GET", `/groups?limit=50&offset=${offset}`);
      seen.push(...body.data.map((one: { group_id: string }) => one.group_id));
      if (body.data.length < 50) break;
    }
    expect([seen.length, new Set(seen).size]).toEqual([120, 120]);
  });
  it("all at once, whatever is asked", async () => {
    const { call } = sandbox("guide", { groups: 120, paging: "all" });
    expect((await call("GET", "/groups?limit=50&offset=50")).body.data).toHaveLength(120);
  });
  it("numbered", async () => {
    const { call } = sandbox("guide", { groups: 120, paging: "pages" });
    const { data } = (await call("GET", "/groups?page=3&limit=50")).body;
    expect([data.items.length, data.total, data.page, data.totalPages]).toEqual([20, 120, 3, 3]);
  });
});

describe("keys and the rate limit", () => {
  const key = "wappfy_sk_secret";
  it("takes the key in either header, in the dialect's own when strict", async () => {
    const lax = sandbox("guide", {}, { key });
    expect((await lax.call("GET", "/groups", undefined, { "x-api-key": key })).status).toBe(200);
    expect((await lax.call("GET", "/groups", undefined, { authorization: `Bearer ${key}` })).status).toBe(200);
    expect((await lax.call("GET", "/groups", undefined, { "x-api-key": "wrong" })).body.error.code).toBe(
      "UNAUTHORIZED",
    );
    const strict = sandbox("guide", {}, { key, strictAuth: true });
    expect((await strict.call("GET", "/groups", undefined, { authorization: `Bearer ${key}` })).status).toBe(401);
  });
  it("speaks both dialects at once, and answers by the header", async () => {
    const { call } = sandbox("both");
    expect((await call("GET", "/groups", undefined, { "x-api-key": key })).body.data).toHaveLength(50);
    expect((await call("GET", "/groups", undefined, { authorization: `Bearer ${key}` })).body).toHaveLength(50);
    expect((await call("POST", "/groups/join", { code: WORLD_CODES.market })).status).toBe(200);
    expect((await call("POST", "/groups/join", { invite_code: WORLD_CODES.market })).status).toBe(200);
    for (const [method, path] of [add.guide, remove.reference, add.reference, remove.guide])
      expect((await call(method, `/groups/${G.alpha}/${path}`, { participants: [P.free] })).status).toBe(200);
  });
  it("counts down on every response and refuses with the documented body until the window resets", async () => {
    const { call, clock } = sandbox();
    for (let left = 99; left >= 0; left -= 1) {
      const { headers, status } = await call("GET", left % 2 ? `/groups/${G.alpha}` : "/groups/nope/participants");
      expect([status, headers.get("x-ratelimit-remaining")]).toEqual([left % 2 ? 200 : 404, String(left)]);
    }
    clock.at += 59_999;
    const over = await call("POST", "/messages/send", { chat_id: G.alpha, type: "text", text: "x" });
    expect([over.status, over.effects]).toEqual([429, []]);
    expect(over.body).toStrictEqual({
      success: false,
      error: { code: "RATE_LIMIT_EXCEEDED", message: "Too many requests, please try again later" },
    });
    expect(over.headers.get("x-ratelimit-limit")).toBe("100");
    expect(Number(over.headers.get("x-ratelimit-reset")) * 1000).toBe(Date.UTC(2026, 10, 24, 12, 1));
    clock.at += 1;
    expect((await call("GET", "/groups")).status).toBe(200);
  });
  it("allows callers without a key only twenty, on their own count", async () => {
    const { call } = sandbox("guide", {}, { key });
    for (let n = 0; n < 20; n += 1) expect((await call("GET", "/groups")).status).toBe(401);
    expect((await call("GET", "/groups")).status).toBe(429);
    expect((await call("GET", "/groups", undefined, { "x-api-key": key })).status).toBe(200);
  });
});

describe("saving", () => {
  it("is awaited before the answer, after changes alone", async () => {
    const saved: number[] = [];
    const slow = sandbox(
      "guide",
      {},
      {
        save: async (world) => {
          await new Promise((resolve) => setTimeout(resolve, 5));
          saved.push(world.groups[G.alpha]!.members.length);
        },
      },
    );
    await slow.call("GET", "/groups");
    await slow.call("POST", `/groups/${G.alpha}/participants`, { participants: ["bad"] });
    expect(saved).toEqual([]);
    await slow.call("POST", `/groups/${G.alpha}/participants`, { participants: [P.free] });
    expect(saved).toEqual([6]);
  });
  it("gives the same world to the next life", async () => {
    let disk = "";
    const first = sandbox("guide", {}, { save: async (world) => void (disk = JSON.stringify(world)) });
    await first.call("POST", "/groups", { name: "Kept", participants: [P.free] });
    await first.call("POST", `/groups/${G.support}/leave`);
    const next = sandboxGateway({ world: JSON.parse(disk) as World, now: () => first.clock.at });
    const list = await next.fetch(new Request("http://sandbox.invalid/api/instances/inst_abc123/groups"));
    const { data } = (await list.json()) as { data: { group_id: string; name: string }[] };
    expect(data[0]!.name).toBe("Kept");
    expect(data.map((one) => one.group_id)).not.toContain(G.support);
    // The next group gets an id of its own.
    expect(disk).toContain('"counter":1');
  });
  it("that fails is a 500", async () => {
    const { call } = sandbox("guide", {}, { save: () => Promise.reject(new Error("disk full")) });
    const said = await call("POST", `/groups/${G.alpha}/leave`);
    expect([said.status, said.body.error.code]).toEqual([500, "INTERNAL_ERROR"]);
    expect(JSON.stringify(said.body)).not.toContain("disk");
  });
});

it("has fictional people enough", () => {
  expect(new Set(Array.from({ length: 4000 }, (_, n) => fictional("us", n))).size).toBe(4000);
});
