import { FORMS } from "../shared/draft";
import { fail, ok, type Reply } from "../shared/failure";
import type { Connection, Settings } from "../shared/model";
import type { Store } from "../store/schema";
import { write, writeOf } from "../store/write";
import type { Connections } from "./account/connections";
import { eraseChanges } from "./groups/erase-changes";
import { wakeReaders, type Groups } from "./groups/groups";
import { exportData, importData } from "./account/backup";
import type { Invites } from "./page/invites";
import type { Jobs } from "./jobs/jobs";
import { isChoiceAllowed, isProtectionAllowed } from "./account/policy";
import { rulesOf } from "../store/read-account";
import type { Handlers } from "./router";
import { eraseContacts, learnNames, readContactNames, saveContact } from "./account/contacts";
import { forgetSet, labelGroup, saveSet } from "./account/sets";
import type { Vault } from "./account/vault";

/** What the handlers need. */
export interface HandlerPorts {
  store: Store;
  vault: Vault;
  connections: Connections;
  groups: Groups;
  invites: Invites;
  jobs: Jobs;
  now: () => number;
  id: () => string;
  settingsChanged: (changed: Partial<Settings>) => Promise<void>;
}

/** Creates a handler for every command. */
export function createHandlers(ports: HandlerPorts): Handlers {
  return {
    ...inviteHandlers(ports),
    ...accountHandlers(ports),
    ...groupHandlers(ports),
    ...jobHandlers(ports),
    ...ownHandlers(ports),
  };
}

function inviteHandlers(
  ports: HandlerPorts,
): Pick<
  Handlers,
  | "reportInvites"
  | "askToJoin"
  | "findOnPage"
  | "pageView"
  | "pendingInvite"
  | "showInvite"
  | "confirmInvite"
  | "dismissInvite"
  | "pauseSite"
> {
  const { invites } = ports;
  return {
    reportInvites: async ({ sources }, page) => ok(await invites.report(page, sources)),
    askToJoin: async ({ code }, page) => ok(await invites.askFromPage(page, code)),

    findOnPage: () => invites.find(),
    pageView: async () => ok(await invites.view()),
    pendingInvite: async () => ok(await invites.pending()),
    showInvite: async ({ code, origin, isListed }) => {
      await invites.ask(code, origin, isListed === true);
      return ok(undefined);
    },
    confirmInvite: (input) => invites.confirm(input.id, input.connection),
    dismissInvite: async (input) => {
      await invites.dismiss(input.id);
      return ok(undefined);
    },
    pauseSite: ({ origin, isPaused }) => invites.pauseSite(origin, isPaused),
  };
}

function accountHandlers(
  ports: HandlerPorts,
): Pick<
  Handlers,
  | "probeConnection"
  | "addConnection"
  | "addSandbox"
  | "useConnection"
  | "editConnection"
  | "replaceKey"
  | "forgetConnection"
  | "forgetEverything"
  | "unlock"
  | "lock"
  | "setProtection"
> {
  const { store, vault, connections } = ports;
  return {
    probeConnection: (input) => connections.probe(input),
    addConnection: async (input) => afterVault(ports, await connections.add(input)),
    addSandbox: () => connections.addSandbox(),
    useConnection: (input) => connections.use(input.id),
    editConnection: (input) => connections.edit(input),
    replaceKey: async (input) => afterVault(ports, await connections.replaceKey(input)),
    forgetConnection: (input) => connections.forget(input.id),
    forgetEverything: () => connections.forgetAll(),

    unlock: async ({ passphrase }) => afterVault(ports, await vault.unlock(passphrase)),
    lock: async () => {
      await vault.lock();
      return afterVault(ports, ok(undefined));
    },
    setProtection: async ({ protection, passphrase }) => {
      const rules = await rulesOf(store);
      if (!isProtectionAllowed(rules, protection)) return fail("company-rule");
      return afterVault(ports, await vault.setProtection(protection, passphrase));
    },
  };
}

function groupHandlers(
  ports: HandlerPorts,
): Pick<
  Handlers,
  | "refreshGroups"
  | "refreshGroup"
  | "readMembers"
  | "readInvites"
  | "stopReading"
  | "readInvite"
  | "checkPerson"
  | "markUsed"
  | "pinGroup"
> {
  const { groups } = ports;
  return {
    refreshGroups: (how) => inUse(ports, (connection) => groups.refresh(connection, how)),
    refreshGroup: ({ group }) => inUse(ports, (connection) => groups.refreshOne(connection, group)),
    readMembers: ({ groups: chosen }) => inUse(ports, (connection) => groups.readers.members.start(connection, chosen)),
    readInvites: ({ groups: chosen }) => inUse(ports, (one) => groups.readers.invites.start(one, chosen)),
    stopReading: ({ what, as }) => inUse(ports, (connection) => groups.readers[what].stop(connection, as)),
    readInvite: ({ group }) => inUse(ports, (connection) => groups.readInvite(connection, group)),
    checkPerson: ({ person }) => inUse(ports, (connection) => groups.checkPerson(connection, person)),
    markUsed: ({ group }) => inUse(ports, (connection) => groups.markUsed(connection, group)),
    pinGroup: ({ group, isPinned }) => inUse(ports, (connection) => groups.pin(connection, group, isPinned)),
  };
}

function jobHandlers(
  ports: HandlerPorts,
): Pick<
  Handlers,
  | "planMembership"
  | "startJob"
  | "pauseJob"
  | "resumeJob"
  | "cancelJob"
  | "retryFailed"
  | "resolveSteps"
  | "inviteInstead"
  | "eraseHistory"
> {
  const { jobs, store, now } = ports;
  return {
    planMembership: ({ connection, ...wish }) => inUse(ports, ({ id }) => jobs.plan(id, wish), connection),
    startJob: ({ connection, job, nonce }) => {
      const start = async ({ id }: Connection) => {
        const started = await jobs.start(id, job, nonce);
        // Names are optional; the job was started.
        if (started.ok && "people" in job) await learnNames(store, id, job.people, now()).catch(() => undefined);
        return started;
      };
      return inUse(ports, start, connection);
    },
    pauseJob: (input) => jobs.pause(input.id),
    resumeJob: (input) => jobs.resume(input.id),
    cancelJob: (input) => jobs.cancel(input.id),
    retryFailed: (input) => jobs.retryFailed(input.id),
    resolveSteps: ({ job, indexes, as, group }) => jobs.resolveSteps(job, indexes, as, group),
    inviteInstead: ({ job, template, indexes }) => jobs.inviteInstead(job, template, indexes),
    eraseHistory: async ({ before }) => {
      await eraseChanges(store, before);
      return jobs.eraseHistory(before);
    },
  };
}

function ownHandlers(
  ports: HandlerPorts,
): Pick<
  Handlers,
  | "saveDraft"
  | "saveSet"
  | "forgetSet"
  | "labelGroup"
  | "saveContact"
  | "readContacts"
  | "eraseContacts"
  | "saveSettings"
  | "exportData"
  | "importData"
> {
  const { store, connections, now, id } = ports;
  return {
    saveSet: (set) => inUse(ports, (connection) => saveSet(store, connection.id, set, now())),
    forgetSet: (set) => inUse(ports, (connection) => forgetSet(store, connection.id, set)),
    labelGroup: (labels) => inUse(ports, (connection) => labelGroup(store, connection.id, labels)),
    saveDraft: async ({ key, value }) => {
      const [connection, form, , field] = key;
      if (!(FORMS[form] as readonly string[]).includes(field)) return fail("bad-input");
      if (value === null) {
        await write(store, ["drafts"], (tx) => tx.objectStore("drafts").delete(key));
        return ok(undefined);
      }
      // An open view must not restore a forgotten connection's drafts.
      if (connection !== "")
        return writeOf(store, connection, ["drafts"], async (tx) => {
          await tx.objectStore("drafts").put(value, key);
        });
      await write(store, ["drafts"], (tx) => tx.objectStore("drafts").put(value, key));
      return ok(undefined);
    },
    saveContact: (given) => inUse(ports, (connection) => saveContact(store, connection.id, given, now())),
    readContacts: () => inUse(ports, (one) => readContactNames(store, one, connections.gatewayOf(one), now())),
    eraseContacts: () => inUse(ports, (connection) => eraseContacts(store, connection.id)),
    saveSettings: async (input) => {
      // Under five minutes would lock while the agent reads.
      if (input.lockAfter !== undefined && input.lockAfter > 0 && input.lockAfter < 5) return fail("bad-input");
      const { country: _, guide: __, news: ___, ...changed } = input;
      const rules = await rulesOf(store);
      if (!isChoiceAllowed(rules, changed)) return fail("company-rule");
      await saveSettings(ports, input);
      await ports.settingsChanged(changed);
      return ok(undefined);
    },
    exportData: async ({ withPeople }) => ok({ json: await exportData(store, withPeople, now()) }),
    importData: async ({ json }) => {
      const imported = await importData(store, json, { now: now(), id });
      if (imported.ok) await ports.settingsChanged({ isPageOn: true });
      return imported;
    },
  };
}

async function inUse<T>(
  { connections }: HandlerPorts,
  work: (connection: Connection) => Promise<Reply<T>>,
  wanted?: string,
): Promise<Reply<T>> {
  const current = await connections.current(wanted);
  return current.ok ? work(current.value) : current;
}

/** Resumes work, or records what it waits for, after the vault opened or closed. */
async function afterVault<T>({ connections, groups, jobs }: HandlerPorts, reply: Reply<T>): Promise<Reply<T>> {
  if (!reply.ok) return reply;
  await connections.checkTrouble();
  void wakeReaders(groups).catch(() => undefined);
  void jobs.wake();
  return reply;
}

async function saveSettings(
  { store }: HandlerPorts,
  change: Partial<{ [Key in keyof Settings]: Settings[Key] | null }>,
): Promise<void> {
  await write(store, ["settings"], async (tx) => {
    const before = await tx.objectStore("settings").get("settings");
    // null restores the default.
    const given = Object.entries({ ...before, ...change }).filter(([, value]) => value !== null && value !== undefined);
    await tx.objectStore("settings").put(Object.fromEntries(given) as Partial<Settings>, "settings");
  });
}
