import { useEffect, useRef } from "preact/hooks";
import { ok, type Reply } from "../../lib/shared/failure";
import { number, plural, t } from "../../lib/shared/i18n";
import { send } from "../../lib/shared/send";
import { useCommand } from "../models/command";
import { Button } from "./button";
import { FailureNotice } from "./notice";
import { Progress } from "./progress";

/** How many groups were never read, and reading them: one request each, within the allowance. */
export function UnreadGroups({ unread, total }: { unread: string[]; total: number }) {
  const { isBusy, failure, run } = useCommand();
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);
  const readAll = async (): Promise<Reply<void>> => {
    stop.current = new AbortController();
    const { signal } = stop.current;
    for (const group of unread) {
      const reply = await send("refreshGroup", { group });
      if (signal.aborted) break;
      if (!reply.ok && reply.failure.code !== "group-gone") return reply;
    }
    return ok(undefined);
  };
  const read = () => run(readAll);
  if (unread.length === 0 && !isBusy.value) return <p class="small muted">{plural("people_all_read", total)}</p>;
  return (
    <div class="stack" style={{ gap: "6px" }}>
      <div class="row wrap small muted">
        <span class="grow">{t("people_unread", number(unread.length), number(total))}</span>
        {isBusy.value ? (
          <Button kind="quiet" onPress={() => stop.current.abort()}>
            {t("action_stop")}
          </Button>
        ) : (
          <Button kind="quiet" onPress={read}>
            {t("people_read")}
          </Button>
        )}
      </div>
      {isBusy.value ? (
        <Progress done={(total - unread.length) / Math.max(1, total)} label={t("people_reading")} />
      ) : null}
      {failure.value ? <FailureNotice failure={failure.value} onRetry={read} /> : null}
    </div>
  );
}
