import { headingOf } from "./header";

/** Tables and vCards found in JSON. */
export interface Records {
  tables: { header: string[]; rows: string[][] }[];
  cards: string[];
}

/** Reads people from JSON of gateways and tools. Undefined for other texts and for single values. */
export function recordsOf(text: string): Records | undefined {
  if (!/^\s*[[{]/.test(text) || !/[\]}]\s*$/.test(text)) return undefined;
  const plain = text.replace(/^\ufeff/, "");
  // One value, or one on each line.
  const value = parsed(plain) ?? parsed(`[${plain.trim().replace(/\}\s*\n\s*\{/g, "},{")}]`);
  if (value === undefined) return undefined;
  const records: Records = { tables: [], cards: [] };
  collect(value, records, 0);
  return records.tables.length > 0 || records.cards.length > 0 ? records : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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
    const inner = Object.entries(value)
      .filter(([key, each]) => typeof each === "object" && each !== null && !isNumbers(key, each))
      .map(([, each]) => each);
    const keys = Object.keys(value);
    // `{"5511…@c.us": {…}}`: each key is a person.
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

/** Whether a list holds one person's numbers: `"phoneNumbers": [{"label": …}]`. */
function isNumbers(key: string, value: unknown): boolean {
  const { role, isWeak } = headingOf(key);
  return Array.isArray(value) && value.length < 20 && role === "phone" && isWeak !== true;
}

function holdsLists(value: unknown): boolean {
  if (!isBag(value)) return false;
  return Object.entries(value).some(
    ([key, each]) => !isNumbers(key, each) && (Array.isArray(each) || holdsLists(each)),
  );
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
  } else if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) flatten(each, `${path} ${index + 1}`, cells, records);
  } else if (typeof value === "string" && /BEGIN:VCARD/i.test(value)) records.cards.push(value);
  else if (typeof value === "string" || typeof value === "number")
    cells.set(path === "" ? "number" : path, String(value));
}
