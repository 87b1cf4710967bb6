/** Joins the first names, each isolated, with commas; `…` stands for the rest. */
export function firstNames(names: readonly string[], most: number): string {
  const first = names.slice(0, most).map((name) => `\u2068${name}\u2069`);
  return first.join(", ") + (names.length > most ? " …" : "");
}
