import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { plural, t, type PluralKey } from "../../lib/shared/i18n";
import { send } from "../../lib/shared/send";
import { countOf } from "../../lib/shared/summary";
import { useShell } from "../models/shell";
import { Button } from "./button";

/** Removals, leaves and messages that still wait, each with its Undo, in every open view at once. */
export function UndoBar() {
  const { openJobs } = useShell();
  const now = useSignal(Date.now());
  const waiting = openJobs.value.filter((job) => job.state === "waiting" && job.undoUntil > now.value);
  useEffect(() => {
    if (openJobs.value.every((job) => job.undoUntil <= Date.now())) return undefined;
    now.value = Date.now();
    const timer = setInterval(() => (now.value = Date.now()), 250);
    return () => clearInterval(timer);
  }, [openJobs.value]);
  if (waiting.length === 0) return null;
  return (
    <div class="undo-bar" role="status">
      {waiting.map((job) => (
        <div class="undo" key={job.id}>
          <span class="grow">{plural(`undo_${job.input.kind}` as PluralKey, countOf(job.input))}</span>
          <span class="num" aria-hidden="true">
            {Math.max(0, Math.ceil((job.undoUntil - now.value) / 1000))}
          </span>
          <Button kind="quiet" onPress={() => send("cancelJob", { id: job.id })}>
            {t("action_undo")}
          </Button>
        </div>
      ))}
    </div>
  );
}
