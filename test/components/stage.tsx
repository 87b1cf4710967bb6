import "fake-indexeddb/auto";
import { signal } from "@preact/signals";
import { configure, render } from "@testing-library/preact";
import type { ComponentChild } from "preact";
import { vi } from "vitest";
import { fakeBrowser } from "wxt/testing/fake-browser";
import { openShell, ShellProvider, type Shell } from "../../components/models/shell";
import { openWorker } from "../../lib/background/worker";
import type { CommandName } from "../../lib/shared/commands";
import { ok, type Reply } from "../../lib/shared/failure";
import {
  DEFAULT_SETTINGS,
  type Connection,
  type Group,
  type Job,
  type Roster,
  type Step,
} from "../../lib/shared/model";
import { summaryOf } from "../../lib/shared/summary";
import { openStore } from "../../lib/store/open";
import { toRow, write } from "../../lib/store/write";
import { english, fakeBrowser as workerBrowser, sendFromPage, setGlobals, US } from "../lib/background/fake-browser";

// Chunks that a screen loads when it needs them take their time on a busy machine.
configure({ asyncUtilTimeout: 10_000 });
vi.setConfig({ testTimeout: 30_000 });

export const OWN = "447700900100@s.whatsapp.net";
export const GROUP = "120363000000000103@g.us";

export const connection: Connection = {
  id: "c1",
  name: "Desk",
  origin: "https://api.wappfy.io",
  instance: "inst_abc123",
  dialect: "guide",
  auth: "api-key",
  isSandbox: true,
  keyTail: "",
  ownNumber: OWN,
  createdAt: 1,
};

function useEnglish() {
  Object.assign(globalThis, { browser: { ...fakeBrowser, i18n: english } });
}

/** Sets a screen over the real worker with the sandbox gateway. `stop` ends what watches the store. */
export async function stageWithWorker() {
  setGlobals();
  useEnglish();
  const fake = workerBrowser();
  // The screens read the session, too, and hear of its changes.
  Object.assign(fake.browser.storage, { session: { ...fakeBrowser.storage.session, setAccessLevel: undefined } });
  await fakeBrowser.storage.session.clear();
  const worker = await openWorker(fake.browser, `test-${crypto.randomUUID()}`);
  vi.spyOn(fakeBrowser.runtime, "sendMessage").mockImplementation(((message: unknown) =>
    worker.receive(structuredClone(message), US)) as never);
  const stop = new AbortController();
  const shell = await openShell(worker.store, "popup", stop.signal);
  return {
    worker,
    shell,
    stop,
    fromPage: (command: string, input?: unknown) => sendFromPage(worker, fake, { command, input }),
    show: (child: ComponentChild) => render(<ShellProvider value={shell}>{child}</ShellProvider>),
  };
}

/** Sets a screen on a real store, with the English words, and a worker that answers as `answers` says. */
export async function stage(answers: Partial<Record<CommandName, (input: never) => Reply<unknown>>> = {}) {
  useEnglish();
  const sent: { command: CommandName; input: any }[] = [];
  vi.spyOn(fakeBrowser.runtime, "sendMessage").mockImplementation((async (message: (typeof sent)[number]) => {
    sent.push(message);
    return answers[message.command]?.(message.input as never) ?? ok(undefined);
  }) as never);
  Object.assign(fakeBrowser.permissions, {
    contains: () => Promise.resolve(true),
    request: () => Promise.resolve(true),
    onAdded: { addListener: () => {}, removeListener: () => {} },
    onRemoved: { addListener: () => {}, removeListener: () => {} },
  });
  const store = await openStore(`test-${crypto.randomUUID()}`);
  const openJobs = signal<Job[]>([]);
  const shell: Shell = {
    store,
    door: "popup",
    route: signal({ name: "group", id: GROUP, query: new URLSearchParams() }),
    go: vi.fn(),
    connections: signal([connection]),
    connection: signal(connection),
    settings: signal({ ...DEFAULT_SETTINGS, country: "IN" }),
    isLocked: signal(false),
    openJobs,
    pending: signal(undefined),
    announcement: signal(""),
  };
  return {
    store,
    shell,
    /** Commands that were sent, in order; drafts left out. */
    sent: (command: CommandName) => sent.filter((each) => each.command === command).map(({ input }) => input),
    show: (child: ComponentChild) => render(<ShellProvider value={shell}>{child}</ShellProvider>),
    putGroup: (group: Group, roster?: Roster) =>
      write(store, ["groups", "rosters"], async (tx) => {
        await tx.objectStore("groups").put(toRow(group));
        if (roster) await tx.objectStore("rosters").put(roster);
      }),
    putJob: (job: Job, steps: Step[]) =>
      write(store, ["jobs", "steps", "summaries"], async (tx) => {
        await tx.objectStore("jobs").put({ ...job, nonce: job.id });
        await tx.objectStore("summaries").put(summaryOf(job, steps));
        for (const step of steps) await tx.objectStore("steps").put(step);
      }),
  };
}

export const group = (more: Partial<Group> = {}): Group => ({
  connection: "c1",
  id: GROUP,
  name: "Lobby",
  listedAt: 1,
  ...more,
});

export const job = (more: Partial<Job> & Pick<Job, "input">): Job => ({
  id: "j1",
  connection: "c1",
  state: "done",
  createdAt: 1,
  notBefore: 0,
  undoUntil: 0,
  epoch: 1,
  version: 1,
  endedAt: 2,
  ...more,
});

export const step = (index: number, more: Partial<Step>): Step => ({
  job: "j1",
  index,
  connection: "c1",
  target: GROUP,
  state: "done",
  attempts: 1,
  ...more,
});
