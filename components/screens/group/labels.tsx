import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../../../lib/shared/i18n";
import type { Group } from "../../../lib/shared/model";
import { send } from "../../../lib/shared/send";
import { readLabels } from "../../../lib/store/read";
import { useCommand } from "../../models/command";
import { useLive } from "../../models/live";
import { Button } from "../../parts/button";
import { Field } from "../../parts/field";
import { Form } from "../../parts/form";
import { FailureNotice } from "../../parts/failure-notice";

/** The agent's labels and note for a group, kept on this computer. */
export function Labels({ group }: { group: Group }) {
  const { isBusy, failure, run } = useCommand();
  const labels = useSignal("");
  const note = useSignal("");
  const isSaved = useSignal(false);
  /** Fields typed in since the last save: what another window saves leaves them alone. */
  const typed = useRef(new Set<typeof labels>());
  const saved = useLive(
    ["labels"],
    async (store) => (await readLabels(store, group.connection)).find((each) => each.group === group.id) ?? null,
    [group.connection, group.id],
  );
  useEffect(() => {
    if (saved.value === undefined) return;
    if (!typed.current.has(labels)) labels.value = saved.value?.labels.join(", ") ?? "";
    if (!typed.current.has(note)) note.value = saved.value?.note ?? "";
  }, [saved.value]);
  const save = async () => {
    const given = typed.current;
    typed.current = new Set();
    const names = labels.value.split(/[,،]/).map((name) => name.trim().slice(0, 100));
    const reply = await run(() =>
      send("labelGroup", { group: group.id, labels: names.filter(Boolean).slice(0, 20), note: note.value }),
    );
    if (!reply?.ok) typed.current = new Set([...given, ...typed.current]);
    isSaved.value = reply?.ok === true && typed.current.size === 0;
  };
  const type = (field: typeof labels) => (text: string) => {
    isSaved.value = false;
    typed.current.add(field);
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
