import { plural, t } from "../../../lib/shared/i18n";
import type { GroupRow } from "../../../lib/store/schema";
import { useShell } from "../../models/shell";
import { useStart } from "../../models/start";
import { Confirm } from "../../parts/dialog";
import { FailureNotice } from "../../parts/failure-notice";
import "../../parts/names.css";

/** Leaves several groups, naming each, after a word is typed. Reads invite codes first where possible. */
export function LeaveSeveral(props: { groups: GroupRow[]; onClose: () => unknown; onStarted: () => unknown }) {
  const { groups, onClose } = props;
  const { go } = useShell();
  const { start, failure } = useStart();
  const isAdmin = groups.some((group) => group.isAdmin);
  const leave = async () => {
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
          <li key={id}>
            <bdi>{name}</bdi>
          </li>
        ))}
      </ul>
      <p>{t("chosen_leave_text")}</p>
      {isAdmin ? <p class="small muted">{t("chosen_leave_admin")}</p> : null}
      {failure.value ? <FailureNotice failure={failure.value} /> : null}
    </Confirm>
  );
}
