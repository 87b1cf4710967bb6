import { date, dateTime, number, plural, t } from "../../lib/shared/i18n";
import type { Group, Roster, RosterChange } from "../../lib/shared/model";
import { useNames, usePersonText } from "../models/person";
import "./changes.css";

const NAMED = 8;
const KINDS = {
  joined: "changes_joined",
  left: "changes_left",
  promoted: "changes_promoted",
  demoted: "changes_demoted",
} as const;
type Kind = keyof typeof KINDS;

/** Member changes between readings, newest first; without `groups`, of one group. */
export function ChangeList({
  changes,
  groups,
}: {
  changes: RosterChange[];
  groups?: ReadonlyMap<string, Pick<Group, "name">>;
}) {
  const now = Date.now();
  return (
    <ul class="divided" aria-label={t("changes_label")}>
      {changes.map((change) => (
        <li class="stack tight change" key={`${change.group} ${change.at}`}>
          {groups ? (
            <a class="clip" href={`#/group/${encodeURIComponent(change.group)}?tab=about`}>
              <bdi>{groups.get(change.group)?.name ?? change.group}</bdi>
            </a>
          ) : null}
          <span class="small muted num">
            {t("changes_between", dateTime(change.since, now), dateTime(change.at, now))}
          </span>
          {(Object.keys(KINDS) as Kind[]).map((kind) =>
            change[kind].length > 0 ? <Names key={kind} kind={kind} ids={change[kind]} /> : null,
          )}
        </li>
      ))}
    </ul>
  );
}

function Names({ kind, ids }: { kind: Kind; ids: string[] }) {
  const [show, nameOf] = [usePersonText(), useNames()];
  const named = ids.slice(0, NAMED).map((id) => nameOf(id) ?? show(id));
  const rest = ids.length - named.length;
  return (
    <span class={`small ${kind}`}>
      <strong>{plural(KINDS[kind], ids.length)}</strong>{" "}
      {named.map((name, i) => (
        <bdi class="num" key={ids[i]}>
          {name}
          {i < named.length - 1 || rest > 0 ? ", " : ""}
        </bdi>
      ))}
      {rest > 0 ? t("changes_more", number(rest)) : null}
    </span>
  );
}

const WIDTH = 240;
const HEIGHT = 40;

/** A group's size by day of reading; empty for one day. */
export function SizeLine({ sizes = [] }: { sizes?: Roster["sizes"] }) {
  const [first, last] = [sizes[0], sizes.at(-1)];
  if (!first || !last || sizes.length < 2) return null;
  const days = sizes.map(({ day }) => Date.parse(`${day}T12:00`));
  const most = Math.max(...sizes.map(({ size }) => size));
  const least = Math.min(...sizes.map(({ size }) => size));
  const [from, to] = [days[0]!, days.at(-1)!];
  const points = sizes.map(({ size }, i) => {
    const x = ((days[i]! - from) / (to - from)) * (WIDTH - 8) + 4;
    const y = most === least ? HEIGHT / 2 : HEIGHT - 4 - ((size - least) / (most - least)) * (HEIGHT - 8);
    return [x.toFixed(1), y.toFixed(1)];
  });
  const [x, y] = points.at(-1)!;
  return (
    <figure class="size-line">
      {/* Time runs in reading direction. */}
      <svg width="100%" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" data-points>
        <polyline
          points={points.map((point) => point.join(",")).join(" ")}
          fill="none"
          stroke="var(--brand)"
          stroke-width="2"
          stroke-linejoin="round"
        />
        <circle cx={x} cy={y} r="3" fill="var(--brand)" />
      </svg>
      <figcaption class="small muted num">
        {t("changes_size", number(first.size), date(from), number(last.size), date(to))}
      </figcaption>
    </figure>
  );
}
