import type { Context } from "hono";
import { guide, named, noweb, reference, type AnswerForms } from "./dialects";
import type { Refusal } from "./request";
import type { World, WorldGroup, WorldInstance } from "./world";

/** A change of one person, group or message. */
export interface Effect {
  kind: "added" | "waiting" | "removed" | "created" | "updated" | "left" | "joined" | "sent";
  instance: string;
  /** Group id, or a message's chat. */
  target: string;
  person?: string;
  text?: string;
}

/** Dialects that a sandbox understands. */
export type Dialects = "guide" | "reference" | "both";

/** Types of a request's context; `instance` is the path's. */
export interface Env {
  Bindings: { effects?: Effect[] };
  Variables: { forms: AnswerForms; instance: WorldInstance };
}

/** A request's context. */
export type Ctx = Context<Env>;

/** A sandbox as its routes see it. */
export interface State {
  world: World;
  now: () => number;
  dialect: Dialects;
  save: () => Promise<void>;
  forms: { guide: AnswerForms; reference: AnswerForms };
  answers: number;
}

/** Creates a sandbox's state. */
export function createState(options: {
  world: World;
  now: () => number;
  dialect?: Dialects;
  save?: (world: World) => Promise<void>;
}): State {
  const { world, now, dialect = "guide", save } = options;
  return {
    world,
    now,
    dialect,
    save: async () => save?.(world),
    forms: formsOf(world),
    answers: 0,
  };
}

function formsOf(world: World): State["forms"] {
  const own = { guide, reference: reference(world) };
  const forms = isEngine(world) ? { guide: noweb(own.guide), reference: noweb(own.reference) } : own;
  return world.settings.hasNames ? { guide: named(forms.guide), reference: named(forms.reference) } : forms;
}

/** Whether the engine's answers are passed on. */
export function isEngine({ settings }: World): boolean {
  return settings.engine === "noweb";
}

/** Whether a dialect is understood. */
export function accepts({ dialect }: State, one: "guide" | "reference"): boolean {
  return dialect === "both" || dialect === one;
}

/** Returns a new request id and the time. */
export function metaOf(state: State): { requestId: string; timestamp: string } {
  state.answers += 1;
  const at = state.now();
  return {
    requestId: `req_${at.toString(36)}${state.answers.toString(36)}`,
    timestamp: new Date(at).toISOString(),
  };
}

/** Answers successfully with a value. */
export function good(state: State, c: Ctx, value: unknown, status: 200 | 201 | 202 = 200): Response {
  return c.json(c.get("forms").good(value, () => metaOf(state)) as object, status);
}

/** Saves the world and answers as its settings say. */
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

/** Refuses in the general envelope, or in a 500 as engines do. */
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

/** Replaces a group with the returned copy. */
export function replace({ world }: State, group: WorldGroup, change: Partial<WorldGroup>): WorldGroup {
  const next = { ...group, ...change };
  world.groups[group.id] = next;
  return next;
}
