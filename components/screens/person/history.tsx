import { useSignal } from "@preact/signals";
import { Send } from "lucide";
import { joined, dateTime, plural, t } from "../../../lib/shared/i18n";
import { isInvitable } from "../../../lib/shared/invitation";
import type { Group, Place, Step } from "../../../lib/shared/model";
import { placeKey } from "../../../lib/shared/person";
import { type PersonEvent, readPersonHistory } from "../../../lib/store/person";
import { readGroupsOf } from "../../../lib/store/read";
import { readInvited } from "../../../lib/store/read-jobs";
import { useJob } from "../../models/job";
import { useLive } from "../../models/live";
import { usePersonText } from "../../models/person";
import { Button } from "../../parts/button";
import { InviteInstead } from "../../parts/invite-instead";
import { Tag } from "../../parts/notice";
import { summaryTitle, VERDICT_WORDS, verdictText, whyText } from "../../parts/verdicts";

const SHOWN = 50;

/** What was done with the person; if not added and still not in, they can be sent the link. */
export function PersonHistory(props: { connection: string; id: string; places: Place[] }) {
  const { connection, id, places } = props;
  const inviting = useSignal<Step | undefined>(undefined);
  const read = useLive(
    ["steps", "summaries", "invited", "groups"],
    async (store) => {
      const all = await readPersonHistory(store, connection, id);
      const events = all.slice(0, SHOWN);
      const ids = [...new Set(events.map(({ group }) => group))];
      const groups = await readGroupsOf(store, connection, ids);
      const invited = await readInvited(store, connection, ids);
      return { events, groups, invited, hasMore: all.length > SHOWN };
    },
    [connection, id],
  );
  if (!read.value) return null;
  const { events, groups, invited, hasMore } = read.value;
  const isIn = new Set(places.map(({ group }) => group.id));
  // Later additions, removals and invitations replace earlier events.
  const isLast = (at: number) => events.findIndex(({ group }) => group === events[at]?.group) === at;
  const isOpen = (step: Step) => isInvitable(step) && !isIn.has(step.target) && !invited.has(placeKey(step.target, id));
  return (
    <section class="stack close" aria-label={t("person_history")}>
      <h3>{t("person_history")}</h3>
      {events.length === 0 ? <p class="small muted">{t("person_history_none")}</p> : null}
      <ul class="divided">
        {events.map((event, at) => (
          <li key={`${event.job?.job} ${event.group} ${at}`}>
            <Event event={event} group={groups.get(event.group)?.name} />
            {event.job && event.step && isLast(at) && isOpen(event.step) ? (
              <div class="row">
                <Button kind="quiet" icon={Send} onPress={() => (inviting.value = event.step)}>
                  {plural("job_invite", 1)}
                </Button>
              </div>
            ) : null}
          </li>
        ))}
      </ul>
      {hasMore ? <p class="small muted">{t("person_history_more")}</p> : null}
      {events.some(({ job }) => job) ? (
        <p class="small">
          <a href={`#/activity?person=${encodeURIComponent(id)}`}>{t("person_history_see")}</a>
        </p>
      ) : null}
      {inviting.value ? (
        <Invite step={inviting.value} groups={groups} onClose={() => (inviting.value = undefined)} />
      ) : null}
    </section>
  );
}

/** Sends one person the link of a group that could not take them. */
function Invite(props: { step: Step; groups: ReadonlyMap<string, Group>; onClose: () => unknown }) {
  const { step, groups } = props;
  const person = usePersonText();
  const job = useJob(step.job).value?.job;
  if (!job) return null;
  return <InviteInstead job={job} steps={[step]} names={{ groups, person }} onClose={props.onClose} />;
}

function Event({ event: { job, step, isInvitation }, group }: { event: PersonEvent; group?: string }) {
  const title = isInvitation ? t("person_invited") : job ? summaryTitle(job) : t("person_job_erased");
  const why = step && job ? whyText(step, job.kind)?.sentence : undefined;
  const below = joined([group, job ? dateTime(job.createdAt, Date.now()) : undefined, why]);
  const row = (
    <>
      <span class="grow">
        <strong class="clip">
          <bdi>{title}</bdi>
        </strong>
        <span class="small muted">
          <bdi>{below}</bdi>
        </span>
      </span>
      {step?.verdict ? <Tag tone={toneOf(step.verdict)}>{verdictText(step.verdict)}</Tag> : null}
    </>
  );
  if (!job) return <div class="list-row flush">{row}</div>;
  return (
    <a class="list-row flush" href={`#/activity/${job.job}`}>
      {row}
    </a>
  );
}

function toneOf(verdict: NonNullable<NonNullable<PersonEvent["step"]>["verdict"]>) {
  const { tone } = VERDICT_WORDS[verdict];
  return tone === "info" ? undefined : tone;
}
