import * as v from "valibot";
import { personId } from "../../shared/fields";
import { type Fields, first, isFields } from "./fields";

/** Shared by `read-*.ts`: readers return no part of an unreadable answer, and drop ids unfit for a path. */

/** A JSON object. */
export const fields = v.custom<Fields>(isFields);

/** Engines may wrap an id as `{_serialized}` or `{user, server}`, or send a phone as a number. */
export const idText = v.pipe(
  v.union([
    v.string(),
    v.pipe(v.number(), v.safeInteger(), v.transform(String)),
    v.pipe(
      fields,
      v.transform((id) => {
        const [user, server] = [first(id, "user"), first(id, "server")];
        const isApart = typeof user === "string" && typeof server === "string";
        return first(id, "_serialized") ?? (isApart ? `${user}@${server}` : undefined);
      }),
      v.string(),
    ),
  ]),
  v.maxLength(200),
);

/** Undefined for a malformed value. */
export const loose = <S extends v.GenericSchema>(schema: S) =>
  v.pipe(
    v.optional(v.unknown()),
    v.transform((given): v.InferOutput<S> | undefined => {
      const read = v.safeParse(schema, given);
      return read.success ? read.output : undefined;
    }),
  );

/** A count, perhaps as text. */
export const count = v.pipe(
  v.union([
    v.number(),
    v.pipe(
      v.string(),
      v.regex(/^\d{1,7}$/),
      v.transform((text) => Number(text)),
    ),
  ]),
  v.integer(),
  v.minValue(0),
  v.maxValue(1_000_000),
);

/** A boolean, or 0 or 1, perhaps as text. */
export const flag = v.pipe(
  v.union([v.boolean(), v.picklist([0, 1, "0", "1", "true", "false"])]),
  v.transform((given) => given === true || given === 1 || given === "1" || given === "true"),
);

/** ISO text, seconds or (beyond 1e11) ms, as ms. */
export const time = v.pipe(
  v.union([v.number(), v.string()]),
  v.transform((given) => {
    const value = Number(given);
    if (Number.isNaN(value)) return Date.parse(String(given));
    return value > 1e11 ? value : value * 1000;
  }),
  v.number(),
  v.minValue(1),
  v.maxValue(8.64e15),
);

/**
 * Normalises a person id of any spelling, else returns undefined. Drops engine suffixes (`.1:0@lid`, `@hosted`), which
 * would hide people from lists.
 */
export function toPersonId(text: string): string | undefined {
  if (v.safeParse(personId, text).success) return text;
  // `+91 98765 43210`, as people write it.
  const written = /^\s*\+[\d\s().-]+$/.test(text) ? text.replace(/[\s().-]/g, "") : text.trim();
  const phone = /^\+?([0-9]{7,15})$/.exec(written)?.[1];
  if (phone !== undefined) return `${phone}@s.whatsapp.net`;
  const plain = text.trim().replace(/%40/, "@").replace(/%3a/i, ":");
  const parts = /^\+?([0-9]{5,20})(?:[._][0-9]{1,3})?(?::[0-9]{1,3})?@([a-z.]+)$/i.exec(plain);
  if (!parts) return undefined;
  const suffix = parts[2]?.toLowerCase().replace("hosted.lid", "lid").replace("hosted", "s.whatsapp.net");
  const id = `${parts[1]}@${suffix}`;
  return v.safeParse(personId, id).success ? id : undefined;
}

/** Returns a list's rows: bare, under a name, or as values under ids. */
export function rowsOf(value: unknown, names: string[], isKey: (key: string) => boolean): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (!isFields(value)) return undefined;
  const inner = first(value, "items", ...names);
  if (Array.isArray(inner)) return inner;
  const object = isFields(inner) ? inner : value;
  const entries = Object.entries(object);
  // An empty object is no list: better unreadable than "no groups".
  if (entries.length === 0 || !entries.every(([key]) => isKey(key))) return undefined;
  return entries.map(([key, row]) => {
    // A person's id may map to just a role.
    if (!isFields(row)) return { id: key, ...(typeof row === "string" ? { role: row } : {}) };
    return Object.hasOwn(row, "id") ? row : { ...row, id: key };
  });
}

/** Whether a key is a person id. */
export const isPersonKey = (key: string) => toPersonId(key) !== undefined;

/**
 * One page of a list. `ids` includes dropped rows, which show whether the page is new. `isRead`: some row was readable,
 * perhaps dropped.
 */
export interface Rows<T> {
  items: T[];
  ids: string[];
  isRead?: boolean;
}
