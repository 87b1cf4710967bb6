import * as v from "valibot";
import type { Reason } from "../../shared/model";
import { isHidden, personKey } from "../../shared/person";
import type { PersonResult } from "./answer";
import { type Fields, first, isFields, lookIn, unwrap } from "./fields";
import { idText, isPersonKey, toPersonId } from "./values";
import { ID_FIELDS, PHONE_FIELDS } from "./read-members";

/** What an answer to add, remove or create says of each person. */

/** One row of an answer about persons. `ids`: everything in it that may name the person, as the gateway wrote it. */
type ResultRow = Omit<PersonResult, "person"> & { ids: string[] };

/**
 * What an answer says of single persons, in every shape that is known: rows or values under person ids, with
 * a status, a code, an error, a word or a flag; lists of those who went and those who did not. `asked` names the persons
 * of rows without one, when there are as many, and those whom a row names only beside a hidden id. Empty when it says
 * nothing of anybody.
 */
export function readResults(body: unknown, asked: string[], operation: "add" | "remove" | "create"): PersonResult[] {
  const rows: ResultRow[] = [];
  const push = (row: unknown, names: string[], whole: "ok" | "failed" | undefined, isPlain: boolean) => {
    const result = resultOf(row, names, whole, isPlain, operation);
    if (result) rows.push(result);
  };

  const read = (value: unknown, isPlain: boolean): void => {
    if (Array.isArray(value)) {
      const named = value.length === asked.length ? asked : [];
      for (const [index, row] of value.entries()) {
        if (isFields(row)) push(row, idsOf(row).length > 0 ? [] : named.slice(index, index + 1), undefined, isPlain);
      }
      return;
    }
    if (!isFields(value)) return;
    const entries = Object.entries(value);
    if (entries.length > 0 && entries.every(([key]) => isPersonKey(key))) {
      for (const [key, row] of entries) push(isFields(row) ? row : { status: row }, [key], undefined, isPlain);
      return;
    }
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
    // Members of an updated group look like rows; only a code makes one a result.
    for (const name of ["participants", "members"]) read(first(value, name), true);
  };

  read(unwrap(body), false);
  return nameRows(rows, asked);
}

/**
 * The persons of the rows: those who were asked, by any of the ids in their row. When there is one row for each who was
 * asked, and just one of either is left over, they belong together: an engine may know a person by a hidden id alone.
 */
function nameRows(rows: ResultRow[], asked: string[]): PersonResult[] {
  const keyOf = (id: string) => personKey(toPersonId(id) ?? id);
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

/** All ids of persons in a row, the one that names it first. */
function idsOf(row: Fields): string[] {
  const content = first(row, "content");
  const attributes = isFields(content) ? first(content, "attrs") : undefined;
  const places = [row, ...(isFields(attributes) ? [attributes] : [])];
  return places
    .map(lookIn)
    .flatMap((look) => ["jid", ...ID_FIELDS, ...PHONE_FIELDS, "user", "chatId"].map((name) => look(name)))
    .flatMap((given) => {
      const text = v.safeParse(idText, given);
      return text.success && isPersonKey(text.output) ? [text.output] : [];
    });
}

/** One person's result. `whole`: it stood in a list of those who went, or did not. `isPlain`: it may be a mere member. */
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
  const said = [
    first(row, "code"),
    first(row, "status"),
    first(row, "statusCode", "errorCode"),
    ...(isFields(error) ? [first(error, "code"), first(error, "status")] : [error]),
    isFields(attributes) ? attributes["error"] : undefined,
  ].filter((one) => typeof one === "string" || typeof one === "number");
  const codes = [...said, row["reason"], row["result"]].map(codeOf).filter((one) => one !== undefined);
  const code = codes.find((one) => one >= 300) ?? codes[0];
  if (code !== undefined) return { ids, outcome: outcomeOf(code, operation), code: String(code) };
  // How an engine says "no error" of a person whom it names.
  if (error === 0) return { ids, outcome: "ok", code: "0" };

  const words = [
    ...said,
    ...["message", "reason", "result", "detail"].map((name) => row[name]),
    ...(isFields(error) ? [error["message"]] : []),
  ].filter((one) => typeof one === "string");
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
  return { ids, outcome: reasonOf(text, operation), code: short };
}

/** The code of a person: a number of three digits, also at the end of a word or two ("error 403"). */
function codeOf(given: unknown): number | undefined {
  if (typeof given !== "string" && typeof given !== "number") return undefined;
  const digits = /^(?:[a-z][a-z _-]{0,20}[ :=_-])?([1-9]\d\d)$/i.exec(String(given).trim())?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** WhatsApp's codes for one person. */
function outcomeOf(code: number, operation: "add" | "remove" | "create"): PersonResult["outcome"] {
  if (code >= 200 && code < 300) return "ok";
  // A person who cannot be found in the group is already out of it, and privacy settings never forbid a removal.
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

/** The same by words, where a gateway sends no code. */
function reasonOf(text: string, operation: "add" | "remove" | "create"): "already" | Reason {
  const word = text.replace(/[_-]+/g, " ");
  if (operation === "remove") {
    if (/not (a |an )?(in|member|participant|found)/i.test(word)) return "already";
    return /admin|forbidden|permission/i.test(word) ? "not-admin" : "unknown";
  }
  if (/already/i.test(word)) return "already";
  if (/privacy|contacts only|cannot be added/i.test(word)) return "privacy";
  if (/recently/i.test(word)) return "recently-left";
  if (/communit/i.test(word)) return "community";
  if (/full|limit/i.test(word)) return "group-full";
  if (/approv|pending/i.test(word)) return "approval";
  if (/block/i.test(word)) return "blocked";
  if (/invalid|format/i.test(word)) return "invalid";
  if (/not (on|registered|exist|found|a whatsapp)|no whatsapp|does not exist/i.test(word)) return "not-on-whatsapp";
  return /admin/i.test(word) ? "not-admin" : "unknown";
}
