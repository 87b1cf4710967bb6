import { request as httpRequest } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { OWN_NUMBER, WORLD_GROUPS, WORLD_PEOPLE } from "../../../lib/sandbox/world";
import { createWorld } from "../../../lib/sandbox/seed";
import { startServer, type Point, type TestServer } from "../../server";

const G = WORLD_GROUPS;
const P = WORLD_PEOPLE;
const GROUPS = "/api/instances/inst_abc123/groups";
const PEOPLE = `${GROUPS}/${G.alpha}/participants`;

let server: TestServer;
beforeEach(async () => {
  server = await startServer({ world: createWorld() });
  return () => server.close();
});

const get = (path: string, init: RequestInit = {}) => fetch(server.origin + path, init);
const post = (path: string, body: unknown, init: RequestInit = {}) =>
  fetch(server.origin + path, { method: "POST", body: JSON.stringify(body), ...init });
const add = (init: RequestInit = {}) => post(PEOPLE, { participants: [P.free] }, init);
const members = (group: string = G.alpha) => server.world.groups[group]!.members.map(({ id }) => id);
/** Waits for what must come, however busy the machine is. */
const soon = (check: () => void) => vi.waitFor(check, { timeout: 4000, interval: 5 });
const isIn = () => members().includes(P.free);

it("logs requests with what they changed", async () => {
  await add({ headers: { "X-Api-Key": "wappfy_sk_1" } });
  expect(server.log).toMatchObject([
    { method: "POST", path: PEOPLE, body: JSON.stringify({ participants: [P.free] }), status: 200 },
  ]);
  expect(server.log[0]!.headers["x-api-key"]).toBe("wappfy_sk_1");
  expect(server.log[0]!.applied).toEqual([{ kind: "added", instance: "inst_abc123", target: G.alpha, person: P.free }]);
  expect(server.effects).toEqual(server.log[0]!.applied);
});

describe("faults that keep a write from happening", () => {
  it.each(["500", "502-html", "429", "429-bare", "429-proxy"] as const)("%s", async (kind) => {
    server.fault({}, kind);
    const response = await add();
    const text = await response.text();
    expect(response.status).toBe(Number(kind.slice(0, 3)));
    expect(text.startsWith("{")).toBe(["500", "429", "429-bare"].includes(kind));
    expect(response.headers.has("x-ratelimit-reset")).toBe(kind === "429");
    expect([isIn(), server.effects, server.log[0]!.fault]).toEqual([false, [], kind]);
    expect((await add()).status).toBe(200);
  });
  it("drop-before", async () => {
    server.fault({}, "drop-before");
    await expect(add()).rejects.toThrow();
    expect([isIn(), server.log[0]!.status]).toEqual([false, 0]);
  });
  it("nothing-200", async () => {
    server.fault({}, "nothing-200");
    expect((await add()).status).toBe(200);
    expect(isIn()).toBe(false);
  });
  it.each([301, 302, 303, 307, 308] as const)("redirect %i to another origin", async (status) => {
    const other = await startServer();
    server.fault({}, { kind: "redirect", status, to: `${other.origin}/api/steal` });
    const response = await add({ headers: { "X-Api-Key": "wappfy_sk_1" } });
    // What makes a client's `redirect: "error"` worth having: the plain one hands the key on.
    expect(other.log[0]!.headers["x-api-key"]).toBe("wappfy_sk_1");
    expect([response.status, isIn()]).toEqual([404, false]);
    await other.close();
  });
});

describe("faults that lose or break the answer to a write that happened", () => {
  it.each(["drop-after", "half-then-drop"] as const)("%s", async (kind) => {
    server.fault({}, kind);
    await expect(add().then((response) => response.text())).rejects.toThrow();
    expect(isIn()).toBe(true);
  });
  it.each([
    ["truncated-json", 200, /^\{.*[^}]$/],
    ["wrong-types", 200, /"group_id":42/],
    ["empty-200", 200, /^$/],
    ["html-200", 200, /^<!doctype/],
    ["500-applied", 500, /INTERNAL_ERROR/],
  ] as const)("%s", async (kind, status, text) => {
    server.fault({}, kind);
    const response = await add();
    expect(response.status).toBe(status);
    expect(await response.text()).toMatch(text);
    expect(isIn()).toBe(true);
  });
  it("an answer of one's own", async () => {
    server.fault({}, { kind: "answer", status: 201, headers: { "x-odd": "1" }, body: "true", isApplied: true });
    const response = await add();
    expect([response.status, response.headers.get("x-odd"), await response.text()]).toEqual([201, "1", "true"]);
    expect(isIn()).toBe(true);
  });
  it.each(["huge", "gzip-bomb"] as const)("%s streams until the client has enough", async (kind) => {
    server.fault({}, kind);
    const reader = (await add()).body!.getReader();
    let size = 0;
    while (size < 8 * 1024 * 1024) size += (await reader.read()).value!.length;
    await reader.cancel();
    expect(isIn()).toBe(true);
  });
  it("drip", async () => {
    server.fault({}, { kind: "drip", ms: 1 });
    expect(await (await get(`${GROUPS}/${G.alpha}/invite-code`)).json()).toMatchObject({ success: true });
  });
});

describe("late effects", () => {
  it("delay: before the effect", async () => {
    server.fault({}, { kind: "delay", ms: 1000 });
    const answer = add();
    await soon(() => expect(server.log[0]!.fault).toBe("delay"));
    expect(isIn()).toBe(false);
    expect((await answer).status).toBe(200);
    expect(isIn()).toBe(true);
  });
  it("delay-after: the effect comes though the client has gone", async () => {
    server.fault({}, { kind: "delay-after", ms: 60_000 });
    const leaving = new AbortController();
    const answer = add({ signal: leaving.signal });
    await soon(() => expect(isIn()).toBe(true));
    leaving.abort();
    await expect(answer).rejects.toThrow();
  });
  it("late-apply: after the connection died", async () => {
    server.fault({}, { kind: "late-apply", ms: 1000 });
    await expect(add()).rejects.toThrow();
    expect(isIn()).toBe(false);
    await soon(() => expect(isIn()).toBe(true));
  });
});

describe("readings that are not true", () => {
  const read = async (path = PEOPLE) => ((await (await get(path)).json()) as { data: { id: string }[] }).data;
  it("stale-read: as before the last change, of members, details and list", async () => {
    await add();
    await post(GROUPS, { name: "New", participants: [] });
    server.fault({ times: 3 }, "stale-read");
    expect((await read(GROUPS)).length).toBe(50);
    expect(JSON.stringify(await read(GROUPS))).not.toContain('"New"');
    // Only the last change is unseen.
    expect(JSON.stringify(await read())).toContain(P.free);
    expect(JSON.stringify(await read(GROUPS))).toContain('"New"');
  });
  it("stale-read of the group that was changed", async () => {
    await add();
    server.fault({}, "stale-read");
    expect(JSON.stringify(await read())).not.toContain(P.free);
    expect(JSON.stringify(await read())).toContain(P.free);
  });
  it("empty-list and shrunken-list, once", async () => {
    server.fault({ path: "/participants" }, "empty-list");
    expect(await read()).toEqual([]);
    server.fault({ method: "GET" }, "shrunken-list");
    expect(await read()).toHaveLength(2);
    expect(await read()).toHaveLength(5);
    server.fault({}, "empty-list");
    expect(await read(`${GROUPS}/${G.alpha}`)).toMatchObject({ name: "Project Alpha", participants: [] });
  });
});

describe("removals that go wrong", () => {
  const remove = () =>
    fetch(server.origin + PEOPLE, { method: "DELETE", body: JSON.stringify({ participants: [P.seed] }) });
  it("wrong-member: somebody else goes", async () => {
    server.fault({ method: "DELETE" }, "wrong-member");
    expect((await remove()).status).toBe(200);
    expect(members()).toHaveLength(4);
    expect(members()).toContain(P.seed);
  });
  it("remove-everyone: only the instance stays", async () => {
    server.fault({ method: "DELETE" }, "remove-everyone");
    expect((await remove()).status).toBe(200);
    expect(members()).toEqual([OWN_NUMBER]);
  });
  it("drop-body: nothing to do, nothing done", async () => {
    server.fault({ method: "DELETE" }, "drop-body");
    expect((await remove()).status).toBe(400);
    expect(members()).toContain(P.seed);
  });
});

describe("which requests are hit", () => {
  it("by method, path, number and times", async () => {
    const fault = server.fault({ method: "GET", path: /\/groups$/, nth: 2, times: 2 }, "500");
    const statuses = [];
    for (let n = 0; n < 4; n += 1) {
      statuses.push((await get(GROUPS)).status);
      statuses.push((await get(PEOPLE)).status);
    }
    expect(statuses).toEqual([200, 200, 500, 200, 500, 200, 200, 200]);
    expect(fault.hits()).toBe(2);
  });
  it("by a path with an encoded id", async () => {
    server.fault({ path: G.alpha }, "500");
    expect((await get(`${GROUPS}/${encodeURIComponent(G.alpha)}`)).status).toBe(500);
  });
  it("by chance, the same each time", async () => {
    server.fault({ probability: 0.5 }, "500");
    const statuses = [];
    for (let n = 0; n < 40; n += 1) statuses.push((await get(PEOPLE)).status);
    const bad = statuses.filter((status) => status === 500).length;
    expect(bad).toBeGreaterThan(8);
    expect(bad).toBeLessThan(32);
  });
  it("until stopped, or reset", async () => {
    const fault = server.fault({ times: Infinity }, "500");
    expect((await get(PEOPLE)).status).toBe(500);
    fault.stop();
    expect((await get(PEOPLE)).status).toBe(200);
    server.fault({ times: Infinity }, "500");
    server.reset();
    expect([(await get(PEOPLE)).status, server.log.length]).toEqual([200, 1]);
  });
});

describe("barriers", () => {
  it.each([
    ["received", false],
    ["before-apply", false],
    ["after-apply", true],
    ["half-response", true],
  ] as [Point, boolean][])("holds at %s", async (point, isDone) => {
    const barrier = server.hold({ method: "POST" }, point);
    let isAnswered = false;
    const answer = add()
      .then((response) => response.json())
      .then(() => (isAnswered = true));
    await barrier.reached;
    // A request that was not chosen goes past.
    expect((await get(PEOPLE)).status).toBe(200);
    expect([isIn(), isAnswered]).toEqual([isDone, false]);
    barrier.release();
    await answer;
    expect(isIn()).toBe(true);
  });
  it("holds at after-response what comes next, and forgets it when its client is gone", async () => {
    const barrier = server.hold({ method: "POST" }, "after-response");
    await (await add()).text();
    await barrier.reached;
    expect(isIn()).toBe(true);
    const dying = new AbortController();
    const gone = get(PEOPLE, { signal: dying.signal });
    const next = get(PEOPLE);
    dying.abort();
    await expect(gone).rejects.toThrow();
    expect(server.log).toHaveLength(1);
    barrier.release();
    expect((await next).status).toBe(200);
    expect(server.log).toHaveLength(2);
  });
  it("still applies when the client died meanwhile", async () => {
    const barrier = server.hold({ method: "POST" }, "before-apply");
    const dying = new AbortController();
    const answer = add({ signal: dying.signal });
    await barrier.reached;
    dying.abort();
    await expect(answer).rejects.toThrow();
    barrier.release();
    await soon(() => expect(isIn()).toBe(true));
  });
});

it("closes although requests hang at a barrier and in a delay", async () => {
  const barrier = server.hold({}, "received");
  const held = add().catch(() => "gone");
  await barrier.reached;
  server.fault({}, { kind: "delay", ms: 3_600_000 });
  const slow = add().catch(() => "gone");
  await soon(() => expect(server.log).toHaveLength(2));
  await server.close();
  expect([await held, await slow]).toEqual(["gone", "gone"]);
  await expect(get(PEOPLE)).rejects.toThrow();
});

it("does nothing after it was closed, not even what was to come late", async () => {
  server.fault({}, { kind: "late-apply", ms: 500 });
  await expect(add()).rejects.toThrow();
  await server.close();
  await sleep(600);
  expect(isIn()).toBe(false);
});

describe("pages", () => {
  /** A request as a browser makes it for a host name that is mapped to loopback. */
  const visit = (path: string, host = "forum.example.test") =>
    new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
      const req = httpRequest({ host: "127.0.0.1", port: server.port, path, headers: { host } }, (res) => {
        let body = "";
        res.setEncoding("utf8").on("data", (text: string) => (body += text));
        res.on("end", () => resolve({ status: res.statusCode!, headers: res.headers, body }));
      });
      req.on("error", reject).end();
    });
  it("come from test/pages on any host name, with a policy if asked", async () => {
    const plain = await visit("/plain.html");
    expect([plain.status, plain.headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    expect(plain.headers["content-security-policy"]).toBeUndefined();
    const strict = await visit(`/plain.html?csp=${encodeURIComponent("default-src 'none'")}`);
    expect(strict.headers["content-security-policy"]).toBe("default-src 'none'");
    expect((await visit("/")).body).toBe((await visit("/invites.html")).body);
  });
  it("can be made by a test, and never leave the folder", async () => {
    server.page("/made.html", "<p>hello", { "x-made": "1" });
    expect(await visit("/made.html")).toMatchObject({ status: 200, body: "<p>hello", headers: { "x-made": "1" } });
    expect((await visit("/../server.ts")).status).toBe(404);
    expect((await visit("/%2e%2e/server.ts")).status).toBe(404);
    expect((await visit("/..%2fserver.ts")).status).toBe(404);
  });
});

it("429 tells when the window resets", async () => {
  server = await startServer({ now: () => 1_700_000_000_000 });
  server.fault({}, { kind: "429", resetIn: 5 });
  expect((await get(PEOPLE)).headers.get("x-ratelimit-reset")).toBe("1700000005");
  await server.close();
});
