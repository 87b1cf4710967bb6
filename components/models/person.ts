import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { t } from "../../lib/shared/i18n";
import { digitsOf, personKey } from "../../lib/shared/person";
import { readNames } from "../../lib/store/directory";
import { useLive } from "./live";
import { useShell } from "./shell";

/** Returns a formatter of person ids: `+91 98765 43210`, or plain digits until phone metadata is loaded. */
export function usePersonText(): (id: string) => string {
  const show = useSignal<{ person: (id: string) => string | undefined } | undefined>(undefined);
  useEffect(() => {
    // Our own chunk cannot be missing.
    void import("../../lib/shared/people/phone").then(({ showPerson }) => (show.value = { person: showPerson }));
  }, []);
  const person = show.value?.person;
  return (id) => person?.(id) ?? personText(id);
}

/** Returns `+5511999990001`, or a hidden id's last digits. */
export function personText(id: string): string {
  const digits = digitsOf(id);
  return digits === undefined ? `${t("members_hidden")} …${(id.split("@")[0] ?? "").slice(-4)}` : `+${digits}`;
}

/** `from`: the group Back leads to. */
export function personPath(id: string, from?: string): string {
  return `/person/${encodeURIComponent(id)}${from === undefined ? "" : `?from=${encodeURIComponent(from)}`}`;
}

/** Returns a function for people's shown names. */
export function useNames(): (id: string) => string | undefined {
  const { connection } = useShell();
  const account = connection.value?.id ?? "";
  const names = useLive(["contacts"], (store) => readNames(store, account), [account]);
  return (id) => names.value?.get(personKey(id));
}
