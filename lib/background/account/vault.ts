import { ok, fail, type Reply } from "../../shared/failure";
import { weaknessOf } from "../../shared/passphrase";
import { OPEN_FLAG, type Protection } from "../../shared/model";
import type { Store } from "../../store/schema";
import { Secret } from "../gateway/secret";
import { write } from "../../store/write";

/**
 * The keys. Nothing else ever sees where they lie (security, section 4):
 *
 * - `passphrase`: PBKDF2-SHA256 → AES-256-GCM in the store. While open, the derived key lies in `storage.session`.
 * - `session`: the keys lie in `storage.session` alone and vanish with the browser.
 * - `none` ("device mode"): a non-extractable AES key beside the ciphertext. It does not answer the stolen laptop.
 *
 * One mode and one passphrase hold for all connections. A key is sealed with its origin and instance as additional data
 * (rules R6), so that a record moved to another address does not open; and the header holds a sealed list of the
 * records' nonces, so that an older record put back does not open either. (An older copy of the whole vault does.)
 * Everything fails closed: what cannot be read is `no-key`, what cannot be opened is `locked`, and neither says more.
 */

/** What a key is bound to. */
export interface Bound {
  id: string;
  origin: string;
  instance: string;
}

export interface VaultPorts {
  store: Store;
  /** `storage.session`. */
  session: {
    get(key: string): Promise<Record<string, unknown>>;
    set(items: Record<string, unknown>): Promise<void>;
    remove(keys: string[]): Promise<void>;
  };
  crypto: Crypto;
  now: () => number;
  /** Called after the vault locked itself because the clock went back. */
  locked: () => void;
}

export interface Vault {
  /** How the keys are kept; undefined before the first one. */
  mode(): Promise<Protection | undefined>;
  /** The key of a connection for one call: `locked`, `no-key`. */
  use(bound: Bound): Promise<Reply<Secret>>;
  /**
   * Keeps a key, replacing the one under this id. `protection` sets the mode of a new vault, or changes it.
   * Fails with `locked`, `weak-passphrase` (new vault), `wrong-passphrase` (existing one), `no-key` (no mode known).
   */
  put(bound: Bound, key: string, protection?: Protection, passphrase?: string): Promise<Reply<void>>;
  /** Whether a key is kept under this id, locked or not. */
  hasKey(id: string): Promise<boolean>;
  /** `wrong-passphrase`; `no-key` when there is nothing to open. Succeeds in the modes that do not lock. */
  unlock(passphrase: string): Promise<Reply<void>>;
  /** Deletes what opens the vault. In mode `session` these are the keys themselves; in mode `none` there is nothing. */
  lock(): Promise<void>;
  /** Locks if the clock went back by more than 60 s since the last look (rule R17). Cheap: for every event. */
  watchClock(): Promise<void>;
  forget(id: string): Promise<void>;
  /** Seals all keys anew: `locked`, `weak-passphrase`. */
  setProtection(protection: Protection, passphrase?: string): Promise<Reply<void>>;
}

const ITERATIONS = 1_000_000;
const CLOCK_SLACK = 60_000;
const SLOT = "vault";
const HEADER = "header";
const LIST_AAD = "v1|list";

interface Sealed {
  iv: Bytes;
  data: Bytes;
}
interface Header {
  v: 1;
  kdf: "PBKDF2-SHA256" | "device" | "none";
  it?: number;
  salt?: Bytes;
  key?: CryptoKey;
  /** Nonce of each record by its id, sealed; also what a passphrase is tried on. */
  list?: Sealed;
}
interface Row extends Sealed {
  v: 1;
  origin: string;
  instance: string;
}
interface Plain extends Bound {
  key: string;
}
/** What lies in `storage.session`. */
interface Open {
  /** Derived key, base64 (passphrase mode). */
  key?: string;
  /** The keys themselves (session mode). */
  keys?: Record<string, Plain>;
  seenAt: number;
}
type Bytes = Uint8Array<ArrayBuffer>;
type List = Record<string, string>;

const MODES = { "PBKDF2-SHA256": "passphrase", device: "none", none: "session" } as const;

/** The vault over its ports. It holds no key in memory between calls. */
export function openVault({ store, session, crypto, now, locked }: VaultPorts): Vault {
  const { subtle } = crypto;

  // One operation at a time: each of them reads, computes (which ends a transaction) and writes.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work);
    last = result.catch(() => undefined); // The caller gets the error; the queue goes on.
    return result;
  };

  const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));
  const importKey = (raw: Bytes): Promise<CryptoKey> =>
    subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

  async function seal(key: CryptoKey, text: string, aad: string): Promise<Sealed> {
    const iv = random(12);
    const data = await subtle.encrypt({ name: "AES-GCM", iv, additionalData: bytes(aad) }, key, bytes(text));
    return { iv, data: new Uint8Array(data) };
  }

  async function unseal(key: CryptoKey, { iv, data }: Sealed, aad: string): Promise<string | undefined> {
    try {
      const plain = await subtle.decrypt({ name: "AES-GCM", iv, additionalData: bytes(aad) }, key, data);
      return new TextDecoder().decode(plain);
    } catch {
      // Wrong key, flipped bit, other address: one answer for all of them.
      return undefined;
    }
  }

  const sealList = (key: CryptoKey, list: List): Promise<Sealed> => seal(key, JSON.stringify(list), LIST_AAD);

  async function unsealList(key: CryptoKey, header: Header): Promise<List | undefined> {
    const text = header.list && (await unseal(key, header.list, LIST_AAD));
    return text === undefined ? undefined : (JSON.parse(text) as List);
  }

  async function derive(passphrase: string, salt: Bytes, iterations: number): Promise<Bytes> {
    const given = await subtle.importKey("raw", bytes(normal(passphrase)), "PBKDF2", false, ["deriveBits"]);
    return new Uint8Array(await subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, given, 256));
  }

  const readHeader = async (): Promise<Header | undefined> => asHeader(await store.db.get("vault", HEADER));
  const readOpen = async (): Promise<Open | undefined> => (await session.get(SLOT))[SLOT] as Open | undefined;
  const saveOpen = (open: Omit<Open, "seenAt">): Promise<void> =>
    session.set({ [SLOT]: { ...open, seenAt: now() }, [OPEN_FLAG]: true });
  const close = (): Promise<void> => session.remove([SLOT, OPEN_FLAG]);

  /** The open state, unless the clock went back. */
  async function currentOpen(): Promise<Open | undefined> {
    const open = await readOpen();
    if (!open) return undefined;
    if (open.key !== undefined && now() < open.seenAt - CLOCK_SLACK) {
      await close();
      locked();
      return undefined;
    }
    if (now() > open.seenAt + 5000) await session.set({ [SLOT]: { ...open, seenAt: now() } });
    return open;
  }

  /** The key that opens the records, with their list: `locked` when there is none or it does not fit. */
  async function openRecords(header: Header): Promise<{ key: CryptoKey; list: List } | undefined> {
    let key = header.key;
    if (header.kdf === "PBKDF2-SHA256") {
      const open = await currentOpen();
      if (open?.key === undefined) return undefined;
      key = await importKey(fromBase64(open.key));
    }
    const list = key && (await unsealList(key, header));
    return key && list && { key, list };
  }

  async function use(bound: Bound): Promise<Reply<Secret>> {
    const header = await readHeader();
    if (!header) return fail("no-key");
    if (header.kdf === "none") {
      const kept = (await currentOpen())?.keys?.[bound.id];
      const isBound = kept?.origin === bound.origin && kept.instance === bound.instance;
      return kept && isBound ? ok(new Secret(kept.key)) : fail("no-key");
    }
    const records = await openRecords(header);
    if (!records) return fail(header.kdf === "device" ? "no-key" : "locked");
    const row = asRow(await store.db.get("vault", rowKey(bound.id)));
    if (!row || row.origin !== bound.origin || row.instance !== bound.instance) return fail("no-key");
    if (records.list[bound.id] !== toBase64(row.iv)) return fail("no-key");
    const key = await unseal(records.key, row, aadOf(bound));
    return key === undefined ? fail("no-key") : ok(new Secret(key));
  }

  /** Every key that can be opened. Undefined when the vault is locked. */
  async function openAll(header: Header): Promise<Plain[] | undefined> {
    if (header.kdf === "none") return Object.values((await currentOpen())?.keys ?? {});
    const records = await openRecords(header);
    if (!records) return undefined;
    const plain: Plain[] = [];
    for (const id of Object.keys(records.list)) {
      const row = asRow(await store.db.get("vault", rowKey(id)));
      if (!row) continue;
      const bound = { id, origin: row.origin, instance: row.instance };
      const key = await use(bound);
      if (key.ok) plain.push({ ...bound, key: key.value.reveal() });
    }
    return plain;
  }

  /** Writes a whole new vault with these keys in place of the old one. */
  async function start(protection: Protection, passphrase: string | undefined, keys: Plain[]): Promise<Reply<void>> {
    const header: Header = { v: 1, kdf: "none" };
    let open: Omit<Open, "seenAt"> | undefined;
    let key: CryptoKey | undefined;
    if (protection === "passphrase") {
      if (passphrase === undefined || weaknessOf(passphrase)) return fail("weak-passphrase");
      const salt = random(16);
      const raw = await derive(passphrase, salt, ITERATIONS);
      key = await importKey(raw);
      open = { key: toBase64(raw) };
      Object.assign(header, { kdf: "PBKDF2-SHA256", it: ITERATIONS, salt });
    } else if (protection === "none") {
      key = await subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
      Object.assign(header, { kdf: "device", key });
    } else {
      open = { keys: Object.fromEntries(keys.map((plain) => [plain.id, plain])) };
    }
    const rows = new Map<string, Row>();
    if (key) {
      for (const plain of keys) rows.set(plain.id, await sealRow(key, plain));
      header.list = await sealList(key, listOf(rows));
    }
    // What opens the new vault comes first: a worker that dies in between leaves the old vault, locked at worst.
    if (open) await saveOpen(open);
    await write(store, ["vault", "settings", "aside"], async (tx) => {
      const old = await tx.objectStore("vault").get(HEADER);
      // Of a newer version, perhaps: with its header it can open its keys again, so that all of it is kept.
      for (const key of old === undefined || asHeader(old) ? [] : await tx.objectStore("vault").getAllKeys()) {
        const value: unknown = await tx.objectStore("vault").get(key);
        await tx.objectStore("aside").put({ id: crypto.randomUUID(), table: "vault", key, value, at: now() });
      }
      await tx.objectStore("vault").clear();
      await tx.objectStore("vault").put(header, HEADER);
      for (const [id, row] of rows) await tx.objectStore("vault").put(row, rowKey(id));
      const settings = (await tx.objectStore("settings").get("settings")) ?? {};
      await tx.objectStore("settings").put({ ...settings, protection }, "settings");
    });
    if (!open) await close();
    return ok(undefined);
  }

  async function sealRow(key: CryptoKey, { origin, instance, key: value, id }: Plain): Promise<Row> {
    return { v: 1, origin, instance, ...(await seal(key, value, aadOf({ id, origin, instance }))) };
  }

  async function unlock(passphrase: string): Promise<Reply<void>> {
    const header = await readHeader();
    if (!header) return fail("no-key");
    if (header.kdf !== "PBKDF2-SHA256" || !header.salt || header.it === undefined) return ok(undefined);
    if (passphrase.length > 1024) return fail("wrong-passphrase");
    const raw = await derive(passphrase, header.salt, header.it);
    if (!(await unsealList(await importKey(raw), header))) return fail("wrong-passphrase");
    await saveOpen({ key: toBase64(raw) });
    return ok(undefined);
  }

  async function setProtection(protection: Protection, passphrase?: string): Promise<Reply<void>> {
    const header = await readHeader();
    const keys = header ? await openAll(header) : [];
    return keys ? start(protection, passphrase, keys) : fail("locked");
  }

  async function put(bound: Bound, key: string, protection?: Protection, passphrase?: string): Promise<Reply<void>> {
    let header = await readHeader();
    const { id, origin, instance } = bound;
    const plain = { id, origin, instance, key };
    if (!header) return protection ? start(protection, passphrase, [plain]) : fail("no-key");
    const mode = MODES[header.kdf];
    if (mode === "passphrase" && passphrase !== undefined && (protection ?? mode) === mode) {
      const opened = await unlock(passphrase);
      if (!opened.ok) return opened;
    }
    if (protection && protection !== mode) {
      const changed = await setProtection(protection, passphrase);
      if (!changed.ok) return changed;
      header = (await readHeader()) ?? header;
    }
    if (header.kdf === "none") {
      await saveOpen({ keys: { ...(await currentOpen())?.keys, [id]: plain } });
      return ok(undefined);
    }
    const records = await openRecords(header);
    if (!records) return fail(header.kdf === "device" ? "no-key" : "locked");
    const row = await sealRow(records.key, plain);
    const kept = await store.db.getAllKeys("vault");
    const others = Object.entries(records.list).filter(([other]) => kept.includes(rowKey(other)));
    const list = { ...Object.fromEntries(others), [id]: toBase64(row.iv) };
    const next = { ...header, list: await sealList(records.key, list) };
    await write(store, ["vault"], async (tx) => {
      await tx.objectStore("vault").put(next, HEADER);
      await tx.objectStore("vault").put(row, rowKey(id));
    });
    return ok(undefined);
  }

  async function forget(id: string): Promise<void> {
    const open = await readOpen();
    if (open?.keys && Object.hasOwn(open.keys, id)) {
      await session.set({ [SLOT]: { ...open, keys: without(open.keys, id) } });
    }
    const header = await readHeader();
    const records = header && header.kdf !== "none" ? await openRecords(header) : undefined;
    const next = header && records && { ...header, list: await sealList(records.key, without(records.list, id)) };
    await write(store, ["vault", "aside"], async (tx) => {
      await tx.objectStore("vault").delete(rowKey(id));
      for (const row of await tx.objectStore("aside").getAll()) {
        if (row.table === "vault" && row.key === rowKey(id)) await tx.objectStore("aside").delete(row.id);
      }
      // So that putting the record back is of no use; while the vault is locked, the next `put` does it.
      if (next) await tx.objectStore("vault").put(next, HEADER);
    });
  }

  return {
    async mode() {
      const header = await readHeader();
      return header && MODES[header.kdf];
    },
    use: (bound) => inTurn(() => use(bound)),
    put: (...args) => inTurn(() => put(...args)),
    async hasKey(id) {
      return (await store.db.getKey("vault", rowKey(id))) !== undefined || (await readOpen())?.keys?.[id] !== undefined;
    },
    unlock: (passphrase) => inTurn(() => unlock(passphrase)),
    lock: () => inTurn(close),
    watchClock: () => inTurn(async () => void (await currentOpen())),
    forget: (id) => inTurn(() => forget(id)),
    setProtection: (...args) => inTurn(() => setProtection(...args)),
  };
}

/** One form for the ways in which a keyboard may write the same passphrase. */
function normal(passphrase: string): string {
  return passphrase.normalize("NFKC");
}

function asHeader(value: unknown): Header | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { v, kdf, it, salt, key, list } = value as Partial<Header>;
  if (v !== 1) return undefined;
  if (kdf === "none") return { v, kdf };
  if (!isSealed(list)) return undefined;
  if (kdf === "device") return key instanceof CryptoKey ? { v, kdf, key, list } : undefined;
  // The bounds keep a tampered header from weakening the key or hanging the worker.
  const isSound =
    kdf === "PBKDF2-SHA256" && Number.isInteger(it) && (it as number) >= 600_000 && (it as number) <= 10_000_000;
  return isSound && salt instanceof Uint8Array && salt.length === 16 ? { v, kdf, it, salt, list } : undefined;
}

function asRow(value: unknown): Row | undefined {
  if (!isSealed(value)) return undefined;
  const { v, origin, instance } = value as Partial<Row>;
  if (v !== 1 || typeof origin !== "string" || typeof instance !== "string") return undefined;
  return { v, origin, instance, iv: value.iv, data: value.data };
}

function isSealed(value: unknown): value is Sealed {
  if (typeof value !== "object" || value === null) return false;
  const { iv, data } = value as Partial<Sealed>;
  return iv instanceof Uint8Array && iv.length === 12 && data instanceof Uint8Array && data.length < 1_000_000;
}

function without<T>(all: Record<string, T>, key: string): Record<string, T> {
  const { [key]: _, ...rest } = all;
  return rest;
}

const rowKey = (id: string): string => `key:${id}`;
const aadOf = ({ origin, instance }: Bound): string => `v1|${origin}|${instance}`;
const bytes = (text: string): Bytes => new TextEncoder().encode(text);
const toBase64 = (data: Bytes): string => btoa(String.fromCharCode(...data));
const fromBase64 = (text: string): Bytes => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const listOf = (rows: Map<string, Row>): List =>
  Object.fromEntries([...rows].map(([id, { iv }]) => [id, toBase64(iv)]));
