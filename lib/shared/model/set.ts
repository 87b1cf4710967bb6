import type { Person } from "./person";

/** What the agent keeps about groups and people: on this computer alone, and for one connection. */

/** Groups, people, or the text of a message, under a name of the agent's. */
export type SavedSet = { connection: string; name: string; savedAt: number } & (
  | { kind: "groups"; groups: string[] }
  | { kind: "people"; people: Person[] }
  | { kind: "texts"; text: string }
);

/** The agent's labels and note of a group. */
export interface GroupLabels {
  connection: string;
  group: string;
  labels: string[];
  note: string;
}
