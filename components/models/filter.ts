import { useMemo } from "preact/hooks";
import { t } from "../../lib/shared/i18n";
import { LIMITS, type Group, type SavedSet } from "../../lib/shared/model";
import { readLabels, readSets } from "../../lib/store/read";
import type { GroupRow } from "../../lib/store/schema";
import { useLive } from "./live";
import { useShell } from "./shell";

/** Narrows groups by fact, label (`label:sales`) or saved set (`set:Pune`). */
export interface Filter {
  options: { value: string; label: string }[];
  /** Returns undefined until the filter is known. */
  narrow: (rows: GroupRow[] | undefined) => GroupRow[] | undefined;
  /** The chosen saved set. */
  set?: SavedSet & { kind: "groups" };
  /** By group. */
  labels: ReadonlyMap<string, string[]>;
}

const FACTS = ["admin", "full", "unread", "hidden"] as const;

/** Returns the filter for `value`; `""` means all groups. */
export function useFilter(value: string): Filter {
  const { connection } = useShell();
  const id = connection.value?.id ?? "";
  const own = useLive(
    ["sets", "labels"],
    async (store) => {
      const [sets, rows] = await Promise.all([readSets(store, id, "groups"), readLabels(store, id)]);
      return { sets, labels: new Map(rows.map(({ group, labels }) => [group, labels] as const)) };
    },
    [id],
  );
  const needsRosters = value === "unread" || value === "hidden";
  // By filter: what was read last may belong to an earlier one.
  const rosters = useLive(
    needsRosters ? ["rosters"] : [],
    async (store): Promise<Record<string, ReadonlySet<string>> | undefined> => {
      if (!needsRosters) return undefined;
      const { readHiding, readRosterKeys } = await import("../../lib/store/rosters");
      return { [value]: await (value === "hidden" ? readHiding : readRosterKeys)(store, id) };
    },
    [id, value],
  );
  // A stable object: effects compare it.
  const unknown = useMemo(() => ({ sets: [], labels: new Map<string, string[]>() }), []);
  const { sets, labels } = own.value ?? unknown;
  const among = rosters.value?.[value];
  const set = sets.find(({ name }) => `set:${name}` === value);
  const narrow = useMemo<Filter["narrow"]>(() => {
    const inSet = new Set(set?.groups);
    const isIn = (row: GroupRow): boolean => {
      if (value === "admin") return row.isAdmin === true;
      if (value === "full") return isFull(row);
      if (among) return among.has(row.id) === (value === "hidden");
      if (value.startsWith("label:")) return labels.get(row.id)?.includes(value.slice(6)) === true;
      return set === undefined || inSet.has(row.id);
    };
    if (value === "") return (rows) => rows;
    return (rows) => ((needsRosters ? among : own.value) ? rows?.filter(isIn) : undefined);
  }, [value, own.value, among]);
  const names = [...new Set([...labels.values()].flat())].toSorted((a, b) => a.localeCompare(b));
  return {
    narrow,
    set,
    labels,
    options: [
      { value: "", label: t("filter_all") },
      ...FACTS.map((fact) => ({ value: fact, label: t(`filter_fact_${fact}`) })),
      ...names.map((name) => ({ value: `label:${name}`, label: t("filter_label", name) })),
      ...sets.map(({ name }) => ({ value: `set:${name}`, label: t("filter_set", name) })),
    ],
  };
}

function isFull({ size = 0, capacity = LIMITS.members }: Group): boolean {
  return size >= capacity;
}
