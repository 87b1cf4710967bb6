import browser from "webextension-polyfill";
import type { CommandName, Input, Output } from "./commands";
import { fail, type Reply } from "./failure";

/** The envelope of every message to the worker. */
export interface Envelope {
  command: CommandName;
  input: unknown;
}

/**
 * Sends a command to the worker and gives its reply. Never throws: a worker that cannot be reached (an update in
 * progress) gives `no-answer`.
 */
export async function send<Name extends CommandName>(
  command: Name,
  ...[input]: undefined extends Input<Name> ? [] : [Input<Name>]
): Promise<Reply<Output<Name>>> {
  try {
    const envelope: Envelope = { command, input };
    const reply = (await browser.runtime.sendMessage(envelope)) as Reply<Output<Name>> | undefined;
    return reply ?? fail("no-answer");
  } catch {
    return fail("no-answer");
  }
}
