import { createModel, signal, type Signal } from "@preact/signals";
import browser from "webextension-polyfill";
import { hostPattern, readAddress } from "../../lib/shared/address";
import type { Failure, Reply } from "../../lib/shared/failure";
import type { Auth, Connection, Dialect, Instance, Protection } from "../../lib/shared/model";
import type { Input } from "../../lib/shared/commands";
import { toPersonId } from "../../lib/shared/person";
import { send } from "../../lib/shared/send";

/** Where Wappfy's own gateway answers. */
export const DEFAULT_ORIGIN = "https://api.wappfy.io";

/**
 * Asks the browser for access to a gateway's host; false when the agent says no. Must be called straight from a press:
 * nothing may be awaited before it. Undefined when the address cannot be one; the worker then says why.
 */
export function requestHost(address: string): Promise<boolean> | undefined {
  const origin = readAddress(address);
  return origin === undefined ? undefined : browser.permissions.request({ origins: [hostPattern(origin)] });
}

/**
 * Proves with harmless readings that a key opens an instance. Fails as the gateway does: `key-refused`, `instance-gone`,
 * `offline` …
 */
export async function proveKey(
  input: Omit<Input<"probeConnection">, "instance">,
  instance: string,
): Promise<Reply<unknown>> {
  const listed = await send("probeConnection", input);
  // An instance that is not listed may have a second id; reading its groups shows that.
  const isListed = !listed.ok || listed.value.instances?.some(({ id }) => id === instance);
  return isListed ? listed : send("probeConnection", { ...input, instance });
}

/** The two steps to a connection: prove the key, then choose the instance and how the key is kept. */
export const ConnectModel = createModel(() => {
  const address = signal(DEFAULT_ORIGIN);
  const key = signal("");
  const auth = signal<Auth>("api-key");
  const dialect = signal<Dialect>("guide");
  const step = signal<"key" | "instance">("key");
  /** null: this gateway does not list its instances, so the agent types the id. */
  const instances = signal<Instance[] | null>(null);
  const instance = signal("");
  /** The own number as it was typed, where the gateway does not send it. */
  const number = signal("");
  const protection = signal<Protection>("passphrase");
  const passphrase = signal("");
  const failure = signal<Failure | undefined>(undefined);
  const isBusy = signal(false);

  const input = () => ({
    origin: address.value.trim(),
    key: key.value.trim(),
    auth: auth.value,
    dialect: dialect.value,
  });

  /** Proves address and key with one harmless reading. */
  const prove = async () => {
    if (isBusy.value) return;
    failure.value = undefined;
    const asked = requestHost(address.value);
    isBusy.value = true;
    // Without an address there is nothing to ask for, and the worker says what is wrong with it.
    const isAllowed = await (asked ?? Promise.resolve(true)).catch(() => false);
    if (!isAllowed) failure.value = { code: "no-permission" };
    else {
      const reply = await send("probeConnection", input());
      if (reply.ok) {
        instances.value = reply.value.instances;
        if (reply.value.instances?.[0] && instance.value === "") instance.value = reply.value.instances[0].id;
        step.value = "instance";
      } else failure.value = reply.failure;
    }
    isBusy.value = false;
  };

  /** Saves the connection; returns it once it is in use. `askProtection` is false when the vault has its mode already. */
  const save = async (askProtection: boolean): Promise<Connection | undefined> => {
    if (isBusy.value) return undefined;
    isBusy.value = true;
    failure.value = undefined;
    if (!instances.value?.length) {
      // A typed id may be wrong, and a connection that never works must not look like one.
      const proof = await send("probeConnection", { ...input(), instance: instance.value.trim() });
      if (!proof.ok) {
        isBusy.value = false;
        failure.value = proof.failure;
        return undefined;
      }
    }
    const digits = number.value.replace(/\D/g, "");
    const chosen = instances.value?.find(({ id }) => id === instance.value);
    const reply = await send("addConnection", {
      name: chosen?.name || instance.value.trim(),
      ...input(),
      instance: instance.value.trim(),
      protection: protection.value,
      passphrase: askProtection && protection.value === "passphrase" ? passphrase.value : undefined,
      ownNumber: chosen?.number ?? (digits ? toPersonId(digits) : undefined),
    });
    isBusy.value = false;
    failure.value = reply.ok ? undefined : reply.failure;
    if (!reply.ok) return undefined;
    key.value = "";
    passphrase.value = "";
    return reply.value;
  };

  return {
    address,
    key,
    auth,
    dialect,
    step,
    instances,
    instance,
    number,
    protection,
    passphrase,
    failure,
    isBusy,
    // What is changed is not what failed.
    change:
      <T>(field: Signal<T>) =>
      (value: T) => {
        field.value = value;
        failure.value = undefined;
      },
    prove,
    save,
  };
});

/** Whether a key holds what no header can carry, such as a letter of another script or a blank within. */
export function isBadKey(key: string): boolean {
  return !/^[\x21-\x7e]*$/.test(key.trim());
}
