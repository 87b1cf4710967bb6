import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Failure } from "../../lib/shared/failure";
import { number, plural, t } from "../../lib/shared/i18n";
import { LIMITS, type Person } from "../../lib/shared/model";
import { graphemes } from "../../lib/shared/text";
import { send } from "../../lib/shared/send";
import { dayOf, readTally } from "../../lib/store/read";
import { useDraft, useJob, useLive } from "../models/live";
import { useShell } from "../models/shell";
import { Button } from "../parts/button";
import { Field } from "../parts/field";
import { JobView } from "../parts/job";
import { FailureNotice, Notice } from "../parts/notice";
import { PeopleInput } from "../parts/people-input";

/** A new group: a name, and people pasted in any form. What was typed stays until the group stands. */
export function Create() {
  const { connection, settings, go } = useShell();
  const id = connection.value?.id ?? "";
  const name = useDraft(`create:name:${id}`);
  const started = useDraft(`create:job:${id}`);
  const job = useJob(started.text.value || undefined);
  const tally = useLive(["tallies"], (store) => readTally(store, id, dayOf(Date.now())), [id]);
  const people = useSignal<Person[]>([]);
  const clearPeople = useRef<() => void>(() => undefined);
  const failure = useSignal<Failure | undefined>(undefined);
  const isTried = useSignal(false);
  const isBusy = useSignal(false);
  const length = graphemes(name.text.value.trim());

  const create = async () => {
    isTried.value = true;
    if (length === 0 || isBusy.value) return;
    isBusy.value = true;
    const reply = await send("startJob", {
      job: { kind: "create", name: name.text.value.trim(), people: people.value, pace: settings.value.pace },
      nonce: crypto.randomUUID(),
    });
    isBusy.value = false;
    failure.value = reply.ok ? undefined : reply.failure;
    if (reply.ok) started.text.value = reply.value.id;
  };
  const forget = () => {
    name.clear();
    clearPeople.current();
    started.clear();
    isTried.value = false;
  };

  if (started.text.value) {
    const step = job.value?.steps[0];
    const isOver = job.value?.job.endedAt !== undefined;
    const isMade = step?.group !== undefined;
    return (
      <div class="screen">
        <JobView id={started.text.value} />
        {isMade && isOver ? (
          <div class="row wrap">
            <Button
              kind="primary"
              onPress={() => {
                const group = step.group ?? "";
                forget();
                go(`/group/${encodeURIComponent(group)}`);
              }}
            >
              {t("create_open")}
            </Button>
            <Button onPress={forget}>{t("create_another")}</Button>
          </div>
        ) : null}
        {isOver && !isMade ? (
          <div class="row wrap">
            <Button kind="primary" onPress={() => started.clear()}>
              {t("create_again")}
            </Button>
            <p class="small muted">{t("create_kept")}</p>
          </div>
        ) : null}
      </div>
    );
  }
  const count = people.value.length;
  return (
    <form
      class="screen"
      onSubmit={(event) => {
        event.preventDefault();
        void create();
      }}
    >
      <Field
        label={t("create_name")}
        value={name.text.value}
        onInput={(text) => (name.text.value = text)}
        error={isTried.value && length === 0 ? t("create_name_missing") : undefined}
        hint={length > LIMITS.name - 20 ? t("field_count", number(length), number(LIMITS.name)) : undefined}
        input={{ autocomplete: "off", autofocus: true }}
      />
      {length > LIMITS.name ? <Notice tone="warn">{t("create_name_long", number(LIMITS.name))}</Notice> : null}
      <PeopleInput
        draftKey={`create:people:${id}`}
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
      {failure.value ? <FailureNotice failure={failure.value} /> : null}
      <Button type="submit" kind="primary" isWide isBusy={isBusy.value}>
        {count === 0 ? t("create_empty") : plural("create_with", count)}
      </Button>
    </form>
  );
}
