/**
 * Every form whose input is kept while the agent works on it, with its fields. Nothing else may lie in the table
 * `drafts`: the store is cleared by these keys, so a text under any other name would outlive its connection.
 */
export const FORMS = {
  /** Where a window was, one field for each door. Belongs to no connection. */
  route: ["popup", "sidepanel", "app", "options", "welcome"],
  /** Numbers that were selected on a page. Belongs to no connection. */
  selection: ["people", "list"],
  /** What the columns of a table are, by the words of its header, as the agent chose. Belongs to no connection. */
  columns: ["roles"],
  /** How the table of groups is sorted, and which of its columns are hidden. Belongs to no connection. */
  table: ["view"],
  groups: ["search", "scroll", "filter", "chosen"],
  /** What is done with several groups at once. */
  several: ["people", "list"],
  people: ["people", "list", "job"],
  /** The subject, where there is one, is the group from whose members it is made. */
  create: ["name", "people", "list", "job"],
  "create-several": ["table", "job"],
  message: ["text", "groups", "job"],
  join: ["text", "job"],
  page: ["job"],
  activity: ["search"],
  "invite-instead": ["text"],
  /** The subject is a person. */
  person: ["job"],
  // The subject of those that follow is a group.
  add: ["people", "list", "pace"],
  remove: ["people", "list"],
  equal: ["people", "list", "pace", "add", "remove"],
  edit: ["name", "description"],
  "group-message": ["text"],
  /** The last job of each kind on the group. */
  "group-job": ["add", "remove", "move", "update", "leave", "send", "create", "join"],
} as const;

export type Form = keyof typeof FORMS;

/** Which form of which connection; `subject` tells apart what there are several of (a group). */
export interface FormPlace<Name extends Form = Form> {
  form: Name;
  connection?: string;
  subject?: string;
}

/** Forms that take a list of people: what was typed, and a long list kept beside the field. */
export type PeopleForm = {
  [Name in Form]: "list" extends (typeof FORMS)[Name][number] ? Name : never;
}[Form];

/** Key of a draft in the store. A draft of no connection has "" in front. */
export type DraftKey = [connection: string, form: Form, subject: string, field: string];

/** The key under which a field of a form is kept. */
export function draftKey<Name extends Form>(
  { form, connection = "", subject = "" }: FormPlace<Name>,
  field: (typeof FORMS)[Name][number],
): DraftKey {
  return [connection, form, subject, field];
}

/** The form that `#/people?from=selection` shows. In the address itself the numbers would stay in the browser's history. */
export const SELECTION = { form: "selection" } as const satisfies FormPlace;
