import { joined, dateTime, t } from "../../../lib/shared/i18n";
import { type PersonEvent, readPersonHistory } from "../../../lib/store/person";
import { readGroup } from "../../../lib/store/read";
import { useLive } from "../../models/live";
import { Tag } from "../../parts/notice";
import { summaryTitle, VERDICT_WORDS, verdictText, whyText } from "../../parts/verdicts";

/** So many are shown. */
const SHOWN = 50;

/** What was done with the person from here: each with its group, its verdict and the way to its job. */
export function PersonHistory({ connection, id }: { connection: string; id: string }) {
  const read = useLive(
    ["steps", "summaries", "invited", "groups"],
    async (store) => {
      const all = await readPersonHistory(store, connection, id);
      const events = all.slice(0, SHOWN);
      const ids = [...new Set(events.map(({ group }) => group))];
      const found = await Promise.all(ids.map((group) => readGroup(store, connection, group)));
      const names = new Map(found.flatMap((group) => (group ? [[group.id, group.name] as const] : [])));
      return { events, names, hasMore: all.length > SHOWN };
    },
    [connection, id],
  );
  if (!read.value) return null;
  const { events, names, hasMore } = read.value;
  return (
    <section class="stack close" aria-label={t("person_history")}>
      <h3>{t("person_history")}</h3>
      {events.length === 0 ? <p class="small muted">{t("person_history_none")}</p> : null}
      <ul class="divided">
        {events.map((event, at) => (
          <li key={`${event.job?.job} ${event.group} ${at}`}>
            <Event event={event} group={names.get(event.group)} />
          </li>
        ))}
      </ul>
      {hasMore ? <p class="small muted">{t("person_history_more")}</p> : null}
    </section>
  );
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
