import * as v from "valibot";
import type { Reason } from "../../shared/model";
import { isHidden, personKey } from "../../shared/person";
import type { PersonResult } from "./answer";
import { type Fields, first, isFields, fieldsOf, unwrap } from "./fields";
import { idText, isPersonKey, toPersonId } from "./values";
import { ID_FIELDS, PHONE_FIELDS } from "./read-members";

/** `ids`: all that may name the person. */
type ResultRow = Omit<PersonResult, "person"> & { ids: string[] };

/**
 * Reads individual results in every known shape: rows, values under person ids, lists of successes and failures. Rows
 * without an id, or with only a hidden one, get one from `asked` if unambiguous. Empty without results.
 */
export function readResults(body: unknown, asked: string[], operation: "add" | "remove" | "create"): PersonResult[] {
  const rows: ResultRow[] = [];
  const push = (row: unknown, names: string[], whole: "ok" | "failed" | undefined, isPlain: boolean) => {
    const result = resultOf(row, names, whole, isPlain, operation);
    if (result) rows.push(result);
  };

  const read = (value: unknown, isPlain: boolean): void => {
    if (Array.isArray(value)) {
      const unnamed = unnamedOf(value.filter(isFields), asked, operation);
      for (const row of value.filter(isFields)) {
        // `[{"5511…@c.us": {"code": 403}}]`
        if (Object.keys(row).length > 0 && Object.keys(row).every(isPersonKey)) read(row, isPlain);
        else push(row, idsOf(row).length > 0 ? [] : unnamed.splice(0, 1), undefined, isPlain);
      }
      return;
    }
    if (!isFields(value)) return;
    const entries = Object.entries(value);
    if (entries.length > 0 && entries.every(([key]) => isPersonKey(key))) {
      for (const [key, row] of entries) push(isFields(row) ? row : { status: row }, [key], undefined, isPlain);
      return;
    }
    if (idsOf(value).some((id) => asked.some((one) => keyOf(one) === keyOf(id)))) push(value, [], undefined, isPlain);
    for (const name of ["added", "removed", "success", "succeeded", "successful"]) {
      const list = first(value, name);
      if (Array.isArray(list)) for (const row of list) push(row, [], "ok", false);
    }
    for (const name of ["failed", "errors", "failures", "notAdded", "rejected"]) {
      const list = first(value, name);
      if (Array.isArray(list)) for (const row of list) push(row, [], "failed", false);
      else if (isFields(list) && Object.keys(list).every(isPersonKey)) {
        for (const [key, row] of Object.entries(list))
          push(isFields(row) ? row : { status: row }, [key], "failed", false);
      }
    }
    for (const name of ["results", "result", "updateParticipants", "items", "data"]) read(first(value, name), false);
    // An updated group's members look like rows; only a code or flag makes one a result.
    for (const name of ["participants", "members"]) read(first(value, name), true);
  };

  read(unwrap(body), false);
  return nameRows(rows, asked);
}

/**
 * Returns the people of rows without an id: those no other row names, if counts match and the rows agree. Order alone
 * would not prove who was refused.
 */
function unnamedOf(rows: Fields[], asked: string[], operation: "add" | "remove" | "create"): string[] {
  const named = new Set(rows.flatMap(idsOf).map(keyOf));
  const open = asked.filter((id) => !named.has(keyOf(id)));
  const results = rows
    .filter((row) => idsOf(row).length === 0)
    .map((row) => resultOf(row, ["unnamed"], undefined, false, operation));
  const areAlike = new Set(results.map((result) => `${result?.outcome} ${result?.code}`)).size === 1;
  return areAlike && results.length === open.length ? open : [];
}

/**
 * Matches rows with the requested people. A single unmatched pair belongs together: engines may know only a hidden id.
 */
function nameRows(rows: ResultRow[], asked: string[]): PersonResult[] {
  const open = new Map(asked.map((id) => [keyOf(id), id]));
  const isWhole = rows.length === open.size;
  const named = rows.map(({ ids, ...result }) => {
    const id = ids.find((one) => open.has(keyOf(one)));
    const person = id === undefined ? undefined : personKey(id) === keyOf(id) ? id : open.get(keyOf(id));
    if (id !== undefined) open.delete(keyOf(id));
    return { ...result, ids, person };
  });
  const [last] = open.values();
  const isOneLeft = isWhole && open.size === 1;
  return named.map(({ ids, person, ...result }) => {
    const unnamed = isOneLeft && isHidden(ids[0] ?? "") ? last : undefined;
    return { person: person ?? unnamed ?? ids[0] ?? "", ...result };
  });
}

function keyOf(id: string): string {
  return personKey(toPersonId(id) ?? id);
}

function idsOf(row: Fields): string[] {
  const content = first(row, "content");
  const attributes = isFields(content) ? first(content, "attrs") : undefined;
  const places = [row, ...(isFields(attributes) ? [attributes] : [])];
  return places
    .map(fieldsOf)
    .flatMap((field) => ["jid", ...ID_FIELDS, ...PHONE_FIELDS, "user", "chatId"].map((name) => field(name)))
    .flatMap((given) => {
      const text = v.safeParse(idText, given);
      return text.success && isPersonKey(text.output) ? [text.output] : [];
    });
}

/** `whole`: from a list of successes or failures. `isPlain`: perhaps an ordinary member. */
function resultOf(
  row: unknown,
  names: string[],
  whole: "ok" | "failed" | undefined,
  isPlain: boolean,
  operation: "add" | "remove" | "create",
): ResultRow | undefined {
  if (typeof row === "string") {
    return whole && isPersonKey(row) ? { ids: [row], outcome: whole === "ok" ? "ok" : "unknown", code: "" } : undefined;
  }
  if (!isFields(row)) return undefined;
  const ids = [...names, ...idsOf(row)];
  if (ids.length === 0) return undefined;

  const error = first(row, "error");
  const content = first(row, "content");
  const attributes = isFields(content) ? content["attrs"] : undefined;
  const codeFields = [
    first(row, "code"),
    first(row, "status"),
    first(row, "statusCode", "errorCode"),
    ...(isFields(error) ? [first(error, "code"), first(error, "status")] : [error]),
    isFields(attributes) ? attributes["error"] : undefined,
  ].filter((one) => typeof one === "string" || typeof one === "number");
  const codes = [...codeFields, row["reason"], row["result"]].map(codeOf).filter((one) => one !== undefined);
  const code = codes.find((one) => one >= 300) ?? codes[0];
  if (code !== undefined) return { ids, outcome: outcomeOf(code, operation), code: String(code) };
  // Some engines report "no error" as 0.
  if (error === 0 || error === "0") return { ids, outcome: "ok", code: "0" };

  const words = [
    ...codeFields,
    ...["message", "reason", "result", "detail"].map((name) => row[name]),
    ...(isFields(error) ? [error["message"]] : []),
  ].filter((one): one is string => typeof one === "string" && one !== "");
  const flag = [first(row, "success", "ok", "added", "removed")].find((one) => typeof one === "boolean");
  const text = words.join(" ");
  const short = (words[0] ?? "").replace(/[^\w.-]+/g, "_").slice(0, 40);
  if (
    flag === true ||
    /^(ok|success|succeeded|successful|added|removed|done|invited_to_group)$/i.test(words[0] ?? "")
  ) {
    return { ids, outcome: "ok", code: short };
  }
  if (flag === undefined && whole === undefined && (isPlain || words.length === 0)) return undefined;
  if (whole === "ok") return { ids, outcome: "ok", code: short };
  const outcome = reasonOf(text, operation);
  // An unknown word alone may mean anything.
  return outcome === "unknown" && flag === undefined && whole === undefined ? undefined : { ids, outcome, code: short };
}

/** Also reads "error 403". */
function codeOf(given: unknown): number | undefined {
  if (typeof given !== "string" && typeof given !== "number") return undefined;
  const digits = /^(?:[a-z][a-z _-]{0,20}[ :=_-])?([1-9]\d\d)$/i.exec(String(given).trim())?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function outcomeOf(code: number, operation: "add" | "remove" | "create"): PersonResult["outcome"] {
  if (code >= 200 && code < 300) return "ok";
  // Not found means already out, and privacy never forbids removal.
  if (operation === "remove") return code === 404 || code === 409 ? "already" : code === 403 ? "not-admin" : "unknown";
  const outcomes: Record<number, PersonResult["outcome"]> = {
    401: "blocked",
    403: "privacy",
    404: "not-on-whatsapp",
    408: "recently-left",
    409: "already",
    417: "community",
    419: "group-full",
    421: "approval",
    422: "invalid",
  };
  return outcomes[code] ?? "unknown";
}

function reasonOf(text: string, operation: "add" | "remove" | "create"): "already" | Reason {
  const word = text.replace(/[_-]+/g, " ");
  if (operation === "remove") {
    if (/not (a |an )?(in|member|participant|found)/i.test(word)) return "already";
    return /admin|forbidden|permission/i.test(word) ? "not-admin" : "unknown";
  }
  if (/already/i.test(word)) return "already";
  if (/privacy|contacts only|cannot be added|^forbidden\b/i.test(word)) return "privacy";
  if (/recently/i.test(word)) return "recently-left";
  if (/communit/i.test(word)) return "community";
  if (/\bfull\b|limit/i.test(word)) return "group-full";
  if (/approv|pending/i.test(word)) return "approval";
  if (/block/i.test(word)) return "blocked";
  if (/invalid|\bformat/i.test(word)) return "invalid";
  if (/not (on|registered|exist|found|a whatsapp)|no whatsapp|does not exist/i.test(word)) return "not-on-whatsapp";
  return /admin/i.test(word) ? "not-admin" : "unknown";
}
