import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { locale } from "../../lib/shared/i18n";
import { send } from "../../lib/shared/send";
import { useShell } from "../models/shell";
import { Select } from "./field";

/**
 * The country of numbers that are written without one: a setting, so that it is chosen once. It offers every country whose
 * numbers can be read, wherever it stands.
 */
export function CountrySelect({ label, hint, none }: { label: string; hint?: string; none: string }) {
  const { settings } = useShell();
  const chosen = settings.value.country;
  const codes = useSignal<string[]>([]);
  useEffect(() => {
    // A chunk of our own package cannot be missing.
    void import("../../lib/shared/people/phone").then(({ countries }) => (codes.value = countries()));
  }, []);
  const options = useMemo(() => {
    const names = new Intl.DisplayNames(locale(), { type: "region", fallback: "code" });
    // The chosen one stands there before the list of all is loaded.
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
