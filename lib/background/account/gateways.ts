import type { Browser } from "webextension-polyfill";
import { sandboxGateway, type Sandbox } from "../../sandbox/gateway";
import { createWorld } from "../../sandbox/seed";
import type { World } from "../../sandbox/world";
import { hostPattern } from "../../shared/address";
import type { Reply } from "../../shared/failure";
import type { Connection } from "../../shared/model";
import type { Store } from "../../store/schema";
import { write } from "../../store/write";
import { openBudget, storedBudget, type Allowance } from "../gateway/budget";
import { openGateway } from "../gateway/client";
import type { Gateway } from "../gateway/gateway";
import { storedNotes } from "../gateway/notes";
import type { Secret } from "../gateway/secret";

/** Opens the gateway of a connection; the key is asked for with each call. */
export type OpenGateway = (connection: Connection, key: () => Promise<Reply<Secret>>) => Gateway;

/** Gateways of all connections: each has one allowance, and the sandbox's are answered in this process. */
export function openGateways(ports: {
  store: Store;
  permissions: Pick<Browser["permissions"], "contains">;
  now: () => number;
}): OpenGateway {
  const { store, permissions, now } = ports;
  const budgets = new Map<string, Allowance>();
  const sandboxes = new Map<string, Promise<Sandbox>>();
  const sandboxOf = (id: string) => memoize(sandboxes, id, () => openSandbox(store, id, now));
  return (connection, key) =>
    openGateway({
      connection,
      key,
      budget: memoize(budgets, connection.id, () => openBudget(connection.id, budgetPorts(store, connection.id), now)),
      notes: storedNotes(store, connection.id),
      isAllowed: async (origin) => connection.isSandbox || permissions.contains({ origins: [hostPattern(origin)] }),
      ...(connection.isSandbox ? { fetch: async (request) => (await sandboxOf(connection.id)).fetch(request) } : {}),
    });
}

/** The value that was made for this key before, or a new one. */
function memoize<T>(all: Map<string, T>, key: string, make: () => T): T {
  const value = all.get(key) ?? make();
  all.set(key, value);
  return value;
}

/** Where an allowance is kept: with its connection, and nowhere for one that is only tried or was forgotten. */
function budgetPorts(store: Store, connection: string): ReturnType<typeof storedBudget> {
  const stored = storedBudget(store, connection);
  return {
    ...stored,
    save: async (budget) => {
      if (await store.db.getKey("connections", connection)) await stored.save(budget);
    },
  };
}

/** The sandbox of a connection on its stored world, or on a new one. */
async function openSandbox(store: Store, connection: string, now: () => number): Promise<Sandbox> {
  const world = ((await store.db.get("sandbox", connection)) as World | undefined) ?? createWorld();
  return sandboxGateway({
    world,
    now,
    save: (changed) =>
      write(store, ["sandbox", "connections"], async (tx) => {
        // Forgotten while a request was under way: then nothing of it may come back.
        if (await tx.objectStore("connections").getKey(connection)) {
          await tx.objectStore("sandbox").put(changed, connection);
        }
      }),
  });
}
