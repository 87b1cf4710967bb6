import type { Place } from "./group";

/** Numbers that somebody typed, pasted or selected. */

/** A number that somebody typed, pasted or selected. */
export interface Person {
  /** What is sent: `digits@s.whatsapp.net`, or a `@lid` id passed through untouched. */
  id: string;
  /** What stood in the input, for the agent to recognise. */
  given: string;
  /** A name found beside it (vCard, CSV), if any. */
  name?: string;
}

/** The agent's name for somebody, from a list that was used or typed by hand. */
export interface Contact {
  connection: string;
  /** `personKey` of the id. */
  person: string;
  /** The id as it was given, for showing the number. */
  id: string;
  name: string;
  /** When it was given. */
  at: number;
  /** The agent typed it; names of lists do not replace it. */
  isTyped?: true;
}

/** A person found by a search. */
export interface PersonHit {
  /** `personKey` of the id; what a person's page is opened with. */
  key: string;
  /** For showing the number, and for adding or removing. */
  id: string;
  name?: string;
  /** Groups that are in the list; empty where only the name is known. */
  places: Place[];
}

/** A piece of the input that is not a person, and why. */
export interface Reject {
  given: string;
  reason: RejectReason;
  /** Line of the input, from 1. */
  line: number;
  /** The cells of the row, or the lines of the card, that it came with. */
  source?: string[];
  /** A person nevertheless, offered to the agent: the number on a fax's line, one inside a message. */
  person?: Person;
}

/** Why a piece of the input is not a person; each has a sentence in `_locales`. */
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

/** What parsing an input returns. */
export interface People {
  people: Person[];
  rejects: Reject[];
  /** The table that was read, if the input is one: the last, when there are several. */
  table?: PeopleTable;
}

/**
 * What a column of a table holds. `others`: somebody else's number (fax, assistant, parent); `part`: a part of the name;
 * `code`: the calling code; `label`: what the number beside it is; `id`: WhatsApp ids.
 */
export type ColumnRole = "phone" | "others" | "name" | "part" | "code" | "area" | "country" | "label" | "id" | "none";

/** A table as the agent is shown it, with what each column was taken for. */
export interface PeopleTable {
  /** Under which a choice of columns is remembered: the words of the header, or how many columns there are. */
  key: string;
  /** The cells over the columns; empty when the table has no header. */
  header: string[];
  /** Its first rows. */
  rows: string[][];
  /** One for each column. */
  roles: ColumnRole[];
  /** Several columns could be the number: nobody was taken, the agent has to choose. */
  isUnsure: boolean;
}
