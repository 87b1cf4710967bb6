import { useSignal } from "@preact/signals";
import { CircleAlert, CircleCheck, CopyMinus, Download, UserRoundX } from "lucide";
import type { ComponentChildren } from "preact";
import { joined, type MessageKey, number, plural, t } from "../../lib/shared/i18n";
import type { ColumnRole, People, Person, Reject } from "../../lib/shared/model";
import { usePersonText } from "../models/person";
import { Button } from "./button";
import { Icon } from "./icon";
import { ListBox } from "./list-box";
import { TableColumns } from "./people-table";
import { saveFile } from "./save";
import { TickList } from "./tick-list";

const SHOWN = 200;
const ROW = 46;

/** What was read: people, offers, rejects with reasons, duplicates. */
export function PeoplePreview(props: {
  found: People;
  isReading: boolean;
  ticked: ReadonlySet<string>;
  onTick: (ticked: ReadonlySet<string>) => unknown;
  onColumns: (key: string, roles: ColumnRole[]) => unknown;
}) {
  const { found, isReading, ticked } = props;
  const show = usePersonText();
  const offered = found.rejects.filter(({ person }) => person !== undefined);
  const duplicates = found.rejects.filter(({ reason, person }) => reason === "duplicate" && person === undefined);
  const unusable = found.rejects.filter(({ reason, person }) => reason !== "duplicate" && person === undefined);
  const count = found.people.length + offered.filter(({ person }) => person && ticked.has(person.id)).length;
  const sums = [
    plural("input_valid", count),
    offered.length ? plural("input_offered", offered.length) : "",
    duplicates.length ? plural("input_duplicates", duplicates.length) : "",
    unusable.length ? plural("input_rejects", unusable.length) : "",
  ];
  return (
    <div class="people-preview" aria-busy={isReading}>
      <p class="visually-hidden" role="status">
        {isReading ? t("input_reading") : sums.filter(Boolean).join(", ")}
      </p>
      {found.table ? (
        <TableColumns
          key={found.table.key}
          table={found.table}
          onChange={(roles) => props.onColumns(found.table?.key ?? "", roles)}
        />
      ) : null}
      <PreviewSection
        icon={CircleCheck}
        tone="good"
        title={plural("input_valid", found.people.length)}
        items={found.people}
      >
        {(person: Person) => (
          <span class="grow">
            <span class="clip num">
              <bdi>{show(person.id)}</bdi>
            </span>
            <span class="small muted clip">
              <bdi>{person.name ?? person.given}</bdi>
            </span>
          </span>
        )}
      </PreviewSection>
      {offered.length > 0 ? (
        <PreviewSection
          icon={UserRoundX}
          title={plural("input_offered", offered.length)}
          items={offered}
          isOpen
          list={
            <TickList
              items={offered}
              rowHeight={ROW}
              keyOf={({ person, line }) => person?.id ?? String(line)}
              textOf={({ person }) => (person ? show(person.id) : "")}
              label={plural("input_offered", offered.length)}
              ticked={ticked}
              onChange={props.onTick}
              render={({ person, reason }) => (
                <span class="grow">
                  <bdi class="clip block num">{person ? joined([show(person.id), person.name]) : null}</bdi>
                  <span class="small muted clip block">{sentence(reason)}</span>
                </span>
              )}
            />
          }
        />
      ) : null}
      {unusable.length > 0 ? (
        <PreviewSection
          icon={CircleAlert}
          tone="bad"
          title={plural("input_rejects", unusable.length)}
          items={unusable}
          isOpen
          foot={
            <Button kind="quiet" icon={Download} onPress={() => void saveRejected(found)}>
              {t("input_rejects_save")}
            </Button>
          }
        >
          {(reject: Reject) => <Rejected reject={reject} />}
        </PreviewSection>
      ) : null}
      {duplicates.length > 0 ? (
        <PreviewSection icon={CopyMinus} title={plural("input_duplicates", duplicates.length)} items={duplicates}>
          {(reject: Reject) => <Rejected reject={reject} />}
        </PreviewSection>
      ) : null}
    </div>
  );
}

function sentence(reason: Reject["reason"]): string {
  return t(`reject_${reason.replaceAll("-", "_")}` as MessageKey);
}

async function saveRejected(found: People): Promise<void> {
  const { rejectedFile } = await import("../../lib/shared/people/rejected");
  const file = rejectedFile(found, {
    number: t("table_role_phone"),
    name: t("table_role_name"),
    reason: t("input_reason"),
    because: ({ reason }) => sentence(reason),
  });
  if (file) saveFile(`${t("input_rejects_file")}.${file.extension}`, new Blob([file.text]));
}

function Rejected({ reject }: { reject: Reject }) {
  const reason = sentence(reject.reason);
  return (
    <span class="grow" title={reason}>
      <span class="row">
        <bdi class="grow clip">{reject.given.slice(0, SHOWN)}</bdi>
        <span class="small muted num">{t("input_line", number(reject.line))}</span>
      </span>
      <span class="small muted clip">{reason}</span>
    </span>
  );
}

function PreviewSection<Item extends object>(props: {
  icon: typeof CircleCheck;
  tone?: "good" | "bad";
  title: string;
  items: Item[];
  isOpen?: boolean;
  foot?: ComponentChildren;
  list?: ComponentChildren;
  children?: (item: Item) => ComponentChildren;
}) {
  const { items } = props;
  const isOpen = useSignal(props.isOpen === true);
  return (
    <details
      open={isOpen.value}
      class={props.tone}
      onToggle={(event) => (isOpen.value = event.currentTarget.open)}
      inert={items.length === 0 ? true : undefined}
    >
      <summary>
        <Icon icon={props.icon} size={16} />
        <span>{props.title}</span>
      </summary>
      {isOpen.value && items.length > 0 ? (
        <>
          {props.list ?? (
            <ListBox
              items={items}
              rowHeight={ROW}
              keyOf={(item) => String(items.indexOf(item))}
              label={props.title}
              render={(item) => <div class="people-row">{props.children?.(item)}</div>}
            />
          )}
          {props.foot}
        </>
      ) : null}
    </details>
  );
}
