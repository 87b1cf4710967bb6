import { send } from "../../lib/shared/send";
import { readNotes } from "../../lib/store/read";
import { useCommand } from "./command";
import type { Each } from "./each";
import { useLive } from "./live";
import { useShell } from "./shell";

/**
 * Reading the members of these groups. The worker does it: it goes on when this view is closed, and a view that is opened
 * later shows how far it is.
 */
export function useMembersReading(groups: readonly string[]): Each {
  const { connection } = useShell();
  const id = connection.value?.id ?? "";
  const notes = useLive(["gateways"], async (store) => (await readNotes(store, id)).members, [id]);
  const { failure, run } = useCommand();
  const here = new Set(groups);
  const reading = notes.value?.groups?.some((group) => here.has(group)) ? notes.value : undefined;
  const isOpen = reading !== undefined && reading.endedAt === undefined && !reading.isPaused;
  const isOn = isOpen && reading.failure === undefined;
  const failed = Object.entries(reading?.failed ?? {}).filter(([group]) => here.has(group));
  return {
    progress: {
      value: isOn ? { done: reading.done, total: Math.max(1, reading.total), waitsUntil: reading.goesOnAt } : undefined,
    },
    failures: { value: new Map(failed.map(([group, code]) => [group, { code }])) },
    failure: { value: failure.value ?? (isOpen && reading.failure ? { code: reading.failure } : undefined) },
    start: async (wanted) => void (await run(() => send("readMembers", { groups: [...wanted] }))),
    stop: () => void run(() => send("stopReadingMembers", { as: "ended" })),
  };
}
