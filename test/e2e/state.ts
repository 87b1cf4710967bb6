import type { PageErrors } from "./page-errors";

/**
 * What the extension is doing, for the message of a test that failed: jobs that have not ended with their steps, alarms,
 * locks, views. `readState` runs in a page of ours in either browser, and uses nothing from outside of itself.
 */

interface Extension {
  alarms: { getAll(): Promise<{ name: string; scheduledTime: number }[]> };
  runtime: { getContexts(filter: object): Promise<{ contextType: string; documentUrl?: string }[]> };
}

interface Row {
  id?: string;
  job?: string;
  endedAt?: number;
  state?: string;
  verdict?: string;
  reason?: string;
  readings?: unknown;
  input?: { kind?: string };
}

async function readState(): Promise<string> {
  const { browser, chrome } = globalThis as unknown as { browser?: Extension; chrome: Extension };
  const extension = browser ?? chrome;
  const settled = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.addEventListener("success", () => resolve(request.result));
      request.addEventListener("error", () => reject(request.error!));
    });
  const said = (ask: () => Promise<unknown>) => ask().catch((error: unknown) => `cannot be read: ${String(error)}`);
  const now = Date.now();
  const jobs = async () => {
    if (!(await indexedDB.databases()).some(({ name }) => name === "wappfy")) return [];
    const db = await settled(indexedDB.open("wappfy"));
    const read = (table: string) => settled(db.transaction(table).objectStore(table).getAll()) as Promise<Row[]>;
    const [all, steps] = [await read("jobs"), await read("steps")];
    db.close();
    return all
      .filter(({ endedAt }) => endedAt === undefined)
      .map((job) => ({
        ...job,
        // They may be long, and say little.
        input: job.input?.kind,
        readings: undefined,
        steps: steps
          .filter((step) => step.job === job.id)
          .map(({ state, verdict, reason }) => [state, verdict, reason].filter(Boolean).join(" ")),
      }));
  };
  return JSON.stringify({
    now,
    jobs: await said(jobs),
    alarms: await said(async () =>
      (await extension.alarms.getAll()).map((alarm) => `${alarm.name} in ${alarm.scheduledTime - now} ms`),
    ),
    locks: await said(async () => {
      const { held, pending } = await navigator.locks.query();
      const names = (locks?: LockInfo[]) => locks?.map((lock) => lock.name);
      return { held: names(held), pending: names(pending) };
    }),
    views: await said(async () =>
      (await extension.runtime.getContexts({})).map((view) => `${view.contextType} ${view.documentUrl ?? ""}`),
    ),
  });
}

/** The expression that gives the state as JSON, in a page of ours. */
export const STATE = `(${String(readState)})()`;

/** The browsers that run now: for the message of a failed test, and for what its web pages had to complain of. */
export const browsers = new Set<{ state(): Promise<string>; pageErrors: PageErrors }>();
