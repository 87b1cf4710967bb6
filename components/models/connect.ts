import { createModel, signal, type Signal } from "@preact/signals";
import browser from "webextension-polyfill";
import { hostPattern, readAddress } from "../../lib/shared/address";
import { fail, type Failure, ok, type Reply } from "../../lib/shared/failure";
import type { Auth, Connection, Dialect, Instance, Protection } from "../../lib/shared/model";
import type { Input } from "../../lib/shared/commands";
import { toPersonId } from "../../lib/shared/person";
import { send } from "../../lib/shared/send";
import { givenProtection, type AskedProtection } from "./protection";

/** Wappfy's own gateway. */
export const DEFAULT_ORIGIN = "https://api.wappfy.io";

/** Requests access to a gateway's host, directly from a press; false if declined, undefined for a bad address. */
export function requestHost(address: string): Promise<boolean> | undefined {
  const origin = readAddress(address);
  return origin === undefined ? undefined : browser.permissions.request({ origins: [hostPattern(origin)] });
}

/** Proves by reading that a key opens an instance. Failures: `key-refused`, `instance-gone`, `offline` … */
export async function proveKey(
  input: Omit<Input<"probeConnection">, "instance">,
  instance: string,
): Promise<Reply<unknown>> {
  const listed = await send("probeConnection", input);
  // An unlisted instance may have a second id; reading its groups proves it.
  return !listed.ok || isListed(listed.value.instances, instance)
    ? listed
    : send("probeConnection", { ...input, instance });
}

function isListed(instances: Instance[] | null, instance: string): boolean {
  return instances?.some(({ id }) => id === instance) === true;
}

function openFields() {
  return {
    address: signal(DEFAULT_ORIGIN),
    key: signal(""),
    auth: signal<Auth>("api-key"),
    dialect: signal<Dialect>("guide"),
    step: signal<"key" | "instance">("key"),
    /** null: the gateway lists none, so the agent types the id. */
    instances: signal<Instance[] | null>(null),
    instance: signal(""),
    /** Typed if the gateway sends none. */
    number: signal(""),
    protection: signal<Protection>("passphrase"),
    passphrase: signal(""),
    failure: signal<Failure | undefined>(undefined),
    isBusy: signal(false),
  };
}

type Fields = ReturnType<typeof openFields>;

/** Two steps to a connection: prove the key, then choose instance and protection. */
export const ConnectModel = createModel(() => {
  const fields = openFields();
  return {
    ...fields,
    change:
      <T>(field: Signal<T>) =>
      (value: T) => {
        field.value = value;
        fields.failure.value = undefined;
      },
    /** `only`: the instance that the company fixes. */
    prove: (only?: string) => once(fields, () => prove(fields, only)),
    /** Returns the connection once in use. */
    save: (asked: AskedProtection) => once(fields, () => save(fields, asked)),
  };
});

/** Starts `work` synchronously unless other work is under way; shows its failure. */
async function once<T>({ isBusy, failure }: Fields, work: () => Promise<Reply<T>>): Promise<T | undefined> {
  if (isBusy.value) return undefined;
  isBusy.value = true;
  failure.value = undefined;
  const reply = await work();
  isBusy.value = false;
  failure.value = reply.ok ? undefined : reply.failure;
  return reply.ok ? reply.value : undefined;
}

function keyOf({ address, key, auth, dialect }: Fields) {
  return { origin: address.value.trim(), key: key.value.trim(), auth: auth.value, dialect: dialect.value };
}

async function prove(fields: Fields, only: string | undefined): Promise<Reply<void>> {
  const { address, instances, instance, step } = fields;
  const given = keyOf(fields);
  const asked = requestHost(address.value);
  // The worker explains invalid addresses.
  const isAllowed = await (asked ?? Promise.resolve(true)).catch(() => false);
  const reply = isAllowed ? await send("probeConnection", given) : fail("no-permission");
  // The answer is about another key than the edited one.
  if (JSON.stringify(keyOf(fields)) !== JSON.stringify(given)) return ok(undefined);
  if (!reply.ok) return reply;
  const listed = reply.value.instances;
  instances.value = listed;
  // An earlier key may have listed others.
  if (listed?.[0] && only === undefined && !isListed(listed, instance.value)) instance.value = listed[0].id;
  step.value = "instance";
  return ok(undefined);
}

async function save(fields: Fields, asked: AskedProtection): Promise<Reply<Connection>> {
  const { instances, number, passphrase, key } = fields;
  // The agent may go back and edit the key during the proof.
  const given = keyOf(fields);
  const instance = fields.instance.value.trim();
  if (!isListed(instances.value, instance)) {
    // A typed or fixed id may be wrong.
    const proof = await send("probeConnection", { ...given, instance });
    if (!proof.ok) return proof;
  }
  const digits = number.value.replace(/\D/g, "");
  const chosen = instances.value?.find(({ id }) => id === instance);
  const reply = await send("addConnection", {
    name: (chosen?.name || instance).slice(0, 100),
    ...given,
    instance,
    ...givenProtection(asked, fields),
    ownNumber: chosen?.number ?? (digits ? toPersonId(digits) : undefined),
  });
  if (reply.ok) {
    key.value = "";
    passphrase.value = "";
  }
  return reply;
}

/** Whether a key has characters no header can carry. */
export function isBadKey(key: string): boolean {
  return !/^[\x21-\x7e]*$/.test(key.trim());
}
