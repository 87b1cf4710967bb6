import { X } from "lucide";
import { t } from "../../lib/shared/i18n";
import { send } from "../../lib/shared/send";
import type { Filter } from "../models/filter";
import { Button } from "./button";
import { Select } from "./field";

/** What a list of groups is narrowed to; a saved set can be forgotten while it is shown. */
export function GroupFilter(props: { filter: Filter; value: string; onChange: (value: string) => unknown }) {
  const { filter, value, onChange } = props;
  const isKnown = filter.options.some((option) => option.value === value);
  const set = isKnown && value.startsWith("set:") ? value.slice(4) : undefined;
  return (
    <>
      <Select
        isBare
        label={t("filter_label_list")}
        options={filter.options}
        value={isKnown ? value : ""}
        onChange={onChange}
      />
      {set === undefined ? null : (
        <Button
          icon={X}
          label={t("set_forget", set)}
          onPress={() => {
            onChange("");
            void send("forgetSet", { kind: "groups", name: set });
          }}
        />
      )}
    </>
  );
}
