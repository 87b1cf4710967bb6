import { spawn, spawnSync } from "node:child_process";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { WORLD_GROUPS, WORLD_PEOPLE } from "../../../lib/sandbox/world";
import { createWorld } from "../../../lib/sandbox/seed";
import { startServer, type TestServer } from "../../server";

/**
 * The groups guide, line by line: each of its curl commands with only host, key and ids put in, and the answer that it
 * documents. `null` stands for an answer that the guide leaves open. The site shows its ids obfuscated, so the ids are
 * those of the contract, section 4.4.
 */
const GUIDE: { what: string; curl: string; answer: unknown }[] = [
  {
    what: "create a group",
    curl: `curl -X POST https://api.wappfy.io/api/instances/inst_abc123/groups \\
  -H "X-Api-Key: YOUR_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
    "name": "Project Alpha",
    "participants": [
      "5511999998888@s.whatsapp.net",
      "5511900000001@s.whatsapp.net"
    ]
  }'`,
    answer: {
      data: {
        group_id: expect.stringMatching(/^\d{18}@g\.us$/),
        name: "Project Alpha",
        participants: [
          { id: "5511999998888@s.whatsapp.net", is_admin: false },
          { id: "5511900000001@s.whatsapp.net", is_admin: false },
        ],
      },
    },
  },
  {
    what: "list groups",
    curl: `curl https://api.wappfy.io/api/instances/inst_abc123/groups \\
  -H "X-Api-Key: YOUR_API_KEY"`,
    answer: {
      data: expect.toSatisfy(
        (list: { group_id: string }[]) =>
          list.length > 1 && list.every((one) => Object.keys(one).join() === "group_id,name,participant_count"),
      ),
    },
  },
  {
    what: "get a group",
    curl: `curl https://api.wappfy.io/api/instances/inst_abc123/groups/120363012345678901@g.us \\
  -H "X-Api-Key: YOUR_API_KEY"`,
    answer: {
      data: {
        group_id: "120363012345678901@g.us",
        name: "Project Alpha",
        description: "Team workspace for Project Alpha",
        owner: expect.stringMatching(/^\d+@s\.whatsapp\.net$/),
        created_at: "2026-01-15T10:00:00Z",
        participants: expect.toSatisfy(areMembers),
      },
    },
  },
  {
    what: "update a group",
    curl: `curl -X PATCH https://api.wappfy.io/api/instances/inst_abc123/groups/120363012345678901@g.us \\
  -H "X-Api-Key: YOUR_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
    "name": "Project Alpha v2",
    "description": "Updated workspace for Project Alpha"
  }'`,
    answer: null,
  },
  {
    what: "leave a group",
    curl: `curl -X POST https://api.wappfy.io/api/instances/inst_abc123/groups/120363012345678901@g.us/leave \\
  -H "X-Api-Key: YOUR_API_KEY"`,
    answer: null,
  },
  {
    what: "list participants",
    curl: `curl https://api.wappfy.io/api/instances/inst_abc123/groups/120363012345678901@g.us/participants \\
  -H "X-Api-Key: YOUR_API_KEY"`,
    answer: { data: expect.toSatisfy(areMembers) },
  },
  {
    what: "add participants",
    curl: `curl -X POST https://api.wappfy.io/api/instances/inst_abc123/groups/120363012345678901@g.us/participants \\
  -H "X-Api-Key: YOUR_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
    "participants": [
      "5511900000001@s.whatsapp.net",
      "5511900000002@s.whatsapp.net"
    ]
  }'`,
    answer: null,
  },
  {
    what: "remove participants",
    curl: `curl -X DELETE https://api.wappfy.io/api/instances/inst_abc123/groups/120363012345678901@g.us/participants \\
  -H "X-Api-Key: YOUR_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
    "participants": [
      "5511999998888@s.whatsapp.net"
    ]
  }'`,
    answer: null,
  },
  {
    what: "get the invite code",
    curl: `curl https://api.wappfy.io/api/instances/inst_abc123/groups/120363012345678901@g.us/invite-code \\
  -H "X-Api-Key: YOUR_API_KEY"`,
    answer: { data: { invite_code: expect.stringMatching(/^https:\/\/chat\.whatsapp\.com\/[A-Za-z0-9]{22}$/) } },
  },
  {
    what: "join by invite code",
    curl: `curl -X POST https://api.wappfy.io/api/instances/inst_abc123/groups/join \\
  -H "X-Api-Key: YOUR_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
    "invite_code": "AbCdEfGhIjKlMn"
  }'`,
    answer: null,
  },
  {
    what: "send a message to a group",
    curl: `curl -X POST https://api.wappfy.io/api/instances/inst_abc123/messages/send \\
  -H "X-Api-Key: YOUR_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
    "chat_id": "120363012345678901@g.us",
    "type": "text",
    "text": "Hello team!"
  }'`,
    answer: { data: { message_id: expect.stringMatching(/^[0-9A-F]{14}$/), status: "sent" } },
  },
];

/** The guide's error table, each row by a request that earns it. */
const ERRORS: { status: number; what: string; method: string; path: string; participants?: string[] }[] = [
  { status: 403, what: "not an admin: update", method: "PATCH", path: WORLD_GROUPS.member },
  { status: 403, what: "not an admin: add", method: "POST", path: `${WORLD_GROUPS.member}/participants` },
  { status: 403, what: "not an admin: remove", method: "DELETE", path: `${WORLD_GROUPS.member}/participants` },
  { status: 403, what: "not an admin: invite code", method: "GET", path: `${WORLD_GROUPS.member}/invite-code` },
  { status: 404, what: "no such group", method: "GET", path: "120363999999999999@g.us" },
  { status: 404, what: "not a member", method: "GET", path: `${WORLD_GROUPS.neighbours}/participants` },
  {
    status: 409,
    what: "already in the group",
    method: "POST",
    path: `${WORLD_GROUPS.alpha}/participants`,
    participants: [WORLD_PEOPLE.seed],
  },
  {
    status: 409,
    what: "not in the group",
    method: "DELETE",
    path: `${WORLD_GROUPS.alpha}/participants`,
    participants: [WORLD_PEOPLE.free],
  },
  {
    status: 422,
    what: "malformed participant",
    method: "POST",
    path: `${WORLD_GROUPS.alpha}/participants`,
    participants: [WORLD_PEOPLE.free, "+55 11 99999-8888"],
  },
];

const KEY = "wappfy_sk_test_0123456789";
let server: TestServer;

describe.each([
  ["read by our parser", viaFetch, false],
  ["run by curl", viaCurl, spawnSync("curl", ["--version"]).error !== undefined],
] as const)("the groups guide, %s", (_, run, isMissing) => {
  beforeEach(async () => {
    server = await startServer({ world: createWorld(), key: KEY, strictAuth: true });
    return () => server.close();
  });

  it.skipIf(isMissing).each(GUIDE)("$what", async ({ curl, answer }) => {
    const { status, body } = await run(
      shellWords(curl.replace("https://api.wappfy.io", server.origin).replace("YOUR_API_KEY", KEY)),
    );
    expect(status).toBeGreaterThanOrEqual(200);
    expect(status).toBeLessThan(300);
    const { success, meta, ...rest } = JSON.parse(body) as Record<string, unknown>;
    // The general envelope (contract, 4.3) around what the guide shows.
    expect(success).toBe(true);
    expect(Object.keys(meta as object)).toEqual(["requestId", "timestamp"]);
    if (answer === null) expect(Object.keys(rest)).toEqual(["data"]);
    else expect(rest).toStrictEqual(answer);
  });

  it.skipIf(isMissing)("without a key: 401", async () => {
    const { status } = await run(["curl", `${server.origin}/api/instances/inst_abc123/groups`]);
    expect(status).toBe(401);
  });
});

describe("what the writes of the guide do", () => {
  beforeEach(async () => {
    server = await startServer({ world: createWorld(), key: KEY });
    return () => server.close();
  });
  it("does each of them once, as its own line says", async () => {
    const effects: Record<string, string[]> = {};
    for (const { what, curl } of GUIDE) {
      // The group is left last, because nothing works in it afterwards.
      if (what === "leave a group") continue;
      await viaFetch(shellWords(curl.replace("https://api.wappfy.io", server.origin).replace("YOUR_API_KEY", KEY)));
      effects[what] = server.log.at(-1)!.applied.map(({ kind, person, text }) => `${kind} ${person ?? text}`);
    }
    expect(effects).toEqual({
      "create a group": [
        "created Project Alpha",
        "added 5511999998888@s.whatsapp.net",
        "added 5511900000001@s.whatsapp.net",
      ],
      "list groups": [],
      "get a group": [],
      "update a group": ["updated Project Alpha v2"],
      "list participants": [],
      "add participants": ["added 5511900000001@s.whatsapp.net", "added 5511900000002@s.whatsapp.net"],
      "remove participants": ["removed 5511999998888@s.whatsapp.net"],
      "get the invite code": [],
      "join by invite code": ["joined 447700900100@s.whatsapp.net"],
      "send a message to a group": ["sent Hello team!"],
    });
  });
});

describe("the guide's error table", () => {
  beforeAll(async () => {
    server = await startServer({ world: createWorld(), key: KEY });
  });
  afterAll(() => server.close());

  it.each(ERRORS)("$status $what", async ({ status, method, path, participants = [WORLD_PEOPLE.free] }) => {
    const body = method === "PATCH" ? { name: "x" } : { participants };
    const response = await fetch(`${server.origin}/api/instances/inst_abc123/groups/${path}`, {
      method,
      headers: { "X-Api-Key": KEY, "Content-Type": "application/json" },
      ...(method === "GET" ? {} : { body: JSON.stringify(body) }),
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toStrictEqual({
      success: false,
      error: { code: expect.stringMatching(/^[A-Z_]+$/), message: expect.any(String), details: expect.any(Object) },
      meta: { requestId: expect.stringMatching(/^req_/), timestamp: expect.stringMatching(/Z$/) },
    });
    expect(server.effects).toEqual([]);
  });
});

function areMembers(list: unknown[]): boolean {
  return list.length > 1 && list.every((one) => Object.keys(one as object).join() === "id,is_admin,is_super_admin");
}

/** Splits a command line as a shell does, as far as the guide goes: blanks, both quotes, line ends behind a backslash. */
function shellWords(line: string): string[] {
  return [...line.replace(/\\\n/g, " ").matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? "",
  );
}

async function viaFetch(words: string[]): Promise<{ status: number; body: string }> {
  let url = "";
  let method = "";
  let body: string | undefined;
  const headers = new Headers();
  for (let n = 1; n < words.length; n += 1) {
    if (words[n] === "-X") method = words[(n += 1)]!;
    else if (words[n] === "-d") body = words[(n += 1)]!;
    else if (words[n] === "-H") {
      const [name, value] = words[(n += 1)]!.split(": ");
      headers.set(name!, value!);
    } else url = words[n]!;
  }
  const response = await fetch(url, { method: method || (body === undefined ? "GET" : "POST"), headers, body });
  return { status: response.status, body: await response.text() };
}

async function viaCurl([, ...words]: string[]): Promise<{ status: number; body: string }> {
  const child = spawn("curl", ["--silent", "--noproxy", "*", "--write-out", "\n%{http_code}", ...words]);
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  await new Promise((resolve) => child.once("close", resolve));
  const end = out.lastIndexOf("\n");
  return { status: Number(out.slice(end + 1)), body: out.slice(0, end) };
}
