import { send } from "../../lib/shared/send";
import { readNotes } from "../../lib/store/read";
import { useCommand } from "./command";
import type { Each } from "./each";
import { useLive } from "./live";
import { useShell } from "./shell";

/** Reads members or invite codes in the worker, which outlives this view. */
export function useReading(what: "members" | "invites", groups: readonly string[]): Each {
  const { connection } = useShell();
  const id = connection.value?.id ?? "";
  const notes = useLive(["gateways"], async (store) => (await readNotes(store, id))[what], [id, what]);
  const { failure, run } = useCommand();
  const here = new Set(groups);
  const reading = notes.value?.groups?.some((group) => here.has(group)) ? notes.value : undefined;
  const isOpen = reading !== undefined && reading.endedAt === undefined && !reading.isPaused;
  const isOn = isOpen && reading.failure === undefined;
  const failed = Object.entries(reading?.failed ?? {}).filter(([group]) => here.has(group));
  return {
    progress: {
      value: isOn
        ? { done: reading.done, total: Math.max(1, reading.total), waitsUntil: reading.goesOnAt, wait: reading.wait }
        : undefined,
    },
    failures: { value: new Map(failed.map(([group, code]) => [group, { code }])) },
    failure: { value: failure.value ?? (isOpen && reading.failure ? { code: reading.failure } : undefined) },
    start: async (wanted) =>
      void (await run(() => send(what === "members" ? "readMembers" : "readInvites", { groups: [...wanted] }))),
    stop: () => void run(() => send("stopReading", { what, as: "ended" })),
  };
}
