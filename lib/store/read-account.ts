import type { Budget, Connection, Policy } from "../shared/model";
import { readSettings } from "./read";
import type { Store } from "./schema";

/** Returns the current connection. */
export async function readCurrent(store: Store): Promise<Connection | undefined> {
  const { current } = await readSettings(store);
  return current === undefined ? undefined : store.db.get("connections", current);
}

/** Returns the allowance; undefined before the first request. */
export async function readBudget({ db }: Store, connection: string): Promise<Budget | undefined> {
  return db.get("budgets", connection);
}

/** Returns the company's rules. */
export async function rulesOf(store: Store): Promise<Policy> {
  return (await readSettings(store)).policy ?? {};
}
