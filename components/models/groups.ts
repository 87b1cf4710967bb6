import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { fold } from "../../lib/shared/text";
import type { ListReading, Settings } from "../../lib/shared/model";
import { watch } from "../../lib/store/live";
import { readGroups, readNotes } from "../../lib/store/read";
import type { GroupRow, Store } from "../../lib/store/schema";
import { neverTwice, unreadable } from "./live";

/** Rows read for the first picture; the rest follows when they are drawn. */
const FIRST = 40;
/** So many of the groups used last stand before a list by name. */
const RECENT = 3;
/** So many groups can be pinned to the top. */
const PINNED = 50;

export interface GroupList {
  search: Signal<string>;
  /**
   * Pinned groups first, then the few used last, then the list order; narrowed to the search, the best match first.
   * Undefined until the first reading.
   */
  shown: ReadonlySignal<GroupRow[] | undefined>;
  /** Ids of the groups used last that stand before the others. */
  recent: ReadonlySignal<ReadonlySet<string>>;
  /** How many groups there are; undefined until all are read. */
  total: ReadonlySignal<number | undefined>;
  /** Settles when all are read. */
  whole: Promise<void>;
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
  // Those used last stay as they were when the list was opened: a row does not jump away while it is pressed.
  const recent = signal<ReadonlySet<string>>(new Set());
  const haystacks = computed(() =>
    rows.value?.map((row) => `${row.nameKey}\n${fold(row.description ?? "")}\n${row.id}`),
  );
  const ordered = computed(() => rows.value && leadersFirst(rows.value, recent.value));
  const shown = computed(() => {
    const words = fold(search.value).split(/\s+/).filter(Boolean);
    const all = rows.value;
    const texts = words.length === 0 ? undefined : haystacks.value;
    if (!all || !texts) return ordered.value;
    return bestFirst(
      all.filter((_, index) => words.every((word) => texts[index]?.includes(word))),
      words,
    );
  });
  const readAll = neverTwice(async () => {
    const all = await readGroups(store, connection, sort);
    if (stop.aborted) return;
    rows.value = all;
    isWhole.value = true;
    // Folded while nobody waits, so that the first letter of a search costs no more than the next.
    requestIdleCallback(() => haystacks.value);
  });
  void readFirst(store, connection, sort).then((first) => {
    if (stop.aborted) return;
    recent.value = first.recent;
    if (rows.peek() === undefined) rows.value = first.rows;
    if (first.isWhole) isWhole.value = true;
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
    recent,
    whole: untilTrue(isWhole),
    total: computed(() => (isWhole.value ? rows.value?.length : undefined)),
    listedAt: computed(() => {
      // A part that was read anew makes the rest no younger.
      if (reading.value?.endedAt === undefined && reading.value?.before !== undefined) return reading.value.before;
      return rows.value?.reduce((latest, row) => Math.max(latest, row.listedAt), 0) || undefined;
    }),
    part: computed(() => (reading.value?.endedAt === undefined ? reading.value : undefined)),
  };
}

function untilTrue(is: ReadonlySignal<boolean>): Promise<void> {
  return new Promise((resolve) => {
    is.subscribe((now) => now && resolve());
  });
}

/** What the first picture shows: pinned groups, in a list by name those used last, and the beginning of the list. */
async function readFirst(store: Store, connection: string, sort: Settings["sort"]) {
  const [first, used] = await Promise.all([
    readGroups(store, connection, sort, FIRST),
    readGroups(store, connection, "used", PINNED + RECENT),
  ]);
  const pinned = used.filter(({ pinnedAt }) => pinnedAt !== undefined);
  const last = used.filter(({ pinnedAt, usedAt }) => pinnedAt === undefined && usedAt !== undefined);
  const recent = sort === "name" ? last.slice(0, RECENT) : [];
  const leaders = new Set([...pinned, ...recent].map(({ id }) => id));
  return {
    rows: [...pinned, ...recent, ...first.filter(({ id }) => !leaders.has(id))],
    recent: new Set(recent.map(({ id }) => id)),
    isWhole: first.length < FIRST,
  };
}

/** Pinned groups, then those used last, each latest first; the others after them in their order. */
function leadersFirst(rows: GroupRow[], recent: ReadonlySet<string>): GroupRow[] {
  const isLeader = ({ id, pinnedAt }: GroupRow) => pinnedAt !== undefined || recent.has(id);
  const leaders = rows.filter(isLeader);
  if (leaders.length === 0) return rows;
  // The key of the list "last used" has the pinned ones first.
  return [...leaders.toSorted((a, b) => a.usedKey - b.usedKey), ...rows.filter((row) => !isLeader(row))];
}

/** A name that begins with what was typed, then one with a word that does, then what has it elsewhere. */
function bestFirst(rows: GroupRow[], words: string[]): GroupRow[] {
  const text = words.join(" ");
  const ranks: GroupRow[][] = [[], [], [], []];
  for (const row of rows) {
    const { nameKey } = row;
    const rank = nameKey.startsWith(text) ? 0 : nameKey.includes(` ${text}`) ? 1 : nameKey.includes(text) ? 2 : 3;
    ranks[rank]?.push(row);
  }
  return ranks.flat();
}
