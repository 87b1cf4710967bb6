import { useSignal } from "@preact/signals";
import { LockKeyhole } from "lucide";
import { t } from "../../lib/shared/i18n";
import { send } from "../../lib/shared/send";
import { useCommand } from "../models/command";
import { Button } from "../parts/button";
import { Confirm } from "../parts/dialog";
import { Icon } from "../parts/icon";
import { failureText } from "../parts/notice";
import { Form } from "../parts/form";
import { SecretField } from "../parts/secret-field";
import "../parts/empty.css";
import "./unlock.css";

/** Asks for the vault's passphrase, with a way out if forgotten. */
export function Unlock() {
  const passphrase = useSignal("");
  const { isBusy, failure, run } = useCommand();
  const isForgetting = useSignal(false);
  const tries = useSignal(0);
  const unlock = async () => {
    // After five tries, each takes longer, which slows people, not programs.
    if (tries.value >= 5) await new Promise((resolve) => setTimeout(resolve, 1000));
    tries.value += 1;
    return send("unlock", { passphrase: passphrase.value });
  };
  const words = failure.value ? failureText(failure.value) : undefined;
  return (
    <main class="screen unlock">
      <Form class="stack" onSubmit={() => (passphrase.value === "" ? undefined : run(unlock))}>
        <div class="empty">
          <span class="disc">
            <Icon icon={LockKeyhole} size={26} />
          </span>
          <h1>{t("unlock_title")}</h1>
          <p>{t("unlock_text")}</p>
        </div>
        <SecretField
          label={t("unlock_passphrase")}
          value={passphrase.value}
          onInput={(value) => (passphrase.value = value)}
          error={words ? `${words.sentence} ${words.next}` : undefined}
          show={t("protect_show")}
          hide={t("protect_hide")}
          input={{ autocomplete: "current-password", autofocus: true }}
        />
        <Button type="submit" kind="primary" isWide isBusy={isBusy.value}>
          {t("unlock_action")}
        </Button>
      </Form>
      <details class="small muted">
        <summary>{t("unlock_forgot")}</summary>
        <p>{t("unlock_forgot_text")}</p>
        <Button kind="quiet" class="bad" onPress={() => (isForgetting.value = true)}>
          {t("unlock_forget")}
        </Button>
      </details>
      {isForgetting.value ? (
        <Confirm
          title={t("unlock_forget")}
          action={t("unlock_forget")}
          isFinal
          onConfirm={() => send("forgetEverything")}
          onClose={() => (isForgetting.value = false)}
        >
          <p>{t("unlock_forget_text")}</p>
        </Confirm>
      ) : null}
    </main>
  );
}
