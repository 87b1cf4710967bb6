/** Not drawn yet. */
export function Create(_props: { id?: string; query?: URLSearchParams }) {
  return null;
}
