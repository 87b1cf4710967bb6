import * as v from "valibot";
import { CHIP_STYLE } from "./chip-style";
import type { Output } from "../../shared/commands";
import { inviteCode } from "../../shared/fields";
import type { PageView } from "../../shared/views";
import { fail, ok, type Reply } from "../../shared/failure";
import { readSource, type Source } from "../../shared/invite";
import { PENDING_FLAG, type PendingInvite } from "../../shared/model";
import { readSettings } from "../../store/read";
import { readCurrent } from "../../store/read-account";
import { readKnown } from "../../store/read-invites";
import type { Store } from "../../store/schema";
import { write } from "../../store/write";
import { type InTurn, openQueue } from "../../shared/queue";
import { openIntake, sizeOf, type Intake } from "./intake";
import { searchPage } from "./search";
import { openPageLists, type PageLists } from "./page-list";
import type { Caller } from "./sender";
import { isViewSeen, openSurface, tabInFront, type SurfaceBrowser } from "./windows";
import type { Browser } from "webextension-polyfill";

/**
 * Invites on web pages. A page may only report content and ask to show an invite; answers depend only on that and
 * whether the script may run there.
 */

/** In ms. */
const PENDING_LIFE = 120_000;
/** Per tab one request in 2 s; six in total per minute. */
const BUCKET = { tab: 2000, all: 60_000, most: 6 };
/** Alarm that removes an expired invite. */
export const PENDING_ALARM = "pending";

const ASKS = "asks";

export interface InvitePorts {
  store: Store;
  browser: SurfaceBrowser & Pick<Browser, "scripting" | "alarms">;
  now: () => number;
  id: () => string;
  /** Starts the join job, once per nonce. Fails if another than `connection` is in use. */
  join: (code: string, nonce: string, connection?: string) => Promise<Reply<{ id: string }>>;
  /** In ms; 0 yields to other work. */
  sleep: (duration: number) => Promise<void>;
  changed: () => void;
}

type WebCaller = Extract<Caller, { from: "web" }>;

export interface Invites {
  /** Returns and lists each source's invites; `null` if the script must not run or reports too much. */
  report(page: WebCaller, sources: Source[]): Promise<Output<"reportInvites">>;
  askFromPage(page: WebCaller, code: string): Promise<boolean>;
  /** Like `askFromPage`, from the context menu: unlimited, and replaces a pending invite. */
  show(code: string, origin: string | null, tab: number | undefined, window: number): Promise<void>;
  /** Like `askFromPage`, from our own screen; keeps a pending invite. `isListed`: from "This page". */
  ask(code: string, origin: string | null, isListed: boolean): Promise<void>;
  pending(): Promise<PendingInvite | null>;
  /** Joins the pending invite. Fails with `expired` if gone or old, and as `join` does. */
  confirm(id: string, connection?: string): Promise<Reply<{ job: string }>>;
  dismiss(id: string): Promise<void>;
  /** Removes an expired invite. */
  expire(): Promise<void>;
  view(): Promise<PageView>;
  /** Fails with `no-page-access`. */
  find(): Promise<Reply<PageView>>;
  pauseSite(origin: string, isPaused: boolean): Promise<Reply<void>>;
  /** Makes page scripts check whether they may run. */
  askAgain(): Promise<void>;
}

interface InviteState extends InvitePorts {
  session: Browser["storage"]["session"];
  intake: Intake;
  lists: PageLists;
  inTurn: InTurn;
}

/** Opens the invites. */
export function openInvites(ports: InvitePorts): Invites {
  // `storage.session` has no transactions.
  const inTurn = openQueue();
  const state: InviteState = {
    ...ports,
    session: ports.browser.storage.session,
    intake: openIntake(ports.now, ports.sleep),
    lists: openPageLists(ports.browser, ports.changed),
    inTurn,
  };
  return {
    report: (...args) => report(state, ...args),
    async askFromPage(caller, code) {
      if (!(await isOn(state, caller.origin))) return false;
      await putForward(state, caller, code);
      return true;
    },
    show: (...args) => show(state, ...args),
    ask: (code, origin, isListed) =>
      inTurn(async () => {
        if (!(await readPending(state))) await savePending(state, { code, origin, ...(isListed ? { isListed } : {}) });
      }),
    pending: async () => (await readPending(state)) ?? null,
    confirm: (...args) => confirm(state, ...args),
    dismiss: (unwanted) =>
      inTurn(async () => {
        if ((await readPending(state))?.id === unwanted) await dropPending(state);
      }),
    expire: () =>
      inTurn(async () => {
        if (!(await readPending(state))) await dropPending(state);
      }),
    view: async () => viewOf(state, await tabInFront(ports.browser)),
    find: (...args) => find(state, ...args),
    pauseSite: (...args) => pauseSite(state, ...args),
    askAgain: (...args) => askAgain(state, ...args),
  };
}

async function isOn(state: InviteState, origin: string | null): Promise<boolean> {
  const { store } = state;
  const { isPageOn, pausedSites } = await readSettings(store);
  return isPageOn && (origin === null || !pausedSites.includes(origin));
}

async function readPending(state: InviteState): Promise<PendingInvite | undefined> {
  const { session, now } = state;
  const pending = (await session.get(PENDING_FLAG))[PENDING_FLAG] as PendingInvite | undefined;
  const age = pending ? now() - pending.at : Infinity;
  // Negative if the clock was set back.
  return age <= PENDING_LIFE && age > -60_000 ? pending : undefined;
}

async function savePending(state: InviteState, pending: Omit<PendingInvite, "id" | "at">): Promise<void> {
  const { browser, now, session, id, changed } = state;
  // Alarm first, in case the worker dies; it repeats until the invite is gone.
  await browser.alarms.create(PENDING_ALARM, { when: now() + PENDING_LIFE + 1000, periodInMinutes: 1 });
  await session.set({ [PENDING_FLAG]: { ...pending, id: id(), at: now() } satisfies PendingInvite });
  changed();
}

async function dropPending(state: InviteState): Promise<void> {
  const { session, browser, changed } = state;
  await session.remove(PENDING_FLAG);
  await browser.alarms.clear(PENDING_ALARM);
  changed();
}

async function takeTurn(state: InviteState, tab: number): Promise<boolean> {
  const { now, session } = state;
  const at = now();
  const recorded = ((await session.get(ASKS))[ASKS] ?? []) as { tab: number; at: number }[];
  const recent = recorded.filter((ask) => ask.at > at - BUCKET.all && ask.at <= at);
  if (recent.length >= BUCKET.most) return false;
  if (recent.some((ask) => ask.tab === tab && ask.at > at - BUCKET.tab)) return false;
  await session.set({ [ASKS]: [...recent, { tab, at }] });
  return true;
}

async function putForward(state: InviteState, caller: WebCaller, code: string): Promise<void> {
  const { browser, inTurn, session } = state;
  if (!caller.isActive) return;
  const { focused } = await browser.windows.get(caller.window);
  if (!focused) return;
  const isAsked = await inTurn(async () => {
    if (!(await takeTurn(state, caller.tab))) return false;
    const shown = await readPending(state);
    // Never replace what the agent sees.
    if (shown && (await isViewSeen(browser, caller.window))) {
      if (shown.code !== code) await session.set({ [PENDING_FLAG]: { ...shown, isFirst: true } });
      return false;
    }
    await savePending(state, { code, origin: caller.origin, tab: caller.tab });
    return true;
  });
  // Not queued: opening may wait for the window.
  if (isAsked) await openSurface(browser, caller.window);
}

async function viewOf(state: InviteState, tab: { id: number; url?: string } | undefined): Promise<PageView> {
  const { lists, store } = state;
  const list = tab && (await lists.read(tab.id));
  const origin = list?.origin ?? originOf(tab?.url);
  const [connection, { pausedSites }] = await Promise.all([readCurrent(store), readSettings(store)]);
  const found = list?.invites ?? [];
  const known = await readKnown(
    store,
    connection?.id ?? "",
    found.map(({ code }) => code),
  );
  return {
    tab: tab?.id,
    origin,
    isPaused: origin !== undefined && pausedSites.includes(origin),
    closed: list?.closed ?? [],
    invites: found.map((invite) => ({ ...invite, ...known.get(invite.code) })),
  };
}

async function askAgain(state: InviteState): Promise<void> {
  const { browser } = state;
  const tabs = await browser.tabs.query({});
  // Fails for tabs without a page script.
  await Promise.allSettled(tabs.map((tab) => browser.tabs.sendMessage(tab.id ?? -1, true)));
}

async function report(
  state: InviteState,
  { tab, origin }: WebCaller,
  sources: Source[],
): Promise<Output<"reportInvites">> {
  const { intake, inTurn, lists } = state;
  if (!(await intake.takes(tab, sizeOf(sources.flat())))) return null;
  if (!(await isOn(state, origin))) return null;
  const invites = await intake.readAll(sources, sizeOf, (one) => readSource(one, origin ?? undefined));
  await inTurn(() => lists.add(tab, origin, invites.flat()));
  return { invites, style: CHIP_STYLE };
}

async function show(
  state: InviteState,
  code: string,
  origin: string | null,
  tab: number | undefined,
  window: number,
): Promise<void> {
  const { inTurn, browser } = state;
  await inTurn(() => savePending(state, { code, origin, tab }));
  await openSurface(browser, window);
}

async function confirm(
  state: InviteState,
  wanted: string,
  connection: string | undefined,
): Promise<Reply<{ job: string }>> {
  const { inTurn, join } = state;
  const pending = await inTurn(() => readPending(state));
  if (pending?.id !== wanted || !v.is(inviteCode, pending.code)) return fail("expired");
  const started = await join(pending.code, pending.id, connection);
  // Nothing was started (locked, no connection, full disk): the question stays, with the reason.
  if (!started.ok) return started;
  await inTurn(async () => {
    if ((await readPending(state))?.id === wanted) await dropPending(state);
  });
  return ok({ job: started.value.id });
}

async function find(state: InviteState): Promise<Reply<PageView>> {
  const { browser, lists, intake, inTurn } = state;
  const tab = await tabInFront(browser);
  if (!tab) return fail("no-page-access");
  const before = await lists.read(tab.id);
  const origin = before?.origin ?? originOf(tab.url) ?? null;
  const found = await searchPage(browser, intake, tab.id, origin ?? undefined);
  if (!found) return before ? ok(await viewOf(state, tab)) : fail("no-page-access");
  const known = (before?.invites ?? []).map(({ code }) => code);
  await inTurn(() => lists.replace(tab.id, { origin, ...found }, known));
  return ok(await viewOf(state, tab));
}

async function pauseSite(state: InviteState, given: string, isPaused: boolean): Promise<Reply<void>> {
  const { store } = state;
  const origin = originOf(given);
  if (origin === undefined || origin !== given) return fail("bad-input");
  await write(store, ["settings"], async (tx) => {
    const settings = await tx.objectStore("settings").get("settings");
    const others = (settings?.pausedSites ?? []).filter((site) => site !== origin);
    const pausedSites = isPaused ? [...others, origin] : others;
    await tx.objectStore("settings").put({ ...settings, pausedSites }, "settings");
  });
  await askAgain(state);
  return ok(undefined);
}

/** Undefined unless a web page's. */
function originOf(url: string | undefined): string | undefined {
  const parsed = url === undefined ? null : URL.parse(url);
  return parsed && /^https?:$/.test(parsed.protocol) ? parsed.origin : undefined;
}
