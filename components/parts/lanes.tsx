import { UserMinus, UserPlus, Users, type IconNode } from "lucide";
import { Fragment } from "preact";
import { number, t } from "../../lib/shared/i18n";
import { useNames, usePersonText } from "../models/person";
import { Icon } from "./icon";
import "./lanes.css";

/** Who joins and leaves a group, and its size. */
export interface Lanes {
  id: string;
  name: string;
  joins: readonly { id: string; name?: string }[];
  leaves: readonly { id: string; name?: string }[];
  /** Some memberships are uncertain: unread or hidden. */
  isUnsure?: boolean;
  /** Members as last read, if ever. */
  size: number | undefined;
}

type Label = (person: { id: string; name?: string }) => string;

/** Groups drawn, most changes first; others are counted. */
const DRAWN = 5;
/** Names per lane; others are counted. */
const NAMED = 3;

/** Draws who joins, stays and leaves each group: bars of one scale, names, counts. */
export function WhoGoesWhere({ plan, areNamed = true }: { plan: readonly Lanes[]; areNamed?: boolean }) {
  const [show, nameOf] = [usePersonText(), useNames()];
  const label: Label = ({ id, name }) => nameOf(id) ?? name ?? show(id);
  const changed = plan.filter((group) => changesOf(group) > 0);
  if (changed.length === 0) return null;
  const drawn = changed.toSorted((a, b) => changesOf(b) - changesOf(a)).slice(0, DRAWN);
  const most = Math.max(...drawn.flatMap((group) => [group.joins.length, group.leaves.length, staysOf(group) ?? 0]));
  return (
    <section class="lanes stack close" aria-label={t("lane_title")}>
      <h2 class="minor">{t("lane_title")}</h2>
      <ul class="stack">
        {drawn.map((group) => (
          <Group
            key={group.id}
            group={group}
            most={most}
            label={areNamed ? label : undefined}
            isNamed={plan.length > 1 || !areNamed}
          />
        ))}
      </ul>
      {changed.length > drawn.length ? (
        <p class="small muted">{t("changes_more", number(changed.length - drawn.length))}</p>
      ) : null}
    </section>
  );
}

const changesOf = ({ joins, leaves }: Lanes) => joins.length + leaves.length;
const staysOf = ({ size, leaves }: Lanes) => (size === undefined ? undefined : size - leaves.length);

/** Without `label`, nobody is named. */
function Group(props: { group: Lanes; most: number; label: Label | undefined; isNamed: boolean }) {
  const { group, most, label } = props;
  const { joins, leaves } = group;
  const stays = staysOf(group);
  const countOf = (moved: readonly unknown[]) =>
    group.isUnsure && moved.length > 0 ? t("lane_upto", number(moved.length)) : number(moved.length);
  return (
    <li class="stack tight">
      {props.isNamed ? (
        <strong class="clip small">
          <bdi>{group.name}</bdi>
        </strong>
      ) : null}
      <div class="row bottom">
        <Lane kind="joins" icon={UserPlus} share={joins.length / most}>
          {countOf(joins)}
        </Lane>
        <Lane kind="stays" icon={Users} share={(stays ?? 0) / most}>
          {stays === undefined ? t("match_doubt_unread") : number(stays)}
        </Lane>
        <Lane kind="leaves" icon={UserMinus} share={leaves.length / most}>
          {countOf(leaves)}
        </Lane>
      </div>
      {label ? <Names icon={UserPlus} names={joins.map(label)} /> : null}
      {label ? <Names icon={UserMinus} names={leaves.map(label)} /> : null}
    </li>
  );
}

/** Length of an arrowhead and the shortest bar, in hundredths of a lane. */
const HEAD = 5;
const FILLS = { joins: "var(--good)", stays: "var(--ink-3)", leaves: "var(--bad)" } as const;
/** Bars of a length in hundredths of a lane: joins end-aligned, stays centred, leaves start-aligned. */
const SHAPES = {
  joins: (length: number) => arrow(100 - length, 100),
  stays: (length: number) => `${50 - length / 2},0 ${50 + length / 2},0 ${50 + length / 2},14 ${50 - length / 2},14`,
  leaves: (length: number) => arrow(0, length),
} as const;
const arrow = (from: number, to: number) => `${from},0 ${to - HEAD},0 ${to},7 ${to - HEAD},14 ${from},14`;

function Lane(props: { kind: keyof typeof FILLS; icon: IconNode; share: number; children: string }) {
  const { kind, share } = props;
  return (
    <div class="lane stack tight">
      <span class="row small num">
        <Icon icon={props.icon} size={14} />
        <span>
          {t(`lane_${kind}`)} <strong>{props.children}</strong>
        </span>
      </span>
      <svg width="100%" height="14" viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true" data-points>
        <rect width="100" height="14" fill="var(--paper-2)" />
        {share > 0 ? <polygon points={SHAPES[kind](Math.max(HEAD, 100 * share))} fill={FILLS[kind]} /> : null}
      </svg>
    </div>
  );
}

/** The first names, across all lanes: a cut number says nothing. */
function Names({ icon, names }: { icon: IconNode; names: string[] }) {
  if (names.length === 0) return null;
  return (
    <p class="row top small num">
      <Icon icon={icon} size={14} />
      <span class="grow">
        {names.slice(0, NAMED).map((name, at) => (
          <Fragment key={at}>
            {at > 0 ? ", " : null}
            <bdi>{name}</bdi>
          </Fragment>
        ))}
        {names.length > NAMED ? ` ${t("changes_more", number(names.length - NAMED))}` : null}
      </span>
    </p>
  );
}
