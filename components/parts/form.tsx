import type { FormHTMLAttributes, TargetedKeyboardEvent } from "preact";

/**
 * A form of ours: the browser sends nothing; Enter and the main button call `onSubmit`, and so do Ctrl or ⌘ Enter from
 * every field, also from one in which Enter begins a new line.
 */
export function Form({ onSubmit, ...attributes }: { onSubmit: () => unknown } & Omit<FormHTMLAttributes, "onSubmit">) {
  return (
    // The keys are those of the fields in it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form
      {...attributes}
      onKeyDown={pressMain}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    />
  );
}

/** Presses the main button, which heeds by itself whether it is off or busy. */
function pressMain(event: TargetedKeyboardEvent<HTMLFormElement>): void {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented || event.repeat) return;
  event.preventDefault();
  event.currentTarget.querySelector<HTMLButtonElement>("button[type=submit]")?.click();
}
