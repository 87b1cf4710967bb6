import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import type { PageView } from "../../lib/shared/views";
import { number, t } from "../../lib/shared/i18n";
import type { Job, Step } from "../../lib/shared/model";
import { Button } from "./button";
import { InviteState } from "./invite";
import { Tag } from "./notice";
import { reasonText, VERDICT_WORDS, verdictText, waitText, whyText } from "./verdicts";

/** Row height in CSS px. */
export const INVITE_ROW = 86;

/** Whether we are in an invite's group: it is opened, not joined. */
export function isOurs({ known, group }: PageView["invites"][number]): boolean {
  return known?.state === "ours" && group !== undefined;
}

/** One invite of a page: number, surrounding words, state and action. */
export function InviteRow(props: {
  invite: PageView["invites"][number];
  /** Place on the page, from 1. */
  place: number;
  isStop: boolean;
  isTicked: boolean;
  /** An unfinished job that joins it. */
  joining?: Job;
  last?: Step;
  onTick: (isTicked: boolean) => void;
  onJoin: () => void;
  onOpen: (group: string) => void;
  onPoint: (isOn: boolean) => void;
}) {
  const { code, context, group, isGone } = props.invite;
  const id = useId();
  const isOpened = isOurs(props.invite);
  const why = whyOf(props);
  return (
    <div
      class={isGone ? "invite-row gone" : "invite-row"}
      style={{ height: `${INVITE_ROW}px` }}
      onMouseEnter={() => props.onPoint(true)}
      onMouseLeave={() => props.onPoint(false)}
      onFocusIn={() => props.onPoint(true)}
      onFocusOut={() => props.onPoint(false)}
    >
      {isOpened ? (
        <span class="target" />
      ) : (
        <label class="target">
          <input
            class="tick"
            type="checkbox"
            tabIndex={-1}
            aria-label={t("page_tick", code)}
            checked={props.isTicked}
            onChange={(event) => props.onTick(event.currentTarget.checked)}
          />
        </label>
      )}
      <span class="num small muted place">{isGone ? "–" : number(props.place)}</span>
      <span class="grow" id={id}>
        {group ? (
          <strong class="clip">
            <bdi>{group.name}</bdi>
          </strong>
        ) : null}
        <span class={group || why ? "clip" : "words"} dir="auto" title={context}>
          {context || t("page_no_context")}
        </span>
        {why ? (
          <span class="small clip" title={why}>
            {why}
          </span>
        ) : null}
        <span class="row">
          <State {...props} />
          <span class="mono clip muted" dir="ltr">
            {code}
          </span>
        </span>
      </span>
      <Button
        class="act"
        attributes={{ tabIndex: props.isStop ? 0 : -1, "aria-describedby": id }}
        onPress={() => (group && isOpened ? props.onOpen(group.id) : props.onJoin())}
      >
        {isOpened ? t("keys_open") : t("confirm_join")}
      </Button>
    </div>
  );
}

type RowState = Pick<Parameters<typeof InviteRow>[0], "invite" | "joining" | "last">;

/** Knowledge newer than the last join wins. */
function State({ invite: { known, isUnusual, isGone }, joining, last }: RowState) {
  const tags: ComponentChildren[] = [];
  if (joining && (known?.at ?? 0) < joining.createdAt) {
    const waits = waitText(joining, Date.now());
    const isStuck = joining.state === "paused" && waits === undefined;
    const href = `#/activity/${joining.id}`;
    tags.push(
      <a class={isStuck ? "tag warn" : "tag brand"} href={href} tabIndex={-1}>
        {isStuck ? t("job_state_paused") : (waits ?? t("page_joining"))}
      </a>,
    );
  } else if (isUnclear({ known, last })) {
    tags.push(
      <a class={`tag ${VERDICT_WORDS[last!.verdict!].tone}`} href={`#/activity/${last!.job}`} tabIndex={-1}>
        {verdictText(last!.verdict!)}
      </a>,
    );
  } else tags.push(known ? <InviteState known={known} /> : <Tag>{t("page_new")}</Tag>);
  if (isGone) tags.push(<Tag>{t("page_gone")}</Tag>);
  else if (isUnusual && !known) tags.push(<Tag tone="warn">{t("join_unusual")}</Tag>);
  return <>{tags}</>;
}

function isUnclear({ known, last }: { known?: RowState["invite"]["known"]; last?: Step }): boolean {
  return last?.verdict !== undefined && (known === undefined || known.state === "seen");
}

function whyOf({ invite: { known }, joining, last }: RowState): string | undefined {
  if (joining) return undefined;
  if (known?.state === "refused") return known.reason && reasonText(known.reason, "join").sentence;
  return last && isUnclear({ known, last }) ? whyText(last, "join")?.sentence : undefined;
}
