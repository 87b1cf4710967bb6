import { Secret } from "../../../../lib/background/gateway/secret";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { fail, ok } from "../../../../lib/shared/failure";
import { AGENT, ANNA, forgetful, GROUP, INSTANCE, KEY, startGate, type Gate } from "./gate";

/** The one way out (security rule R5), against real sockets. */

let gate: Gate;
let elsewhere: Gate;
beforeAll(async () => {
  [gate, elsewhere] = await Promise.all([startGate(), startGate()]);
});
beforeEach(() => {
  gate.log.length = 0;
  elsewhere.log.length = 0;
});
afterAll(() => Promise.all([gate.close(), elsewhere.close()]));

const read = (more?: Parameters<Gate["open"]>[0]) => gate.open(more).listMembers(GROUP, AGENT);
const write = (more?: Parameters<Gate["open"]>[0]) => gate.open(more).addMembers(GROUP, [ANNA], AGENT);

describe("redirects", () => {
  test.each([301, 302, 303, 307, 308])(
    "a %i is not followed, neither to another host nor on the same one",
    async (status) => {
      elsewhere.say([]);
      for (const location of [`${elsewhere.origin}/api/x`, `${gate.origin}/api/y`, "/api/z"]) {
        gate.say(undefined, { status, headers: { location } });
        for (const answer of [await read(), await write()]) {
          expect(answer).toMatchObject({ ok: false, failure: { code: "redirected", certainty: "unknown" } });
        }
      }
      expect(elsewhere.log).toHaveLength(0);
      expect(gate.log).toHaveLength(6);
    },
  );

  test("an opaque redirect, as a browser gives it, and an answer that came from elsewhere count as redirects", async () => {
    const opaque = Object.defineProperties(new Response(null), {
      type: { value: "opaqueredirect" },
      status: { value: 0 },
    });
    expect(await read({ fetch: () => opaque })).toMatchObject({ failure: { code: "redirected" } });
    const far = Object.defineProperty(Response.json([]), "url", { value: "https://evil.example/api" });
    expect(await read({ fetch: () => far })).toMatchObject({ failure: { code: "redirected" } });
  });
});

describe("limits", () => {
  test("a body beyond 5 MiB is not read, announced or not, also when it was packed", async () => {
    gate.act((_, response) => response.writeHead(200, { "content-length": String(6 * 1024 * 1024) }).write("["));
    expect(await read()).toMatchObject({ failure: { code: "too-large", status: 200 } });

    let written = 0;
    gate.act((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const block = Buffer.alloc(1024 * 1024, " ");
      const pour = () => {
        while (!response.destroyed && written < 1024) {
          written += 1;
          if (!response.write(block)) {
            response.once("drain", pour);
            return;
          }
        }
      };
      pour();
    });
    expect(await write()).toMatchObject({ failure: { code: "too-large", certainty: "unknown" } });
    expect(written).toBeLessThan(100);

    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, " "));
    expect(bomb.length).toBeLessThan(100_000);
    gate.say(bomb, { headers: { "content-encoding": "gzip" } });
    expect(await read()).toMatchObject({ failure: { code: "too-large" } });
  });

  test("a body just under the limit is read", async () => {
    gate.say(Buffer.from(`[${" ".repeat(5 * 1024 * 1024 - 2)}]`));
    expect(await read()).toMatchObject({ ok: true, value: [] });
  });

  test("silence, a body that drips and an answer in-process that never comes end in time", async () => {
    gate.act(() => undefined);
    expect(await write({ timeout: 50 })).toEqual({ ok: false, failure: { code: "timeout", certainty: "unknown" } });
    let isGone = false;
    gate.act((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const timer = setInterval(() => response.write(" "), 5);
      response.on("close", () => {
        isGone = true;
        clearInterval(timer);
      });
    });
    // Long enough for the headers on a busy computer.
    expect(await write({ timeout: 1_000 })).toMatchObject({
      failure: { code: "timeout", certainty: "unknown", status: 200 },
    });
    await expect.poll(() => isGone).toBe(true);
    const never = () => new Promise<Response>(() => undefined);
    expect(await write({ timeout: 30, fetch: never })).toMatchObject({ failure: { code: "timeout" } });
    const endless = () => new Response(new ReadableStream(), { headers: { "content-type": "application/json" } });
    expect(await write({ timeout: 30, fetch: endless })).toMatchObject({ failure: { code: "timeout", status: 200 } });
  });

  test("T55 a call that says nothing of its time ends after 25 seconds, and one that asks for more does too", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const never = () => new Promise<Response>(() => undefined);
      for (const timeout of [undefined, 250_000]) {
        let answer: unknown;
        const call = write({ fetch: never, timeout }).then((value) => (answer = value));
        await vi.advanceTimersByTimeAsync(24_999);
        expect(answer).toBeUndefined();
        await vi.advanceTimersByTimeAsync(1);
        expect(await call).toMatchObject({ failure: { code: "timeout", certainty: "unknown" } });
      }
    } finally {
      vi.useRealTimers();
    }
  });

  test("the caller can end a call; before it is sent, nothing leaves", async () => {
    const control = new AbortController();
    gate.act(() => control.abort());
    const gateway = gate.open();
    expect(await gateway.addMembers(GROUP, [ANNA], { ...AGENT, signal: control.signal })).toMatchObject({
      failure: { code: "timeout", certainty: "unknown" },
    });
    expect(await gateway.addMembers(GROUP, [ANNA], { ...AGENT, signal: control.signal })).toMatchObject({
      failure: { code: "timeout", certainty: "unsent" },
    });
    expect(gate.log).toHaveLength(1);
  });
});

describe("answers that are none", () => {
  test.each(["[", '{"a":'])(
    "thousands of levels of %j are no answer, and the allowance gets its ticket back",
    async (open) => {
      const text = open.repeat(6000) + "1" + (open === "[" ? "]" : "}").repeat(6000);
      const budget = forgetful();
      for (const status of [200, 403, 500]) {
        gate.say(Buffer.from(text), { status });
        const answer = await gate.open({ budget }).listMembers(GROUP, AGENT);
        expect(answer).toMatchObject({ ok: false, failure: { status } });
      }
      expect(budget.state().remaining).toBe(97);
      gate.say(Buffer.from(text));
      expect(await write()).toMatchObject({ failure: { code: "bad-answer", certainty: "unknown" } });
    },
  );

  test("HTML and other content is not JSON, even with 200", async () => {
    for (const [body, type] of [
      ["<!doctype html><h1>Sign in to the Wi-Fi</h1>", "text/html"],
      ["[]", "text/html"],
      ["  <html></html>", "application/json; charset=utf-8"],
      ["[]", "image/png"],
    ] as const) {
      gate.say(Buffer.from(body), { type });
      expect(await read()).toMatchObject({ failure: { code: "not-json", certainty: "unknown" } });
      expect(await write()).toMatchObject({ failure: { code: "not-json", certainty: "unknown" } });
    }
  });

  test("JSON by any name is read, with a byte order mark or without a type", async () => {
    for (const type of ["application/json", "application/problem+json", "text/plain", "text/json; charset=utf-8"]) {
      gate.say(Buffer.from("\uFEFF[]\n"), { type });
      expect(await read()).toMatchObject({ ok: true, value: [] });
    }
    gate.act((_, response) => response.end("[]"));
    expect(await read()).toMatchObject({ ok: true, value: [] });
  });

  test("an answer without anything in it is told as such", async () => {
    for (const body of ["", "null", '{"data":null}', "{}"]) {
      gate.say(Buffer.from(body));
      expect(await read()).toMatchObject({ ok: false, failure: { code: "empty-answer" } });
    }
  });

  test("JSON that was cut off, and JSON of another form, is no list", async () => {
    for (const body of ['{"data":[{"id":"55119', "7", '"x"', "[null]", "[7]", "[[]]"]) {
      gate.say(Buffer.from(body));
      expect(await read()).toMatchObject({ ok: false, failure: { code: "bad-answer" } });
    }
    gate.say(Buffer.from('{"success":tr'));
    expect(await write()).toMatchObject({ ok: false, failure: { code: "bad-answer", certainty: "unknown" } });
  });

  test("a connection that is lost is offline, and a write may have been done", async () => {
    gate.act((request) => request.socket.destroy());
    expect(await write()).toEqual({ ok: false, failure: { code: "offline", certainty: "unknown" } });
    gate.act((_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("{", () => response.destroy());
    });
    expect(await write()).toMatchObject({ failure: { code: "offline", certainty: "unknown", status: 200 } });
    const closed = await startGate();
    await closed.close();
    expect(await closed.open().listMembers(GROUP, AGENT)).toMatchObject({ failure: { code: "offline" } });
  });
});

describe("before anything is sent", () => {
  const connection = { instance: INSTANCE, dialect: "guide", auth: "api-key" } as const;

  test("a missing permission, a locked vault, no key and an odd key stop the call", async () => {
    const asked: string[] = [];
    const isAllowed = async (origin: string) => {
      asked.push(origin);
      return false;
    };
    expect(await write({ isAllowed })).toEqual({ ok: false, failure: { code: "no-permission", certainty: "unsent" } });
    expect(asked).toEqual([gate.origin]);
    expect(await write({ key: async () => fail("locked") })).toEqual({
      ok: false,
      failure: { code: "locked", certainty: "unsent" },
    });
    expect(await write({ key: async () => fail("no-key") })).toMatchObject({ failure: { code: "no-key" } });
    for (const odd of ["", "a b", "a\r\nX-Evil: 1", "ключ"]) {
      expect(await write({ key: async () => ok(new Secret(odd)) })).toMatchObject({
        failure: { code: "no-key", certainty: "unsent" },
      });
    }
    expect(gate.log).toHaveLength(0);
  });

  test.each([
    "http://gateway.example",
    "https://gateway.example/",
    "https://gateway.example/path",
    "https://user@gateway.example",
    "https://GATEWAY.example",
    "ftp://127.0.0.1",
    "javascript:alert(1)",
    "",
  ])("the address %j is none to send a key to", async (origin) => {
    expect(await write({ connection: { ...connection, origin } })).toEqual({
      ok: false,
      failure: { code: "bad-address", certainty: "unsent" },
    });
  });

  test.each(["..", ".", "a/b", "%2e%2e", "?x", "", "ü", "a b", "inst_1#"])(
    "the instance %j never reaches a path",
    async (instance) => {
      expect(await write({ connection: { ...connection, instance, origin: gate.origin } })).toMatchObject({
        failure: { code: "bad-input", certainty: "unsent" },
      });
      expect(gate.log).toHaveLength(0);
    },
  );

  test.each([
    "..",
    "../participants",
    "1@g.us",
    `${GROUP}/leave`,
    "%2e%2e@g.us",
    `${GROUP}?x`,
    "१२०३६३@g.us",
    ANNA,
    "",
  ])("the group %j never reaches a path", async (group) => {
    const gateway = gate.open();
    const answers = await Promise.all([
      gateway.getGroup(group, AGENT),
      gateway.updateGroup(group, { name: "x" }, AGENT),
      gateway.leaveGroup(group, AGENT),
      gateway.listMembers(group, AGENT),
      gateway.removeMembers(group, [ANNA], AGENT),
      gateway.readInvite(group, AGENT),
    ]);
    for (const answer of answers) expect(answer).toMatchObject({ failure: { code: "bad-input", certainty: "unsent" } });
    expect(gate.log).toHaveLength(0);
  });

  test("without a network nothing is tried, except on this computer", async () => {
    gate.say([]);
    const isOnline = () => false;
    expect(await write({ isOnline, connection: { ...connection, origin: "https://gateway.example" } })).toEqual({
      ok: false,
      failure: { code: "offline", certainty: "unsent" },
    });
    expect(await read({ isOnline })).toMatchObject({ ok: true });
  });
});

describe("what leaves", () => {
  test("no cookie, no referrer, no cache; the key in its header and nowhere else", async () => {
    gate.say([], { headers: { "set-cookie": "session=1", "cache-control": "max-age=600" } });
    await read();
    await read();
    expect(gate.log).toHaveLength(2);
    const { headers, path } = gate.log[1]!;
    expect(headers).toMatchObject({ "x-api-key": KEY, accept: "application/json" });
    expect(headers.cookie).toBeUndefined();
    expect(headers.referer).toBeUndefined();
    expect(path).not.toContain(KEY);
  });

  test("the request that the browser gets carries every guard", async () => {
    let seen: Request | undefined;
    await read({
      fetch: (request) => {
        seen = request;
        return Response.json([]);
      },
    });
    expect(seen).toMatchObject({
      redirect: "manual",
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
      method: "GET",
    });
  });

  test("the key is in no failure and no value, although the gateway echoes it everywhere", async () => {
    const echo = { code: KEY, message: `Key ${KEY} refused`, details: { [KEY]: KEY } };
    const answers = [];
    for (const status of [400, 401, 403, 404, 409, 422, 429, 500]) {
      gate.say({ success: false, error: echo, meta: { requestId: KEY } }, { status, headers: { "x-request-id": KEY } });
      answers.push(await write(), await gate.open().joinGroup("AbCdEfGhIjKlMn", AGENT));
    }
    gate.say({ data: { group_id: GROUP, name: KEY, description: KEY } });
    answers.push(await gate.open().getGroup(GROUP, AGENT));
    gate.say([], { headers: { "x-request-id": KEY } });
    answers.push(await read());
    // The same text, written as JSON also allows it.
    const spelt = Array.from(KEY, (letter) => String.raw`\u00${letter.charCodeAt(0).toString(16)}`).join("");
    gate.say(Buffer.from(`{"data":{"group_id":"${GROUP}","name":"Team ${spelt}","description":"${spelt}"}}`));
    answers.push(await gate.open().getGroup(GROUP, AGENT));
    expect(answers.at(-1)).toMatchObject({ ok: true, value: { name: "Team …" } });
    expect(JSON.stringify(answers)).not.toContain(KEY);
    // An in-process gateway that throws the whole request at us.
    const thrown = await write({
      fetch: (request) => {
        throw new Error(`${request.url} ${request.headers.get("x-api-key")}`);
      },
    });
    expect(thrown).toEqual({ ok: false, failure: { code: "offline", certainty: "unknown" } });
  });

  test("a candidate key serves before anything is stored", async () => {
    gate.say({ data: [{ id: "inst_1", name: "Support", status: "connected" }] });
    const gateway = gate.open({
      key: async () => ok(new Secret("candidate-key")),
      connection: { instance: "", dialect: "guide", auth: "api-key", origin: gate.origin },
    });
    expect(await gateway.listInstances(AGENT)).toMatchObject({
      ok: true,
      value: [{ id: "inst_1", name: "Support", status: "connected" }],
    });
    expect(gate.log[0]).toMatchObject({ path: "/api/instances", headers: { "x-api-key": "candidate-key" } });
  });

  test("request id and the gateway's clock come with good answers and bad ones", async () => {
    const meta = { requestId: "req_abc123", timestamp: "2026-02-10T12:00:00.000Z" };
    gate.say({ success: true, data: [], meta });
    expect(await read()).toMatchObject({ ok: true, requestId: "req_abc123", serverTime: Date.UTC(2026, 1, 10, 12) });
    gate.say({ success: false, error: { code: "FORBIDDEN" }, meta }, { status: 403 });
    expect(await read()).toMatchObject({
      failure: { requestId: "req_abc123", serverCode: "FORBIDDEN" },
      serverTime: Date.UTC(2026, 1, 10, 12),
    });
    gate.say([], { headers: { date: "Tue, 10 Feb 2026 12:00:00 GMT" } });
    expect(await read()).toMatchObject({ serverTime: Date.UTC(2026, 1, 10, 12) });
  });

  test("every call is one request, whatever comes back", async () => {
    gate.say(undefined, { status: 503, headers: { "retry-after": "0" } });
    await read();
    await write();
    gate.act((request) => request.socket.destroy());
    await read();
    await write();
    expect(gate.log).toHaveLength(4);
  });
});
