import { LIMITS } from "../shared/model";
import { graphemes } from "../shared/text";
import { groupOf, resolve, welcome } from "./lookup";
import { invalid, readBody, readNumber, readPeople } from "./request";
import { changed, type Ctx, effect, good, replace, type State } from "./state";
import type { WorldGroup, WorldMember } from "./world";

/** Creates a group of those who can be added. */
export async function create(state: State, c: Ctx): Promise<Response> {
  const { world, now } = state;
  const body = await readBody(c.req.raw, ["name", "participants"]);
  const name = body["name"];
  if (typeof name !== "string" || name.trim() === "" || graphemes(name) > LIMITS.name)
    throw invalid("name must have 1 to 100 characters", { name: "1 to 100 characters" });
  const ids = readPeople(body["participants"]);
  const me: WorldMember = { id: c.get("instance").number, role: "superadmin" };
  world.counter += 1;
  const empty: WorldGroup = {
    id: `120363${String(900_000_000_000 + world.counter)}@g.us`,
    name,
    owner: me.id,
    createdAt: Math.floor(now() / 1000) * 1000,
    members: [me],
    code: codeFrom(world.counter),
  };
  const added = new Set(
    ids.map((id) => resolve(state, null, id)).filter((id) => id !== me.id && welcome(state, empty, id) === 200),
  );
  const group = { ...empty, members: [me, ...[...added].map((id): WorldMember => ({ id, role: "member" }))] };
  // New groups head the list, as on a phone.
  world.groups = { [group.id]: group, ...world.groups };
  effect(c, "created", group.id, { text: name });
  for (const id of added) effect(c, "added", group.id, { person: id });
  await state.save();
  return good(state, c, c.get("forms").created(group), 201);
}

/** Lists the instance's groups, paged by the world's settings. */
export function list(state: State, c: Ctx): Response {
  const { world } = state;
  const own = c.get("instance").number;
  const mine = Object.values(world.groups).filter((group) => group.members.some((member) => member.id === own));
  const view = (group: WorldGroup) => c.get("forms").listed(group);
  if (world.settings.paging === "all") return good(state, c, mine.map(view));
  const { usual, most } = world.settings.pageSize ?? { usual: 50, most: 100 };
  const limit = readNumber(c.req.query("limit"), usual, 1, most);
  if (world.settings.paging === "pages") {
    const page = readNumber(c.req.query("page"), 1, 1, 100_000);
    return good(state, c, pageOf(mine.map(view), page, limit));
  }
  const page = readNumber(c.req.query("page"), 1, 1, 100_000);
  const offset = readNumber(c.req.query("offset"), (page - 1) * limit, 0, 10_000_000);
  return good(state, c, mine.slice(offset, offset + limit).map(view));
}

/** Changes a group's name or description. */
export async function update(state: State, c: Ctx): Promise<Response> {
  const { group } = groupOf(state, c, "admin");
  const { name, description } = await readBody(c.req.raw, ["name", "description"]);
  if (name === undefined && description === undefined) throw invalid("Nothing to update");
  if (name !== undefined && (typeof name !== "string" || name.trim() === "" || graphemes(name) > LIMITS.name))
    throw invalid("name must have 1 to 100 characters", { name: "1 to 100 characters" });
  if (description !== undefined && (typeof description !== "string" || graphemes(description) > LIMITS.description))
    throw invalid("description must have at most 2048 characters", { description: "at most 2048 characters" });
  const next = replace(state, group, {
    ...(name === undefined ? {} : { name: name as string }),
    ...(description === undefined ? {} : { description: description as string }),
  });
  effect(c, "updated", group.id, { text: next.name });
  return changed(state, c, c.get("forms").group(next), "Group updated successfully");
}

/** Leaves a group. */
export async function leave(state: State, c: Ctx): Promise<Response> {
  const { group, me } = groupOf(state, c);
  replace(state, group, { members: group.members.filter((member) => member.id !== me.id) });
  effect(c, "left", group.id, { person: me.id });
  return changed(state, c, { group_id: group.id, status: "left" }, "Left the group");
}

/** Returns one page in its envelope. */
export function pageOf<T>(items: T[], page: number, limit: number) {
  return {
    items: items.slice((page - 1) * limit, page * limit),
    total: items.length,
    page,
    limit,
    totalPages: Math.max(1, Math.ceil(items.length / limit)),
  };
}

/** Like real ones: 22 characters, the first from 0-9 and A-L. */
function codeFrom(n: number): string {
  const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  let code = "B";
  let state = n * 2_654_435_761;
  while (code.length < 22) {
    state = (state * 48_271 + 11) % 2_147_483_647;
    code += letters[state % 62];
  }
  return code;
}
