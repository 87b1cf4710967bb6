import { OPEN_FLAG } from "../../shared/model";
import type { Plain } from "./sealed";

/** What the open state needs. */
export interface OpenPorts {
  session: {
    get(key: string): Promise<Record<string, unknown>>;
    set(items: Record<string, unknown>): Promise<void>;
    remove(keys: string[]): Promise<void>;
  };
  now: () => number;
  /** Called after a clock set back locked the vault. */
  locked: () => void;
}

const CLOCK_SLACK = 60_000;

/** Key in `storage.session`. */
export const SLOT = "vault";

/** What opens the vault, in `storage.session`. */
export interface Open {
  /** Derived key in base64 (passphrase mode). */
  key?: string;
  /** The keys themselves (session mode). */
  keys?: Record<string, Plain>;
  seenAt: number;
}

/** Reads the open state. */
export async function readOpen(ports: OpenPorts): Promise<Open | undefined> {
  const { session } = ports;
  return (await session.get(SLOT))[SLOT] as Open | undefined;
}

/** Opens the vault. */
export function saveOpen(ports: OpenPorts, open: Omit<Open, "seenAt">): Promise<void> {
  const { session, now } = ports;
  return session.set({ [SLOT]: { ...open, seenAt: now() }, [OPEN_FLAG]: true });
}

/** Closes the vault. */
export function close(ports: OpenPorts): Promise<void> {
  const { session } = ports;
  return session.remove([SLOT, OPEN_FLAG]);
}

/** Returns the open state; a clock set back closes the vault. */
export async function currentOpen(ports: OpenPorts): Promise<Open | undefined> {
  const { now, locked, session } = ports;
  const open = await readOpen(ports);
  if (!open) return undefined;
  if (open.key !== undefined && now() < open.seenAt - CLOCK_SLACK) {
    await close(ports);
    locked();
    return undefined;
  }
  if (now() > open.seenAt + 5000) await session.set({ [SLOT]: { ...open, seenAt: now() } });
  return open;
}
