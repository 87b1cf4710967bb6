import type { FormHTMLAttributes, TargetedKeyboardEvent } from "preact";

/**
 * A form that calls `onSubmit` or the submit button's `onPress` on Enter, the button, or Ctrl or ⌘ Enter, even in a
 * text area.
 */
export function Form({ onSubmit, ...attributes }: { onSubmit?: () => unknown } & Omit<FormHTMLAttributes, "onSubmit">) {
  return (
    // The keys are those of the fields in it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form
      {...attributes}
      onKeyDown={press}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit?.();
      }}
    />
  );
}

/** The button ignores presses while off or busy. */
function press(event: TargetedKeyboardEvent<HTMLFormElement>): void {
  if (event.key !== "Enter" || event.defaultPrevented || event.repeat) return;
  const isMain = event.ctrlKey || event.metaKey;
  // Enter on a checkbox would send an unfinished form.
  if (!isMain && !(event.target as Element).matches("[type=checkbox]")) return;
  event.preventDefault();
  if (isMain) event.currentTarget.querySelector<HTMLButtonElement>("button[type=submit]")?.click();
}
