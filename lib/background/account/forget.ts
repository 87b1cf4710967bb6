import { hostPattern } from "../../shared/address";
import { ok, type Reply } from "../../shared/failure";
import type { Connection, Job } from "../../shared/model";
import { readConnections } from "../../store/read";
import type { Table } from "../../store/schema";
import { write } from "../../store/write";
import { deleteRecord, RECORD } from "../jobs/record";
import type { ConnectionPorts } from "./reach";

/** Keyed by connection first. */
const KEYED = [
  "groups",
  "rosters",
  "directory",
  "changes",
  "contacts",
  "invites",
  "tallies",
  "drafts",
  "sets",
  "labels",
] as const satisfies Table[];
/** Owned by one connection, besides jobs and steps. */
const OWNED = [...KEYED, "budgets", "gateways", "sandbox"] as const satisfies Table[];

/**
 * Deletes a connection's data in one transaction, so no late answer finds half of it. `moved` keeps the connection for
 * another account; else it goes with its jobs.
 */
export async function clear(
  ports: ConnectionPorts,
  id: string,
  moved?: (connection: Connection) => Connection,
): Promise<void> {
  const { store } = ports;
  await ports.cancelJobs(id);
  await write(store, [...OWNED, ...RECORD, "aside", "connections", "settings"], async (tx) => {
    const mine = IDBKeyRange.bound([id], [id, []]);
    for (const table of KEYED) await tx.objectStore(table).delete(mine);
    // Drafts without a connection (selected numbers, routes with group ids) may hold its data.
    await tx.objectStore("drafts").delete(IDBKeyRange.bound([""], ["", []]));
    await tx.objectStore("budgets").delete(id);
    await tx.objectStore("gateways").delete(id);
    await tx.objectStore("sandbox").delete(id);
    const connection = await tx.objectStore("connections").get(id);
    if (moved) {
      if (connection) await tx.objectStore("connections").put(moved(connection));
      return;
    }
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
  ports.gateways.close(id);
}

/** Releases the permission for an unused address. */
export async function releaseAddress(ports: ConnectionPorts, origin: string): Promise<void> {
  const { store, permissions } = ports;
  const pattern = hostPattern(origin);
  const others = (await readConnections(store)).filter(({ isSandbox }) => !isSandbox);
  // Permissions cover all ports of a host.
  if (others.some((other) => hostPattern(other.origin) === pattern)) return;
  // Fails for an address in the manifest, which stays granted.
  await permissions.remove({ origins: [pattern] }).catch(() => false);
}

/** Forgets a connection with its key, jobs and drafts. */
export async function forgetConnection(ports: ConnectionPorts, id: string): Promise<Reply<void>> {
  const { store, vault } = ports;
  const connection = await store.db.get("connections", id);
  if (!connection) return ok(undefined);
  await vault.forget(id);
  await clear(ports, id);
  if (!connection.isSandbox) await releaseAddress(ports, connection.origin);
  return ok(undefined);
}

/** Erases everything but the company's policy. */
export async function forgetAll(ports: ConnectionPorts): Promise<Reply<void>> {
  const { store, vault } = ports;
  const all = await readConnections(store);
  for (const { id } of all) await ports.cancelJobs(id);
  // Queued behind vault work that would write the open state back.
  await vault.lock();
  await ports.clearSession();
  const tables = [...store.db.objectStoreNames] as Table[];
  await write(store, tables, async (tx) => {
    const { policy } = (await tx.objectStore("settings").get("settings")) ?? {};
    for (const table of tables) await tx.objectStore(table).clear();
    if (policy) await tx.objectStore("settings").put({ policy }, "settings");
  });
  for (const { id, isSandbox, origin } of all) {
    ports.gateways.close(id);
    if (!isSandbox) await releaseAddress(ports, origin);
  }
  return ok(undefined);
}
