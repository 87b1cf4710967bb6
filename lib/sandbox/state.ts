import type { Context } from "hono";
import { guide, noweb, reference, type AnswerForms } from "./dialects";
import type { Refusal } from "./request";
import type { World, WorldGroup, WorldInstance } from "./world";

/** What the routes of one sandbox share: its world, and how it answers. */

/** What a request really changed, one entry for each person, group or message. */
export interface Effect {
  kind: "added" | "waiting" | "removed" | "created" | "updated" | "left" | "joined" | "sent";
  instance: string;
  /** Group id, or the chat of a message. */
  target: string;
  person?: string;
  /** Text of a message, name of a new group. */
  text?: string;
}

/** Which dialect a sandbox takes requests in; `both` takes either. */
export type Spoken = "guide" | "reference" | "both";

/** The types of a request's context: where its effects are noted, the forms of its answers, and the instance that it is about. */
export interface Env {
  Bindings: { effects?: Effect[] };
  Variables: { forms: AnswerForms; instance: WorldInstance };
}

/** A request on its way through the routes. */
export type Ctx = Context<Env>;

/** The sandbox as its routes see it. */
export interface State {
  world: World;
  now: () => number;
  dialect: Spoken;
  /** Keeps the world as it is now. */
  save: () => Promise<void>;
  forms: { guide: AnswerForms; reference: AnswerForms };
  /** Answers so far, for the request ids. */
  answers: number;
}

/** A sandbox before its first request. */
export function createState(options: {
  world: World;
  now: () => number;
  dialect?: Spoken;
  save?: (world: World) => Promise<void>;
}): State {
  const { world, now, dialect = "guide", save } = options;
  const own = { guide, reference: reference(world) };
  return {
    world,
    now,
    dialect,
    save: async () => save?.(world),
    forms: isEngine(world) ? { guide: noweb(own.guide), reference: noweb(own.reference) } : own,
    answers: 0,
  };
}

/** Whether the world's gateway hands on what the engine behind it says. */
export function isEngine({ settings }: World): boolean {
  return settings.engine === "noweb";
}

/** Whether requests in this dialect are understood. */
export function accepts({ dialect }: State, one: "guide" | "reference"): boolean {
  return dialect === "both" || dialect === one;
}

/** What stands beside the value of an answer: a new request id, and the time. */
export function metaOf(state: State): { requestId: string; timestamp: string } {
  state.answers += 1;
  const at = state.now();
  return {
    requestId: `req_${at.toString(36)}${state.answers.toString(36)}`,
    timestamp: new Date(at).toISOString(),
  };
}

/** A good answer around its value. */
export function good(state: State, c: Ctx, value: unknown, status: 200 | 201 | 202 = 200): Response {
  return c.json(c.get("forms").good(value, () => metaOf(state)) as object, status);
}

/** The answer to a change, for which the world says how talkative the gateway is. Saves the world first. */
export async function changed(
  state: State,
  c: Ctx,
  value: unknown,
  message: string,
  status: 200 | 201 | 202 = 200,
): Promise<Response> {
  await state.save();
  const { answers } = state.world.settings;
  if (answers === "empty") return status === 202 ? c.body(null, 202) : c.body(null, 204);
  if (answers === "per-person") return good(state, c, value, status);
  return c.json(c.get("forms").done(message, () => metaOf(state)) as object, status);
}

/** An answer that says no: in the general envelope, or inside a 500 as the engines say it. */
export function refuse(state: State, error: Refusal): Response {
  const isOfEngine = /^(FORBIDDEN|CONFLICT|GROUP_FULL|GROUP_NOT_FOUND|INVALID_INVITE_CODE)$/.test(error.code);
  if (isEngine(state.world) && isOfEngine) {
    const exception = { name: "Error", message: error.message };
    const timestamp = new Date(state.now()).toISOString();
    return Response.json({ statusCode: 500, timestamp, exception }, { status: 500 });
  }
  const { code, message, details, status } = error;
  return Response.json({ success: false, error: { code, message, details }, meta: metaOf(state) }, { status });
}

/** Notes what a request changed. */
export function effect(c: Ctx, kind: Effect["kind"], target: string, more: Pick<Effect, "person" | "text"> = {}): void {
  c.env.effects?.push({ kind, instance: c.get("instance").id, target, ...more });
}

/** Puts a changed group into the world in place of the old one, and returns it. */
export function replace({ world }: State, group: WorldGroup, change: Partial<WorldGroup>): WorldGroup {
  const next = { ...group, ...change };
  world.groups[group.id] = next;
  return next;
}
