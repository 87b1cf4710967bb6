import { hostPattern } from "../../shared/address";
import { fail, type Failure, ok, type Reply } from "../../shared/failure";
import type { Connection, FailureCode } from "../../shared/model";
import { readConnections } from "../../store/read";
import { rulesOf } from "../../store/read-account";
import type { Store } from "../../store/schema";
import { accountOf, write } from "../../store/write";
import type { Gateways } from "./gateways";
import type { Gateway } from "../gateway/gateway";
import type { Answer } from "../gateway/answer";
import { isConnectionAllowed, isProtectionAllowed } from "./policy";
import { Secret } from "../gateway/secret";
import type { Vault } from "./vault";

/** What connections need. */
export interface ConnectionPorts {
  store: Store;
  vault: Vault;
  now: () => number;
  id: () => string;
  permissions: {
    contains(wanted: { origins: string[] }): Promise<boolean>;
    remove(given: { origins: string[] }): Promise<boolean>;
  };
  /** Each call checks key and host permission. */
  gateways: Gateways;
  clearSession: () => Promise<void>;
  /** Called before the connection's data is deleted. */
  cancelJobs: (connection: string) => Promise<void>;
}

const OUR_TROUBLES = new Set<FailureCode>(["locked", "no-key", "no-permission", "company-rule"]);

/** Noted in the connection: ours until `checkTrouble`, the gateway's until a call succeeds. */
const TROUBLES = new Set<FailureCode>([...OUR_TROUBLES, "key-refused", "instance-gone", "instance-off"]);

/** Whether the browser grants the address. */
export function isAllowed(
  ports: ConnectionPorts,
  { origin, isSandbox }: Pick<Connection, "origin" | "isSandbox">,
): Promise<boolean> {
  const { permissions } = ports;
  return isSandbox ? Promise.resolve(true) : permissions.contains({ origins: [hostPattern(origin)] });
}

/** Changes a connection. Returns false if unknown. */
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

/** `asked`: the connection as called; an old key's trouble is not the new one's. */
async function setTrouble(ports: ConnectionPorts, asked: Connection, trouble: FailureCode | undefined): Promise<void> {
  const { store } = ports;
  const { id } = asked;
  const connection = await store.db.get("connections", id);
  if (!connection || connection.trouble === trouble) return;
  await change(ports, id, (connection) => {
    if (accountOf(connection) !== accountOf(asked) || connection.keyTail !== asked.keyTail) return connection;
    const { trouble: _, ...rest } = connection;
    return trouble ? { ...rest, trouble } : rest;
  });
}

async function noteOutcome(ports: ConnectionPorts, asked: Connection, failure: Failure | undefined): Promise<void> {
  const { store } = ports;
  if (failure) {
    if (TROUBLES.has(failure.code)) await setTrouble(ports, asked, failure.code);
    return;
  }
  // A call from before the lock does not prove the vault open.
  const before = (await store.db.get("connections", asked.id))?.trouble;
  if (before !== undefined && !OUR_TROUBLES.has(before)) await setTrouble(ports, asked, undefined);
}

/** Opens a connection's gateway; each call checks policy and key. */
export function gatewayOf(ports: ConnectionPorts, connection: Connection): Gateway {
  const { vault } = ports;
  const gateway = ports.gateways.open(connection, async () => {
    if (!(await isAllowedByCompany(ports, connection))) return fail("company-rule");
    return connection.isSandbox ? ok(new Secret("sandbox")) : vault.use(connection);
  });
  return notingOutcomes(gateway, (failure) => noteOutcome(ports, connection, failure));
}

/** Checks connection and key protection. */
async function isAllowedByCompany(ports: ConnectionPorts, connection: Connection): Promise<boolean> {
  const { store, vault } = ports;
  const rules = await rulesOf(store);
  const mode = connection.isSandbox ? undefined : await vault.mode();
  return isConnectionAllowed(rules, connection) && (mode === undefined || isProtectionAllowed(rules, mode));
}

async function obstacle(ports: ConnectionPorts, connection: Connection): Promise<FailureCode | undefined> {
  const { vault } = ports;
  if (!(await isAllowedByCompany(ports, connection))) return "company-rule";
  if (connection.isSandbox) return undefined;
  const key = await vault.use(connection);
  if (!key.ok) return key.failure.code;
  return (await isAllowed(ports, connection)) ? undefined : "no-permission";
}

/** Returns a connection's gateway, or why it cannot be called. */
export async function reach(ports: ConnectionPorts, id: string): Promise<Reply<Gateway>> {
  const { store } = ports;
  const connection = await store.db.get("connections", id);
  if (!connection) return fail("no-connection");
  const code = await obstacle(ports, connection);
  return code ? fail(code) : ok(gatewayOf(ports, connection));
}

/** Updates every connection's `trouble`. */
export async function checkTrouble(ports: ConnectionPorts): Promise<void> {
  const { store } = ports;
  for (const connection of await readConnections(store)) {
    const trouble = await obstacle(ports, connection);
    const isOurs = connection.trouble === undefined || OUR_TROUBLES.has(connection.trouble);
    if (trouble !== undefined || isOurs) await setTrouble(ports, connection, trouble);
  }
}

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
