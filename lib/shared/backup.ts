const IMPORTED = new Set(["contacts", "sets", "labels", "changes"]);
/** Maximum of imported changes, newest first, in UTF-16 units. */
const CHANGES = 2_000_000;

/** Tens of thousands of contacts have only what an import reads of them. */
const nameOf = (contact: { id?: unknown; name?: unknown; isGiven?: unknown } | null) => {
  const { id, name, isGiven } = contact ?? {};
  return { id, name, isGiven };
};

/**
 * Reduces an exported file, often too large for a message, to what an import accepts: settings and connections, without
 * groups, members or history. Cuts other text, for the worker to refuse.
 */
export function importable(text: string): string {
  try {
    const file = JSON.parse(text) as { connections?: unknown };
    if (!Array.isArray(file.connections)) return text.slice(0, 1000);
    let room = CHANGES;
    const fits = (change: unknown) => (room -= JSON.stringify(change).length) > 0;
    const connections = file.connections.map((connection: Record<string, unknown> | null) =>
      Object.fromEntries(
        Object.entries(connection ?? {}).flatMap(([field, value]) => {
          if (!IMPORTED.has(field) && typeof value === "object") return [];
          if (!Array.isArray(value)) return [[field, value]];
          if (field === "contacts") return [[field, value.map(nameOf)]];
          return [[field, field === "changes" ? value.filter(fits) : value]];
        }),
      ),
    );
    return JSON.stringify({ ...file, connections, aside: undefined });
  } catch {
    return text.slice(0, 1000);
  }
}
