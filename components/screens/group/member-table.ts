import { t } from "../../../lib/shared/i18n";
import type { Group, Member } from "../../../lib/shared/model";
import { digitsOf } from "../../../lib/shared/person";
import { dayOf } from "../../../lib/store/read-jobs";

/** Returns numbers, or hidden ids, one per line. */
export function numbersOf(members: Member[]): string {
  return members.map(({ id }) => (digitsOf(id) === undefined ? id : `+${digitsOf(id)}`)).join("\n");
}

/** Returns members as rows, heading first. */
export function memberRows(members: Member[]): string[][] {
  const heading = [t("members_csv_number"), t("members_csv_id"), t("members_csv_type"), t("members_csv_role")];
  const rows = members.map(({ id, role }) => {
    const digits = digitsOf(id);
    const type = digits === undefined ? t("members_type_hidden") : t("members_type_phone");
    return [digits === undefined ? "" : `+${digits}`, id, type, t(`members_role_${role}`)];
  });
  return [heading, ...rows];
}

/** Downloads members as a CSV file named after the group. */
export async function exportCsv(group: Group, members: Member[]): Promise<void> {
  const [{ toCsv }, { saveFile }] = await Promise.all([import("../../../lib/shared/csv"), import("../../parts/save")]);
  saveFile(`${group.name} ${dayOf(Date.now())}.csv`, new Blob([toCsv(memberRows(members))], { type: "text/csv" }));
}
