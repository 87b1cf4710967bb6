import { cleanText } from "../../shared/text";
import { type Fields, first, isFields } from "./fields";

/** A gateway's error message. */
export interface ErrorText {
  /** `error.code`, or an exception's name. */
  code: string;
  message: string;
  details: string;
  status?: number;
  /** Whether WhatsApp itself refused; engines pass its words on. */
  isWhatsApp: boolean;
}

/** Engines pass these on in a 500; nothing was done. */
const WHATSAPP =
  /(?:^|\b(?:Error|failed): ?)(forbidden|conflict|gone)\b|\b(not-authorized|item-not-found|not-acceptable|bad-request|not-allowed|resource-limit)\b/i;

/** Long texts slow the patterns down. */
const LONGEST = 1000;

/** Reads a body's error message. */
export function errorTextOf(given: unknown): ErrorText {
  const listed: unknown = isFields(given) ? first(given, "errors") : given;
  const body: unknown = Array.isArray(listed) && listed.length > 0 ? listed[0] : given;
  if (typeof body === "string") return { code: "", message: body.slice(0, LONGEST), details: "", isWhatsApp: false };
  if (!isFields(body)) return { code: "", message: "", details: "", isWhatsApp: false };
  const error = first(body, "error");
  const exception = first(body, "exception");
  const source: Fields = isFields(error) ? error : isFields(exception) ? exception : body;
  const name = first(source, "name");
  // The name "Error" says nothing.
  const named = name === "Error" ? undefined : name;
  const code = first(source, "code") ?? named ?? (isFields(error) ? undefined : first(body, "code"));
  const sentence =
    textOf(first(source, "message", "detail", "msg", "description")) ||
    (typeof error === "string" ? error : "") ||
    textOf(body["message"]);
  const message = sentence.slice(0, LONGEST);
  const status =
    first(body, "statusCode") ?? first(source, "statusCode", "status", "errorCode") ?? first(source, "code");
  return {
    code: typeof code === "string" || typeof code === "number" ? String(code).slice(0, LONGEST) : "",
    message,
    details: textOf(first(source, "details", "errors")).slice(0, LONGEST),
    ...(typeof status === "number" ? { status } : {}),
    isWhatsApp: WHATSAPP.test(message),
  };
}

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

/** Removes markup, stack traces, keys, tokens and phone numbers; shortens to 200 characters. */
export function cleanDetail(text: string, key: string): string {
  const bare = text
    .slice(0, 10_000)
    .replace(
      /(^|\s)(at\s+(async\s+)?[\w$.<>[\] ]+\s?\(|at\s+\S+:\d+:\d+|Traceback \(most recent|File ".*", line \d)[\s\S]*$/,
      " ",
    )
    .replace(/<[^>]*>?/g, " ");
  const silent = (key === "" ? bare : bare.replaceAll(key, "…"))
    .replace(/\bBearer\s+\S+/gi, "…")
    .replace(/\b(wappfy_sk|sk|pk|key|token)[_-]\w{6,}/gi, "…")
    // Keys, hashes, JSON web tokens.
    .replace(/[\w.~+/=-]{20,}/g, (run) => (/\d/.test(run) && /[a-z]/i.test(run) ? "…" : run))
    .replace(/\+?\d[\d\s().:-]{4,}\d/g, (run) => (run.replace(/\D/g, "").length >= 7 ? "…" : run))
    .replace(/…(@(s\.whatsapp\.net|c\.us|g\.us|lid))/g, "…");
  return cleanText(silent, 200);
}
