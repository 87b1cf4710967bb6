import { useSignal } from "@preact/signals";
import { FileUp, TriangleAlert, Users } from "lucide";
import { useEffect } from "preact/hooks";
import { draftKey } from "../../../lib/shared/draft";
import { number, plural, t } from "../../../lib/shared/i18n";
import { CAUTION } from "../../../lib/shared/model";
import type { WantedGroup, WantedGroups } from "../../../lib/shared/people/groups";
import { useColumns } from "../../models/columns";
import { useCountry } from "../../models/country";
import { useDraft } from "../../models/live";
import { useShell } from "../../models/shell";
import { acceptOf, FILES, usePeopleFile } from "../../models/people-file";
import { useSavedJob } from "../../models/start";
import { useTally } from "../../models/tally";
import { Button } from "../../parts/button";
import { CountrySelect } from "../../parts/country";
import { Field } from "../../parts/field";
import { FileButton } from "../../parts/file-button";
import { FileState, troubleText } from "../../parts/file-state";
import { Form } from "../../parts/form";
import { Icon } from "../../parts/icon";
import { FailureNotice } from "../../parts/failure-notice";
import { Cautions } from "../../parts/plan";
import { TableColumns } from "../../parts/people-table";
import { StartedJob } from "../../parts/started-job";
import { Today } from "../../parts/today";
import "../../parts/stays.css";

/** Several groups from a table, as one job. */
export function CreateSeveral() {
  const { connection, settings } = useShell();
  const id = connection.value?.id ?? "";
  const form = { form: "create-several", connection: id } as const;
  const table = useDraft(draftKey(form, "table"));
  const job = useSavedJob(draftKey(form, "job"));
  const tally = useTally();
  const columns = useColumns();
  const country = useCountry();
  const read = useGroups(table.text.value, country.code, columns);
  const { groups } = read;
  // A file replaces the table.
  const file = usePeopleFile({ put: (text) => (table.text.value = text), size: () => 0 });
  const start = async () => {
    const [first, ...more] = groups.map(({ name, people }) => ({ name, people }));
    if (!first) return;
    const { pace } = settings.value;
    await job.start({ kind: "create", ...first, pace, ...(more.length > 0 ? { more } : {}) });
  };
  if (job.id !== undefined) {
    const clear = () => {
      table.clear();
      file.forget();
    };
    const again = { another: t("create_another"), clear, back: t("create_again") };
    return <StartedJob id={job.id} job={job} again={again} />;
  }
  const made = (tally.value?.creates ?? 0) + groups.length;
  const isEmpty = table.text.value.trim() === "";
  const noGroups = isEmpty ? "several_no_table" : read.isReading ? "input_reading" : "several_no_groups";
  return (
    <Form class="screen" onSubmit={() => start()}>
      <Field
        label={t("several_table")}
        rows={6}
        value={table.text.value}
        onInput={(text) => (table.text.value = text)}
        hint={t("several_hint")}
        error={file.trouble.value ? troubleText(file.trouble.value, FILES.table) : undefined}
        input={{ spellcheck: false, autocomplete: "off" }}
      />
      <div class="row">
        <FileButton
          kind="quiet"
          icon={FileUp}
          title={t("input_open_label", FILES.table)}
          accept={acceptOf(FILES.table)}
          onFile={file.open}
        >
          {t("input_open")}
        </FileButton>
      </div>
      <FileState file={file} />
      <CountrySelect country={country} label={t("input_country")} none={t("input_country_none")} />
      {read.table ? (
        <div class="people-preview">
          <TableColumns
            key={read.table.key}
            table={read.table}
            isOfGroups
            onChange={(roles) => columns.choose(read.table?.key ?? "", roles)}
          />
        </div>
      ) : null}
      <Groups groups={groups} />
      {groups.length > 0 ? <Today counter="creates" more={groups.length} /> : null}
      {made >= CAUTION.creates && groups.length > 0 ? (
        <Cautions cautions={[{ key: "caution_creates", count: made }]} />
      ) : null}
      {job.failure.value ? <FailureNotice failure={job.failure.value} /> : null}
      <Button
        type="submit"
        kind="primary"
        class="stays"
        isWide
        isBusy={job.isBusy.value || read.isReading || file.reading.value !== undefined}
        isOff={groups.length === 0}
      >
        {groups.length === 0 ? t(noGroups) : plural("several_create", groups.length)}
      </Button>
    </Form>
  );
}

/** Reads the table after each change. */
function useGroups(text: string, country: string | undefined, columns: ReturnType<typeof useColumns>) {
  const of = [text, country, columns.text].join("\n");
  const read = useSignal<WantedGroups & { of?: string }>({ groups: [] });
  useEffect(() => {
    const stop = new AbortController();
    const start = async () => {
      const { readGroups } = await import("../../../lib/shared/people/groups");
      const found = await readGroups(text, { country, roles: columns.roles() }, stop.signal);
      if (found) read.value = { ...found, of };
    };
    const timer = setTimeout(() => void start(), 200);
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [text, country, columns.text]);
  return { ...read.value, isReading: text.trim() !== "" && read.value.of !== of };
}

function Groups({ groups }: { groups: WantedGroup[] }) {
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
