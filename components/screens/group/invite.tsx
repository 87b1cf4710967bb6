import { Link, RefreshCw } from "lucide";
import { useEffect } from "preact/hooks";
import { dateTime, t } from "../../../lib/shared/i18n";
import { isUnusual } from "../../../lib/shared/invite";
import type { Group } from "../../../lib/shared/model";
import { send } from "../../../lib/shared/send";
import { readGroup } from "../../../lib/store/read";
import { useCommand } from "../../models/command";
import { unreadable } from "../../models/live";
import { useShell } from "../../models/shell";
import { Button } from "../../parts/button";
import { CopyButton } from "../../parts/copy";
import { inviteLink, isInviteCode } from "../../../lib/shared/ids";
import { FailureNotice } from "../../parts/failure-notice";
import { Notice } from "../../parts/notice";
import { QrCode } from "../../parts/qr";

function codeOf({ invite }: Group): string | undefined {
  return invite && isInviteCode(invite.code) ? invite.code : undefined;
}

function wasRefused({ invite, inviteRefusedAt = 0 }: Group): boolean {
  return inviteRefusedAt > (invite?.readAt ?? 0);
}

/** The group's invite as link, code and QR code. */
export function Invite({ group }: { group: Group }) {
  const { isBusy, failure, run } = useCommand();
  const code = codeOf(group);
  const isRefused = wasRefused(group);
  const read = () => run(() => send("readInvite", { group: group.id }));
  const { store } = useShell();
  useEffect(() => {
    const readFirst = async () => {
      // The store may know of a refusal that the screen does not yet.
      const known = await readGroup(store, group.connection, group.id);
      // After a refusal, only the agent tries again.
      if (known && codeOf(known) === undefined && !wasRefused(known)) await read();
    };
    if (code === undefined && !isRefused) readFirst().catch(unreadable);
  }, [group.id]);

  if (code === undefined) {
    return (
      <div class="stack">
        {isRefused && failure.value === undefined ? (
          <Notice tone="warn" title={t("invite_refused_title")}>
            {t("invite_refused_text", dateTime(group.inviteRefusedAt ?? 0, Date.now()))}
          </Notice>
        ) : null}
        {failure.value ? <FailureNotice failure={failure.value} /> : null}
        {failure.value === undefined && group.invite !== undefined ? (
          <Notice tone="warn">{t("invite_no_code")}</Notice>
        ) : null}
        <div>
          <Button kind="primary" icon={Link} isBusy={isBusy.value} onPress={read}>
            {isRefused || failure.value ? t("invite_refused_retry") : t("invite_read")}
          </Button>
        </div>
        <p class="small muted">{t("invite_no_revoke")}</p>
      </div>
    );
  }
  const link = inviteLink(code);
  return (
    <div class="stack invite">
      <p class="small muted">{t("invite_intro")}</p>
      <p class="link-box">
        <a href={link} target="_blank" rel="noreferrer noopener">
          {link}
        </a>
      </p>
      {isUnusual(code) ? <Notice tone="warn">{t("invite_unusual")}</Notice> : null}
      <div class="row wrap">
        <CopyButton kind="primary" text={link} label={t("invite_copy_link")} />
        <CopyButton text={code} label={t("invite_copy_code")} />
      </div>
      <QrCode text={link} name={group.name} />
      {isRefused ? (
        <Notice tone="warn" title={t("invite_refused_title")}>
          {t("invite_refused_text", dateTime(group.inviteRefusedAt ?? 0, Date.now()))}
        </Notice>
      ) : null}
      {failure.value ? <FailureNotice failure={failure.value} /> : null}
      <div class="row wrap small muted">
        <span>{t("invite_read_at", dateTime(group.invite?.readAt ?? 0, Date.now()))}</span>
        <Button kind="quiet" icon={RefreshCw} isBusy={isBusy.value} onPress={read}>
          {t("invite_read_again")}
        </Button>
      </div>
      <p class="small muted">{t("invite_no_revoke")}</p>
    </div>
  );
}
