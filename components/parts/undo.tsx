import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { send } from "../../lib/shared/send";
import { useShell } from "../models/shell";
import { lazyPart } from "./lazy";

const UndoLine = lazyPart(() => import("./undo-line").then((part) => part.UndoLine));

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
  const newest = waiting.toSorted((a, b) => b.createdAt - a.createdAt)[0]?.id;
  useEffect(() => {
    if (newest === undefined) return undefined;
    const stop = new AbortController();
    const press = (event: KeyboardEvent) => {
      const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z";
      // In a field the keys undo what was typed there.
      if (!isUndo || event.defaultPrevented || isTyping(event.target)) return;
      event.preventDefault();
      void send("cancelJob", { id: newest });
    };
    addEventListener("keydown", press, { signal: stop.signal });
    return () => stop.abort();
  }, [newest]);
  // Always there, because screen readers announce only what comes into a region that they know.
  return (
    <div class="undo-bar" role="status">
      {waiting.map((job) => (
        <UndoLine key={job.id} job={job} left={job.undoUntil - now.value} />
      ))}
    </div>
  );
}

/** Whether the keys go into a text. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input:not([type=checkbox], [type=radio]), textarea") !== null;
}
