import * as v from "valibot";
import { CHIP_STYLE } from "./chip-style";
import type { Output } from "../../shared/commands";
import { inviteCode } from "../../shared/fields";
import type { PageView } from "../../shared/views";
import { fail, ok, type Reply } from "../../shared/failure";
import { readSource, type Source } from "../../shared/invite";
import { PENDING_FLAG, type PendingInvite } from "../../shared/model";
import { readCurrent, readKnown, readSettings } from "../../store/read";
import type { Store } from "../../store/schema";
import { write } from "../../store/write";
import { openIntake, sizeOf, type Intake } from "./intake";
import { lookThrough } from "./look";
import { openPageLists, type PageLists } from "./page-list";
import type { Caller } from "./sender";
import { isViewSeen, openSurface, tabInFront, type SurfaceBrowser } from "./windows";
import type { Browser } from "webextension-polyfill";

/**
 * Invites on web pages: a page may say what is on it and ask for our window to be opened on one
 * invite, and never more. What it is answered depends on whether it may run there and on what it said, and on nothing else.
 */

/** How long an invite waits for its confirmation, in ms. */
const PENDING_LIFE = 120_000;
/** One request a tab in 2 s, six in all a minute. */
const BUCKET = { tab: 2000, all: 60_000, most: 6 };
/** Alarm that removes an invite that the agent did not decide on. */
export const PENDING_ALARM = "pending";

const STAGES = "stages";

export interface InvitePorts {
  store: Store;
  browser: SurfaceBrowser & Pick<Browser, "scripting" | "alarms">;
  now: () => number;
  id: () => string;
  /** Starts the job that joins. A second call with the same nonce returns the first job. */
  join: (code: string, nonce: string) => Promise<Reply<{ id: string }>>;
  /** Waits so many ms; 0 lets others work. */
  sleep: (duration: number) => Promise<void>;
  /** Called after the list of a page or the waiting invite changed. */
  changed: () => void;
}

type WebCaller = Extract<Caller, { from: "web" }>;

export interface Invites {
  /** Gives the invites of each source and puts them on the list of the page; `null` where we shall not run. */
  report(page: WebCaller, sources: Source[]): Promise<Output<"reportInvites">>;
  stage(page: WebCaller, code: string): Promise<boolean>;
  /** The same at the agent's own request (context menu): not limited, and it may replace another invite. */
  show(code: string, origin: string | null, tab: number | undefined, window: number): Promise<void>;
  /**
   * The same from a screen of ours, which shows the question itself; one that stands already is answered first.
   * `isListed`: from the list "This page".
   */
  ask(code: string, origin: string | null, isListed: boolean): Promise<void>;
  pending(): Promise<PendingInvite | null>;
  /** Takes the waiting invite, once, and joins it: `expired` when it is another one, too old or already joined. */
  confirm(id: string): Promise<Reply<{ job: string }>>;
  dismiss(id: string): Promise<void>;
  /** Takes away what is past its time. */
  expire(): Promise<void>;
  view(): Promise<PageView>;
  /** Looks through the page in front: `no-page-access` where the browser does not let us. */
  find(): Promise<Reply<PageView>>;
  pauseSite(origin: string, isPaused: boolean): Promise<Reply<void>>;
  /** Tells the page scripts to ask again whether they may run. */
  askAgain(): Promise<void>;
}

/** What the commands about invites work with. */
interface InviteState extends InvitePorts {
  session: Browser["storage"]["session"];
  intake: Intake;
  lists: PageLists;
  /** Runs one work after the other. */
  inTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

/** The page side over its ports. */
export function openInvites(ports: InvitePorts): Invites {
  // Reading and writing `storage.session` are two steps; in a queue, no other call comes between them.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work);
    last = result.catch(() => undefined); // The caller gets the error; the queue goes on.
    return result;
  };
  const state: InviteState = {
    ...ports,
    session: ports.browser.storage.session,
    intake: openIntake(ports.now, ports.sleep),
    lists: openPageLists(ports.browser, ports.changed),
    inTurn,
  };
  return {
    report: (...args) => report(state, ...args),
    async stage(caller, code) {
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
  // A negative age means that the clock was set back: the age is unknown.
  return age <= PENDING_LIFE && age > -60_000 ? pending : undefined;
}

async function savePending(state: InviteState, pending: Omit<PendingInvite, "id" | "at">): Promise<void> {
  const { browser, now, session, id, changed } = state;
  // The alarm first, and again each minute until the invite is gone: a worker that dies on the way loses none of it.
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

/** Whether the bucket has room; if so, it holds one less. */
async function takeTurn(state: InviteState, tab: number): Promise<boolean> {
  const { now, session } = state;
  const at = now();
  const recorded = ((await session.get(STAGES))[STAGES] ?? []) as { tab: number; at: number }[];
  const recent = recorded.filter((stage) => stage.at > at - BUCKET.all && stage.at <= at);
  if (recent.length >= BUCKET.most) return false;
  if (recent.some((stage) => stage.tab === tab && stage.at > at - BUCKET.tab)) return false;
  await session.set({ [STAGES]: [...recent, { tab, at }] });
  return true;
}

async function putForward(state: InviteState, caller: WebCaller, code: string): Promise<void> {
  const { browser, inTurn, session } = state;
  if (!caller.isActive) return;
  const { focused } = await browser.windows.get(caller.window);
  if (!focused) return;
  const isStaged = await inTurn(async () => {
    if (!(await takeTurn(state, caller.tab))) return false;
    const shown = await readPending(state);
    // What the agent is looking at is never exchanged; what nobody sees any more gives way.
    if (shown && (await isViewSeen(browser, caller.window))) {
      if (shown.code !== code) await session.set({ [PENDING_FLAG]: { ...shown, isFirst: true } });
      return false;
    }
    await savePending(state, { code, origin: caller.origin, tab: caller.tab });
    return true;
  });
  // In its turn or not: opening may wait for the window, and nobody else has to.
  if (isStaged) await openSurface(browser, caller.window);
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
  // Most tabs have no page script, and a message to them is refused.
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
  return { invites, look: CHIP_STYLE };
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

async function confirm(state: InviteState, wanted: string): Promise<Reply<{ job: string }>> {
  const { inTurn, join, session, changed } = state;
  const accepted = await inTurn(async () => {
    const pending = await readPending(state);
    if (pending?.id !== wanted || !v.is(inviteCode, pending.code)) return undefined;
    await dropPending(state);
    return pending;
  });
  if (!accepted) return fail("expired");
  const started = await join(accepted.code, accepted.id);
  if (started.ok) return ok({ job: started.value.id });
  // Nothing was started (locked, no connection, full disk), so that it may be confirmed again.
  await inTurn(async () => {
    if (!(await readPending(state))) await session.set({ [PENDING_FLAG]: accepted });
  });
  changed();
  return started;
}

async function find(state: InviteState): Promise<Reply<PageView>> {
  const { browser, lists, intake, inTurn } = state;
  const tab = await tabInFront(browser);
  if (!tab) return fail("no-page-access");
  const before = await lists.read(tab.id);
  const origin = before?.origin ?? originOf(tab.url) ?? null;
  const looked = await lookThrough(browser, intake, tab.id, origin ?? undefined);
  if (!looked) return before ? ok(await viewOf(state, tab)) : fail("no-page-access");
  const known = (before?.invites ?? []).map(({ code }) => code);
  await inTurn(() => lists.replace(tab.id, { origin, ...looked }, known));
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

/** The origin of a web page's address; undefined for any other address. */
function originOf(url: string | undefined): string | undefined {
  const parsed = url === undefined ? null : URL.parse(url);
  return parsed && /^https?:$/.test(parsed.protocol) ? parsed.origin : undefined;
}
