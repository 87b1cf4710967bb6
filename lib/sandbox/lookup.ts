import { LIMITS } from "../shared/model";
import { Refusal } from "./request";
import type { Ctx, State } from "./state";
import type { World, WorldGroup, WorldMember, WorldPerson } from "./world";
import { hiddenId } from "./numbers";

/** Most members of a group. */
export const FULL = LIMITS.members;

/**
 * Returns the path's group. Throws a `Refusal`: 404 if the instance is not in it, 403 if it is no admin but must be.
 */
export function groupOf(
  { world }: State,
  c: Ctx,
  who: "member" | "admin" = "member",
): { group: WorldGroup; me: WorldMember } {
  const id = c.req.param("group") ?? "";
  const group = Object.hasOwn(world.groups, id) ? world.groups[id] : undefined;
  const me = group?.members.find((member) => member.id === c.get("instance").number);
  if (!group || !me) throw new Refusal(404, "GROUP_NOT_FOUND", "Group not found or the instance is not a member");
  if (who === "admin" && me.role === "member")
    throw new Refusal(403, "FORBIDDEN", "The instance is not an admin of this group");
  return { group, me };
}

/** Returns the person behind an id: without device, under the registered number, not hidden. */
export function resolve({ world }: State, group: WorldGroup | null, id: string): string {
  if (id.endsWith("@lid")) return group?.members.find((member) => hiddenId(member.id) === id)?.id ?? id;
  const phone = `${id.split(/[:@]/)[0]}@s.whatsapp.net`;
  return special(world, phone)?.registeredAs ?? phone;
}
/** Returns a person's special behaviour, if any. */
export function special(world: World, id: string): WorldPerson | undefined {
  return Object.hasOwn(world.people, id) ? world.people[id] : undefined;
}

/** Returns the status of adding a person, before the group's rules: 200, 401, 403, 404, 408. */
export function welcome({ world }: State, group: WorldGroup, id: string): number {
  const refuses = special(world, id)?.refuses;
  if (refuses) return refuses;
  if (id.endsWith("@lid")) return 404;
  return group.recentlyLeft?.includes(id) ? 408 : 200;
}
