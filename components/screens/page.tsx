/** Not drawn yet. */
export function Page(_props: { id?: string; query?: URLSearchParams }) {
  return null;
}
