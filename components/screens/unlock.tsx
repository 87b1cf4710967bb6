import { useSignal } from "@preact/signals";
import { LockKeyhole } from "lucide";
import { t } from "../../lib/shared/i18n";
import { send } from "../../lib/shared/send";
import { useCommand } from "../models/command";
import { Button } from "../parts/button";
import { Confirm } from "../parts/dialog";
import { Icon } from "../parts/icon";
import { UnlockForm } from "../parts/unlock-form";
import "../parts/empty.css";
import "./unlock.css";

/** Asks for the vault's passphrase, with a way out if forgotten. */
export function Unlock() {
  const command = useCommand();
  const isForgetting = useSignal(false);
  return (
    <main class="screen unlock">
      <UnlockForm command={command} isAlone>
        <div class="empty">
          <span class="disc">
            <Icon icon={LockKeyhole} size={26} />
          </span>
          <h1>{t("unlock_title")}</h1>
          <p>{t("unlock_text")}</p>
        </div>
      </UnlockForm>
      <details class="small muted" open={command.failure.value?.code === "no-key"}>
        <summary>{t("unlock_forgot")}</summary>
        <p>{t("unlock_forgot_text")}</p>
        <Button kind="quiet" class="bad" onPress={() => (isForgetting.value = true)}>
          {t("settings_forget_all")}
        </Button>
      </details>
      {isForgetting.value ? (
        <Confirm
          title={t("settings_forget_all")}
          action={t("settings_forget_all")}
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
