import { first, isFields } from "./fields";
import type { Secret } from "./secret";

/** More levels than this are no answer of a gateway; what walks through a value may rely on it. */
const DEPTH = 64;

/**
 * Body as JSON where it is some, else as text. HTML is nothing that we read, whatever is in it; but a single word is one
 * (an invite code, a link, `true`), since frameworks send bare strings as `text/html`.
 */
export function parse(given: string, type: string): { body: unknown; isHtml: boolean; isBroken: boolean } {
  const text = given.trim();
  if (text === "") return { body: undefined, isHtml: false, isBroken: false };
  const isReadable = type === "" || /json|^text\/(?!html|xml)/i.test(type) || /^"?[\w.:/?=&-]+"?$/.test(text);
  if (!isReadable || text.startsWith("<")) return { body: undefined, isHtml: true, isBroken: false };
  try {
    const body: unknown = JSON.parse(text);
    return isFlat(body) ? { body, isHtml: false, isBroken: false } : { body: undefined, isHtml: false, isBroken: true };
  } catch {
    // Not JSON: an invite code or "OK" may come as plain text.
    return { body: text, isHtml: false, isBroken: /json/i.test(type) || /^[[{"]/.test(text) };
  }
}

/** Whether a value has no more than `DEPTH` levels; found level by level, because recursion would overflow the stack. */
function isFlat(value: unknown): boolean {
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

/**
 * A gateway that echoes the key must not bring it into the store or onto a screen. Masked after parsing,
 * because JSON has many spellings of one text. What is as short as a word is no key to look for.
 */
export function withoutKey(body: unknown, secret: Secret): unknown {
  const key = secret.reveal();
  const found = JSON.stringify(key).slice(1, -1);
  const text = key.length < 16 ? undefined : (JSON.stringify(body) as string | undefined);
  return text?.includes(found) ? (JSON.parse(text.replaceAll(found, "…")) as unknown) : body;
}

/** `meta` of the general envelope, or the headers that serve for it; the key in neither. */
export function readMeta(body: unknown, headers: Headers, secret: Secret): { requestId?: string; timestamp?: number } {
  const meta = isFields(body) && isFields(body["meta"]) ? body["meta"] : {};
  const id = first(meta, "requestId", "request_id") ?? headers.get("x-request-id");
  const given = first(meta, "timestamp");
  const timestamp = typeof given === "string" ? Date.parse(given) : Number.NaN;
  return {
    ...(typeof id === "string" && /^[\w.:-]{1,100}$/.test(id) && !id.includes(secret.reveal())
      ? { requestId: id }
      : {}),
    ...(Number.isNaN(timestamp) ? {} : { timestamp }),
  };
}
