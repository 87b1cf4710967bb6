import { FULL, groupOf, resolve, welcome } from "./lookup";
import { invalid, readBody, readPeople, Refusal } from "./request";
import { changed, type Ctx, effect, replace, type State } from "./state";

/** Adds people, as far as they and the group allow. */
export async function addPeople(state: State, c: Ctx): Promise<Response> {
  const { group } = groupOf(state, c, "admin");
  const ids = readPeople((await readBody(c.req.raw, ["participants"]))["participants"]);
  if (ids.length === 0) throw invalid("participants must not be empty", { participants: "at least one" });
  const members = [...group.members];
  const waiting = [...(group.waiting ?? [])];
  const codes = ids.map((given) => {
    const id = resolve(state, group, given);
    if (members.some((member) => member.id === id)) return 409;
    const code = welcome(state, group, id);
    if (code !== 200) return code;
    if (group.isCommunity) return 417;
    if (members.length >= FULL) return 419;
    if (group.needsApproval) {
      if (!waiting.some((one) => one.id === id)) waiting.push({ id, at: state.now() });
      return 421;
    }
    members.push({ id, role: "member" });
    return 200;
  });
  conflict(state, codes, 409, "Participant is already in the group", ids);
  for (const { id } of members.slice(group.members.length)) effect(c, "added", group.id, { person: id });
  for (const { id } of waiting.slice(group.waiting?.length ?? 0)) effect(c, "waiting", group.id, { person: id });
  replace(state, group, { members, ...(waiting.length > 0 ? { waiting } : {}) });
  return changed(
    state,
    c,
    c.get("forms").results(ids.map((id, index) => ({ id, status: codes[index]! }))),
    "Participants added successfully",
  );
}

/** Removes all but the creator and the instance. */
export async function removePeople(state: State, c: Ctx): Promise<Response> {
  const { group, me } = groupOf(state, c, "admin");
  const ids = readPeople((await readBody(c.req.raw, ["participants"]))["participants"]);
  if (ids.length === 0) throw invalid("participants must not be empty", { participants: "at least one" });
  const gone = new Set<string>();
  const codes = ids.map((given) => {
    const id = resolve(state, group, given);
    const member = gone.has(id) ? undefined : group.members.find((one) => one.id === id);
    if (!member) return 404;
    if (member.id === me.id || member.role === "superadmin") return 406;
    gone.add(id);
    return 200;
  });
  conflict(state, codes, 404, "Participant is not in the group", ids);
  for (const id of gone) effect(c, "removed", group.id, { person: id });
  replace(state, group, { members: group.members.filter((member) => !gone.has(member.id)) });
  return changed(
    state,
    c,
    c.get("forms").results(ids.map((id, index) => ({ id, status: codes[index]! }))),
    "Participants removed successfully",
  );
}

/** Throws 409 if all are already right, or some are and mixed requests are refused. */
function conflict({ world }: State, codes: number[], already: number, message: string, ids: string[]): void {
  const right = ids.filter((_, index) => codes[index] === already);
  if (right.length === 0 || (right.length < ids.length && world.settings.mixed === "apply")) return;
  throw new Refusal(409, "CONFLICT", message, { participants: right });
}
