import * as v from "valibot";
import { commands, type CommandName, type Commands, type Input, type Output } from "../shared/commands";
import { fail, type Reply } from "../shared/failure";
import { storeFailure } from "../store/trouble";
import type { Caller } from "./page/sender";

/**
 * Takes every message to the worker: shape, known, allowed, well-formed, then its handler.
 * Whatever comes in, a reply goes out; nothing of an unexpected exception leaves the worker but a code: what is wrong with
 * the store, or `broken`.
 */

type CallerOf<Name extends CommandName> = Extract<Caller, { from: Commands[Name]["from"] }>;

/** One handler for each command; a missing, misspelt or wrongly typed one does not compile. */
export type Handlers = {
  [Name in CommandName]: (input: Input<Name>, caller: CallerOf<Name>) => Promise<Reply<Output<Name>>>;
};

/** `caller` is what `callerOf` made of the sender: undefined is refused. */
export type Route = (message: unknown, caller: Caller | undefined) => Promise<Reply<unknown>>;

/** The router over a set of handlers. */
export function createRouter(handlers: Handlers): Route {
  return async (message, caller) => {
    try {
      const envelope = readEnvelope(message);
      if (!envelope) return fail("bad-input");
      if (!isCommand(envelope.command)) return fail("unknown-command");
      const { from, input: schema } = commands[envelope.command];
      if (caller?.from !== from) return fail("not-allowed");
      const input = readInput(schema, envelope.input);
      if (!input) return fail("bad-input");
      const handle = handlers[envelope.command] as (input: unknown, caller: Caller) => Promise<Reply<unknown>>;
      return await handle(input.value, caller);
    } catch (error) {
      return fail(storeFailure(error));
    }
  };
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}

/** `{command, input?}` with nothing else in it, or undefined. A hostile object (proxy, getter) can throw in here. */
function readEnvelope(message: unknown): { command: string; input: unknown } | undefined {
  try {
    if (!isRecord(message)) return undefined;
    if (Reflect.ownKeys(message).some((key) => key !== "command" && key !== "input")) return undefined;
    const command = Object.getOwnPropertyDescriptor(message, "command")?.value as unknown;
    const input = Object.getOwnPropertyDescriptor(message, "input")?.value as unknown;
    return typeof command === "string" ? { command, input } : undefined;
  } catch {
    // Only an object made to throw does; it is as good as malformed.
    return undefined;
  }
}

function readInput(schema: v.GenericSchema, input: unknown): { value: unknown } | undefined {
  try {
    if (input !== undefined && !isRecord(input)) return undefined;
    const read = v.safeParse(schema, input, { abortEarly: true });
    return read.success ? { value: read.output } : undefined;
  } catch {
    // As above: a getter that throws.
    return undefined;
  }
}

/** A plain object: a date, a map or a list without any field would pass for an empty input. */
function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Not `Object.prototype` itself: in Firefox a message may come with the one of another context.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
