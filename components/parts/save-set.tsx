import { useSignal } from "@preact/signals";
import { t } from "../../lib/shared/i18n";
import type { Person, SavedSet } from "../../lib/shared/model";
import { send } from "../../lib/shared/send";
import { readSets } from "../../lib/store/read";
import { useCommand } from "../models/command";
import { useLive } from "../models/live";
import { useShell } from "../models/shell";
import { FormDialog } from "./dialog";
import { Field } from "./field";
import { Notice } from "./notice";

type What = { kind: "groups"; groups: string[] } | { kind: "people"; people: Person[] };

/** Saves groups or people under a name; warns before replacing a set. */
export function SaveSet({ onClose, ...what }: What & { onClose: () => unknown }) {
  const id = useShell().connection.value?.id ?? "";
  const { isBusy, failure, run } = useCommand();
  const typed = useSignal("");
  const sets = useLive<SavedSet[]>(["sets"], (store) => readSets(store, id, what.kind), [id, what.kind]);
  const name = typed.value.trim();
  const save = async () => {
    const reply = await run(() => send("saveSet", { ...what, name }));
    if (reply?.ok) onClose();
  };
  return (
    <FormDialog
      title={what.kind === "groups" ? t("set_save_groups") : t("set_save_people")}
      failure={failure.value}
      isBusy={isBusy.value}
      isOff={name === ""}
      onSend={save}
      onClose={onClose}
    >
      <Field
        label={t("set_name")}
        value={typed.value}
        onInput={(text) => (typed.value = text.slice(0, 100))}
        hint={t("set_hint")}
        input={{ autofocus: true, autocomplete: "off" }}
      />
      {sets.value?.some((set) => set.name === name) ? <Notice tone="warn">{t("set_replaces", name)}</Notice> : null}
    </FormDialog>
  );
}
