import { t } from "../../lib/shared/i18n";
import type { FileTrouble, usePeopleFile } from "../models/people-file";
import { Button } from "./button";
import { Select } from "./select";

/** A file's reading progress, or the choice of a workbook's sheet. */
export function FileState({ file }: { file: ReturnType<typeof usePeopleFile> }) {
  const { reading, book } = file;
  if (reading.value) {
    const label = t("input_file_reading", reading.value.name);
    return (
      <div class="row" role="status">
        <progress class="grow" max={1} value={reading.value.share} aria-label={label} title={label} />
        <Button kind="quiet" onPress={file.stop}>
          {t("input_file_stop")}
        </Button>
      </div>
    );
  }
  if (!book.value || book.value.sheets.length < 2) return null;
  return (
    <Select
      label={t("input_sheet")}
      options={book.value.sheets.map((label, at) => ({ value: String(at), label }))}
      value={String(book.value.at)}
      onChange={(at: string) => void file.openSheet(Number(at))}
    />
  );
}

/** Returns why a file was not read, and what to do. `files`: the kinds that the field takes. */
export function troubleText(trouble: FileTrouble, files: string): string {
  if (trouble === "plan") return t("input_file_plan", t("nav_people"), t("plan_file_open"));
  if (trouble === "unreadable") return t("input_file_unreadable", files);
  return t(trouble === "large" ? "input_file_large" : "input_file_locked");
}
