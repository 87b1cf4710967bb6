import type { World, WorldGroup, WorldInstance, WorldMember } from "./world";
import { hiddenId } from "./numbers";

/** What a good answer carries beside its value, in the guide's envelope. */
interface Meta {
  requestId: string;
  timestamp: string;
}

/** The forms of the answers of a dialect. Each returns the JSON value of a body. */
export interface AnswerForms {
  /** A good answer around its value. */
  good(value: unknown, meta: () => Meta): unknown;
  /** The answer to a change by a gateway that tells nothing but that it was done. */
  done(message: string, meta: () => Meta): unknown;
  member(group: WorldGroup, member: WorldMember): unknown;
  group(group: WorldGroup): unknown;
  /** A group in the list of groups. */
  listed(group: WorldGroup): unknown;
  created(group: WorldGroup): unknown;
  joined(group: WorldGroup): unknown;
  waiting(group: WorldGroup): unknown;
  invite(group: WorldGroup): unknown;
  /** What became of each person, by status code. */
  results(list: { id: string; status: number }[]): unknown;
  sent(message: { id: string; number: number }): unknown;
  instanceId(instance: WorldInstance): string;
}

/** The id that the gateway shows: that of a hidden member says nothing of the number. */
function shownId(group: WorldGroup, member: WorldMember): string {
  const isHidden = (group.isHidden && member.role === "member") || group.hides?.includes(member.id);
  return isHidden ? hiddenId(member.id) : member.id;
}

/** The groups guide, the default: everything within `{success, data, meta}`. */
export const guide: AnswerForms = {
  good: (data, meta) => ({ success: true, data, meta: meta() }),
  done: (message, meta) => guide.good({ message }, meta),
  member: (group, member) => ({
    id: shownId(group, member),
    is_admin: member.role !== "member",
    is_super_admin: member.role === "superadmin",
  }),
  group: (group) => ({
    group_id: group.id,
    name: group.name,
    description: group.description ?? "",
    owner: group.owner ?? null,
    created_at: new Date(group.createdAt).toISOString().replace(".000Z", "Z"),
    participants: group.members.map((member) => guide.member(group, member)),
  }),
  listed: (group) => ({ group_id: group.id, name: group.name, participant_count: group.members.length }),
  created: (group) => ({
    group_id: group.id,
    name: group.name,
    participants: group.members.slice(1).map((member) => ({ id: member.id, is_admin: false })),
  }),
  joined: (group) => ({ group_id: group.id, name: group.name }),
  waiting: (group) => ({ group_id: group.id, status: "pending_approval" }),
  invite: (group) => ({ invite_code: `https://chat.whatsapp.com/${group.code}` }),
  results: (participants) => ({ participants }),
  sent: ({ id }) => ({ message_id: id, status: "sent" }),
  instanceId: ({ id }) => id,
};

/** The API reference: the bare value, and ids that end as the world says. */
export function reference({ settings: { suffix } }: Pick<World, "settings">): AnswerForms {
  const own = (id: string) => id.replace("s.whatsapp.net", suffix);
  const forms: AnswerForms = {
    good: (value) => value,
    done: (message) => ({ success: true, message }),
    member: (group, member) => ({
      id: own(shownId(group, member)),
      admin: member.role === "member" ? null : member.role,
    }),
    group: (group) => ({
      id: group.id,
      subject: group.name,
      participants: group.members.map((member) => forms.member(group, member)),
      creation: Math.floor(group.createdAt / 1000),
      ...(group.description === undefined ? {} : { description: group.description }),
      ...(group.picture === undefined ? {} : { pictureUrl: group.picture }),
    }),
    listed: (group) => forms.group(group),
    created: (group) => forms.group(group),
    joined: (group) => forms.group(group),
    waiting: (group) => ({ id: group.id, status: "pending_approval" }),
    invite: (group) => ({ code: group.code }),
    results: (list) => list.map(({ id, status }) => ({ status: String(status), jid: own(id), content: {} })),
    sent: ({ number }) => ({ message: "Message queued for delivery", jobId: String(number) }),
    instanceId: ({ uuid }) => uuid,
  };
  return forms;
}

/** The forms of the engine behind a gateway that hands them on, over those of a dialect. */
export function noweb(forms: AnswerForms): AnswerForms {
  const facts = (group: WorldGroup) => ({
    isCommunityAnnounce: group.isCommunity === true,
    announce: group.onlyAdminsSend === true,
  });
  const member = (group: WorldGroup, one: WorldMember): object => {
    const shown = forms.member(group, one) as { id: string };
    if (!shown.id.endsWith("@lid")) return shown;
    // The digits of a hidden id are no number, although they stand where one should.
    return { ...shown, id: shown.id.replace("@", ".1:0@"), phone_number: shown.id.split("@")[0] };
  };
  return {
    ...forms,
    member,
    group: (group) => ({
      ...(forms.group(group) as object),
      ...facts(group),
      participants: group.members.map((one) => member(group, one)),
    }),
    listed: (group) => ({ ...(forms.listed(group) as object), ...facts(group) }),
    results: (list) =>
      list.map(({ id, status }) => ({
        status: String(status),
        jid: hiddenId(id),
        content: { attrs: { phone_number: id } },
      })),
  };
}
