import { readAddress } from "../../lib/shared/address";
import { t } from "../../lib/shared/i18n";
import { send } from "../../lib/shared/send";
import { useShell } from "../models/shell";
import { Check } from "./field";

/** Allows an unencrypted gateway on this computer, if such an address is typed. */
export function LocalHttp({ address }: { address: string }) {
  const { settings } = useShell();
  if (!readAddress(address)?.startsWith("http:")) return null;
  return (
    <Check
      label={t("connect_local_http")}
      isOn={settings.value.isLocalHttpOn}
      onChange={(isLocalHttpOn) => void send("saveSettings", { isLocalHttpOn })}
    />
  );
}
