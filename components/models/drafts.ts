import type { DraftKey } from "../../lib/shared/draft";
import { send } from "../../lib/shared/send";
import { readDraft } from "../../lib/store/read";
import type { Shell } from "./shell";

/** Stores a draft; null deletes it. Retries if the worker died, unless a newer value came. */
export async function saveDraft({ unsaved }: Shell, key: DraftKey, value: string | null): Promise<void> {
  const id = key.join("\n");
  const mine = { value };
  unsaved.set(id, mine);
  for (const wait of [200, 800, 2000]) {
    const reply = await send("saveDraft", { key, value });
    if (reply.ok || reply.failure.code !== "no-answer") break;
    await new Promise((resolve) => setTimeout(resolve, wait));
    if (unsaved.get(id) !== mine) return;
  }
  if (unsaved.get(id) === mine) unsaved.delete(id);
}

/** Returns a draft as this page last left it, stored or not yet: the next screen must not read an older one. */
export async function latestDraft({ store, unsaved }: Shell, key: DraftKey): Promise<string | undefined> {
  const late = unsaved.get(key.join("\n"));
  return late ? (late.value ?? undefined) : readDraft(store, key);
}
