import { useSignal, type ReadonlySignal, type Signal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import browser, { type Runtime } from "webextension-polyfill";
import type { PageView } from "../../lib/shared/views";
import type { Failure, Reply } from "../../lib/shared/failure";
import { send } from "../../lib/shared/send";
import { watch } from "../../lib/store/live";
import { neverTwice } from "./live";
import ringLook from "./ring.css?inline";
import { useShell } from "./shell";

/** How long the pointer rests on a row, in ms, before the page is scrolled to its invite. */
const REST = 150;

/** Between two looks through a page that goes on changing, in ms. */
const BETWEEN = 1_000;

export interface PageModel {
  /** Undefined until the first answer. */
  view: ReadonlySignal<PageView | undefined>;
  /** Why the page could not be looked through when the agent asked for it. */
  failure: ReadonlySignal<Failure | undefined>;
  isBusy: ReadonlySignal<boolean>;
  /** Looks through the page at the agent's press. */
  find: () => Promise<void>;
  /** Buttons on the site of the page: off, or on again. */
  pause: (isPaused: boolean) => Promise<void>;
  /** Shows on the page where an invite is; undefined ends it. */
  show: (code: string | undefined) => void;
}

/**
 * The invites of the tab in front, kept up to date: what the page script reports comes by itself, and whatever is new is
 * looked at once more for its place and the words around it.
 */
export function usePage(): PageModel {
  const { settings } = useShell();
  const view = useSignal<PageView | undefined>(undefined);
  const failure = useSignal<Failure | undefined>(undefined);
  const isBusy = useSignal(false);
  const take = (reply: Reply<PageView>) => {
    if (reply.ok) view.value = reply.value;
    failure.value = reply.ok ? undefined : reply.failure;
  };
  const loads = useReadings(take);

  const { tab, origin, isPaused, invites = [] } = view.value ?? {};
  const fresh = invites.filter(({ context, isGone }) => context === undefined && !isGone).map(({ code }) => code);
  const mayLook = tab !== undefined && settings.value.isPageOn && !isPaused;
  const look = useMemo(
    () =>
      neverTwice(async () => {
        const reply = await send("findOnPage");
        // Where the browser keeps us out, the list stays as it is: the agent has asked for nothing yet.
        if (reply.ok) view.value = reply.value;
        await new Promise((resolve) => setTimeout(resolve, BETWEEN));
      }),
    [],
  );
  useEffect(() => {
    if (mayLook) look();
  }, [mayLook, tab, origin, loads.value, fresh.join()]);

  return {
    view,
    failure,
    isBusy,
    find: async () => {
      isBusy.value = true;
      const reply = await send("findOnPage");
      isBusy.value = false;
      take(reply);
    },
    pause: async (paused) => {
      if (origin === undefined) return;
      const reply = await send("pauseSite", { origin, isPaused: paused });
      take(reply.ok ? await send("pageView") : reply);
    },
    show: useShow(tab),
  };
}

/** Reads the list of the tab in front whenever it may have changed. Returns how many pages were loaded meanwhile. */
function useReadings(take: (reply: Reply<PageView>) => void): Signal<number> {
  const { store } = useShell();
  const loads = useSignal(0);
  useEffect(() => {
    const stop = new AbortController();
    const read = neverTwice(async () => {
      const reply = await send("pageView");
      if (!stop.signal.aborted) take(reply);
    });
    read();
    watch(store, ["invites", "groups"], read, stop.signal);
    // The worker does not hear that a tab goes to another page; this screen does.
    const navigated = (_tab: number, { status }: { status?: string }) => {
      if (status !== undefined) read();
      if (status === "complete") loads.value += 1;
    };
    browser.storage.session.onChanged.addListener(read);
    browser.tabs.onActivated.addListener(read);
    browser.tabs.onUpdated.addListener(navigated);
    return () => {
      stop.abort();
      browser.storage.session.onChanged.removeListener(read);
      browser.tabs.onActivated.removeListener(read);
      browser.tabs.onUpdated.removeListener(navigated);
    };
  }, [store]);
  return loads;
}

/** Shows invites on the page of a tab over a connection that ends with this screen, so that nothing stays behind. */
function useShow(tab: number | undefined): (code: string | undefined) => void {
  const port = useRef<Runtime.Port | undefined>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      port.current?.disconnect();
      port.current = undefined;
    },
    [tab],
  );
  const connect = () => {
    if (tab === undefined) return undefined;
    const opened = browser.tabs.connect(tab, { name: "show" });
    opened.onDisconnect.addListener(() => {
      // Read, so that the browser does not complain: nobody on the page listens, or the page has gone.
      void browser.runtime.lastError;
      if (port.current === opened) port.current = undefined;
    });
    return opened;
  };
  return (code) => {
    clearTimeout(timer.current);
    if (code === undefined && !port.current) return;
    timer.current = setTimeout(
      () => {
        port.current ??= connect();
        port.current?.postMessage({ code: code ?? "", look: ringLook });
      },
      code === undefined ? 0 : REST,
    );
  };
}
