/** Not drawn yet. */
export function Join(_props: { id?: string; query?: URLSearchParams }) {
  return null;
}
