import * as v from "valibot";
import { FORMS, type Form } from "./draft";
import { groupId, groups, id, instanceId, inviteCode, pace, pairs, personId, somePeople, text } from "./fields";
import { jobInput } from "./jobs/inputs";
import { JOB_LIMITS, type Connection, type Instance, type PendingInvite } from "./model";
import type { PageView, PlanView } from "./views";

/** Contract between the worker and everything else. Screens and page script import only its types. */

/** In a top frame: `extension`, our own pages; `web`, the page script. */
export type SentFrom = "extension" | "web";

/** Who may send a command, its input and output type. */
export interface Command<
  Input extends v.GenericSchema = v.GenericSchema,
  Output = unknown,
  From extends SentFrom = SentFrom,
> {
  from: From;
  input: Input;
  output?: Output;
}

const from = <From extends SentFrom>(sender: From) => ({
  giving:
    <Output>() =>
    <Input extends v.GenericSchema>(input: Input): Command<Input, Output, From> => ({ from: sender, input }),
});
const extension = from("extension");
const web = from("web");

/** A printable header value. No command returns it. */
const key = v.pipe(v.string(), v.regex(/^[\x21-\x7e]{4,4096}$/));
const passphrase = text(1024);
const dialect = v.picklist(["guide", "reference"]);
const auth = v.picklist(["api-key", "bearer"]);
const protection = v.picklist(["passphrase", "session", "none"]);
/** Checks the length before any element. */
const few = <T>(max: number) => v.custom<T[]>((given) => Array.isArray(given) && given.length <= max);
/**
 * An element's attributes as [name, value] pairs, or a text's parts with empty names. Empty when malformed, so one bad
 * element hides no others.
 */
export const source = v.fallback(
  v.pipe(few<[string, string]>(50), v.array(v.strictTuple([text(100), text(2000)]))),
  [],
);
const empty = v.undefined();
/** Of a job's steps. */
const indexes = v.pipe(v.array(v.number()), v.minLength(1));
const setName = v.pipe(text(100), v.trim(), v.minLength(1));
/** The account on screen. Fails with `no-connection` if another is in use; absent: whichever is. */
const connection = v.optional(id);

/** Every command by name. */
export const commands = {
  // from a page: rule R1, never more than these two
  /**
   * Returns each source's invites and the chip style, which pages without invites do not load; `null` where the page
   * script must not run.
   */
  reportInvites: web.giving<{ invites: string[][]; style: string } | null>()(
    v.strictObject({ sources: v.pipe(few<[string, string][]>(100), v.array(source)) }),
  ),
  askToJoin: web.giving<boolean>()(v.strictObject({ code: inviteCode })),

  // connections
  probeConnection: extension.giving<{ instances: Instance[] | null }>()(
    /** `instance`: reads its groups, to prove a typed id. */
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
      /** Absent: stays as it is. */
      protection: v.optional(protection),
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
      protection: v.optional(protection),
      passphrase: v.optional(passphrase),
    }),
  ),
  forgetConnection: extension.giving<void>()(v.strictObject({ id })),
  forgetEverything: extension.giving<void>()(empty),

  // vault
  unlock: extension.giving<void>()(v.strictObject({ passphrase })),
  lock: extension.giving<void>()(empty),
  setProtection: extension.giving<void>()(v.strictObject({ protection, passphrase: v.optional(passphrase) })),

  // reading
  /** `ifStale`: only if not read recently. */
  refreshGroups: extension.giving<{ count: number }>()(v.optional(v.strictObject({ ifStale: v.boolean() }))),
  refreshGroup: extension.giving<void>()(v.strictObject({ group: groupId })),
  /**
   * Reads members of all or the given groups in the background, or resumes. Progress: `members` in the gateway notes.
   */
  readMembers: extension.giving<void>()(v.strictObject({ groups: v.optional(groups) })),
  /** Likewise reads these groups' invite codes (`invites` in the notes). */
  readInvites: extension.giving<void>()(v.strictObject({ groups })),
  stopReading: extension.giving<void>()(
    v.strictObject({ what: v.picklist(["members", "invites"]), as: v.picklist(["paused", "ended"]) }),
  ),
  readInvite: extension.giving<{ code: string }>()(v.strictObject({ group: groupId })),
  checkPerson: extension.giving<{ exists: boolean | null }>()(v.strictObject({ person: personId })),
  markUsed: extension.giving<void>()(v.strictObject({ group: groupId })),
  /** Pins on this computer only. */
  pinGroup: extension.giving<void>()(v.strictObject({ group: groupId, isPinned: v.boolean() })),

  // jobs: every write
  planMembership: extension.giving<PlanView>()(
    /** `withAdmins`: includes admins, selected one by one. */
    v.strictObject({
      connection,
      op: v.picklist(["add", "remove"]),
      groups,
      /** Ids only: thousands are sent at each change. */
      people: v.pipe(v.array(personId), v.maxLength(JOB_LIMITS.people)),
      pace,
      pairs: v.optional(pairs),
      withAdmins: v.optional(v.boolean()),
    }),
  ),
  startJob: extension.giving<{ id: string }>()(
    v.strictObject({
      connection,
      job: jobInput,
      /** One per press: a second start with it returns the first job (two windows, double press). */
      nonce: id,
    }),
  ),
  pauseJob: extension.giving<void>()(v.strictObject({ id })),
  resumeJob: extension.giving<void>()(v.strictObject({ id })),
  /** Stops what was not sent; within the undo window, everything. */
  cancelJob: extension.giving<void>()(v.strictObject({ id })),
  retryFailed: extension.giving<{ id: string }>()(v.strictObject({ id })),
  /** The agent decides unproved steps. `group`: the candidate of a create or join. */
  resolveSteps: extension.giving<void>()(
    v.strictObject({
      job: id,
      indexes,
      as: v.picklist(["done", "failed"]),
      group: v.optional(groupId),
    }),
  ),
  /** `indexes`: steps whose messages the agent saw. */
  inviteInstead: extension.giving<{ id: string }>()(v.strictObject({ job: id, template: text(65_536), indexes })),
  eraseHistory: extension.giving<void>()(v.strictObject({ before: v.optional(v.number()) })),

  // this page
  findOnPage: extension.giving<PageView>()(empty),
  pageView: extension.giving<PageView>()(empty),
  pendingInvite: extension.giving<PendingInvite | null>()(empty),
  /** Asks the agent about an invite, unless a question is pending. */
  showInvite: extension.giving<void>()(
    /** `isListed`: from the list "This page". */
    v.strictObject({ code: inviteCode, origin: v.nullable(text(300)), isListed: v.optional(v.boolean()) }),
  ),
  confirmInvite: extension.giving<{ job: string }>()(v.strictObject({ connection, id })),
  dismissInvite: extension.giving<void>()(v.strictObject({ id })),
  pauseSite: extension.giving<void>()(v.strictObject({ origin: text(300), isPaused: v.boolean() })),

  // what the agent typed and chose
  /** `null` deletes. `no-connection`: its connection is gone. */
  saveDraft: extension.giving<void>()(
    v.strictObject({
      key: v.strictTuple([text(128), v.picklist(Object.keys(FORMS) as Form[]), text(200), text(40)]),
      value: v.nullable(text(2_000_000)),
    }),
  ),
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
  /** On this computer only; empty labels and note delete the entry. */
  labelGroup: extension.giving<void>()(
    v.strictObject({ group: groupId, labels: v.pipe(v.array(setName), v.maxLength(20)), note: text(2000) }),
  ),
  saveContact: extension.giving<void>()(v.strictObject({ person: personId, name: v.nullable(text(200)) })),
  /** Reads names from the account's contacts. `count`: new names; null where the gateway lists no contacts. */
  readContacts: extension.giving<{ count: number | null }>()(empty),
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
      /** Days, or 0. Older history is erased at once. */
      keepHistory: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(3650))),
      guide: v.optional(v.nullable(v.literal("met"))),
      news: v.optional(v.null()),
    }),
  ),
  exportData: extension.giving<{ json: string }>()(v.strictObject({ withPeople: v.boolean() })),
  importData: extension.giving<{ connections: number }>()(v.strictObject({ json: text(40_000_000) })),
} satisfies Record<string, Command>;

export type Commands = typeof commands;
export type CommandName = keyof Commands;
export type Input<Name extends CommandName> = v.InferInput<Commands[Name]["input"]>;
/** A command's result on success. */
export type Output<Name extends CommandName> =
  NonNullable<Commands[Name]["output"]> extends infer O
    ? Commands[Name] extends Command<v.GenericSchema, infer Out>
      ? Out
      : O
    : never;
