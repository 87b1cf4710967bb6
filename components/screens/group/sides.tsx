import { EyeOff, UserMinus, UserPlus, type IconNode } from "lucide";
import type { ComponentChildren } from "preact";
import type { Difference } from "../../../lib/shared/difference";
import { number, plural, t } from "../../../lib/shared/i18n";
import type { Group, Member, Person } from "../../../lib/shared/model";
import type { Chosen } from "../../models/chosen";
import { usePersonText } from "../../models/person";
import { Icon } from "../../parts/icon";
import { WhoGoesWhere } from "../../parts/lanes";
import { ListBox } from "../../parts/list-box";
import { Notice, Tag } from "../../parts/notice";
import { TickList } from "../../parts/tick-list";
import "./sides.css";

const ROW = 40;

/** What would change: people to add (ticked), to remove, and undecidable ones. */
export function Sides(props: {
  group: Group;
  /** Number of members. */
  size: number;
  difference: Difference;
  adding: Person[];
  /** Exceptions from adding. */
  left: Chosen;
  removing: Member[];
  ticked: Chosen;
  unusable: number;
}) {
  const { group, size, difference, adding, left, removing, ticked, unusable } = props;
  return (
    <>
      <WhoGoesWhere plan={[{ id: group.id, name: group.name, joins: adding, leaves: removing, size }]} />
      <p class="small muted" role="status">
        {plural("equal_same", difference.same)}
      </p>
      <Side
        icon={UserPlus}
        titleOf={(count) => plural("equal_add", count)}
        items={difference.add}
        chosen={new Set(adding.map(({ id }) => id))}
        all={difference.add.map(({ id }) => id)}
        onChange={(next) => left.set(difference.add.flatMap(({ id }) => (next.has(id) ? [] : [id])))}
      />
      <Side
        icon={UserMinus}
        tone="bad"
        titleOf={(count) => plural("equal_remove", count)}
        items={difference.remove}
        chosen={new Set(removing.map(({ id }) => id))}
        all={difference.remove.flatMap(({ id, role }) => (role === "member" ? [id] : []))}
        onChange={ticked.set}
      >
        {unusable > 0 ? <Notice tone="warn">{plural("equal_unusable", unusable)}</Notice> : null}
      </Side>
      {difference.unknown.length > 0 ? (
        <Side icon={EyeOff} titleOf={(count) => plural("equal_unknown", count)} items={difference.unknown}>
          <p class="small muted">{t("equal_unknown_text")}</p>
        </Side>
      ) : null}
    </>
  );
}

/** One side of the difference; `all`: ids that "all" ticks. */
function Side(props: {
  icon: IconNode;
  tone?: "bad";
  titleOf: (count: number) => string;
  items: readonly (Person | Member | { id: string; isMember: boolean; given?: string })[];
  chosen?: ReadonlySet<string>;
  all?: string[];
  onChange?: (chosen: ReadonlySet<string>) => unknown;
  children?: ComponentChildren;
}) {
  const { items, chosen, all = [], onChange } = props;
  const show = usePersonText();
  const title = props.titleOf(items.length);
  const areAll = all.length > 0 && all.every((id) => chosen?.has(id));
  const noteOf = (item: (typeof items)[number]) => {
    if ("isMember" in item) return item.isMember ? t("equal_is_member") : t("equal_is_listed");
    return "name" in item ? item.name : undefined;
  };
  const row = (item: (typeof items)[number]) => (
    <>
      <bdi class="clip num grow">{show(item.id)}</bdi>
      {noteOf(item) ? <span class="small muted clip">{noteOf(item)}</span> : null}
      {"role" in item && item.role !== "member" ? <Tag tone="good">{t(`members_role_${item.role}`)}</Tag> : null}
    </>
  );
  return (
    <section class={props.tone === "bad" ? "side bad" : "side"} aria-label={title}>
      <div class="row">
        {chosen && items.length > 0 ? (
          <label class="target">
            <input
              type="checkbox"
              class="tick"
              aria-label={t("equal_all", props.titleOf(all.length))}
              checked={areAll}
              disabled={all.length === 0}
              ref={(box) => {
                if (box) box.indeterminate = chosen.size > 0 && !areAll;
              }}
              onChange={() => onChange?.(new Set(areAll ? [] : all))}
            />
          </label>
        ) : null}
        <Icon icon={props.icon} size={16} />
        <h3 class="grow">{title}</h3>
        {chosen && items.length > 0 ? (
          <span class="small muted num">{t("equal_ticked", number(chosen.size))}</span>
        ) : null}
      </div>
      {items.length > 0 ? props.children : null}
      {items.length === 0 ? null : chosen && onChange ? (
        <TickList
          items={items}
          rowHeight={ROW}
          keyOf={({ id }) => id}
          textOf={({ id }) => show(id)}
          label={title}
          ticked={chosen}
          isAlone={(item) => "role" in item && item.role !== "member"}
          onChange={onChange}
          render={row}
        />
      ) : (
        <ListBox
          items={[...items]}
          rowHeight={ROW}
          keyOf={({ id }) => id}
          label={title}
          render={(item) => <div class="side-row">{row(item)}</div>}
        />
      )}
    </section>
  );
}
