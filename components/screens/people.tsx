import { useSignal } from "@preact/signals";
import { UserMinus, UserPlus } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { draftKey, SELECTION } from "../../lib/shared/draft";
import { ok, type Reply } from "../../lib/shared/failure";
import { moment, number, plural, t } from "../../lib/shared/i18n";
import type { Person } from "../../lib/shared/model";
import { send } from "../../lib/shared/send";
import { readGroups, readRosters } from "../../lib/store/read";
import { useCommand } from "../models/command";
import { useLive } from "../models/live";
import { findPeople, type Found } from "../models/membership";
import { usePersonText } from "../models/person";
import { useShell } from "../models/shell";
import { useKeptJob, type KeptJob } from "../models/start";
import { Button } from "../parts/button";
import { Confirm, Dialog } from "../parts/dialog";
import { GroupPicker } from "../parts/group-picker";
import { RefusalsAhead } from "../parts/group-tags";
import { FailureNotice, Notice, Tag } from "../parts/notice";
import { PeopleInput } from "../parts/people-input";
import { countActs, PaceSelect, PlanSummary, usePlan } from "../parts/plan";
import { Progress } from "../parts/progress";
import { StartedJob } from "../parts/started-job";
import "./people.css";

/** A table of more columns than this is read as a list. */
const TABLE_GROUPS = 12;

/** People across groups: where each is, adding to and removing from several groups at once. */
export function People({ query }: { query: URLSearchParams }) {
  const { connection } = useShell();
  const id = connection.value?.id ?? "";
  const isSelection = query.get("from") === "selection";
  const people = useSignal<Person[]>([]);
  const op = useSignal<"add" | "remove" | undefined>(undefined);
  // From the menu "Add these numbers to a group": the groups are chosen as soon as the numbers are read.
  const isToAdd = query.get("to") === "add" && people.value.length > 0;
  useEffect(() => {
    if (isToAdd) op.value = "add";
  }, [isToAdd]);
  const job = useKeptJob(draftKey({ form: "people", connection: id }, "job"));
  const read = useLive(
    ["groups", "rosters"],
    async (store) => {
      const [groups, rosters] = await Promise.all([readGroups(store, id, "name"), readRosters(store, id)]);
      return { groups: new Map(groups.map((group) => [group.id, group])), rosters };
    },
    [id],
  );
  const groups = read.value?.groups ?? new Map();
  const rosters = read.value?.rosters.filter((roster) => groups.has(roster.group)) ?? [];
  const found = findPeople(people.value, rosters, groups);
  const unread = [...groups.keys()].filter((group) => !rosters.some((roster) => roster.group === group));

  return (
    <div class="screen">
      <p class="muted">{t("people_text")}</p>
      <PeopleInput
        form={isSelection ? SELECTION : { form: "people", connection: id }}
        label={t("people_label")}
        onPeople={(next) => (people.value = next)}
      />
      {job.id === undefined ? null : <StartedJob id={job.id} job={job} isCard />}
      {people.value.length > 0 ? (
        <>
          <div class="row wrap">
            <Button kind="primary" icon={UserPlus} onPress={() => (op.value = "add")}>
              {t("people_add")}
            </Button>
            <Button icon={UserMinus} onPress={() => (op.value = "remove")}>
              {t("people_remove")}
            </Button>
          </div>
          <Reading unread={unread} total={groups.size} />
          <Where found={found} />
        </>
      ) : null}
      {op.value ? (
        <Change
          op={op.value}
          people={people.value}
          start={
            op.value === "remove"
              ? new Set(found.flatMap(({ groups: in_ }) => in_.map(({ group }) => group.id)))
              : new Set()
          }
          onClose={() => (op.value = undefined)}
          job={job}
        />
      ) : null}
    </div>
  );
}

/** Who is where: a table while it is small, a list by person beyond that. */
function Where({ found }: { found: Found[] }) {
  const show = usePersonText();
  const columns = new Map(found.flatMap(({ groups }) => groups.map(({ group }) => [group.id, group] as const)));
  if (found.length > 1 && columns.size > 0 && columns.size <= TABLE_GROUPS) {
    return (
      // A box that scrolls must be reachable by keyboard.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      <div class="matrix" role="region" aria-label={t("people_table")} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("people_person")}</th>
              {[...columns.values()].map((group) => (
                <th scope="col" key={group.id}>
                  <bdi>{group.name}</bdi>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {found.map(({ person, groups }) => (
              <tr key={person.id}>
                <th scope="row" class="num">
                  <bdi>{person.name ?? show(person.id)}</bdi>
                </th>
                {[...columns.keys()].map((id) => {
                  const place = groups.find(({ group }) => group.id === id);
                  return (
                    <td key={id}>{place ? (place.role === "member" ? t("people_in") : t("groups_admin")) : "–"}</td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    );
  }
  return (
    <ul class="divided" aria-label={t("people_table")}>
      {found.map(({ person, groups }) => (
        <li class="stack tight" style={{ padding: "10px 0" }} key={person.id}>
          <strong class="num">
            <bdi>{person.name ? `${person.name} · ${show(person.id)}` : show(person.id)}</bdi>
          </strong>
          {groups.length === 0 ? <span class="small muted">{t("people_nowhere")}</span> : null}
          {groups.map(({ group, role, readAt }) => (
            <span class="row small" key={group.id}>
              <a class="clip" href={`#/group/${encodeURIComponent(group.id)}`}>
                <bdi>{group.name}</bdi>
              </a>
              {role === "member" ? null : <Tag>{t("groups_admin")}</Tag>}
              <span class="muted">{t("groups_as_of", moment(readAt, Date.now()))}</span>
            </span>
          ))}
        </li>
      ))}
    </ul>
  );
}

/** How many groups were never read, and reading them: one request each, within the allowance. */
function Reading({ unread, total }: { unread: string[]; total: number }) {
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

/** Choosing the groups for these people, with what it would do and cost. */
function Change(props: {
  op: "add" | "remove";
  people: Person[];
  start: ReadonlySet<string>;
  onClose: () => void;
  job: KeptJob;
}) {
  const { job } = props;
  const { settings } = useShell();
  const chosen = useSignal(props.start);
  const pace = useSignal(settings.value.pace);
  const isSure = useSignal(false);
  const groups = [...chosen.value];
  const plan = usePlan(groups.length ? { op: props.op, groups, people: props.people, pace: pace.value } : undefined);
  const count = countActs(plan.value.view, props.op);
  const start = async () => {
    const id = await job.start({ kind: props.op, groups, people: props.people, pace: pace.value });
    if (id !== undefined) props.onClose();
  };
  const action = props.op === "add" ? "people_add_count" : "people_remove_count";
  if (isSure.value) {
    return (
      <Confirm
        title={t("people_remove_sure")}
        action={plural(action, count)}
        onConfirm={start}
        onClose={() => (isSure.value = false)}
      >
        <p>{t("people_remove_text", number(props.people.length), number(groups.length))}</p>
        {job.failure.value ? <FailureNotice failure={job.failure.value} /> : null}
      </Confirm>
    );
  }
  return (
    <Dialog title={props.op === "add" ? t("people_add") : t("people_remove")} onClose={props.onClose}>
      <GroupPicker chosen={chosen.value} onChange={(next) => (chosen.value = next)} />
      {props.op === "add" ? <RefusalsAhead groups={chosen.value} to="add" /> : null}
      {groups.length ? <PlanSummary plan={plan.value} op={props.op} /> : null}
      <PaceSelect value={pace.value} onChange={(next) => (pace.value = next)} />
      {props.op === "remove" ? <Notice>{t("people_remove_admins")}</Notice> : null}
      {job.failure.value ? <FailureNotice failure={job.failure.value} /> : null}
      <div class="row end">
        <Button onPress={props.onClose}>{t("action_cancel")}</Button>
        <Button
          kind="primary"
          isBusy={job.isBusy.value}
          isOff={count === 0}
          onPress={() => (props.op === "remove" ? (isSure.value = true) : start())}
        >
          {plural(action, count)}
        </Button>
      </div>
    </Dialog>
  );
}
