import { useMemo } from "preact/hooks";
import { readGroups, readGroupsOf, readNotes } from "../../lib/store/read";
import type { GroupRow } from "../../lib/store/schema";
import { useLive } from "./live";
import { useShell } from "./shell";

/** Returns these groups' rows, sorted by name; undefined until read. A changed choice is answered at once. */
export function useGroupRows(ids: ReadonlySet<string>): readonly GroupRow[] | undefined {
  const id = useShell().connection.value?.id ?? "";
  const all = useLive(["groups"], (store) => readGroups(store, id, "name"), [id]).value;
  return useMemo(() => all?.filter((row) => ids.has(row.id)), [all, [...ids].join(" ")]);
}

/** Returns the groups no longer listed: names by id, the id itself if no name is known. */
export function useGone(ids: ReadonlySet<string>): ReadonlyMap<string, string> {
  const id = useShell().connection.value?.id ?? "";
  const read = useLive(
    ["groups", "gateways"],
    async (store) => {
      const [rows, { list }] = await Promise.all([readGroupsOf(store, id, ids), readNotes(store, id)]);
      // Before the first whole list, an unknown group may only be unread.
      const isListed = list?.endedAt !== undefined || list?.before !== undefined;
      const isGone = (group: string) => (rows.has(group) ? rows.get(group)?.goneAt !== undefined : isListed);
      return new Map([...ids].filter(isGone).map((group) => [group, rows.get(group)?.name ?? group] as const));
    },
    [id, [...ids].join(" ")],
  );
  // What was read may belong to an earlier choice.
  return new Map([...(read.value ?? [])].filter(([group]) => ids.has(group)));
}
