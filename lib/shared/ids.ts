/** The forms of ids, without a schema library: for screens and for the schemas in `fields.ts`. */

/** The forms of every id that reaches a path or a request. What has another form is refused before anything is sent. */
export const ID_FORMS = {
  /** Digits, in older groups two numbers with a hyphen. */
  group: /^[0-9]{5,20}(-[0-9]{5,15})?@g\.us$/,
  /** Digits with a known suffix, or a hidden id. */
  person: /^[0-9]{5,20}(:[0-9]{1,3})?@(s\.whatsapp\.net|c\.us|lid)$/,
  /** The widest form of an invite code that is handed on; `invite.ts` says which of them are looked for on pages. */
  code: /^[A-Za-z0-9_-]{10,64}$/,
  /** An instance as it may stand in a path; opaque otherwise. */
  instance: /^(?!\.{1,2}$)[A-Za-z0-9_.:-]{1,128}$/,
} as const;

/** Whether an id that may be a group's or a person's is a group's. */
export const isGroupId = (id: string) => id.endsWith("@g.us");

/** Whether a text has the form of an invite code. */
export const isInviteCode = (text: string) => ID_FORMS.code.test(text);

/** Returns the link that lets people into a group. */
export const inviteLink = (code: string) => `https://chat.whatsapp.com/${code}`;
