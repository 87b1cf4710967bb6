import type { World, WorldGroup, WorldInstance, WorldMember } from "./world";
import { hiddenId, nameOf } from "./numbers";

interface Meta {
  requestId: string;
  timestamp: string;
}

/** A dialect's answers, as JSON values. */
export interface AnswerForms {
  good(value: unknown, meta: () => Meta): unknown;
  done(message: string, meta: () => Meta): unknown;
  member(group: WorldGroup, member: WorldMember): unknown;
  group(group: WorldGroup): unknown;
  listed(group: WorldGroup): unknown;
  created(group: WorldGroup): unknown;
  joined(group: WorldGroup): unknown;
  waiting(group: WorldGroup): unknown;
  invite(group: WorldGroup): unknown;
  /** Each person's status code. */
  results(list: { id: string; status: number }[]): unknown;
  sent(message: { id: string; number: number }): unknown;
  contact(person: string): unknown;
  instanceId(instance: WorldInstance): string;
}

/** Hidden ids reveal nothing of the number. */
function shownId(group: WorldGroup, member: WorldMember): string {
  const isHidden = (group.isHidden && member.role === "member") || group.hides?.includes(member.id);
  return isHidden ? hiddenId(member.id) : member.id;
}

/** The groups guide, the default: all in `{success, data, meta}`. */
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
  contact: (id) => ({ id, name: null, short_name: null, push_name: nameOf(id), is_business: false }),
  instanceId: ({ id }) => id,
};

/** The API reference: bare values. */
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
    contact: (id) => ({ id: own(id), pushname: nameOf(id) }),
    instanceId: ({ uuid }) => uuid,
  };
  return forms;
}

/** Adds members' names to a dialect's answers. */
export function named(forms: AnswerForms): AnswerForms {
  const member = (group: WorldGroup, one: WorldMember): object => ({
    ...(forms.member(group, one) as object),
    pushName: nameOf(one.id),
  });
  return {
    ...forms,
    member,
    group: (group) => ({
      ...(forms.group(group) as object),
      participants: group.members.map((one) => member(group, one)),
    }),
  };
}

/** Adds the engine's forms to a dialect's, for gateways that pass them on. */
export function noweb(forms: AnswerForms): AnswerForms {
  const facts = (group: WorldGroup) => ({
    isCommunityAnnounce: group.isCommunity === true,
    announce: group.onlyAdminsSend === true,
  });
  const member = (group: WorldGroup, one: WorldMember): object => {
    const shown = forms.member(group, one) as { id: string };
    if (!shown.id.endsWith("@lid")) return shown;
    // A hidden id's digits, no phone number.
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
