import { useSignal } from "@preact/signals";
import { Pencil } from "lucide";
import { t } from "../../lib/shared/i18n";
import { send } from "../../lib/shared/send";
import { useCommand } from "../models/command";
import { Button } from "./button";
import { FormDialog } from "./dialog";
import { Field } from "./field";

/** Names a person; left empty, removes the name. */
export function PersonName({ id, name = "" }: { id: string; name?: string }) {
  const text = useSignal<string | undefined>(undefined);
  const { isBusy, failure, run, reset } = useCommand();
  const close = () => {
    text.value = undefined;
    reset();
  };
  const save = async () => {
    const typed = (text.value ?? "").trim();
    const reply = await run(() => send("saveContact", { person: id, name: typed === "" ? null : typed }));
    if (reply?.ok) close();
  };
  return (
    <>
      <Button
        kind="quiet"
        icon={Pencil}
        label={t(name === "" ? "person_name_give" : "person_name_change")}
        onPress={() => (text.value = name)}
      />
      {text.value === undefined ? null : (
        <FormDialog
          title={t(name === "" ? "person_name_give" : "person_name_change")}
          failure={failure.value}
          isBusy={isBusy.value}
          onSend={save}
          onClose={close}
        >
          <Field
            label={t("person_name")}
            hint={t("person_name_hint")}
            value={text.value}
            onInput={(typed) => (text.value = typed)}
            input={{ autofocus: true, dir: "auto" }}
          />
        </FormDialog>
      )}
    </>
  );
}
