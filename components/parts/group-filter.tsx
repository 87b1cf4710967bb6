import { X } from "lucide";
import { t } from "../../lib/shared/i18n";
import { send } from "../../lib/shared/send";
import type { Filter } from "../models/filter";
import { Button } from "./button";
import { Select } from "./select";

/** Filters groups; a chosen saved set can be forgotten. */
export function GroupFilter(props: { filter: Filter; value: string; onChange: (value: string) => unknown }) {
  const { filter, value, onChange } = props;
  const name = filter.set?.name;
  const isKnown = filter.options.some((option) => option.value === value);
  return (
    <>
      <Select
        isBare
        label={t("filter_label_list")}
        options={filter.options}
        value={isKnown ? value : ""}
        onChange={onChange}
      />
      {name === undefined ? null : (
        <Button
          icon={X}
          label={t("set_forget", name)}
          onPress={() => {
            onChange("");
            void send("forgetSet", { kind: "groups", name });
          }}
        />
      )}
    </>
  );
}
