/** Patterns of all ids in paths and requests; others are never sent. No schema library, for screens. */
export const ID_FORMS = {
  /** Older ids have two hyphenated numbers. */
  group: /^[0-9]{5,20}(-[0-9]{5,15})?@g\.us$/,
  person: /^[0-9]{5,20}(:[0-9]{1,3})?@(s\.whatsapp\.net|c\.us|lid)$/,
  /** Widest accepted form; `invite.ts` is stricter on pages. */
  code: /^[A-Za-z0-9_-]{10,64}$/,
  /** Opaque, but safe in a path. */
  instance: /^(?!\.{1,2}$)[A-Za-z0-9_.:-]{1,128}$/,
} as const;

/** Whether a group or person id is a group's. */
export const isGroupId = (id: string) => id.endsWith("@g.us");

/** Whether a text looks like an invite code. */
export const isInviteCode = (text: string) => ID_FORMS.code.test(text);

/** Returns the invite link of a code. */
export const inviteLink = (code: string) => `https://chat.whatsapp.com/${code}`;
