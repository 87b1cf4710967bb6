import * as v from "valibot";
import { readAddress } from "../shared/address";
import { instanceId } from "../shared/commands";
import type { Connection, Policy, Protection, Settings } from "../shared/model";
import { readSettings } from "../store/read";
import type { Store } from "../store/schema";
import { write } from "../store/write";

/**
 * What a company set for the browsers of its agents (`storage.managed`; `public/managed.json` describes it to Chrome). It
 * is read here alone and kept with the settings, where `readSettings` lets it win; the worker holds it against everything
 * that is asked of it, whatever a screen offers.
 */

/** The browser's `storage.managed`. In Firefox it throws where no company set anything. */
export interface Managed {
  get(keys: null): Promise<Record<string, unknown>>;
}

/** The host of an address without its scheme and port, or undefined. */
const readHost = (text: string): string | undefined => {
  const origin = readAddress(text);
  return origin === undefined ? undefined : new URL(origin).hostname;
};

const address = v.pipe(v.string(), v.transform(readAddress), v.string());
const host = v.pipe(v.string(), v.maxLength(300), v.transform(readHost), v.string());
const FIELDS = {
  gateway: address,
  allowedHosts: v.pipe(v.array(host), v.maxLength(1000)),
  instance: instanceId,
  maxPace: v.picklist(["careful", "fast"]),
  requirePassphrase: v.boolean(),
  lockAfter: v.pipe(v.number(), v.integer(), v.minValue(5), v.maxValue(480)),
  pageActions: v.boolean(),
  sandbox: v.boolean(),
};

/** What holds now; nothing where no company set anything. */
export async function rulesOf(store: Store): Promise<Policy> {
  return (await readSettings(store)).policy ?? {};
}

/** The policy as it can be used: names that we do not know are left out, and so are wrong values, which `wrong` names. */
export async function readPolicy(managed: Managed | undefined): Promise<Policy | undefined> {
  let given: Record<string, unknown>;
  try {
    given = (await managed?.get(null)) ?? {};
  } catch {
    // Firefox without a company's file.
    return undefined;
  }
  const policy: Record<string, unknown> = {};
  const wrong: string[] = [];
  for (const [name, schema] of Object.entries(FIELDS)) {
    if (!Object.hasOwn(given, name)) continue;
    const read = v.safeParse(schema, given[name]);
    if (read.success) policy[name] = read.output;
    else wrong.push(name);
  }
  if (wrong.length > 0) policy["wrong"] = wrong;
  return Object.keys(policy).length > 0 ? policy : undefined;
}

/** Reads the policy and keeps it with the settings. Writes only what changed: it is read at every start of the worker. */
export async function applyPolicy(store: Store, managed: Managed | undefined): Promise<void> {
  const policy = await readPolicy(managed);
  const kept = (await store.db.get("settings", "settings"))?.policy;
  if (JSON.stringify(kept) === JSON.stringify(policy)) return;
  await write(store, ["settings"], async (tx) => {
    const { policy: _, ...rest } = (await tx.objectStore("settings").get("settings")) ?? {};
    await tx.objectStore("settings").put(policy ? { ...rest, policy } : rest, "settings");
  });
}

/** Whether the policy lets a connection be used. With neither `gateway` nor `allowedHosts`, every address is allowed. */
export function isConnectionAllowed(
  { gateway, allowedHosts, instance: only, sandbox }: Policy,
  { origin, instance, isSandbox }: Pick<Connection, "origin" | "isSandbox"> & { instance?: string },
): boolean {
  if (isSandbox) return sandbox !== false;
  if (only !== undefined && instance !== undefined && instance !== only) return false;
  if (gateway === undefined && allowedHosts === undefined) return true;
  return origin === gateway || (allowedHosts?.includes(new URL(origin).hostname) ?? false);
}

/** Whether the policy lets keys be kept in this way. */
export function isProtectionAllowed({ requirePassphrase }: Policy, protection: Protection): boolean {
  return requirePassphrase !== true || protection === "passphrase";
}

/** Whether the policy leaves these choices to the agent. */
export function isChoiceAllowed(policy: Policy, { pace, isPageOn, lockAfter }: Partial<Settings>): boolean {
  if (pace === "fast" && policy.maxPace === "careful") return false;
  if (isPageOn === true && policy.pageActions === false) return false;
  return lockAfter === undefined || policy.lockAfter === undefined || lockAfter === policy.lockAfter;
}
