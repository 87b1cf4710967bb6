/**
 * The part of an exported file that an import takes: settings, and connections with their names of people, without their groups,
 * members and history. A full export may be larger than what is sent to the worker at once. Text that is no such file is given back
 * as it is, cut, for the worker to refuse.
 */
export function importable(text: string): string {
  try {
    const file = JSON.parse(text) as { connections?: unknown };
    if (!Array.isArray(file.connections)) return text.slice(0, 1000);
    const connections = file.connections.map((connection: Record<string, unknown> | null) =>
      // Lists are what is large; of these only the names of people are taken.
      Object.fromEntries(
        Object.entries(connection ?? {}).filter(([field, value]) => field === "contacts" || typeof value !== "object"),
      ),
    );
    return JSON.stringify({ ...file, connections, aside: undefined });
  } catch {
    return text.slice(0, 1000);
  }
}
