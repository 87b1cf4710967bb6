import { t } from "../../lib/shared/i18n";
import type { Group } from "../../lib/shared/model";
import { digitsOf } from "../../lib/shared/person";
import { readRoster } from "../../lib/store/read";
import { dayOf } from "../../lib/store/read-jobs";
import type { Store } from "../../lib/store/schema";

/** Downloads these groups' members as one CSV file; unread groups get a row that says so. */
export async function exportMembers(store: Store, groups: readonly Group[]): Promise<void> {
  const rows = [
    [
      t("members_csv_group"),
      t("members_csv_group_id"),
      t("members_csv_number"),
      t("members_csv_id"),
      t("members_csv_type"),
      t("members_csv_role"),
      t("members_csv_read"),
    ],
  ];
  for (const { connection, id, name } of groups) {
    const roster = await readRoster(store, connection, id);
    if (!roster) rows.push([name, id, "", "", "", "", t("members_csv_unread")]);
    for (const member of roster?.members ?? []) {
      const digits = digitsOf(member.id);
      const type = digits === undefined ? t("members_type_hidden") : t("members_type_phone");
      const number = digits === undefined ? "" : `+${digits}`;
      const role = t(`members_role_${member.role}`);
      rows.push([name, id, number, member.id, type, role, new Date(roster?.readAt ?? 0).toISOString()]);
    }
  }
  const [{ toCsv }, { saveFile }] = await Promise.all([import("../../lib/shared/csv"), import("./save")]);
  saveFile(`${t("members_csv_file")} ${dayOf(Date.now())}.csv`, new Blob([toCsv(rows)], { type: "text/csv" }));
}
