import * as v from "valibot";
import { create, createInput } from "./create";
import { join, joinInput } from "./join";
import type { Kind } from "./kind";
import { leave, leaveInput } from "./leave";
import { add, addInput, remove, removeInput } from "./membership";
import { move, moveInput } from "./move";
import { send, sendInput } from "./send";
import { update, updateInput } from "./update";

/**
 * Every kind of job. A kind begins with its input here; the compiler then asks for its descriptor (`KINDS`), its executor
 * (`EXECUTORS` in `lib/background/jobs/executors.ts`) and its words.
 */
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

/** The descriptor of each kind, in the order in which lists show them. */
export const KINDS: { [K in JobKind]: Kind<InputOf<K>, JobInput> } = {
  add,
  remove,
  move,
  join,
  send,
  create,
  update,
  leave,
};

/** The descriptor of the kind of a job. */
export function kindOf({ kind }: JobInput): Kind<JobInput, JobInput> {
  return KINDS[kind];
}
