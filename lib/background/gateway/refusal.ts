import type { FailureCode } from "../../shared/model";
import type { Certainty } from "./answer";
import type { Operation } from "./dialects";
import { saysPending } from "./read-calls";
import { first, isFields, unwrap } from "./fields";
import { cleanDetail, type ErrorText, errorTextOf } from "./error-text";
import { readGroup } from "./read-groups";
import { readResults } from "./read-results";

/** An answer that declines the call. */
export interface Refusal {
  code: FailureCode;
  certainty: Certainty;
  serverCode?: string;
  detail?: string;
  isPending?: boolean;
  isVague?: boolean;
}

/** For errors inside a 2xx. */
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

/** These leave open whether anything was done. */
const UNSURE = /tim(e|ed)[ -]?out|partial|some (of|participants|members|numbers)|may have|lost|closed|reset|aborted/i;

const ADMIN =
  /\bnot (a |an |the )?(group )?admin|\badmins? (only|rights?|permissions?|privileges?)|(?<!\b(?:the|an|last) )only (group )?admins?\b|(must|need to|has to) be (a |an |the )?(group )?admin|requires? (an )?admin/i;
const ALREADY = /\balready (a |an |in(?! (progress|use)\b)|on|joined|member|participant|part|exists|added)/i;
const REVOKED =
  /(invite|invitation|link|code)\b.*\b(revoked|expired|invalid|not valid|no longer|not found|reset|unknown)|(revoked|expired|invalid|unknown) (group )?(invite|invitation|link|code)/i;
/** About a person, not us. */
const PRIVACY = /privacy|contacts only|cannot be added|can't be added/i;
const NO_GROUP = /\b(group|chat)\b.*\b(not found|does not exist|doesn't exist|unknown)|(no such|unknown) (group|chat)/i;

const OFF =
  /not[ _-](yet[ _-])?(connected|ready|logged[ _-]in|authenticated)|disconnected|scan[ _-]?qr|logged[ _-]?out|connection[ _-]closed|(session|stream|connection)[ _:-]*(conflict|replaced)|session[ _-](status|is not|not started|stopped|failed)|instance[ _-](is )?(offline|stopped|not[ _-](running|started|open))/i;
const FULL =
  /group[ _-]?(is[ _-])?full|is full|resource-limit|participants?[ _-]limit|too many (participants|members)/i;
const SELF = /(remove|kick|delete|expel)\w*\s+(your|it|one|my)?self\b|\bown (number|account)\b/i;
const BUSY = /\b(in progress|busy|locked|syncing|try again)\b/i;
const PLAN = /quota|subscription|billing|payment|trial|licen[cs]e|\b(your|free) plan\b/i;
const LIMIT = /limit|maximum|exceeded|upgrade|too many/i;
/** WhatsApp limits the account. */
const RESTRICTED = /restricted|banned|suspended/i;
const INVITE = /invite|invitation|link|code|revoked|expired|gone|not-acceptable|item-not-found|bad-request/i;
const NOT_IN = /(not|no longer) (a |an )?(member|participant)|not in (the |this |that )?group|not part of/i;
const ROUTE =
  /cannot (get|post|put|patch|delete) \/|(no|unknown) (such )?(route|endpoint)|\b(route|endpoint|url|page)(_not_found|\b.*\bnot (be )?found)/i;

/** Whether a body reports an error, even in a 2xx. */
export function isRefusal(body: unknown): boolean {
  if (!isFields(body)) return false;
  const hasData = first(body, "data", "result") !== undefined;
  const flag = first(body, "success", "ok");
  if (body["success"] === false || (!hasData && (flag === false || flag === 0 || flag === "false"))) return true;
  const error = first(body, "error");
  if (error !== undefined && error !== false && error !== "" && error !== 0 && !isEmpty(error)) return true;
  const errors = first(body, "errors");
  if (!hasData && Array.isArray(errors) && errors.length > 0) return true;
  const status = first(body, "statusCode");
  if (typeof status === "number") return status >= 400;
  const { status: word, code } = body;
  const isError = typeof word === "string" && /^(?:error|fail|failed)$/i.test(word);
  return !hasData && ((isError && first(body, "id") === undefined) || isStatus(word) || isStatus(code));
}

/**
 * Whether a 2xx with an error tells what became of single people, so it refuses only them. Not if its sentence is about
 * the group or our rights; for a new group, only if it names that group.
 */
export function isOfPeople(operation: Operation, asked: string[], body: unknown): boolean {
  if (operation === "create") return readGroup(body) !== undefined;
  if (operation !== "add" && operation !== "remove") return false;
  const results = readResults(body, asked, operation);
  if (results.some(({ outcome }) => outcome === "ok")) return true;
  const meant = codeBySentence(operation, errorTextOf(body));
  const isOfAll = meant === "not-admin" || meant === "group-gone" || meant === "group-full";
  return !isOfAll && results.some(({ outcome }) => outcome !== "unknown");
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

/** WhatsApp's 421 means that an admin must approve. */
function isStatus(value: unknown): boolean {
  return typeof value === "number" && value >= 400 && value < 600 && value !== 421;
}

/**
 * Reads a refusal: a status from 300, an error inside a 2xx, or a bare `false` (the engine lacks permission). `body` is
 * undefined if empty or HTML. Masks `key`.
 */
export function readRefusal(
  operation: Operation,
  answer: { status: number; body: unknown; isHtml?: boolean },
  key: string,
): Refusal {
  const error = errorTextOf(answer.body);
  const isInside = answer.status < 300;
  const status = isInside ? (error.status ?? STATUSES[error.code.toUpperCase()] ?? 0) : answer.status;
  const code =
    isInside && unwrap(answer.body) === false
      ? isOfGroup(operation)
        ? "not-admin"
        : "no-right"
      : codeOf(operation, status, error, answer);
  const sentence = codeBySentence(operation, error);
  // A 5xx may call anything pending; only membership counts.
  const saysWaiting =
    status < 500
      ? saysPending(`${error.code} ${error.message}`)
      : /approval|(join|membership) request/i.test(error.message);
  const isPending = operation === "join" && status >= 400 && status !== 429 && saysWaiting;
  // With several people, "already" may concern only one.
  const isOfOne = sentence !== "already-in" && sentence !== "not-in";
  const isClear = isPending || (sentence !== undefined && (status > 0 || operation === "join" || isOfOne));
  const detail = cleanDetail([error.message, error.details].filter((part) => part !== "").join(" "), key);
  const serverCode = error.code.replace(/[^\w.-]+/g, "_").slice(0, 64);
  return {
    code,
    certainty: certaintyOf(status, error, isInside ? answer.body : undefined, isClear),
    ...(serverCode === "" || (key !== "" && error.code.includes(key)) ? {} : { serverCode }),
    ...(detail === "" ? {} : { detail }),
    ...(isPending ? { isPending } : {}),
    ...(code === "group-gone" && isVague(status, error) ? { isVague: true } : {}),
  };
}

/** `unknown` if the gateway may have acted. */
function certaintyOf(status: number, error: ErrorText, inside: unknown, isClear: boolean): Certainty {
  if (inside !== undefined && unwrap(inside) === false) return "refused";
  // A proxy's 429 says nothing about the gateway.
  if (status === 429) return error.code === "RATE_LIMIT_EXCEEDED" ? "refused" : "unknown";
  // 0: an error inside a 2xx without code or status; half may be done. 303 is sent after acting, and browsers hide
  // which 3xx it was. 408, 499: the server gave up.
  if (status === 0 && isClear) return "refused";
  if (status < 400 || status === 408 || status === 499) return "unknown";
  if (status === 501) return "refused";
  return status < 500 || isClear ? "refused" : "unknown";
}

/** Reads an engine's sentence, whatever the status (usually 500). A clear one means that nothing was done. */
function codeBySentence(operation: Operation, { message, isWhatsApp }: ErrorText): FailureCode | undefined {
  if (message === "" || UNSURE.test(message)) return undefined;
  const isJoin = operation === "join";
  if ((isJoin || operation === "add") && FULL.test(message)) return "group-full";
  if (operation === "create" && ALREADY.test(message)) return "rejected";
  if ((isJoin || operation === "add") && ALREADY.test(message)) return "already-in";
  if (isJoin) {
    if (isWhatsApp && /conflict/i.test(message)) return "already-in";
    return isWhatsApp || REVOKED.test(message) || NO_GROUP.test(message) ? "invite-invalid" : undefined;
  }
  if (operation === "remove" && SELF.test(message)) return "is-self";
  if (operation === "add" && PRIVACY.test(message)) return "rejected";
  if (ADMIN.test(message)) return "not-admin";
  if (NOT_IN.test(message)) return operation === "remove" ? "not-in" : "group-gone";
  if (NO_GROUP.test(message) || (/item-not-found/i.test(message) && isOfGroup(operation))) return "group-gone";
  if (!isWhatsApp) return undefined;
  if (!/not-authorized|forbidden|not-allowed/i.test(message)) return "rejected";
  // Members may always read and leave, so we are none.
  if (["group", "members", "leave"].includes(operation)) return "group-gone";
  return isOfGroup(operation) ? "not-admin" : "no-right";
}

/** 403, 404 and 409 are ambiguous: the gateway's code decides first. */
function codeOf(
  operation: Operation,
  status: number,
  error: ErrorText,
  { body, isHtml = false }: { body: unknown; isHtml?: boolean },
): FailureCode {
  const word = error.code.toUpperCase();
  const text = `${error.code} ${error.message}`;
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

  if (operation === "remove" && SELF.test(error.message)) return "is-self";
  if (status >= 500) return codeBySentence(operation, error) ?? "gateway-down";

  switch (status) {
    case 403: {
      if (/api[ _-]?key|token|scope/i.test(text) || RESTRICTED.test(text)) return "no-right";
      if (PLAN.test(text)) return "plan-limit";
      const isWhatsApp = error.isWhatsApp && (operation === "leave" || !isPhrase(error));
      const meant = codeBySentence(operation, { ...error, isWhatsApp });
      if (meant !== undefined && (meant !== "rejected" || PRIVACY.test(error.message))) return meant;
      if (operation === "leave" || operation === "group") return NOT_IN.test(text) ? "group-gone" : "no-right";
      return isOfGroup(operation) || /admin/i.test(error.message) ? "not-admin" : "no-right";
    }
    case 404:
      return notFound(operation, error, isHtml || (typeof body === "string" && body !== ""));
    case 406:
    case 410:
      return isJoin ? "invite-invalid" : status === 410 && isOfGroup(operation) ? "group-gone" : "rejected";
    case 408:
      return "timeout";
    case 409: {
      if (BUSY.test(text)) return "gateway-down";
      if (operation === "create" && ALREADY.test(text)) return "rejected";
      if (operation === "add" || /already/i.test(text)) return "already-in";
      if (operation === "remove" || NOT_IN.test(text)) return "not-in";
      if (isJoin && word === "CONFLICT") return "already-in";
      // For other calls, a 409 is documented only for the plan limit.
      return isSentence(error.message) && !LIMIT.test(text) && !PLAN.test(text) ? "rejected" : "plan-limit";
    }
    case 400:
    case 422:
      if (isJoin && (error.message === "" || INVITE.test(text)))
        return codeBySentence(operation, error) ?? "invite-invalid";
      return codeBySentence(operation, error) ?? "rejected";
    default:
      return codeBySentence(operation, error) ?? "rejected";
  }
}

/** `isOfServer`: HTML or bare text, not the gateway's. */
function notFound(operation: Operation, { code, message }: ErrorText, isOfServer: boolean): FailureCode {
  const isAboutGroup = /group/i.test(message);
  if (/(instance|session)\b.*(not found|does not exist|unknown)/i.test(message) && !isAboutGroup)
    return "instance-gone";
  const isGroupMissing = NO_GROUP.test(message) && operation !== "join";
  if (ROUTE.test(`${code} ${message}`) || (isOfServer && !isGroupMissing)) return "no-route";
  if (operation === "join") return "invite-invalid";
  const isAboutPerson =
    /participant|number|phone|recipient|contact/i.test(message) ||
    ((operation === "add" || operation === "remove") && /user|jid|whatsapp/i.test(`${code} ${message}`));
  if (isAboutPerson && !isAboutGroup) return "rejected";
  if (isOfGroup(operation) || operation === "send") return "group-gone";
  // The rest need only the instance; these three may be missing routes.
  return operation === "instances" || operation === "check" || operation === "contacts" ? "no-route" : "instance-gone";
}

/** HTTP's own word for 403, in frameworks' spelling: it may be about the key. */
function isPhrase({ message }: ErrorText): boolean {
  return /^\W*forbidden\b/i.test(message);
}

function isSentence(message: string): boolean {
  return /\p{L}\s+\p{L}/u.test(message.trim());
}

/** Whether the group may be there: a 404 that names neither it nor its members, or a 403 that says no more. */
function isVague(status: number, error: ErrorText): boolean {
  const { code, message } = error;
  if (status === 404) return !/group/i.test(code) && !/group|chat|member|participant/i.test(message);
  return status === 403 && isPhrase(error) && !NOT_IN.test(message);
}

/** Whether the call concerns one existing group. */
function isOfGroup(operation: Operation): boolean {
  return ["group", "update", "leave", "members", "add", "remove", "invite"].includes(operation);
}
