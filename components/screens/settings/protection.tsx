import { useSignal } from "@preact/signals";
import { locale, t } from "../../../lib/shared/i18n";
import type { Protection as Mode } from "../../../lib/shared/model";
import { send } from "../../../lib/shared/send";
import { useCommand } from "../../models/command";
import { isAtPassphrase, isVaultLocked } from "../../models/protection";
import { useShell } from "../../models/shell";
import { Button } from "../../parts/button";
import { FormDialog } from "../../parts/dialog";
import { NewPassphrase, Protections } from "../../parts/key-protection";
import { Select } from "../../parts/select";
import { Notice } from "../../parts/notice";
import { UnlockForm } from "../../parts/unlock-form";
import { Section, type Run } from "./section";

/** "15 minutes", localized. */
export function minutesText(minutes: number): string {
  return new Intl.NumberFormat(locale(), { style: "unit", unit: "minute", unitDisplay: "long" }).format(minutes);
}

/** How keys are stored on this computer, and when locked. */
export function Protection({ run }: { run: Run }) {
  const { settings, connections } = useShell();
  const { protection } = settings.value;
  const mode = useSignal(protection ?? "passphrase");
  const passphrase = useSignal("");
  const isChanging = useSignal(false);
  const { isBusy, failure, run: give, reset } = useCommand();
  const close = () => {
    isChanging.value = false;
    passphrase.value = "";
    reset();
  };
  const save = async () => {
    const isPassphrase = mode.value === "passphrase";
    const change = { protection: mode.value, passphrase: isPassphrase ? passphrase.value : undefined };
    const reply = await give(() => send("setProtection", change));
    if (!reply?.ok) return;
    close();
    await run(Promise.resolve(reply), t("settings_protection_done"));
  };
  const unlocking = useCommand();
  const isLocked = isVaultLocked(connections.value);
  if (protection === undefined) return null;
  const names = { passphrase: t("protect_passphrase"), session: t("protect_session"), none: t("protect_none") };
  return (
    <Section title={t("settings_protection")}>
      <p class="row wrap">
        <span class="grow">{names[protection]}</span>
        {isLocked ? null : (
          <Button
            onPress={() => {
              mode.value = protection;
              isChanging.value = true;
            }}
          >
            {t("action_change")}
          </Button>
        )}
      </p>
      {isLocked ? <UnlockForm command={unlocking} /> : null}
      <LockAfter mode={protection} run={run} />
      {isChanging.value ? (
        <FormDialog
          title={t("settings_protection")}
          failure={isAtPassphrase(failure.value, "mode", { protection: mode }) ? undefined : failure.value}
          isBusy={isBusy.value}
          onSend={save}
          onClose={close}
        >
          <Protections
            value={mode.value}
            onChange={(value) => {
              mode.value = value;
              reset();
            }}
          />
          {mode.value === "passphrase" ? (
            <NewPassphrase
              value={passphrase.value}
              failure={failure.value}
              onInput={(text) => {
                passphrase.value = text;
                reset();
              }}
            />
          ) : null}
          {protection === "none" && mode.value !== "none" ? (
            <Notice tone="warn">{t("settings_protection_old")}</Notice>
          ) : null}
        </FormDialog>
      ) : null}
    </Section>
  );
}

/** When keys that can be locked are. */
function LockAfter({ mode, run }: { mode: Mode; run: Run }) {
  const { settings } = useShell();
  if (mode === "none") return null;
  return (
    <Select
      label={t("settings_lock_after")}
      hint={t(mode === "session" ? "settings_lock_session" : "settings_lock_hint")}
      value={String(settings.value.lockAfter)}
      isSet={settings.value.policy?.lockAfter !== undefined}
      onChange={(minutes: string) => run(send("saveSettings", { lockAfter: Number(minutes) }))}
      options={[...new Set([0, 5, 15, 30, 60, 240, settings.value.lockAfter])].map((minutes) => ({
        value: String(minutes),
        label: minutes === 0 ? t("settings_lock_never") : minutesText(minutes),
      }))}
    />
  );
}
