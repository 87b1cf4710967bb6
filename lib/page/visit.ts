import type { CommandName, Input } from "../shared/commands";
import { createChips, type Chips } from "./chip";
import { scan, type Place } from "./scanner";

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
  const tell = <Name extends CommandName>(command: Name, input: Input<Name>) => {
    // Without an answer the extension was updated or removed, and this script with it.
    ask(command, input).catch(end);
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
    else if (waiting.push(place) === 1) ask("mayRun").then(begin).catch(end);
  };
  scan({ onPlace, onChange: () => chips?.check(), onGiveUp: end, signal });
  return visit;
}
