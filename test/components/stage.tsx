import "fake-indexeddb/auto";
import { signal } from "@preact/signals";
import { act, configure, render } from "@testing-library/preact";
import type { ComponentChild } from "preact";
import { expect, onTestFinished, vi } from "vitest";
import { fakeBrowser } from "wxt/testing/fake-browser";
import { jobsOf, openShell, ShellProvider, type Shell } from "../../components/models/shell";
import { openWorker } from "../../lib/background/worker";
import { sandboxGateway } from "../../lib/sandbox/gateway";
import { createWorld } from "../../lib/sandbox/seed";
import { WORLD_INSTANCES } from "../../lib/sandbox/world";
import { PAGES } from "../../lib/shared/address";
import type { CommandName, Input } from "../../lib/shared/commands";
import { ok, type Reply } from "../../lib/shared/failure";
import {
  DEFAULT_SETTINGS,
  type Connection,
  type Group,
  type Job,
  type Roster,
  type Step,
} from "../../lib/shared/model";
import { send } from "../../lib/shared/send";
import { summaryOf } from "../../lib/shared/summary";
import { makeStore } from "../../lib/store/migrate";
import { putRoster, ROSTER, toRow, write } from "../../lib/store/write";
import { english, fakeBrowser as workerBrowser, sendFromPage, setGlobals, US } from "../lib/background/fake-browser";

// Chunks that a screen loads when it needs them take their time on a busy machine.
configure({ asyncUtilTimeout: 25_000 });
vi.setConfig({ testTimeout: 60_000 });

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
  // Whoever keeps it (the wrapper is loaded once for all files) sees what a later test changes.
  Object.assign(globalThis, { browser: Object.create(fakeBrowser, { i18n: { value: english } }) });
}

/** Lets our pages ask the browser for access; `granted` are the patterns that it has granted. */
function usePermissions(granted: Set<string>) {
  const event = { addListener: () => {}, removeListener: () => {} };
  Object.assign(fakeBrowser.permissions, {
    contains: async ({ origins }: { origins: string[] }) => origins.every((origin) => granted.has(origin)),
    request: async ({ origins }: { origins: string[] }) => {
      for (const origin of origins) granted.add(origin);
      return true;
    },
    onAdded: event,
    onRemoved: event,
  });
}

/** Sets a screen over the real worker. `stop` ends what watches the store; the end of the test does, too. */
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
  usePermissions(fake.granted);
  // What it draws on, and happy-dom lacks.
  Object.assign(globalThis, { requestIdleCallback: (work: () => void) => setTimeout(work) });
  globalThis.matchMedia ??= () => Object.assign(new EventTarget(), { matches: false }) as MediaQueryList;
  location.hash = "";
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const shell = await openShell(worker.store, "popup", stop.signal);
  return {
    worker,
    shell,
    stop,
    /** What the browser knows: the patterns that it grants are `granted`. */
    fake,
    fromPage: (command: string, input?: unknown) => sendFromPage(worker, fake, { command, input }),
    show: (child: ComponentChild) => render(<ShellProvider value={shell}>{child}</ShellProvider>),
  };
}

/** The same with the sample groups, read once. */
export async function stageWithGroups() {
  const on = await stageWithWorker();
  await send("addSandbox");
  await send("refreshGroups");
  await vi.waitFor(() => expect(on.shell.connection.value?.isSandbox).toBe(true), 25_000);
  return on;
}

/** The host of Wappfy's gateway, as the browser asks for it. */
export const GATEWAY_HOST = "https://api.wappfy.io/*";

/** Answers the worker's requests to that host as the gateway would: over HTTP's own types, with one key that it takes. */
export function answerRequests(key: string, world = createWorld()) {
  const gateway = sandboxGateway({ world, now: () => Date.now(), key, strictAuth: true });
  const requests: string[] = [];
  vi.stubGlobal("fetch", (request: Request) => {
    requests.push(`${request.method} ${new URL(request.url).pathname}`);
    return gateway.fetch(request);
  });
  onTestFinished(() => void vi.unstubAllGlobals());
  return { world, requests };
}

/** Connects the account "Desk" to that gateway. */
export const addDesk = (key: string, more: Partial<Input<"addConnection">> = {}) =>
  send("addConnection", {
    name: "Desk",
    origin: "https://api.wappfy.io",
    instance: WORLD_INSTANCES.main,
    dialect: "guide",
    auth: "api-key",
    key,
    protection: "session",
    ownNumber: OWN,
    ...more,
  });

/** Waits for the one file that `press` has the browser save, and returns its name and text. */
export async function savedBy(press: () => void): Promise<{ name: string; text: string }> {
  const files: Blob[] = [];
  const names: string[] = [];
  vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => `blob:${files.push(blob as Blob)}`);
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    names.push(this.download);
  });
  press();
  await vi.waitFor(() => expect(names).toHaveLength(1), { timeout: 25_000 });
  return { name: names[0] ?? "", text: await (files[0] as Blob).text() };
}

/** Sets a screen on a real store, with the English words, and a worker that answers as `answers` says. */
export async function stage(answers: Partial<Record<CommandName, (input: never) => Reply<unknown>>> = {}) {
  useEnglish();
  const sent: { command: CommandName; input: any }[] = [];
  vi.spyOn(fakeBrowser.runtime, "sendMessage").mockImplementation((async (message: (typeof sent)[number]) => {
    sent.push(message);
    return answers[message.command]?.(message.input as never) ?? ok(undefined);
  }) as never);
  usePermissions(new Set([PAGES, GATEWAY_HOST]));
  const store = await makeStore(`test-${crypto.randomUUID()}`);
  const jobs = signal<Job[]>([]);
  const current = signal<Connection | undefined>(connection);
  const shell: Shell = {
    store,
    door: "popup",
    route: signal({ name: "group", id: GROUP, query: new URLSearchParams() }),
    go: vi.fn(),
    connections: signal([connection]),
    connection: current,
    settings: signal({ ...DEFAULT_SETTINGS, protection: "passphrase", country: "IN" }),
    isLocked: signal(false),
    openJobs: jobsOf(jobs, current),
    pending: signal(undefined),
    announcement: signal(""),
    unsaved: new Map(),
    shown: signal([]),
  };
  return {
    store,
    shell,
    /** Opens these jobs, of any account. */
    openJobs: (...open: Job[]) => act(() => void (jobs.value = open)),
    /** Commands that were sent, in order; drafts left out. */
    sent: (command: CommandName) => sent.filter((each) => each.command === command).map(({ input }) => input),
    show: (child: ComponentChild) => render(<ShellProvider value={shell}>{child}</ShellProvider>),
    putGroup: (group: Group, roster?: Roster) =>
      write(store, ["groups", ...ROSTER], async (tx) => {
        await tx.objectStore("groups").put(toRow(group));
        if (roster) await putRoster(tx, roster);
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
