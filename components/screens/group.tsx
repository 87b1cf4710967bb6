/** Not drawn yet. */
export function Group(_props: { id: string }) {
  return null;
}
