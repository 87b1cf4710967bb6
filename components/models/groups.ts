import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { fold } from "../../lib/shared/text";
import type { ListReading, Settings } from "../../lib/shared/model";
import { watch } from "../../lib/store/live";
import { readGroups, readNotes } from "../../lib/store/read";
import type { GroupRow, Store } from "../../lib/store/schema";
import { neverTwice, unreadable } from "./live";

const FIRST = 40;
/** Recently used groups before a list by name. */
const RECENT = 3;
const PINNED = 50;

export interface GroupList {
  search: Signal<string>;
  /** Pinned, recently used, then the rest; or matches, best first. Undefined until read. */
  shown: ReadonlySignal<GroupRow[] | undefined>;
  recent: ReadonlySignal<ReadonlySet<string>>;
  /** Undefined until all are read. */
  total: ReadonlySignal<number | undefined>;
  whole: Promise<void>;
  /** When its last whole reading began; undefined without one. */
  listedAt: ReadonlySignal<number | undefined>;
  /** The list's unfinished reading. */
  part: ReadonlySignal<ListReading | undefined>;
}

/**
 * Opens a connection's groups, first screen first, updated until the signal aborts. Searches folded text: a keystroke
 * over ten thousand groups fits a frame.
 */
export function openGroupList(store: Store, connection: string, sort: Settings["sort"], stop: AbortSignal): GroupList {
  const search = signal("");
  const rows = signal<GroupRow[] | undefined>(undefined);
  const isWhole = signal(false);
  // Fixed at opening: no row may move under a press.
  const recent = signal<ReadonlySet<string>>(new Set());
  const places = signal<ReadonlyMap<string, number>>(new Map());
  const haystacks = computed(() =>
    rows.value?.map((row) => `${row.nameKey}\n${fold(row.description ?? "")}\n${row.id}`),
  );
  const ordered = computed(() => rows.value && leadersFirst(rows.value, recent.value, places.value));
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
    // Folded while idle, for a fast first letter.
    requestIdleCallback(() => haystacks.value);
  }, stop);
  void readFirst(store, connection, sort).then((first) => {
    if (stop.aborted) return;
    recent.value = first.recent;
    places.value = first.places;
    if (rows.peek() === undefined) rows.value = first.rows;
    if (first.isWhole) isWhole.value = true;
    // Needed later, for scrolling and searching.
    else requestAnimationFrame(() => setTimeout(readAll));
  }, unreadable);
  watch(store, ["groups"], readAll, stop);
  const reading = signal<ListReading | undefined>(undefined);
  const readReading = neverTwice(async () => {
    const { list } = await readNotes(store, connection);
    if (!stop.aborted) reading.value = list;
  }, stop);
  readReading();
  watch(store, ["gateways"], readReading, stop);
  return {
    search,
    shown,
    recent,
    whole: untilTrue(isWhole),
    total: computed(() => (isWhole.value ? rows.value?.length : undefined)),
    // Groups not yet reread date from the previous reading.
    listedAt: computed(() => (reading.value?.endedAt === undefined ? reading.value?.before : reading.value.startedAt)),
    part: computed(() => (reading.value?.endedAt === undefined ? reading.value : undefined)),
  };
}

function untilTrue(is: ReadonlySignal<boolean>): Promise<void> {
  return new Promise((resolve) => {
    is.subscribe((now) => now && resolve());
  });
}

/** Reads the first screen: pinned groups, recent ones (if sorted by name), the list's beginning. */
async function readFirst(store: Store, connection: string, sort: Settings["sort"]) {
  const [first, used] = await Promise.all([
    readGroups(store, connection, sort, FIRST),
    readGroups(store, connection, "used", PINNED + RECENT),
  ]);
  const pinned = used.filter(({ pinnedAt }) => pinnedAt !== undefined);
  const last = used.filter(({ pinnedAt, usedAt }) => pinnedAt === undefined && usedAt !== undefined);
  const recent = sort === "name" ? last.slice(0, RECENT) : [];
  const places = new Map([...pinned, ...recent].map(({ id }, place) => [id, place] as const));
  return {
    rows: [...pinned, ...recent, ...first.filter(({ id }) => !places.has(id))],
    recent: new Set(recent.map(({ id }) => id)),
    places,
    isWhole: first.length < FIRST,
  };
}

/** Pinned and recent groups keep their `places`, also when a job uses them; a group pinned since is first. */
function leadersFirst(rows: GroupRow[], recent: ReadonlySet<string>, places: ReadonlyMap<string, number>): GroupRow[] {
  const isLeader = ({ id, pinnedAt }: GroupRow) => pinnedAt !== undefined || recent.has(id);
  const leaders = rows.filter(isLeader);
  if (leaders.length === 0) return rows;
  const placeOf = ({ id }: GroupRow) => places.get(id) ?? -1;
  // Among several pinned since, the last one used is first.
  return [
    ...leaders.toSorted((a, b) => placeOf(a) - placeOf(b) || a.usedKey - b.usedKey),
    ...rows.filter((row) => !isLeader(row)),
  ];
}

/** Best first: the name begins with the text, has a word that does, contains it. */
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
