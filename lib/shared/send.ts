import { ownBrowser } from "./browser";
import type { CommandName, Input, Output } from "./commands";
import { fail, type Reply } from "./failure";

interface Envelope {
  command: CommandName;
  input: unknown;
}

/** Commands repeated if the worker died before answering; repeating changes nothing (jobs have a nonce). */
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

/** Before retries, in ms. */
const WAITS = [200, 800, 2000] as const;

/** Sends a command to the worker; returns its reply, or `no-answer`. Never throws. */
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

/** Undefined if the worker ended before answering; the next message starts another. */
async function sendOnce<Name extends CommandName>(envelope: Envelope): Promise<Reply<Output<Name>> | undefined> {
  try {
    return (await ownBrowser().runtime.sendMessage(envelope)) as Reply<Output<Name>> | undefined;
  } catch {
    return undefined;
  }
}
