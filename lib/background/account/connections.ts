import { OWN_NUMBER, WORLD_INSTANCES } from "../../sandbox/world";
import { hostPattern, readAddress } from "../../shared/address";
import type { Input } from "../../shared/commands";
import { fail, ok, type Failure, type Reply } from "../../shared/failure";
import type { Connection, FailureCode, Instance, Job } from "../../shared/model";
import { readConnections, readCurrent, readSettings, rulesOf } from "../../store/read";
import type { Store, Table } from "../../store/schema";
import { write } from "../../store/write";
import type { Gateway } from "../gateway/gateway";
import { type Answer, failed } from "../gateway/answer";
import { deleteRecord, RECORD } from "../jobs/record";
import { isConnectionAllowed, isProtectionAllowed } from "./policy";
import { Secret } from "../gateway/secret";
import type { Vault } from "./vault";

/** Gateway addresses with their keys: adding, changing, forgetting them, and calling through them. */

export interface ConnectionPorts {
  store: Store;
  vault: Vault;
  now: () => number;
  id: () => string;
  /** `permissions` of the browser. */
  permissions: {
    contains(wanted: { origins: string[] }): Promise<boolean>;
    remove(given: { origins: string[] }): Promise<boolean>;
  };
  /** The gateway behind a connection, or its sandbox. Key and host permission are asked for each call. */
  open: (connection: Connection, key: () => Promise<Reply<Secret>>) => Gateway;
  /** Empties `storage.session`. */
  clearSession: () => Promise<void>;
  /** Ends what is not sent yet of a connection's jobs, before its data goes. */
  cancelJobs: (connection: string) => Promise<void>;
}

export interface Connections {
  /** The one in use: `no-connection`. */
  current(): Promise<Reply<Connection>>;
  /** Its gateway; calls through it note what is wrong with the connection as a whole, or that it works again. */
  gatewayOf(connection: Connection): Gateway;
  /** The same for work in the background: `no-connection`, `company-rule`, `locked`, `no-key`, `no-permission`. */
  reach(id: string): Promise<Reply<Gateway>>;
  probe(input: Input<"probeConnection">): Promise<Reply<{ instances: Instance[] | null }>>;
  add(input: Input<"addConnection">): Promise<Reply<Connection>>;
  addSandbox(): Promise<Reply<Connection>>;
  use(id: string): Promise<Reply<void>>;
  edit(input: Input<"editConnection">): Promise<Reply<void>>;
  /** A new address or instance needs the new key and drops what was stored of the old one (rule R6). */
  replaceKey(input: Input<"replaceKey">): Promise<Reply<void>>;
  forget(id: string): Promise<Reply<void>>;
  /** Back to a new installation: every table, everything of this browser session, every granted address. */
  forgetAll(): Promise<Reply<void>>;
  /** Looks again at what stands in each connection's way: a locked vault, a missing key, a revoked permission. */
  checkTrouble(): Promise<void>;
}

/** What keeps us from calling at all; known without a call. */
const OUR_TROUBLES = new Set<FailureCode>(["locked", "no-key", "no-permission", "company-rule"]);
/** Failures that concern every call of a connection, kept with it until a call succeeds. */
const TROUBLES = new Set<FailureCode>([...OUR_TROUBLES, "key-refused", "instance-gone", "instance-off"]);

/** Tables whose rows belong to one connection, apart from jobs and steps. */
const OWNED = [
  "groups",
  "rosters",
  "invites",
  "budgets",
  "gateways",
  "tallies",
  "drafts",
  "sandbox",
] as const satisfies Table[];

/** All connections over their ports. */
export function openConnections(ports: ConnectionPorts): Connections {
  const { store, vault, now, permissions } = ports;

  const isAllowed = ({ origin, isSandbox }: Pick<Connection, "origin" | "isSandbox">): Promise<boolean> =>
    isSandbox ? Promise.resolve(true) : permissions.contains({ origins: [hostPattern(origin)] });

  async function change(id: string, how: (connection: Connection) => Connection): Promise<boolean> {
    return write(store, ["connections"], async (tx) => {
      const connection = await tx.objectStore("connections").get(id);
      if (connection) await tx.objectStore("connections").put(how(connection));
      return connection !== undefined;
    });
  }

  async function setTrouble(id: string, trouble: FailureCode | undefined): Promise<void> {
    const connection = await store.db.get("connections", id);
    if (!connection || connection.trouble === trouble) return;
    await change(id, (connection) => {
      const { trouble: _, ...rest } = connection;
      return trouble ? { ...rest, trouble } : rest;
    });
  }

  const noteOutcome = async (id: string, failure: Failure | undefined): Promise<void> => {
    if (failure) {
      if (TROUBLES.has(failure.code)) await setTrouble(id, failure.code);
      return;
    }
    // A call that was under way when the vault was locked says nothing of the lock.
    const before = (await store.db.get("connections", id))?.trouble;
    if (before !== undefined && !OUR_TROUBLES.has(before)) await setTrouble(id, undefined);
  };

  function gatewayOf(connection: Connection): Gateway {
    const gateway = ports.open(connection, async () => {
      if (!(await isAllowedByCompany(connection))) return fail("company-rule");
      return connection.isSandbox ? ok(new Secret("sandbox")) : vault.use(connection);
    });
    return noted(gateway, (failure) => noteOutcome(connection.id, failure));
  }

  /** Whether the company lets the connection be used, with its key lying as it does. */
  async function isAllowedByCompany(connection: Connection): Promise<boolean> {
    const rules = await rulesOf(store);
    const mode = connection.isSandbox ? undefined : await vault.mode();
    return isConnectionAllowed(rules, connection) && (mode === undefined || isProtectionAllowed(rules, mode));
  }

  /** What keeps us from calling it at all. */
  async function obstacle(connection: Connection): Promise<FailureCode | undefined> {
    if (!(await isAllowedByCompany(connection))) return "company-rule";
    if (connection.isSandbox) return undefined;
    const key = await vault.use(connection);
    if (!key.ok) return key.failure.code;
    return (await isAllowed(connection)) ? undefined : "no-permission";
  }

  /** Puts the connection into the list and in front. */
  async function save(connection: Connection): Promise<Reply<Connection>> {
    await write(store, ["connections", "settings"], async (tx) => {
      await tx.objectStore("connections").put(connection);
      const settings = await tx.objectStore("settings").get("settings");
      await tx.objectStore("settings").put({ ...settings, current: connection.id }, "settings");
    });
    return ok(connection);
  }

  /** The address as it is kept, if we may call it. */
  async function checkAddress(text: string, instance?: string): Promise<Reply<string>> {
    const origin = readAddress(text);
    if (origin === undefined) return fail("bad-address");
    if (origin.startsWith("http:") && !(await readSettings(store)).isLocalHttpOn) return fail("local-http");
    const rules = await rulesOf(store);
    if (!isConnectionAllowed(rules, { origin, instance, isSandbox: false })) return fail("company-rule");
    return (await isAllowed({ origin, isSandbox: false })) ? ok(origin) : fail("no-permission");
  }

  /** Deletes what is stored of a connection but its jobs and itself; with `all`, those too. */
  async function clear(id: string, all: boolean): Promise<void> {
    await ports.cancelJobs(id);
    const tables: Table[] = all ? [...OWNED, ...RECORD, "aside", "connections", "settings"] : [...OWNED];
    await write(store, tables, async (tx) => {
      const mine = IDBKeyRange.bound([id], [id, []]);
      for (const table of ["groups", "rosters", "invites", "tallies", "drafts"] as const)
        await tx.objectStore(table).delete(mine);
      // Numbers selected on a page, and routes with the ids of groups, belong to no connection: they may be about this one.
      await tx.objectStore("drafts").delete(IDBKeyRange.bound([""], ["", []]));
      await tx.objectStore("budgets").delete(id);
      await tx.objectStore("gateways").delete(id);
      await tx.objectStore("sandbox").delete(id);
      if (!all) return;
      await tx.objectStore("invited").delete(mine);
      for (const job of await tx.objectStore("jobs").index("created").getAllKeys(mine)) await deleteRecord(tx, job);
      for (const aside of await tx.objectStore("aside").getAll()) {
        const value = aside.value as { job?: Partial<Job> } | null | undefined;
        if (value?.job?.connection === id) await tx.objectStore("aside").delete(aside.id);
      }
      await tx.objectStore("connections").delete(id);
      const settings = await tx.objectStore("settings").get("settings");
      if (settings?.current === id) {
        const [next] = await tx.objectStore("connections").getAllKeys(undefined, 1);
        await tx.objectStore("settings").put({ ...settings, current: next }, "settings");
      }
    });
  }

  /** Gives back the access to an address that no connection uses any more. */
  async function releaseAddress(origin: string): Promise<void> {
    const pattern = hostPattern(origin);
    const others = (await readConnections(store)).filter(({ isSandbox }) => !isSandbox);
    // Two gateways on one host share the access, whatever their ports.
    if (others.some((other) => hostPattern(other.origin) === pattern)) return;
    // Refused for the address that the manifest itself names, which is as it should be.
    await permissions.remove({ origins: [pattern] }).catch(() => false);
  }

  return {
    async current() {
      const connection = await readCurrent(store);
      return connection ? ok(connection) : fail("no-connection");
    },
    gatewayOf,

    async reach(id) {
      const connection = await store.db.get("connections", id);
      if (!connection) return fail("no-connection");
      const code = await obstacle(connection);
      return code ? fail(code) : ok(gatewayOf(connection));
    },

    async probe({ origin: given, key, auth, dialect, instance }) {
      const address = await checkAddress(given, instance);
      if (!address.ok) return address;
      const candidate: Connection = {
        id: `probe ${ports.id()}`,
        name: "",
        origin: address.value,
        instance: instance ?? "",
        dialect,
        auth,
        isSandbox: false,
        keyTail: "",
        createdAt: now(),
      };
      const gateway = ports.open(candidate, () => Promise.resolve(ok(new Secret(key))));
      if (instance !== undefined) {
        const groups = await gateway.listGroups({ priority: "agent" });
        return groups.ok ? ok({ instances: null }) : failed(groups.failure);
      }
      const answer = await gateway.listInstances({ priority: "agent" });
      return answer.ok ? ok({ instances: answer.value }) : failed(answer.failure);
    },

    async add({ name, origin: given, instance, dialect, auth, key, protection, passphrase, ownNumber }) {
      const address = await checkAddress(given, instance);
      if (!address.ok) return address;
      const rules = await rulesOf(store);
      if (!isProtectionAllowed(rules, protection)) return fail("company-rule");
      const origin = address.value;
      // The same instance once more (a second press, a new key) is the same connection.
      const known = (await readConnections(store)).find(
        (other) => !other.isSandbox && other.origin === origin && other.instance === instance,
      );
      const id = known?.id ?? ports.id();
      const kept = await vault.put({ id, origin, instance }, key, protection, passphrase);
      if (!kept.ok) return kept;
      return save({
        id,
        name,
        origin,
        instance,
        dialect,
        auth,
        isSandbox: false,
        keyTail: tailOf(key),
        createdAt: known?.createdAt ?? now(),
        ...(ownNumber === undefined ? {} : { ownNumber }),
      });
    },

    async addSandbox() {
      const rules = await rulesOf(store);
      if (!isConnectionAllowed(rules, SANDBOX)) return fail("company-rule");
      const known = (await readConnections(store)).find(({ isSandbox }) => isSandbox);
      return save(known ?? { ...SANDBOX, id: ports.id(), createdAt: now() });
    },

    async use(id) {
      return write(store, ["connections", "settings"], async (tx) => {
        if (!(await tx.objectStore("connections").get(id))) return fail("no-connection");
        const settings = await tx.objectStore("settings").get("settings");
        await tx.objectStore("settings").put({ ...settings, current: id }, "settings");
        return ok(undefined);
      });
    },

    async edit({ id, name, dialect, ownNumber }) {
      const isKnown = await change(id, ({ ownNumber: before, ...connection }) => {
        const own = ownNumber === undefined ? before : (ownNumber ?? undefined);
        return {
          ...connection,
          ...(name === undefined ? {} : { name }),
          ...(dialect === undefined ? {} : { dialect }),
          ...(own === undefined ? {} : { ownNumber: own }),
        };
      });
      // What was learnt of the gateway was learnt in the other dialect.
      if (dialect !== undefined) await write(store, ["gateways"], (tx) => tx.objectStore("gateways").delete(id));
      return isKnown ? ok(undefined) : fail("no-connection");
    },

    async replaceKey({ id, key, origin: given, instance: wanted, auth }) {
      const before = await store.db.get("connections", id);
      if (!before || before.isSandbox) return fail("no-connection");
      const instance = wanted ?? before.instance;
      const address = await checkAddress(given ?? before.origin, instance);
      if (!address.ok) return address;
      const origin = address.value;
      const isMoved = origin !== before.origin || instance !== before.instance;
      // The key first: when that fails, nothing is lost; from then on the old address has no key any more.
      const kept = await vault.put({ id, origin, instance }, key);
      if (!kept.ok) return kept;
      // What waits to be sent was meant for the old account, and so was everything that is stored.
      if (isMoved) await clear(id, false);
      await change(id, (connection) => {
        const { trouble: _, ownNumber, ...rest } = connection;
        const moved = { ...rest, origin, instance, auth: auth ?? rest.auth, keyTail: tailOf(key) };
        return ownNumber === undefined || isMoved ? moved : { ...moved, ownNumber };
      });
      if (origin !== before.origin) await releaseAddress(before.origin);
      return ok(undefined);
    },

    async forget(id) {
      const connection = await store.db.get("connections", id);
      if (!connection) return ok(undefined);
      await vault.forget(id);
      await clear(id, true);
      if (!connection.isSandbox) await releaseAddress(connection.origin);
      return ok(undefined);
    },

    async forgetAll() {
      const all = await readConnections(store);
      for (const { id } of all) await ports.cancelJobs(id);
      await ports.clearSession();
      const tables = [...store.db.objectStoreNames] as Table[];
      await write(store, tables, async (tx) => {
        const { policy } = (await tx.objectStore("settings").get("settings")) ?? {};
        for (const table of tables) await tx.objectStore(table).clear();
        // Not the agent's to forget.
        if (policy) await tx.objectStore("settings").put({ policy }, "settings");
      });
      for (const { isSandbox, origin } of all) if (!isSandbox) await releaseAddress(origin);
      return ok(undefined);
    },

    async checkTrouble() {
      for (const connection of await readConnections(store)) {
        const trouble = await obstacle(connection);
        // What the gateway said of the connection stands until the gateway says otherwise.
        const isOurs = connection.trouble === undefined || OUR_TROUBLES.has(connection.trouble);
        if (trouble !== undefined || isOurs) await setTrouble(connection.id, trouble);
      }
    },
  };
}

const SANDBOX: Omit<Connection, "id" | "createdAt"> = {
  name: "Sandbox",
  origin: "https://sandbox.invalid",
  instance: WORLD_INSTANCES.main,
  dialect: "guide",
  auth: "api-key",
  isSandbox: true,
  keyTail: "",
  ownNumber: OWN_NUMBER,
};

/** Enough to tell two keys apart; nothing of a key that is too short to spare it. */
function tailOf(key: string): string {
  return key.length >= 12 ? key.slice(-4) : "";
}

/** A gateway of whose every call the outcome is noted. */
function noted(gateway: Gateway, note: (failure: Failure | undefined) => Promise<void>): Gateway {
  return new Proxy(gateway, {
    get(target, name, receiver) {
      const method: unknown = Reflect.get(target, name, receiver);
      if (typeof method !== "function") return method;
      return async (...input: unknown[]): Promise<Answer<unknown>> => {
        const answer = (await Reflect.apply(method, target, input)) as Answer<unknown>;
        await note(answer.ok ? undefined : answer.failure);
        return answer;
      };
    },
  });
}
