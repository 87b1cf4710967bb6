/** Lists of a connection that an import takes. */
const TAKEN = new Set(["contacts", "sets", "labels", "changes"]);
/** So many letters of what changed are taken in all, the newest first: it alone has no end. */
const CHANGES = 2_000_000;

/**
 * The part of an exported file that an import takes: settings, and connections with what the agent kept under names (people, sets, labels, changes of members),
 * without their groups, members and history. A full export may be larger than what is sent to the worker at once. Text that is no such file is given back
 * as it is, cut, for the worker to refuse.
 */
export function importable(text: string): string {
  try {
    const file = JSON.parse(text) as { connections?: unknown };
    if (!Array.isArray(file.connections)) return text.slice(0, 1000);
    let room = CHANGES;
    const fits = (change: unknown) => (room -= JSON.stringify(change).length) > 0;
    const connections = file.connections.map((connection: Record<string, unknown> | null) =>
      // Lists are what is large.
      Object.fromEntries(
        Object.entries(connection ?? {}).flatMap(([field, value]) => {
          if (!TAKEN.has(field) && typeof value === "object") return [];
          return [[field, field === "changes" && Array.isArray(value) ? value.filter(fits) : value]];
        }),
      ),
    );
    return JSON.stringify({ ...file, connections, aside: undefined });
  } catch {
    return text.slice(0, 1000);
  }
}
