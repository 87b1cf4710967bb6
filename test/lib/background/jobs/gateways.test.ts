import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { Secret } from "../../../../lib/background/gateway/secret";
import { openGroups } from "../../../../lib/background/groups/groups";
import { openBudget } from "../../../../lib/background/gateway/budget";
import { openGateway } from "../../../../lib/background/gateway/client";
import { sandboxGateway } from "../../../../lib/sandbox/gateway";
import type { Effect } from "../../../../lib/sandbox/state";
import {
  OWN_NUMBER,
  type World,
  WORLD_CODES,
  WORLD_GROUPS,
  WORLD_PEOPLE,
  type WorldGroup,
} from "../../../../lib/sandbox/world";
import { createWorld, type WorldOptions } from "../../../../lib/sandbox/seed";
import { fictional } from "../../../../lib/sandbox/numbers";
import { ok } from "../../../../lib/shared/failure";
import type { Connection, Dialect, JobInput } from "../../../../lib/shared/model";
import { readJob, readSteps } from "../../../../lib/store/read";
import { toRow, write } from "../../../../lib/store/write";
import { setUpScreens, toldOf, untruths } from "../judge";
import { memoryStore } from "../memory";
import { brief, CONNECTION, harnessOn, newStore, newWorld, noAlarms, type Harness } from "../simulation";

/**
 * Gateways as they were met: the whole engine and the real client against the sandbox, which answers or acts in the way of
 * each. What the agent is told is judged by the gateway's own world, and must be as much as can be known. `node
 * test/faults.mjs` prints the table.
 */

const KEY = "wpfy_test_0123456789abcdef";
const { alpha, lobby, hidden, support } = WORLD_GROUPS;
const { free, free2, absent } = WORLD_PEOPLE;
const { private: refusing } = WORLD_PEOPLE;
const asPeople = (ids: string[]) => ids.map((id) => ({ id, given: `+${id.split("@")[0]}` }));
const many = (n: number) => [...Array(n)].map((_, each) => fictional("us", 3000 + each));
const adding = (group: string, ids: string[], pace: "careful" | "fast" = "fast"): JobInput => {
  return { kind: "add", groups: [group], people: asPeople(ids), pace };
};
const joining = (code: string): JobInput => ({ kind: "join", codes: [code], pace: "fast" });
const creating = (ids: string[]): JobInput => ({
  kind: "create",
  name: "Night shift",
  people: asPeople(ids),
  pace: "fast",
});
/** Two plain members of `support`. */
const [seen = "", veiled = ""] = createWorld({ groups: 12 })
  .groups[support]!.members.filter(({ role }) => role === "member")
  .map(({ id }) => id);
const sending: JobInput = { kind: "send", chats: [lobby], text: "We open at nine.", pace: "fast" };

/** One request on its way through a gateway that has its own manner. */
interface Passing {
  request: Request;
  /** `POST /groups/join`: method and path after the instance. */
  what: string;
  /** How many requests of this method and path there were, with this one. */
  nth: number;
  world: World;
  /** The gateway's clock, in ms. */
  now: number;
  /** The sandbox's own answer, with its effect. */
  answer: () => Promise<Response>;
}

interface Scene {
  input: JobInput;
  dialect?: Dialect;
  options?: WorldOptions;
  /** The gateway does not tell our own number. */
  isNameless?: boolean;
  manner?: (passing: Passing) => Promise<Response> | Response;
  /** What happens after the job came to rest. */
  after?: (played: { h: Harness; id: string; world: World; refresh: () => Promise<unknown> }) => Promise<unknown>;
  /** Each step in a few words. */
  expected: string[];
  /** The most requests that it may take. */
  most?: number;
  /** Words that must not stand on the screen. */
  never?: RegExp;
}

const change = (world: World, id: string, how: (group: WorldGroup) => Partial<WorldGroup>) => {
  const group = world.groups[id]!;
  world.groups[id] = { ...group, ...how(group) };
};
const without = (id: string) => (group: WorldGroup) => ({ members: group.members.filter((each) => each.id !== id) });
const demote = (group: WorldGroup) => ({
  members: group.members.map((each) => (each.id === OWN_NUMBER ? { ...each, role: "member" as const } : each)),
});
const letIn = (ids: string[]) => (group: WorldGroup) => ({
  members: [...group.members, ...ids.map((id) => ({ id, role: "member" as const }))],
});
/** Does what was asked and loses the answer. */
const losing =
  (start: string) =>
  async ({ what, answer }: Passing) => {
    const given = await answer();
    return what.startsWith(start) ? Response.error() : given;
  };
/** Does nothing and answers with this body. */
const saying =
  (start: string, body: string) =>
  ({ what, answer }: Passing) =>
    what.startsWith(start)
      ? new Response(body, { status: 200, headers: { "content-type": "application/json" } })
      : answer();

const SCENES: Record<string, Scene> = {
  "join: a group body while an admin must approve (reference)": {
    input: joining(WORLD_CODES.ignored),
    dialect: "reference",
    options: { waiting: "as-joined" },
    expected: ["review unconfirmed not-seen"],
    never: /^Joined/,
  },
  "join: the group's name while an admin must approve (guide)": {
    input: joining(WORLD_CODES.ignored),
    options: { waiting: "as-joined" },
    expected: ["review unconfirmed not-seen"],
  },
  "join: an admin approves within a minute": {
    input: joining(WORLD_CODES.gated),
    options: { waiting: "as-joined" },
    expected: ["done joined"],
  },
  "join: an admin approves long after, then the list is read": {
    input: joining(WORLD_CODES.ignored),
    options: { waiting: "as-joined" },
    after: async ({ world, refresh }) => {
      change(world, WORLD_GROUPS.ignored, letIn([OWN_NUMBER]));
      await refresh();
    },
    expected: ["done joined"],
  },
  "join: waits, and says so": { input: joining(WORLD_CODES.ignored), expected: ["done waiting-approval approval"] },
  "join: an open group": { input: joining(WORLD_CODES.market), expected: ["done joined"], most: 2 },
  "join: a full group": {
    input: joining(WORLD_CODES.crowded),
    expected: ["failed not-joined group-full"],
    never: /Remove somebody|code group-full/,
  },
  "join: a revoked code": { input: joining(WORLD_CODES.revoked), expected: ["failed not-joined revoked"] },
  "join: the answer is lost": {
    input: joining(WORLD_CODES.market),
    manner: losing("POST /groups/join"),
    expected: ["done joined"],
  },
  "add: no admin any more after two": {
    input: adding(alpha, [free, free2, ...many(2)], "careful"),
    manner: ({ what, nth, world, answer }) => {
      if (what.startsWith("POST") && nth === 3) change(world, alpha, demote);
      return answer();
    },
    expected: ["done added", "done added", "todo", "todo"],
  },
  "add: thrown out after two": {
    input: adding(alpha, [free, free2, ...many(2)], "careful"),
    manner: ({ what, nth, world, answer }) => {
      if (what.startsWith("POST") && nth === 3) change(world, alpha, without(OWN_NUMBER));
      return answer();
    },
    expected: ["review unconfirmed unread", "review unconfirmed unread", "todo", "todo"],
    never: /not an admin/,
  },
  "add: three of fifty come in meanwhile (409 for all)": {
    input: adding(alpha, many(50)),
    options: { mixed: "refuse" },
    manner: ({ what, nth, world, answer }) => {
      if (what.startsWith("POST") && nth === 1)
        change(world, alpha, letIn([many(50)[7]!, many(50)[20]!, many(50)[33]!]));
      return answer();
    },
    expected: many(50).map((_, n) => (n === 7 || n === 20 || n === 33 ? "done already-in" : "done added")),
    most: 5,
  },
  "add: the answer is lost, one was refused": {
    input: adding(alpha, [free, refusing, free2]),
    manner: losing("POST"),
    expected: ["done added", "review not-added no-effect", "done added"],
  },
  "add: a bare yes, and one is not on WhatsApp": {
    input: adding(alpha, [free, absent]),
    options: { answers: "message" },
    expected: ["done added", "review not-added not-on-whatsapp"],
    never: /Invite 1 person/,
  },
  "add: a bare yes, and nothing is done": {
    input: adding(alpha, [free, free2]),
    manner: saying("POST", '{"success":true}'),
    expected: ["review not-added no-effect", "review not-added no-effect"],
  },
  "add: hidden members, one refused": {
    input: adding(hidden, [free, refusing, free2, ...many(3)]),
    expected: ["done added", "failed not-added privacy", "done added", "done added", "done added", "done added"],
  },
  "add: hidden members, a stranger comes in": {
    input: adding(hidden, [free, free2]),
    manner: ({ what, world, answer }) => {
      if (what.startsWith("POST")) change(world, hidden, letIn([many(1)[0]!]));
      return answer();
    },
    expected: ["review unconfirmed hidden", "review unconfirmed hidden"],
  },
  "remove: by number from a group that hides numbers": {
    input: { kind: "remove", groups: [hidden], people: asPeople([free]), pace: "fast" },
    expected: ["review unconfirmed hidden"],
    never: /not in/,
  },
  "remove: ourselves, where the own number is unknown": {
    input: { kind: "remove", groups: [alpha], people: asPeople([OWN_NUMBER]), pace: "fast" },
    isNameless: true,
    manner: ({ what, answer }) =>
      what.startsWith("DELETE")
        ? Response.json({ error: { code: "FORBIDDEN", message: "The instance cannot remove itself" } }, { status: 403 })
        : answer(),
    expected: ["failed not-removed own-number"],
    never: /not an admin/i,
  },
  "remove: from a list that hides some numbers and not others": {
    input: { kind: "remove", groups: [support], people: asPeople([seen, veiled]), pace: "fast" },
    manner: ({ what, world, answer }) => {
      if (what.startsWith("GET")) change(world, support, () => ({ hides: [veiled] }));
      return answer();
    },
    expected: ["done removed", "review unconfirmed hidden"],
    never: /first removal/,
  },
  "remove: nothing is done, and the number is hidden from then on": {
    input: { kind: "remove", groups: [support], people: asPeople([seen]), pace: "fast" },
    manner: ({ what, world, answer }) => {
      if (!what.startsWith("DELETE")) return answer();
      change(world, support, () => ({ hides: [seen] }));
      return Response.json({ success: true });
    },
    expected: ["review unconfirmed hidden"],
  },
  "add: members that nobody can read": {
    input: adding(alpha, [free, free2]),
    manner: ({ what, answer }) =>
      what.endsWith("/participants") && what.startsWith("GET") ? Response.json({ members: "many" }) : answer(),
    expected: ["todo", "todo"],
    most: 6,
  },
  "join: the group is shown without its members": {
    input: joining(WORLD_CODES.market),
    dialect: "reference",
    manner: async ({ request, answer }) => {
      const given = await answer();
      if (request.method !== "GET") return given;
      const body = JSON.stringify(await given.json(), (key, value: unknown) => (key === "participants" ? [] : value));
      return new Response(body, { status: given.status, headers: given.headers });
    },
    expected: ["done joined"],
  },
  "join: the group is shown without members to those who wait": {
    input: joining(WORLD_CODES.ignored),
    dialect: "reference",
    options: { waiting: "as-joined" },
    manner: async ({ what, answer }) => {
      const given = await answer();
      const isAsked = what === `GET /groups/${WORLD_GROUPS.ignored}` && given.status === 404;
      return isAsked ? Response.json({ id: WORLD_GROUPS.ignored, subject: "Runners", participants: [] }) : given;
    },
    expected: ["review unconfirmed not-seen"],
  },
  "create: readings come some seconds late": {
    input: creating([free, free2]),
    manner: ({ what, world, now, answer }) => {
      const made = Object.values(world.groups).find(({ name }) => name === "Night shift");
      const isLate = made !== undefined && now < made.createdAt + 12_000 && what.includes(made.id);
      return isLate ? Response.json({ error: { code: "GROUP_NOT_FOUND" } }, { status: 404 }) : answer();
    },
    expected: ["done created", "done added", "done added"],
  },
  "create: the answer is lost, the agent names the group": {
    input: creating([free, refusing]),
    manner: losing("POST /groups"),
    after: async ({ h, id }) => {
      const [step] = await h.steps(id);
      await h.jobs.settleSteps(id, [0], "done", step?.candidates?.[0]);
      await h.settle();
    },
    expected: ["done created", "done added", "review not-added no-effect"],
    never: /code offline|It did not/,
  },
  "create: the members of the new group are hidden": {
    input: creating([free, free2]),
    manner: async ({ what, world, answer }) => {
      const given = await answer();
      const made = Object.values(world.groups).find(({ name }) => name === "Night shift");
      if (what.startsWith("POST /groups") && made) change(world, made.id, () => ({ isHidden: true }));
      return given;
    },
    expected: ["done created", "done added", "done added"],
  },
  "send: sent": { input: sending, expected: ["done sent"], never: /queue/ },
  "send: queued": { input: sending, dialect: "reference", expected: ["done queued"] },
  ...Object.fromEntries(
    ["", "null", "[]", "42", '{"success":true}'].map((body): [string, Scene] => [
      `send: answered by ${body || "an empty 200"}, nothing sent`,
      { input: sending, manner: saying("POST /messages", body), expected: ["review unconfirmed"], never: /queue/ },
    ]),
  ),
  "leave: one group": { input: { kind: "leave", groups: [support] }, expected: ["done left"], most: 2 },
  "leave: taken, and not done": {
    input: { kind: "leave", groups: [support] },
    manner: saying("POST", '{"success":true}'),
    expected: ["review not-left no-effect"],
  },
  "update: as a plain member, refused in a 500 with a sentence": {
    input: { kind: "update", group: WORLD_GROUPS.member, name: "Mine" },
    manner: ({ what, answer }) =>
      what.startsWith("PATCH")
        ? Response.json({ statusCode: 500, message: "You are not an admin of this group" }, { status: 500 })
        : answer(),
    expected: ["failed not-updated not-admin"],
  },
};

setUpScreens();

interface Row {
  name: string;
  requests: number;
  brief: string[];
  told: string[];
  untrue: string[];
}

async function play(name: string, scene: Scene): Promise<Row> {
  const time = newWorld();
  const now = () => time.time;
  const world = createWorld({ groups: 12, ...scene.options });
  const before = structuredClone(world);
  const { dialect = "guide" } = scene;
  const sandbox = sandboxGateway({ world, now, dialect, rateLimit: false });
  const effects: Effect[] = [];
  const seen: string[] = [];
  const fetch = async (request: Request) => {
    time.time += 100;
    const path = decodeURIComponent(new URL(request.url).pathname).replace(/^\/api\/instances\/[^/]+/, "");
    const what = `${request.method} ${path}`;
    seen.push(what);
    const nth = seen.filter((each) => each === what).length;
    const answer = () => sandbox.fetch(request, effects);
    return scene.manner ? scene.manner({ request, what, nth, world, now: now(), answer }) : answer();
  };
  const { ownNumber: _, ...nameless } = CONNECTION;
  const connection: Connection = {
    ...nameless,
    instance: "inst_abc123",
    dialect,
    ...(scene.isNameless ? {} : { ownNumber: OWN_NUMBER }),
  };
  const store = await newStore(time, memoryStore());
  await write(store, ["connections", "groups"], async (tx) => {
    await tx.objectStore("connections").put(connection);
    for (const group of Object.values(world.groups)) {
      if (!group.members.some(({ id }) => id === OWN_NUMBER)) continue;
      await tx.objectStore("groups").put(toRow({ connection: "c1", id: group.id, name: group.name, listedAt: 1 }));
    }
  });
  const gateway = openGateway({
    connection,
    key: async () => ok(new Secret(KEY)),
    budget: openBudget("c1", { load: async () => undefined, save: async () => undefined }, now),
    fetch,
  });
  const h = harnessOn(store, time, { gateway: async () => ok(gateway) });
  const id = await h.begin(scene.input);
  await h.settle();
  const requests = seen.length;
  const groups = openGroups({ store, now, sleep: async () => undefined, alarms: noAlarms, gatewayOf: () => gateway });
  await scene.after?.({ h, id, world, refresh: () => groups.refresh(connection) });
  const job = (await readJob(store, id))!;
  const steps = await readSteps(store, id);
  const untrue = untruths({ before, world, effects, job, steps });
  return { name, requests, brief: brief(steps), told: toldOf(job, steps), untrue };
}

test(
  "each gateway as it was met: the agent is told what is so, and all that can be known",
  { timeout: 120_000 },
  async () => {
    const rows: Row[] = [];
    for (const [name, scene] of Object.entries(SCENES)) rows.push(await play(name, scene));
    if (process.env["FAULTS"]) console.log(tableOf(rows));
    expect(rows.filter(({ untrue }) => untrue.length > 0).map(({ name, untrue }) => ({ name, untrue }))).toEqual([]);
    expect(rows.map(({ name, brief: was }) => [name, was])).toEqual(
      Object.entries(SCENES).map(([name, { expected }]) => [name, expected]),
    );
    for (const { name, told, requests } of rows) {
      const { never, most = Infinity } = SCENES[name]!;
      expect([name, told.join("")]).not.toEqual([name, ""]);
      expect(requests, name).toBeLessThanOrEqual(most);
      if (never) for (const said of told) expect(said, name).not.toMatch(never);
    }
  },
);

function tableOf(rows: Row[]): string {
  const lines = rows.map(({ name, requests, told, untrue }) =>
    [
      `  ${name}: ${requests} requests, true? ${untrue.length > 0 ? `NO: ${untrue.join(", ")}` : "yes"}`,
      ...told.map((said) => `           told: ${said}`),
    ].join("\n"),
  );
  const count = rows.reduce((sum, { untrue }) => sum + untrue.length, 0);
  return `\nGateways as they were met\n${lines.join("\n")}\n\n${rows.length} gateways, ${count} untrue\n`;
}
