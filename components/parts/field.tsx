import { CircleAlert } from "lucide";
import type { ComponentChildren, Ref, TargetedEvent, TargetedInputEvent } from "preact";
import { useId } from "preact/hooks";
import { t } from "../../lib/shared/i18n";
import { Icon } from "./icon";
import { directionOf } from "./search-field";
import type { Option } from "./select";

export interface FieldProps {
  label: string;
  value: string;
  onInput: (value: string) => unknown;
  hint?: ComponentChildren;
  /** Says the next step; marks the field invalid. */
  error?: string;
  isOptional?: boolean;
  rows?: number;
  input?: {
    type?: "text" | "password" | "url";
    inputmode?: "url" | "numeric";
    autocomplete?: string;
    autofocus?: boolean;
    spellcheck?: boolean;
    required?: boolean;
    disabled?: boolean;
    placeholder?: string;
    dir?: "ltr" | "auto";
    onKeyDown?: (event: KeyboardEvent) => unknown;
    onPaste?: (event: TargetedEvent<HTMLTextAreaElement, ClipboardEvent>) => unknown;
    onDrop?: (event: TargetedEvent<HTMLTextAreaElement, DragEvent>) => unknown;
    onBlur?: () => unknown;
  };
  inputRef?: Ref<HTMLInputElement & HTMLTextAreaElement>;
}

/** A labelled text field with hint and error, connected for screen readers. */
export function Field({ label, value, onInput, hint, error, isOptional, rows, input, inputRef }: FieldProps) {
  const id = useId();
  const described = [error ? `${id}-error` : "", hint ? `${id}-hint` : ""].filter(Boolean).join(" ");
  const shared = {
    id,
    value,
    class: "input",
    dir: directionOf(value),
    "aria-invalid": error ? ("true" as const) : undefined,
    "aria-describedby": described || undefined,
    onInput: (event: TargetedInputEvent<HTMLInputElement | HTMLTextAreaElement>) => onInput(event.currentTarget.value),
    ...input,
    ref: inputRef,
    // Input and text area have no common type.
  } as object;
  return (
    <div class="field">
      <label for={id}>
        {label} {isOptional ? <span class="optional">({t("field_optional")})</span> : null}
      </label>
      {rows === undefined ? <input {...shared} /> : <textarea {...shared} rows={rows} />}
      {error ? (
        <p class="error" id={`${id}-error`} role="alert">
          <Icon icon={CircleAlert} size={15} />
          {error}
        </p>
      ) : null}
      {hint ? (
        <div class="hint" id={`${id}-hint`}>
          {hint}
        </div>
      ) : null}
    </div>
  );
}

/** Radio buttons drawn as cards. */
export function Choice<Value extends string>(props: {
  label: string;
  options: Option<Value>[];
  value: Value;
  onChange: (value: Value) => unknown;
}) {
  const name = useId();
  return (
    <fieldset class="stack close choices">
      <legend class="legend">{props.label}</legend>
      {props.options.map((option) => (
        <label class="choice" key={option.value}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === props.value}
            disabled={option.isOff}
            onChange={() => props.onChange(option.value)}
          />
          <span>
            <strong>{option.label}</strong>
            {option.hint ? <span class="hint">{option.hint}</span> : null}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** A check box with a hint. */
export function Check(props: {
  label: ComponentChildren;
  hint?: string;
  isOn: boolean;
  /** Fixed by company policy. */
  isSet?: boolean;
  onChange: (isOn: boolean) => unknown;
}) {
  const hints = [props.isSet ? t("policy_set") : "", props.hint ?? ""].filter((hint) => hint !== "");
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={props.isOn}
        disabled={props.isSet}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <span>
        {props.label}
        {hints.map((hint) => (
          <span class="hint" key={hint}>
            {hint}
          </span>
        ))}
      </span>
    </label>
  );
}
