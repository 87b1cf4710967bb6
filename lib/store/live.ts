import type { Store, Table } from "./schema";

/** Tells every other context (and this one) that tables changed. The worker calls it after each write. */
export function announce(store: Store, tables: Table[]): void {
  const channel = new BroadcastChannel(store.name);
  channel.postMessage(tables);
  channel.close();
}

/** Calls `changed` whenever one of the tables was written, in any context, until the signal aborts. */
export function watch(store: Store, tables: Table[], changed: () => void, signal: AbortSignal): void {
  if (signal.aborted) return;
  const channel = new BroadcastChannel(store.name);
  channel.addEventListener("message", (event: MessageEvent<Table[]>) => {
    if (event.data.some((table) => tables.includes(table))) changed();
  });
  signal.addEventListener("abort", () => channel.close(), { once: true });
}
