import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { fold } from "../../lib/shared/text";
import type { ListReading, Settings } from "../../lib/shared/model";
import { watch } from "../../lib/store/live";
import { readGroups, readNotes } from "../../lib/store/read";
import type { GroupRow, Store } from "../../lib/store/schema";
import { neverTwice, unreadable } from "./live";

/** Rows read for the first picture; the rest follows when they are drawn. */
const FIRST = 40;

export interface GroupList {
  search: Signal<string>;
  /** In list order and narrowed to the search; undefined until the first reading. */
  shown: ReadonlySignal<GroupRow[] | undefined>;
  /** How many groups there are; undefined until all are read. */
  total: ReadonlySignal<number | undefined>;
  /** When the list was last read from the gateway. */
  listedAt: ReadonlySignal<number | undefined>;
  /** The reading of the list, when it has not come to its end. */
  part: ReadonlySignal<ListReading | undefined>;
}

/**
 * The list of groups of a connection: the first screen first, then all, then kept up to date until the signal aborts.
 * Searching compares folded text only, so that a keystroke over ten thousand groups stays within a frame.
 */
export function openGroupList(store: Store, connection: string, sort: Settings["sort"], stop: AbortSignal): GroupList {
  const search = signal("");
  const rows = signal<GroupRow[] | undefined>(undefined);
  const isWhole = signal(false);
  const haystacks = computed(() =>
    rows.value?.map((row) => `${row.nameKey}\n${fold(row.description ?? "")}\n${row.id}`),
  );
  const shown = computed(() => {
    const words = fold(search.value).split(/\s+/).filter(Boolean);
    const all = rows.value;
    const texts = words.length === 0 ? undefined : haystacks.value;
    return all && texts ? all.filter((_, index) => words.every((word) => texts[index]?.includes(word))) : all;
  });
  const readAll = neverTwice(async () => {
    const all = await readGroups(store, connection, sort);
    if (stop.aborted) return;
    rows.value = all;
    isWhole.value = true;
    // Folded while nobody waits, so that the first letter of a search costs no more than the next.
    requestIdleCallback(() => haystacks.value);
  });
  void readGroups(store, connection, sort, FIRST).then((first) => {
    if (stop.aborted) return;
    if (rows.peek() === undefined) rows.value = first;
    if (first.length < FIRST) isWhole.value = true;
    // After the picture: the whole list is for scrolling and searching, which come later than seeing.
    else requestAnimationFrame(() => setTimeout(readAll));
  }, unreadable);
  watch(store, ["groups"], readAll, stop);
  const reading = signal<ListReading | undefined>(undefined);
  const readReading = neverTwice(async () => {
    const { list } = await readNotes(store, connection);
    if (!stop.aborted) reading.value = list;
  });
  readReading();
  watch(store, ["gateways"], readReading, stop);
  return {
    search,
    shown,
    total: computed(() => (isWhole.value ? rows.value?.length : undefined)),
    listedAt: computed(() => {
      // A part that was read anew makes the rest no younger.
      if (reading.value?.endedAt === undefined && reading.value?.before !== undefined) return reading.value.before;
      return rows.value?.reduce((latest, row) => Math.max(latest, row.listedAt), 0) || undefined;
    }),
    part: computed(() => (reading.value?.endedAt === undefined ? reading.value : undefined)),
  };
}
