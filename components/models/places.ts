import type { Route } from "./shell";

/** Screens besides the groups, by their name in the address; `screens.tsx` loads each when opened. */
export const SCREENS = [
  "create",
  "join",
  "confirm",
  "message",
  "several",
  "page",
  "person",
  "plan",
  "people",
  "activity",
  "settings",
  "connect",
  "welcome",
] as const;
/** One of `SCREENS`. */
export type ScreenName = (typeof SCREENS)[number];

/** Where Back leads from each route. */
export const parents = new Map([
  ["group", "groups"],
  ["create", "groups"],
  ["join", "groups"],
  ["message", "groups"],
  ["person", "people"],
  ["several", "groups"],
  ["plan", "people"],
  ["confirm", "page"],
  ["connect", "settings"],
]);

/** Returns where Back leads; undefined for navigation places. */
export function backOf({ name, id, query }: Route): string | undefined {
  const from = query.get("from");
  if (name === "activity" && id !== undefined) return from ?? name;
  if (name === "person" && from !== null) return `group/${encodeURIComponent(from)}`;
  return parents.get(name);
}
