import { hostPattern } from "../../shared/address";
import { fail, type Failure, ok, type Reply } from "../../shared/failure";
import type { Connection, FailureCode } from "../../shared/model";
import { readConnections, rulesOf } from "../../store/read";
import type { Store } from "../../store/schema";
import { write } from "../../store/write";
import type { Gateway } from "../gateway/gateway";
import type { Answer } from "../gateway/answer";
import { isConnectionAllowed, isProtectionAllowed } from "./policy";
import { Secret } from "../gateway/secret";
import type { Vault } from "./vault";

/** Calling through a connection: whether it may be used, its gateway, and what keeps it from working. */

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

/** What keeps us from calling at all; known without a call. */
const OUR_TROUBLES = new Set<FailureCode>(["locked", "no-key", "no-permission", "company-rule"]);

/** Failures that concern every call of a connection, kept with it until a call succeeds. */
const TROUBLES = new Set<FailureCode>([...OUR_TROUBLES, "key-refused", "instance-gone", "instance-off"]);

/** Whether the browser lets us call this address. */
export function isAllowed(
  ports: ConnectionPorts,
  { origin, isSandbox }: Pick<Connection, "origin" | "isSandbox">,
): Promise<boolean> {
  const { permissions } = ports;
  return isSandbox ? Promise.resolve(true) : permissions.contains({ origins: [hostPattern(origin)] });
}

/** Changes a connection; false when there is none of this id. */
export async function change(
  ports: ConnectionPorts,
  id: string,
  how: (connection: Connection) => Connection,
): Promise<boolean> {
  const { store } = ports;
  return write(store, ["connections"], async (tx) => {
    const connection = await tx.objectStore("connections").get(id);
    if (connection) await tx.objectStore("connections").put(how(connection));
    return connection !== undefined;
  });
}

async function setTrouble(ports: ConnectionPorts, id: string, trouble: FailureCode | undefined): Promise<void> {
  const { store } = ports;
  const connection = await store.db.get("connections", id);
  if (!connection || connection.trouble === trouble) return;
  await change(ports, id, (connection) => {
    const { trouble: _, ...rest } = connection;
    return trouble ? { ...rest, trouble } : rest;
  });
}

async function noteOutcome(ports: ConnectionPorts, id: string, failure: Failure | undefined): Promise<void> {
  const { store } = ports;
  if (failure) {
    if (TROUBLES.has(failure.code)) await setTrouble(ports, id, failure.code);
    return;
  }
  // A call that was under way when the vault was locked says nothing of the lock.
  const before = (await store.db.get("connections", id))?.trouble;
  if (before !== undefined && !OUR_TROUBLES.has(before)) await setTrouble(ports, id, undefined);
}

/** The gateway of a connection. Each call checks the rules and the key, and notes how it went. */
export function gatewayOf(ports: ConnectionPorts, connection: Connection): Gateway {
  const { vault } = ports;
  const gateway = ports.open(connection, async () => {
    if (!(await isAllowedByCompany(ports, connection))) return fail("company-rule");
    return connection.isSandbox ? ok(new Secret("sandbox")) : vault.use(connection);
  });
  return notingOutcomes(gateway, (failure) => noteOutcome(ports, connection.id, failure));
}

/** Whether the company lets the connection be used, with its key lying as it does. */
async function isAllowedByCompany(ports: ConnectionPorts, connection: Connection): Promise<boolean> {
  const { store, vault } = ports;
  const rules = await rulesOf(store);
  const mode = connection.isSandbox ? undefined : await vault.mode();
  return isConnectionAllowed(rules, connection) && (mode === undefined || isProtectionAllowed(rules, mode));
}

/** What keeps us from calling it at all. */
async function obstacle(ports: ConnectionPorts, connection: Connection): Promise<FailureCode | undefined> {
  const { vault } = ports;
  if (!(await isAllowedByCompany(ports, connection))) return "company-rule";
  if (connection.isSandbox) return undefined;
  const key = await vault.use(connection);
  if (!key.ok) return key.failure.code;
  return (await isAllowed(ports, connection)) ? undefined : "no-permission";
}

/** The gateway of a connection, or what keeps it from being called. */
export async function reach(ports: ConnectionPorts, id: string): Promise<Reply<Gateway>> {
  const { store } = ports;
  const connection = await store.db.get("connections", id);
  if (!connection) return fail("no-connection");
  const code = await obstacle(ports, connection);
  return code ? fail(code) : ok(gatewayOf(ports, connection));
}

/** Notes with every connection what keeps it from being called now. */
export async function checkTrouble(ports: ConnectionPorts): Promise<void> {
  const { store } = ports;
  for (const connection of await readConnections(store)) {
    const trouble = await obstacle(ports, connection);
    // What the gateway said of the connection stands until the gateway says otherwise.
    const isOurs = connection.trouble === undefined || OUR_TROUBLES.has(connection.trouble);
    if (trouble !== undefined || isOurs) await setTrouble(ports, connection.id, trouble);
  }
}

/** Wraps a gateway so that `note` is called with the outcome of each call. */
function notingOutcomes(gateway: Gateway, note: (failure: Failure | undefined) => Promise<void>): Gateway {
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
