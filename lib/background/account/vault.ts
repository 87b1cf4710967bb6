import { fail, ok, type Reply } from "../../shared/failure";
import { weaknessOf } from "../../shared/passphrase";
import type { Protection } from "../../shared/model";
import { openQueue } from "../../shared/queue";
import type { Store } from "../../store/schema";
import { Secret } from "../gateway/secret";
import { write } from "../../store/write";
import {
  aadOf,
  asHeader,
  asRow,
  type Bound,
  derive,
  fromBase64,
  type Header,
  importKey,
  type List,
  listOf,
  type Plain,
  random,
  type Row,
  sealList,
  sealRow,
  toBase64,
  unseal,
  unsealList,
} from "./sealed";
import { close, currentOpen, type Open, type OpenPorts, readOpen, saveOpen, SLOT } from "./open-state";

/**
 * The keys, in one mode for all connections:
 * - `passphrase`: sealed with AES-256-GCM; while open, the PBKDF2 key is in `storage.session`.
 * - `session`: only in `storage.session`, gone with the browser.
 * - `none` ("device mode"): sealed with a non-extractable key stored beside them; no protection for a stolen computer.
 *
 * Records are bound to origin and instance, so they do not open elsewhere; nor do older records, as the header seals
 * all nonces (an older copy of the whole vault does).
 */

/** What the vault needs. */
export interface VaultPorts extends OpenPorts {
  store: Store;
  crypto: Crypto;
}

export interface Vault {
  /** Undefined before the first key. */
  mode(): Promise<Protection | undefined>;
  /** Fails with `locked` or `no-key`. */
  use(bound: Bound): Promise<Reply<Secret>>;
  /**
   * Saves or replaces a key. `protection` sets or changes the mode, and begins anew without keys. Fails with `locked`, `weak-passphrase` (new mode),
   * `wrong-passphrase` (existing mode) or `no-key` (no mode known).
   */
  put(bound: Bound, key: string, protection?: Protection, passphrase?: string): Promise<Reply<void>>;
  /** Fails with `wrong-passphrase`, or `no-key` without a vault; succeeds in other modes. */
  unlock(passphrase: string): Promise<Reply<void>>;
  /** Deletes what opens the vault: the keys in mode `session`, nothing in mode `none`. */
  lock(): Promise<void>;
  /** Locks if the clock went back by over 60 s. Cheap enough for every event. */
  watchClock(): Promise<void>;
  forget(id: string): Promise<void>;
  /** Reseals all keys. Fails with `locked` or `weak-passphrase`. */
  setProtection(protection: Protection, passphrase?: string): Promise<Reply<void>>;
}

const ITERATIONS = 1_000_000;
const HEADER = "header";

const MODES = { "PBKDF2-SHA256": "passphrase", device: "none", none: "session" } as const;

/** Opens the vault. No key stays in memory between calls. */
export function openVault(ports: VaultPorts): Vault {
  // Queued: no transaction survives computing between reading and writing.
  const inTurn = openQueue();
  return {
    async mode() {
      const header = await readHeader(ports);
      return header && MODES[header.kdf];
    },
    use: (bound) => inTurn(() => use(ports, bound)),
    put: (...args) => inTurn(() => put(ports, ...args)),
    unlock: (passphrase) => inTurn(() => unlock(ports, passphrase)),
    lock: () => inTurn(() => close(ports)),
    watchClock: () => inTurn(async () => void (await currentOpen(ports))),
    forget: (id) => inTurn(() => forget(ports, id)),
    setProtection: (...args) => inTurn(() => setProtection(ports, ...args)),
  };
}

async function readHeader(ports: VaultPorts): Promise<Header | undefined> {
  const { store } = ports;
  return asHeader(await store.db.get("vault", HEADER));
}

/** Undefined if locked or the key does not fit. */
async function openRecords(ports: VaultPorts, header: Header): Promise<{ key: CryptoKey; list: List } | undefined> {
  let key = header.key;
  if (header.kdf === "PBKDF2-SHA256") {
    const open = await currentOpen(ports);
    if (open?.key === undefined) return undefined;
    key = await importKey(ports.crypto, fromBase64(open.key));
  }
  const list = key && (await unsealList(ports.crypto, key, header));
  // A worker that died during a change of passphrase left the new one's key.
  if (!list && header.kdf === "PBKDF2-SHA256") await close(ports);
  return key && list && { key, list };
}

async function use(ports: VaultPorts, bound: Bound): Promise<Reply<Secret>> {
  const { store } = ports;
  const header = await readHeader(ports);
  if (!header) return fail("no-key");
  if (header.kdf === "none") {
    const stored = (await currentOpen(ports))?.keys?.[bound.id];
    const isBound = stored?.origin === bound.origin && stored.instance === bound.instance;
    return stored && isBound ? ok(new Secret(stored.key)) : fail("no-key");
  }
  const records = await openRecords(ports, header);
  if (!records) return fail(header.kdf === "device" ? "no-key" : "locked");
  const row = asRow(await store.db.get("vault", rowKey(bound.id)));
  if (!row || row.origin !== bound.origin || row.instance !== bound.instance) return fail("no-key");
  if (records.list[bound.id] !== toBase64(row.iv)) return fail("no-key");
  const key = await unseal(ports.crypto, records.key, row, aadOf(bound));
  return key === undefined ? fail("no-key") : ok(new Secret(key));
}

/** Undefined if locked. */
async function openAll(ports: VaultPorts, header: Header): Promise<Plain[] | undefined> {
  const { store } = ports;
  if (header.kdf === "none") return Object.values((await currentOpen(ports))?.keys ?? {});
  const records = await openRecords(ports, header);
  if (!records) return undefined;
  const plain: Plain[] = [];
  for (const id of Object.keys(records.list)) {
    const row = asRow(await store.db.get("vault", rowKey(id)));
    if (!row) continue;
    const bound = { id, origin: row.origin, instance: row.instance };
    const key = await use(ports, bound);
    if (key.ok) plain.push({ ...bound, key: key.value.reveal() });
  }
  return plain;
}

async function start(
  ports: VaultPorts,
  protection: Protection,
  passphrase: string | undefined,
  keys: Plain[],
): Promise<Reply<void>> {
  const { store, crypto, now } = ports;
  const header: Header = { v: 1, kdf: "none" };
  let open: Omit<Open, "seenAt"> | undefined;
  let key: CryptoKey | undefined;
  if (protection === "passphrase") {
    if (passphrase === undefined || weaknessOf(passphrase)) return fail("weak-passphrase");
    const salt = random(ports.crypto, 16);
    const raw = await derive(ports.crypto, passphrase, salt, ITERATIONS);
    key = await importKey(ports.crypto, raw);
    open = { key: toBase64(raw) };
    Object.assign(header, { kdf: "PBKDF2-SHA256", it: ITERATIONS, salt });
  } else if (protection === "none") {
    key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    Object.assign(header, { kdf: "device", key });
  } else {
    open = { keys: Object.fromEntries(keys.map((plain) => [plain.id, plain])) };
  }
  const rows = new Map<string, Row>();
  if (key) {
    for (const plain of keys) rows.set(plain.id, await sealRow(ports.crypto, key, plain));
    header.list = await sealList(ports.crypto, key, listOf(rows));
  }
  // What opens the old vault stays beside the new until the write is done; a failed write changes nothing.
  const before = await readOpen(ports);
  const keep = (state: typeof open) => (state ? saveOpen(ports, state) : close(ports));
  if (open) await keep({ ...before, ...open });
  await write(store, ["vault", "settings", "aside"], async (tx) => {
    const old = await tx.objectStore("vault").get(HEADER);
    // A newer version may still open this vault.
    for (const key of old === undefined || asHeader(old) ? [] : await tx.objectStore("vault").getAllKeys()) {
      const value: unknown = await tx.objectStore("vault").get(key);
      await tx.objectStore("aside").put({ id: crypto.randomUUID(), table: "vault", key, value, at: now() });
    }
    await tx.objectStore("vault").clear();
    await tx.objectStore("vault").put(header, HEADER);
    for (const [id, row] of rows) await tx.objectStore("vault").put(row, rowKey(id));
    const settings = (await tx.objectStore("settings").get("settings")) ?? {};
    await tx.objectStore("settings").put({ ...settings, protection }, "settings");
  }).catch(async (error: unknown) => {
    await keep(before);
    throw error;
  });
  await keep(open);
  return ok(undefined);
}

async function unlock(ports: VaultPorts, passphrase: string): Promise<Reply<void>> {
  const header = await readHeader(ports);
  if (!header) return fail("no-key");
  if (header.kdf !== "PBKDF2-SHA256" || !header.salt || header.it === undefined) return ok(undefined);
  if (passphrase.length > 1024) return fail("wrong-passphrase");
  const raw = await derive(ports.crypto, passphrase, header.salt, header.it);
  if (!(await unsealList(ports.crypto, await importKey(ports.crypto, raw), header))) return fail("wrong-passphrase");
  await saveOpen(ports, { key: toBase64(raw) });
  return ok(undefined);
}

async function setProtection(ports: VaultPorts, protection: Protection, passphrase?: string): Promise<Reply<void>> {
  const header = await readHeader(ports);
  const keys = header ? await openAll(ports, header) : [];
  return keys ? start(ports, protection, passphrase, keys) : fail("locked");
}

async function put(
  ports: VaultPorts,
  bound: Bound,
  key: string,
  protection?: Protection,
  passphrase?: string,
): Promise<Reply<void>> {
  const { store } = ports;
  let header = await readHeader(ports);
  const { id, origin, instance } = bound;
  const plain = { id, origin, instance, key };
  if (!header || (protection && (await isEmpty(ports, header)))) {
    return protection ? start(ports, protection, passphrase, [plain]) : fail("no-key");
  }
  const mode = MODES[header.kdf];
  if (mode === "passphrase" && passphrase !== undefined && (protection ?? mode) === mode) {
    const opened = await unlock(ports, passphrase);
    if (!opened.ok) return opened;
  }
  if (protection && protection !== mode) {
    const changed = await setProtection(ports, protection, passphrase);
    if (!changed.ok) return changed;
    header = (await readHeader(ports)) ?? header;
  }
  if (header.kdf === "none") {
    await saveOpen(ports, { keys: { ...(await currentOpen(ports))?.keys, [id]: plain } });
    return ok(undefined);
  }
  const records = await openRecords(ports, header);
  if (!records) return fail(header.kdf === "device" ? "no-key" : "locked");
  const row = await sealRow(ports.crypto, records.key, plain);
  const stored = await store.db.getAllKeys("vault");
  const others = Object.entries(records.list).filter(([other]) => stored.includes(rowKey(other)));
  const list = { ...Object.fromEntries(others), [id]: toBase64(row.iv) };
  const next = { ...header, list: await sealList(ports.crypto, records.key, list) };
  await write(store, ["vault"], async (tx) => {
    await tx.objectStore("vault").put(next, HEADER);
    await tx.objectStore("vault").put(row, rowKey(id));
  });
  return ok(undefined);
}

/** Whether a sealed vault has no key left, so that nobody needs its old passphrase. */
async function isEmpty({ store }: VaultPorts, { kdf }: Header): Promise<boolean> {
  return kdf !== "none" && (await store.db.getAllKeys("vault")).every((key) => key === HEADER);
}

async function forget(ports: VaultPorts, id: string): Promise<void> {
  const { session, store } = ports;
  const open = await readOpen(ports);
  if (open?.keys && Object.hasOwn(open.keys, id)) {
    await session.set({ [SLOT]: { ...open, keys: without(open.keys, id) } });
  }
  const header = await readHeader(ports);
  const records = header && header.kdf !== "none" ? await openRecords(ports, header) : undefined;
  const next = header &&
    records && { ...header, list: await sealList(ports.crypto, records.key, without(records.list, id)) };
  await write(store, ["vault", "aside"], async (tx) => {
    await tx.objectStore("vault").delete(rowKey(id));
    for (const row of await tx.objectStore("aside").getAll()) {
      if (row.table === "vault" && row.key === rowKey(id)) await tx.objectStore("aside").delete(row.id);
    }
    // Makes a restored copy useless. While locked, the next `put` does it.
    if (next) await tx.objectStore("vault").put(next, HEADER);
  });
}

function without<T>(all: Record<string, T>, key: string): Record<string, T> {
  const { [key]: _, ...rest } = all;
  return rest;
}

const rowKey = (id: string): string => `key:${id}`;
