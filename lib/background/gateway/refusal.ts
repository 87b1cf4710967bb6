import type { FailureCode } from "../../shared/model";
import { cleanText } from "../../shared/text";
import type { Certainty } from "./answer";
import type { Operation } from "./dialects";
import { saysPending } from "./read-calls";
import { type Fields, first, isFields, unwrap } from "./fields";

/** An answer that says no, in our words. */
export interface Refusal {
  code: FailureCode;
  certainty: Certainty;
  serverCode?: string;
  detail?: string;
  /** A join that waits for an admin, told as an error. */
  isPending?: boolean;
  /** A 404 that does not say what was not found. */
  isVague?: boolean;
}

/** What the gateway says of a failure, whichever way it says it (rule 5.15). */
interface Said {
  /** `error.code`, or the name of an exception. */
  code: string;
  message: string;
  details: string;
  /** A status in the body, which a 2xx around it does not tell. */
  status?: number;
  /** Whether the message is WhatsApp's own word for its refusal, passed on by the engine. */
  isWhatsApp: boolean;
}

/** Statuses of the documented codes (contract, section 4.3), for errors inside a 2xx. */
const STATUSES: Record<string, number> = {
  VALIDATION_ERROR: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  INSTANCE_NOT_FOUND: 404,
  GROUP_NOT_FOUND: 404,
  PLAN_LIMIT_REACHED: 409,
  CONFLICT: 409,
  RATE_LIMIT_EXCEEDED: 429,
  INTERNAL_ERROR: 500,
};

/** Words with which WhatsApp itself refuses; engines pass them on inside a 500, although nothing was done. */
const WHATSAPP =
  /(?:^|\b(?:Error|failed): ?)(forbidden|conflict|gone)\b|\b(not-authorized|item-not-found|not-acceptable|bad-request|not-allowed|resource-limit)\b/i;

/** Sentences that leave open whether something was done, whatever else they say. */
const UNSURE = /tim(e|ed)[ -]?out|partial|some (of|participants|members|numbers)|may have|lost|closed|reset|aborted/i;

const ADMIN =
  /\bnot (a |an |the )?(group )?admin|\badmins? (only|rights?|permissions?|privileges?)|only (group )?admins?\b|(must|need to|has to) be (a |an |the )?(group )?admin|requires? (an )?admin/i;
const ALREADY = /\balready (a |an |in|on|joined|member|participant|part|exists|added)/i;
const REVOKED =
  /(invite|invitation|link|code)\b.*\b(revoked|expired|invalid|not valid|no longer|not found|reset|unknown)|(revoked|expired|invalid|unknown) (group )?(invite|invitation|link|code)/i;
const NO_GROUP = /\b(group|chat)\b.*\b(not found|does not exist|doesn't exist|unknown)|(no such|unknown) (group|chat)/i;

const OFF =
  /not[ _-](yet[ _-])?(connected|ready|logged[ _-]in|authenticated)|disconnected|scan[ _-]?qr|logged[ _-]?out|connection[ _-]closed|session[ _-](status|is not|not started|stopped|failed)|instance[ _-](is )?(offline|stopped|not[ _-](running|started|open))/i;
const FULL =
  /group[ _-]?(is[ _-])?full|is full|resource-limit|participants?[ _-]limit|too many (participants|members)/i;
const SELF = /(remove|kick|delete|expel)\w*\s+(your|it|one|my)?self\b|\bown (number|account)\b/i;
const INVITE = /invite|invitation|link|code|revoked|expired|gone|not-acceptable|item-not-found|bad-request/i;
const NOT_IN = /(not|no longer) (a |an )?(member|participant)|not in (the |this |that )?group|not part of/i;
const ROUTE =
  /cannot (get|post|put|patch|delete) \/|(no|unknown) (such )?(route|endpoint)|(route|endpoint)[ _]not[ _]found/i;

/** Whether a body says no, although its status may say yes (rules 5.1 and 5.15). */
export function isRefusal(body: unknown): boolean {
  if (!isFields(body)) return false;
  if (body["success"] === false) return true;
  const error = first(body, "error");
  if (error !== undefined && error !== false && error !== "") return true;
  const status = first(body, "statusCode");
  return typeof status === "number" && status >= 400;
}

/**
 * Reads an answer that says no: a status from 300 on, a body that says so inside a 2xx, or a bare `false`, which is how
 * the engines tell a missing permission (rule 5.8). `body` is parsed JSON, text that is none, or undefined when there is
 * nothing or only HTML (`isHtml`). `key` is kept out of what is shown.
 */
export function readRefusal(
  operation: Operation,
  answer: { status: number; body: unknown; isHtml?: boolean },
  key: string,
): Refusal {
  const said = sayingOf(answer.body);
  const isInside = answer.status < 300;
  const status = isInside ? (said.status ?? STATUSES[said.code.toUpperCase()] ?? 0) : answer.status;
  const code =
    isInside && unwrap(answer.body) === false
      ? isOfGroup(operation)
        ? "not-admin"
        : "no-right"
      : codeOf(operation, status, said, answer);
  const sentence = codeBySentence(operation, said);
  // A server in trouble has all kinds of things pending; only a request for membership is meant.
  const saysWaiting =
    status < 500
      ? saysPending(`${said.code} ${said.message}`)
      : /approval|(join|membership) request/i.test(said.message);
  const isPending = operation === "join" && status >= 400 && status !== 429 && saysWaiting;
  // Of several people, "already" inside a 2xx may be about one of them, and the others are in.
  const isOfOne = sentence !== "already-in" && sentence !== "not-in";
  const isClear = isPending || (sentence !== undefined && (status > 0 || operation === "join" || isOfOne));
  const detail = cleanDetail([said.message, said.details].filter((part) => part !== "").join(" "), key);
  const serverCode = said.code.replace(/[^\w.-]+/g, "_").slice(0, 64);
  return {
    code,
    certainty: certaintyOf(status, said, isInside ? answer.body : undefined, isClear),
    ...(serverCode === "" || (key !== "" && said.code.includes(key)) ? {} : { serverCode }),
    ...(detail === "" ? {} : { detail }),
    ...(isPending ? { isPending } : {}),
    ...(status === 404 && code === "group-gone" && !isNamed(said) ? { isVague: true } : {}),
  };
}

/** Whether the gateway said no before it acted. What nobody can know is `unknown`. */
function certaintyOf(status: number, said: Said, inside: unknown, isClear: boolean): Certainty {
  if (inside !== undefined && unwrap(inside) === false) return "refused";
  // A proxy's 429 says nothing about the gateway behind it (security, 6.3).
  if (status === 429) return said.code === "RATE_LIMIT_EXCEEDED" ? "refused" : "unknown";
  // 0: an error inside a 2xx that names neither a code that we know nor a status may come after half of the work.
  // 303 is how a server answers after it acted, and the browser does not tell which 3xx it was. 408 and 499: it gave up.
  if (status === 0 && isClear) return "refused";
  if (status < 400 || status === 408 || status === 499) return "unknown";
  if (status === 501) return "refused";
  return status < 500 || isClear ? "refused" : "unknown";
}

/**
 * What a sentence of the engine says, under whatever status it comes; undefined when it does not say it clearly. Each
 * means that nothing was done. The engines behind a gateway answer most refusals with a 500 and a plain sentence.
 */
function codeBySentence(operation: Operation, { message, isWhatsApp }: Said): FailureCode | undefined {
  if (message === "" || UNSURE.test(message)) return undefined;
  const isJoin = operation === "join";
  if ((isJoin || operation === "add") && FULL.test(message)) return "group-full";
  if ((isJoin || operation === "add" || operation === "create") && ALREADY.test(message)) return "already-in";
  if (isJoin) {
    if (isWhatsApp && /conflict/i.test(message)) return "already-in";
    return isWhatsApp || REVOKED.test(message) || NO_GROUP.test(message) ? "invite-invalid" : undefined;
  }
  if (operation === "remove" && SELF.test(message)) return "is-self";
  if (ADMIN.test(message)) return "not-admin";
  if (NOT_IN.test(message)) return operation === "remove" ? "not-in" : "group-gone";
  if (NO_GROUP.test(message) || (/item-not-found/i.test(message) && isOfGroup(operation))) return "group-gone";
  if (!isWhatsApp) return undefined;
  if (!/not-authorized|forbidden|not-allowed/i.test(message)) return "rejected";
  // Reading a group and leaving it are open to every member: who may not is none.
  if (["group", "members", "leave"].includes(operation)) return "group-gone";
  return isOfGroup(operation) ? "not-admin" : "no-right";
}

/** 403, 404 and 409 mean different things in different places: the gateway's own code decides, then place and status. */
function codeOf(
  operation: Operation,
  status: number,
  said: Said,
  { body, isHtml = false }: { body: unknown; isHtml?: boolean },
): FailureCode {
  const word = said.code.toUpperCase();
  const text = `${said.code} ${said.message}`;
  const isJoin = operation === "join";
  if (status >= 300 && status < 400) return "redirected";
  if (status === 429 || word === "RATE_LIMIT_EXCEEDED") return "rate-limited";
  if (status === 401 || word === "UNAUTHORIZED") return "key-refused";
  if (word === "PLAN_LIMIT_REACHED" || status === 402) return "plan-limit";
  if (/^(INSTANCE|SESSION)_NOT_FOUND$/.test(word)) return "instance-gone";
  if (/^GROUP_NOT_FOUND$/.test(word)) return isJoin ? "invite-invalid" : "group-gone";
  if (OFF.test(text)) return "instance-off";
  if ((isJoin || operation === "add") && (FULL.test(text) || status === 419)) return "group-full";
  if (status === 405 || status === 501) return "no-route";

  if (operation === "remove" && SELF.test(said.message)) return "is-self";
  if (status >= 500) return codeBySentence(operation, said) ?? "gateway-down";

  switch (status) {
    case 403: {
      if (/api[ _-]?key|token|scope/i.test(text)) return "no-right";
      const meant = codeBySentence(operation, said);
      if (meant !== undefined && meant !== "rejected") return meant;
      if (operation === "leave" || operation === "group") return NOT_IN.test(text) ? "group-gone" : "no-right";
      return isOfGroup(operation) || /admin/i.test(said.message) ? "not-admin" : "no-right";
    }
    case 404: {
      if (
        /(instance|session)\b.*(not found|does not exist|unknown)/i.test(said.message) &&
        !/group/i.test(said.message)
      )
        return "instance-gone";
      if (ROUTE.test(text) || isHtml || (typeof body === "string" && body !== "")) return "no-route";
      if (isJoin) return "invite-invalid";
      if (/participant|number|phone|recipient|contact/i.test(said.message) && !/group/i.test(said.message))
        return "rejected";
      if (isOfGroup(operation) || operation === "send") return "group-gone";
      // Of the other calls, only the instance can be missing; two of them may not exist at all (contract, section 3).
      return operation === "instances" || operation === "check" ? "no-route" : "instance-gone";
    }
    case 406:
    case 410:
      return isJoin ? "invite-invalid" : status === 410 && isOfGroup(operation) ? "group-gone" : "rejected";
    case 408:
      return "timeout";
    case 409: {
      if (operation === "add" || /already/i.test(text)) return "already-in";
      if (operation === "remove" || NOT_IN.test(text)) return "not-in";
      if (isJoin && word === "CONFLICT") return "already-in";
      return "plan-limit";
    }
    case 400:
    case 422:
      if (isJoin && (said.message === "" || INVITE.test(text)))
        return codeBySentence(operation, said) ?? "invite-invalid";
      return codeBySentence(operation, said) ?? "rejected";
    default:
      return codeBySentence(operation, said) ?? "rejected";
  }
}

/** Whether it says that it is the group which was not found. */
function isNamed({ code, message }: Said): boolean {
  return /group/i.test(code) || /group|chat|member|participant/i.test(message);
}

/** Calls in whose path stands a group, so that its admins have a say. */
function isOfGroup(operation: Operation): boolean {
  return ["group", "update", "leave", "members", "add", "remove", "invite"].includes(operation);
}

/** Characters of a sentence of the server that are looked at: its patterns seek one word behind another. */
const LONGEST = 1000;

function sayingOf(body: unknown): Said {
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
