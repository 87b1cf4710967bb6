import type { Connection, Dialect, FailureCode, GatewayNotes, Paging } from "../../shared/model";
import type { Answer, GroupInfo } from "./answer";
import { type Call, type Operation, type Requests, requestsOf } from "./dialects";
import type { CallOptions, Gateway, ListOptions, NotesPort } from "./gateway";
import { readAll, readWhole, type Send } from "./lists";
import { openPages } from "./pages";
import { badAnswer, emptyAnswer, type GatewayOptions, good, isNothing, plain, request } from "./request";
import {
  readCheck,
  readContactList,
  readGroup,
  readGroups,
  readInstances,
  readInvite,
  readJoin,
  readMembers,
  readMemberNames,
  readResults,
  readSent,
} from "./schemas";

interface Client {
  connection: Pick<Connection, "instance" | "dialect">;
  requests: Requests;
  notes: NotesPort;
  send: Send;
}

const NAMED: ReadonlySet<Operation | undefined> = new Set<Operation>(["groups", "group", "members"]);

/** Opens a connection's gateway. Sends nothing. */
export function openGateway(options: GatewayOptions): Gateway {
  const { connection } = options;
  const client: Client = {
    connection,
    requests: requestsOf(connection.dialect, connection.instance),
    notes: options.notes ?? ownNotes(),
    send: async (call, callOptions) => {
      const answer = await request(options, call, callOptions);
      const { names } = options;
      if (answer.ok && names && NAMED.has(call?.operation)) {
        const fresh = readMemberNames(answer.body, names.known);
        if (fresh.length > 0) await names.learn(fresh);
      }
      return answer;
    },
  };
  return { ...readingCalls(client), ...changingCalls(client) };
}

type Change = "createGroup" | "updateGroup" | "leaveGroup" | "addMembers" | "removeMembers" | "joinGroup" | "sendText";

function readingCalls(client: Client): Omit<Gateway, Change> {
  const { requests, send } = client;
  return {
    listInstances: async (options) =>
      orNull(await readWhole(send, (page) => requests.instances(page), options, readInstances)),
    listGroups: (options) => listGroups(client, options),
    getGroup: async (group, options) => notLeft(await ask(client, requests.group(group), options, readGroup)),
    listMembers: (group, options) => readWhole(send, (page) => requests.members(group, page), options, readMembers),
    readInvite: (group, options) => ask(client, requests.invite(group), options, readInvite),
    checkPerson: async (phone, options) => orNull(await ask(client, requests.check(phone), options, readCheck)),
    listContacts: async (options) =>
      orNull(await readWhole(send, (page) => requests.contacts(page), options, readContactList)),
  };
}

function changingCalls(client: Client): Pick<Gateway, Change> {
  const { requests } = client;
  return {
    createGroup: ({ name, people }, options) =>
      ask(client, requests.create(name, people), options, (body) => {
        const group = readGroup(body);
        return { ...(group ? { group } : {}), people: readResults(body, people, "create") };
      }),
    updateGroup: (group, change, options) => nothing(ask(client, requests.update(group, change), options, () => true)),
    leaveGroup: (group, options) => nothing(ask(client, requests.leave(group), options, () => true)),
    addMembers: (group, people, options) =>
      askEither(
        client,
        "add",
        (form) => form.add(group, people),
        options,
        (body) => readResults(body, people, "add"),
      ),
    removeMembers: (group, people, options) =>
      askEither(
        client,
        "remove",
        (form) => form.remove(group, people),
        options,
        (body) => readResults(body, people, "remove"),
      ),
    joinGroup: (code, options) => joinGroup(client, code, options),
    sendText: (chat, text, options) => sendText(client, chat, text, options),
  };
}

async function ask<T>(
  { send }: Client,
  call: Call | undefined,
  options: CallOptions,
  read: (body: unknown) => T | undefined,
): Promise<Answer<T>> {
  const answer = await send(call, options);
  if (!answer.ok) return plain(answer);
  const value = read(answer.body);
  if (value === undefined) return isNothing(answer.body) ? emptyAnswer(answer) : badAnswer(answer);
  return good(answer, value);
}

/** Sends a call, trying the other dialect if its route is missing or its body was lost, and remembers what worked. */
async function askEither<T>(
  client: Client,
  operation: "add" | "remove",
  make: (form: Requests) => Call | undefined,
  options: CallOptions,
  read: (body: unknown) => T | undefined,
): Promise<Answer<T>> {
  const { connection, notes } = client;
  const { routes } = await notes.load();
  const form = routes?.[operation] ?? connection.dialect;
  const answer = await ask(client, make(requestsOf(form, connection.instance)), options, read);
  const isDelete = operation === "remove" && form === "guide";
  if (!isNotThere(answer) && !(isDelete && isBodyLost(answer))) return answer;
  const otherForm: Dialect = form === "guide" ? "reference" : "guide";
  const other = await ask(client, make(requestsOf(otherForm, connection.instance)), options, read);
  if (isNotThere(other)) return answer;
  await notes.learn({ routes: { ...routes, [operation]: otherForm } });
  return other;
}

async function listGroups(
  { connection, requests, notes, send }: Client,
  { from, onPage, ...options }: ListOptions,
): ReturnType<Gateway["listGroups"]> {
  let { paging } = await notes.load();
  const pages = openPages({ dialect: connection.dialect, paging, from });
  // Saved per page, in case the worker dies.
  const learn = async () => {
    if (isSame(pages.found, paging)) return;
    paging = pages.found;
    await notes.learn({ paging });
  };
  const answer = await readAll(
    send,
    (page) => requests.groups(page),
    options,
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
}

async function joinGroup(
  { requests, send }: Client,
  code: string,
  options: CallOptions,
): ReturnType<Gateway["joinGroup"]> {
  const answer = await send(requests.join(code), options);
  if (!answer.ok) return answer.isPending ? good(undefined, { isPending: true }, answer) : plain(answer);
  const joined = readJoin(answer.body);
  return good(answer, joined);
}

async function sendText(
  { requests, send }: Client,
  chat: string,
  text: string,
  options: CallOptions,
): ReturnType<Gateway["sendText"]> {
  const answer = await send(requests.send(chat, text), options);
  if (!answer.ok) return plain(answer);
  const { hasFailed, ...sent } = readSent(answer.body);
  if (!hasFailed) return good(answer, sent);
  return refused("rejected", answer);
}

/** A group still shown after we left counts as gone. */
function notLeft(answer: Answer<GroupInfo>): Answer<GroupInfo> {
  return answer.ok && answer.value.isLeft === true ? refused("group-gone", answer) : answer;
}

/** Turns a successful answer into a refusal. */
function refused(
  code: FailureCode,
  { status, requestId, serverTime }: { status?: number; requestId?: string; serverTime?: number },
): Answer<never> {
  return { ok: false, failure: { code, certainty: "refused", status, requestId }, serverTime };
}

/** Whether the route may be missing, so nothing was done. */
function isNotThere(answer: Answer<unknown>): boolean {
  if (answer.ok || answer.failure.certainty !== "refused") return false;
  return answer.failure.code === "no-route" || answer.failure.isVague === true;
}

/** A body that did not arrive, in the words of frameworks; nothing about what it holds. Details may follow. */
const LOST =
  /\b(participants|body|payload)\W{0,2}(?: (field|list|array|property|parameter))?:? ((is|are|must|may|should|can) ?)?(not (be )?)?(required|missing|empty|undefined|null)(?=$|[.,;:]| when\b)|\b(missing|empty|no) (required )?((field|property|parameter|request):? )?\W?(participants|body|payload)\W?( (given|provided|sent))?(?=$|[.,;:])|\bunexpected end of (json|input)\b/i;

/** Whether a DELETE arrived without its body, as some proxies drop it: nothing was done. */
function isBodyLost(answer: Answer<unknown>): boolean {
  if (answer.ok) return false;
  const { code, certainty, status, detail = "" } = answer.failure;
  return certainty === "refused" && code === "rejected" && status === 400 && LOST.test(detail);
}

function isSame(a: Paging | undefined, b: Paging | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

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

/** Returns null if the gateway lacks the route. */
function orNull<T>(answer: Answer<T>): Answer<T | null> {
  const isMissing = !answer.ok && answer.failure.code === "no-route";
  return isMissing ? { ok: true, value: null, serverTime: answer.serverTime } : answer;
}
