import type { Person } from "./person";

/** Groups, people or a message text saved on this computer only. */
export type SavedSet = { connection: string; name: string; savedAt: number } & (
  | { kind: "groups"; groups: string[] }
  | { kind: "people"; people: Person[] }
  | { kind: "texts"; text: string }
);

/** The agent's labels and note, on this computer only. */
export interface GroupLabels {
  connection: string;
  group: string;
  labels: string[];
  note: string;
}
