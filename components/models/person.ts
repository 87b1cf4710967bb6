import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { t } from "../../lib/shared/i18n";
import { digitsOf, personKey } from "../../lib/shared/person";
import { readNames } from "../../lib/store/directory";
import { useLive } from "./live";
import { useShell } from "./shell";

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

/** A person id in words: `+5511999990001`; a hidden one by its last digits. */
export function personText(id: string): string {
  const digits = digitsOf(id);
  return digits === undefined ? `${t("members_hidden")} …${(id.split("@")[0] ?? "").slice(-4)}` : `+${digits}`;
}

/** The route of a person's page; `from` is the group in whose members they were found, and where Back leads. */
export function personPath(id: string, from?: string): string {
  return `/person/${encodeURIComponent(id)}${from === undefined ? "" : `?from=${encodeURIComponent(from)}`}`;
}

/** The agent's names for people; undefined for somebody without one. */
export function useNames(): (id: string) => string | undefined {
  const { connection } = useShell();
  const account = connection.value?.id ?? "";
  const names = useLive(["contacts"], (store) => readNames(store, account), [account]);
  return (id) => names.value?.get(personKey(id));
}
