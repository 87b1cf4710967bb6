/** A JSON object. */
export type Fields = Record<string, unknown>;

/** Whether a value is a JSON object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Returns a reader of the first non-null field among the names, in any spelling (`PhoneNumber`, `phone_number` for
 * `phoneNumber`).
 */
export function fieldsOf(object: Fields): (...names: string[]) => unknown {
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

/** Reads once; see `fieldsOf`. */
export function first(object: Fields, ...names: string[]): unknown {
  return fieldsOf(object)(...names);
}

function plainName(name: string): string {
  return name.replace(/[_-]/g, "").toLowerCase();
}

/** Returns the object or list in a JSON text, else undefined. */
export function jsonIn(text: string): object | undefined {
  if (!/^\s*[[{][^]*[\]}]\s*$/.test(text)) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

/** Deeper values are rejected, so recursion is safe. */
const DEPTH = 64;

/** Whether a value is at most `DEPTH` deep. Not recursive: a deeper one could overflow the stack. */
export function isFlat(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; depth <= DEPTH; depth += 1) {
    const inner: unknown[] = [];
    for (const one of level) {
      if (typeof one === "object" && one !== null) for (const each of Object.values(one)) inner.push(each);
    }
    if (inner.length === 0) return true;
    level = inner;
  }
  return false;
}

const WRAPPINGS = ["data", "result", "response", "payload", "body", "value"];

/** Unwraps an answer: takes its `data` if any, then removes up to three wrappers around a list or object. */
export function unwrap(body: unknown): unknown {
  let value = isFields(body) && Object.hasOwn(body, "data") ? body["data"] : body;
  if (typeof value === "string" && value !== body) {
    const inner = jsonIn(value);
    if (isFlat(inner)) value = inner ?? value;
  }
  for (let depth = 0; depth < 3 && isFields(value) && !Object.hasOwn(value, "id"); depth += 1) {
    const inner = first(value, ...WRAPPINGS);
    if (typeof inner !== "object") break;
    value = inner;
  }
  return value;
}

/** Returns the element of a list of one, else the value. */
export function onlyOne(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}
