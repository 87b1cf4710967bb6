import { useSignal } from "@preact/signals";
import { Bookmark, X } from "lucide";
import { t } from "../../lib/shared/i18n";
import type { Person } from "../../lib/shared/model";
import { digitsOf } from "../../lib/shared/person";
import { send } from "../../lib/shared/send";
import { readSets } from "../../lib/store/read";
import { useLive } from "../models/live";
import { HELD } from "../models/people-reading";
import { useShell } from "../models/shell";
import { Button } from "./button";
import { Select } from "./select";
import { SaveSet } from "./save-set";

/** Inserts, saves and forgets lists of people. */
export function SavedPeople({ people, onUse }: { people: Person[]; onUse: (text: string) => unknown }) {
  const id = useShell().connection.value?.id ?? "";
  const used = useSignal("");
  const isSaving = useSignal(false);
  const sets = useLive(["sets"], (store) => readSets(store, id, "people"), [id]).value ?? [];
  const name = sets.some((set) => set.name === used.value) ? used.value : "";
  const use = (next: string) => {
    used.value = next;
    const set = sets.find((each) => each.name === next);
    if (set) onUse(set.people.map(lineOf).join("\n"));
  };
  return (
    <>
      {sets.length > 0 ? (
        <Select
          isBare
          label={t("set_use")}
          value={name}
          onChange={use}
          options={[
            { value: "", label: t("set_use_none") },
            ...sets.map((set) => ({ value: set.name, label: set.name })),
          ]}
        />
      ) : null}
      {name ? (
        <Button
          icon={X}
          label={t("set_people_forget", name)}
          onPress={() => void send("forgetSet", { kind: "people", name })}
        />
      ) : null}
      {people.length > 0 ? (
        <Button kind="quiet" icon={Bookmark} attributes={HELD} onPress={() => (isSaving.value = true)}>
          {t("set_people")}
        </Button>
      ) : null}
      {isSaving.value ? <SaveSet kind="people" people={people} onClose={() => (isSaving.value = false)} /> : null}
    </>
  );
}

/** Reads back as the same person. */
function lineOf({ id, name }: Person): string {
  const digits = digitsOf(id);
  if (digits === undefined) return id;
  return name === undefined ? `+${digits}` : `+${digits} ${name.replace(/[,;\t\n]+/g, " ")}`;
}
