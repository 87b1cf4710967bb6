import type { Browser } from "webextension-polyfill";
import { PENDING_FLAG, type Job } from "../../shared/model";
import { readOpenJobs } from "../../store/read";
import { readSummary } from "../../store/read-jobs";
import type { Store } from "../../store/schema";
import { countOf, isSamePage, pageLists } from "./page-list";

/** The toolbar button's text: `!` if the agent is needed, else open steps, else the page's invites. */
export interface Badge {
  /** Redraws at most once a second. */
  refresh(): void;
}

/** `sleep` takes ms. */
export interface BadgePorts {
  store: Store;
  browser: Pick<Browser, "action" | "storage">;
  sleep: (duration: number) => Promise<void>;
}

const COLOUR = { calm: "#5b6470", waiting: "#b42318" } as const;

/** Opens the badge. */
export function openBadge({ store, browser, sleep }: BadgePorts): Badge {
  const { action } = browser;
  let isDrawing = false;
  let isStale = false;

  async function draw(): Promise<void> {
    const session = await browser.storage.session.get(null);
    const jobs = await readOpenJobs(store);
    const isWaiting = session[PENDING_FLAG] !== undefined || jobs.some(needsAgent);
    let left = 0;
    if (!isWaiting) for (const job of jobs) left += (await readSummary(store, job.id))?.open ?? 0;
    const all = isWaiting ? "!" : short(left);
    await action.setBadgeBackgroundColor({ color: isWaiting ? COLOUR.waiting : COLOUR.calm });
    await action.setBadgeText({ text: all });
    // A tab's text hides the common one; null removes it.
    await Promise.allSettled(
      pageLists(session).map(async ({ tab, list }) => {
        if (!(await isSamePage(browser, tab))) return;
        await action.setBadgeText({ tabId: tab, text: all === "" ? short(countOf(list)) : null });
      }),
    );
  }

  return {
    refresh() {
      isStale = true;
      if (isDrawing) return;
      isDrawing = true;
      void (async () => {
        while (isStale) {
          isStale = false;
          await draw().catch(() => undefined);
          await sleep(1000);
        }
        isDrawing = false;
      })();
    },
  };
}

/** Paused indefinitely, but not by the agent. */
function needsAgent({ state, pause }: Job): boolean {
  return state === "paused" && pause !== undefined && pause.until === undefined && pause.reason !== "agent";
}

/** At most four characters. */
function short(count: number): string {
  if (count === 0) return "";
  return count < 1000 ? String(count) : `${Math.min(99, Math.floor(count / 1000))}k+`;
}
