import type { FailureCode } from "../../shared/model";
import type { Certainty } from "./answer";
import type { Operation } from "./dialects";
import { saysPending } from "./read-calls";
import { first, isFields, unwrap } from "./fields";
import { cleanDetail, type Said, sayingOf } from "./saying";

/** An answer that says no, in our words. */
export interface Refusal {
  code: FailureCode;
  certainty: Certainty;
  serverCode?: string;
  detail?: string;
  /** A join that waits for an admin, answered as an error. */
  isPending?: boolean;
  /** A 404 that does not say what was not found. */
  isVague?: boolean;
}

/** Statuses of the documented codes, for errors inside a 2xx. */
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

/** Whether a body says no, although its status may say yes. */
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
 * the engines tell a missing permission. `body` is parsed JSON, text that is none, or undefined when there is
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

/** Whether the gateway refused before it acted; `unknown` where the answer leaves that open. */
function certaintyOf(status: number, said: Said, inside: unknown, isClear: boolean): Certainty {
  if (inside !== undefined && unwrap(inside) === false) return "refused";
  // A proxy's 429 says nothing about the gateway behind it.
  if (status === 429) return said.code === "RATE_LIMIT_EXCEEDED" ? "refused" : "unknown";
  // 0: an error inside a 2xx that names neither a code that we know nor a status may come after half of the work.
  // A server answers 303 after it acted, and the browser hides which 3xx it was. 408 and 499: it gave up.
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
    case 404:
      return notFound(operation, said, isHtml || (typeof body === "string" && body !== ""));
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

/** What a 404 did not find. `isOfServer`: the answer is a page or a bare text, so that the gateway never saw the call. */
function notFound(operation: Operation, { code, message }: Said, isOfServer: boolean): FailureCode {
  const isAboutGroup = /group/i.test(message);
  if (/(instance|session)\b.*(not found|does not exist|unknown)/i.test(message) && !isAboutGroup)
    return "instance-gone";
  if (ROUTE.test(`${code} ${message}`) || isOfServer) return "no-route";
  if (operation === "join") return "invite-invalid";
  if (/participant|number|phone|recipient|contact/i.test(message) && !isAboutGroup) return "rejected";
  if (isOfGroup(operation) || operation === "send") return "group-gone";
  // Of the other calls, only the instance can be missing; two of them may not exist at all.
  return operation === "instances" || operation === "check" ? "no-route" : "instance-gone";
}

/** Whether it says that it is the group which was not found. */
function isNamed({ code, message }: Said): boolean {
  return /group/i.test(code) || /group|chat|member|participant/i.test(message);
}

/** Calls in whose path stands a group, so that its admins have a say. */
function isOfGroup(operation: Operation): boolean {
  return ["group", "update", "leave", "members", "add", "remove", "invite"].includes(operation);
}
