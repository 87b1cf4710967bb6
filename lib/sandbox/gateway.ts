import { Hono } from "hono/tiny";
import type { Context } from "hono";
import { LIMITS } from "../shared/model";
import { graphemes } from "../shared/text";
import { guide, noweb, reference, type Words } from "./dialects";
import { invalid, readBody, readNumber, readPeople, Refusal } from "./request";
import { hiddenId, type World, type WorldGroup, type WorldInstance, type WorldMember } from "./world";

/**
 * A complete groups gateway as `Request → Response`, in both documented dialects (contract, sections 1 to 4). It needs
 * neither a network nor Node: inside the extension it is "try without a key", behind a socket it is the tests' server.
 */
export interface SandboxOptions {
  /** Changed in place as requests come. */
  world: World;
  /** Awaited after each change and before the answer, so that the state outlives the worker. */
  save?: (world: World) => Promise<void>;
  /** Milliseconds since 1970. */
  now: () => number;
  /**
   * Which dialect's requests are understood. `both`: every route and body of either; answers are the reference's for
   * `Authorization: Bearer`, else the guide's.
   */
  dialect?: "guide" | "reference" | "both";
  /** The only key that opens it. Without one, nothing is checked unless `strictAuth`. */
  key?: string;
  /** The key must come in the dialect's own header; some key is needed even when `key` is not set. */
  strictAuth?: boolean;
  /** Requests a window (ms), for all keys together; `false` never refuses. Default: 100 a minute (contract, 4.2). */
  rateLimit?: { limit: number; window: number } | false;
}

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

export interface Sandbox {
  /** Answers a request. What it changed is appended to `effects`, when given. Never rejects. */
  fetch(request: Request, effects?: Effect[]): Promise<Response>;
}

type Dialect = "guide" | "reference";
type Variables = { words: Words; instance: WorldInstance };
type Ctx = Context<{ Bindings: { effects?: Effect[] }; Variables: Variables }>;

/** WhatsApp's limit on the members of a group. */
const FULL = LIMITS.members;

/** Makes the gateway of a world. */
export function sandboxGateway(options: SandboxOptions): Sandbox {
  const { world, now, dialect = "guide", save } = options;
  const limits = options.rateLimit === false ? null : (options.rateLimit ?? { limit: 100, window: 60_000 });
  const settings = world.settings;
  const isEngine = settings.engine === "noweb";
  const words = isEngine
    ? { guide: noweb(guide), reference: noweb(reference(world)) }
    : { guide, reference: reference(world) };
  const app = new Hono<{ Bindings: { effects?: Effect[] }; Variables: Variables }>();
  /** The running windows of callers with a key and without one. They may be lost: the next caller starts a new one. */
  const windows = { known: { start: -Infinity, used: 0 }, unknown: { start: -Infinity, used: 0 } };
  let requests = 0;

  const meta = () => {
    requests += 1;
    return { requestId: `req_${now().toString(36)}${requests.toString(36)}`, timestamp: new Date(now()).toISOString() };
  };

  // ---------------------------------------------------------------- answers

  const good = (c: Ctx, value: unknown, status: 200 | 201 | 202 = 200) =>
    c.json(c.get("words").good(value, meta) as object, status);

  /** The answer to a change, for which the world says how talkative the gateway is. */
  const changed = async (c: Ctx, value: unknown, message: string, status: 200 | 201 | 202 = 200) => {
    await save?.(world);
    if (settings.answers === "empty") return status === 202 ? c.body(null, 202) : c.body(null, 204);
    if (settings.answers === "per-person") return good(c, value, status);
    return c.json(c.get("words").done(message, meta) as object, status);
  };

  const effect = (c: Ctx, kind: Effect["kind"], target: string, more: Pick<Effect, "person" | "text"> = {}) =>
    c.env.effects?.push({ kind, instance: c.get("instance").id, target, ...more });

  // ---------------------------------------------------------------- on the way in

  /** Counts a request and says on every response what is left (contract, 4.2). */
  app.use(async (c, next) => {
    const asked = dialectOf(c.req.raw, dialect);
    c.set("words", words[asked]);
    const isKnown = isAuthentic(c.req.raw, asked, options);
    const at = now();
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
    else c.res = refuse(new Refusal(401, "UNAUTHORIZED", "Missing or invalid API key"));
    c.header("X-RateLimit-Limit", String(allowance));
    c.header("X-RateLimit-Remaining", String(Math.max(0, allowance - window.used)));
    c.header("X-RateLimit-Reset", String(Math.ceil((window.start + length) / 1000)));
  });

  const refuse = (error: Refusal) => {
    const isOfEngine =
      isEngine && /^(FORBIDDEN|CONFLICT|GROUP_FULL|GROUP_NOT_FOUND|INVALID_INVITE_CODE)$/.test(error.code);
    if (isOfEngine) {
      const exception = { name: "Error", message: error.message };
      const timestamp = new Date(now()).toISOString();
      return Response.json({ statusCode: 500, timestamp, exception }, { status: 500 });
    }
    return Response.json(
      {
        success: false,
        error: { code: error.code, message: error.message, details: error.details },
        meta: meta(),
      },
      { status: error.status },
    );
  };

  app.onError((error) =>
    refuse(error instanceof Refusal ? error : new Refusal(500, "INTERNAL_ERROR", "Something went wrong on our side")),
  );
  app.notFound((c) => refuse(noRoute(c.req.method, c.req.path)));

  // ---------------------------------------------------------------- who and where

  app.use("/api/instances/:instance/*", async (c, next) => {
    const id = c.req.param("instance");
    const instance = world.instances.find((one) => one.id === id || one.uuid === id);
    if (!instance) throw new Refusal(404, "INSTANCE_NOT_FOUND", "Instance not found");
    if (instance.status !== "connected")
      throw new Refusal(409, "INSTANCE_NOT_CONNECTED", `Instance is not connected (status: ${instance.status})`);
    c.set("instance", instance);
    await approve(c);
    await next();
  });

  /** Waiting people whose time has come are members from now on. */
  const approve = async (c: Ctx) => {
    let isChanged = false;
    for (const group of Object.values(world.groups)) {
      if (!group.waiting?.length || group.approvesAfter === undefined) continue;
      const due = group.waiting.filter((one) => one.at + group.approvesAfter! <= now());
      if (due.length === 0) continue;
      isChanged = true;
      replace(group, {
        members: [...group.members, ...due.map(({ id }) => ({ id, role: "member" as const }))],
        waiting: group.waiting.filter((one) => !due.includes(one)),
      });
      for (const { id } of due) effect(c, "added", group.id, { person: id });
    }
    if (isChanged) await save?.(world);
  };

  const replace = (group: WorldGroup, change: Partial<WorldGroup>): WorldGroup => {
    const next = { ...group, ...change };
    world.groups[group.id] = next;
    return next;
  };

  /** The group of the path, if the instance is in it; 404 otherwise, 403 when only admins may go on. */
  const groupOf = (c: Ctx, who: "member" | "admin" = "member"): { group: WorldGroup; me: WorldMember } => {
    const id = c.req.param("group") ?? "";
    const group = Object.hasOwn(world.groups, id) ? world.groups[id] : undefined;
    const me = group?.members.find((member) => member.id === c.get("instance").number);
    if (!group || !me) throw new Refusal(404, "GROUP_NOT_FOUND", "Group not found or the instance is not a member");
    if (who === "admin" && me.role === "member")
      throw new Refusal(403, "FORBIDDEN", "The instance is not an admin of this group");
    return { group, me };
  };

  /** Whom an id means in a group: without device, under the registered number, behind the hidden id. */
  const resolve = (group: WorldGroup | null, id: string): string => {
    if (id.endsWith("@lid")) return group?.members.find((member) => hiddenId(member.id) === id)?.id ?? id;
    const phone = `${id.split(/[:@]/)[0]}@s.whatsapp.net`;
    return special(phone)?.registeredAs ?? phone;
  };
  const special = (id: string) => (Object.hasOwn(world.people, id) ? world.people[id] : undefined);

  /** The code that adding a person gives, before the group's own rules: 200, 401, 403, 404, 408. */
  const welcome = (group: WorldGroup, id: string): number => {
    const refuses = special(id)?.refuses;
    if (refuses) return refuses;
    if (id.endsWith("@lid")) return 404;
    return group.recentlyLeft?.includes(id) ? 408 : 200;
  };

  // ---------------------------------------------------------------- groups

  const create = async (c: Ctx) => {
    const body = await readBody(c.req.raw, ["name", "participants"]);
    const name = body["name"];
    if (typeof name !== "string" || name.trim() === "" || graphemes(name) > LIMITS.name)
      throw invalid("name must have 1 to 100 characters", { name: "1 to 100 characters" });
    const ids = readPeople(body["participants"]);
    const me: WorldMember = { id: c.get("instance").number, role: "superadmin" };
    world.counter += 1;
    const empty: WorldGroup = {
      id: `120363${String(900_000_000_000 + world.counter)}@g.us`,
      name,
      owner: me.id,
      createdAt: Math.floor(now() / 1000) * 1000,
      members: [me],
      code: codeFrom(world.counter),
    };
    const added = new Set(
      ids.map((id) => resolve(null, id)).filter((id) => id !== me.id && welcome(empty, id) === 200),
    );
    const group = { ...empty, members: [me, ...[...added].map((id): WorldMember => ({ id, role: "member" }))] };
    // A new group heads the list, as on a phone.
    world.groups = { [group.id]: group, ...world.groups };
    effect(c, "created", group.id, { text: name });
    for (const id of added) effect(c, "added", group.id, { person: id });
    await save?.(world);
    return good(c, c.get("words").created(group), 201);
  };

  const list = (c: Ctx) => {
    const own = c.get("instance").number;
    const mine = Object.values(world.groups).filter((group) => group.members.some((member) => member.id === own));
    const view = (group: WorldGroup) => c.get("words").listed(group);
    if (settings.paging === "all") return good(c, mine.map(view));
    const { usual, most } = settings.pageSize ?? { usual: 50, most: 100 };
    const limit = readNumber(c.req.query("limit"), usual, 1, most);
    if (settings.paging === "pages") {
      const page = readNumber(c.req.query("page"), 1, 1, 100_000);
      return good(c, pageOf(mine.map(view), page, limit));
    }
    const page = readNumber(c.req.query("page"), 1, 1, 100_000);
    const offset = readNumber(c.req.query("offset"), (page - 1) * limit, 0, 10_000_000);
    return good(c, mine.slice(offset, offset + limit).map(view));
  };

  const update = async (c: Ctx) => {
    const { group } = groupOf(c, "admin");
    const { name, description } = await readBody(c.req.raw, ["name", "description"]);
    if (name === undefined && description === undefined) throw invalid("Nothing to update");
    if (name !== undefined && (typeof name !== "string" || name.trim() === "" || graphemes(name) > LIMITS.name))
      throw invalid("name must have 1 to 100 characters", { name: "1 to 100 characters" });
    if (description !== undefined && (typeof description !== "string" || graphemes(description) > LIMITS.description))
      throw invalid("description must have at most 2048 characters", { description: "at most 2048 characters" });
    const next = replace(group, {
      ...(name === undefined ? {} : { name: name as string }),
      ...(description === undefined ? {} : { description: description as string }),
    });
    effect(c, "updated", group.id, { text: next.name });
    return changed(c, c.get("words").group(next), "Group updated successfully");
  };

  const leave = async (c: Ctx) => {
    const { group, me } = groupOf(c);
    replace(group, { members: group.members.filter((member) => member.id !== me.id) });
    effect(c, "left", group.id, { person: me.id });
    return changed(c, { group_id: group.id, status: "left" }, "Left the group");
  };

  // ---------------------------------------------------------------- participants

  const addPeople = async (c: Ctx) => {
    const { group } = groupOf(c, "admin");
    const ids = readPeople((await readBody(c.req.raw, ["participants"]))["participants"]);
    if (ids.length === 0) throw invalid("participants must not be empty", { participants: "at least one" });
    const members = [...group.members];
    const waiting = [...(group.waiting ?? [])];
    const codes = ids.map((given) => {
      const id = resolve(group, given);
      if (members.some((member) => member.id === id)) return 409;
      const code = welcome(group, id);
      if (code !== 200) return code;
      if (group.isCommunity) return 417;
      if (members.length >= FULL) return 419;
      if (group.needsApproval) {
        if (!waiting.some((one) => one.id === id)) waiting.push({ id, at: now() });
        return 421;
      }
      members.push({ id, role: "member" });
      return 200;
    });
    conflict(codes, 409, "Participant is already in the group", ids);
    for (const { id } of members.slice(group.members.length)) effect(c, "added", group.id, { person: id });
    for (const { id } of waiting.slice(group.waiting?.length ?? 0)) effect(c, "waiting", group.id, { person: id });
    replace(group, { members, ...(waiting.length > 0 ? { waiting } : {}) });
    return changed(
      c,
      c.get("words").results(ids.map((id, index) => ({ id, status: codes[index]! }))),
      "Participants added successfully",
    );
  };

  const removePeople = async (c: Ctx) => {
    const { group, me } = groupOf(c, "admin");
    const ids = readPeople((await readBody(c.req.raw, ["participants"]))["participants"]);
    if (ids.length === 0) throw invalid("participants must not be empty", { participants: "at least one" });
    const gone = new Set<string>();
    const codes = ids.map((given) => {
      const id = resolve(group, given);
      const member = gone.has(id) ? undefined : group.members.find((one) => one.id === id);
      if (!member) return 404;
      // WhatsApp keeps the creator in, and one cannot remove oneself.
      if (member.id === me.id || member.role === "superadmin") return 406;
      gone.add(id);
      return 200;
    });
    conflict(codes, 404, "Participant is not in the group", ids);
    for (const id of gone) effect(c, "removed", group.id, { person: id });
    replace(group, { members: group.members.filter((member) => !gone.has(member.id)) });
    return changed(
      c,
      c.get("words").results(ids.map((id, index) => ({ id, status: codes[index]! }))),
      "Participants removed successfully",
    );
  };

  /** 409 for the whole request when everybody is already right, or when the world does not take mixed requests. */
  const conflict = (codes: number[], already: number, message: string, ids: string[]) => {
    const right = ids.filter((_, index) => codes[index] === already);
    if (right.length === 0 || (right.length < ids.length && settings.mixed === "apply")) return;
    throw new Refusal(409, "CONFLICT", message, { participants: right });
  };

  // ---------------------------------------------------------------- invites and messages

  const joinGroup = async (c: Ctx) => {
    const field = accepts("guide") && accepts("reference") ? ["invite_code", "code"] : [joinField(dialect)];
    const body = await readBody(c.req.raw, field);
    const given = body["invite_code"] ?? body["code"];
    if (typeof given !== "string") throw invalid(`${field[0]} must be a string`, { [field[0]!]: "string" });
    // The reference takes a link as well; the guide takes the code alone.
    const code =
      "code" in body ? given.replace(/^https?:\/\/chat\.whatsapp\.com\/(invite\/)?/, "").split(/[?/#]/)[0] : given;
    const group = Object.values(world.groups).find((one) => one.code === code);
    if (!group) throw new Refusal(404, "INVALID_INVITE_CODE", "The invite code is invalid or was revoked");
    const own = c.get("instance").number;
    const say = c.get("words");
    if (group.members.some((member) => member.id === own)) return changed(c, say.joined(group), "Already in the group");
    if (group.needsApproval) {
      const waiting = group.waiting ?? [];
      if (!waiting.some((one) => one.id === own)) {
        replace(group, { waiting: [...waiting, { id: own, at: now() }] });
        effect(c, "waiting", group.id, { person: own });
      }
      // Nobody who is not in it is shown the members.
      if (settings.waiting === "as-joined") return changed(c, say.joined({ ...group, members: [] }), "Done", 201);
      return changed(c, say.waiting(group), "Waiting for an admin's approval", 202);
    }
    if (group.members.length >= FULL) throw new Refusal(409, "GROUP_FULL", "The group is full");
    const next = replace(group, { members: [...group.members, { id: own, role: "member" }] });
    effect(c, "joined", group.id, { person: own });
    return changed(c, say.joined(next), "Joined the group");
  };

  const sendMessage = async (c: Ctx) => {
    const inGuide = ["chat_id", "type", "text", "media_url", "caption"];
    const inReference = ["to", "type", "body", "media_url", "caption", "quoted_message_id", "mentions"];
    const body = await readBody(c.req.raw, [
      ...(accepts("guide") ? inGuide : []),
      ...(accepts("reference") ? inReference : []),
    ]);
    const chat = body["chat_id"] ?? body["to"];
    const type = body["type"];
    const text = body["text"] ?? body["body"] ?? body["caption"] ?? "";
    if (typeof chat !== "string" || chat === "") throw invalid("The recipient is missing");
    if (typeof type !== "string" || !["text", "image", "video", "audio", "document"].includes(type))
      throw invalid("type must be text, image, video, audio or document", { type: "unknown" });
    if (typeof text !== "string" || (type === "text" && text === "")) throw invalid("The text is missing");
    if (type !== "text" && typeof body["media_url"] !== "string") throw invalid("media_url is missing");
    const isGroup = chat.endsWith("@g.us");
    if (isGroup) {
      const group = Object.hasOwn(world.groups, chat) ? world.groups[chat] : undefined;
      const me = group?.members.find((member) => member.id === c.get("instance").number);
      if (!me) throw new Refusal(404, "GROUP_NOT_FOUND", "Group not found or the instance is not a member");
      if (group?.onlyAdminsSend && me.role === "member")
        throw new Refusal(403, "FORBIDDEN", "Only admins can send messages to this group");
    } else if (!/^\d{7,15}(@(s\.whatsapp\.net|c\.us))?$|^\d{5,20}@lid$/.test(chat))
      throw new Refusal(422, "VALIDATION_ERROR", "Invalid chat id");
    world.counter += 1;
    const message = { id: messageId(world.counter), instance: c.get("instance").id, chat, type, text, at: now() };
    world.messages = [...world.messages, message].slice(-200);
    effect(c, "sent", chat, { text });
    await save?.(world);
    return good(c, c.get("words").sent({ id: message.id, number: world.counter }), 201);
  };

  const accepts = (one: Dialect) => dialect === "both" || dialect === one;

  // ---------------------------------------------------------------- routes

  const root = "/api/instances/:instance";
  const group = `${root}/groups/:group`;

  app.post(`${root}/groups`, create);
  app.get(`${root}/groups`, list);
  app.post(`${root}/groups/join`, joinGroup);
  app.get(group, (c) => good(c, c.get("words").group(groupOf(c).group)));
  app.patch(group, update);
  app.post(`${group}/leave`, leave);
  app.get(`${group}/participants`, (c) => {
    const { group } = groupOf(c);
    return good(
      c,
      group.members.map((member) => c.get("words").member(group, member)),
    );
  });
  if (accepts("guide")) {
    app.post(`${group}/participants`, addPeople);
    app.delete(`${group}/participants`, removePeople);
  }
  if (accepts("reference")) {
    app.post(settings.addRoute === "plain" ? `${group}/participants` : `${group}/participants/add`, addPeople);
    app.post(`${group}/participants/remove`, removePeople);
  }
  app.get(`${group}/invite-code`, (c) => {
    const { group } = groupOf(c, "admin");
    return isEngine ? c.html(group.code) : good(c, c.get("words").invite(group));
  });
  app.post(`${root}/messages/send`, sendMessage);

  if (settings.hasExtras) {
    app.get("/api/instances", (c) => {
      const items = world.instances.map((one) => ({
        id: c.get("words").instanceId(one),
        name: one.name,
        type: "waha",
        status: one.status,
        phone: one.number.split("@")[0],
        created_at: new Date(one.createdAt).toISOString(),
      }));
      const page = readNumber(c.req.query("page"), 1, 1, 100_000);
      // The general envelope holds for this list in both dialects (contract, 4.3).
      const data = pageOf(items, page, readNumber(c.req.query("limit"), 10, 1, 100));
      return c.json({ success: true, data, meta: meta() });
    });
    app.get(`${root}/contacts/check`, (c) => {
      const phone = c.req.query("phone") ?? "";
      if (!/^\d{7,15}$/.test(phone))
        throw invalid("phone must be digits only, country code first", { phone: "digits" });
      const id = resolve(null, `${phone}@s.whatsapp.net`);
      const exists = special(id)?.refuses !== 404;
      return good(c, { exists, phone, chat_id: exists ? id : null });
    });
  }

  return {
    async fetch(request, effects) {
      return app.fetch(request, effects ? { effects } : {});
    },
  };
}

function dialectOf(request: Request, dialect: Dialect | "both"): Dialect {
  if (dialect !== "both") return dialect;
  return request.headers.has("authorization") ? "reference" : "guide";
}

function isAuthentic(request: Request, dialect: Dialect, { key, strictAuth }: SandboxOptions): boolean {
  if (key === undefined && !strictAuth) return true;
  const plain = request.headers.get("x-api-key");
  const bearer = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const given = strictAuth ? (dialect === "guide" ? plain : bearer) : (plain ?? bearer);
  return key === undefined ? Boolean(given) : given === key;
}

function joinField(dialect: "guide" | "reference" | "both"): "invite_code" | "code" {
  return dialect === "reference" ? "code" : "invite_code";
}

/** A 404 of a path that the dialect does not have, as its web framework words it. */
function noRoute(method: string, path: string): Refusal {
  return new Refusal(404, "ROUTE_NOT_FOUND", `Cannot ${method} ${path}`);
}

function pageOf<T>(items: T[], page: number, limit: number) {
  return {
    items: items.slice((page - 1) * limit, page * limit),
    total: items.length,
    page,
    limit,
    totalPages: Math.max(1, Math.ceil(items.length / limit)),
  };
}

/** An invite code in the form of real ones: 22 characters, the first from 0-9 and A-L. */
function codeFrom(n: number): string {
  const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  let code = "B";
  let state = n * 2_654_435_761;
  while (code.length < 22) {
    state = (state * 48_271 + 11) % 2_147_483_647;
    code += letters[state % 62];
  }
  return code;
}

function messageId(n: number): string {
  return `3EB0${(n * 2_654_435_761 + 0x1_0000_0000).toString(16).toUpperCase().slice(-10).padStart(10, "0")}`;
}
