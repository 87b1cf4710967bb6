import type { Reply } from "../../shared/failure";
import type { Connection, Cursor, Dialect, FailureCode, GatewayNotes, Page, Paging } from "../../shared/model";
import { parse, readMeta, withoutKey } from "./body";
import { type Allowance, dateOf } from "./budget";
import { type Call, type Words, wordsOf } from "./dialects";
import { egress, targetOf } from "./egress";
import { openPages, type Pages } from "./pages";
import { isRefusal, readRefusal } from "./refusal";
import { readGroup, readGroups, readInstances, readPaging } from "./read-groups";
import { readCheck, readInvite, readJoin, readSent } from "./read-calls";
import { readResults } from "./read-results";
import { readMembers } from "./read-members";
import type { Rows } from "./values";
import { isFields, unwrap } from "./fields";
import type { Answer, Certainty, GatewayFailure } from "./answer";
import type { CallOptions, Gateway, NotesPort } from "./gateway";

export interface GatewayOptions {
  /** Where and how; a candidate that is not stored yet will do. Listing instances needs no `instance`. */
  connection: Pick<Connection, "origin" | "instance" | "dialect" | "auth">;
  /** Asked for each call and kept by nobody here. May fail with `locked` or `no-key`. */
  key: () => Promise<Reply<string>>;
  /** The connection's one allowance: `openBudget`. */
  budget: Allowance;
  /** What is known of this gateway from earlier calls. Without it, each gateway learns for itself. */
  notes?: NotesPort;
  /** Answers in-process instead of the network: the sandbox. */
  fetch?: (request: Request) => Response | Promise<Response>;
  /** Whether the browser grants us the origin right now. Without it, everything is allowed. */
  isAllowed?: (origin: string) => Promise<boolean>;
  /** Whether there is a network at all; only a definite no counts. */
  isOnline?: () => boolean;
  /** For one request from start to the last byte of its answer, in ms; never more than 25 s. */
  timeout?: number;
}

/** One request may take this long in all; the worker may be killed after 30 s (security rule R5). */
const TIMEOUT = 25_000;

/** No list has more pages; a gateway that never ends is stopped here. */
const MAX_PAGES = 1000;

/** An answer that says yes. `isHtml` and text in `body`: it was no JSON. */
interface Good {
  ok: true;
  status: number;
  /** Parsed JSON; text that is none; undefined when there was nothing. */
  body: unknown;
  requestId?: string;
  serverTime?: number;
}

type Bad = { ok: false; failure: GatewayFailure; serverTime?: number; isPending?: boolean };

/** Opens the gateway of a connection. Nothing is sent before a call. */
export function openGateway(options: GatewayOptions): Gateway {
  const { connection, key, budget, isAllowed, isOnline = isBrowserOnline } = options;
  const words = wordsOf(connection.dialect, connection.instance);
  const notes = options.notes ?? ownNotes();
  const timeout = Math.min(options.timeout ?? TIMEOUT, TIMEOUT);

  /** Everything that must hold before a request leaves, then the request, then its answer as yes or no. */
  async function request(call: Call | undefined, { priority, signal }: CallOptions): Promise<Good | Bad> {
    if (!call) return unsent("bad-input");
    const url = targetOf(connection.origin, call.path, options.fetch !== undefined);
    if (!url) return unsent("bad-address");
    if (isAllowed && !(await isAllowed(connection.origin))) return unsent("no-permission");
    if (!options.fetch && !isLoopback(url) && !isOnline()) return unsent("offline");
    const secret = await key();
    if (!secret.ok) return { ok: false, failure: { ...secret.failure, certainty: "unsent" } };
    // What is no header value would throw inside and could end up in an error text.
    if (!/^[\x21-\x7e]+$/.test(secret.value)) return unsent("no-key");
    if (signal?.aborted) return unsent("timeout");
    const ticket = await budget.take(priority);
    if (!ticket.ok) return unsent("rate-limited", { retryAt: ticket.retryAt });
    if (signal?.aborted) {
      ticket.report();
      return unsent("timeout");
    }

    const exchange = await egress(url, call, {
      header: connection.auth === "bearer" ? ["Authorization", `Bearer ${secret.value}`] : ["X-Api-Key", secret.value],
      timeout,
      signal,
      answer: options.fetch,
    });
    if (!exchange.headers) {
      ticket.report();
      return { ok: false, failure: { code: exchange.failure ?? "offline", certainty: "unknown" } };
    }

    const { status, headers, failure } = exchange;
    const given = parse(exchange.text ?? "", headers.get("content-type") ?? "");
    const parsed = { ...given, body: withoutKey(given.body, secret.value) };
    const { requestId, timestamp } = readMeta(parsed.body, headers, secret.value);
    const serverTime = timestamp ?? dateOf(headers);
    const more = { status, ...(requestId === undefined ? {} : { requestId }) };
    const bad = (code: FailureCode, certainty: Certainty, rest: Partial<GatewayFailure> = {}): Bad => ({
      ok: false,
      failure: { code, certainty, ...more, ...rest },
      serverTime,
    });

    const isGood = status >= 200 && status < 300;
    const isNo = !isGood || isRefusal(parsed.body) || (unwrap(parsed.body) === false && isWrite(call));
    const refusal = isNo ? readRefusal(call.operation, { status, ...parsed }, secret.value) : undefined;
    // An answer to a key that is not taken tells the allowance of strangers, not the account's.
    const isStranger = refusal?.code === "key-refused" || refusal?.code === "no-right";
    const retryAt = ticket.report(isStranger ? undefined : { status, headers, serverTime: timestamp });
    if (failure) return bad(failure, "unknown");
    if (refusal) {
      const { isPending, code, certainty, ...rest } = refusal;
      const times = retryAt === undefined ? {} : { retryAt };
      return { ...bad(code, certainty, { ...rest, ...times }), ...(isPending ? { isPending } : {}) };
    }
    if (parsed.isHtml) return bad("not-json", "unknown");
    // Text that wants to be JSON was cut off on the way; of a write, nobody knows what the rest said.
    if (parsed.isBroken) return bad("bad-answer", "unknown");
    return { ok: true, status, body: parsed.body, requestId, serverTime };
  }

  /** A call whose answer must be understood. */
  async function ask<T>(
    call: Call | undefined,
    callOptions: CallOptions,
    read: (body: unknown, status: number) => T | undefined,
  ): Promise<Answer<T>> {
    const answer = await request(call, callOptions);
    if (!answer.ok) return plain(answer);
    const value = read(answer.body, answer.status);
    if (value === undefined) return isNothing(answer.body) ? emptyAnswer(answer) : badAnswer(answer);
    return good(answer, value);
  }

  /**
   * A call whose route has one form in each dialect (rule 5.10). Where the gateway does not have the one, the other is
   * tried, at most once for a call and never after an answer that leaves open what was done; what worked is remembered.
   */
  async function askEither<T>(
    operation: "add" | "remove",
    make: (form: Words) => Call | undefined,
    callOptions: CallOptions,
    read: (body: unknown) => T | undefined,
  ): Promise<Answer<T>> {
    const { routes } = await notes.load();
    const form = routes?.[operation] ?? connection.dialect;
    const answer = await ask(make(wordsOf(form, connection.instance)), callOptions, read);
    if (!isNotThere(answer)) return answer;
    const otherForm: Dialect = form === "guide" ? "reference" : "guide";
    const other = await ask(make(wordsOf(otherForm, connection.instance)), callOptions, read);
    if (isNotThere(other)) return answer;
    await notes.learn({ routes: { ...routes, [operation]: otherForm } });
    return other;
  }

  /**
   * All pages of a list (contract, rule 5.16), as `pages` says what to ask for next. Ends when a page brings nothing new.
   */
  async function readAll<T extends { id: string }>(
    callFor: (page?: Page) => Call | undefined,
    callOptions: CallOptions,
    read: (body: unknown) => Rows<T> | undefined,
    pages: Pages,
    onPage?: (part: { items: T[]; isComplete: boolean } & Omit<Cursor, "next"> & { next?: Page }) => Promise<void>,
  ): Promise<Answer<{ items: T[]; isComplete: boolean; failure?: GatewayFailure }>> {
    const items = new Map<string, T>();
    const ids = new Set<string>();
    let last: Good | undefined;
    const end = (isComplete: boolean, failure?: GatewayFailure) => {
      // Rows, but none of a form that we know: a misread list must not look like an empty one.
      if (last && ids.size > 0 && items.size === 0) return badAnswer(last);
      return good(last, { items: [...items.values()], isComplete, ...(failure ? { failure } : {}) });
    };

    for (let count = 1; count <= MAX_PAGES; count += 1) {
      const options: CallOptions = last ? { ...callOptions, priority: "background" } : callOptions;
      const answer = await request(callFor(pages.next), options);
      const rows = answer.ok ? read(answer.body) : undefined;
      if (!answer.ok || !rows) {
        const bad = !answer.ok ? plain(answer) : isNothing(answer.body) ? emptyAnswer(answer) : badAnswer(answer);
        const step = isWrongQuestion(bad.failure) ? pages.refused() : "failed";
        if (step === "again") continue;
        if (!last) return bad;
        return step === "all" ? end(true) : end(false, bad.failure);
      }
      last = answer;
      const before = ids.size;
      for (const id of rows.ids) ids.add(id);
      for (const item of rows.items) if (!items.has(item.id)) items.set(item.id, item);
      const step = pages.took(
        { rows: rows.ids.length, isNews: ids.size > before, ...readPaging(answer.body) },
        ids.size,
      );
      const isComplete = step === "all";
      const next = step === "again" ? pages.next : undefined;
      if (ids.size === 0 || items.size > 0) {
        await onPage?.({ items: rows.items, isComplete, count: pages.count, total: pages.total, next });
      }
      if (step !== "again") return end(isComplete);
    }
    return end(false);
  }

  /** A list of which every part is needed. */
  async function readWhole<T extends { id: string }>(
    callFor: (page?: Page) => Call | undefined,
    callOptions: CallOptions,
    read: (body: unknown) => Rows<T> | undefined,
  ): Promise<Answer<T[]>> {
    const answer = await readAll(callFor, callOptions, read, openPages());
    if (!answer.ok) return answer;
    const { items, isComplete, failure } = answer.value;
    if (isComplete) return { ...answer, value: items };
    return {
      ok: false,
      failure: failure ?? { code: "bad-answer", certainty: "unknown" },
      serverTime: answer.serverTime,
    };
  }

  return {
    async listInstances(callOptions) {
      const answer = await readWhole((page) => words.instances(page), callOptions, readInstances);
      return isMissing(answer) ? { ok: true, value: null, serverTime: answer.serverTime } : answer;
    },

    async listGroups({ from, onPage, ...callOptions }) {
      let { paging } = await notes.load();
      const pages = openPages({ dialect: connection.dialect, paging, from });
      // What was found on the way is worth keeping also when the reading stops, or the worker dies.
      const learn = async () => {
        if (isSame(pages.found, paging)) return;
        paging = pages.found;
        await notes.learn({ paging });
      };
      const answer = await readAll(
        (page) => words.groups(page),
        callOptions,
        readGroups,
        pages,
        async ({ items, ...part }) => {
          await learn();
          await onPage?.({ groups: items, ...part });
        },
      );
      await learn();
      if (!answer.ok) return answer;
      const { items, ...rest } = answer.value;
      return { ...answer, value: { groups: items, ...rest } };
    },

    getGroup: (group, callOptions) => ask(words.group(group), callOptions, readGroup),

    createGroup: ({ name, people }, callOptions) =>
      ask(words.create(name, people), callOptions, (body) => {
        const group = readGroup(body);
        return { ...(group ? { group } : {}), people: readResults(body, people, "create") };
      }),

    updateGroup: (group, change, callOptions) => nothing(ask(words.update(group, change), callOptions, () => true)),

    leaveGroup: (group, callOptions) => nothing(ask(words.leave(group), callOptions, () => true)),

    listMembers: (group, callOptions) => readWhole((page) => words.members(group, page), callOptions, readMembers),

    addMembers: (group, people, callOptions) =>
      askEither(
        "add",
        (form) => form.add(group, people),
        callOptions,
        (body) => readResults(body, people, "add"),
      ),

    removeMembers: (group, people, callOptions) =>
      askEither(
        "remove",
        (form) => form.remove(group, people),
        callOptions,
        (body) => readResults(body, people, "remove"),
      ),

    readInvite: (group, callOptions) => ask(words.invite(group), callOptions, readInvite),

    async joinGroup(code, callOptions) {
      const answer = await request(words.join(code), callOptions);
      if (!answer.ok) return answer.isPending ? good(undefined, { isPending: true }, answer) : plain(answer);
      const joined = readJoin(answer.body);
      // "Accepted, not yet done": of a join, that is the wait for an admin.
      return good(answer, { ...joined, isPending: joined.isPending || (answer.status === 202 && !joined.group) });
    },

    async sendText(chat, text, callOptions) {
      const answer = await request(words.send(chat, text), callOptions);
      if (!answer.ok) return plain(answer);
      const { hasFailed, ...sent } = readSent(answer.body);
      if (!hasFailed) return good(answer, sent);
      const { status, requestId, serverTime } = answer;
      return { ok: false, failure: { code: "rejected", certainty: "refused", status, requestId }, serverTime };
    },

    async checkPerson(phone, callOptions) {
      const answer = await ask(words.check(phone), callOptions, readCheck);
      return isMissing(answer) ? { ok: true, value: null, serverTime: answer.serverTime } : answer;
    },
  };
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "127.0.0.1";
}

/** Only a definite no counts: the browser may say yes without a way to anywhere. */
function isBrowserOnline(): boolean {
  return (globalThis.navigator as Navigator | undefined)?.onLine !== false;
}

function isWrite({ method }: Call): boolean {
  return method !== "GET";
}

function unsent(code: FailureCode, more: Partial<GatewayFailure> = {}): Bad {
  return { ok: false, failure: { code, certainty: "unsent", ...more } };
}

function plain({ failure, serverTime }: Bad): Extract<Answer<never>, { ok: false }> {
  return { ok: false, failure, serverTime };
}

function good<T>(answer: Good | undefined, value: T, timed?: { serverTime?: number }): Answer<T> {
  return { ok: true, value, requestId: answer?.requestId, serverTime: answer?.serverTime ?? timed?.serverTime };
}

function badAnswer({ status, requestId, serverTime }: Good): Extract<Answer<never>, { ok: false }> {
  return { ok: false, failure: { code: "bad-answer", certainty: "unknown", status, requestId }, serverTime };
}

function emptyAnswer({ status, requestId, serverTime }: Good): Extract<Answer<never>, { ok: false }> {
  return { ok: false, failure: { code: "empty-answer", certainty: "unknown", status, requestId }, serverTime };
}

/** Whether an answer has nothing in it: no body, an empty value, or the word of a program that had none. */
function isNothing(body: unknown): boolean {
  const value = unwrap(body);
  if (value === undefined || value === null) return true;
  if (typeof value === "string") return /^(https?:\/\/chat\.whatsapp\.com\/)?(undefined|null)?$/.test(value.trim());
  return isFields(value) && Object.values(value).every((one) => one === null || one === "" || isNothing(one));
}

/** Refused because of how it was asked, so that asking in another way makes sense. */
function isWrongQuestion({ code, certainty }: GatewayFailure): boolean {
  return certainty === "refused" && (code === "rejected" || code === "no-route");
}

/** Whether the route may be missing; nothing was done in any case. */
function isNotThere(answer: Answer<unknown>): boolean {
  if (answer.ok || answer.failure.certainty !== "refused") return false;
  return answer.failure.code === "no-route" || answer.failure.isVague === true;
}

function isSame(a: Paging | undefined, b: Paging | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Notes for a gateway that is kept by nobody. */
function ownNotes(): NotesPort {
  let known: Pick<GatewayNotes, "paging" | "routes"> = {};
  return {
    load: async () => known,
    learn: async (change) => {
      known = { ...known, ...change };
    },
  };
}

async function nothing(answer: Promise<Answer<unknown>>): Promise<Answer<void>> {
  const given = await answer;
  return given.ok ? { ...given, value: undefined } : given;
}

/** Whether the gateway has no such call at all. */
function isMissing(answer: Answer<unknown>): boolean {
  return !answer.ok && answer.failure.code === "no-route";
}
