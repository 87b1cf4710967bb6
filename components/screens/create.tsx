import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { draftKey } from "../../lib/shared/draft";
import { number, plural, t } from "../../lib/shared/i18n";
import { CAUTION, LIMITS, type Person } from "../../lib/shared/model";
import { digitsOf, samePerson } from "../../lib/shared/person";
import { graphemes } from "../../lib/shared/text";
import { readGroup, readRoster } from "../../lib/store/read";
import { readSteps } from "../../lib/store/read-jobs";
import { useJob } from "../models/job";
import { useDraft, useLive } from "../models/live";
import { useShell } from "../models/shell";
import { type SavedJob, useFormJob } from "../models/start";
import { useTally } from "../models/tally";
import { Button } from "../parts/button";
import { Field } from "../parts/field";
import { FailureNotice } from "../parts/failure-notice";
import { Notice } from "../parts/notice";
import { LastResult } from "../parts/last-result";
import { PeopleInput } from "../parts/people-input";
import { Skeleton } from "../parts/progress";
import { StartedJob } from "../parts/started-job";
import { Today } from "../parts/today";
import { Form } from "../parts/form";
import { CreateSeveral } from "./create/several";
import "../parts/stays.css";

/** A new group: empty, from another's members (`id`), or several from a table. */
export function Create({ id, query }: { id?: string; query?: URLSearchParams }) {
  if (query?.has("several")) return <CreateSeveral />;
  return id === undefined ? <CreateOne /> : <CreateFrom group={id} job={query?.get("job") ?? undefined} />;
}

/** Starts with another group's members, or those it had no room for. */
function CreateFrom({ group, job }: { group: string; job?: string }) {
  const { connection } = useShell();
  const id = connection.value?.id ?? "";
  const own = connection.value?.ownNumber;
  const read = useLive(
    [],
    async (store) => {
      const [known, roster, steps] = await Promise.all([
        readGroup(store, id, group),
        readRoster(store, id, group),
        job === undefined ? [] : readSteps(store, job),
      ]);
      const refused = steps.filter((step) => step.target === group && step.reason === "group-full");
      const ids =
        job === undefined
          ? (roster?.members ?? []).map((member) => member.id)
          : refused.map(({ person = "" }) => person);
      const others = ids.filter((each) => own === undefined || !samePerson(each, own));
      const { nextName } = await import("../../lib/shared/people/groups");
      return { name: nextName(known?.name ?? ""), people: others.map(numberOf).join("\n") };
    },
    [id, group, job],
  );
  return read.value ? <CreateOne from={{ group, ...read.value }} /> : <Skeleton rows={3} />;
}

function numberOf(id: string): string {
  const digits = digitsOf(id);
  return digits === undefined ? id : `+${digits}`;
}

/** Keeps its input until the group exists. `from`: the group to start from, and what to take. */
function CreateOne({ from }: { from?: { group: string; name: string; people: string } }) {
  const { connection, settings, route } = useShell();
  const id = connection.value?.id ?? "";
  const form = { form: "create", connection: id, subject: from?.group } as const;
  const name = useDraft(draftKey(form, "name"), from?.name);
  const clearPeople = useRef<() => void>(() => undefined);
  const job = useFormJob(draftKey(form, "job"), ({ steps }) => {
    // Kept if no group was made.
    if (steps[0]?.group === undefined && !steps[0]?.target) return;
    name.clear();
    clearPeople.current();
  });
  const made = (useTally().value?.creates ?? 0) + 1;
  const people = useSignal<Person[]>([]);
  const isTried = useSignal(false);
  const length = graphemes(name.text.value.trim());

  const create = async () => {
    isTried.value = true;
    if (length === 0) return;
    const { pace } = settings.value;
    await job.start({ kind: "create", name: name.text.value.trim(), people: people.value, pace });
  };
  const forget = () => {
    name.clear();
    clearPeople.current();
    job.dismiss();
    isTried.value = false;
  };

  if (job.id !== undefined) {
    return <Creating id={job.id} job={job} onForget={forget} />;
  }
  const count = people.value.length;
  return (
    <Form class="screen" onSubmit={() => create()}>
      <LastResult job={job.last} />
      <Field
        label={t("create_name")}
        value={name.text.value}
        onInput={(text) => (name.text.value = text)}
        error={isTried.value && length === 0 ? t("create_name_missing") : undefined}
        hint={length > LIMITS.name - 20 ? t("field_count", number(length), number(LIMITS.name)) : undefined}
        input={{ autocomplete: "off", autofocus: route.value.isOurs }}
      />
      {length > LIMITS.name ? <Notice tone="warn">{t("create_name_long", number(LIMITS.name))}</Notice> : null}
      <PeopleInput
        form={form}
        initial={from?.people}
        isOptional
        onPeople={(found, clear) => {
          people.value = found;
          clearPeople.current = clear;
        }}
      />
      {count > LIMITS.createWith ? <p class="small muted">{t("create_in_parts", number(LIMITS.createWith))}</p> : null}
      {count + 1 > LIMITS.members ? <Notice tone="warn">{t("create_too_many", number(LIMITS.members))}</Notice> : null}
      <Today counter="creates" more={1} />
      {made >= CAUTION.creates ? <Notice tone="warn">{plural("caution_creates", made)}</Notice> : null}
      {job.failure.value ? <FailureNotice failure={job.failure.value} /> : null}
      {from ? null : (
        <p class="small">
          <a href="#/create?several">{t("several_open")}</a>
        </p>
      )}
      <Button type="submit" kind="primary" class="stays" isWide isBusy={job.isBusy.value}>
        {count === 0 ? t("create_empty") : plural("create_with", count)}
      </Button>
    </Form>
  );
}

function Creating({ id, job, onForget }: { id: string; job: SavedJob; onForget: () => void }) {
  const { go } = useShell();
  const read = useJob(id);
  const step = read.value?.steps[0];
  const isOver = read.value?.job.endedAt !== undefined;
  // The new group, or that of a follow-up job (retry, invitations).
  const made = step?.group ?? (step?.target || undefined);
  return (
    <StartedJob id={id} job={job}>
      {made !== undefined && isOver ? (
        <>
          <Button
            kind="primary"
            onPress={() => {
              onForget();
              go(`/group/${encodeURIComponent(made)}`);
            }}
          >
            {t("create_open")}
          </Button>
          <Button onPress={onForget}>{t("create_another")}</Button>
        </>
      ) : null}
      {isOver && made === undefined ? (
        <>
          <Button kind="primary" onPress={job.dismiss}>
            {t("create_again")}
          </Button>
          <p class="small muted">{t("create_kept")}</p>
        </>
      ) : null}
    </StartedJob>
  );
}
