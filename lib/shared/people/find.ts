import type { RejectReason } from "../model";

/** A span of a cleaned line: only `id`, a person; only `reason`, a reject; both, an offer; neither, a mask. */
export interface Find {
  from: number;
  to: number;
  id?: string;
  reason?: RejectReason;
}

/** Whether a find is more than a mask. */
export function isReported(find: Find): boolean {
  return find.id !== undefined || find.reason !== undefined;
}

/** Whether a find is a person to accept. */
export function isPerson(find: Find): find is Find & { id: string } {
  return find.id !== undefined && find.reason === undefined;
}
