import type { Place } from "./group";

/** A typed, pasted or selected number. */
export interface Person {
  /** As sent: `digits@s.whatsapp.net`, or an unchanged `@lid` id. */
  id: string;
  given: string;
  name?: string;
}

/** A name for somebody: typed, from a list, or the gateway's. */
export interface Contact {
  connection: string;
  /** `personKey` of the id. */
  person: string;
  /** As given, for showing the number. */
  id: string;
  name: string;
  at: number;
  /** Typed by the agent; lists do not replace it. */
  isTyped?: true;
  /** From the gateway; any of the agent's replaces it. */
  isGiven?: true;
}

/** A person found by a search. */
export interface PersonHit {
  /** `personKey`, which opens the person's page. */
  key: string;
  id: string;
  name?: string;
  /** Empty if only the name is known. */
  places: Place[];
}

/** A rejected piece of input. */
export interface Reject {
  given: string;
  reason: RejectReason;
  /** From 1. */
  line: number;
  /** Cells of its row, or lines of its card. */
  source?: string[];
  /** Somebody the agent may accept nevertheless. */
  person?: Person;
}

/** Each has a sentence in `_locales`. */
export type RejectReason =
  | "not-a-number"
  | "too-short"
  | "too-long"
  | "no-country"
  | "no-area-code"
  | "ambiguous"
  | "abbreviated"
  | "shortened"
  | "not-theirs"
  | "in-message"
  | "left"
  | "which-column"
  | "duplicate"
  | "group-id"
  | "invalid";

/** Result of parsing. */
export interface People {
  people: Person[];
  rejects: Reject[];
  table?: PeopleTable;
}

/**
 * `others`: somebody else's number (fax, assistant, parent); `part`: of a name; `code`: calling code; `label`: kind of
 * number; `id`: WhatsApp ids; `group`: a new group's name.
 */
export type ColumnRole =
  | "phone"
  | "others"
  | "name"
  | "part"
  | "code"
  | "area"
  | "country"
  | "label"
  | "id"
  | "group"
  | "none";

/** A table as shown to the agent. */
export interface PeopleTable {
  /** The header's words, or number of columns. */
  key: string;
  /** Empty without a header. */
  header: string[];
  rows: string[][];
  /** One per column. */
  roles: ColumnRole[];
  /** Several columns may hold the numbers, or none the groups: the agent must choose. */
  isUnsure: boolean;
}
