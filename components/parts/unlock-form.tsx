import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { t } from "../../lib/shared/i18n";
import { send } from "../../lib/shared/send";
import type { Command } from "../models/command";
import { Button } from "./button";
import { Form } from "./form";
import { failureText } from "./notice";
import { SecretField } from "./secret-field";

/** Asks for the vault's passphrase. `isAlone`: no other screen can be reached. */
export function UnlockForm(props: { command: Command; isAlone?: boolean; children?: ComponentChildren }) {
  const { isBusy, failure, run } = props.command;
  const passphrase = useSignal("");
  const tries = useSignal(0);
  const unlock = async () => {
    // After five tries, each takes longer, which slows people, not programs.
    if (tries.value >= 5) await new Promise((resolve) => setTimeout(resolve, 1000));
    tries.value += 1;
    return send("unlock", { passphrase: passphrase.value });
  };
  const words = failure.value ? failureText(failure.value) : undefined;
  const next = props.isAlone && failure.value?.code === "no-key" ? t("unlock_forgot_text") : words?.next;
  return (
    <Form class="stack" onSubmit={() => (passphrase.value === "" ? undefined : run(unlock))}>
      {props.children}
      <SecretField
        label={t("unlock_passphrase")}
        value={passphrase.value}
        onInput={(value) => (passphrase.value = value)}
        error={words ? `${words.sentence} ${next}` : undefined}
        show={t("protect_show")}
        hide={t("protect_hide")}
        input={{ autocomplete: "current-password", autofocus: props.isAlone === true }}
      />
      <Button type="submit" kind="primary" isWide={props.isAlone === true} isBusy={isBusy.value}>
        {t("unlock_action")}
      </Button>
    </Form>
  );
}
