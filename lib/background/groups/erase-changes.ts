import type { Roster } from "../../shared/model";
import { readSettings } from "../../store/read";
import { dayOf } from "../../store/read-jobs";
import type { Store } from "../../store/schema";
import { write } from "../../store/write";

const DAY = 86_400_000;
const MOST = 20_000;

/** Erases changes and sizes of groups before a time (ms), by default all. */
export async function eraseChanges(store: Store, before: number = Infinity): Promise<void> {
  const isAll = before === Infinity;
  await write(store, ["changes", "rosters"], async (tx) => {
    const changes = tx.objectStore("changes");
    const old = isAll ? undefined : IDBKeyRange.upperBound(before, true);
    for (const key of await changes.index("time").getAllKeys(old)) await changes.delete(key);
    for (let cursor = await tx.objectStore("rosters").openCursor(); cursor; cursor = await cursor.continue()) {
      await cursor.update(without(cursor.value, before));
    }
  });
}

function without({ sizes, firstAt, since, ...roster }: Roster, before: number): Roster {
  // Also raises `firstAt`, as whoever has no entry counts as present since then.
  const least = Math.min(before, roster.readAt);
  const keptSizes = before === Infinity ? [] : (sizes ?? []).filter(({ day }) => day >= dayOf(before));
  const keptSince = Object.entries(since ?? {}).filter(([, at]) => at === 0 || at >= before);
  return {
    ...roster,
    ...(keptSizes.length > 0 ? { sizes: keptSizes } : {}),
    ...(keptSince.length > 0 ? { since: Object.fromEntries(keptSince) } : {}),
    ...(firstAt === undefined ? {} : { firstAt: Math.max(firstAt, least) }),
  };
}

/** Erases what the settings no longer keep, and the oldest beyond `MOST`. */
export async function pruneChanges(store: Store, now: number): Promise<void> {
  const { keepHistory } = await readSettings(store);
  const before = keepHistory === 0 ? 0 : now - keepHistory * DAY;
  const keys = await store.db.getAllKeysFromIndex("changes", "time");
  const excess = keys.length > MOST ? keys[keys.length - MOST]![2] : 0;
  const [oldest] = await store.db.getAllFromIndex("changes", "time", undefined, 1);
  const until = Math.max(before, excess);
  if (oldest && oldest.at < until) await eraseChanges(store, until);
}
