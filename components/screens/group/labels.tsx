import { useSignal } from "@preact/signals";
import { draftKey } from "../../../lib/shared/draft";
import { t } from "../../../lib/shared/i18n";
import type { Group } from "../../../lib/shared/model";
import { send } from "../../../lib/shared/send";
import { readLabels } from "../../../lib/store/read";
import { useCommand } from "../../models/command";
import { useDraft, useLive } from "../../models/live";
import { Button } from "../../parts/button";
import { Field } from "../../parts/field";
import { Form } from "../../parts/form";
import { FailureNotice } from "../../parts/failure-notice";

/** The agent's labels and note for a group, kept on this computer. */
export function Labels({ group }: { group: Group }) {
  const saved = useLive(
    ["labels"],
    async (store) => (await readLabels(store, group.connection)).find((each) => each.group === group.id) ?? null,
    [group.connection, group.id],
  ).value;
  if (saved === undefined) return null;
  return <LabelForm group={group} saved={{ labels: saved?.labels.join(", ") ?? "", note: saved?.note ?? "" }} />;
}

/** Untouched fields follow what another window saves. */
function LabelForm({ group, saved }: { group: Group; saved: { labels: string; note: string } }) {
  const { isBusy, failure, run } = useCommand();
  const form = { form: "labels", connection: group.connection, subject: group.id } as const;
  const labels = useDraft(draftKey(form, "labels"), saved.labels).text;
  const note = useDraft(draftKey(form, "note"), saved.note).text;
  const isSaved = useSignal(false);
  const save = async () => {
    isSaved.value = false;
    const typed = { labels: labels.value, note: note.value };
    const names = labelsOf(typed.labels);
    const reply = await run(() => send("labelGroup", { group: group.id, labels: names, note: typed.note }));
    if (!reply?.ok) return;
    const isSame = labels.value === typed.labels;
    // As it is stored, it is no draft any more.
    if (isSame) labels.value = names.join(", ");
    isSaved.value = isSame && note.value === typed.note;
  };
  const type = (field: typeof labels) => (text: string) => {
    isSaved.value = false;
    field.value = text;
  };
  return (
    <section aria-label={t("labels_title")}>
      <Form class="stack" onSubmit={save}>
        <h2 class="minor">{t("labels_title")}</h2>
        <Field
          label={t("labels_field")}
          value={labels.value}
          onInput={type(labels)}
          hint={t("labels_hint")}
          isOptional
        />
        <Field
          label={t("labels_note")}
          value={note.value}
          onInput={(text) => type(note)(text.slice(0, 2000))}
          rows={2}
          isOptional
        />
        {failure.value ? <FailureNotice failure={failure.value} /> : null}
        <div class="row">
          <Button type="submit" isBusy={isBusy.value}>
            {t("action_save")}
          </Button>
          <span class="small muted" role="status">
            {isSaved.value ? t("labels_saved") : null}
          </span>
        </div>
      </Form>
    </section>
  );
}

/** Returns the labels in a text as they are stored, each once. */
function labelsOf(text: string): string[] {
  const names = text.split(/[,،]/).map((name) => name.trim().slice(0, 100));
  return [...new Set(names)].filter(Boolean).slice(0, 20);
}
