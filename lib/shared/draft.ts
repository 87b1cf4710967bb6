/** All forms with saved fields. `drafts` is cleared by these keys: other entries would outlive their connection. */
export const FORMS = {
  /** Where a window was; a field per entry point. No connection. */
  route: ["popup", "sidepanel", "app", "options", "welcome"],
  /** Numbers selected on a page. No connection. */
  selection: ["people", "list"],
  /** Column roles of tables, by header. No connection. */
  columns: ["roles"],
  /** Sorting and hidden columns of the group table. No connection. */
  table: ["view"],
  /** Jobs whose result is unseen. */
  jobs: ["followed"],
  groups: ["search", "scroll", "filter", "chosen"],
  several: ["people", "list", "pace", "left", "ticked", "admins"],
  people: ["people", "list"],
  /** Subject, if any: the group whose members it starts with. */
  create: ["name", "people", "list", "job"],
  "create-several": ["table", "job"],
  message: ["text", "groups", "job"],
  join: ["text", "job"],
  page: ["job"],
  activity: ["search"],
  "invite-instead": ["text"],
  // Subject: a group.
  add: ["people", "list", "pace"],
  remove: ["people", "list"],
  equal: ["people", "list", "pace", "left", "ticked", "add", "remove"],
  members: ["search", "chosen", "view"],
  edit: ["name", "description"],
  labels: ["labels", "note"],
  "group-message": ["text"],
  /** The group's last job of each kind. */
  "group-job": ["add", "remove", "move", "update", "leave", "send", "create", "join"],
} as const;

export type Form = keyof typeof FORMS;

/** A form of a connection; `subject` distinguishes several, such as groups. */
export interface FormPlace<Name extends Form = Form> {
  form: Name;
  connection?: string;
  subject?: string;
}

/** Forms that take people: typed text, and a long list beside the field. */
export type PeopleForm = {
  [Name in Form]: "list" extends (typeof FORMS)[Name][number] ? Name : never;
}[Form];

/** Key of a draft; `connection` is "" for none. */
export type DraftKey = [connection: string, form: Form, subject: string, field: string];

/** Returns the key of a form's field. */
export function draftKey<Name extends Form>(
  { form, connection = "", subject = "" }: FormPlace<Name>,
  field: (typeof FORMS)[Name][number],
): DraftKey {
  return [connection, form, subject, field];
}

/** The form behind `#/people?from=selection`: numbers in the address would stay in browser history. */
export const SELECTION = { form: "selection" } as const satisfies FormPlace;
