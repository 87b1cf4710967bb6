import { useSignal } from "@preact/signals";
import { CircleAlert, Table2 } from "lucide";
import { number, t, type MessageKey } from "../../lib/shared/i18n";
import type { ColumnRole, PeopleTable } from "../../lib/shared/model";
import { Select } from "./select";
import { Icon } from "./icon";

const ROLES: ColumnRole[] = ["phone", "name", "part", "code", "area", "country", "id", "others", "label", "none"];

/** The table's first rows, each column's role to change. */
export function TableColumns({
  table,
  onChange,
  isOfGroups = false,
}: {
  table: PeopleTable;
  onChange: (roles: ColumnRole[]) => unknown;
  /** One column names new groups. */
  isOfGroups?: boolean;
}) {
  const isOpen = useSignal(table.isUnsure);
  const offered: ColumnRole[] = isOfGroups ? ["group", ...ROLES] : ROLES;
  const { roles } = table;
  const titles = roles.map((_, index) => table.header[index] || t("table_column", number(index + 1)));
  const phones = titles.filter((_, index) => roles[index] === "phone" || roles[index] === "id").join(", ");
  const group = titles[roles.indexOf("group")];
  const isMissing = isOfGroups && group === undefined;
  const question = t(isMissing ? "table_unsure_group" : "table_unsure");
  const answer = group === undefined ? t("table_numbers_in", phones) : t("table_groups_in", group, phones || "–");
  // Only one column names groups, so a new one replaces the old.
  const choose = (at: number, role: ColumnRole) =>
    onChange(roles.map((old, index) => (index === at ? role : role === "group" && old === "group" ? "none" : old)));
  return (
    <details
      class={table.isUnsure ? "bad" : undefined}
      open={isOpen.value || table.isUnsure}
      onToggle={(event) => (isOpen.value = event.currentTarget.open)}
    >
      <summary>
        <Icon icon={table.isUnsure ? CircleAlert : Table2} size={16} />
        <span class="grow">{table.isUnsure ? question : answer}</span>
      </summary>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <div class="people-table" tabIndex={0} role="group" aria-label={t("table_label")}>
        <table>
          <thead>
            <tr>
              {titles.map((title, index) => (
                <th scope="col" key={index} class={roles[index] === "none" ? "muted" : undefined}>
                  <bdi class="clip" title={title}>
                    {title}
                  </bdi>
                  <Select
                    isBare
                    label={t("table_column_is", title)}
                    options={offered.map((role) => ({ value: role, label: t(`table_role_${role}` as MessageKey) }))}
                    value={roles[index] ?? "none"}
                    onChange={(role: ColumnRole) => choose(index, role)}
                  />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((row, line) => (
              <tr key={line}>
                {roles.map((role, index) => (
                  <td key={index} class={role === "none" ? "muted" : undefined}>
                    <bdi class="clip">{(row[index] ?? "").slice(0, 80)}</bdi>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
