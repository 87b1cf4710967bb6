import type { RefObject } from "preact";
import { useMemo } from "preact/hooks";
import { t } from "../../../lib/shared/i18n";
import type { Group, Member } from "../../../lib/shared/model";
import { personKey } from "../../../lib/shared/person";
import { useOpenSteps } from "../../models/job";
import { useNames, usePersonText } from "../../models/person";
import { useShell } from "../../models/shell";
import { List } from "../../parts/list";
import { isAbout } from "./job";
import { MemberRow } from "./member-row";
import type { useSelected } from "./selected";

const ROW = 48;

/** Members to choose, visit and remove. */
export function MemberList(props: {
  group: Group;
  members: Member[];
  selected: ReturnType<typeof useSelected>;
  scroller: RefObject<HTMLElement | null>;
  from?: string;
  /** Key of our number. */
  own: string | undefined;
  onRemove: (member: Member) => unknown;
}) {
  const { group, selected, own } = props;
  const [person, nameOf] = [usePersonText(), useNames()];
  const leaving = useLeaving(group);
  return (
    <List
      items={props.members}
      rowHeight={ROW}
      keyOf={({ id }) => id}
      label={t("members_label")}
      scroller={props.scroller}
      start={props.from}
      back={props.from}
      choice={{ isOn: ({ id }) => selected.ids.has(id), pick: selected.pick }}
      render={(member, isStop) => (
        <MemberRow
          member={member}
          group={group.id}
          text={person(member.id)}
          name={nameOf(member.id)}
          isOwn={own !== undefined && personKey(member.id) === own}
          isLeaving={leaving.has(personKey(member.id))}
          isOn={selected.ids.has(member.id)}
          isStop={isStop}
          onTick={(isRange) => selected.pick(member.id, isRange)}
          onRemove={() => props.onRemove(member)}
        />
      )}
    />
  );
}

/** Keys of the people whom open jobs are still to remove. */
function useLeaving({ id }: Group): ReadonlySet<string> {
  const jobs = useShell().openJobs.value.filter(({ input }) => input.kind === "remove" && isAbout(input, id));
  const steps = useOpenSteps(jobs);
  return useMemo(
    () => new Set(steps.flatMap(({ target, person = "" }) => (target === id ? personKey(person) : []))),
    [steps, id],
  );
}
