import { useSignal } from "@preact/signals";
import { CircleAlert, Table2 } from "lucide";
import { number, t, type MessageKey } from "../../lib/shared/i18n";
import type { ColumnRole, PeopleTable } from "../../lib/shared/model";
import { Select } from "./field";
import { Icon } from "./icon";

/** What a column can be, in the order in which it is offered. */
const ROLES: ColumnRole[] = ["phone", "name", "part", "code", "area", "country", "id", "others", "label", "none"];

/** The table that was read: its first rows, and over each column what it was taken for, to be changed. */
export function TableColumns({ table, onChange }: { table: PeopleTable; onChange: (roles: ColumnRole[]) => unknown }) {
  const isOpen = useSignal(table.isUnsure);
  const { roles } = table;
  const titles = roles.map((_, index) => table.header[index] || t("table_column", number(index + 1)));
  const phones = titles.filter((_, index) => roles[index] === "phone" || roles[index] === "id");
  return (
    <details
      class={table.isUnsure ? "bad" : undefined}
      open={isOpen.value || table.isUnsure}
      onToggle={(event) => (isOpen.value = event.currentTarget.open)}
    >
      <summary>
        <Icon icon={table.isUnsure ? CircleAlert : Table2} size={16} />
        <span class="clip">{table.isUnsure ? t("table_unsure") : t("table_numbers_in", phones.join(", "))}</span>
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
                    options={ROLES.map((role) => ({ value: role, label: t(`table_role_${role}` as MessageKey) }))}
                    value={roles[index] ?? "none"}
                    onChange={(role: ColumnRole) => onChange(roles.map((old, at) => (at === index ? role : old)))}
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
