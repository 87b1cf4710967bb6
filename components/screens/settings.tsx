/** Not drawn yet. */
export function Settings(_props: { id?: string; query?: URLSearchParams }) {
  return null;
}
