import type { Signal } from "@preact/signals";
import type { Failure } from "../../lib/shared/failure";
import type { Connection, Protection } from "../../lib/shared/model";
import { useShell } from "./shell";

/** What storing a key asks for: a way to keep it, the passphrase of the locked vault, or nothing. */
export type AskedProtection = "mode" | "passphrase" | undefined;

/** Whether the vault is locked, as the worker notes at every connection; the sample groups can be used all the same. */
export function isVaultLocked(connections: Connection[] | undefined): boolean {
  return connections?.some(({ trouble }) => trouble === "locked") === true;
}

/** Returns what storing a key asks for. */
export function useAskedProtection(): AskedProtection {
  const { connections, settings } = useShell();
  const { protection, policy } = settings.value;
  const hasAccount = connections.value?.some(({ isSandbox }) => !isSandbox);
  const isAllowed = policy?.requirePassphrase !== true || protection === "passphrase";
  if (protection === undefined || !hasAccount || !isAllowed) return "mode";
  return isVaultLocked(connections.value) ? "passphrase" : undefined;
}

/** What the agent chooses and types. */
export interface ProtectionFields {
  protection: Signal<Protection>;
  passphrase: Signal<string>;
}

/** Returns that as input of the commands that store a key. */
export function givenProtection(
  asked: AskedProtection,
  { protection, passphrase }: ProtectionFields,
): { protection?: Protection; passphrase?: string } {
  if (asked === "passphrase") return { passphrase: passphrase.value };
  if (asked === undefined) return {};
  return protection.value === "passphrase"
    ? { protection: "passphrase", passphrase: passphrase.value }
    : { protection: protection.value };
}

/** Whether the field of the passphrase shows a failure. */
export function isAtPassphrase(
  failure: Failure | undefined,
  asked: AskedProtection,
  { protection }: Pick<ProtectionFields, "protection">,
): boolean {
  if (asked === "passphrase") return failure?.code === "wrong-passphrase";
  return asked === "mode" && protection.value === "passphrase" && failure?.code === "weak-passphrase";
}
