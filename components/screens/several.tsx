import { useSignal } from "@preact/signals";
import { MessagesSquare } from "lucide";
import { number, t } from "../../lib/shared/i18n";
import type { Person } from "../../lib/shared/model";
import { useChosen } from "../models/chosen";
import { useGone, useGroupRows } from "../models/group-rows";
import { useShell } from "../models/shell";
import { Button } from "../parts/button";
import { InfoDialog } from "../parts/dialog";
import { Form } from "../parts/form";
import { GoneGroups } from "../parts/gone-groups";
import { GroupPicker } from "../parts/group-picker";
import { Empty } from "../parts/empty";
import { PeopleInput } from "../parts/people-input";
import { Skeleton } from "../parts/progress";
import { Change } from "./several/change";
import { Invites } from "./several/invites";
import { Match } from "./several/match";
import { PeopleTable } from "./several/table";
import "./several.css";

const TASKS = ["add", "remove", "match", "table", "invites"] as const;
type Task = (typeof TASKS)[number];

/** Tasks for several groups, with people or invites. The address names the task. */
export function Several({ id }: { id?: string }) {
  const { connection } = useShell();
  const chosen = useChosen();
  const groups = useGroupRows(chosen.ids);
  const gone = useGone(chosen.ids);
  const isChoosing = useSignal(false);
  const input = useSignal<{ people: Person[]; unusable: number; clear: () => void }>({
    people: [],
    unusable: 0,
    clear: () => undefined,
  });
  const task: Task = TASKS.find((each) => each === id) ?? "add";
  if (groups === undefined || !chosen.isRead) return <Skeleton rows={4} />;
  const { people, unusable, clear } = input.value;
  return (
    <Form class="screen several">
      <div class="row">
        <p class="grow clip">
          {groups.length === 0 ? t("message_choose") : <bdi>{groups.map(({ name }) => name).join(", ")}</bdi>}
        </p>
        <Button kind="quiet" onPress={() => (isChoosing.value = true)}>
          {t("several_choose", number(groups.length))}
        </Button>
      </div>
      <GoneGroups chosen={chosen.ids} gone={gone} onChange={chosen.set} />
      <nav class="tasks" aria-label={t("chosen_actions")}>
        {TASKS.map((each) => (
          <a key={each} href={`#/several/${each}`} aria-current={each === task ? "page" : undefined}>
            {t(`several_task_${each}`)}
          </a>
        ))}
      </nav>
      {task === "invites" ? null : (
        <PeopleInput
          form={{ form: "several", connection: connection.value?.id }}
          label={task === "match" ? t("equal_label") : t("people_label")}
          onPeople={(next, clear_, rejects) => {
            const bad = rejects.filter(({ reason }) => reason !== "duplicate").length;
            input.value = { people: next, clear: clear_, unusable: bad };
          }}
        />
      )}
      {groups.length === 0 ? (
        <Empty icon={MessagesSquare} title={t("message_choose")}>
          {t("several_none")}
        </Empty>
      ) : task === "add" || task === "remove" ? (
        <Change key={task} op={task} groups={groups} people={people} onStarted={clear} />
      ) : task === "match" ? (
        <Match groups={groups} people={people} unusable={unusable} onStarted={clear} />
      ) : task === "table" ? (
        <PeopleTable groups={groups} people={people} />
      ) : (
        <Invites groups={groups} />
      )}
      {isChoosing.value ? (
        <InfoDialog isChoice title={t("message_choose")} onClose={() => (isChoosing.value = false)}>
          <GroupPicker chosen={chosen.ids} onChange={chosen.set} />
        </InfoDialog>
      ) : null}
    </Form>
  );
}
