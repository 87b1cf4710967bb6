import { get } from "./dom";
import { findCandidates, type Candidate } from "./find";

/**
 * Watches a page for what may hold an invite: first the whole page, then what is added or rewritten. Works in slices
 * between frames, within a budget, so that a page without an invite feels nothing.
 */

export interface Scan {
  /** Called with each candidate in the order in which they are met; the same one may come again. */
  onCandidate: (candidate: Candidate) => void;
  /** Whether enough candidates wait for their answer; the scan rests until some were answered. */
  isFull: () => boolean;
  /** Called when something was added, removed, moved or rewritten, before it is painted. */
  onChange: () => void;
  /** Ends the scan; aborted by it when the page makes so much work that the scan ends for good. */
  stop: AbortController;
}

/** Attributes that pages rewrite when a link gets another target. To watch all of them costs a busy page too much. */
const CHANGING = (
  "contenteditable href action formaction onclick on @click x-on:click v-on:click ng-click data-href data-url data-link " +
  "data-target-url data-clipboard-text"
).split(" ");
/** Nodes that wait to be looked at; beyond it the whole page is looked at once instead. */
const LONGEST_QUEUE = 5_000;
/**
 * Elements that are asked for an open shadow root in one go, the outermost first, and how many more for each root that is
 * found, since a page that is made of such has them everywhere; one more for each ms that passes. There is no selector for
 * them, and to ask all elements of a large page costs more than all the rest.
 */
const MOST_HOSTS = 1_000;
const MORE_HOSTS = 20;
/** In ms: how long the scan rests while enough candidates wait. */
const REST = 200;
/** Nodes and milliseconds of one slice. */
const SLICE_NODES = 500;
const SLICE_TIME = 4;
/**
 * Milliseconds of work that a page may cause in one go; a hundredth of the time that passes is given back. On a busy
 * computer the same work takes several times as long.
 */
const ALLOWANCE = 4_000;

/** Finds the candidates of a page now and those that come, until the visit ends. */
export function scan({ onCandidate, isFull, onChange, stop }: Scan): void {
  const { signal } = stop;
  const queue = new Set<Node>();
  const reader = new Range();
  let search: Iterator<Candidate | null> | undefined;
  let isScheduled = false;
  let allowance = ALLOWANCE;
  let hosts = MOST_HOSTS;
  let lastSlice = 0;

  const observer = new MutationObserver((records) => {
    const started = performance.now();
    for (const { type, target, addedNodes } of records) {
      if (type !== "childList") queue.add(target);
      for (const node of addedNodes) queue.add(node);
    }
    if (queue.size > LONGEST_QUEUE) {
      queue.clear();
      search = undefined;
      queue.add(document);
    }
    onChange();
    schedule();
    spend(started);
  });
  const watch = (root: Node) => {
    observer.observe(root, { subtree: true, childList: true, characterData: true, attributeFilter: CHANGING });
  };
  const onHost = (host: Element, root: ShadowRoot | null) => {
    if (root) watch(root);
    // An element whose script comes later gets its root later, and nothing tells of it.
    else if (/-/.test(get(host, "localName"))) {
      const lookAgain = () => {
        if (get(host, "shadowRoot")) queue.add(host);
        schedule();
      };
      for (const delay of [1_000, 4_000]) setTimeout(lookAgain, delay);
    }
    return (hosts += root ? MORE_HOSTS : -1) < 0;
  };
  const spend = (started: number) => {
    const now = performance.now();
    const passed = now - lastSlice;
    allowance = Math.min(ALLOWANCE, allowance + passed / 100) - (now - started);
    hosts = Math.min(MOST_HOSTS, hosts + passed);
    lastSlice = now;
    if (allowance < 0) stop.abort();
  };
  const schedule = () => {
    if (isScheduled || signal.aborted || !(search || queue.size)) return;
    isScheduled = true;
    if (isFull()) setTimeout(work, REST);
    else requestIdleCallback(work, { timeout: 200 });
  };
  const work = () => {
    isScheduled = false;
    if (signal.aborted) return;
    const started = performance.now();
    for (let nodes = 0; nodes < SLICE_NODES && !isFull() && performance.now() - started < SLICE_TIME; nodes += 1) {
      search ??= next();
      if (!search) break;
      const { done, value } = search.next();
      if (done) search = undefined;
      else if (value) onCandidate(value);
    }
    schedule();
    spend(started);
  };
  const next = () => {
    for (const node of queue) {
      queue.delete(node);
      if (get(node, "isConnected")) return findCandidates(node, reader, onHost);
    }
    return undefined;
  };

  watch(document);
  queue.add(document);
  schedule();
  signal.addEventListener("abort", () => observer.disconnect());
}
