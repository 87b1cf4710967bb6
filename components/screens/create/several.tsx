import { useSignal } from "@preact/signals";
import { FileUp, TriangleAlert, Users } from "lucide";
import { useEffect } from "preact/hooks";
import { draftKey } from "../../../lib/shared/draft";
import { number, plural, t } from "../../../lib/shared/i18n";
import type { WantedGroup } from "../../../lib/shared/people/groups";
import { dayOf, readTally } from "../../../lib/store/read";
import { useDraft, useLive } from "../../models/live";
import { useShell } from "../../models/shell";
import { usePeopleFile } from "../../models/people-file";
import { useKeptJob } from "../../models/start";
import { Button } from "../../parts/button";
import { CountrySelect } from "../../parts/country";
import { Field } from "../../parts/field";
import { FileButton } from "../../parts/file-button";
import { FILE_TROUBLES, FileState } from "../../parts/file-state";
import { Form } from "../../parts/form";
import { Icon } from "../../parts/icon";
import { FailureNotice } from "../../parts/notice";
import { Cautions } from "../../parts/plan";
import { StartedJob } from "../../parts/started-job";

/** Several new groups from a table: what was read of each row first, then one job that makes them one after the other. */
export function CreateSeveral() {
  const { connection, settings } = useShell();
  const id = connection.value?.id ?? "";
  const form = { form: "create-several", connection: id } as const;
  const table = useDraft(draftKey(form, "table"));
  const job = useKeptJob(draftKey(form, "job"));
  const tally = useLive(["tallies"], (store) => readTally(store, id, dayOf(Date.now())), [id]);
  const groups = useGroups(table.text.value, settings.value.country);
  // A file takes the place of the table that stands there.
  const file = usePeopleFile({ put: (text) => (table.text.value = text), size: () => 0 });
  const start = async () => {
    const [first, ...more] = groups.map(({ name, people }) => ({ name, people }));
    if (!first) return;
    const { pace } = settings.value;
    await job.start({ kind: "create", ...first, pace, ...(more.length > 0 ? { more } : {}) });
  };
  if (job.id !== undefined) {
    return (
      <StartedJob id={job.id} job={job}>
        <Button
          onPress={() => {
            table.clear();
            file.forget();
            job.dismiss();
          }}
        >
          {t("create_another")}
        </Button>
        <Button kind="quiet" onPress={job.dismiss}>
          {t("create_again")}
        </Button>
      </StartedJob>
    );
  }
  const made = (tally.value?.creates ?? 0) + groups.length;
  return (
    <Form class="screen" onSubmit={() => start()}>
      <Field
        label={t("several_table")}
        rows={6}
        value={table.text.value}
        onInput={(text) => (table.text.value = text)}
        hint={t("several_hint")}
        error={file.trouble.value ? t(FILE_TROUBLES[file.trouble.value]) : undefined}
        input={{ spellcheck: false, autocomplete: "off" }}
      />
      <div>
        <FileButton
          kind="quiet"
          icon={FileUp}
          title={t("input_open_label")}
          accept=".txt,.csv,.tsv,.xlsx,.ods,text/*"
          onFile={file.open}
        >
          {t("input_open")}
        </FileButton>
      </div>
      <FileState file={file} />
      <CountrySelect label={t("input_country")} none={t("input_country_none")} />
      <WantedGroups groups={groups} />
      {made >= 5 && groups.length > 0 ? <Cautions cautions={[{ key: "caution_creates", count: made }]} /> : null}
      {job.failure.value ? <FailureNotice failure={job.failure.value} /> : null}
      <Button type="submit" kind="primary" class="stays" isWide isBusy={job.isBusy.value} isOff={groups.length === 0}>
        {groups.length === 0 ? t("several_no_table") : plural("several_create", groups.length)}
      </Button>
    </Form>
  );
}

/** The groups of the table, read anew with every change; what reads numbers is loaded for the first. */
function useGroups(text: string, country: string | undefined): WantedGroup[] {
  const groups = useSignal<WantedGroup[]>([]);
  useEffect(() => {
    let isStale = false;
    const read = async () => {
      const { readGroups } = await import("../../../lib/shared/people/groups");
      if (!isStale) groups.value = readGroups(text, { country });
    };
    const timer = setTimeout(() => void read(), 200);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [text, country]);
  return groups.value;
}

/** What was read: each group with how many people, and what is no number. */
function WantedGroups({ groups }: { groups: WantedGroup[] }) {
  if (groups.length === 0) return null;
  return (
    <ul class="divided" aria-label={t("several_preview")}>
      {groups.map(({ name, people, rejects }) => (
        <li class="list-row flush" key={name}>
          <span class="grow">
            <strong class="clip">
              <bdi>{name}</bdi>
            </strong>
            {rejects.length > 0 ? (
              <span class="small muted">
                <Icon icon={TriangleAlert} size={13} /> {plural("input_rejects", rejects.length)}:{" "}
                <bdi>{rejects.slice(0, 3).join(", ")}</bdi>
              </span>
            ) : null}
          </span>
          <span class="row small muted num">
            <Icon icon={Users} size={14} />
            {number(people.length)}
          </span>
        </li>
      ))}
    </ul>
  );
}
