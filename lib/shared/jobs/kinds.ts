import { create } from "./create";
import type { InputOf, JobInput, JobKind } from "./inputs";
import { join } from "./join";
import type { Kind } from "./kind";
import { leave } from "./leave";
import { add, remove } from "./membership";
import { move } from "./move";
import { send } from "./send";
import { update } from "./update";

export type { InputOf, JobInput, JobKind } from "./inputs";

/** Descriptors by kind, in display order. */
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

/** Returns the descriptor of a job's kind. */
export function kindOf({ kind }: JobInput): Kind<JobInput, JobInput> {
  return KINDS[kind];
}
