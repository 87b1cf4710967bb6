import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Failure, Reply } from "../../lib/shared/failure";
import type { FailureCode } from "../../lib/shared/model";

interface Progress {
  done: number;
  total: number;
  /** No request earlier, because of `wait`. */
  waitsUntil?: number;
  wait?: FailureCode;
}

/** Reads groups one by one. */
export interface Each {
  /** Undefined when idle. */
  progress: { readonly value: Progress | undefined };
  /** By group. */
  failures: { readonly value: ReadonlyMap<string, Failure> };
  /** Common to all groups. */
  failure?: { readonly value: Failure | undefined };
  /** Resolves at the end; ignored while another reading runs. */
  start: (groups: readonly string[]) => Promise<void>;
  stop: () => void;
}

/** After these, the other groups are still read. */
const OF_ONE_GROUP = new Set<Failure["code"]>([
  "group-gone",
  "not-admin",
  "no-right",
  "rejected",
  "empty-answer",
  "bad-answer",
  "not-json",
]);

/** Whether a failure says nothing about other groups. */
export const isOfOneGroup = ({ code }: Failure): boolean => OF_ONE_GROUP.has(code);

/** Reads groups one by one while mounted, waiting out the request limit. A failure common to all ends it. */
export function useEach(read: (group: string) => Promise<Reply<unknown>>): Each {
  const progress = useSignal<Progress | undefined>(undefined);
  const failures = useSignal<ReadonlyMap<string, Failure>>(new Map());
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);
  const readOne = async (group: string, signal: AbortSignal): Promise<Failure | undefined> => {
    for (;;) {
      const reply = await read(group);
      if (reply.ok || signal.aborted) return undefined;
      if (reply.failure.code !== "rate-limited") return reply.failure;
      const waitsUntil = Math.max(reply.failure.retryAt ?? Date.now() + 60_000, Date.now() + 1000);
      progress.value = { done: 0, total: 1, ...progress.peek(), waitsUntil, wait: "rate-limited" };
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
      if (!isOfOneGroup(failure)) break;
    }
    progress.value = undefined;
  };
  return { progress, failures, start, stop: () => stop.current.abort() };
}
