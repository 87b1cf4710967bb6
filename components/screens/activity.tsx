/** Not drawn yet. */
export function ActivityScreen(_props: { id?: string; query?: URLSearchParams }) {
  return null;
}
