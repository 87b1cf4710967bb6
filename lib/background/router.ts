import * as v from "valibot";
import { commands, type CommandName, type Commands, type Input, type Output } from "../shared/commands";
import { fail, type Reply } from "../shared/failure";
import { storeFailure } from "../store/trouble";
import type { Caller } from "./page/sender";

type CallerOf<Name extends CommandName> = Extract<Caller, { from: Commands[Name]["from"] }>;

/** A handler for each command. */
export type Handlers = {
  [Name in CommandName]: (input: Input<Name>, caller: CallerOf<Name>) => Promise<Reply<Output<Name>>>;
};

/** Answers a message; refuses it without a `caller`. */
export type Route = (message: unknown, caller: Caller | undefined) => Promise<Reply<unknown>>;

/**
 * Creates the router, which checks form, command, sender and input before the handler. Exceptions become failure codes.
 */
export function createRouter(handlers: Handlers): Route {
  return async (message, caller) => {
    try {
      const envelope = readEnvelope(message);
      if (!envelope) return fail("bad-input");
      if (!isCommand(envelope.command)) return fail("unknown-command");
      const { from, input: schema } = commands[envelope.command];
      if (caller?.from !== from) return fail("not-allowed");
      const input = readInput(schema, envelope.input);
      if (!input) return fail(from === "extension" && isTooLong(schema, envelope.input) ? "too-many" : "bad-input");
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

/** Accepts only `{command, input?}`. A hostile proxy or getter may throw here. */
function readEnvelope(message: unknown): { command: string; input: unknown } | undefined {
  try {
    if (!isRecord(message)) return undefined;
    if (Reflect.ownKeys(message).some((key) => key !== "command" && key !== "input")) return undefined;
    const command = Object.getOwnPropertyDescriptor(message, "command")?.value as unknown;
    const input = Object.getOwnPropertyDescriptor(message, "input")?.value as unknown;
    return typeof command === "string" ? { command, input } : undefined;
  } catch {
    return undefined;
  }
}

function readInput(schema: v.GenericSchema, input: unknown): { value: unknown } | undefined {
  try {
    if (input !== undefined && !isRecord(input)) return undefined;
    const read = v.safeParse(schema, input, { abortEarly: true });
    return read.success ? { value: read.output } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a refused input is only too long a list. */
function isTooLong(schema: v.GenericSchema, input: unknown): boolean {
  const [issue] = v.safeParse(schema, input, { abortEarly: true }).issues ?? [];
  return issue?.type === "max_length" && Array.isArray(issue.input);
}

/** Excludes dates, maps and lists, which would pass as empty inputs. */
function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // In Firefox, `Object.prototype` may come from another context.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
