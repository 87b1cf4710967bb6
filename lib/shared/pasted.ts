import { isInviteCode } from "./ids";
import { inviteOfUrl, isInvite, isUnusual, lengthOfEnd, WIDE } from "./invite";

/** Why a pasted text is not an invite. */
type NoInvite =
  /** Followed, not joined. */
  | "channel"
  /** `wa.me`, `api.whatsapp.com` */
  | "chat"
  | "call"
  /** `…@g.us` */
  | "group-id"
  /** 16 characters: for one person, dead after 72 h, not joinable by code. */
  | "private"
  /** Another link. */
  | "link";

export interface PastedInvites {
  /** Distinct, in input order. `isUnusual`: not the usual 22 characters. */
  invites: { code: string; isUnusual: boolean }[];
  rejects: { text: string; why: NoInvite }[];
}

/** Reads typed or pasted links and bare codes, more generously than a page's. */
export function readPasted(text: string): PastedInvites {
  const codes = new Set<string>();
  const rejects = new Map<string, NoInvite>();
  // Defanged links: chat[.]whatsapp[.]com, hxxps://
  const plain = text
    .slice(0, 200_000)
    .replace(/\[\.\]|\(\.\)/g, ".")
    .replace(/\bhxxp(?=s?:)/gi, "http");
  for (const line of plain.split(/[\r\n]+/)) {
    const words = line.split(/[\s,;|<>"'`()«»“”„，。、]+/).filter(Boolean);
    for (const word of words) readWord(word, words.length === 1, codes, rejects);
  }
  return {
    invites: [...codes].map((code) => ({ code, isUnusual: isUnusual(code) })),
    rejects: [...rejects].map(([text, why]) => ({ text, why })),
  };
}

function readWord(word: string, isAlone: boolean, codes: Set<string>, rejects: Map<string, NoInvite>): void {
  const shown = word.slice(0, 200);
  const links = [...word.matchAll(WIDE)].map((match) => match[2] ?? "");
  const target = links.length ? null : inviteOfUrl(word);
  if (target) codes.add(target);
  for (const link of links) {
    // Chat emphasis (`_…_`) uses the code's alphabet; real codes do not end in it.
    const code = /^[A-Za-z0-9]{22}(?=[-_]+$)/.exec(link)?.[0] ?? link;
    const why = noCode(code);
    if (why) rejects.set(shown, why);
    else codes.add(code);
  }
  if (links.length || target) return;
  const begun = word.replace(/^[*_~.:!?]+/, "");
  const bare = begun.slice(0, begun.length - lengthOfEnd(begun, (sign) => /[*_~.:!?…]/.test(sign)));
  const why = noLink(bare);
  if (why) {
    rejects.set(shown, why);
  } else if (isInviteCode(bare) && (isAlone || isInvite(bare, false))) {
    const reason = noCode(bare);
    if (reason) rejects.set(shown, reason);
    else codes.add(bare);
  }
}

function noCode(code: string): NoInvite | undefined {
  if (code.startsWith("0029V") && code.length < 30) return "channel";
  if (/^\d{10,}(?:-\d+)?$/.test(code)) return "group-id";
  if (code.length === 16) return "private";
  return undefined;
}

function noLink(word: string): NoInvite | undefined {
  if (/@g\.us$/i.test(word)) return "group-id";
  if (/whatsapp\.com\/channel\b|@newsletter$/i.test(word)) return "channel";
  if (/(?:^|\/)call\.whatsapp\.com\//i.test(word)) return "call";
  if (/(?:^|\/)wa\.me\/|api\.whatsapp\.com\/|whatsapp:\/\/send/i.test(word)) return "chat";
  if (/^https?:\/\/|whatsapp\.com/i.test(word)) return "link";
  return undefined;
}
