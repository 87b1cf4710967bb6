import type { Route } from "./shell";

/** Which place of the navigation a route belongs to, and where "back" leads from it. */
export const parents = new Map([
  ["group", "groups"],
  ["create", "groups"],
  ["join", "groups"],
  ["message", "groups"],
  ["confirm", "page"],
  ["connect", "settings"],
]);

/** Where "back" leads from a route; undefined on a place of the navigation itself. */
export function backOf({ name, id }: Route): string | undefined {
  return parents.get(name) ?? (name === "activity" && id !== undefined ? name : undefined);
}
