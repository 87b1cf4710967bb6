import { Hono } from "hono/tiny";
import type { Next } from "hono";
import { create, leave, list, pageOf, update } from "./groups";
import { joinGroup, sendMessage } from "./messages";
import { groupOf, resolve, special } from "./lookup";
import { addPeople, removePeople } from "./participants";
import { invalid, readNumber, Refusal } from "./request";
import {
  accepts,
  createState,
  type Ctx,
  type Effect,
  effect,
  type Env,
  good,
  isEngine,
  metaOf,
  refuse,
  replace,
  type Dialects,
  type State,
} from "./state";
import type { World } from "./world";

/** A gateway as `Request → Response`, without network or Node, for "try without a key" and tests. */
export interface SandboxOptions {
  /** Changed in place by requests. */
  world: World;
  /** Awaited after each change, before the answer: the state outlives the worker. */
  save?: (world: World) => Promise<void>;
  now: () => number;
  /** Dialects understood. `both` treats `Authorization: Bearer` as the reference, else the guide. */
  dialect?: "guide" | "reference" | "both";
  /** The only valid key. Without one, nothing is checked, unless `strictAuth`. */
  key?: string;
  /** Requires some key, in the dialect's own header. */
  strictAuth?: boolean;
  /** Requests per window (ms), all keys together; 100 a minute by default, `false` for no limit. */
  rateLimit?: { limit: number; window: number } | false;
}

/** A world's gateway. */
export interface Sandbox {
  /** Appends what it changed to `effects`. Never rejects. */
  fetch(request: Request, effects?: Effect[]): Promise<Response>;
}

type App = Hono<Env>;

/** Creates a world's gateway. */
export function sandboxGateway(options: SandboxOptions): Sandbox {
  const state = createState(options);
  const app: App = new Hono<Env>();
  app.use(limiter(state, options));
  app.onError((error) =>
    refuse(
      state,
      error instanceof Refusal ? error : new Refusal(500, "INTERNAL_ERROR", "Something went wrong on our side"),
    ),
  );
  app.notFound((c) => refuse(state, noRoute(c.req.method, c.req.path)));
  app.use("/api/instances/:instance/*", (c, next) => enter(state, c, next));
  addRoutes(app, state);
  if (state.world.settings.hasExtras) addExtras(app, state);
  return {
    async fetch(request, effects) {
      return app.fetch(request, effects ? { effects } : {});
    },
  };
}

/** Checks allowance (429) and key (401); reports the allowance in each response. */
function limiter(state: State, options: SandboxOptions) {
  const limits = options.rateLimit === false ? null : (options.rateLimit ?? { limit: 100, window: 60_000 });
  /** With a valid key and without. If lost, a new window starts. */
  const windows = { known: { start: -Infinity, used: 0 }, unknown: { start: -Infinity, used: 0 } };
  return async (c: Ctx, next: Next): Promise<void> => {
    const asked = dialectOf(c.req.raw, state.dialect);
    c.set("forms", state.forms[asked]);
    const isKnown = isAuthentic(c.req.raw, asked, options);
    const at = state.now();
    const window = isKnown ? windows.known : windows.unknown;
    const allowance = isKnown ? (limits?.limit ?? 100) : Math.min(20, limits?.limit ?? 20);
    const length = limits?.window ?? 60_000;
    if (at >= window.start + length || at < window.start) Object.assign(window, { start: at, used: 0 });
    const isOver = limits !== null && window.used >= allowance;
    if (!isOver) window.used += 1;
    if (isOver) {
      c.res = c.json(
        {
          success: false,
          error: { code: "RATE_LIMIT_EXCEEDED", message: "Too many requests, please try again later" },
        },
        429,
      );
    } else if (isKnown) await next();
    else c.res = refuse(state, new Refusal(401, "UNAUTHORIZED", "Missing or invalid API key"));
    c.header("X-RateLimit-Limit", String(allowance));
    c.header("X-RateLimit-Remaining", String(Math.max(0, allowance - window.used)));
    c.header("X-RateLimit-Reset", String(Math.ceil((window.start + length) / 1000)));
  };
}

async function enter(state: State, c: Ctx, next: Next): Promise<void> {
  const id = c.req.param("instance");
  const instance = state.world.instances.find((one) => one.id === id || one.uuid === id);
  if (!instance) throw new Refusal(404, "INSTANCE_NOT_FOUND", "Instance not found");
  if (instance.status !== "connected")
    throw new Refusal(409, "INSTANCE_NOT_CONNECTED", `Instance is not connected (status: ${instance.status})`);
  c.set("instance", instance);
  await approve(state, c);
  await next();
}

async function approve(state: State, c: Ctx): Promise<void> {
  let isChanged = false;
  for (const group of Object.values(state.world.groups)) {
    if (!group.waiting?.length || group.approvesAfter === undefined) continue;
    const due = group.waiting.filter((one) => one.at + group.approvesAfter! <= state.now());
    if (due.length === 0) continue;
    isChanged = true;
    replace(state, group, {
      members: [...group.members, ...due.map(({ id }) => ({ id, role: "member" as const }))],
      waiting: group.waiting.filter((one) => !due.includes(one)),
    });
    for (const { id } of due) effect(c, "added", group.id, { person: id });
  }
  if (isChanged) await state.save();
}

function addRoutes(app: App, state: State): void {
  const root = "/api/instances/:instance";
  const group = `${root}/groups/:group`;

  app.post(`${root}/groups`, (c) => create(state, c));
  app.get(`${root}/groups`, (c) => list(state, c));
  app.post(`${root}/groups/join`, (c) => joinGroup(state, c));
  app.get(group, (c) => good(state, c, c.get("forms").group(groupOf(state, c).group)));
  app.patch(group, (c) => update(state, c));
  app.post(`${group}/leave`, (c) => leave(state, c));
  app.get(`${group}/participants`, (c) => {
    const { group } = groupOf(state, c);
    return good(
      state,
      c,
      group.members.map((member) => c.get("forms").member(group, member)),
    );
  });
  if (accepts(state, "guide")) {
    app.post(`${group}/participants`, (c) => addPeople(state, c));
    app.delete(`${group}/participants`, (c) => removePeople(state, c));
  }
  if (accepts(state, "reference")) {
    app.post(state.world.settings.addRoute === "plain" ? `${group}/participants` : `${group}/participants/add`, (c) =>
      addPeople(state, c),
    );
    app.post(`${group}/participants/remove`, (c) => removePeople(state, c));
  }
  app.get(`${group}/invite-code`, (c) => {
    const { group } = groupOf(state, c, "admin");
    return isEngine(state.world) ? c.html(group.code) : good(state, c, c.get("forms").invite(group));
  });
  app.post(`${root}/messages/send`, (c) => sendMessage(state, c));
}

function addExtras(app: App, state: State): void {
  app.get("/api/instances", (c) => {
    const items = state.world.instances.map((one) => ({
      id: c.get("forms").instanceId(one),
      name: one.name,
      type: "waha",
      status: one.status,
      phone: one.number.split("@")[0],
      created_at: new Date(one.createdAt).toISOString(),
    }));
    const page = readNumber(c.req.query("page"), 1, 1, 100_000);
    // The general envelope, in both dialects.
    const data = pageOf(items, page, readNumber(c.req.query("limit"), 10, 1, 100));
    return c.json({ success: true, data, meta: metaOf(state) });
  });
  app.get("/api/instances/:instance/contacts", (c) => {
    const me = c.get("instance").number;
    const ours = Object.values(state.world.groups).filter(({ members }) => members.some(({ id }) => id === me));
    const people = new Set(ours.flatMap(({ members }) => members.map(({ id }) => id)));
    // A phone's list has groups among its people.
    const all = [...people, ...ours.slice(0, 1).map(({ id }) => id)];
    return good(
      state,
      c,
      all.map((id) => c.get("forms").contact(id)),
    );
  });
  app.get("/api/instances/:instance/contacts/check", (c) => {
    const phone = c.req.query("phone") ?? "";
    if (!/^\d{7,15}$/.test(phone)) throw invalid("phone must be digits only, country code first", { phone: "digits" });
    const id = resolve(state, null, `${phone}@s.whatsapp.net`);
    const exists = special(state.world, id)?.refuses !== 404;
    return good(state, c, { exists, phone, chat_id: exists ? id : null });
  });
}

function dialectOf(request: Request, dialect: Dialects): "guide" | "reference" {
  if (dialect !== "both") return dialect;
  return request.headers.has("authorization") ? "reference" : "guide";
}

function isAuthentic(request: Request, dialect: "guide" | "reference", { key, strictAuth }: SandboxOptions): boolean {
  if (key === undefined && !strictAuth) return true;
  const plain = request.headers.get("x-api-key");
  const bearer = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const given = strictAuth ? (dialect === "guide" ? plain : bearer) : (plain ?? bearer);
  return key === undefined ? Boolean(given) : given === key;
}

function noRoute(method: string, path: string): Refusal {
  return new Refusal(404, "ROUTE_NOT_FOUND", `Cannot ${method} ${path}`);
}
