import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { openBudget, storedBudget } from "../../../lib/background/gateway/budget";
import { openGateway } from "../../../lib/background/gateway/client";
import type { Dialect, JobInput } from "../../../lib/shared/model";
import { readJob } from "../../../lib/store/read";
import { CONNECTION, GROUP, harnessOn, membersOf, newStore, newWorld, person } from "./simulation";

/**
 * The dialects write adding and removing differently. Another form of the same request is a second request: it is never
 * sent by itself, and the agent is asked to switch only after a definite "no such route" (contract, section 5, rule 10).
 */

const OTHER_FORM = { add: /\/participants\/add$/, remove: /\/participants\/remove$/ } as const;
const INPUTS: Record<"add" | "remove", JobInput> = {
  add: { kind: "add", groups: [GROUP], people: [person(1), person(2)], pace: "careful" },
  remove: { kind: "remove", groups: [GROUP], people: [person(901), person(902)], pace: "careful" },
};

/** An engine with the real client over a gateway that shows the members and answers writes as `answer` says. */
async function engine(answer: (request: Request, path: string) => Response | undefined) {
  const world = newWorld();
  const store = await newStore(world);
  const state: { dialect: Dialect; writes: string[] } = { dialect: "guide", writes: [] };
  const fetch = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    const path = decodeURIComponent(pathname);
    if (request.method === "GET") return Response.json(membersOf(world).map((id) => ({ id, is_admin: false })));
    state.writes.push(`${request.method} ${path}`);
    const given = answer(request, path);
    if (given) return given;
    const { participants } = (await request.json()) as { participants: string[] };
    const group = world.groups.get(GROUP)!;
    const others = group.members.filter(({ id }) => !participants.includes(id));
    const isAdding = path.endsWith("/add");
    group.members = isAdding ? [...others, ...participants.map((id) => ({ id, role: "member" as const }))] : others;
    return Response.json({ success: true });
  };
  const h = harnessOn(store, world, {
    gateway: async () => ({
      ok: true,
      value: openGateway({
        connection: { ...CONNECTION, dialect: state.dialect },
        key: async () => ({ ok: true, value: "wpfy_test_0123456789abcdef" }),
        budget: openBudget("c1", storedBudget(store, "c1"), () => world.time),
        fetch,
      }),
    }),
  });
  return { h, world, store, state };
}

const AMBIGUOUS: [string, () => Response][] = [
  ["500", () => Response.json({ success: false, error: { code: "INTERNAL_ERROR", message: "Oh" } }, { status: 500 })],
  ["502 with HTML", () => new Response("<html>Bad gateway", { status: 502, headers: { "content-type": "text/html" } })],
  ["504", () => new Response("", { status: 504 })],
  ["a lost connection", () => Response.error()],
];

test.each(AMBIGUOUS.flatMap(([what, answer]) => (["add", "remove"] as const).map((kind) => ({ what, answer, kind }))))(
  "T89 after $what nothing is sent in the other dialect ($kind)",
  async ({ answer, kind }) => {
    const { h, state } = await engine(answer);
    await h.begin(INPUTS[kind]);
    await h.settle();
    expect(state.writes.length).toBeGreaterThan(0);
    expect(state.writes.filter((write) => OTHER_FORM[kind].test(write))).toEqual([]);
  },
);

test.each(["add", "remove"] as const)(
  "a missing route stops the job at its first request, until the agent switches (%s)",
  async (kind) => {
    const missing = () => Response.json({ statusCode: 404, message: "Cannot handle this path" }, { status: 405 });
    const { h, world, store, state } = await engine((_, path) => (OTHER_FORM[kind].test(path) ? undefined : missing()));
    const before = membersOf(world);
    const id = await h.begin(INPUTS[kind]);
    await h.settle();
    expect(await readJob(store, id)).toMatchObject({ state: "paused", pause: { reason: "no-route" } });
    expect(state.writes).toHaveLength(1);
    expect((await h.steps(id)).map((step) => [step.state, step.attempts])).toEqual([
      ["todo", 0],
      ["todo", 0],
    ]);
    expect(membersOf(world)).toEqual(before);

    state.dialect = "reference";
    await h.jobs.resume(id);
    await h.settle();
    expect(await h.state(id)).toBe("done");
    expect(state.writes.slice(1).every((write) => OTHER_FORM[kind].test(write))).toBe(true);
    expect((await h.steps(id)).every(({ verdict }) => verdict === (kind === "add" ? "added" : "removed"))).toBe(true);
  },
);
