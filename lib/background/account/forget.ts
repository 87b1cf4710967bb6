import { hostPattern } from "../../shared/address";
import { ok, type Reply } from "../../shared/failure";
import type { Job } from "../../shared/model";
import { readConnections } from "../../store/read";
import type { Table } from "../../store/schema";
import { write } from "../../store/write";
import { deleteRecord, RECORD } from "../jobs/record";
import type { ConnectionPorts } from "./reach";

/** Forgetting a connection, what belongs to it, or everything. */

/** Tables whose keys begin with the connection. */
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
/** Tables whose rows belong to one connection, apart from jobs and steps. */
const OWNED = [...KEYED, "budgets", "gateways", "sandbox"] as const satisfies Table[];

/** Deletes what is stored of a connection but its jobs and itself; with `all`, those too. */
export async function clear(ports: ConnectionPorts, id: string, all: boolean): Promise<void> {
  const { store } = ports;
  await ports.cancelJobs(id);
  const tables: Table[] = all ? [...OWNED, ...RECORD, "aside", "connections", "settings"] : [...OWNED];
  await write(store, tables, async (tx) => {
    const mine = IDBKeyRange.bound([id], [id, []]);
    for (const table of KEYED) await tx.objectStore(table).delete(mine);
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
export async function releaseAddress(ports: ConnectionPorts, origin: string): Promise<void> {
  const { store, permissions } = ports;
  const pattern = hostPattern(origin);
  const others = (await readConnections(store)).filter(({ isSandbox }) => !isSandbox);
  // Two gateways on one host share the access, whatever their ports.
  if (others.some((other) => hostPattern(other.origin) === pattern)) return;
  // Refused for the address that the manifest itself names, which is as it should be.
  await permissions.remove({ origins: [pattern] }).catch(() => false);
}

/** Forgets a connection with its key, jobs and drafts, and returns the permission for its address to the browser. */
export async function forgetConnection(ports: ConnectionPorts, id: string): Promise<Reply<void>> {
  const { store, vault } = ports;
  const connection = await store.db.get("connections", id);
  if (!connection) return ok(undefined);
  await vault.forget(id);
  await clear(ports, id, true);
  if (!connection.isSandbox) await releaseAddress(ports, connection.origin);
  return ok(undefined);
}

/** Back to a new installation; what the company set stays. */
export async function forgetAll(ports: ConnectionPorts): Promise<Reply<void>> {
  const { store } = ports;
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
  for (const { isSandbox, origin } of all) if (!isSandbox) await releaseAddress(ports, origin);
  return ok(undefined);
}
