/** What a key is bound to. */
export interface Bound {
  id: string;
  origin: string;
  instance: string;
}

const LIST_AAD = "v1|list";

interface Sealed {
  iv: Bytes;
  data: Bytes;
}

/** How the records are sealed. */
export interface Header {
  v: 1;
  kdf: "PBKDF2-SHA256" | "device" | "none";
  it?: number;
  salt?: Bytes;
  key?: CryptoKey;
  /** The sealed `List`; also verifies a passphrase. */
  list?: Sealed;
}

/** One sealed key. */
export interface Row extends Sealed {
  v: 1;
  origin: string;
  instance: string;
}

/** A key before sealing. */
export interface Plain extends Bound {
  key: string;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** The records' nonces in base64, by id. */
export type List = Record<string, string>;

/** Returns random bytes. */
export function random(crypto: Crypto, length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** Imports a 32-byte AES key. */
export function importKey(crypto: Crypto, raw: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}

async function seal(crypto: Crypto, key: CryptoKey, text: string, aad: string): Promise<Sealed> {
  const iv = random(crypto, 12);
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bytes(aad) }, key, bytes(text));
  return { iv, data: new Uint8Array(data) };
}

/** Decrypts, or returns undefined. */
export async function unseal(
  crypto: Crypto,
  key: CryptoKey,
  { iv, data }: Sealed,
  aad: string,
): Promise<string | undefined> {
  try {
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: bytes(aad) }, key, data);
    return new TextDecoder().decode(plain);
  } catch {
    // One result for wrong key, flipped bit and other address.
    return undefined;
  }
}

/** Seals the list. */
export function sealList(crypto: Crypto, key: CryptoKey, list: List): Promise<Sealed> {
  return seal(crypto, key, JSON.stringify(list), LIST_AAD);
}

/** Unseals the list, or returns undefined. */
export async function unsealList(crypto: Crypto, key: CryptoKey, header: Header): Promise<List | undefined> {
  const text = header.list && (await unseal(crypto, key, header.list, LIST_AAD));
  return text === undefined ? undefined : (JSON.parse(text) as List);
}

/** Derives 32 key bytes from a passphrase. */
export async function derive(crypto: Crypto, passphrase: string, salt: Bytes, iterations: number): Promise<Bytes> {
  const given = await crypto.subtle.importKey("raw", bytes(normal(passphrase)), "PBKDF2", false, ["deriveBits"]);
  return new Uint8Array(
    await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, given, 256),
  );
}

/** Seals a key to its address. */
export async function sealRow(
  crypto: Crypto,
  key: CryptoKey,
  { origin, instance, key: value, id }: Plain,
): Promise<Row> {
  return { v: 1, origin, instance, ...(await seal(crypto, key, value, aadOf({ id, origin, instance }))) };
}

/** Keyboards may encode the same passphrase differently. */
function normal(passphrase: string): string {
  return passphrase.normalize("NFKC");
}

/** Validates a stored header. */
export function asHeader(value: unknown): Header | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { v, kdf, it, salt, key, list } = value as Partial<Header>;
  if (v !== 1) return undefined;
  if (kdf === "none") return { v, kdf };
  if (!isSealed(list)) return undefined;
  if (kdf === "device") return key instanceof CryptoKey ? { v, kdf, key, list } : undefined;
  // A tampered header must not weaken the key or hang the worker.
  const isSound =
    kdf === "PBKDF2-SHA256" && Number.isInteger(it) && (it as number) >= 600_000 && (it as number) <= 10_000_000;
  return isSound && salt instanceof Uint8Array && salt.length === 16 ? { v, kdf, it, salt, list } : undefined;
}

/** Validates a stored record. */
export function asRow(value: unknown): Row | undefined {
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

/** Additional data that binds a record to its address. */
export const aadOf = ({ origin, instance }: Bound): string => `v1|${origin}|${instance}`;

const bytes = (text: string): Bytes => new TextEncoder().encode(text);

/** Encodes base64. */
export const toBase64 = (data: Bytes): string => btoa(String.fromCharCode(...data));

/** Decodes base64. */
export const fromBase64 = (text: string): Bytes => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** Lists the nonces of records. */
export const listOf = (rows: Map<string, Row>): List =>
  Object.fromEntries([...rows].map(([id, { iv }]) => [id, toBase64(iv)]));
