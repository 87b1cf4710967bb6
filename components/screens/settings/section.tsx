import type { ComponentChildren } from "preact";
import type { Reply } from "../../../lib/shared/failure";

/** Runs a command; its failure, or the `words` when it went well, stand at the top of the screen. Gives whether it went well. */
export type Run = (reply: Promise<Reply<unknown>>, words?: string) => Promise<boolean>;

/** A part of the settings under its heading. */
export function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="stack" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
