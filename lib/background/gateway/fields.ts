/** Looking into an answer: JSON objects, and fields by any of their spellings. */

export type Fields = Record<string, unknown>;

/** True for a JSON object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Looks up fields of one object: the first of the names that it has itself with a value; `null` counts as absent. A name
 * also matches in another spelling (`PhoneNumber` and `phone_number` for `phoneNumber`), as some engines have their own.
 */
export function lookIn(object: Fields): (...names: string[]) => unknown {
  let spelt: Map<string, string> | undefined;
  const has = (key: string) => Object.hasOwn(object, key) && object[key] !== null && object[key] !== undefined;
  return (...names) => {
    const exact = names.find(has);
    if (exact !== undefined) return object[exact];
    spelt ??= new Map(
      Object.keys(object)
        .filter((key) => /[A-Z_-]/.test(key) && has(key))
        .map((key) => [plainName(key), key]),
    );
    const key = spelt.size === 0 ? undefined : names.map((name) => spelt?.get(plainName(name))).find(Boolean);
    return key === undefined ? undefined : object[key];
  };
}

/** One look into an object; see `lookIn`. */
export function first(object: Fields, ...names: string[]): unknown {
  return lookIn(object)(...names);
}

function plainName(name: string): string {
  return name.replace(/[_-]/g, "").toLowerCase();
}

/** Names under which frameworks put what an answer is about, beside `data`. */
const WRAPPINGS = ["data", "result", "response", "payload"];

/**
 * What an answer is about: what stands under `data` if there is such a key, else all of it. A second wrapping,
 * or one of another name, is taken off where it holds a list or an object.
 */
export function unwrap(body: unknown): unknown {
  let value = isFields(body) && Object.hasOwn(body, "data") ? body["data"] : body;
  for (let depth = 0; depth < 2 && isFields(value) && !Object.hasOwn(value, "id"); depth += 1) {
    const inner = first(value, ...WRAPPINGS);
    if (typeof inner !== "object") break;
    value = inner;
  }
  return value;
}
