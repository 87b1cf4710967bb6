import type { DraftKey } from "../../lib/shared/draft";
import { send } from "../../lib/shared/send";
import { readDraft } from "../../lib/store/read";
import type { Store } from "../../lib/store/schema";

/** What the worker has yet to store, by key. */
const underWay = new WeakMap<Store, Map<string, { value: string | null }>>();

/** Stores a draft; null deletes it. Retries if the worker died, unless a newer value came. */
export async function saveDraft(store: Store, key: DraftKey, value: string | null): Promise<void> {
  const id = key.join("\n");
  const mine = { value };
  const waiting = underWay.get(store) ?? new Map<string, typeof mine>();
  underWay.set(store, waiting.set(id, mine));
  for (const wait of [200, 800, 2000]) {
    const reply = await send("saveDraft", { key, value });
    if (reply.ok || reply.failure.code !== "no-answer") break;
    await new Promise((resolve) => setTimeout(resolve, wait));
    if (waiting.get(id) !== mine) return;
  }
  if (waiting.get(id) === mine) waiting.delete(id);
}

/** Returns a draft as this page last left it, stored or not yet: the next screen must not read an older one. */
export async function latestDraft(store: Store, key: DraftKey): Promise<string | undefined> {
  const late = underWay.get(store)?.get(key.join("\n"));
  return late ? (late.value ?? undefined) : readDraft(store, key);
}
