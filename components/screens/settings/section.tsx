import type { ComponentChildren } from "preact";
import type { Reply } from "../../../lib/shared/failure";

/** Awaits a command and shows its failure or `words` atop the screen. Returns whether it succeeded. */
export type Run = (reply: Promise<Reply<unknown>>, words?: string) => Promise<boolean>;

/** A part of the settings. */
export function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="stack" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
