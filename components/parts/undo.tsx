import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { plural, t, type PluralKey } from "../../lib/shared/i18n";
import { send } from "../../lib/shared/send";
import type { Job } from "../../lib/shared/model";
import { useShell } from "../models/shell";
import { Button } from "./button";

/** How much a job is about: people, groups, chats or codes. */
export function countOf(job: Job): number {
  const { input } = job;
  if (input.kind === "add" || input.kind === "remove") return input.people.length;
  if (input.kind === "leave") return input.groups.length;
  if (input.kind === "send") return input.chats.length;
  if (input.kind === "join") return input.codes.length;
  return 1;
}

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
          <span class="grow">{plural(`undo_${job.input.kind}` as PluralKey, countOf(job))}</span>
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
