import type { Route } from "./shell";

/** Which place of the navigation a route belongs to, and where "back" leads from it. */
export const parents = new Map([
  ["group", "groups"],
  ["create", "groups"],
  ["join", "groups"],
  ["message", "groups"],
  ["person", "people"],
  ["several", "groups"],
  ["confirm", "page"],
  ["connect", "settings"],
]);

/** Where "back" leads from a route; undefined on a place of the navigation itself. */
export function backOf({ name, id, query }: Route): string | undefined {
  const from = name === "person" ? query.get("from") : null;
  if (from !== null) return `group/${encodeURIComponent(from)}`;
  return parents.get(name) ?? (name === "activity" && id !== undefined ? name : undefined);
}
