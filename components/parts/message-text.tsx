import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { BookmarkPlus, Trash2 } from "lucide";
import { t } from "../../lib/shared/i18n";
import { send } from "../../lib/shared/send";
import { readSets } from "../../lib/store/read";
import { useCommand } from "../models/command";
import { useLive } from "../models/live";
import { useShell } from "../models/shell";
import { Button } from "./button";
import { FormDialog } from "./dialog";
import { Field, type FieldProps } from "./field";
import { Select } from "./select";

/** A message's text, with templates to insert, save and delete. */
export function MessageText(props: FieldProps) {
  const { connection, route } = useShell();
  const id = connection.value?.id ?? "";
  const { run } = useCommand();
  const saved = useLive(["sets"], (store) => readSets(store, id, "texts"), [id]);
  const chosen = useSignal("");
  const isSaving = useSignal(false);
  const templates = saved.value ?? [];
  const known = templates.find(({ name }) => name === chosen.value);
  /** What was typed, which the empty entry gives back, and the text last put in its place. */
  const own = useRef("");
  const put = useRef<string>(undefined);
  const choose = (name: string) => {
    chosen.value = name;
    if (props.value !== put.current) own.current = props.value;
    put.current = templates.find((each) => each.name === name)?.text ?? own.current;
    props.onInput(put.current);
  };
  return (
    <div class="stack close">
      <Field {...props} input={{ autofocus: route.value.isOurs }} />
      <div class="row wrap">
        {templates.length > 0 ? (
          <span class="grow">
            <Select
              isBare
              label={t("template_choose")}
              value={known ? chosen.value : ""}
              onChange={choose}
              options={[
                { value: "", label: t("template_choose") },
                ...templates.map(({ name }) => ({ value: name, label: name })),
              ]}
            />
          </span>
        ) : null}
        <Button
          kind="quiet"
          icon={BookmarkPlus}
          isOff={props.value.trim() === ""}
          onPress={() => (isSaving.value = true)}
        >
          {t("template_save")}
        </Button>
        {known ? (
          <Button
            icon={Trash2}
            label={t("template_forget", known.name)}
            onPress={() => run(() => send("forgetSet", { kind: "texts", name: known.name }))}
          />
        ) : null}
      </div>
      {isSaving.value ? (
        <SaveTemplate
          text={props.value}
          name={known?.name ?? ""}
          names={templates.map(({ name }) => name)}
          onClose={(name) => {
            isSaving.value = false;
            if (name !== undefined) chosen.value = name;
          }}
        />
      ) : null}
    </div>
  );
}

/** `onClose` gets the name if saved. */
function SaveTemplate(props: { text: string; name: string; names: string[]; onClose: (name?: string) => unknown }) {
  const name = useSignal(props.name);
  const { isBusy, failure, run } = useCommand();
  const typed = name.value.trim();
  const save = async () => {
    const reply = await run(() => send("saveSet", { kind: "texts", name: typed, text: props.text }));
    if (reply?.ok) props.onClose(typed);
  };
  return (
    <FormDialog
      title={t("template_save")}
      failure={failure.value}
      isBusy={isBusy.value}
      isOff={typed === ""}
      onSend={save}
      onClose={() => props.onClose()}
    >
      <Field
        label={t("template_name")}
        value={name.value}
        onInput={(text) => (name.value = text.slice(0, 100))}
        hint={props.names.includes(typed) ? t("template_replaces") : undefined}
        input={{ autocomplete: "off", autofocus: true }}
      />
    </FormDialog>
  );
}
