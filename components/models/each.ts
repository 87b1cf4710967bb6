import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Failure, Reply } from "../../lib/shared/failure";

/** A reading of one group after the other. */
export interface Each {
  /** How far it is; undefined when nothing is under way. */
  progress: { readonly value: { done: number; total: number; waitsUntil?: number } | undefined };
  /** Why it failed, by group. */
  failures: { readonly value: ReadonlyMap<string, Failure> };
  /** What keeps all of them from being read. */
  failure?: { readonly value: Failure | undefined };
  /** Reads these groups; resolves when it is over. While another reading is under way nothing happens. */
  start: (groups: readonly string[]) => Promise<void>;
  stop: () => void;
}

/** Failures that concern one group alone: the others are read all the same. */
const OF_ONE_GROUP = new Set(["group-gone", "not-admin", "no-right", "empty-answer", "bad-answer"]);

/** Reads groups one by one while the screen stands. A request limit is waited for, a failure that concerns all of them ends it. */
export function useEach(read: (group: string) => Promise<Reply<unknown>>): Each {
  const progress = useSignal<{ done: number; total: number; waitsUntil?: number } | undefined>(undefined);
  const failures = useSignal<ReadonlyMap<string, Failure>>(new Map());
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);
  const readOne = async (group: string, signal: AbortSignal): Promise<Failure | undefined> => {
    for (;;) {
      const reply = await read(group);
      if (reply.ok || signal.aborted) return undefined;
      if (reply.failure.code !== "rate-limited") return reply.failure;
      const waitsUntil = Math.max(reply.failure.retryAt ?? Date.now() + 60_000, Date.now() + 1000);
      progress.value = { done: 0, total: 1, ...progress.peek(), waitsUntil };
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, waitsUntil - Date.now());
        signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
      });
      if (signal.aborted) return undefined;
    }
  };
  const start = async (groups: readonly string[]) => {
    if (progress.peek() || groups.length === 0) return;
    stop.current = new AbortController();
    const { signal } = stop.current;
    failures.value = new Map();
    for (const [done, group] of groups.entries()) {
      progress.value = { done, total: groups.length };
      const failure = await readOne(group, signal);
      if (signal.aborted) break;
      if (!failure) continue;
      failures.value = new Map([...failures.peek(), [group, failure]]);
      if (!OF_ONE_GROUP.has(failure.code)) break;
    }
    progress.value = undefined;
  };
  return { progress, failures, start, stop: () => stop.current.abort() };
}
