import * as v from "valibot";
import { personId } from "../../shared/fields";
import { type Fields, first, isFields } from "./fields";

/**
 * Parts of answers, for the files `read-*.ts`, which turn answers of every known shape into our own words (contract,
 * section 5). A reader returns undefined for an answer that it cannot make sense of, and never a part of one. Ids whose
 * form must not reach a path are left out, text is cleaned, unknown fields are not looked at.
 */

/** A JSON object. */
export const fields = v.custom<Fields>(isFields);

/** An id as text; some engines wrap it as `{_serialized}`. */
export const idText = v.pipe(
  v.union([
    v.string(),
    v.pipe(
      fields,
      v.transform((id) => first(id, "_serialized")),
      v.string(),
    ),
  ]),
  v.maxLength(200),
);

/** Something that may be absent or odd without harm to the rest. */
export const loose = <S extends v.GenericSchema>(schema: S) =>
  v.pipe(
    v.optional(v.unknown()),
    v.transform((given): v.InferOutput<S> | undefined => {
      const read = v.safeParse(schema, given);
      return read.success ? read.output : undefined;
    }),
  );

/** A count of things, as a list or a group states it. */
export const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000));

/** ISO text, seconds or (beyond 1e11) milliseconds since 1970, as milliseconds. */
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
 * A person id out of any spelling that a gateway uses; undefined for what is none. What engines add to an id (`.1:0@lid`,
 * `@hosted`) is left out, so that nobody vanishes from a list because of it.
 */
export function toPersonId(text: string): string | undefined {
  if (v.safeParse(personId, text).success) return text;
  const phone = /^\+?([0-9]{7,15})$/.exec(text.trim())?.[1];
  if (phone !== undefined) return `${phone}@s.whatsapp.net`;
  const parts = /^\+?([0-9]{5,20})(?:[._][0-9]{1,3})?(?::[0-9]{1,3})?@([a-z.]+)$/i.exec(text.trim());
  if (!parts) return undefined;
  const suffix = parts[2]?.toLowerCase().replace("hosted.lid", "lid").replace("hosted", "s.whatsapp.net");
  const id = `${parts[1]}@${suffix}`;
  return v.safeParse(personId, id).success ? id : undefined;
}

/** The rows of a list in every known wrapping: bare, under a name, or as values under their ids. */
export function rowsOf(value: unknown, names: string[], isKey: (key: string) => boolean): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (!isFields(value)) return undefined;
  const inner = first(value, "items", ...names);
  if (Array.isArray(inner)) return inner;
  const object = isFields(inner) ? inner : value;
  const entries = Object.entries(object);
  // An empty object is no list: better "cannot read this" than "no groups any more".
  if (entries.length === 0 || !entries.every(([key]) => isKey(key))) return undefined;
  return entries.map(([key, row]) => (isFields(row) && !Object.hasOwn(row, "id") ? { ...row, id: key } : row));
}

/** Whether a key of an object is the id of a person. */
export const isPersonKey = (key: string) => toPersonId(key) !== undefined;

/** One page of a list. `ids` are those of all its rows, also of rows left out; they show whether the page is new. */
export interface Rows<T> {
  items: T[];
  ids: string[];
}
