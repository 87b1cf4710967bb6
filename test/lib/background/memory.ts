import type { Store } from "../../../lib/store/schema";

/**
 * The part of the database that the job engine uses, in plain maps: for running it some ten thousand times. A transaction
 * is written when it is done and not before, as in IndexedDB; the tests prove that both give the same on every single case.
 */

type Row = Record<string, unknown>;
type Key = IDBValidKey;

const KEYS: Record<string, string | string[]> = {
  connections: "id",
  gateways: "connection",
  groups: ["connection", "id"],
  rosters: ["connection", "group"],
  directory: ["connection", "group", "readAt"],
  changes: ["connection", "group", "at"],
  invites: ["connection", "code"],
  jobs: "id",
  steps: ["job", "index"],
  summaries: "job",
  invited: ["connection", "group", "person"],
  tallies: ["connection", "day"],
  aside: "id",
};
const INDEXES: Record<string, string | string[]> = {
  "jobs state": "state",
  "jobs nonce": "nonce",
  "jobs created": ["connection", "createdAt"],
  "groups name": ["connection", "gone", "nameKey"],
  "summaries groups": "groups",
};
/** Indexes with an entry for each item of the list. */
const MULTIPLE = new Set<unknown>([INDEXES["summaries groups"]]);

const at = (row: Row, path: string | string[]): Key =>
  (typeof path === "string" ? row[path] : path.map((each) => row[each])) as Key;
const matches = (key: Key, query: unknown): boolean => {
  if (!(query instanceof IDBKeyRange)) return JSON.stringify(key) === JSON.stringify(query);
  const { lower, upper, lowerOpen, upperOpen } = query as { lower: Key; upper: Key } & IDBKeyRange;
  const [low, high] = [lower === undefined ? 1 : order(key, lower), upper === undefined ? -1 : order(key, upper)];
  return (lowerOpen ? low > 0 : low >= 0) && (upperOpen ? high < 0 : high <= 0);
};
/** The order of keys in IndexedDB, for numbers, texts and lists of them; the database's own is a hundred times slower. */
const order = (a: Key, b: Key): number => {
  const [rankA, rankB] = [rank(a), rank(b)];
  if (rankA !== rankB) return rankA - rankB;
  if (!Array.isArray(a) || !Array.isArray(b)) return a < b ? -1 : a > b ? 1 : 0;
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
    const found = order(a[i]!, b[i]!);
    if (found !== 0) return found;
  }
  return a.length - b.length;
};
const rank = (key: Key): number => (Array.isArray(key) ? 2 : typeof key === "string" ? 1 : 0);

type Rows = Map<string, Row>;

class Tables {
  constructor(readonly tables: Map<string, Rows>) {}

  rows(name: string): Rows {
    const rows = this.tables.get(name) ?? new Map<string, Row>();
    this.tables.set(name, rows);
    return rows;
  }

  getAll(name: string, query?: unknown, path = KEYS[name] ?? "id"): Row[] {
    const keysOf = (row: Row) => (MULTIPLE.has(path) ? (at(row, path) as Key[]) : [at(row, path)]);
    const isFound = (row: Row) => query === undefined || keysOf(row).some((key) => matches(key, query));
    const found = [...this.rows(name).values()].filter(isFound);
    return found.length < 2 ? found : found.toSorted((a, b) => order(at(a, path), at(b, path)));
  }
}

function objectStore(tables: () => Promise<Tables>, name: string) {
  const keyOf = (row: Row) => JSON.stringify(at(row, KEYS[name] ?? "id"));
  return {
    get: async (key: Key) => (await tables()).rows(name).get(JSON.stringify(key)),
    getAll: async (query?: unknown) => (await tables()).getAll(name, query),
    put: async (row: Row) => void (await tables()).rows(name).set(keyOf(row), Object.freeze(row)),
    delete: async (query: unknown) => {
      const own = await tables();
      for (const row of own.getAll(name, query)) own.rows(name).delete(keyOf(row));
    },
    index: (index: string) => ({
      get: async (query: Key) => (await tables()).getAll(name, query, INDEXES[`${name} ${index}`])[0],
      getAll: async (query: Key) => (await tables()).getAll(name, query, INDEXES[`${name} ${index}`]),
    }),
  };
}

/** An empty store in memory. */
export function memoryStore(): Store {
  const stored = new Tables(new Map());
  let last: Promise<void> = Promise.resolve();
  const db = {
    get: async (table: string, key: Key) => stored.rows(table).get(JSON.stringify(key)),
    getAll: async (table: string, query?: unknown) => stored.getAll(table, query),
    getAllFromIndex: async (table: string, index: string, query: unknown) =>
      stored.getAll(table, query, INDEXES[`${table} ${index}`]),
    transaction: (names: string[]) => {
      // One after the other, as IndexedDB does with those that share a table.
      let end: () => void = () => undefined;
      const turn = last;
      last = new Promise<void>((resolve) => (end = resolve));
      let own: Tables | undefined;
      let isOver = false;
      const begun = async () => {
        await turn;
        return (own ??= new Tables(new Map(names.map((name) => [name, new Map(stored.rows(name))]))));
      };
      return {
        objectStore: (name: string) => objectStore(begun, name),
        get done() {
          return begun().then((tables) => {
            if (!isOver) for (const name of names) stored.tables.set(name, tables.rows(name));
            isOver = true;
            end();
          });
        },
        abort: () => {
          isOver = true;
          end();
        },
      };
    },
    close: () => undefined,
  };
  return { db: db as unknown as Store["db"], name: "memory" };
}
