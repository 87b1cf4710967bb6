/** Not drawn yet. */
export function People(_props: { id?: string; query?: URLSearchParams }) {
  return null;
}
