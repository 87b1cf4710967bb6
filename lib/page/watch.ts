import { get } from "./dom";
import { findCandidates, type Candidate } from "./find";

/**
 * Watches a page for possible invites: all of it, then its changes, in idle slices within a budget; unnoticeable on
 * pages without invites.
 */

export interface Scan {
  /** May repeat a candidate. */
  onCandidate: (candidate: Candidate) => void;
  /** The scan rests while enough candidates wait. */
  isFull: () => boolean;
  /** Called before a change is painted. */
  onChange: () => void;
  /** Aborted here if the page causes too much work. */
  stop: AbortController;
}

/** Rewritten when a link's target changes; watching all attributes would slow busy pages. */
const CHANGING = (
  "contenteditable href action formaction onclick on @click x-on:click v-on:click ng-click data-href data-url data-link " +
  "data-target-url data-clipboard-text"
).split(" ");
/** Beyond it, the whole page is searched instead. */
const LONGEST_QUEUE = 5_000;
/**
 * Elements checked for a shadow root at once, outermost first, plus some per root found and one per ms. No selector
 * finds roots, and checking a large page whole is too slow.
 */
const MOST_HOSTS = 1_000;
const MORE_HOSTS = 20;
/** Ms of rest while enough candidates wait. */
const REST = 200;
const SLICE_NODES = 500;
const SLICE_TIME = 4;
/** Ms of work a page may cause at once; 1% of passing time is added. Busy computers need several times as long. */
const ALLOWANCE = 4_000;

/** Finds present and future candidates until `stop` aborts. */
export function scan({ onCandidate, isFull, onChange, stop }: Scan): void {
  const { signal } = stop;
  const queue = new Set<Node>();
  const reader = new Range();
  const budget = createBudget(stop);
  let search: Iterator<Candidate | null> | undefined;
  let isScheduled = false;

  const observer = new MutationObserver((records) => {
    const started = performance.now();
    if (collect(records, queue)) search = undefined;
    onChange();
    schedule();
    budget.spend(started);
  });
  const watch = (root: Node) => {
    observer.observe(root, { subtree: true, childList: true, characterData: true, attributeFilter: CHANGING });
  };
  const onHost = (host: Element, root: ShadowRoot | null) => {
    if (root) watch(root);
    // A custom element defined later gets its root without notice.
    else if (/-/.test(get(host, "localName"))) {
      const lookAgain = () => {
        if (get(host, "shadowRoot")) queue.add(host);
        schedule();
      };
      for (const delay of [1_000, 4_000]) setTimeout(lookAgain, delay);
    }
    return budget.isSpentOn(root);
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
      const node = search ? undefined : takeFirst(queue);
      if (node) search = findCandidates(node, reader, onHost);
      if (!search) break;
      const { done, value } = search.next();
      if (done) search = undefined;
      else if (value) onCandidate(value);
    }
    schedule();
    budget.spend(started);
  };

  watch(document);
  queue.add(document);
  schedule();
  signal.addEventListener("abort", () => observer.disconnect());
}

/** Queues what changed, or the whole page if that is too much: then returns true. */
function collect(records: MutationRecord[], queue: Set<Node>): boolean {
  for (const { type, target, addedNodes } of records) {
    if (type !== "childList") queue.add(target);
    for (const node of addedNodes) queue.add(node);
  }
  if (queue.size <= LONGEST_QUEUE) return false;
  queue.clear();
  queue.add(document);
  return true;
}

/** Takes nodes off the queue up to the first that is still on the page. */
function takeFirst(queue: Set<Node>): Node | undefined {
  for (const node of queue) {
    queue.delete(node);
    if (get(node, "isConnected")) return node;
  }
  return undefined;
}

/** Counts the work that the page causes, and aborts `stop` when it is too much. */
function createBudget(stop: AbortController) {
  let allowance = ALLOWANCE;
  let hosts = MOST_HOSTS;
  let lastSlice = 0;
  return {
    /** Counts the time since `started`. */
    spend(started: number) {
      const now = performance.now();
      const passed = now - lastSlice;
      allowance = Math.min(ALLOWANCE, allowance + passed / 100) - (now - started);
      hosts = Math.min(MOST_HOSTS, hosts + passed);
      lastSlice = now;
      if (allowance < 0) stop.abort();
    },
    /** Counts an element checked for a shadow root, and the root; true if it was one too many. */
    isSpentOn: (root: ShadowRoot | null) => (hosts += root ? MORE_HOSTS : -1) < 0,
  };
}
