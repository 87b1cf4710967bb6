/** Not drawn yet. */
export function Welcome(_props: { id?: string; query?: URLSearchParams }) {
  return null;
}
