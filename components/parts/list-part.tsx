import { RefreshCw } from "lucide";
import { dateTime, t } from "../../lib/shared/i18n";
import { send } from "../../lib/shared/send";
import { useCommand } from "../models/command";
import type { GroupList } from "../models/groups";
import { Button } from "./button";
import { FailureNotice } from "./failure-notice";
import { Notice } from "./notice";

/** Says that groups are missing and when they come; empty if earlier readings have them all. */
export function ListPart({ list }: { list: GroupList }) {
  const reading = list.part.value;
  const shown = list.total.value ?? 0;
  if (!reading || (reading.total !== undefined && reading.total <= shown)) return null;
  const { goesOnAt } = reading;
  if (goesOnAt !== undefined) {
    return <Notice tone="warn">{t("groups_part_goes_on", dateTime(goesOnAt, Date.now()))}</Notice>;
  }
  return (
    <Notice tone="warn">
      <p>{t("groups_part_stopped")}</p>
      <RefreshList />
    </Notice>
  );
}

/** Reads the list of groups by a press. */
export function RefreshList() {
  const { isBusy, failure, run } = useCommand();
  return (
    <>
      <div class="row">
        <Button
          icon={RefreshCw}
          isBusy={isBusy.value}
          onPress={() => run(() => send("refreshGroups", { ifStale: false }))}
        >
          {t("groups_refresh")}
        </Button>
      </div>
      {failure.value ? <FailureNotice failure={failure.value} /> : null}
    </>
  );
}
