/**
 * Person ids as WhatsApp forms them, without any knowledge of phone numbers: small enough for the worker and the first
 * screen. Reading and showing numbers needs phone metadata and is in `people.ts`, which screens load when they need it.
 */

const ID = /^\+?(\d+)(?:[._]\d+)?(?::\d+)?@(s\.whatsapp\.net|c\.us|hosted|lid|hosted\.lid)$/i;

/** The id that is sent for an international number of digits only. */
export function toPersonId(digits: string): string {
  return `${digits}@s.whatsapp.net`;
}

/** Whether the id hides the number (`@lid`). */
export function isHidden(id: string): boolean {
  return /@(?:hosted\.)?lid$/i.test(id);
}

/** International number of an id, digits only; undefined when it is hidden or no person's. */
export function digitsOf(id: string): string | undefined {
  return isHidden(id) ? undefined : ID.exec(id)?.[1];
}

/**
 * What two ids of one account have in common; only ever compared, never sent or shown. `@c.us` equals `@s.whatsapp.net`
 * and a device part is dropped. A hidden id equals only itself: no number can be had from it.
 *
 * Three countries changed how mobile numbers are written while WhatsApp kept accounts under the old form, so that
 * gateways list either:
 * - Brazil: `55 DD 9XXXXXXX` with and without a 9 before the eight digits, where these begin with 6 to 9. A 9 before
 *   2 to 5 belongs to a new mobile number; without it, it would be somebody else's landline.
 * - Argentina: `54` and `549` before ten digits. The ten digits are unique, so this is one line.
 * - Mexico: `52` and `521` before ten digits, the same way.
 */
export function personKey(id: string): string {
  const match = ID.exec(id);
  const digits = match?.[1];
  if (digits === undefined) return id;
  if (isHidden(id)) return `${digits}@lid`;
  return digits
    .replace(/^(55[1-9]\d)9([6-9]\d{7})$/, "$1$2")
    .replace(/^549(\d{10})$/, "54$1")
    .replace(/^521(\d{10})$/, "52$1");
}

/** Whether two ids are of one account, as far as the ids show. */
export function samePerson(a: string, b: string): boolean {
  return personKey(a) === personKey(b);
}

/** Every way to write the number of an id that `personKey` takes for one account, as digits; of a hidden id its digits. */
export function formsOf(id: string): string[] {
  const key = personKey(id).replace(/@.*$/, "");
  if (isHidden(id)) return [key];
  const other = key
    .replace(/^(55[1-9]\d)([6-9]\d{7})$/, "$19$2")
    .replace(/^54(\d{10})$/, "549$1")
    .replace(/^52(\d{10})$/, "521$1");
  return other === key ? [key] : [key, other];
}

/** One person in one group, in every spelling of the number: `group personKey`. Only ever compared. */
export function placeKey(group: string, person: string): string {
  return `${group} ${personKey(person)}`;
}
