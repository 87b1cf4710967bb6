import type { Page } from "playwright-core";
import type { CommandName, Input, Output } from "../../lib/shared/commands";
import type { Reply } from "../../lib/shared/failure";
import type { Connection } from "../../lib/shared/model";
import type { TestServer } from "../server";

/** The app as tests speak to it: through its commands where the screens are not what is tested. */

interface ExtensionGlobal {
  chrome: { runtime: { sendMessage(message: unknown): Promise<unknown> } };
}

/** A key that the sandbox gateway takes. Fictional. */
export const KEY = "wpfy_test_0123456789abcdef";

/** A passphrase that the vault takes. */
export const PASSPHRASE = "quiet otter under the bridge";

/** Sends a command from one of our pages, as its screens do, and gives the reply. */
export async function command<Name extends CommandName>(
  page: Page,
  name: Name,
  ...[input]: undefined extends Input<Name> ? [] : [Input<Name>]
): Promise<Reply<Output<Name>>> {
  return (await page.evaluate(
    (envelope) => (globalThis as unknown as ExtensionGlobal).chrome.runtime.sendMessage(envelope),
    { command: name, input },
  )) as Reply<Output<Name>>;
}

/** The value of a command that has to succeed. Throws with the failure. */
export async function commandValue<Name extends CommandName>(
  page: Page,
  name: Name,
  ...input: undefined extends Input<Name> ? [] : [Input<Name>]
): Promise<Output<Name>> {
  const reply = await command(page, name, ...input);
  if (!reply.ok) throw new Error(`${name}: ${JSON.stringify(reply.failure)}`);
  return reply.value;
}

/** Connects to the test server's gateway without the screens; `page` is one of ours. */
export async function connect(
  page: Page,
  server: TestServer,
  more: Partial<Input<"addConnection">> = {},
): Promise<Connection> {
  return commandValue(page, "addConnection", {
    name: "Test gateway",
    origin: server.origin,
    instance: server.world.instances[0]!.id,
    dialect: "guide",
    auth: "api-key",
    key: KEY,
    protection: "session",
    ...more,
  });
}

/** Everything in the store, by table; `page` is one of ours. */
export async function readStore(page: Page): Promise<Record<string, unknown[]>> {
  return page.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.addEventListener("success", () => resolve(request.result));
        request.addEventListener("error", () => reject(request.error!));
      });
    const db = await settled(indexedDB.open("wappfy"));
    const tables: Record<string, unknown[]> = {};
    for (const table of db.objectStoreNames) {
      tables[table] = await settled(db.transaction(table).objectStore(table).getAll());
    }
    db.close();
    return tables;
  });
}
