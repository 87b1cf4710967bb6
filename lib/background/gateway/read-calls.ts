import * as v from "valibot";
import { inviteCode, personId } from "../../shared/fields";
import { cleanText } from "../../shared/text";
import type { GroupInfo } from "./answer";
import { first, isFields, unwrap } from "./fields";
import { idText } from "./values";
import { isGroup, readGroup } from "./read-groups";

/** Answers to the calls that are about one thing: an invite, a join, a message, a number. */

/** The bare code of an invite answer: under one of many names, or the answer itself; a link or a code. */
export function readInvite(body: unknown): { code: string } | undefined {
  const value = unwrap(body);
  const given = isFields(value)
    ? first(value, "invite_code", "inviteCode", "code", "newCode", "link", "invite_link", "inviteLink", "url")
    : value;
  if (typeof given !== "string") return undefined;
  const text = given.trim();
  const code = /^(?:https?:\/\/)?chat\.whatsapp\.com\/(?:invite\/)?([^/?#]+)/i.exec(text)?.[1] ?? text;
  return v.is(inviteCode, code) ? { code } : undefined;
}

/** Words by which an answer says that an admin has to let us in. */
const PENDING = /pending|approv|waiting|requested|request (was |has been )?sent/i;

/** Whether a text says that an admin has to let us in. */
export function saysPending(text: string): boolean {
  return PENDING.test(text);
}

/** A successful join in any shape: nothing, an id, a group. What is odd is as good as nothing. */
export function readJoin(body: unknown): { group?: GroupInfo | { id: string }; isPending: boolean } {
  const value = unwrap(body);
  const known = readGroup(body);
  const bare = isFields(value) ? first(value, "groupId", "group_id", "id", "jid", "gid") : value;
  const id = v.safeParse(idText, bare);
  const joined =
    known && known.name !== "" ? known : id.success && isGroup({ id: id.output }) ? { id: id.output } : known;
  const places = isFields(body) ? [value, body] : [value];
  const isPending = places.some((place) => {
    if (!isFields(place)) return false;
    const words = ["status", "state", "message", "result", "code"].map((name) => place[name]);
    return (
      ["isPending", "pending", "pending_approval", "pendingApproval", "approval_required", "requires_approval"].some(
        (name) => Object.hasOwn(place, name) && place[name] === true,
      ) ||
      words.some((word) => word === 421 || (typeof word === "string" && (Number(word) === 421 || saysPending(word))))
    );
  });
  return { ...(joined ? { group: joined } : {}), isPending };
}

/** What became of a message. Both documented answers carry an id: without `message`, nothing was said. */
export function readSent(body: unknown): { message?: string; isQueued: boolean; hasFailed: boolean } {
  const value = unwrap(body);
  if (!isFields(value)) return { isQueued: false, hasFailed: false };
  const key = first(value, "key");
  const job = first(value, "jobId", "job_id");
  const own = first(value, "message_id", "messageId", "id") ?? (isFields(key) ? first(key, "id") : undefined);
  const id = v.safeParse(v.union([idText, v.pipe(v.number(), v.transform(String))]), own ?? job);
  const status = first(value, "status", "state");
  const word = typeof status === "string" ? status.toLowerCase() : "";
  const message = id.success ? cleanText(id.output, 128) : "";
  return {
    ...(message === "" ? {} : { message }),
    isQueued: (own === undefined && job !== undefined) || /queue|pending|waiting|accepted|scheduled/.test(word),
    hasFailed: /^(failed|failure|error|rejected|not_sent)$/.test(word),
  };
}

/** Whether a number is on WhatsApp. */
export function readCheck(body: unknown): { exists: boolean; id?: string } | undefined {
  const value = unwrap(body);
  if (!isFields(value)) return undefined;
  const exists = first(value, "exists", "numberExists", "isInWhatsapp", "is_on_whatsapp");
  if (typeof exists !== "boolean") return undefined;
  const id = v.safeParse(idText, first(value, "chat_id", "chatId", "jid", "id"));
  return { exists, ...(exists && id.success && v.is(personId, id.output) ? { id: id.output } : {}) };
}
