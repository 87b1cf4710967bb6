import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { ownBrowser } from "../../lib/shared/browser";
import { draftKey } from "../../lib/shared/draft";
import { send } from "../../lib/shared/send";
import {
  DEFAULT_SETTINGS,
  OPEN_FLAG,
  PENDING_FLAG,
  type Connection,
  type Job,
  type PendingInvite,
  type Settings,
} from "../../lib/shared/model";
import { watch } from "../../lib/store/live";
import { holdKeys } from "./arrival";
import { readConnections, readDraft, readOpenJobs, readSettings } from "../../lib/store/read";
import type { Store } from "../../lib/store/schema";

/** How the app was opened; changes its shape, not its content. */
export type Door = "popup" | "sidepanel" | "app" | "options" | "welcome";

/** `#/group/120…@g.us?tab=members` is `{ name: "group", id: "120…@g.us", query }`. */
export interface Route {
  name: string;
  id?: string;
  query: URLSearchParams;
  /** Opened by our own screens; otherwise anyone may have, so nothing takes the focus. */
  isOurs?: boolean;
}

/** What all screens share. */
export interface Shell {
  store: Store;
  door: Door;
  route: ReadonlySignal<Route>;
  /** `to`: a route such as `/group/ID`. `isReplaced` replaces the history entry. */
  go: (to: string, isReplaced?: boolean) => void;
  /** Undefined until first read. */
  connections: ReadonlySignal<Connection[] | undefined>;
  connection: ReadonlySignal<Connection | undefined>;
  settings: ReadonlySignal<Settings>;
  isLocked: ReadonlySignal<boolean>;
  openJobs: ReadonlySignal<Job[]>;
  pending: ReadonlySignal<PendingInvite | undefined>;
  announcement: Signal<string>;
  /** Drafts that the worker has yet to store, by key. */
  unsaved: Map<string, { value: string | null }>;
  /** Jobs that the screen itself shows. */
  shown: Signal<readonly string[]>;
  /** What was typed while the page opened; stops listening. */
  takeTyped?: () => string;
}

/** Reads a text out, also one equal to the last. */
export function announce({ announcement }: Pick<Shell, "announcement">, text: string): void {
  announcement.value = text === announcement.peek() ? `${text}\u00a0` : text;
}

/** Returns `go` for what ends later: it goes nowhere once the agent has left the screen of this call. */
export function goFromHere({ go }: Pick<Shell, "go">): (to: string) => void {
  const { hash } = location;
  return (to) => {
    if (location.hash === hash) go(to);
  };
}

const Context = createContext<Shell | undefined>(undefined);
/** Provides screens with the shell. */
export const ShellProvider = Context.Provider;

/** Returns the page's shell. */
export function useShell(): Shell {
  const shell = useContext(Context);
  if (!shell) throw new Error("a screen is drawn outside of ShellProvider");
  return shell;
}

function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#?\/?/, "").split("?", 2);
  const [name = "", id] = path.split("/", 2);
  return {
    name: name || "groups",
    id: id === undefined || id === "" ? undefined : decode(id),
    query: new URLSearchParams(query),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray % in a typed address
  }
}

/** Keeps the shell up to date until the signal aborts. */
export async function openShell(store: Store, door: Door, signal_: AbortSignal): Promise<Shell> {
  const { readState, readJobs, readSession, ...state } = stateOf(store);
  // The store reports its own trouble (`openApp`).
  const quietly = (reading: Promise<void>) => void reading.catch(() => undefined);
  watch(store, ["connections", "settings"], () => quietly(readState().then(readJobs)), signal_);
  watch(store, ["jobs"], () => quietly(readJobs()), signal_);
  const changed = () => quietly(readSession());
  const { session } = ownBrowser().storage;
  session.onChanged.addListener(changed);
  signal_.addEventListener("abort", () => session.onChanged.removeListener(changed), { once: true });

  const [places] = await Promise.all([openRoute(store, door, signal_), readState(), readSession()]);
  quietly(readJobs());
  return { store, door, ...places, ...state, announcement: signal(""), unsaved: new Map(), shown: signal([]) };
}

/** Returns the jobs of the account in use. */
export function jobsOf(
  jobs: ReadonlySignal<readonly Job[]>,
  connection: ReadonlySignal<Connection | undefined>,
): ReadonlySignal<Job[]> {
  return computed(() => jobs.value.filter((job) => job.connection === connection.value?.id));
}

function stateOf(store: Store) {
  const connections = signal<Connection[] | undefined>(undefined);
  const connection = signal<Connection | undefined>(undefined);
  const settings = signal<Settings>(DEFAULT_SETTINGS);
  const isLocked = signal(false);
  const jobs = signal<Job[]>([]);
  const pending = signal<PendingInvite | undefined>(undefined);
  let isOpen = false;

  const updateLock = () => {
    isLocked.value =
      settings.value.protection === "passphrase" &&
      !isOpen &&
      connection.value !== undefined &&
      !connection.value.isSandbox;
  };
  const readState = async () => {
    const [all, chosen] = await Promise.all([readConnections(store), readSettings(store)]);
    settings.value = chosen;
    connection.value = all.find(({ id }) => id === chosen.current);
    connections.value = all;
    updateLock();
  };
  const readJobs = async () => {
    const open = await readOpenJobs(store);
    // None, as before, draws nothing anew.
    if (open.length || jobs.peek().length) jobs.value = open;
  };
  const readSession = async () => {
    const session = await ownBrowser().storage.session.get([OPEN_FLAG, PENDING_FLAG]);
    isOpen = session[OPEN_FLAG] === true;
    pending.value = session[PENDING_FLAG] as PendingInvite | undefined;
    updateLock();
  };
  const openJobs = jobsOf(jobs, connection);
  return { connections, connection, settings, isLocked, openJobs, pending, readState, readJobs, readSession };
}

async function openRoute(store: Store, door: Door, signal_: AbortSignal): Promise<Pick<Shell, "route" | "go">> {
  const restored = location.hash ? undefined : await readDraft(store, draftKey({ form: "route" }, door));
  if (restored) history.replaceState(null, "", restored);
  const route = signal<Route>({ ...parseRoute(location.hash), isOurs: restored !== undefined });
  // The welcome page sends nothing.
  const restartHold = door === "welcome" ? () => undefined : holdKeys(signal_);
  let ours: string | undefined;
  /** `location.hash` is ahead of it until `hashchange`. */
  let shown = location.hash;
  document.addEventListener(
    "click",
    ({ target }) => {
      const link = target instanceof Element ? target.closest("a[href^='#']") : null;
      if (link) ours = link.getAttribute("href") ?? undefined;
    },
    { signal: signal_, capture: true },
  );
  addEventListener(
    "hashchange",
    () => {
      // The second of two quick changes; the first event showed it already.
      if (location.hash === shown) return;
      const isOurs = location.hash === ours;
      ours = undefined;
      shown = location.hash;
      if (!isOurs) restartHold();
      route.value = { ...parseRoute(location.hash), isOurs };
      void send("saveDraft", { key: draftKey({ form: "route" }, door), value: location.hash });
    },
    { signal: signal_ },
  );
  return {
    route,
    go: (to, isReplaced) => {
      // A form that closes late must not bring the agent back.
      if (isReplaced && location.hash !== shown) return;
      ours = `#${to}`;
      if (isReplaced) location.replace(ours);
      else location.hash = ours;
    },
  };
}
