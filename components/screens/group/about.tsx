import { useSignal } from "@preact/signals";
import { LogOut } from "lucide";
import type { ComponentChildren } from "preact";
import { dateTime, plural, t } from "../../../lib/shared/i18n";
import type { Group, Roster } from "../../../lib/shared/model";
import { send } from "../../../lib/shared/send";
import { readGroupChanges } from "../../../lib/store/changes";
import { readGroupSummaries } from "../../../lib/store/read-jobs";
import { useCommand } from "../../models/command";
import { useJob } from "../../models/job";
import { useLive } from "../../models/live";
import { jobLine } from "../../models/job-line";
import { usePersonText } from "../../models/person";
import { Button } from "../../parts/button";
import { ChangeList, SizeLine } from "../../parts/changes";
import { CopyButton } from "../../parts/copy";
import { Confirm } from "../../parts/dialog";
import { JobView } from "../../parts/job";
import { FailureNotice } from "../../parts/failure-notice";
import { Notice } from "../../parts/notice";
import { useGroupJob } from "./job";
import { Labels } from "./labels";

const HISTORY = 5;

/** Facts, latest jobs, and leaving. */
export function About({ group, roster }: { group: Group; roster?: Roster }) {
  const person = usePersonText();
  const now = Date.now();
  const jobs = useLive(
    ["summaries"],
    async (store) => (await readGroupSummaries(store, group.connection, group.id)).slice(0, HISTORY),
    [group.connection, group.id],
  );
  const size = roster?.members.length || group.size;
  const role =
    group.isAdmin === undefined ? "group_role_unknown" : group.isAdmin ? "group_role_admin" : "group_role_member";
  return (
    <div class="stack loose">
      <dl class="facts group-facts">
        {group.description === undefined ? null : (
          <Fact name={t("group_description")} isFull>
            {group.description ? (
              <span class="lines" dir="auto">
                {group.description}
              </span>
            ) : (
              <span class="muted">{t("group_no_description")}</span>
            )}
          </Fact>
        )}
        <Fact name={t("group_owner")}>{group.owner ? <bdi class="num">{person(group.owner)}</bdi> : undefined}</Fact>
        <Fact name={t("group_created")}>{group.createdAt ? dateTime(group.createdAt, now) : undefined}</Fact>
        <Fact name={t("group_size")}>{size === undefined ? undefined : plural("members_count", size)}</Fact>
        <Fact name={t("group_your_role")}>{t(role)}</Fact>
        <Fact name={t("group_id")} isFull>
          <span class="row wrap">
            <span class="mono">{group.id}</span>
            <CopyButton kind="quiet" text={group.id} label={t("group_copy_id")} />
          </span>
        </Fact>
      </dl>
      <Changes group={group} roster={roster} />
      {jobs.value?.length ? (
        <section class="stack tight" aria-label={t("group_history")}>
          <h2 class="minor">{t("group_history")}</h2>
          <ul class="history">
            {jobs.value.map((job) => (
              <li key={job.job}>
                <a class="row" href={`#/activity/${job.job}`}>
                  <span class="grow clip">
                    <bdi>{jobLine({ ...job, groups: [] }, { groups: new Map(), person })}</bdi>
                  </span>
                  <span class="small muted num">{dateTime(job.createdAt, now)}</span>
                </a>
              </li>
            ))}
          </ul>
          <a class="small" href={`#/activity?group=${encodeURIComponent(group.id)}`}>
            {t("activity_see")}
          </a>
        </section>
      ) : null}
      <Labels group={group} />
      <p class="small muted">{t("group_cannot")}</p>
      <Leave group={group} />
    </div>
  );
}

function Changes({ group, roster }: { group: Group; roster?: Roster }) {
  const changes = useLive(["changes"], (store) => readGroupChanges(store, group.connection, group.id, HISTORY), [
    group.connection,
    group.id,
  ]);
  if (!changes.value || !roster) return null;
  return (
    <section class="stack tight" aria-label={t("changes_title")}>
      <h2 class="minor">{t("changes_title")}</h2>
      <SizeLine sizes={roster.sizes} />
      {changes.value.length > 0 ? (
        <ChangeList changes={changes.value} />
      ) : (
        <p class="small muted">{t("changes_none")}</p>
      )}
    </section>
  );
}

function Fact({ name, children, isFull }: { name: string; children: ComponentChildren; isFull?: boolean }) {
  if (children === undefined) return null;
  return (
    <div class={isFull ? "full" : undefined}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Reads the invite code first, if possible, as the way back; otherwise shows the last one. */
function Leave({ group }: { group: Group }) {
  const job = useGroupJob(group.id, "leave");
  const read = useJob(job.id);
  // An undone leave counts as none.
  const isIdle = job.id === undefined || read.value?.job.state === "cancelled";
  const isAsking = useSignal(false);
  const reading = useCommand();
  const { code, readAt = 0 } = group.invite ?? {};
  const ask = async () => {
    isAsking.value = true;
    // The dialog says from the store whether there is a code, and since when.
    await reading.run(() => send("readInvite", { group: group.id }));
  };
  const leave = async () => {
    isAsking.value = false;
    await job.start({ kind: "leave", groups: [group.id] });
  };
  return (
    <section class="stack" aria-label={t("leave_section")}>
      <h2 class="minor">{t("leave_section")}</h2>
      {isIdle || job.id === undefined ? (
        <>
          <p class="small muted">{t("leave_hint")}</p>
          {job.failure.value ? <FailureNotice failure={job.failure.value} onRetry={leave} /> : null}
          <div>
            <Button icon={LogOut} isBusy={job.isBusy.value} onPress={ask}>
              {t("leave_action")}
            </Button>
          </div>
        </>
      ) : (
        <JobView id={job.id} onJob={job.follow} />
      )}
      {isAsking.value ? (
        <Confirm
          title={t("leave_title", group.name)}
          action={t("leave_action")}
          onClose={() => (isAsking.value = false)}
          onConfirm={leave}
        >
          {reading.isBusy.value ? <Notice>{t("leave_keep_reading")}</Notice> : null}
          {!reading.isBusy.value && code !== undefined ? (
            <>
              <p>{t("leave_kept")}</p>
              <p class="row wrap">
                <span class="mono code">{code}</span>
                <CopyButton kind="quiet" text={code} label={t("invite_copy_code")} />
              </p>
              <p class="small muted">{t("invite_read_at", dateTime(readAt, Date.now()))}</p>
            </>
          ) : null}
          {!reading.isBusy.value && code === undefined ? <p>{t("leave_not_kept")}</p> : null}
          {group.isAdmin ? <p class="small muted">{t("leave_last_admin")}</p> : null}
        </Confirm>
      ) : null}
    </section>
  );
}
