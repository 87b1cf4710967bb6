import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { locale } from "../../lib/shared/i18n";
import type { Country } from "../models/country";
import { Select } from "./select";

/** The default country of numbers. Offers every country whose numbers can be read. */
export function CountrySelect(props: { country: Country; label: string; hint?: string; none: string }) {
  const { country, label, hint, none } = props;
  const chosen = country.code;
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
      onChange={(value: string) => country.choose(value || undefined)}
    />
  );
}
