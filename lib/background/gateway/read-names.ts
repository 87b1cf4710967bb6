import * as v from "valibot";
import { isGroupId } from "../../shared/ids";
import type { Contact } from "../../shared/model";
import { cleanText } from "../../shared/text";
import { first, isFields, fieldsOf, unwrap } from "./fields";
import { ID_FIELDS, personOf, PHONE_FIELDS } from "./read-members";
import { idText, isPersonKey, type Rows, rowsOf } from "./values";

/** A person, as the gateway names them. */
export type GivenName = Pick<Contact, "id" | "name">;

/** Takes the names that came with members. */
export interface NamesPort {
  /** Names already taken, by id as sent: the next reading parses only changes. */
  known: Map<string, string>;
  /** Never rejects. */
  learn: (named: GivenName[]) => Promise<unknown>;
}

/** Name fields, best first: saved on the phone, chosen by the person, short forms. */
const NAMES = (
  "name full_name fullName FullName verifiedName verified_name BusinessName " +
  "push_name pushName pushname PushName notify DisplayName short_name shortName FirstName"
).split(" ");

/** Returns a row's best name, empty if none. Numbers and ids are no names. */
function nameIn(row: object): string {
  for (const field of NAMES) {
    const given: unknown = Object.hasOwn(row, field) ? (row as Record<string, unknown>)[field] : undefined;
    // WhatsApp marks self-chosen names with a tilde.
    const name = typeof given === "string" ? cleanText(given).replace(/^~\s*/, "") : "";
    if (/\p{L}|\p{Extended_Pictographic}/u.test(name) && !name.includes("@")) return name;
  }
  return "";
}

function readRow(row: unknown, name = isFields(row) ? nameIn(row) : ""): GivenName | undefined {
  if (!isFields(row)) return undefined;
  const field = fieldsOf(row);
  const id = personOf([...ID_FIELDS, ...PHONE_FIELDS].map((each) => field(each)));
  return id === undefined ? undefined : { id, name };
}

/** Reads and remembers a member's name, unless missing or known. */
function readFresh(row: unknown, known: Map<string, string>): GivenName | undefined {
  const name = isFields(row) ? nameIn(row) : "";
  if (name === "") return undefined;
  const { id } = row as { id?: unknown };
  if (typeof id !== "string") return readRow(row, name);
  if (known.get(id) === name) return undefined;
  known.set(id, name);
  return readRow(row, name);
}

/** Reads a page of the account's contacts, without groups and channels. `name` is empty if unknown. */
export function readContactList(body: unknown): Rows<GivenName> | undefined {
  const rows = rowsOf(unwrap(body), ["contacts", "results"], isPersonKey);
  if (!rows?.every((row) => isFields(row) && v.is(idText, first(row, ...ID_FIELDS)))) return undefined;
  const items = rows.flatMap((row) => readRow(row) ?? []);
  return { items, ids: items.map(({ id }) => id) };
}

/** Returns members' names that are not `known`, from a group, a member list or a list of groups. */
export function readMemberNames(body: unknown, known = new Map<string, string>()): GivenName[] {
  const value = unwrap(body);
  const groups = rowsOf(value, ["groups"], isGroupId) ?? [];
  const lists = [value, isFields(value) ? value["group"] : undefined, ...groups].map((one) =>
    rowsOf(one, ["participants", "members"], isPersonKey),
  );
  return lists.flatMap((rows = []) => rows.flatMap((row) => readFresh(row, known) ?? []));
}
