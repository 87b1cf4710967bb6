import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { draftKey } from "../../lib/shared/draft";
import { number, plural, t } from "../../lib/shared/i18n";
import { LIMITS, type Person } from "../../lib/shared/model";
import { graphemes } from "../../lib/shared/text";
import { dayOf, readTally } from "../../lib/store/read";
import { useDraft, useJob, useLive } from "../models/live";
import { useShell } from "../models/shell";
import { useKeptJob } from "../models/start";
import { Button } from "../parts/button";
import { Field } from "../parts/field";
import { FailureNotice, Notice } from "../parts/notice";
import { PeopleInput } from "../parts/people-input";
import { StartedJob } from "../parts/started-job";
import { Form } from "../parts/form";

/** A new group: a name, and people pasted in any form. What was typed stays until the group stands. */
export function Create() {
  const { connection, settings, route, go } = useShell();
  const id = connection.value?.id ?? "";
  const form = { form: "create", connection: id } as const;
  const name = useDraft(draftKey(form, "name"));
  const job = useKeptJob(draftKey(form, "job"));
  const read = useJob(job.id);
  const tally = useLive(["tallies"], (store) => readTally(store, id, dayOf(Date.now())), [id]);
  const people = useSignal<Person[]>([]);
  const clearPeople = useRef<() => void>(() => undefined);
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
    const step = read.value?.steps[0];
    const isOver = read.value?.job.endedAt !== undefined;
    // The group that was made; or the one that a job is about which came out of the result (again, invitations).
    const made = step?.group ?? (step?.target || undefined);
    return (
      <StartedJob id={job.id} job={job}>
        {made !== undefined && isOver ? (
          <>
            <Button
              kind="primary"
              onPress={() => {
                forget();
                go(`/group/${encodeURIComponent(made)}`);
              }}
            >
              {t("create_open")}
            </Button>
            <Button onPress={forget}>{t("create_another")}</Button>
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
  const count = people.value.length;
  return (
    <Form class="screen" onSubmit={() => create()}>
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
        isOptional
        onPeople={(found, clear) => {
          people.value = found;
          clearPeople.current = clear;
        }}
      />
      {count > LIMITS.createWith ? <p class="small muted">{t("create_in_parts", number(LIMITS.createWith))}</p> : null}
      {count + 1 > LIMITS.members ? <Notice tone="warn">{t("create_too_many", number(LIMITS.members))}</Notice> : null}
      {tally.value && tally.value.creates >= 5 ? (
        <Notice tone="warn">{plural("caution_creates", tally.value.creates)}</Notice>
      ) : null}
      {job.failure.value ? <FailureNotice failure={job.failure.value} /> : null}
      <Button type="submit" kind="primary" class="stays" isWide isBusy={job.isBusy.value}>
        {count === 0 ? t("create_empty") : plural("create_with", count)}
      </Button>
    </Form>
  );
}
