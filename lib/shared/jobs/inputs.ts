import * as v from "valibot";
import { admins, groupId, groups, id, inviteCode, pace, pairs, people, personId, somePeople, text } from "../fields";
import { JOB_LIMITS } from "../model/step";

/**
 * Inputs of all job kinds, apart from the descriptors to spare screens the schemas. A new kind starts here; the
 * compiler asks for the rest.
 */

const membership = { groups, people: somePeople, pace, pairs: v.optional(pairs) };
const addInput = v.strictObject({ kind: v.literal("add"), ...membership });
const removeInput = v.strictObject({
  kind: v.literal("remove"),
  ...membership,
  admins,
});

const moveInput = v.strictObject({
  kind: v.literal("move"),
  from: groupId,
  to: groupId,
  people: somePeople,
  pace,
  admins,
});

const joinInput = v.strictObject({
  kind: v.literal("join"),
  codes: v.pipe(v.array(inviteCode), v.minLength(1), v.maxLength(JOB_LIMITS.invites)),
  pace,
});

const sendInput = v.strictObject({
  kind: v.literal("send"),
  /** Groups, or people for "invite instead". */
  chats: v.pipe(v.array(v.union([groupId, personId])), v.minLength(1), v.maxLength(JOB_LIMITS.chats)),
  text: v.pipe(text(65_536), v.minLength(1)),
  /** One text per chat, instead of `text`. */
  texts: v.optional(v.array(text(65_536))),
  pace,
  /** The job whose refused people are invited. */
  about: v.optional(v.strictObject({ job: id })),
});

const newGroup = { name: v.pipe(text(1000), v.trim(), v.minLength(1)), people };
/** A following job adds all but the first few people. `more`: further groups. */
const createInput = v.strictObject({
  kind: v.literal("create"),
  ...newGroup,
  pace,
  more: v.optional(v.pipe(v.array(v.strictObject(newGroup)), v.minLength(1), v.maxLength(JOB_LIMITS.creates - 1))),
});

/** Absent fields stay unchanged. */
const updateInput = v.strictObject({
  kind: v.literal("update"),
  group: groupId,
  name: v.optional(v.pipe(text(1000), v.trim(), v.minLength(1))),
  description: v.optional(text(10_000)),
});

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

/** What a job should achieve. Every write at the gateway is a job. */
export type JobInput = v.InferOutput<typeof jobInput>;
export type JobKind = JobInput["kind"];
/** The input of one kind. */
export type InputOf<K extends JobKind> = Extract<JobInput, { kind: K }>;
