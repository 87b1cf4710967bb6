import { readAddress } from "../../lib/shared/address";
import { t } from "../../lib/shared/i18n";
import { Notice } from "./notice";

/** The real name of an address that imitates another in foreign letters. */
export function LookAlike({ address }: { address: string }) {
  const { origin, hostname } = URL.parse(readAddress(address) ?? address) ?? {};
  if (!hostname?.split(".").some((label) => label.startsWith("xn--"))) return null;
  return (
    <Notice tone="warn" title={t("address_look_alike")}>
      <span class="mono" dir="ltr">
        {origin}
      </span>
    </Notice>
  );
}
