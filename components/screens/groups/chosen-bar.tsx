import { useSignal } from "@preact/signals";
import {
  Bookmark,
  Download,
  Ellipsis,
  Link,
  ListChecks,
  LogOut,
  MessageSquare,
  RefreshCw,
  Table2,
  UserMinus,
  UserPlus,
  X,
  type IconNode,
} from "lucide";
import { number, plural, t } from "../../../lib/shared/i18n";
import type { GroupRow } from "../../../lib/store/schema";
import type { Chosen } from "../../models/chosen";
import { useGone, useGroupRows } from "../../models/group-rows";
import { useReading } from "../../models/reading";
import { useShell } from "../../models/shell";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { EachProgress } from "../../parts/each-progress";
import { exportMembers } from "../../parts/export-members";
import { GoneGroups } from "../../parts/gone-groups";
import { LeaveSeveral } from "./leave";
import { SaveSet } from "../../parts/save-set";
import "./chosen-bar.css";

type Asking = "more" | "leave" | "save" | undefined;

/** Actions for the chosen groups. `shown`: the list's rows. */
export function ChosenBar({ chosen, shown }: { chosen: Chosen; shown: readonly GroupRow[] }) {
  const { store, go } = useShell();
  const read = useGroupRows(chosen.ids);
  const gone = useGone(chosen.ids);
  const rows = read ?? [];
  const asking = useSignal<Asking>(undefined);
  const ids = rows.map(({ id }) => id);
  const names = new Map(rows.map(({ id, name }) => [id, name] as const));
  const reading = useReading("members", ids);
  const more: [IconNode, string, () => unknown][] = [
    [ListChecks, t("chosen_match"), () => go("/several/match")],
    [Table2, t("chosen_table"), () => go("/several/table")],
    [Link, t("chosen_invites"), () => go("/several/invites")],
    [Download, t("chosen_export"), () => exportMembers(store, rows)],
    [RefreshCw, t("chosen_read"), () => void reading.start(ids)],
    [Bookmark, t("chosen_save"), () => (asking.value = "save")],
    [LogOut, plural("job_title_leave", rows.length), () => (asking.value = "leave")],
  ];
  if (!read) return null;
  const left = shown.filter(({ id }) => !chosen.ids.has(id)).length;
  return (
    <section class="chosen-bar" aria-label={t("chosen_actions")}>
      <div class="row">
        <strong class="grow num clip" role="status">
          {plural("picker_chosen", rows.length)}
        </strong>
        {left > 0 ? (
          <Button kind="quiet" onPress={() => chosen.set([...chosen.ids, ...shown.map(({ id }) => id)])}>
            {t("chosen_all", number(shown.length))}
          </Button>
        ) : null}
        <Button icon={X} label={t("chosen_clear")} onPress={() => chosen.set([])} />
      </div>
      <GoneGroups chosen={chosen.ids} gone={gone} onChange={chosen.set} />
      <EachProgress each={reading} label={t("people_reading")} names={names} />
      <div class="row" hidden={rows.length === 0}>
        <Button icon={MessageSquare} onPress={() => go("/message?chosen")}>
          {t("chosen_message")}
        </Button>
        <Button icon={UserPlus} onPress={() => go("/several/add")}>
          {t("several_task_add")}
        </Button>
        <Button icon={UserMinus} onPress={() => go("/several/remove")}>
          {t("several_task_remove")}
        </Button>
        <Button icon={Ellipsis} label={t("chosen_more")} onPress={() => (asking.value = "more")} />
      </div>
      {asking.value === "more" ? (
        <Dialog title={plural("picker_chosen", rows.length)} onClose={() => (asking.value = undefined)}>
          <div class="stack tight">
            {more.map(([icon, label, act]) => (
              <Button
                key={label}
                icon={icon}
                kind="quiet"
                class="choice-button"
                isWide
                onPress={() => {
                  asking.value = undefined;
                  act();
                }}
              >
                {label}
              </Button>
            ))}
          </div>
        </Dialog>
      ) : null}
      {asking.value === "save" ? (
        <SaveSet kind="groups" groups={ids} onClose={() => (asking.value = undefined)} />
      ) : null}
      {asking.value === "leave" ? (
        <LeaveSeveral groups={rows} onClose={() => (asking.value = undefined)} onStarted={() => chosen.set([])} />
      ) : null}
    </section>
  );
}
