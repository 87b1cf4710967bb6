import type { RejectReason } from "../model";

/**
 * A place in a cleaned line. With an `id` alone it is a person, with a `reason` it is none; with both it is somebody whom
 * the agent may take all the same. With neither it is what must not be read.
 */
export interface Find {
  from: number;
  to: number;
  id?: string;
  reason?: RejectReason;
}

/** Whether it goes into people or rejects, rather than only hiding what must not be read. */
export function isTold(find: Find): boolean {
  return find.id !== undefined || find.reason !== undefined;
}

/** Whether it is a person who is taken. */
export function isPerson(find: Find): find is Find & { id: string } {
  return find.id !== undefined && find.reason === undefined;
}
