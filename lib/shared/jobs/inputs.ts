import * as v from "valibot";
import { admins, groupId, groups, id, inviteCode, pace, pairs, people, personId, somePeople, text } from "../fields";
import { JOB_LIMITS } from "../model/step";

/**
 * The inputs of all kinds of job. They stand apart from the descriptors because screens use those, and the schemas and
 * their library belong to the worker alone. A kind begins here; the compiler then asks for its descriptor (`KINDS`), its
 * executor (`EXECUTORS` in `lib/background/jobs/executors.ts`) and its words.
 */

const membership = { groups, people: somePeople, pace, pairs: v.optional(pairs) };
/** Input of an add. */
const addInput = v.strictObject({ kind: v.literal("add"), ...membership });
/** Input of a removal. */
const removeInput = v.strictObject({
  kind: v.literal("remove"),
  ...membership,
  admins,
});

/** Input of a move. */
const moveInput = v.strictObject({
  kind: v.literal("move"),
  from: groupId,
  to: groupId,
  people: somePeople,
  pace,
  admins,
});

/** Input of a join. */
const joinInput = v.strictObject({
  kind: v.literal("join"),
  codes: v.pipe(v.array(inviteCode), v.minLength(1), v.maxLength(JOB_LIMITS.invites)),
  pace,
});

/** Input of a send. */
const sendInput = v.strictObject({
  kind: v.literal("send"),
  /** Group ids; or person ids, for "invite instead". */
  chats: v.pipe(v.array(v.union([groupId, personId])), v.minLength(1), v.maxLength(JOB_LIMITS.chats)),
  text: v.pipe(text(65_536), v.minLength(1)),
  /** When given, one text for each chat. */
  texts: v.optional(v.array(text(65_536))),
  pace,
  /** The job whose refused people it invites. */
  about: v.optional(v.strictObject({ job: id })),
});

const newGroup = { name: v.pipe(text(1000), v.trim(), v.minLength(1)), people };
/** Input of a create. The people beyond the first few are added by a job that follows. `more`: further groups. */
const createInput = v.strictObject({
  kind: v.literal("create"),
  ...newGroup,
  pace,
  more: v.optional(v.pipe(v.array(v.strictObject(newGroup)), v.minLength(1), v.maxLength(JOB_LIMITS.creates - 1))),
});

/** Input of an update: what is absent stays as it is. */
const updateInput = v.strictObject({
  kind: v.literal("update"),
  group: groupId,
  name: v.optional(v.pipe(text(1000), v.trim(), v.minLength(1))),
  description: v.optional(text(10_000)),
});

/** Input of a leave. */
const leaveInput = v.strictObject({ kind: v.literal("leave"), groups });

/** The schema of every job. */
export const jobInput = v.variant("kind", [
  addInput,
  removeInput,
  moveInput,
  joinInput,
  sendInput,
  createInput,
  updateInput,
  leaveInput,
]);

/** What a job is to achieve. Every write at the gateway is a job. */
export type JobInput = v.InferOutput<typeof jobInput>;
export type JobKind = JobInput["kind"];
/** The input of one kind. */
export type InputOf<K extends JobKind> = Extract<JobInput, { kind: K }>;
