import * as v from "valibot";
import { inviteCode, personId } from "../../shared/fields";
import { cleanText } from "../../shared/text";
import type { GroupInfo } from "./answer";
import { first, isFields, fieldsOf, onlyOne, unwrap } from "./fields";
import { isGroupId } from "../../shared/ids";
import { flag, idText } from "./values";
import { isGroup, readGroup } from "./read-groups";

const INVITES =
  "inviteCode code newCode link inviteLink url inviteUrl invitationLink groupLink groupInviteLink invite response result data".split(
    " ",
  );

/** An error's code or word: `NOT_ADMIN`, `not-authorized`, `PermissionDenied`. Real invite codes have 22 letters or digits. */
const WORDS = /^(?![A-Za-z]{22}$)(?:[A-Z_-]+|[a-z_-]+|[A-Z]?[a-z]{2,}(?:[A-Z][a-z]{2,})*)$/;

/** Reads an invite's code, bare or in a link. */
export function readInvite(body: unknown): { code: string } | undefined {
  return inviteIn(unwrap(body), 0);
}

function inviteIn(value: unknown, depth: number): { code: string } | undefined {
  const given = onlyOne(value);
  if (isFields(given) && depth < 3) {
    const field = fieldsOf(given);
    for (const name of INVITES) {
      const found = inviteIn(field(name), depth + 1);
      if (found) return found;
    }
  }
  if (typeof given !== "string") return undefined;
  const text = given.trim();
  const linked = /^(?:https?:\/\/)?chat\.whatsapp\.com\/(?:invite\/)?([^/?#]+)/i.exec(text)?.[1];
  const code = linked ?? text;
  return v.is(inviteCode, code) && (linked !== undefined || !WORDS.test(code)) ? { code } : undefined;
}

const PENDING =
  /pending|approv|^(requested|waiting)$|waiting for (an? |the )?(group )?admin|requested to join|(join|membership)[ _-]requested|request (was |has been |is )?(already )?(sent|exists|made)/i;
/** Already approved, or none needed. */
const APPROVED = /\b(approved|no (admin )?approval|without (admin )?approval|approval (is |was )?not)\b/i;

/** Whether a text says that an admin must approve. */
export function saysPending(text: string): boolean {
  return PENDING.test(text.trim()) && !APPROVED.test(text);
}

/** Reads a successful join, with its group or group id if any. */
export function readJoin(body: unknown): { group?: GroupInfo | { id: string }; isPending: boolean } {
  const value = unwrap(body);
  const known = readGroup(body);
  const bare = isFields(value) ? first(value, "groupId", "id", "jid", "gid", "groupJid", "chatId") : value;
  const id = v.safeParse(idText, bare);
  const joined =
    known && known.name !== "" ? known : id.success && isGroup({ id: id.output }) ? { id: id.output } : known;
  const places = isFields(body) ? [value, body] : [value];
  const isPending = places.some((place) => {
    if (!isFields(place)) return false;
    const field = fieldsOf(place);
    const words = ["status", "state", "message", "result", "code", "joinRequest"].map((name) => field(name));
    return (
      [
        "isPending",
        "pending",
        "pendingApproval",
        "approvalRequired",
        "requiresApproval",
        "membershipApprovalRequired",
      ].some((name) => field(name) === true) ||
      (field("joinRequest") !== undefined && field("joinRequest") !== false) ||
      words.some((word) => word === 421 || (typeof word === "string" && (Number(word) === 421 || saysPending(word))))
    );
  });
  return { ...(joined ? { group: joined } : {}), isPending };
}

const QUEUED = /^(?!.*(?:full|fail|not|error|reject)).*(?:queue|pending|waiting|accepted|scheduled|processing|sending)/;
const SENT =
  /^(message[ _])?(ok|true|success(ful|fully)?|done|sent|delivered|read|played|received|server_?ack|delivery_?ack|created)$/;

/** Reads what became of a message; uncertain without `message`, which both documented answers have. */
export function readSent(body: unknown): { message?: string; isQueued: boolean; hasFailed: boolean } {
  const given = onlyOne(unwrap(body));
  // An engine's own message id: `true_5511…@c.us_3EB0…`.
  const engine = typeof given === "string" && /^(?:true|false)_\S+@\S+_\w+$/.test(given) ? given : undefined;
  const value = engine === undefined ? given : { id: engine };
  if (!isFields(value)) return { isQueued: false, hasFailed: false };
  const inner = onlyOne(first(value, "messages") ?? first(value, "message"));
  const key = first(value, "key");
  const job = first(value, "jobId", "job_id");
  const own =
    first(value, "messageId", "id", "msgId", "ids") ??
    (isFields(key) ? first(key, "id") : undefined) ??
    (isFields(inner) ? first(inner, "id") : undefined);
  const id = v.safeParse(v.union([idText, v.pipe(v.number(), v.transform(String))]), onlyOne(own) ?? job);
  const places = isFields(inner) ? [value, inner] : [value];
  const words = places.flatMap((place) => {
    const status = first(place, "status", "state", "result");
    return typeof status === "string" ? [status.toLowerCase()] : [];
  });
  const flags = places.flatMap((place) =>
    ["sent", "success", "ok"].map((name) => v.safeParse(flag, first(place, name))),
  );
  // WhatsApp's own figures: `ack` 0 and `status` 1 mean not yet confirmed.
  const isPending = places.some((place) => first(place, "ack") === 0 || first(place, "status") === 1);
  const isQueued =
    (own === undefined && job !== undefined) ||
    isPending ||
    words.some((word) => QUEUED.test(word)) ||
    places.some((place) => first(place, "delivered") === false);
  // An unknown word may mean any refusal; WhatsApp's `status` 0 is an error.
  const isClear = places.every((place) => {
    const code = first(place, "ack", "status");
    const isError = typeof code === "number" && (code < 0 || code >= 300 || first(place, "status") === 0);
    return !first(place, "error") && !isError;
  });
  const isKnown = isClear && words.every((word) => QUEUED.test(word) || SENT.test(word));
  const message = id.success && isKnown && !isGroupId(id.output) ? cleanText(id.output, 128) : "";
  return {
    ...(message === "" ? {} : { message }),
    isQueued,
    hasFailed:
      words.some((word) => /^(failed|failure|error|rejected|not_sent)$/.test(word)) ||
      flags.some((one) => one.success && !one.output),
  };
}

/** Reads whether a number is on WhatsApp. */
export function readCheck(body: unknown): { exists: boolean; id?: string } | undefined {
  const value = unwrap(body);
  if (!isFields(value)) return undefined;
  const exists = first(value, "exists", "numberExists", "isInWhatsapp", "is_on_whatsapp");
  if (typeof exists !== "boolean") return undefined;
  const id = v.safeParse(idText, first(value, "chat_id", "chatId", "jid", "id"));
  return { exists, ...(exists && id.success && v.is(personId, id.output) ? { id: id.output } : {}) };
}
