import { useSignal, type ReadonlySignal, type Signal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import browser, { type Runtime } from "webextension-polyfill";
import type { PageView } from "../../lib/shared/views";
import type { Failure, Reply } from "../../lib/shared/failure";
import { send } from "../../lib/shared/send";
import { watch } from "../../lib/store/live";
import { neverTwice } from "./live";
import ringStyle from "./ring.css?inline";
import { useShell } from "./shell";

/** Ms the pointer rests on a row before the page scrolls. */
const REST = 150;

/** Ms between searches of a changing page. */
const BETWEEN = 1_000;

/** The list "This page". */
export interface PageModel {
  view: ReadonlySignal<PageView | undefined>;
  failure: ReadonlySignal<Failure | undefined>;
  isBusy: ReadonlySignal<boolean>;
  find: () => Promise<void>;
  pause: (isPaused: boolean) => Promise<void>;
  show: (code: string | undefined) => void;
}

/** Returns the active tab's current invites; searches the page for the order and context of new ones. */
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
  /** Undefined if another tab was activated during the search. */
  const searched = async () => {
    const asked = view.peek()?.tab;
    const reply = await send("findOnPage");
    const now = view.peek();
    return !now || now.tab === (reply.ok ? reply.value.tab : asked) ? reply : undefined;
  };

  const { tab, origin, isPaused, invites = [] } = view.value ?? {};
  const fresh = invites.filter(({ context, isGone }) => context === undefined && !isGone).map(({ code }) => code);
  const maySearch = tab !== undefined && settings.value.isPageOn && !isPaused;
  const stop = useMemo(() => new AbortController(), []);
  useEffect(() => () => stop.abort(), []);
  const search = useMemo(
    () =>
      neverTwice(async () => {
        const reply = await searched();
        // The agent did not ask, so a refusal changes nothing.
        if (reply?.ok) view.value = reply.value;
        await new Promise((resolve) => setTimeout(resolve, BETWEEN));
      }, stop.signal),
    [],
  );
  useEffect(() => {
    if (maySearch) search();
  }, [maySearch, tab, origin, loads.value, fresh.join()]);

  return {
    view,
    failure,
    isBusy,
    find: async () => {
      isBusy.value = true;
      const reply = await searched();
      isBusy.value = false;
      if (reply) take(reply);
    },
    pause: async (paused) => {
      if (origin === undefined) return;
      const reply = await send("pauseSite", { origin, isPaused: paused });
      take(reply.ok ? await send("pageView") : reply);
    },
    show: useShow(tab),
  };
}

/** Returns how many pages were loaded. */
function useReadings(take: (reply: Reply<PageView>) => void): Signal<number> {
  const { store } = useShell();
  const loads = useSignal(0);
  useEffect(() => {
    const stop = new AbortController();
    const read = neverTwice(async () => {
      const reply = await send("pageView");
      if (!stop.signal.aborted) take(reply);
    }, stop.signal);
    read();
    watch(store, ["invites", "groups"], read, stop.signal);
    // The worker gets no event when a tab navigates.
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

/** Marks an invite on the page until this screen and its port close. */
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
      // Reading it prevents a console error: nobody listens, or the page is gone.
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
        port.current?.postMessage({ code: code ?? "", style: ringStyle });
      },
      code === undefined ? 0 : REST,
    );
  };
}
