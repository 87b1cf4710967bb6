import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { locale } from "../../lib/shared/i18n";
import { send } from "../../lib/shared/send";
import { useShell } from "../models/shell";
import { Select } from "./select";

/** The default country of numbers, a setting. Offers every country whose numbers can be read. */
export function CountrySelect({ label, hint, none }: { label: string; hint?: string; none: string }) {
  const { settings } = useShell();
  const chosen = settings.value.country;
  const codes = useSignal<string[]>([]);
  useEffect(() => {
    // Our own chunk cannot be missing.
    void import("../../lib/shared/people/phone").then(({ countries }) => (codes.value = countries()));
  }, []);
  const options = useMemo(() => {
    const names = new Intl.DisplayNames(locale(), { type: "region", fallback: "code" });
    // Only the chosen one until the list loads.
    const all = codes.value.length > 0 || chosen === undefined ? codes.value : [chosen];
    const named = all.map((value) => ({ value, label: names.of(value) ?? value }));
    const sorted = named.toSorted((a, b) => a.label.localeCompare(b.label, locale()));
    return [{ value: "", label: none }, ...sorted];
  }, [codes.value, chosen, none]);
  return (
    <Select
      label={label}
      hint={hint}
      options={options}
      value={chosen ?? ""}
      onChange={(value: string) => send("saveSettings", { country: value || null })}
    />
  );
}
