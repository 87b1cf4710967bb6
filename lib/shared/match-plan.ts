import * as v from "valibot";
import { groupId, person, personId, time } from "./fields";
import type { Member, Person } from "./model";
import { personKey } from "./person";

const content = v.strictObject({
  format: v.literal("wappfy-groups-plan"),
  version: v.literal(1),
  origin: v.string(),
  instance: v.string(),
  madeAt: time,
  groups: v.array(
    v.strictObject({
      id: groupId,
      name: v.string(),
      /** `digestOf` the members. */
      members: v.string(),
      add: v.array(person),
      remove: v.array(person),
      /** Removed although they are admins. */
      admins: v.array(personId),
    }),
  ),
});

/** Changes per group and a digest of its members: a file to review and apply unchanged. */
export type MatchPlan = v.InferOutput<typeof content>;

/** Returns a digest of members and roles, independent of order and spelling. */
export function digestOf(members: readonly Member[]): Promise<string> {
  const lines = members.map(({ id, role }) => `${personKey(id)} ${role}`).toSorted();
  return sha256(lines.join("\n"));
}

/** Returns a plan as file text with a hash. */
export async function planText(plan: MatchPlan): Promise<string> {
  return JSON.stringify({ ...plan, hash: await sha256(JSON.stringify(plan)) });
}

/** Reads a plan file. `altered`: its hash does not match. */
export async function readPlan(text: string): Promise<MatchPlan | "unreadable" | "altered"> {
  let file: Record<string, unknown> | null;
  try {
    file = JSON.parse(text) as Record<string, unknown> | null;
  } catch {
    return "unreadable";
  }
  const { hash, ...rest } = file ?? {};
  const read = v.safeParse(content, rest);
  if (!read.success || typeof hash !== "string") return "unreadable";
  return hash === (await sha256(JSON.stringify(rest))) ? read.output : "altered";
}

/** Converts people per group to a job's lists and `pairs`. */
export function pairsOf(wishes: readonly { group: string; people: readonly Person[] }[]): {
  groups: string[];
  people: Person[];
  pairs: [group: number, person: number][];
} {
  const groups: string[] = [];
  const people: Person[] = [];
  const places = new Map<string, number>();
  const pairs: [number, number][] = [];
  for (const wish of wishes.filter((each) => each.people.length > 0)) {
    const at = groups.push(wish.group) - 1;
    for (const each of wish.people) {
      const place = places.get(each.id) ?? people.push(each) - 1;
      places.set(each.id, place);
      pairs.push([at, place]);
    }
  }
  return { groups, people, pairs };
}

async function sha256(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
