import { OWN_NUMBER, WORLD_INSTANCES } from "../../sandbox/world";
import { readAddress } from "../../shared/address";
import type { Input } from "../../shared/commands";
import { fail, ok, type Reply } from "../../shared/failure";
import type { Connection, Instance } from "../../shared/model";
import { readConnections, readSettings } from "../../store/read";
import { readCurrent, rulesOf } from "../../store/read-account";
import { write } from "../../store/write";
import type { Gateway } from "../gateway/gateway";
import { failed } from "../gateway/answer";
import { isConnectionAllowed, isProtectionAllowed } from "./policy";
import { Secret } from "../gateway/secret";
import { change, checkTrouble, type ConnectionPorts, gatewayOf, isAllowed, reach } from "./reach";
import { clear, forgetAll, forgetConnection, releaseAddress } from "./forget";

/** Manages and calls through the connections. */
export interface Connections {
  /** Fails with `no-connection`, also if another than `wanted` is in use: a screen may show the one before. */
  current(wanted?: string): Promise<Reply<Connection>>;
  gatewayOf(connection: Connection): Gateway;
  /** For background work. Fails with `no-connection`, `company-rule`, `locked`, `no-key` or `no-permission`. */
  reach(id: string): Promise<Reply<Gateway>>;
  probe(input: Input<"probeConnection">): Promise<Reply<{ instances: Instance[] | null }>>;
  add(input: Input<"addConnection">): Promise<Reply<Connection>>;
  addSandbox(): Promise<Reply<Connection>>;
  use(id: string): Promise<Reply<void>>;
  edit(input: Input<"editConnection">): Promise<Reply<void>>;
  /** A new address or instance clears the old one's data. */
  replaceKey(input: Input<"replaceKey">): Promise<Reply<void>>;
  forget(id: string): Promise<Reply<void>>;
  forgetAll(): Promise<Reply<void>>;
  /** Updates every `trouble`: `company-rule`, `locked`, `no-key`, `no-permission`. */
  checkTrouble(): Promise<void>;
}

/** Opens the connections. */
export function openConnections(ports: ConnectionPorts): Connections {
  return {
    async current(wanted) {
      const connection = await readCurrent(ports.store);
      return connection && connection.id === (wanted ?? connection.id) ? ok(connection) : fail("no-connection");
    },
    gatewayOf: (...args) => gatewayOf(ports, ...args),
    reach: (...args) => reach(ports, ...args),
    probe: (...args) => probe(ports, ...args),
    add: (...args) => addConnection(ports, ...args),
    addSandbox: (...args) => addSandbox(ports, ...args),
    use: (...args) => useConnection(ports, ...args),
    edit: (...args) => editConnection(ports, ...args),
    replaceKey: (...args) => replaceKey(ports, ...args),
    forget: (...args) => forgetConnection(ports, ...args),
    forgetAll: (...args) => forgetAll(ports, ...args),
    checkTrouble: (...args) => checkTrouble(ports, ...args),
  };
}

async function save(ports: ConnectionPorts, connection: Connection): Promise<Reply<Connection>> {
  const { store } = ports;
  await write(store, ["connections", "settings"], async (tx) => {
    await tx.objectStore("connections").put(connection);
    const settings = await tx.objectStore("settings").get("settings");
    await tx.objectStore("settings").put({ ...settings, current: connection.id }, "settings");
  });
  return ok(connection);
}

async function checkAddress(ports: ConnectionPorts, text: string, instance?: string): Promise<Reply<string>> {
  const { store } = ports;
  const origin = readAddress(text);
  if (origin === undefined) return fail("bad-address");
  if (origin.startsWith("http:") && !(await readSettings(store)).isLocalHttpOn) return fail("local-http");
  const rules = await rulesOf(store);
  if (!isConnectionAllowed(rules, { origin, instance, isSandbox: false })) return fail("company-rule");
  return (await isAllowed(ports, { origin, isSandbox: false })) ? ok(origin) : fail("no-permission");
}

async function probe(
  ports: ConnectionPorts,
  { origin: given, key, auth, dialect, instance }: Input<"probeConnection">,
): Promise<Reply<{ instances: Instance[] | null }>> {
  const { now } = ports;
  const address = await checkAddress(ports, given, instance);
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
  const gateway = ports.gateways.open(candidate, () => Promise.resolve(ok(new Secret(key))));
  const listed = instance === undefined ? await gateway.listInstances({ priority: "agent" }) : undefined;
  const answer = listed ?? (await gateway.listGroups({ priority: "agent" }));
  ports.gateways.close(candidate.id);
  if (!answer.ok) return failed(answer.failure);
  return ok({ instances: listed?.ok ? listed.value : null });
}

async function addConnection(
  ports: ConnectionPorts,
  { name, origin: given, instance, dialect, auth, key, protection, passphrase, ownNumber }: Input<"addConnection">,
): Promise<Reply<Connection>> {
  const { store, vault, now } = ports;
  const address = await checkAddress(ports, given, instance);
  if (!address.ok) return address;
  const rules = await rulesOf(store);
  const mode = protection ?? (await vault.mode());
  if (mode && !isProtectionAllowed(rules, mode)) return fail("company-rule");
  const origin = address.value;
  // A known instance (second press, new key) keeps its connection.
  const known = (await readConnections(store)).find(
    (other) => !other.isSandbox && other.origin === origin && other.instance === instance,
  );
  const id = known?.id ?? ports.id();
  const stored = await vault.put({ id, origin, instance }, key, protection, passphrase);
  if (!stored.ok) return stored;
  return save(ports, {
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
}

async function addSandbox(ports: ConnectionPorts): Promise<Reply<Connection>> {
  const { store, now } = ports;
  const rules = await rulesOf(store);
  if (!isConnectionAllowed(rules, SANDBOX)) return fail("company-rule");
  const known = (await readConnections(store)).find(({ isSandbox }) => isSandbox);
  return save(ports, known ?? { ...SANDBOX, id: ports.id(), createdAt: now() });
}

async function useConnection(ports: ConnectionPorts, id: string): Promise<Reply<void>> {
  const { store } = ports;
  return write(store, ["connections", "settings"], async (tx) => {
    if (!(await tx.objectStore("connections").get(id))) return fail("no-connection");
    const settings = await tx.objectStore("settings").get("settings");
    await tx.objectStore("settings").put({ ...settings, current: id }, "settings");
    return ok(undefined);
  });
}

async function editConnection(
  ports: ConnectionPorts,
  { id, name, dialect, ownNumber }: Input<"editConnection">,
): Promise<Reply<void>> {
  const { store } = ports;
  const isKnown = await change(ports, id, ({ ownNumber: before, ...connection }) => {
    const own = ownNumber === undefined ? before : (ownNumber ?? undefined);
    return {
      ...connection,
      ...(name === undefined ? {} : { name }),
      ...(dialect === undefined ? {} : { dialect }),
      ...(own === undefined ? {} : { ownNumber: own }),
    };
  });
  // The notes belong to the other dialect.
  if (dialect !== undefined) await write(store, ["gateways"], (tx) => tx.objectStore("gateways").delete(id));
  return isKnown ? ok(undefined) : fail("no-connection");
}

async function replaceKey(
  ports: ConnectionPorts,
  { id, key, origin: given, instance: wanted, auth, protection, passphrase }: Input<"replaceKey">,
): Promise<Reply<void>> {
  const { store, vault } = ports;
  const before = await store.db.get("connections", id);
  if (!before || before.isSandbox) return fail("no-connection");
  const instance = wanted ?? before.instance;
  const address = await checkAddress(ports, given ?? before.origin, instance);
  if (!address.ok) return address;
  const mode = protection ?? (await vault.mode());
  if (mode && !isProtectionAllowed(await rulesOf(store), mode)) return fail("company-rule");
  const origin = address.value;
  const isMoved = origin !== before.origin || instance !== before.instance;
  // Key first: if that fails, nothing is lost.
  const stored = await vault.put({ id, origin, instance }, key, protection, passphrase);
  if (!stored.ok) return stored;
  const how = (connection: Connection): Connection => {
    const { trouble: _, ownNumber, ...rest } = connection;
    const replaced = { ...rest, origin, instance, auth: auth ?? rest.auth, keyTail: tailOf(key) };
    return ownNumber === undefined || isMoved ? replaced : { ...replaced, ownNumber };
  };
  // Jobs and data belong to the old account.
  if (isMoved) await clear(ports, id, how);
  else await change(ports, id, how);
  if (origin !== before.origin) await releaseAddress(ports, before.origin);
  return ok(undefined);
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

/** Tells keys apart; empty for short ones. */
function tailOf(key: string): string {
  return key.length >= 12 ? key.slice(-4) : "";
}
