import type { JobKind } from "../../shared/jobs/kinds";
import { create } from "./create";
import { join } from "./join";
import { leave } from "./leave";
import { membership } from "./membership";
import { move } from "./move";
import { send } from "./send";
import type { Executor } from "./slice";
import { update } from "./update";

/** Executors by job kind. */
export const EXECUTORS: Record<JobKind, Executor> = {
  add: membership,
  remove: membership,
  move,
  create,
  update,
  leave,
  join,
  send,
};
