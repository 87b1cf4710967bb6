import type { Signal } from "@preact/signals";
import { Link, MessageSquare, Pin, UserPlus } from "lucide";
import { t } from "../../../lib/shared/i18n";
import { inviteLink } from "../../../lib/shared/ids";
import { send } from "../../../lib/shared/send";
import type { GroupRow } from "../../../lib/store/schema";
import { groupRoute } from "../../models/find";
import { type Shell, useShell } from "../../models/shell";
import { Button } from "../../parts/button";

/** Add, message, invite, pin. */
export type Letter = "a" | "m" | "i" | "p";

/** Ms a row says that its link was copied. */
const SAID = 2000;

/** Returns a row's main actions by letter. */
export function actionsOf(
  row: GroupRow,
  { go, announcement }: Pick<Shell, "go" | "announcement">,
  isCopied: Signal<boolean>,
): Record<Letter, () => unknown> {
  return {
    a: () => go(groupRoute(row.id, "add")),
    m: () => go(groupRoute(row.id, "message")),
    // A failure leads to the reason.
    i: async () => {
      if (!(await copyInvite(row))) {
        go(groupRoute(row.id, "invite"));
        return;
      }
      isCopied.value = true;
      setTimeout(() => (isCopied.value = false), SAID);
      announcement.value = t("groups_copied", row.name);
    },
    p: () => send("pinGroup", { group: row.id, isPinned: row.pinnedAt === undefined }),
  };
}

/** A row's main actions by click; with `role`, a cell. */
export function RowActions(props: { row: GroupRow; isCopied: Signal<boolean>; role?: "gridcell" }) {
  const { row, isCopied, role } = props;
  const { a: add, m: write, i: copy, p: pin } = actionsOf(row, useShell(), isCopied);
  const isPinned = row.pinnedAt !== undefined;
  return (
    <span class="row-actions" role={role}>
      <Action icon={UserPlus} label={t("groups_row_add", row.name)} onPress={add} />
      <Action icon={MessageSquare} label={t("groups_row_message", row.name)} onPress={write} />
      <Action icon={Link} label={t("groups_row_invite", row.name)} onPress={copy} />
      <Action icon={Pin} label={isPinned ? t("groups_unpin", row.name) : t("groups_pin", row.name)} onPress={pin} />
    </span>
  );
}

function Action(props: { icon: typeof Pin; label: string; onPress: () => unknown }) {
  return <Button {...props} attributes={{ tabIndex: -1 }} />;
}

/** Copies the invite link, reading it if needed; returns success. */
async function copyInvite({ id, invite }: GroupRow): Promise<boolean> {
  const reply = invite ? undefined : await send("readInvite", { group: id });
  const code = invite?.code ?? (reply?.ok ? reply.value.code : undefined);
  if (code === undefined) return false;
  return navigator.clipboard.writeText(inviteLink(code)).then(
    () => true,
    () => false,
  );
}
