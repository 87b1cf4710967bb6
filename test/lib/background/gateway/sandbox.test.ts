import { afterEach, describe, expect, test } from "vitest";
import { Secret } from "../../../../lib/background/gateway/secret";
import { openBudget } from "../../../../lib/background/gateway/budget";
import { openGateway } from "../../../../lib/background/gateway/client";
import type { GatewayOptions } from "../../../../lib/background/gateway/request";
import type { Answer } from "../../../../lib/background/gateway/answer";
import { sandboxGateway } from "../../../../lib/sandbox/gateway";
import { OWN_NUMBER, WORLD_CODES, WORLD_GROUPS, WORLD_INSTANCES, WORLD_PEOPLE } from "../../../../lib/sandbox/world";
import { createWorld, type WorldOptions } from "../../../../lib/sandbox/seed";
import { ok } from "../../../../lib/shared/failure";
import type { Auth, Dialect } from "../../../../lib/shared/model";
import { startServer, type TestServer } from "../../../server";
import { AGENT, KEY, forgetful } from "./gate";

/** The client against the whole gateway over HTTP: every endpoint, both dialects, every manner of answering. */

const open: TestServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function setUp(dialect: Dialect, world: WorldOptions = {}, more: Partial<GatewayOptions> = {}) {
  const server = await startServer({
    world: createWorld(world),
    dialect,
    key: KEY,
    strictAuth: true,
    rateLimit: false,
  });
  open.push(server);
  const auth: Auth = dialect === "guide" ? "api-key" : "bearer";
  const connection = { origin: server.origin, instance: WORLD_INSTANCES.main as string, dialect, auth };
  const gateway = openGateway({ connection, key: async () => ok(new Secret(KEY)), budget: forgetful(), ...more });
  return { server, gateway, connection };
}
const valueOf = <T>(answer: Answer<T>): T => {
  if (!answer.ok) throw new Error(JSON.stringify(answer.failure));
  return answer.value;
};

describe.each(["guide", "reference"] as const)("%s", (dialect) => {
  test.each(["per-person", "empty", "message"] as const)("every endpoint, answering %s", async (answers) => {
    const { server, gateway } = await setUp(dialect, { answers });
    const { free, private: refusing } = WORLD_PEOPLE;
    const effects = () => server.effects.splice(0).map(({ kind, person }) => (person ? `${kind} ${person}` : kind));

    expect(valueOf(await gateway.listInstances(AGENT))).toContainEqual({
      id: dialect === "guide" ? WORLD_INSTANCES.main : WORLD_INSTANCES.mainUuid,
      name: "Support desk",
      status: "connected",
      number: OWN_NUMBER,
    });
    const { groups, isComplete } = valueOf(await gateway.listGroups(AGENT));
    expect([groups.length, isComplete]).toEqual([60, true]);
    expect(groups[0]).toMatchObject({ id: WORLD_GROUPS.alpha, name: "Project Alpha", size: 5 });

    const alpha = valueOf(await gateway.getGroup(WORLD_GROUPS.alpha, AGENT));
    expect(alpha).toMatchObject({
      description: "Team workspace for Project Alpha",
      createdAt: Date.UTC(2026, 0, 15, 10),
    });
    expect(alpha.members).toContainEqual({ id: OWN_NUMBER, role: "superadmin" });
    expect(valueOf(await gateway.listMembers(WORLD_GROUPS.alpha, AGENT))).toEqual(alpha.members);

    const results = valueOf(await gateway.addMembers(WORLD_GROUPS.alpha, [free, refusing], AGENT));
    expect(results).toEqual(
      answers === "per-person"
        ? [
            { person: free, outcome: "ok", code: "200" },
            { person: refusing, outcome: "privacy", code: "403" },
          ]
        : [],
    );
    expect(effects()).toEqual([`added ${free}`]);
    expect(await gateway.addMembers(WORLD_GROUPS.alpha, [free], AGENT)).toMatchObject({
      failure: { code: "already-in" },
    });
    valueOf(await gateway.removeMembers(WORLD_GROUPS.alpha, [free], AGENT));
    expect(effects()).toEqual([`removed ${free}`]);
    expect(await gateway.removeMembers(WORLD_GROUPS.alpha, [free], AGENT)).toMatchObject({
      failure: { code: "not-in" },
    });

    valueOf(await gateway.updateGroup(WORLD_GROUPS.alpha, { name: "Project Alpha v2" }, AGENT));
    expect(server.world.groups[WORLD_GROUPS.alpha]!.name).toBe("Project Alpha v2");
    expect(await gateway.updateGroup(WORLD_GROUPS.member, { name: "x" }, AGENT)).toMatchObject({
      failure: { code: "not-admin", certainty: "refused", status: 403 },
    });
    expect(valueOf(await gateway.readInvite(WORLD_GROUPS.alpha, AGENT))).toEqual({ code: WORLD_CODES.alpha });
    effects();

    const created = valueOf(await gateway.createGroup({ name: "Neu", people: [free] }, AGENT));
    expect(created.group).toMatchObject({ name: "Neu" });
    expect(effects()).toEqual(["created", `added ${free}`]);

    const joined = valueOf(await gateway.joinGroup(WORLD_CODES.sample, AGENT));
    expect(joined.isPending).toBe(false);
    if (answers === "per-person") expect(joined.group?.id).toBe(WORLD_GROUPS.sample);
    expect(valueOf(await gateway.joinGroup(WORLD_CODES.ignored, AGENT)).isPending).toBe(answers !== "empty");
    expect(await gateway.joinGroup(WORLD_CODES.revoked, AGENT)).toMatchObject({ failure: { code: "invite-invalid" } });
    expect(await gateway.joinGroup(WORLD_CODES.crowded, AGENT)).toMatchObject({ failure: { code: "group-full" } });
    effects();

    expect(valueOf(await gateway.sendText(WORLD_GROUPS.alpha, "Hello team!", AGENT)).isQueued).toBe(
      dialect === "reference",
    );
    expect(server.effects).toMatchObject([{ kind: "sent", text: "Hello team!" }]);
    valueOf(await gateway.leaveGroup(WORLD_GROUPS.support, AGENT));
    expect(await gateway.getGroup(WORLD_GROUPS.support, AGENT)).toMatchObject({ failure: { code: "group-gone" } });
    expect(valueOf(await gateway.checkPerson(free.split("@")[0]!, AGENT))).toEqual({ exists: true, id: free });
    expect(valueOf(await gateway.checkPerson(WORLD_PEOPLE.absent.split("@")[0]!, AGENT))).toEqual({ exists: false });
  });

  test.each(["offset", "all", "pages"] as const)("six hundred groups, paged by %s", async (paging) => {
    const { gateway } = await setUp(dialect, { paging, groups: 600 });
    const { groups, isComplete } = valueOf(await gateway.listGroups(AGENT));
    expect([new Set(groups.map(({ id }) => id)).size, isComplete]).toEqual([600, true]);
  });

  test("a gateway with the other dialect's routes adds and removes all the same, with one request in vain for each", async () => {
    const { connection, server } = await setUp(dialect);
    const other = dialect === "guide" ? "reference" : "guide";
    const gateway = openGateway({
      connection: { ...connection, dialect: other },
      key: async () => ok(new Secret(KEY)),
      budget: forgetful(),
    });
    const { free, free2, seed } = WORLD_PEOPLE;
    valueOf(await gateway.removeMembers(WORLD_GROUPS.alpha, [seed], AGENT));
    valueOf(await gateway.addMembers(WORLD_GROUPS.alpha, [free], AGENT));
    valueOf(await gateway.addMembers(WORLD_GROUPS.alpha, [free2], AGENT));
    expect(server.effects.map(({ kind, person }) => [kind, person])).toEqual([
      ["removed", seed],
      ["added", free],
      ["added", free2],
    ]);
    expect(server.log.map(({ status }) => status)).toEqual([404, 200, 404, 200, 200]);
  });

  test("a wrong key, an unknown instance, one that is off, and no extras", async () => {
    const { connection, server } = await setUp(dialect, { hasExtras: false });
    const ask = (instance: string, key = KEY) =>
      openGateway({
        connection: { ...connection, instance },
        key: async () => ok(new Secret(key)),
        budget: forgetful(),
      });
    expect(await ask(WORLD_INSTANCES.main, "wrong-key").listGroups(AGENT)).toMatchObject({
      failure: { code: "key-refused", certainty: "refused" },
    });
    expect(await ask("inst_nowhere").listGroups(AGENT)).toMatchObject({ failure: { code: "instance-gone" } });
    expect(await ask(WORLD_INSTANCES.off).listGroups(AGENT)).toMatchObject({ failure: { code: "instance-off" } });
    expect(await ask(WORLD_INSTANCES.main).listInstances(AGENT)).toMatchObject({ ok: true, value: null });
    expect(await ask(WORLD_INSTANCES.main).checkPerson("15550100", AGENT)).toMatchObject({ ok: true, value: null });
    expect(server.effects).toEqual([]);
  });

  test.each([
    ["500", "gateway-down", "unknown"],
    ["500-applied", "gateway-down", "unknown"],
    ["502-html", "gateway-down", "unknown"],
    ["429-bare", "rate-limited", "refused"],
    ["429-proxy", "rate-limited", "unknown"],
    ["drop-before", "offline", "unknown"],
    ["drop-after", "offline", "unknown"],
    ["half-then-drop", "offline", "unknown"],
    ["truncated-json", "bad-answer", "unknown"],
    ["html-200", "not-json", "unknown"],
    ["huge", "too-large", "unknown"],
    ["gzip-bomb", "too-large", "unknown"],
  ] as const)("fault %s on a write is %s, %s", async (fault, code, certainty) => {
    const { server, gateway } = await setUp(dialect);
    server.fault({}, fault);
    expect(await gateway.addMembers(WORLD_GROUPS.alpha, [WORLD_PEOPLE.free], AGENT)).toMatchObject({
      ok: false,
      failure: { code, certainty },
    });
    expect(server.log).toHaveLength(1);
  });

  test.each(["empty-200", "wrong-types"] as const)(
    "fault %s: a write may have worked, a reading has not",
    async (fault) => {
      const { server, gateway } = await setUp(dialect);
      server.fault({}, { kind: fault });
      expect(await gateway.addMembers(WORLD_GROUPS.alpha, [WORLD_PEOPLE.free], AGENT)).toMatchObject({
        ok: true,
        value: [],
      });
      server.fault({}, { kind: fault });
      expect(await gateway.listMembers(WORLD_GROUPS.alpha, AGENT)).toMatchObject({
        failure: { code: fault === "empty-200" ? "empty-answer" : "bad-answer" },
      });
    },
  );

  test("a 429 stops the connection until the gateway's time", async () => {
    const { server, gateway } = await setUp(dialect);
    server.fault({}, { kind: "429", resetIn: 30 });
    const answer = await gateway.listMembers(WORLD_GROUPS.alpha, AGENT);
    expect(answer).toMatchObject({
      failure: { code: "rate-limited", certainty: "refused", serverCode: "RATE_LIMIT_EXCEEDED" },
    });
    const again = await gateway.listMembers(WORLD_GROUPS.alpha, AGENT);
    expect(again).toMatchObject({ failure: { code: "rate-limited", certainty: "unsent" } });
    if (!again.ok) expect(again.failure.retryAt).toBeGreaterThan(Date.now() + 20_000);
    expect(server.log).toHaveLength(1);
  });
});

test.each(["guide", "reference"] as const)(
  "%s: what an engine says is understood in its own words",
  async (dialect) => {
    const { server, gateway } = await setUp(dialect, { engine: "noweb" });
    const { alpha, hidden, member, community, support } = WORLD_GROUPS;
    const { free, private: refusing } = WORLD_PEOPLE;
    const people = valueOf(await gateway.listMembers(hidden, AGENT));
    expect(people).toHaveLength(server.world.groups[hidden]!.members.length);
    expect(people.filter(({ id }) => id.endsWith("@lid"))).toHaveLength(
      server.world.groups[hidden]!.members.filter(({ role }) => role === "member").length,
    );
    expect(valueOf(await gateway.addMembers(alpha, [free, refusing], AGENT))).toEqual([
      { person: free, outcome: "ok", code: "200" },
      { person: refusing, outcome: "privacy", code: "403" },
    ]);
    expect(valueOf(await gateway.readInvite(alpha, AGENT))).toEqual({ code: WORLD_CODES.alpha });
    const refused = async (answer: Promise<Answer<unknown>>) => {
      const given = await answer;
      return given.ok ? "ok" : `${given.failure.certainty} ${given.failure.code}`;
    };
    expect(await refused(gateway.updateGroup(member, { name: "x" }, AGENT))).toBe("refused not-admin");
    expect(await refused(gateway.readInvite(member, AGENT))).toBe("refused not-admin");
    expect(await refused(gateway.joinGroup(WORLD_CODES.revoked, AGENT))).toBe("refused invite-invalid");
    expect(await refused(gateway.joinGroup(WORLD_CODES.crowded, AGENT))).toBe("refused group-full");
    valueOf(await gateway.leaveGroup(support, AGENT));
    expect(await refused(gateway.getGroup(support, AGENT))).toBe("refused group-gone");
    expect(valueOf(await gateway.getGroup(community, AGENT))).toMatchObject({ isAnnouncement: true });
    server.world.groups[member] = { ...server.world.groups[member]!, onlyAdminsSend: true };
    expect(valueOf(await gateway.getGroup(member, AGENT))).toMatchObject({ onlyAdminsSend: true });
    expect(await refused(gateway.sendText(member, "Hi", AGENT))).toBe("refused not-admin");
  },
);

test("the reference adds where the guide does, when its own route is not there", async () => {
  const { server, gateway } = await setUp("reference", { addRoute: "plain" });
  for (const person of [WORLD_PEOPLE.free, WORLD_PEOPLE.free2]) {
    expect(valueOf(await gateway.addMembers(WORLD_GROUPS.alpha, [person], AGENT))).toEqual([
      { person, outcome: "ok", code: "200" },
    ]);
  }
  expect(server.log.map(({ status }) => status)).toEqual([404, 200, 200]);
});

test("the sandbox in-process speaks the same", async () => {
  const now = () => Date.UTC(2026, 10, 24);
  const sandbox = sandboxGateway({ world: createWorld(), now });
  const gateway = openGateway({
    connection: {
      origin: "https://sandbox.invalid",
      instance: WORLD_INSTANCES.main,
      dialect: "guide",
      auth: "api-key",
    },
    key: async () => ok(new Secret("sandbox")),
    budget: openBudget("c", { load: async () => undefined, save: async () => undefined }, now),
    fetch: (request) => sandbox.fetch(request),
    isOnline: () => false,
  });
  expect(valueOf(await gateway.listGroups(AGENT)).groups).toHaveLength(60);
  expect(await gateway.addMembers(WORLD_GROUPS.alpha, [WORLD_PEOPLE.free], AGENT)).toMatchObject({ ok: true });
});

test("a hundred requests of the agent's own pass without a single 429", async () => {
  const server = await startServer({ world: createWorld(), key: KEY });
  open.push(server);
  const connection = {
    origin: server.origin,
    instance: WORLD_INSTANCES.main,
    dialect: "guide",
    auth: "api-key",
  } as const;
  const budget = forgetful();
  const gateway = openGateway({ connection, key: async () => ok(new Secret(KEY)), budget });
  const answers = await Promise.all(
    Array.from({ length: 120 }, () => gateway.getGroup(WORLD_GROUPS.alpha, { priority: "background" })),
  );
  expect(answers.filter(({ ok }) => ok)).toHaveLength(95);
  expect(server.log.filter(({ status }) => status === 429)).toHaveLength(0);
});
