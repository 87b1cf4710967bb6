import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { ok } from "../../../../lib/shared/failure";
import { Secret } from "../../../../lib/background/gateway/secret";
import { openBudget, storedBudget } from "../../../../lib/background/gateway/budget";
import { openGateway } from "../../../../lib/background/gateway/client";
import { storedNotes } from "../../../../lib/background/gateway/notes";
import type { Dialect, JobInput } from "../../../../lib/shared/model";
import { readJob } from "../../../../lib/store/read-jobs";
import { CONNECTION, GROUP, harnessOn, membersOf, newStore, newWorld, person } from "../simulation";

/**
 * The dialects write adding and removing differently. Another form of the same request is a second request: it is sent
 * only after a definite "no such route", once, and the job stops where that is missing too (contract, section 5, rule 10).
 */

const OTHER_FORM = { add: /\/participants\/add$/, remove: /\/participants\/remove$/ } as const;
const INPUTS: Record<"add" | "remove", Extract<JobInput, { kind: "add" | "remove" }>> = {
  add: { kind: "add", groups: [GROUP], people: [person(1), person(2)], pace: "careful" },
  remove: { kind: "remove", groups: [GROUP], people: [person(901), person(902)], pace: "careful" },
};

const NEXT = { add: [person(3)], remove: [person(903)] };
const PARTICIPANTS = `/api/instances/${CONNECTION.instance}/groups/${GROUP}/participants`;

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
    const isAdding = request.method === "POST" && !path.endsWith("/remove");
    group.members = isAdding ? [...others, ...participants.map((id) => ({ id, role: "member" as const }))] : others;
    return Response.json({ success: true });
  };
  const h = harnessOn(store, world, {
    gateway: async () => ({
      ok: true,
      value: openGateway({
        connection: { ...CONNECTION, dialect: state.dialect },
        key: async () => ok(new Secret("wpfy_test_0123456789abcdef")),
        budget: openBudget("c1", storedBudget(store, "c1"), () => world.time),
        notes: storedNotes(store, CONNECTION),
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

const missing = () => Response.json({ statusCode: 404, message: "Cannot handle this path" }, { status: 405 });
/** A job's requests when it tries both forms, the guide's first. */
const BOTH_FORMS = {
  add: [`POST ${PARTICIPANTS}`, `POST ${PARTICIPANTS}/add`],
  remove: [`DELETE ${PARTICIPANTS}`, `POST ${PARTICIPANTS}/remove`],
} as const;

test.each(
  (["add", "remove"] as const).flatMap((kind) =>
    (["guide", "reference"] as const).map((dialect) => ({ kind, dialect })),
  ),
)(
  "a job falls back once on the form that the gateway has, and the next job begins with it ($kind, $dialect)",
  async ({ kind, dialect }) => {
    const forms = dialect === "guide" ? BOTH_FORMS[kind] : BOTH_FORMS[kind].toReversed();
    const { h, store, world, state } = await engine((request, path) =>
      `${request.method} ${path}` === forms[0] ? missing() : undefined,
    );
    state.dialect = dialect;
    const before = membersOf(world);
    const id = await h.begin(INPUTS[kind]);
    await h.settle();
    expect(await h.state(id)).toBe("done");
    // A careful pace asks for each person alone.
    expect(state.writes).toEqual([forms[0], forms[1], forms[1]]);
    expect((await h.steps(id)).map(({ verdict, attempts }) => [verdict, attempts])).toEqual(
      INPUTS[kind].people.map(() => [kind === "add" ? "added" : "removed", 1]),
    );
    const people = INPUTS[kind].people.map((one) => one.id);
    expect(membersOf(world).toSorted()).toEqual(
      (kind === "add" ? [...before, ...people] : before.filter((one) => !people.includes(one))).toSorted(),
    );
    expect((await readJob(store, id))?.pause).toBeUndefined();

    const next = await h.begin({ ...INPUTS[kind], people: NEXT[kind] });
    await h.settle();
    expect(await h.state(next)).toBe("done");
    expect(state.writes.slice(3)).toEqual([forms[1]]);
  },
);

test("a job removes by POST after a DELETE whose body was dropped, once, and the next job begins with it", async () => {
  const lost = { error: { code: "VALIDATION_ERROR", message: "participants is required" } };
  const { h, world, state } = await engine((request) =>
    request.method === "DELETE" ? Response.json(lost, { status: 400 }) : undefined,
  );
  const before = membersOf(world);
  const id = await h.begin(INPUTS.remove);
  await h.settle();
  expect(await h.state(id)).toBe("done");
  const [first, other] = BOTH_FORMS.remove;
  expect(state.writes).toEqual([first, other, other]);
  expect((await h.steps(id)).map(({ verdict, attempts }) => [verdict, attempts])).toEqual([
    ["removed", 1],
    ["removed", 1],
  ]);
  expect(membersOf(world)).toEqual(before.filter((one) => !INPUTS.remove.people.some((each) => each.id === one)));
  await h.begin({ ...INPUTS.remove, people: NEXT.remove });
  await h.settle();
  expect(state.writes.slice(3)).toEqual([other]);
});

test.each(["add", "remove"] as const)(
  "a job stops at its first change when the gateway has neither form, and goes on once there is one (%s)",
  async (kind) => {
    let isMissing = true;
    const { h, world, store, state } = await engine((_, path) =>
      isMissing || !OTHER_FORM[kind].test(path) ? missing() : undefined,
    );
    const before = membersOf(world);
    const id = await h.begin(INPUTS[kind]);
    await h.settle();
    expect(await readJob(store, id)).toMatchObject({ state: "paused", pause: { reason: "no-route" } });
    expect(state.writes).toEqual(BOTH_FORMS[kind]);
    expect((await h.steps(id)).map((step) => [step.state, step.attempts])).toEqual([
      ["todo", 0],
      ["todo", 0],
    ]);
    expect(membersOf(world)).toEqual(before);

    isMissing = false;
    state.dialect = "reference";
    await h.jobs.resume(id);
    await h.settle();
    expect(await h.state(id)).toBe("done");
    expect(state.writes.slice(2)).toEqual([BOTH_FORMS[kind][1], BOTH_FORMS[kind][1]]);
    expect((await h.steps(id)).every(({ verdict }) => verdict === (kind === "add" ? "added" : "removed"))).toBe(true);
  },
);
