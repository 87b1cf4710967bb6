import * as v from "valibot";
import { readAddress } from "../../shared/address";
import { instanceId } from "../../shared/fields";
import type { Connection, Policy, Protection, Settings } from "../../shared/model";
import { cleanText } from "../../shared/text";
import type { Store } from "../../store/schema";
import { write } from "../../store/write";

/**
 * The company's policy (`storage.managed`, see `public/managed.json`); the worker enforces it whatever a screen offers.
 */

/** In Firefox, throws without a policy. */
export interface Managed {
  get(keys: null): Promise<Record<string, unknown>>;
}

/** Reads `gw.example` or `*.gw.example`, optionally with scheme and port. */
function readHost(given: unknown): string | undefined {
  if (typeof given !== "string") return undefined;
  const [, scheme = "", wildcard = "", rest = ""] = /^(https?:\/\/)?(\*\.)?(.*)$/i.exec(given.trim()) ?? [];
  const origin = readAddress(`${scheme || "https://"}${rest}`);
  return origin === undefined ? undefined : `${wildcard}${new URL(origin).hostname}`;
}

const isHost = (host: string, allowed: string): boolean =>
  allowed.startsWith("*.") ? host.endsWith(allowed.slice(1)) : host === allowed;

/** Undefined for an unreadable value. */
type Read<T> = (given: unknown) => T | undefined;
const by =
  <T>(schema: v.GenericSchema<unknown, T>): Read<T> =>
  (given) => {
    const read = v.safeParse(schema, given);
    return read.success ? read.output : undefined;
  };

/** Each rule's reader and narrowest value, used if unreadable: a typo must not allow everything. */
const FIELDS = {
  gateway: { read: (given) => (typeof given === "string" ? readAddress(given) : undefined), narrowest: undefined },
  instance: { read: by(instanceId), narrowest: undefined },
  maxPace: { read: by(v.picklist(["careful", "fast"])), narrowest: "careful" },
  requirePassphrase: { read: by(v.boolean()), narrowest: true },
  lockAfter: { read: by(v.pipe(v.number(), v.integer(), v.minValue(5), v.maxValue(480))), narrowest: 5 },
  pageActions: { read: by(v.boolean()), narrowest: false },
  sandbox: { read: by(v.boolean()), narrowest: false },
} satisfies { [Name in keyof Policy]: { read: Read<Policy[Name]>; narrowest: Policy[Name] } };

/**
 * Reads the policy. `wrong` lists unreadable entries, replaced by the narrowest value; an unreadable host allows
 * nothing. Throws if the browser cannot read it now.
 */
export async function readPolicy(managed: Managed | undefined): Promise<Policy | undefined> {
  let given: Record<string, unknown>;
  try {
    given = (await managed?.get(null)) ?? {};
  } catch (error) {
    // Firefox without a policy.
    if (/manifest not found/i.test(String(error))) return undefined;
    throw error;
  }
  const policy: Record<string, unknown> = {};
  const wrong: string[] = [];
  for (const [name, { read, narrowest }] of Object.entries(FIELDS)) {
    if (!Object.hasOwn(given, name)) continue;
    const value = read(given[name]);
    if (value === undefined) wrong.push(name);
    policy[name] = value ?? narrowest;
  }
  if (Object.hasOwn(given, "allowedHosts")) {
    const list = given["allowedHosts"];
    const entries: unknown[] = Array.isArray(list) ? list : [];
    if (!Array.isArray(list)) wrong.push("allowedHosts");
    for (const entry of entries) {
      const shown = typeof entry === "string" ? entry : JSON.stringify(entry);
      if (readHost(entry) === undefined) wrong.push(`allowedHosts: ${cleanText(shown)}`);
    }
    policy["allowedHosts"] = entries.flatMap((entry) => readHost(entry) ?? []);
  }
  if (wrong.length > 0) policy["wrong"] = wrong;
  const used = Object.entries(policy).filter(([, value]) => value !== undefined);
  return used.length > 0 ? Object.fromEntries(used) : undefined;
}

/** Stores a changed policy with the settings; one that cannot be read changes nothing. */
export async function applyPolicy(store: Store, managed: Managed | undefined): Promise<void> {
  let policy: Policy | undefined;
  try {
    policy = await readPolicy(managed);
  } catch {
    // Unknown for now: the rules known so far hold.
    return;
  }
  const before = (await store.db.get("settings", "settings"))?.policy;
  if (JSON.stringify(before) === JSON.stringify(policy)) return;
  await write(store, ["settings"], async (tx) => {
    const { policy: _, ...rest } = (await tx.objectStore("settings").get("settings")) ?? {};
    await tx.objectStore("settings").put(policy ? { ...rest, policy } : rest, "settings");
  });
}

/** Ms a start waits for the policy. */
const WAIT = 1000;

/**
 * Waits for a policy that is being applied. Returns false if it is late: Chrome gives it up to a minute after its own
 * start. Connections go on under the rules known so far; without any, nothing happens before the rules are known.
 */
export async function isPolicyInTime(
  store: Store,
  policy: Promise<void>,
  sleep: (ms: number) => Promise<void>,
): Promise<boolean> {
  const inTime = policy.then(() => true);
  const isNew = (await store.db.count("connections")) === 0;
  return isNew ? inTime : Promise.race([inTime, sleep(WAIT).then(() => false)]);
}

/**
 * Whether the policy allows a connection: any address without `gateway` and `allowedHosts`. An unreadable `gateway` or
 * `instance` matches none.
 */
export function isConnectionAllowed(
  { gateway, allowedHosts, instance: only, sandbox, wrong = [] }: Policy,
  { origin, instance, isSandbox }: Pick<Connection, "origin" | "isSandbox"> & { instance?: string },
): boolean {
  if (isSandbox) return sandbox !== false;
  if (wrong.includes("instance")) return false;
  if (only !== undefined && instance !== undefined && instance !== only) return false;
  if (gateway === undefined && allowedHosts === undefined && !wrong.includes("gateway")) return true;
  const { hostname } = new URL(origin);
  return origin === gateway || (allowedHosts ?? []).some((allowed) => isHost(hostname, allowed));
}

/** Whether the policy allows a protection. */
export function isProtectionAllowed({ requirePassphrase }: Policy, protection: Protection): boolean {
  return requirePassphrase !== true || protection === "passphrase";
}

/** Whether the policy allows these settings. */
export function isChoiceAllowed(policy: Policy, { pace, isPageOn, lockAfter }: Partial<Settings>): boolean {
  if (pace === "fast" && policy.maxPace === "careful") return false;
  if (isPageOn === true && policy.pageActions === false) return false;
  return lockAfter === undefined || policy.lockAfter === undefined || lockAfter === policy.lockAfter;
}
