import { useId } from "preact/hooks";
import { t } from "../../lib/shared/i18n";

/** An entry of the list. */
export interface Option<Value extends string> {
  value: Value;
  label: string;
  hint?: string;
  isOff?: boolean;
}

/** A drop-down list. */
export function Select<Value extends string>(props: {
  label: string;
  options: Option<Value>[];
  value: Value;
  onChange: (value: Value) => unknown;
  hint?: string;
  isSet?: boolean;
  /** The label is read, not drawn. */
  isBare?: boolean;
}) {
  const id = useId();
  const control = (
    <select
      id={id}
      class="input"
      aria-label={props.isBare ? props.label : undefined}
      value={props.value}
      disabled={props.isSet}
      onChange={(event) => props.onChange(event.currentTarget.value as Value)}
    >
      {props.options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
  if (props.isBare) return control;
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      {control}
      {props.isSet ? <p class="hint">{t("policy_set")}</p> : null}
      {props.hint ? <p class="hint">{props.hint}</p> : null}
    </div>
  );
}
