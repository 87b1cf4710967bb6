import type { Browser } from "webextension-polyfill";
import type { CommandName, Input, Output } from "../shared/commands";
import { createChips, type Chips } from "./chips";
import { get } from "./dom";
import type { Candidate } from "./find";
import { scan } from "./watch";

/** The browser in a page script, with promises. */
export type Native = Pick<Browser, "runtime" | "i18n">;

/** Ms of gathering candidates for one message. */
const GATHER = 100;
/** Ms before repeating a message (enough for a worker to end), and between heartbeats. */
const AGAIN = 500;
/** Candidates per message, waiting before the scan rests, and with a remembered answer. */
const MOST_TOGETHER = 100;
const MOST_WAITING = 1_000;
const MOST_KEPT = 500;

/** Runs the page script until the returned controller aborts. Sends nothing before finding a candidate. */
export function startVisit(native: () => Native | undefined): AbortController {
  const stop = new AbortController();
  const { signal } = stop;
  const end = () => stop.abort();
  // No answer: the extension was updated or removed, with this script.
  const onPress = (code: string) => void ask(native, "askToJoin", { code }).catch(end);

  const waiting: Candidate[] = [];
  /** Invites per source; redrawing pages repeat them. */
  const known = new Map<string, string[]>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let chips: Chips | undefined;
  const show = ({ source, placeOf }: Candidate) => {
    for (const code of known.get(`${source}`)!) chips?.add(placeOf(code));
  };
  const read = async () => {
    const candidates = waiting.splice(0, MOST_TOGETHER);
    const reply = await ask(native, "reportInvites", { sources: candidates.map(({ source }) => source) });
    if (!reply || signal.aborted) return end();
    if (known.size > MOST_KEPT) known.clear();
    // A drawing or data file has no room beside its body.
    const isPage = get(document.documentElement, "localName") === "html";
    if (isPage && reply.invites.flat().length) chips ??= begin(reply.style);
    candidates.forEach((candidate, i) => {
      // Candidates without an answer are not invites.
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
  const begin = (style: string) => {
    keepBeating(native, () => chips?.poll(), stop);
    const { i18n } = native()!;
    const words = { label: i18n.getMessage("page_chip"), group: i18n.getMessage("page_chips") };
    return createChips({ ...words, style, onPress, stop });
  };
  const isFull = () => waiting.length >= MOST_WAITING;
  scan({ onCandidate, isFull, onChange: () => chips?.check(), stop });
  return stop;
}

/** Whether the extension is still the one that this script came from. */
const isAlive = (native: () => Native | undefined) => native()?.runtime?.id;

/** Returns the worker's answer; an ending worker is asked twice. Rejects once the extension is gone. */
async function ask<Name extends CommandName>(
  native: () => Native | undefined,
  command: Name,
  input: Input<Name>,
  isAgain?: true,
): Promise<Output<Name> | undefined> {
  try {
    const reply: { value?: Output<Name> } | undefined = await native()!.runtime.sendMessage({ command, input });
    return reply?.value;
  } catch (error) {
    // An ending worker does not answer; the next message starts another.
    if (isAgain || !isAlive(native)) throw error;
    await new Promise((resolve) => setTimeout(resolve, AGAIN));
    return ask(native, command, input, true);
  }
}

/** Calls `beat` now and then while the page is seen, until `stop` aborts; aborts it once the extension is gone. */
function keepBeating(native: () => Native | undefined, beat: () => void, stop: AbortController): void {
  const heartbeat = setInterval(() => {
    if (isAlive(native) && !stop.signal.aborted) {
      if (!document.hidden) beat();
      return;
    }
    clearInterval(heartbeat);
    stop.abort();
  }, AGAIN);
}
