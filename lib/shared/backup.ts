/** Lists of a connection that an import takes. */
const TAKEN = new Set(["contacts", "sets", "labels"]);

/**
 * The part of an exported file that an import takes: settings, and connections with what the agent kept under names (people, sets, labels),
 * without their groups, members and history. A full export may be larger than what is sent to the worker at once. Text that is no such file is given back
 * as it is, cut, for the worker to refuse.
 */
export function importable(text: string): string {
  try {
    const file = JSON.parse(text) as { connections?: unknown };
    if (!Array.isArray(file.connections)) return text.slice(0, 1000);
    const connections = file.connections.map((connection: Record<string, unknown> | null) =>
      // Lists are what is large.
      Object.fromEntries(
        Object.entries(connection ?? {}).filter(([field, value]) => TAKEN.has(field) || typeof value !== "object"),
      ),
    );
    return JSON.stringify({ ...file, connections, aside: undefined });
  } catch {
    return text.slice(0, 1000);
  }
}
