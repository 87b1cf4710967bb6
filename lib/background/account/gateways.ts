import type { Browser } from "webextension-polyfill";
import { sandboxGateway, type Sandbox } from "../../sandbox/gateway";
import { createWorld } from "../../sandbox/seed";
import type { World } from "../../sandbox/world";
import { hostPattern } from "../../shared/address";
import type { Reply } from "../../shared/failure";
import type { Connection } from "../../shared/model";
import type { Store } from "../../store/schema";
import { watch } from "../../store/live";
import { writeOf } from "../../store/write";
import { openBudget, storedBudget, type Allowance } from "../gateway/budget";
import { openGateway } from "../gateway/client";
import type { Gateway } from "../gateway/gateway";
import { storedNotes } from "../gateway/notes";
import type { Secret } from "../gateway/secret";
import { learnGiven } from "./contacts";

/** All gateways: one allowance per connection, sandboxes in-process. */
export interface Gateways {
  /** Opens a connection's gateway; each call requests the key. */
  open: (connection: Connection, key: () => Promise<Reply<Secret>>) => Gateway;
  close: (connection: string) => void;
}

/** Opens the gateways. */
export function openGateways(ports: {
  store: Store;
  permissions: Pick<Browser["permissions"], "contains">;
  now: () => number;
}): Gateways {
  const { store, permissions, now } = ports;
  const budgets = new Map<string, Allowance>();
  const names = new Map<string, Map<string, string>>();
  // A write may have deleted names, so the next reading offers all.
  watch(store, ["contacts"], () => names.clear(), new AbortController().signal);
  const sandboxes = new Map<string, Promise<Sandbox>>();
  const sandboxOf = (id: string) => memoize(sandboxes, id, () => openSandbox(store, id, now));
  return {
    open: (connection, key) =>
      openGateway({
        connection,
        key,
        budget: memoize(budgets, connection.id, () =>
          openBudget(connection.id, storedBudget(store, connection.id), now),
        ),
        notes: storedNotes(store, connection),
        names: {
          get known() {
            return memoize(names, connection.id, () => new Map<string, string>());
          },
          // A reading succeeds even if its names cannot be saved.
          learn: (fresh) => learnGiven(store, connection, fresh, now()).catch(() => names.delete(connection.id)),
        },
        isAllowed: async (origin) => connection.isSandbox || permissions.contains({ origins: [hostPattern(origin)] }),
        ...(connection.isSandbox ? { fetch: async (request) => (await sandboxOf(connection.id)).fetch(request) } : {}),
      }),
    close: (connection) => {
      budgets.delete(connection);
      names.delete(connection);
      sandboxes.delete(connection);
    },
  };
}

function memoize<T>(all: Map<string, T>, key: string, make: () => T): T {
  const value = all.get(key) ?? make();
  all.set(key, value);
  return value;
}

async function openSandbox(store: Store, connection: string, now: () => number): Promise<Sandbox> {
  const world = ((await store.db.get("sandbox", connection)) as World | undefined) ?? createWorld();
  return sandboxGateway({
    world,
    now,
    save: async (changed) => {
      await writeOf(store, connection, ["sandbox"], (tx) => tx.objectStore("sandbox").put(changed, connection));
    },
  });
}
