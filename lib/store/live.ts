import type { Store, Table } from "./schema";

/** Tells every context, including this one, that tables changed. */
export function announce(store: Store, tables: Table[]): void {
  const channel = new BroadcastChannel(store.name);
  channel.postMessage(tables);
  channel.close();
}

/** Calls `changed` after each write to these tables, in any context. */
export function watch(store: Store, tables: Table[], changed: () => void, signal: AbortSignal): void {
  if (signal.aborted) return;
  const channel = new BroadcastChannel(store.name);
  channel.addEventListener("message", (event: MessageEvent<Table[]>) => {
    if (event.data.some((table) => tables.includes(table))) changed();
  });
  signal.addEventListener("abort", () => channel.close(), { once: true });
}
