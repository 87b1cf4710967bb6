import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Group, Roster } from "../../lib/shared/model";
import { watch } from "../../lib/store/live";
import { readRoster } from "../../lib/store/read";
import { neverTwice } from "./live";
import { useShell } from "./shell";

/**
 * Returns `read` of each group and its members, kept up to date; undefined until complete for these groups and `on`.
 * Reads one by one, to keep the screen responsive.
 */
export function useEachRoster<T>(
  groups: readonly Group[],
  read: (group: Group, roster: Roster | undefined) => T,
  on: readonly unknown[],
): T[] | undefined {
  const { store } = useShell();
  const found = useSignal<{ ids: string; on: readonly unknown[]; each: T[] } | undefined>(undefined);
  const ids = groups.map(({ id }) => id).join(" ");
  const sizes = groups.map(({ size }) => size).join(" ");
  useEffect(() => {
    const stop = new AbortController();
    const refresh = neverTwice(async () => {
      const each: T[] = [];
      for (const group of groups) {
        each.push(read(group, await readRoster(store, group.connection, group.id)));
        if (stop.signal.aborted) return;
      }
      found.value = { ids, on, each };
    }, stop.signal);
    watch(store, ["rosters"], refresh, stop.signal);
    refresh();
    return () => stop.abort();
  }, [store, ids, sizes, ...on]);
  const last = found.value;
  return last && last.ids === ids && last.on.every((value, at) => value === on[at]) ? last.each : undefined;
}
