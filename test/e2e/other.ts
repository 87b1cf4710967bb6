import type { Page } from "playwright-core";
import { WORLD_CODES, WORLD_GROUPS } from "../../lib/sandbox/world";
import { draftKey } from "../../lib/shared/draft";
import { commandValue } from "./app";
import type { Chromium } from "./chromium";

/** Another extension in the same browser, which opens our screens, and what may stand on them. */

interface OtherGlobal {
  chrome: { tabs: { create(tab: { url: string }): Promise<unknown>; update(tab: { url: string }): Promise<unknown> } };
}

/** Folder of the other extension, for `Chromium.launch`. */
export const OTHER = "test/e2e/other";

/** The other extension opens an address in a new tab, or in the one in front. Returns the page of a new tab. */
export async function openByOther(chromium: Chromium, url: string): Promise<Page>;
export async function openByOther(chromium: Chromium, url: string, way: "update"): Promise<undefined>;
export async function openByOther(
  chromium: Chromium,
  url: string,
  way: "create" | "update" = "create",
): Promise<Page | undefined> {
  const before = new Set(chromium.context.pages());
  const find = () => chromium.context.pages().find((page) => !before.has(page));
  const worker = chromium.context.serviceWorkers().find((worker) => !worker.url().includes(chromium.id))!;
  await worker.evaluate(([url, way]) => (globalThis as unknown as OtherGlobal).chrome.tabs[way]({ url }), [
    url,
    way,
  ] as const);
  if (way === "update") return undefined;
  await chromium.waitUntil(() => find() !== undefined, "the new tab");
  return find();
}

/** Saves what the agent typed into every form before and did not send; `page` is one of ours. */
export async function leaveDrafts(page: Page, connection: string): Promise<void> {
  const of = { connection, subject: WORLD_GROUPS.alpha };
  for (const [key, value] of [
    [draftKey({ form: "join", connection }, "text"), `https://chat.whatsapp.com/${WORLD_CODES.market}`],
    [draftKey({ form: "create", connection }, "name"), "Night shift"],
    [draftKey({ form: "create", connection }, "people"), "+44 7700 900111"],
    [draftKey({ form: "message", connection }, "text"), "See you there"],
    [draftKey({ form: "message", connection }, "groups"), `${WORLD_GROUPS.alpha} ${WORLD_GROUPS.sample}`],
    [draftKey({ form: "group-message", ...of }, "text"), "Hello"],
    [draftKey({ form: "add", ...of }, "people"), "+44 7700 900112"],
  ] as const)
    await commandValue(page, "saveDraft", { key, value });
}
