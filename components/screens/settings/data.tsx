import { useSignal } from "@preact/signals";
import { t } from "../../../lib/shared/i18n";
import { send } from "../../../lib/shared/send";
import { Button } from "../../parts/button";
import { Confirm } from "../../parts/dialog";
import { Check } from "../../parts/field";
import { FileButton } from "../../parts/file-button";
import { saveFile } from "../../parts/save";
import { Section, type Run } from "./section";

/** What is kept on this computer: export, import, erase. */
export function Data({ run }: { run: Run }) {
  const withPeople = useSignal(false);
  const asked = useSignal<"history" | "everything" | undefined>(undefined);
  const exportData = async () => {
    const reply = await send("exportData", { withPeople: withPeople.value });
    if (!reply.ok) return run(Promise.resolve(reply));
    saveFile("wappfy-groups.json", new Blob([reply.value.json], { type: "application/json" }));
    return true;
  };
  const importData = async (file: File) => {
    await run(send("importData", { json: await file.text() }), t("settings_import_done"));
  };
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
      <div class="row wrap">
        <Button kind="quiet" class="bad" onPress={() => (asked.value = "history")}>
          {t("settings_erase")}
        </Button>
        <Button kind="quiet" class="bad" onPress={() => (asked.value = "everything")}>
          {t("settings_forget_all")}
        </Button>
      </div>
      {asked.value ? (
        <Confirm
          title={asked.value === "history" ? t("settings_erase") : t("settings_forget_all")}
          action={asked.value === "history" ? t("settings_erase") : t("settings_forget_all")}
          isFinal
          onClose={() => (asked.value = undefined)}
          onConfirm={() => {
            const what = asked.value;
            asked.value = undefined;
            void (what === "history"
              ? run(send("eraseHistory", {}), t("settings_erase_done"))
              : run(send("forgetEverything")));
          }}
        >
          <p>{asked.value === "history" ? t("settings_erase_text") : t("unlock_forget_text")}</p>
        </Confirm>
      ) : null}
    </Section>
  );
}
