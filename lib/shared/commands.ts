import * as v from "valibot";
import { FORMS, type Form } from "./draft";
import { groupId, groups, id, instanceId, inviteCode, pace, pairs, personId, somePeople, text } from "./fields";
import { jobInput } from "./jobs/inputs";
import { JOB_LIMITS, type Connection, type Instance, type PendingInvite } from "./model";
import type { PageView, PlanView } from "./views";

/**
 * THE contract between the worker and everybody else: the name of a command, who may send it, what its input must look
 * like, and what it returns. Screens and the page script import the types alone; the worker's router imports the schemas.
 */

/** Who sends: `extension` is one of our own pages in a top frame, `web` the page script in a top frame. */
export type SentFrom = "extension" | "web";

export interface Command<
  Input extends v.GenericSchema = v.GenericSchema,
  Output = unknown,
  From extends SentFrom = SentFrom,
> {
  from: From;
  input: Input;
  /** Only a type; nothing is stored here. */
  output?: Output;
}

const from = <From extends SentFrom>(sender: From) => ({
  /** Declares a command by its input schema; its output type is the type argument. */
  giving:
    <Output>() =>
    <Input extends v.GenericSchema>(input: Input): Command<Input, Output, From> => ({ from: sender, input }),
});
const extension = from("extension");
const web = from("web");

/** A printable header value; the vault keeps it, and no command returns it. */
const key = v.pipe(v.string(), v.regex(/^[\x21-\x7e]{4,4096}$/));
const passphrase = text(1024);
const dialect = v.picklist(["guide", "reference"]);
const auth = v.picklist(["api-key", "bearer"]);
const protection = v.picklist(["passphrase", "session", "none"]);
/** At most so many; looked at before any of them is. */
const few = <T>(max: number) => v.custom<T[]>((given) => Array.isArray(given) && given.length <= max);
/**
 * An element's attributes as [name, value] pairs, or a text node as one pair with an empty name. Empty when it is not well
 * formed: one bad element must not hide the others.
 */
export const source = v.fallback(
  v.pipe(few<[string, string]>(50), v.array(v.strictTuple([text(100), text(2000)]))),
  [],
);
const empty = v.undefined();
const setName = v.pipe(text(100), v.trim(), v.minLength(1));

/** Every command by its name. */
export const commands = {
  // from a page: rule R1, never more than these two
  /**
   * Reads what the page script found: returns the invites of each source and how a chip looks, which pages without an invite
   * need not carry; or `null` where the page script shall not run.
   */
  reportInvites: web.giving<{ invites: string[][]; look: string } | null>()(
    v.strictObject({ sources: v.pipe(few<[string, string][]>(100), v.array(source)) }),
  ),
  stageInvite: web.giving<boolean>()(v.strictObject({ code: inviteCode })),

  // connections
  probeConnection: extension.giving<{ instances: Instance[] | null }>()(
    /** With an instance, its groups are read: the proof of an id that was typed. */
    v.strictObject({ origin: text(300), key, auth, dialect, instance: v.optional(instanceId) }),
  ),
  addConnection: extension.giving<Connection>()(
    v.strictObject({
      name: text(100),
      origin: text(300),
      instance: instanceId,
      dialect,
      auth,
      key,
      protection,
      passphrase: v.optional(passphrase),
      ownNumber: v.optional(personId),
    }),
  ),
  addSandbox: extension.giving<Connection>()(empty),
  useConnection: extension.giving<void>()(v.strictObject({ id })),
  editConnection: extension.giving<void>()(
    v.strictObject({
      id,
      name: v.optional(text(100)),
      dialect: v.optional(dialect),
      ownNumber: v.optional(v.nullable(personId)),
    }),
  ),
  replaceKey: extension.giving<void>()(
    v.strictObject({
      id,
      key,
      origin: v.optional(text(300)),
      instance: v.optional(instanceId),
      auth: v.optional(auth),
    }),
  ),
  forgetConnection: extension.giving<void>()(v.strictObject({ id })),
  forgetEverything: extension.giving<void>()(empty),

  // vault
  unlock: extension.giving<void>()(v.strictObject({ passphrase })),
  lock: extension.giving<void>()(empty),
  setProtection: extension.giving<void>()(v.strictObject({ protection, passphrase: v.optional(passphrase) })),

  // reading
  /** Reads the list of groups; with `ifStale` only when it was not read a moment ago. */
  refreshGroups: extension.giving<{ count: number }>()(v.optional(v.strictObject({ ifStale: v.boolean() }))),
  refreshGroup: extension.giving<void>()(v.strictObject({ group: groupId })),
  /**
   * Reads the members of all groups, or of those given, behind everything else; what comes of it is in the store, and where
   * it stands in the notes of the gateway (`members`). Goes on with the same that was paused.
   */
  readMembers: extension.giving<void>()(v.strictObject({ groups: v.optional(groups) })),
  stopReadingMembers: extension.giving<void>()(v.strictObject({ as: v.picklist(["paused", "ended"]) })),
  readInvite: extension.giving<{ code: string }>()(v.strictObject({ group: groupId })),
  checkPerson: extension.giving<{ exists: boolean | null }>()(v.strictObject({ person: personId })),
  markUsed: extension.giving<void>()(v.strictObject({ group: groupId })),
  /** Keeps a group at the top of the list, on this computer alone. */
  pinGroup: extension.giving<void>()(v.strictObject({ group: groupId, isPinned: v.boolean() })),

  // jobs: every write
  planMembership: extension.giving<PlanView>()(
    /** `withAdmins`: admins among them were ticked one by one and go too. */
    v.strictObject({
      op: v.picklist(["add", "remove"]),
      groups,
      /** Ids alone: thousands go to and fro with every change of the list. */
      people: v.pipe(v.array(personId), v.maxLength(JOB_LIMITS.people)),
      pace,
      pairs: v.optional(pairs),
      withAdmins: v.optional(v.boolean()),
    }),
  ),
  startJob: extension.giving<{ id: string }>()(
    v.strictObject({
      job: jobInput,
      /** Made by the view once for each press; a second start with it returns the first job (two windows, double press). */
      nonce: id,
    }),
  ),
  pauseJob: extension.giving<void>()(v.strictObject({ id })),
  resumeJob: extension.giving<void>()(v.strictObject({ id })),
  /** Before the end of the undo window nothing was sent; later it ends what was not sent yet. */
  cancelJob: extension.giving<void>()(v.strictObject({ id })),
  retryFailed: extension.giving<{ id: string }>()(v.strictObject({ id })),
  /** The agent says what became of steps that could not be proved. `group` names the candidate of a create or a join. */
  settleSteps: extension.giving<void>()(
    v.strictObject({
      job: id,
      indexes: v.pipe(v.array(v.number()), v.minLength(1)),
      as: v.picklist(["done", "failed"]),
      group: v.optional(groupId),
    }),
  ),
  /** `person`: one of them alone. */
  inviteInstead: extension.giving<{ id: string }>()(
    v.strictObject({ job: id, template: text(65_536), person: v.optional(personId) }),
  ),
  eraseHistory: extension.giving<void>()(v.strictObject({ before: v.optional(v.number()) })),

  // this page
  findOnPage: extension.giving<PageView>()(empty),
  pageView: extension.giving<PageView>()(empty),
  pendingInvite: extension.giving<PendingInvite | null>()(empty),
  /** Asks the agent about an invite. A question that stands already is answered first. */
  showInvite: extension.giving<void>()(
    /** `isListed`: asked for in the list "This page". */
    v.strictObject({ code: inviteCode, origin: v.nullable(text(300)), isListed: v.optional(v.boolean()) }),
  ),
  confirmInvite: extension.giving<{ job: string }>()(v.strictObject({ id })),
  dismissInvite: extension.giving<void>()(v.strictObject({ id })),
  pauseSite: extension.giving<void>()(v.strictObject({ origin: text(300), isPaused: v.boolean() })),

  // what the agent typed and chose
  /** Keeps it, or forgets it with null. `no-connection`: it was of a connection that is not there any more. */
  saveDraft: extension.giving<void>()(
    v.strictObject({
      key: v.strictTuple([text(128), v.picklist(Object.keys(FORMS) as Form[]), text(200), text(40)]),
      value: v.nullable(text(2_000_000)),
    }),
  ),
  /** Keeps groups, people or the text of a message under a name; what had this name before is replaced. */
  saveSet: extension.giving<void>()(
    v.variant("kind", [
      v.strictObject({ kind: v.literal("groups"), name: setName, groups }),
      v.strictObject({ kind: v.literal("people"), name: setName, people: somePeople }),
      v.strictObject({ kind: v.literal("texts"), name: setName, text: v.pipe(text(65_536), v.minLength(1)) }),
    ]),
  ),
  forgetSet: extension.giving<void>()(
    v.strictObject({ kind: v.picklist(["groups", "people", "texts"]), name: setName }),
  ),
  /** Labels and a note of a group, kept here alone; without any, what was kept is forgotten. */
  labelGroup: extension.giving<void>()(
    v.strictObject({ group: groupId, labels: v.pipe(v.array(setName), v.maxLength(20)), note: text(2000) }),
  ),
  /** Gives a person a name, or takes it away with null. */
  saveContact: extension.giving<void>()(v.strictObject({ person: personId, name: v.nullable(text(200)) })),
  eraseContacts: extension.giving<void>()(empty),
  saveSettings: extension.giving<void>()(
    v.strictObject({
      country: v.optional(v.nullable(v.pipe(v.string(), v.regex(/^[A-Z]{2}$/)))),
      pace: v.optional(pace),
      isPageOn: v.optional(v.boolean()),
      isLocalHttpOn: v.optional(v.boolean()),
      lockAfter: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(480))),
      sort: v.optional(v.picklist(["name", "size", "used"])),
      isFreshening: v.optional(v.boolean()),
      /** Days, or 0. What is older is erased at once. */
      keepHistory: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(3650))),
    }),
  ),
  exportData: extension.giving<{ json: string }>()(v.strictObject({ withPeople: v.boolean() })),
  importData: extension.giving<{ connections: number }>()(v.strictObject({ json: text(5_000_000) })),
} satisfies Record<string, Command>;

export type Commands = typeof commands;
export type CommandName = keyof Commands;
export type Input<Name extends CommandName> = v.InferInput<Commands[Name]["input"]>;
/** What a command returns when it succeeds. */
export type Output<Name extends CommandName> =
  NonNullable<Commands[Name]["output"]> extends infer O
    ? Commands[Name] extends Command<v.GenericSchema, infer Out>
      ? Out
      : O
    : never;
