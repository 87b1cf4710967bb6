import * as v from "valibot";
import { ID_FORMS } from "./ids";
import { JOB_LIMITS } from "./model/step";

/** Text of at most `max` UTF-16 units. */
export const text = (max: number) => v.pipe(v.string(), v.maxLength(max));

/** Group id. */
export const groupId = v.pipe(v.string(), v.regex(ID_FORMS.group));

/** Person id. */
export const personId = v.pipe(v.string(), v.regex(ID_FORMS.person));

/** Invite code. */
export const inviteCode = v.pipe(v.string(), v.regex(ID_FORMS.code));

/** Instance id. */
export const instanceId = v.pipe(v.string(), v.regex(ID_FORMS.instance));

/** Id of a connection, job or question; or a nonce. */
export const id = v.pipe(v.string(), v.minLength(1), v.maxLength(128));

/** Pace of a job. */
export const pace = v.picklist(["careful", "fast"]);

/** Somebody with what was typed for them. */
export const person = v.strictObject({ id: personId, given: text(200), name: v.optional(text(200)) });
/** People of a job, possibly none. */
export const people = v.pipe(v.array(person), v.maxLength(JOB_LIMITS.people));

/** People of a job, at least one. */
export const somePeople = v.pipe(people, v.minLength(1));

/** Group ids of a job, at least one. */
export const groups = v.pipe(v.array(groupId), v.minLength(1), v.maxLength(JOB_LIMITS.groups));

/** Time in ms that a date can show. */
export const time = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8.64e15));

const place = v.pipe(v.number(), v.integer(), v.minValue(0));

/** [group, person] indexes: who is meant for which group. */
export const pairs = v.pipe(v.array(v.strictTuple([place, place])), v.minLength(1), v.maxLength(JOB_LIMITS.results));
/** Admins to remove, by `placeKey`; absent: all. */
export const admins = v.optional(v.pipe(v.array(text(300)), v.maxLength(JOB_LIMITS.results)));
