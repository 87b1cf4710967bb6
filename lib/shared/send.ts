import browser from "webextension-polyfill";
import type { CommandName, Input, Output } from "./commands";
import { fail, type Reply } from "./failure";

/** The envelope of every message to the worker. */
interface Envelope {
  command: CommandName;
  input: unknown;
}

/**
 * What is sent again when the worker died before it answered: commands that read, and those whose repetition is
 * the same as doing them once (a job is known by its nonce).
 */
const REPEATABLE: ReadonlySet<CommandName> = new Set<CommandName>([
  "refreshGroups",
  "refreshGroup",
  "readInvite",
  "checkPerson",
  "markUsed",
  "pinGroup",
  "planMembership",
  "pageView",
  "startJob",
  "saveSettings",
  "probeConnection",
  "unlock",
  "lock",
]);

/** Before another try, in ms: long enough for a worker that is ending. */
const WAITS = [200, 800, 2000] as const;

/**
 * Sends a command to the worker and returns its reply. Never throws: a worker that cannot be reached (an update in
 * progress) returns `no-answer`.
 */
export async function send<Name extends CommandName>(
  command: Name,
  ...[input]: undefined extends Input<Name> ? [input?: Input<Name>] : [Input<Name>]
): Promise<Reply<Output<Name>>> {
  const envelope: Envelope = { command, input };
  for (const wait of REPEATABLE.has(command) ? WAITS : []) {
    const reply = await sendOnce<Name>(envelope);
    if (reply) return reply;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
  return (await sendOnce<Name>(envelope)) ?? fail("no-answer");
}

/** Undefined when the worker went before it answered. Once it is gone, the next message wakes another. */
async function sendOnce<Name extends CommandName>(envelope: Envelope): Promise<Reply<Output<Name>> | undefined> {
  try {
    return (await browser.runtime.sendMessage(envelope)) as Reply<Output<Name>> | undefined;
  } catch {
    return undefined;
  }
}
