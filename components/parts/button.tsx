import { LoaderCircle, type IconNode } from "lucide";
import type { ButtonHTMLAttributes, ComponentChildren, TargetedMouseEvent } from "preact";
import { Icon } from "./icon";

export interface ButtonProps {
  children?: ComponentChildren;
  /** Without children, `label` is its accessible name and tooltip. */
  icon?: IconNode;
  label?: string;
  kind?: "plain" | "primary" | "danger" | "quiet";
  /** Shows progress and ignores presses, but keeps the focus. */
  isBusy?: boolean;
  /** Off but focusable, to read its reason (`title`). */
  isOff?: boolean;
  isWide?: boolean;
  type?: "button" | "submit";
  class?: string;
  title?: string;
  onPress?: (event: TargetedMouseEvent<HTMLButtonElement>) => unknown;
  attributes?: ButtonHTMLAttributes<HTMLButtonElement>;
}

/** Ignores a double click's second half, meant for a button that another took the place of. */
export function firstClick(press: () => unknown): (event: MouseEvent) => unknown {
  return ({ detail }) => (detail > 1 ? undefined : press());
}

/** The one button. Never `disabled`, which would lose the focus. */
export function Button(props: ButtonProps) {
  const { children, icon, label, kind = "plain", isBusy, isOff, isWide, type = "button", onPress } = props;
  const isStill = isBusy === true || isOff === true;
  const names = ["button", kind, children === undefined ? "icon" : "", isWide ? "wide" : "", props.class ?? ""];
  const shown = isBusy ? LoaderCircle : icon;
  return (
    <button
      // oxlint-disable-next-line button-has-type
      type={type}
      class={names.filter(Boolean).join(" ")}
      aria-label={label}
      title={props.title ?? (children === undefined ? label : undefined)}
      aria-disabled={isStill ? "true" : undefined}
      aria-busy={isBusy ? "true" : undefined}
      onClick={(event) => {
        if (isStill) event.preventDefault();
        else onPress?.(event);
      }}
      {...props.attributes}
    >
      {shown ? <Icon icon={shown} class={isBusy ? "spin" : undefined} /> : null}
      {children}
    </button>
  );
}
