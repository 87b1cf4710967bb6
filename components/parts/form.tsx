import { createContext, type FormHTMLAttributes, type TargetedKeyboardEvent, type TargetedMouseEvent } from "preact";
import { useContext, useRef } from "preact/hooks";

/** What is being read in a form, such as a pasted list; undefined when everything typed is read. */
type Reading = { current: Promise<unknown> | undefined };

const Context = createContext<Reading>({ current: undefined });

/** Returns the readings of the form around; a press of its main button waits for the one that is set. */
export function useReading(): Reading {
  return useContext(Context);
}

/**
 * A form that calls `onSubmit` or the submit button's own `onPress`: by Enter, the button, or Ctrl or ⌘ Enter, even
 * where Enter starts a line. What was typed last counts: a press waits until it is read.
 */
export function Form({ onSubmit, ...attributes }: { onSubmit?: () => unknown } & Omit<FormHTMLAttributes, "onSubmit">) {
  const reading = useRef<Promise<unknown> | undefined>(undefined);
  return (
    <Context.Provider value={reading}>
      {/* The keys are those of the fields in it. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <form
        {...attributes}
        onKeyDown={press}
        onClickCapture={(event) => wait(event, reading)}
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit?.();
        }}
      />
    </Context.Provider>
  );
}

/** The button itself heeds being off or busy. */
function press(event: TargetedKeyboardEvent<HTMLFormElement>): void {
  if (event.key !== "Enter" || event.defaultPrevented || event.repeat) return;
  const isMain = event.ctrlKey || event.metaKey;
  // Enter on a checkbox would send an unfinished form.
  if (!isMain && !(event.target as Element).matches("[type=checkbox]")) return;
  event.preventDefault();
  if (isMain) event.currentTarget.querySelector<HTMLButtonElement>("button[type=submit]")?.click();
}

/** Presses the main button again once what is being read is read, unless more was typed by then. */
function wait(event: TargetedMouseEvent<HTMLFormElement>, reading: Reading): void {
  const button = (event.target as Element).closest<HTMLButtonElement>("button[type=submit]");
  if (!button || !reading.current) return;
  event.preventDefault();
  event.stopPropagation();
  // A task later the form is drawn with what was read.
  void reading.current.then(() => setTimeout(() => reading.current ?? button.click()));
}
