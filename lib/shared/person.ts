const ID = /^\+?(\d+)(?:[._]\d+)?(?::\d+)?@(s\.whatsapp\.net|c\.us|hosted|lid|hosted\.lid)$/i;

/** Returns the person id of international digits. */
export function toPersonId(digits: string): string {
  return `${digits}@s.whatsapp.net`;
}

/** Whether the id hides the number (`@lid`). */
export function isHidden(id: string): boolean {
  return /@(?:hosted\.)?lid$/i.test(id);
}

/** Returns an id's international digits; undefined if hidden or not a person's. */
export function digitsOf(id: string): string | undefined {
  return isHidden(id) ? undefined : ID.exec(id)?.[1];
}

/**
 * Returns one key for all ids of an account, for comparison only: `@c.us` equals `@s.whatsapp.net`, device parts are
 * dropped, a hidden id equals only itself.
 *
 * Gateways list either form of three countries' mobile numbers:
 * - Brazil: `55 DD 9XXXXXXX` with and without a 9 before eight digits starting with 6 to 9. Before 2 to 5 the 9 is part
 * of a new mobile number; without it, it is a landline.
 * - Argentina: `54` and `549` before ten digits.
 * - Mexico: `52` and `521` before ten digits.
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

/** Whether two ids have the same `personKey`. */
export function samePerson(a: string, b: string): boolean {
  return personKey(a) === personKey(b);
}

/** Returns all digits with the same `personKey`. */
export function formsOf(id: string): string[] {
  const key = personKey(id).replace(/@.*$/, "");
  if (isHidden(id)) return [key];
  const other = key
    .replace(/^(55[1-9]\d)([6-9]\d{7})$/, "$19$2")
    .replace(/^54(\d{10})$/, "549$1")
    .replace(/^52(\d{10})$/, "521$1");
  return other === key ? [key] : [key, other];
}

/** Returns a comparison key for a person in a group. */
export function placeKey(group: string, person: string): string {
  return `${group} ${personKey(person)}`;
}
