import type { CommandName, Input } from "../shared/commands";
import { createChips, type Chips } from "./chip";
import { scan, type Place } from "./scanner";

/** Before a message is sent again, in ms: long enough for a worker that is ending. */
const AGAIN = 500;

export interface VisitInput {
  /** Sends a command to the worker; true when its reply is a plain yes. Rejects when there is no worker any more. */
  ask: <Name extends CommandName>(command: Name, input?: Input<Name>) => Promise<boolean>;
  /** Whether the extension that this script came with still runs. */
  isAlive: () => boolean;
  /** The words on every chip. */
  label: string;
}

/**
 * Everything that the page script does on a page, until the controller that it gives is aborted. Says nothing before it
 * has found an invite; then asks whether it may run on this site, shows the chips and tells which codes there are.
 */
export function startVisit({ ask, isAlive, label }: VisitInput): AbortController {
  const visit = new AbortController();
  const { signal } = visit;
  const end = () => visit.abort();
  /** A worker that just ends answers nothing, and the next message wakes another. */
  const askTwice: VisitInput["ask"] = (command, input) =>
    ask(command, input).catch(async (error: unknown) => {
      if (!isAlive()) throw error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
      return ask(command, input);
    });
  const tell = <Name extends CommandName>(command: Name, input: Input<Name>) => {
    // Without an answer the extension was updated or removed, and this script with it.
    askTwice(command, input).catch(end);
  };
  const waiting: Place[] = [];
  let chips: Chips | undefined;
  const begin = (mayRun: boolean) => {
    if (!mayRun || signal.aborted) return end();
    chips = createChips({
      label,
      isAlive,
      onCodes: (codes) => tell("reportInvites", { codes }),
      onPress: (code) => tell("stageInvite", { code }),
      onEnd: end,
      signal,
    });
    for (const place of waiting) chips.add(place);
  };
  const onPlace = (place: Place) => {
    if (chips) chips.add(place);
    else if (waiting.push(place) === 1) askTwice("mayRun").then(begin).catch(end);
  };
  scan({ onPlace, onChange: () => chips?.check(), onGiveUp: end, signal });
  return visit;
}
