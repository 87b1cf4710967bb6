/** Not drawn yet. */
export function Connect(_props: { id?: string; query?: URLSearchParams }) {
  return null;
}
