import * as v from "valibot";

/** The form of every id that reaches a path or a request. What has another form is refused before anything is sent. */

/** The id of a group: digits, in older groups two numbers with a hyphen. */
export const groupId = v.pipe(v.string(), v.regex(/^[0-9]{5,20}(-[0-9]{5,15})?@g\.us$/));

/** Whether an id that may be a group's or a person's is a group's. */
export const isGroupId = (id: string) => id.endsWith("@g.us");

/** The id of a person: digits with a known suffix, or a hidden id. */
export const personId = v.pipe(v.string(), v.regex(/^[0-9]{5,20}(:[0-9]{1,3})?@(s\.whatsapp\.net|c\.us|lid)$/));

const CODE = /^[A-Za-z0-9_-]{10,64}$/;

/** An invite code in the widest form that is handed on; `invite.ts` says which of them are looked for on pages. */
export const inviteCode = v.pipe(v.string(), v.regex(CODE));

/** Whether a text is an invite code, in the same form. */
export const isInviteCode = (text: string) => CODE.test(text);

/** Returns the link that lets people into a group. */
export const inviteLink = (code: string) => `https://chat.whatsapp.com/${code}`;

/** The id of an instance as it may stand in a path; opaque otherwise. */
export const instanceId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_.:-]{1,128}$/), v.notValue("."), v.notValue(".."));
