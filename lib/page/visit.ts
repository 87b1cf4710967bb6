import type { Browser } from "webextension-polyfill";
import type { CommandName, Input, Output } from "../shared/commands";
import { createChips, type Chips } from "./chips";
import { get } from "./dom";
import type { Candidate } from "./find";
import { scan } from "./watch";

/** What a page script has of the browser, with promises in every browser of Manifest V3. */
export type Native = Pick<Browser, "runtime" | "i18n">;

/** In ms: how long candidates are gathered for one message. */
const GATHER = 100;
/** In ms: before a message is sent again (long enough for a worker that is ending), and between two looks at the rest. */
const AGAIN = 500;
/** Candidates of one message, those that wait before the scan rests, and those whose answer is kept. */
const MOST_TOGETHER = 100;
const MOST_WAITING = 1_000;
const MOST_KEPT = 500;

/**
 * Everything that the page script does on a page, until the controller that it gives is aborted. Says nothing before it
 * has found what may be an invite; then tells it, and is told which invites are in it, or that the site is paused.
 */
export function startVisit(native: () => Native | undefined): AbortController {
  const stop = new AbortController();
  const { signal } = stop;
  const end = () => stop.abort();
  const isAlive = () => native()?.runtime?.id;
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
  let timer: ReturnType<typeof setTimeout> | undefined;
  let chips: Chips | undefined;
  const show = ({ source, placeOf }: Candidate) => {
    for (const code of known.get(`${source}`)!) chips?.add(placeOf(code));
  };
  const read = async () => {
    const candidates = waiting.splice(0, MOST_TOGETHER);
    const reply = await ask("reportInvites", { sources: candidates.map(({ source }) => source) });
    if (!reply || signal.aborted) return end();
    if (known.size > MOST_KEPT) known.clear();
    // A drawing or a file of data has no room beside its body: a layer would be a part of what it shows.
    const isPage = get(document.documentElement, "localName") === "html";
    if (isPage && reply.invites.flat().length) chips ??= begin(reply.look);
    candidates.forEach((candidate, i) => {
      // Without an answer it is no invite, and the visit goes on.
      known.set(`${candidate.source}`, reply.invites[i] ?? []);
      show(candidate);
    });
    timer = undefined;
    gather();
  };
  const gather = () => {
    if (waiting.length && !signal.aborted) timer ??= setTimeout(() => void read().catch(end), GATHER);
  };
  const onCandidate = (candidate: Candidate) => {
    if (known.has(`${candidate.source}`)) show(candidate);
    else waiting.push(candidate);
    gather();
  };
  const begin = (look: string) => {
    const heartbeat = setInterval(() => {
      if (isAlive() && !signal.aborted) {
        if (!document.hidden) chips?.look();
        return;
      }
      clearInterval(heartbeat);
      end();
    }, AGAIN);
    const { i18n } = native()!;
    const words = { label: i18n.getMessage("page_chip"), group: i18n.getMessage("page_chips") };
    return createChips({ ...words, look, onPress, stop });
  };
  const isFull = () => waiting.length >= MOST_WAITING;
  scan({ onCandidate, isFull, onChange: () => chips?.check(), stop });
  return stop;
}
