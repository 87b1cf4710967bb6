import type { Signal } from "@preact/signals";
import type { Failure } from "../../lib/shared/failure";
import { t } from "../../lib/shared/i18n";
import type { FailureCode, Protection } from "../../lib/shared/model";
import { weaknessOf } from "../../lib/shared/passphrase";
import type { AskedProtection, ProtectionFields } from "../models/protection";
import { useShell } from "../models/shell";
import { Choice } from "./field";
import { failureText } from "./notice";
import { SecretField } from "./secret-field";

/** What storing a key asks for, with the failure that `isAtPassphrase` places here. */
export function KeyProtection(props: {
  asked: AskedProtection;
  fields: ProtectionFields;
  failure?: Failure;
  onChange: <T>(field: Signal<T>) => (value: T) => void;
}) {
  const { asked, failure, onChange } = props;
  const { protection, passphrase } = props.fields;
  const { settings } = useShell();
  if (asked === "passphrase") {
    return (
      <SecretField
        label={t("unlock_passphrase")}
        value={passphrase.value}
        onInput={onChange(passphrase)}
        error={errorOf("wrong-passphrase", failure)}
        show={t("protect_show")}
        hide={t("protect_hide")}
        input={{ autocomplete: "current-password", required: true }}
      />
    );
  }
  if (asked === undefined) {
    return settings.value.protection === "passphrase" ? (
      <p class="small muted">{t("connect_same_protection")}</p>
    ) : null;
  }
  return (
    <>
      <Protections value={protection.value} onChange={onChange(protection)} />
      {protection.value === "passphrase" ? (
        <NewPassphrase value={passphrase.value} onInput={onChange(passphrase)} failure={failure} />
      ) : null}
    </>
  );
}

function errorOf(code: FailureCode, failure: Failure | undefined): string | undefined {
  if (failure?.code !== code) return undefined;
  const { sentence, next } = failureText({ code });
  return `${sentence} ${next}`;
}

/** How keys are stored on this computer, with each mode explained. */
export function Protections({ value, onChange }: { value: Protection; onChange: (mode: Protection) => void }) {
  const { policy } = useShell().settings.value;
  const rule = policy?.requirePassphrase ? { isOff: true, hint: t("policy_set") } : {};
  return (
    <Choice
      label={t("protect_label")}
      value={value}
      onChange={onChange}
      options={[
        { value: "passphrase", label: t("protect_passphrase"), hint: t("protect_passphrase_hint") },
        { value: "session", label: t("protect_session"), hint: t("protect_session_hint"), ...rule },
        { value: "none", label: t("protect_none"), hint: t("protect_none_hint"), ...rule },
      ]}
    />
  );
}

/** A new passphrase, shown on demand instead of typed twice. */
export function NewPassphrase(props: { value: string; onInput: (text: string) => void; failure?: Failure }) {
  const { value, onInput, failure } = props;
  const weakness = value === "" ? undefined : weaknessOf(value);
  return (
    <SecretField
      label={t("protect_new")}
      hint={weakness ? t(`passphrase_${weakness}`) : t("protect_new_hint")}
      error={errorOf("weak-passphrase", failure)}
      value={value}
      onInput={onInput}
      show={t("protect_show")}
      hide={t("protect_hide")}
      input={{ autocomplete: "new-password", required: true }}
    />
  );
}
