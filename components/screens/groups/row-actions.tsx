import type { Signal } from "@preact/signals";
import { Link, MessageSquare, Pin, UserPlus } from "lucide";
import { ok } from "../../../lib/shared/failure";
import { t } from "../../../lib/shared/i18n";
import { inviteLink } from "../../../lib/shared/ids";
import { send } from "../../../lib/shared/send";
import type { GroupRow } from "../../../lib/store/schema";
import { groupRoute } from "../../models/find";
import { announce, type Shell, useShell } from "../../models/shell";
import { Button, firstClick } from "../../parts/button";
import { failureText } from "../../parts/notice";

/** Add, message, invite, pin. */
export type Letter = "a" | "m" | "i" | "p";

/** Ms a row says that its link was copied. */
const SAID = 2000;

/** Returns a row's main actions by letter. */
export function actionsOf(
  row: GroupRow,
  shell: Pick<Shell, "go" | "announcement">,
  isCopied: Signal<boolean>,
): Record<Letter, () => unknown> {
  const { go } = shell;
  return {
    a: () => go(groupRoute(row.id, "add")),
    m: () => go(groupRoute(row.id, "message")),
    i: async () => {
      const { hash } = location;
      const { activeElement } = document;
      const why = await copyInvite(row);
      if (why === undefined) {
        isCopied.value = true;
        setTimeout(() => (isCopied.value = false), SAID);
        announce(shell, t("groups_copied", row.name));
      }
      // A failure leads to the reason; who does something else by now only hears it.
      else if (location.hash === hash && document.activeElement === activeElement) go(groupRoute(row.id, "invite"));
      else announce(shell, t("job_announce", row.name, why));
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
  return <Button {...props} onPress={firstClick(props.onPress)} attributes={{ tabIndex: -1 }} />;
}

/** Copies the invite link, reading it if needed; returns why not. */
async function copyInvite({ id, invite }: GroupRow): Promise<string | undefined> {
  const reply = invite ? ok(invite) : await send("readInvite", { group: id });
  if (!reply.ok) return failureText(reply.failure).sentence;
  return navigator.clipboard.writeText(inviteLink(reply.value.code)).then(
    () => undefined,
    () => t("action_copy_refused"),
  );
}
