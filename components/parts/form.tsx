import type { FormHTMLAttributes } from "preact";

/** A form of ours: the browser sends nothing; Enter and the main button call `onSubmit`. */
export function Form({ onSubmit, ...attributes }: { onSubmit: () => unknown } & Omit<FormHTMLAttributes, "onSubmit">) {
  return (
    <form
      {...attributes}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    />
  );
}
