import { number, plural, t } from "../../../lib/shared/i18n";
import type { GroupRow } from "../../../lib/store/schema";
import { useLinks } from "../../models/links";
import { goFromHere, useShell } from "../../models/shell";
import { useStart } from "../../models/start";
import { Confirm } from "../../parts/dialog";
import { FailureNotice } from "../../parts/failure-notice";
import { LinksReading } from "../../parts/links-reading";
import "../../parts/names.css";

/** Leaves several groups, naming each, after a word is typed. Reads their invite codes meanwhile, as the way back. */
export function LeaveSeveral(props: { groups: readonly GroupRow[]; onClose: () => unknown; onStarted: () => unknown }) {
  const { groups, onClose } = props;
  const shell = useShell();
  const { start, failure } = useStart();
  const links = useLinks(groups.flatMap(({ id, invite }) => (invite ? [] : [id])));
  const without = groups.filter(({ id, invite }) => !invite && !links.found.has(id));
  const kept = groups.length - without.length;
  const isAdmin = groups.some((group) => group.isAdmin);
  const leave = async () => {
    const go = goFromHere(shell);
    const id = await start({ kind: "leave", groups: groups.map((group) => group.id) });
    if (id === undefined) return;
    props.onStarted();
    go(`/activity/${id}`);
  };
  return (
    <Confirm
      title={plural("job_title_leave", groups.length)}
      action={plural("job_title_leave", groups.length)}
      isFinal
      onConfirm={leave}
      onClose={onClose}
    >
      <ul class="names">
        {groups.map(({ id, name }) => (
          <li key={id} class="row">
            <bdi class="grow">{name}</bdi>
            {links.refused.has(id) ? <span class="small muted">{t("chosen_leave_no_code")}</span> : null}
          </li>
        ))}
      </ul>
      <p>{t("chosen_leave_text")}</p>
      <LinksReading links={links} failure={links.failure} onClose={onClose} />
      <p>
        {t("chosen_leave_kept", number(kept), number(groups.length))} {kept > 0 ? t("chosen_leave_works") : null}
      </p>
      {without.length > 0 && !links.isReading ? <p>{t("chosen_leave_not_kept")}</p> : null}
      {isAdmin ? <p class="small muted">{t("chosen_leave_admin")}</p> : null}
      {failure.value ? <FailureNotice failure={failure.value} /> : null}
    </Confirm>
  );
}
