import * as v from "valibot";
import type { Member, Person } from "./model";
import { personKey } from "./person";

/** A comparison of several groups as a file: shown to somebody, and applied exactly as it was. */

const groupId = v.pipe(v.string(), v.regex(/^[0-9]{5,20}(-[0-9]{5,15})?@g\.us$/));
const personId = v.pipe(v.string(), v.regex(/^[0-9]{5,20}(:[0-9]{1,3})?@(s\.whatsapp\.net|c\.us|lid)$/));
const person = v.strictObject({
  id: personId,
  given: v.pipe(v.string(), v.maxLength(200)),
  name: v.optional(v.pipe(v.string(), v.maxLength(200))),
});
const content = v.strictObject({
  format: v.literal("wappfy-groups-plan"),
  version: v.literal(1),
  /** The gateway and the account that it is about. */
  origin: v.string(),
  instance: v.string(),
  madeAt: v.number(),
  groups: v.array(
    v.strictObject({
      id: groupId,
      name: v.string(),
      /** What the members were, by `digestOf`. */
      members: v.string(),
      add: v.array(person),
      remove: v.array(person),
      /** Those of them who are removed although they are admins. */
      admins: v.array(personId),
    }),
  ),
});

/** What is to be done in which group, and what the members were when it was decided. */
export type MatchPlan = v.InferOutput<typeof content>;

/** A fingerprint of who is in a group with which role: the same for the same people in any order and spelling. */
export function digestOf(members: readonly Member[]): Promise<string> {
  const lines = members.map(({ id, role }) => `${personKey(id)} ${role}`).toSorted();
  return sha256(lines.join("\n"));
}

/** The plan as the text of a file that shows when it was altered. */
export async function planText(plan: MatchPlan): Promise<string> {
  return JSON.stringify({ ...plan, hash: await sha256(JSON.stringify(plan)) });
}

/** Reads such a file. `unreadable`: it is none. `altered`: it is not as it was written. */
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

/** Chosen people of several groups as a job takes them: both lists, and who is meant for which group. */
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
