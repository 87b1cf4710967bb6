import type { Signal } from "@preact/signals";
import { Link, MessageSquare, Pin, UserPlus } from "lucide";
import { useEffect } from "preact/hooks";
import { t } from "../../../lib/shared/i18n";
import { inviteLink } from "../../../lib/shared/ids";
import { send } from "../../../lib/shared/send";
import type { GroupRow } from "../../../lib/store/schema";
import { groupRoute } from "../../models/find";
import { useShell } from "../../models/shell";
import { Button } from "../../parts/button";

/** A row's main actions, by click, or by letter on the row's link. `role`: they are a cell. */
export function RowActions(props: { row: GroupRow; isCopied: Signal<boolean>; role?: "gridcell" }) {
  const { row, isCopied, role } = props;
  const { go } = useShell();
  const copy = useInviteCopy(row, isCopied);
  const isPinned = row.pinnedAt !== undefined;
  const pin = () => send("pinGroup", { group: row.id, isPinned: !isPinned });
  return (
    <span class="row-actions" role={role}>
      <Action
        letter="A"
        icon={UserPlus}
        label={t("groups_row_add", row.name)}
        onPress={() => go(groupRoute(row.id, "add"))}
      />
      <Action
        letter="M"
        icon={MessageSquare}
        label={t("groups_row_message", row.name)}
        onPress={() => go(groupRoute(row.id, "message"))}
      />
      <Action letter="I" icon={Link} label={t("groups_row_invite", row.name)} onPress={copy} />
      <Action
        letter="P"
        icon={Pin}
        label={isPinned ? t("groups_unpin", row.name) : t("groups_pin", row.name)}
        onPress={pin}
      />
    </span>
  );
}

function Action(props: { letter: string; icon: typeof Pin; label: string; onPress: () => unknown }) {
  const { letter, ...button } = props;
  return <Button {...button} attributes={{ tabIndex: -1, "aria-keyshortcuts": letter }} />;
}

/** Copies the invite link, reading it if needed; a failure leads to the reason. */
function useInviteCopy(row: GroupRow, isCopied: Signal<boolean>): () => Promise<void> {
  const { go, announcement } = useShell();
  useEffect(() => {
    if (!isCopied.value) return undefined;
    const timer = setTimeout(() => (isCopied.value = false), 2000);
    return () => clearTimeout(timer);
  }, [isCopied.value]);
  return async () => {
    const known = row.invite?.code;
    const reply = known === undefined ? await send("readInvite", { group: row.id }) : undefined;
    const code = known ?? (reply?.ok ? reply.value.code : undefined);
    if (code === undefined) {
      go(groupRoute(row.id, "invite"));
      return;
    }
    await navigator.clipboard.writeText(inviteLink(code)).then(
      () => {
        isCopied.value = true;
        announcement.value = t("groups_copied", row.name);
      },
      () => go(groupRoute(row.id, "invite")),
    );
  };
}
