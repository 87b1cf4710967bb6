import { FULL } from "./lookup";
import { invalid, readBody, Refusal } from "./request";
import { accepts, changed, type Ctx, effect, good, replace, type Dialects, type State } from "./state";

/** Joins by an invite code. */
export async function joinGroup(state: State, c: Ctx): Promise<Response> {
  const { world, now } = state;
  const field =
    accepts(state, "guide") && accepts(state, "reference") ? ["invite_code", "code"] : [joinField(state.dialect)];
  const body = await readBody(c.req.raw, field);
  const given = body["invite_code"] ?? body["code"];
  if (typeof given !== "string") throw invalid(`${field[0]} must be a string`, { [field[0]!]: "string" });
  // The reference also takes links, the guide only codes.
  const code =
    "code" in body ? given.replace(/^https?:\/\/chat\.whatsapp\.com\/(invite\/)?/, "").split(/[?/#]/)[0] : given;
  const group = Object.values(world.groups).find((one) => one.code === code);
  if (!group) throw new Refusal(404, "INVALID_INVITE_CODE", "The invite code is invalid or was revoked");
  const own = c.get("instance").number;
  const forms = c.get("forms");
  if (group.members.some((member) => member.id === own))
    return changed(state, c, forms.joined(group), "Already in the group");
  if (group.needsApproval) {
    const waiting = group.waiting ?? [];
    if (!waiting.some((one) => one.id === own)) {
      replace(state, group, { waiting: [...waiting, { id: own, at: now() }] });
      effect(c, "waiting", group.id, { person: own });
    }
    // Only members are shown the others.
    if (world.settings.waiting === "as-joined")
      return changed(state, c, forms.joined({ ...group, members: [] }), "Done", 201);
    return changed(state, c, forms.waiting(group), "Waiting for an admin's approval", 202);
  }
  if (group.members.length >= FULL) throw new Refusal(409, "GROUP_FULL", "The group is full");
  const next = replace(state, group, { members: [...group.members, { id: own, role: "member" }] });
  effect(c, "joined", group.id, { person: own });
  return changed(state, c, forms.joined(next), "Joined the group");
}

/** Sends to a person or one of the instance's groups. */
export async function sendMessage(state: State, c: Ctx): Promise<Response> {
  const { world, now } = state;
  const inGuide = ["chat_id", "type", "text", "media_url", "caption"];
  const inReference = ["to", "type", "body", "media_url", "caption", "quoted_message_id", "mentions"];
  const body = await readBody(c.req.raw, [
    ...(accepts(state, "guide") ? inGuide : []),
    ...(accepts(state, "reference") ? inReference : []),
  ]);
  const chat = body["chat_id"] ?? body["to"];
  const type = body["type"];
  const text = body["text"] ?? body["body"] ?? body["caption"] ?? "";
  if (typeof chat !== "string" || chat === "") throw invalid("The recipient is missing");
  if (typeof type !== "string" || !["text", "image", "video", "audio", "document"].includes(type))
    throw invalid("type must be text, image, video, audio or document", { type: "unknown" });
  if (typeof text !== "string" || (type === "text" && text === "")) throw invalid("The text is missing");
  if (type !== "text" && typeof body["media_url"] !== "string") throw invalid("media_url is missing");
  const isGroup = chat.endsWith("@g.us");
  if (isGroup) {
    const group = Object.hasOwn(world.groups, chat) ? world.groups[chat] : undefined;
    const me = group?.members.find((member) => member.id === c.get("instance").number);
    if (!me) throw new Refusal(404, "GROUP_NOT_FOUND", "Group not found or the instance is not a member");
    if (group?.onlyAdminsSend && me.role === "member")
      throw new Refusal(403, "FORBIDDEN", "Only admins can send messages to this group");
  } else if (!/^\d{7,15}(@(s\.whatsapp\.net|c\.us))?$|^\d{5,20}@lid$/.test(chat))
    throw new Refusal(422, "VALIDATION_ERROR", "Invalid chat id");
  world.counter += 1;
  const message = { id: messageId(world.counter), instance: c.get("instance").id, chat, type, text, at: now() };
  world.messages = [...world.messages, message].slice(-200);
  effect(c, "sent", chat, { text });
  await state.save();
  return good(state, c, c.get("forms").sent({ id: message.id, number: world.counter }), 201);
}

function joinField(dialect: Dialects): "invite_code" | "code" {
  return dialect === "reference" ? "code" : "invite_code";
}

function messageId(n: number): string {
  return `3EB0${(n * 2_654_435_761 + 0x1_0000_0000).toString(16).toUpperCase().slice(-10).padStart(10, "0")}`;
}
