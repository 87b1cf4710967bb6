/** People in JSON, as gateways and tools write it: lists of ids, lists of contacts, cards in messages. */

/** What a JSON text holds: tables of its records, and the cards that stand in its texts. */
export interface Records {
  tables: { header: string[]; rows: string[][] }[];
  cards: string[];
}

/** Reads a text as JSON; undefined when it is none, or has nothing but single values. */
export function recordsOf(text: string): Records | undefined {
  if (!/^\s*[[{]/.test(text) || !/[\]}]\s*$/.test(text)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    // A text that only looks like JSON is read as a text.
    return undefined;
  }
  const records: Records = { tables: [], cards: [] };
  collect(value, records, 0);
  return records.tables.length > 0 || records.cards.length > 0 ? records : undefined;
}

type Bag = Record<string, unknown>;

function isBag(value: unknown): value is Bag {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function collect(value: unknown, records: Records, depth: number): void {
  if (depth > 8) return;
  if (typeof value === "string" && /BEGIN:VCARD/i.test(value)) records.cards.push(value);
  else if (Array.isArray(value)) collectList(value, records, depth);
  else if (isBag(value)) {
    const inner = Object.values(value).filter((each) => typeof each === "object" && each !== null);
    const keys = Object.keys(value);
    // `{"5511…@c.us": {…}}`: each key is somebody.
    if (keys.length > 0 && keys.every((key) => /\d{7,}|@/.test(key))) {
      collectList(
        keys.map((key) => (isBag(value[key]) ? { id: key, ...value[key] } : { id: key })),
        records,
        depth,
      );
    } else if (inner.some((each) => Array.isArray(each) || holdsLists(each))) {
      for (const each of Object.values(value)) collect(each, records, depth + 1);
    } else collectList([value], records, depth);
  }
}

function holdsLists(value: unknown): boolean {
  return isBag(value) && Object.values(value).some((each) => Array.isArray(each) || holdsLists(each));
}

function collectList(list: unknown[], records: Records, depth: number): void {
  if (list.some((each) => Array.isArray(each) || holdsLists(each))) {
    for (const each of list) collect(each, records, depth + 1);
    return;
  }
  const header: string[] = [];
  const flat = list.map((each) => {
    const cells = new Map<string, string>();
    flatten(each, "", cells, records);
    for (const key of cells.keys()) if (!header.includes(key)) header.push(key);
    return cells;
  });
  const rows = flat.filter((cells) => cells.size > 0).map((cells) => header.map((key) => cells.get(key) ?? ""));
  if (rows.length > 0) records.tables.push({ header, rows });
}

function flatten(value: unknown, path: string, cells: Map<string, string>, records: Records): void {
  if (isBag(value)) {
    for (const [key, each] of Object.entries(value))
      flatten(each, path === "" ? key : `${path} ${key}`, cells, records);
  } else if (typeof value === "string" && /BEGIN:VCARD/i.test(value)) records.cards.push(value);
  else if (typeof value === "string" || typeof value === "number")
    cells.set(path === "" ? "number" : path, String(value));
}
