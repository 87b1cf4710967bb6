import { first, isFields, isFlat, jsonIn } from "./fields";
import type { Secret } from "./secret";

/**
 * Parses a body as JSON, else text. Drops HTML, but not single words (invite code, `true`) that frameworks send as
 * `text/html`.
 */
export function parse(given: string, type: string): { body: unknown; isHtml: boolean; isBroken: boolean } {
  // Some servers prefix a guard against scripts.
  const text = given.trim().replace(/^\)\]\}',?\s*/, "");
  if (text === "") return { body: undefined, isHtml: false, isBroken: false };
  const isReadable =
    type === "" || /json|^text\/(?!html|xml)/i.test(type) || /^"?[\w.:/?=&-]+"?$/.test(text) || isFilled(text);
  if (!isReadable || text.startsWith("<")) return { body: undefined, isHtml: true, isBroken: false };
  try {
    const once: unknown = JSON.parse(text);
    // JSON in a JSON string.
    const body: unknown = typeof once === "string" ? (jsonIn(once) ?? once) : once;
    return isFlat(body) ? { body, isHtml: false, isBroken: false } : { body: undefined, isHtml: false, isBroken: true };
  } catch {
    return { body: text, isHtml: false, isBroken: /json/i.test(type) || /^[[{"]/.test(text) };
  }
}

/** JSON with content is no page, whatever its type. */
function isFilled(text: string): boolean {
  return /\w/.test(text) && jsonIn(text) !== undefined;
}

/** Masks an echoed key, however the JSON escaped it. Keys under 16 characters stay: they may be ordinary words. */
export function withoutKey(body: unknown, secret: Secret): unknown {
  const key = secret.reveal();
  const found = JSON.stringify(key).slice(1, -1);
  const text = key.length < 16 ? undefined : (JSON.stringify(body) as string | undefined);
  return text?.includes(found) ? (JSON.parse(text.replaceAll(found, "…")) as unknown) : body;
}

/** Reads the request id, unless it contains the key, and the gateway's time (ms). */
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
