import { cleanText } from "../../shared/text";
import { type Fields, first, isFields } from "./fields";

/** What a gateway says of a failure, and how much of it may be shown. */

/** What the gateway says of a failure, whichever way it says it. */
export interface Said {
  /** `error.code`, or the name of an exception. */
  code: string;
  message: string;
  details: string;
  /** A status in the body, which the 2xx around it hides. */
  status?: number;
  /** Whether the message is WhatsApp's own word for its refusal, passed on by the engine. */
  isWhatsApp: boolean;
}

/** Words with which WhatsApp itself refuses; engines pass them on inside a 500, although nothing was done. */
const WHATSAPP =
  /(?:^|\b(?:Error|failed): ?)(forbidden|conflict|gone)\b|\b(not-authorized|item-not-found|not-acceptable|bad-request|not-allowed|resource-limit)\b/i;

/** Characters of a sentence of the server that are looked at: its patterns seek one word behind another. */
const LONGEST = 1000;

/** What a body says of a failure; empty texts where it says nothing. */
export function sayingOf(body: unknown): Said {
  if (typeof body === "string") return { code: "", message: body.slice(0, LONGEST), details: "", isWhatsApp: false };
  if (!isFields(body)) return { code: "", message: "", details: "", isWhatsApp: false };
  const error = first(body, "error");
  const exception = first(body, "exception");
  const source: Fields = isFields(error) ? error : isFields(exception) ? exception : body;
  const name = first(source, "name");
  // That an exception is an error says nothing.
  const named = name === "Error" ? undefined : name;
  const code = first(source, "code") ?? named ?? (isFields(error) ? undefined : first(body, "code"));
  const saying =
    textOf(first(source, "message", "detail")) || (typeof error === "string" ? error : "") || textOf(body["message"]);
  const message = saying.slice(0, LONGEST);
  const status = first(body, "statusCode") ?? first(source, "statusCode", "status");
  return {
    code: typeof code === "string" || typeof code === "number" ? String(code).slice(0, LONGEST) : "",
    message,
    details: textOf(first(source, "details", "errors")).slice(0, LONGEST),
    ...(typeof status === "number" ? { status } : {}),
    isWhatsApp: WHATSAPP.test(message),
  };
}

/** Text out of what may be text, a list of it, or fields with it; empty when there is none. */
function textOf(value: unknown, depth = 0): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (depth > 2) return "";
  if (Array.isArray(value)) {
    return value
      .slice(0, 10)
      .map((one) => textOf(one, depth + 1))
      .filter((one) => one !== "")
      .join("; ");
  }
  if (!isFields(value)) return "";
  return Object.entries(value)
    .slice(0, 10)
    .map(([name, one]) => [name, textOf(one, depth + 1)])
    .filter(([, one]) => one !== "")
    .map(([name, one]) => `${name}: ${one}`)
    .join("; ");
}

/**
 * The server's sentence as it may be shown: without markup, stack traces, keys and tokens, and phone numbers, in at most
 * 200 characters.
 */
export function cleanDetail(text: string, key: string): string {
  const bare = text
    .slice(0, 10_000)
    // From the first line of a stack trace on, nothing is meant for people.
    .replace(
      /(^|\s)(at\s+(async\s+)?[\w$.<>[\] ]+\s?\(|at\s+\S+:\d+:\d+|Traceback \(most recent|File ".*", line \d)[\s\S]*$/,
      " ",
    )
    .replace(/<[^>]*>?/g, " ");
  const silent = (key === "" ? bare : bare.replaceAll(key, "…"))
    .replace(/\bBearer\s+\S+/gi, "…")
    .replace(/\b(wappfy_sk|sk|pk|key|token)[_-]\w{6,}/gi, "…")
    // Runs with letters and digits of a length that no word has: keys, hashes, JSON web tokens.
    .replace(/[\w.~+/=-]{20,}/g, (run) => (/\d/.test(run) && /[a-z]/i.test(run) ? "…" : run))
    .replace(/\+?\d[\d\s().:-]{4,}\d/g, (run) => (run.replace(/\D/g, "").length >= 7 ? "…" : run))
    .replace(/…(@(s\.whatsapp\.net|c\.us|g\.us|lid))/g, "…");
  return cleanText(silent, 200);
}
