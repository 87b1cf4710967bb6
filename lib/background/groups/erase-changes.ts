import type { Roster } from "../../shared/model";
import { dayOf, readSettings } from "../../store/read";
import type { Store } from "../../store/schema";
import { write } from "../../store/write";

const DAY = 86_400_000;
/** Readings with changes that are kept at most, of all connections. */
const MOST = 20_000;

/** Erases what changed in groups, and their sizes, before a moment (ms); without one, all of it. */
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

/** A group's members without their sizes and first times before a moment. */
function without({ sizes, firstAt, since, ...roster }: Roster, before: number): Roster {
  // Whoever was first seen earlier was there at that moment, or is there now.
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

/** Erases what the settings do not keep any longer, and the oldest where there is too much. */
export async function pruneChanges(store: Store, now: number): Promise<void> {
  const { keepHistory } = await readSettings(store);
  const before = keepHistory === 0 ? 0 : now - keepHistory * DAY;
  const keys = await store.db.getAllKeysFromIndex("changes", "time");
  const excess = keys.length > MOST ? keys[keys.length - MOST]![2] : 0;
  const [oldest] = await store.db.getAllFromIndex("changes", "time", undefined, 1);
  const until = Math.max(before, excess);
  if (oldest && oldest.at < until) await eraseChanges(store, until);
}
