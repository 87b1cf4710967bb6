import type { Browser } from "webextension-polyfill";
import type { CommandName, Input, Output } from "../shared/commands";
import { createChips, type Chips } from "./chip";
import { scan, type Candidate } from "./scanner";

/** In ms: how long candidates are gathered for one message. */
const GATHER = 100;
/** In ms: before a message is sent again (long enough for a worker that is ending), and between two looks at the rest. */
const AGAIN = 500;
/** Candidates of one message, of one page ever, and those whose answer is kept. */
const MOST = { together: 100, ever: 20_000, kept: 500 };

/**
 * Everything that the page script does on a page, until the controller that it gives is aborted. Says nothing before it
 * has found what may be an invite; then tells it, and is told which invites are in it, or that the site is paused.
 */
export function startVisit(native: () => Browser | undefined): AbortController {
  const visit = new AbortController();
  const { signal } = visit;
  const end = () => visit.abort();
  const isAlive = () => !!native()?.runtime?.id;
  const ask = async <Name extends CommandName>(command: Name, input: Input<Name>, isAgain?: true) => {
    try {
      const reply: { value?: Output<Name> } | undefined = await native()!.runtime.sendMessage({ command, input });
      return reply?.value;
    } catch (error) {
      // A worker that just ends answers nothing, and the next message wakes another.
      if (isAgain || !isAlive()) throw error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
      return ask(command, input, true);
    }
  };
  // A press without an answer: the extension was updated or removed, and this script with it.
  const onPress = (code: string) => void ask("stageInvite", { code }).catch(end);

  const waiting: Candidate[] = [];
  /** The invites of sources that were read; a page that draws itself anew has the same again. */
  const known = new Map<string, string[]>();
  let count = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let chips: Chips | undefined;
  const show = ({ source, placeOf }: Candidate) => {
    for (const code of known.get(`${source}`) ?? []) (chips ??= begin()).add(placeOf(code));
  };
  const read = async () => {
    if (signal.aborted) return;
    const candidates = waiting.splice(0, MOST.together);
    const invites = await ask("reportInvites", { sources: candidates.map(({ source }) => source) });
    if (!invites || signal.aborted || (count += candidates.length) > MOST.ever) return end();
    if (known.size > MOST.kept) known.clear();
    for (const [i, { source }] of candidates.entries()) known.set(`${source}`, invites[i] ?? []);
    candidates.forEach(show);
    timer = undefined;
    gather();
  };
  const gather = () => {
    if (waiting.length) timer ??= setTimeout(() => void read().catch(end), GATHER);
  };
  const onCandidate = (candidate: Candidate) => {
    if (known.has(`${candidate.source}`)) show(candidate);
    else waiting.push(candidate);
    gather();
  };
  const begin = () => {
    const heartbeat = setInterval(() => isAlive() || end(), AGAIN);
    signal.addEventListener("abort", () => clearInterval(heartbeat));
    const label = native()!.i18n.getMessage("page_chip");
    return createChips({ label, onPress, onGiveUp: end, signal });
  };
  scan({ onCandidate, onChange: () => chips?.check(), onGiveUp: end, signal });
  return visit;
}
