import { useSignal } from "@preact/signals";
import { importable } from "../../../lib/shared/backup";
import { fail, type Reply } from "../../../lib/shared/failure";
import { locale, plural, t } from "../../../lib/shared/i18n";
import { send } from "../../../lib/shared/send";
import { countAside } from "../../../lib/store/read-jobs";
import { useLive } from "../../models/live";
import { useShell } from "../../models/shell";
import { Button } from "../../parts/button";
import { Confirm } from "../../parts/dialog";
import { Check } from "../../parts/field";
import { Select } from "../../parts/select";
import { FileButton } from "../../parts/file-button";
import { Notice } from "../../parts/notice";
import { saveFile } from "../../parts/save";
import { Section, type Run } from "./section";

type Erasing = "history" | "names" | "everything";

const ERASING = {
  history: { title: "settings_erase", text: "settings_erase_text", done: "settings_erase_done" },
  names: { title: "settings_erase_names", text: "settings_erase_names_text", done: "settings_erase_names_done" },
  everything: { title: "settings_forget_all", text: "unlock_forget_text", done: undefined },
} as const;

function erase(what: Erasing): Promise<Reply<void>> {
  if (what === "history") return send("eraseHistory", {});
  return what === "names" ? send("eraseContacts") : send("forgetEverything");
}

/** Exports, imports and erases what is on this computer. */
export function Data({ run }: { run: Run }) {
  const withPeople = useSignal(false);
  const asked = useSignal<Erasing | undefined>(undefined);
  const exportData = async () => {
    const reply = await send("exportData", { withPeople: withPeople.value });
    if (!reply.ok) return run(Promise.resolve(reply));
    saveFile("wappfy-groups.json", new Blob([reply.value.json], { type: "application/json" }));
    return true;
  };
  const importData = async (file: File) => {
    // An unreadable file (too large, gone) counts as wrong.
    const text = await file.text().catch(() => "");
    const reply = await send("importData", { json: importable(text) });
    const isWrong = !reply.ok && ["bad-input", "bad-address"].includes(reply.failure.code);
    await run(Promise.resolve(isWrong ? fail("bad-file") : reply), t("settings_import_done"));
  };
  const aside = useLive(["aside"], countAside, []);
  return (
    <Section title={t("settings_data")}>
      <p class="muted">{t("settings_data_text")}</p>
      <Check
        label={t("settings_export_people")}
        isOn={withPeople.value}
        onChange={(isOn) => (withPeople.value = isOn)}
      />
      <div class="row wrap">
        <Button onPress={exportData}>{t("settings_export")}</Button>
        <FileButton accept="application/json,.json" onFile={importData}>
          {t("settings_import")}
        </FileButton>
      </div>
      {aside.value ? <Notice>{plural("settings_aside", aside.value)}</Notice> : null}
      <ContactNames run={run} />
      <KeepHistory run={run} />
      <div class="row wrap">
        {(["history", "names", "everything"] as const).map((what) => (
          <Button kind="quiet" class="bad" key={what} onPress={() => (asked.value = what)}>
            {t(ERASING[what].title)}
          </Button>
        ))}
      </div>
      {asked.value ? (
        <Confirm
          title={t(ERASING[asked.value].title)}
          action={t(ERASING[asked.value].title)}
          isFinal
          onClose={() => (asked.value = undefined)}
          onConfirm={() => {
            const what = asked.value ?? "history";
            asked.value = undefined;
            const { done } = ERASING[what];
            void run(erase(what), done && t(done));
          }}
        >
          <p>{t(ERASING[asked.value].text)}</p>
        </Confirm>
      ) : null}
    </Section>
  );
}

/** Reads names from the account's contacts, once per press. */
function ContactNames({ run }: { run: Run }) {
  const { connection } = useShell();
  const isBusy = useSignal(false);
  if (!connection.value) return null;
  const read = async () => {
    isBusy.value = true;
    const reply = await send("readContacts");
    isBusy.value = false;
    const count = reply.ok ? reply.value.count : 0;
    await run(Promise.resolve(reply), count === null ? t("names_no_contacts") : plural("names_read", count));
  };
  return (
    <div class="stack tight">
      <p class="small muted">{t("names_text")}</p>
      <div>
        <Button isBusy={isBusy.value} onPress={read}>
          {t("names_read_action")}
        </Button>
      </div>
    </div>
  );
}

/** Asks before shortening the time, which erases at once. */
function KeepHistory({ run }: { run: Run }) {
  const { settings } = useShell();
  const { keepHistory } = settings.value;
  const asked = useSignal<number | undefined>(undefined);
  const save = (days: number) => run(send("saveSettings", { keepHistory: days }));
  const isShorter = (days: number) => days !== 0 && (keepHistory === 0 || days < keepHistory);
  return (
    <>
      <Select
        label={t("settings_keep")}
        hint={t("settings_keep_hint")}
        value={String(keepHistory)}
        onChange={(days: string) => (isShorter(Number(days)) ? (asked.value = Number(days)) : save(Number(days)))}
        options={[...new Set([30, 90, 180, 365, 0, keepHistory])].map((days) => ({
          value: String(days),
          label: days === 0 ? t("settings_keep_all") : daysText(days),
        }))}
      />
      {asked.value === undefined ? null : (
        <Confirm
          title={t("settings_keep_title", daysText(asked.value))}
          action={t("settings_keep_action")}
          onClose={() => (asked.value = undefined)}
          onConfirm={() => {
            const days = asked.value ?? keepHistory;
            asked.value = undefined;
            void save(days);
          }}
        >
          <p>{t("settings_keep_text")}</p>
        </Confirm>
      )}
    </>
  );
}

function daysText(days: number): string {
  return new Intl.NumberFormat(locale(), { style: "unit", unit: "day", unitDisplay: "long" }).format(days);
}
