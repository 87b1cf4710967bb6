import * as v from "valibot";
import { ID_FORMS } from "./ids";
import { JOB_LIMITS } from "./model/step";

/** Fields that several commands and jobs have in their input. */

/** A text of at most `max` UTF-16 units. */
export const text = (max: number) => v.pipe(v.string(), v.maxLength(max));

/** The id of a group. */
export const groupId = v.pipe(v.string(), v.regex(ID_FORMS.group));

/** The id of a person. */
export const personId = v.pipe(v.string(), v.regex(ID_FORMS.person));

/** An invite code. */
export const inviteCode = v.pipe(v.string(), v.regex(ID_FORMS.code));

/** The id of an instance. */
export const instanceId = v.pipe(v.string(), v.regex(ID_FORMS.instance));

/** An id of ours: of a connection, a job, a question; or a nonce. */
export const id = v.pipe(v.string(), v.minLength(1), v.maxLength(128));

/** How fast a job goes. */
export const pace = v.picklist(["careful", "fast"]);

const person = v.strictObject({ id: personId, given: text(200), name: v.optional(text(200)) });
/** People of a job; may be none. */
export const people = v.pipe(v.array(person), v.maxLength(JOB_LIMITS.people));

/** People of a job that needs one at least. */
export const somePeople = v.pipe(people, v.minLength(1));

/** Groups of a job, one at least. */
export const groups = v.pipe(v.array(groupId), v.minLength(1), v.maxLength(JOB_LIMITS.groups));

const place = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Which people are meant for which groups, by their places in the two lists. */
export const pairs = v.pipe(v.array(v.strictTuple([place, place])), v.minLength(1), v.maxLength(JOB_LIMITS.results));
/** Who is removed although an admin there, each a `placeKey`; without it every admin goes too. */
export const admins = v.optional(v.pipe(v.array(text(300)), v.maxLength(JOB_LIMITS.results)));
