import { signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import browser from "webextension-polyfill";
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

/** Through which door the app was opened: its shape differs, its content does not. */
export type Door = "popup" | "sidepanel" | "app" | "options" | "welcome";

/** `#/group/120…@g.us?tab=members` is `{ name: "group", id: "120…@g.us", query }`. */
export interface Route {
  name: string;
  id?: string;
  query: URLSearchParams;
  /** The agent came by a button, link or key of ours. Else somebody else may have opened it: nothing takes the focus. */
  isOurs?: boolean;
}

/** What every screen shares: the store, where we are, and what is the case. Made once a page by `openShell`. */
export interface Shell {
  store: Store;
  door: Door;
  route: ReadonlySignal<Route>;
  /** Goes to a route such as `/group/ID`; `isReplaced`: Back does not lead to the present one. */
  go: (to: string, isReplaced?: boolean) => void;
  /** Undefined until the first reading is done. */
  connections: ReadonlySignal<Connection[] | undefined>;
  connection: ReadonlySignal<Connection | undefined>;
  settings: ReadonlySignal<Settings>;
  /** True when the passphrase is asked for before anything is shown. */
  isLocked: ReadonlySignal<boolean>;
  /** Jobs that have not ended, of the connection in use. */
  openJobs: ReadonlySignal<Job[]>;
  /** The invite that a page or a menu asked us to show. */
  pending: ReadonlySignal<PendingInvite | undefined>;
  /** The next text for a screen reader. */
  announcement: Signal<string>;
  /** Gives what was typed while the page opened, once; then it is not listened for any more. */
  takeTyped?: () => string;
}

const Context = createContext<Shell | undefined>(undefined);
/** Gives the shell to the screens below. */
export const ShellProvider = Context.Provider;

/** The shell of this page. */
export function useShell(): Shell {
  const shell = useContext(Context);
  if (!shell) throw new Error("a screen is drawn outside of ShellProvider");
  return shell;
}

/** Reads a route from a location hash. */
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
    return text; // a stray % in an address typed by hand
  }
}

/** Opens the shell: first reading, then watching, until the signal aborts. */
export async function openShell(store: Store, door: Door, signal_: AbortSignal): Promise<Shell> {
  const { readState, readJobs, readSession, ...state } = stateOf(store);
  const places = await openRoute(store, door, signal_);
  // What stood on the screen stays when a reading fails: the store says itself what is wrong with it (`openApp`).
  const quietly = (reading: Promise<void>) => void reading.catch(() => undefined);
  watch(store, ["connections", "settings"], () => quietly(readState().then(readJobs)), signal_);
  watch(store, ["jobs"], () => quietly(readJobs()), signal_);
  const changed = () => quietly(readSession());
  browser.storage.session.onChanged.addListener(changed);
  signal_.addEventListener("abort", () => browser.storage.session.onChanged.removeListener(changed), { once: true });

  await Promise.all([readState(), readSession()]);
  quietly(readJobs());
  return { store, door, ...places, ...state, announcement: signal("") };
}

/** The signals of the shell that follow the store and the session, and the functions that read them anew. */
function stateOf(store: Store) {
  const connections = signal<Connection[] | undefined>(undefined);
  const connection = signal<Connection | undefined>(undefined);
  const settings = signal<Settings>(DEFAULT_SETTINGS);
  const isLocked = signal(false);
  const openJobs = signal<Job[]>([]);
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
    const jobs = await readOpenJobs(store);
    openJobs.value = jobs.filter((job) => job.connection === connection.value?.id);
  };
  const readSession = async () => {
    const session = await browser.storage.session.get([OPEN_FLAG, PENDING_FLAG]);
    isOpen = session[OPEN_FLAG] === true;
    pending.value = session[PENDING_FLAG] as PendingInvite | undefined;
    updateLock();
  };
  return { connections, connection, settings, isLocked, openJobs, pending, readState, readJobs, readSession };
}

/** The route, which follows the address: the one of last time where the address names none. */
async function openRoute(store: Store, door: Door, signal_: AbortSignal): Promise<Pick<Shell, "route" | "go">> {
  const restored = location.hash ? undefined : await readDraft(store, draftKey({ form: "route" }, door));
  if (restored) history.replaceState(null, "", restored);
  const route = signal<Route>({ ...parseRoute(location.hash), isOurs: restored !== undefined });
  // The welcome page has nothing to send.
  const restartHold = door === "welcome" ? () => undefined : holdKeys(() => performance.now(), signal_);
  let ours: string | undefined;
  /** The address that the screen follows: behind `location.hash` until `hashchange`. */
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
      // The agent is on the way to another place: a screen that closes a form late does not take them back.
      if (isReplaced && location.hash !== shown) return;
      ours = `#${to}`;
      if (isReplaced) location.replace(ours);
      else location.hash = ours;
    },
  };
}
