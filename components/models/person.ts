import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { personText } from "../parts/verdicts";

/**
 * Shows person ids as people write numbers, `+91 98765 43210`. The phone metadata is loaded behind; until then the
 * digits stand there.
 */
export function usePersonText(): (id: string) => string {
  const show = useSignal<{ person: (id: string) => string | undefined } | undefined>(undefined);
  useEffect(() => {
    // A chunk of our own package cannot be missing.
    void import("../../lib/shared/people/phone").then(({ showPerson }) => (show.value = { person: showPerson }));
  }, []);
  const person = show.value?.person;
  return (id) => person?.(id) ?? personText(id);
}
