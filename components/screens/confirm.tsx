/** Not drawn yet. */
export function ConfirmInvite(_props: { id?: string; query?: URLSearchParams }) {
  return null;
}
