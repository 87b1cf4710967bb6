import { CircleAlert, Search } from "lucide";
import type { ComponentChildren, Ref, TargetedEvent, TargetedInputEvent } from "preact";
import { useId } from "preact/hooks";
import { t } from "../../lib/shared/i18n";
import { Icon } from "./icon";

export interface FieldProps {
  label: string;
  value: string;
  onInput: (value: string) => unknown;
  hint?: ComponentChildren;
  /** A sentence with the next step; the field is marked invalid while it stands. */
  error?: string;
  isOptional?: boolean;
  /** More than one line: a text area with so many rows. */
  rows?: number;
  /** Further attributes of the control. */
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

/** A labelled text field with its hint and its error, tied together for screen readers. */
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
    // An input and a text area share these, but their types share no name for them.
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

/** What is typed has the direction of its own first letter; until then it is that of the page, as the placeholder is. */
const directionOf = (value: string) => (value ? ("auto" as const) : undefined);

/** A search box; `/` anywhere in the app focuses it. Esc clears it first, and only then leaves the screen. */
export function SearchField(props: {
  label: string;
  /** What the empty field shows, where it has no room for the label. */
  placeholder?: string;
  value: string;
  onInput: (value: string) => unknown;
  onEnter?: () => unknown;
  /** True when the agent came here to search. */
  isFirst?: boolean;
}) {
  return (
    <div class="search">
      <Icon icon={Search} size={16} />
      <input
        class="input"
        type="search"
        data-search
        dir={directionOf(props.value)}
        autofocus={props.isFirst}
        aria-label={props.label}
        placeholder={props.placeholder ?? props.label}
        value={props.value}
        onInput={(event) => props.onInput(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.isComposing) return;
          // Who searches among the groups of a form does not send the form.
          if (event.key === "Enter") {
            event.preventDefault();
            props.onEnter?.();
          }
          if (event.key === "Escape" && props.value !== "") {
            event.preventDefault();
            event.stopPropagation();
            props.onInput("");
          }
        }}
      />
    </div>
  );
}

export interface Option<Value extends string> {
  value: Value;
  label: string;
  /** What it means, under the label. */
  hint?: string;
  /** It cannot be chosen. */
  isOff?: boolean;
}

/** One of a few, each with its meaning: radio buttons drawn as cards. */
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

/** A list box of one line. */
export function Select<Value extends string>(props: {
  label: string;
  options: Option<Value>[];
  value: Value;
  onChange: (value: Value) => unknown;
  hint?: string;
  /** The agent's company chose; it can only be looked at. */
  isSet?: boolean;
  /** Show only the control; the label is read, not drawn. */
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

/** Yes or no, with its meaning under the label. */
export function Check(props: {
  label: ComponentChildren;
  hint?: string;
  isOn: boolean;
  /** The agent's company chose; it can only be looked at. */
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
