import { useSignal, type ReadonlySignal, type Signal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { DraftKey } from "../../lib/shared/draft";
import type { Failure, Reply } from "../../lib/shared/failure";
import { watch } from "../../lib/store/live";
import type { Store, Table } from "../../lib/store/schema";
import { latestDraft, saveDraft } from "./drafts";
import { useShell } from "./shell";

/**
 * Returns a reading that never overlaps: calls during a run cause one more, unless `stop` is aborted. A failure ends
 * only that run.
 */
export function neverTwice(read: () => Promise<void>, stop: AbortSignal): () => void {
  let isReading = false;
  let isStale = false;
  const run = async () => {
    isReading = true;
    do {
      isStale = false;
      // The store is closing or erased: the next change reads again.
      await read().catch(() => undefined);
    } while (isStale && !stop.aborted);
    isReading = false;
  };
  return () => {
    isStale = true;
    if (!isReading && !stop.aborted) void run();
  };
}

/** Reads the store, and again when `tables` or `on` change. Undefined until read. */
export function useLive<T>(
  tables: Table[],
  read: (store: Store) => Promise<T>,
  on: unknown[],
): ReadonlySignal<T | undefined> {
  const { store } = useShell();
  const value = useSignal<T | undefined>(undefined);
  useEffect(() => {
    const stop = new AbortController();
    const refresh = neverTwice(async () => {
      const next = await read(store);
      if (!stop.signal.aborted) value.value = next;
    }, stop.signal);
    watch(store, tables, refresh, stop.signal);
    refresh();
    return () => stop.abort();
  }, [store, ...on]);
  return value;
}

/**
 * Reads from the gateway when `on` changes or an obstacle ends (request limit, offline, trouble). `mustRead`: after a
 * failure or by hand.
 */
export function useReading(
  read: (mustRead: boolean) => Promise<Reply<unknown>>,
  on: unknown[],
): { failure: ReadonlySignal<Failure | undefined>; isBusy: ReadonlySignal<boolean>; again: () => Promise<void> } {
  const { connection } = useShell();
  const failure = useSignal<Failure | undefined>(undefined);
  const isBusy = useSignal(true);
  const turn = useRef(0);
  const run = async (mustRead: boolean) => {
    turn.current += 1;
    const mine = turn.current;
    isBusy.value = true;
    const reply = await read(mustRead);
    // The screen now shows something else.
    if (turn.current !== mine) return;
    isBusy.value = false;
    const failed = reply.ok ? undefined : reply.failure;
    failure.value = failed?.code === "rate-limited" ? { retryAt: Date.now() + 60_000, ...failed } : failed;
  };
  useEffect(() => {
    failure.value = undefined;
    void run(false);
    return () => {
      turn.current += 1;
    };
  }, on);
  const { code, retryAt } = failure.value ?? {};
  const trouble = connection.value?.trouble;
  useEffect(() => {
    const stop = new AbortController();
    const again = () => void run(true);
    if (code === "rate-limited") {
      const timer = setTimeout(again, Math.max((retryAt ?? 0) - Date.now(), 1000));
      stop.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
    }
    if (code === "offline") addEventListener("online", again, { signal: stop.signal });
    return () => stop.abort();
  }, [code, retryAt, ...on]);
  const hadTrouble = useRef(trouble);
  useEffect(() => {
    if (hadTrouble.current !== undefined && trouble === undefined && failure.peek()) void run(true);
    hadTrouble.current = trouble;
  }, [trouble]);
  return { failure, isBusy, again: async () => (isBusy.peek() ? undefined : run(true)) };
}

/** The store reports its own trouble; the screen stays. */
export const unreadable = (): void => undefined;

/**
 * Stores a field's text at every change, outliving popup and worker; `clear` deletes it. Untouched text follows
 * `initial`.
 */
export function useDraft(
  key: DraftKey,
  initial = "",
): { text: Signal<string>; clear: () => void; isRead: ReadonlySignal<boolean> } {
  const shell = useShell();
  const text = useSignal(initial);
  const isRead = useSignal(false);
  const untouched = useRef(initial);
  const isQuiet = useRef(false);
  const show = (value: string) => {
    isQuiet.current = true;
    text.value = value;
    isQuiet.current = false;
  };
  useLayoutEffect(() => {
    const last = untouched.current;
    untouched.current = initial;
    if (text.peek() === last) show(initial);
    // Stored by now, it is no draft any more.
    else if (text.peek() === initial) void saveDraft(shell, key, null);
  }, [initial]);
  useEffect(() => {
    let isStale = false;
    isRead.value = false;
    void latestDraft(shell, key).then((draft) => {
      if (isStale) return;
      // What was typed meanwhile is newer.
      if (draft !== undefined && text.peek() === untouched.current) show(draft);
      if (draft === untouched.current) void saveDraft(shell, key, null);
      isRead.value = true;
    }, unreadable);
    const unsubscribe = text.subscribe((value) => {
      const isUntouched = value === untouched.current;
      if (!isQuiet.current && (isRead.peek() || !isUntouched)) void saveDraft(shell, key, isUntouched ? null : value);
    });
    return () => {
      isStale = true;
      unsubscribe();
    };
  }, [shell, ...key]);
  return {
    text,
    isRead,
    clear: () => {
      show(untouched.current);
      void saveDraft(shell, key, null);
    },
  };
}
