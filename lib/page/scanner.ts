import type { Source } from "../shared/invite";
import { call, closest, get, isText, parentOf, TEXTS, walkFrom } from "./dom";

/**
 * Finds what may hold an invite on a page, and watches for more. Only looks: the worker reads it (`readSource` of
 * invite.ts), and what is shown is the matter of chip.ts.
 *
 * Pages are hostile and large. So the engine does the matching (one selector query and one search of the text for each
 * added subtree), script looks only at what matched, in slices between frames, and a page without an invite sees and
 * feels nothing.
 */

/** What may hold an invite. */
export interface Candidate {
  /** Values have at most `LONGEST` characters. */
  source: Source;
  /** Where the chip of an invite stands that was read in the source. */
  placeOf: (code: string) => Place;
}

/** An invite at a place of the page. */
export interface Place {
  code: string;
  /** What the chip stands behind: the link, the button around it, or the text that ends or holds it. */
  after: Element | Text;
  /** Where in `after` the code ends, when that is a text. */
  end?: number;
  /** What is watched for coming into view: `after`, or the element that holds it. */
  box: Element;
  /** What is drawn as one block; it gets one chip for a code. */
  block: Element;
  /** Whether the code is still written there. */
  isCurrent: () => boolean;
}

export interface Scan {
  /** Called with each candidate in the order in which they are met; the same one may come again. */
  onCandidate: (candidate: Candidate) => void;
  /** Called when something was removed, moved or rewritten, before it is painted. */
  onChange: () => void;
  /** Ends the scan; aborted by it when the page makes so much work that the scan ends for good. */
  visit: AbortController;
}

/**
 * What may carry an address of an invite in an attribute. One query for each: the engine asks only elements of the name,
 * which a list of them, or one more condition, makes several times slower.
 */
const CARRIERS = [
  "a[href*=whatsapp i]",
  "[onclick*=whatsapp i]",
  "area[href*=whatsapp i]",
  "form[action*=whatsapp i]",
  "button:is([data-href*=whatsapp i],[data-url*=whatsapp i],[data-clipboard-text*=whatsapp i])",
];
/**
 * Characters of a page, scripts included, from which on every question is felt. Where none of them say WhatsApp, such a page
 * is asked for links alone, the first carrier: the rest and open shadow roots are rare there, and cost as much again.
 */
const HUGE = 500_000;

/**
 * What every form of an invite has, and hardly anything else: pages with nothing of it are not walked through, nor spoken
 * about. A channel, or a link to a chat with somebody, which many pages have, has it not.
 */
const FORM = /(?:chat|accept)[^]{1,120}?(?:[a-z0-9]{22}|AbCdEf)/gi;
const WORD = /whatsapp/i;

/** Stands where two texts meet; `SEAM` of invite.ts, whose other constants would come along. */
const SEAM = "\u200b";
/** Characters of a value, and of the text before a form: enough for the longest link that somebody writes. */
const LONGEST = 2_000;
const BEFORE = 300;

/** What a chip stands behind, and never in: it would not be drawn, or not be its own target. */
const LINKS = "a,button,svg";

/** Where nothing is looked for: what is not shown, and what the agent types in. */
const SKIP =
  "script,style,template,noscript,textarea,select,title,[contenteditable]:not([contenteditable=false i]),[role=textbox]," +
  ".CodeMirror,.monaco-editor,.ace_editor";

/** Nodes that wait to be looked at; beyond it the whole page is looked at once instead. */
const LONGEST_QUEUE = 5_000;
/**
 * Elements that are asked for an open shadow root in one go, the outermost first: so many more for each root that is found,
 * since a page that is made of such has them everywhere, and one more for each ms that passes. There is no selector for
 * them, and to ask all elements of a large page costs more than all the rest.
 */
const HOSTS = { most: 100, more: 20 };
/** Nodes and milliseconds of one slice. */
const SLICE = { nodes: 500, time: 4 };
/** Milliseconds of work that a page may cause in one go; a hundredth of the time that passes is given back. */
const ALLOWANCE = 2_000;

/** Finds the candidates of a page now and those that come, until the visit ends. */
export function scan({ onCandidate, onChange, visit }: Scan): void {
  const { signal } = visit;
  const queue = new Set<Node>();
  const reader = new Range();
  let search: Iterator<Candidate | null> | undefined;
  let isScheduled = false;
  let allowance = ALLOWANCE;
  let hosts = HOSTS.most;
  let lastSlice = 0;

  const observer = new MutationObserver((records) => {
    const started = performance.now();
    let isChanged = false;
    for (const { type, target, addedNodes, removedNodes } of records) {
      isChanged ||= type !== "childList" || removedNodes.length > 0;
      if (type !== "childList") queue.add(target);
      for (const node of addedNodes) queue.add(node);
    }
    if (queue.size > LONGEST_QUEUE) {
      queue.clear();
      search = undefined;
      queue.add(document);
    }
    if (isChanged) onChange();
    schedule();
    spend(started);
  });
  const watch = (root: Node) => {
    const attributeFilter = ["href", "onclick", "contenteditable"];
    observer.observe(root, { subtree: true, childList: true, characterData: true, attributeFilter });
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
    return (hosts += root ? HOSTS.more : -1) < 0;
  };
  const spend = (started: number) => {
    const now = performance.now();
    const passed = now - lastSlice;
    allowance = Math.min(ALLOWANCE, allowance + passed / 100) - (now - started);
    hosts = Math.min(HOSTS.most, hosts + passed);
    lastSlice = now;
    if (allowance < 0) visit.abort();
  };
  const schedule = () => {
    if (isScheduled || signal.aborted || !(search || queue.size)) return;
    isScheduled = true;
    requestIdleCallback(slice, { timeout: 200 });
  };
  const slice = () => {
    isScheduled = false;
    if (signal.aborted) return;
    const started = performance.now();
    for (let nodes = 0; nodes < SLICE.nodes && performance.now() - started < SLICE.time; nodes += 1) {
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

/**
 * The candidates of a subtree, open shadow roots included; `onHost` is told of each element that may have one, until it
 * is enough. Gives `null` between two steps, so that a caller can stop and go on later. `reader` reads the text of any node:
 * a document has no `textContent`, and to ask its first element instead costs the browser, once on each page, the making of
 * all that elements can.
 */
export function* findCandidates(
  node: Node,
  reader: Range,
  onHost?: (host: Element, root: ShadowRoot | null) => boolean,
): Generator<Candidate | null> {
  if (document.designMode === "on") return;
  if (isText(node)) {
    yield* candidatesIn(node);
    return;
  }
  if (!("querySelectorAll" in node)) return;
  reader.selectNodeContents(node);
  const text = `${reader}`;
  const isSaid = WORD.test(text);
  const isCarrier = "matches" in node && call(node as Element, "matches", `${CARRIERS}`);
  yield isCarrier ? candidateOf(node as Element) : null;
  for (const carrier of CARRIERS) {
    for (const element of call(node as Element, "querySelectorAll", carrier)) yield candidateOf(element);
    if (!isSaid && text.length > HUGE) return;
    yield null;
  }
  for (const host of outermostFirst(node as Element)) {
    const inner = get(host, "shadowRoot");
    if (onHost?.(host, inner)) break;
    if (inner) yield* findCandidates(inner, reader, onHost);
    yield null;
  }
  if (!isSaid || text.search(FORM) < 0) return;
  const walker = call(document, "createTreeWalker", node, TEXTS);
  for (let count = 1; walker.nextNode(); count += 1) {
    yield* candidatesIn(walker.currentNode as Text);
    // To look at a text costs next to nothing; a step is a hundred.
    if (count % 100 === 0) yield null;
  }
}

/** The elements of a subtree, level by level: what a page is made of stands at its edge, its rows and icons deep within. */
function* outermostFirst(node: Element): Generator<Element> {
  yield node;
  const parents = [node];
  for (const parent of parents) {
    // Not by its list of children, whose length the browser counts first.
    for (let child = get(parent, "firstElementChild"); child; child = get(child, "nextElementSibling")) {
      yield child;
      parents.push(child);
    }
  }
}

function candidateOf(element: Element): Candidate | null {
  const source = sourceOf(element);
  if (`${source}`.search(FORM) < 0) return null;
  const isCurrent = () => `${sourceOf(element)}` === `${source}`;
  return { source, placeOf: (code) => placeAt(outermost(element), code, isCurrent) };
}

function placeAt(after: Element | Text, code: string, isCurrent: () => boolean, end?: number): Place {
  return { code, after, end, box: isText(after) ? parentOf(after)! : after, block: blockOf(after), isCurrent };
}

/** The addresses of an element and its attributes about WhatsApp; none where the agent types. */
function sourceOf(element: Element): Source {
  if (closest(element, SKIP)) return [];
  // Bounded, as the worker wants it: whatever stands beside a link, it still is one.
  let left = 2 * LONGEST;
  return [...get(element, "attributes")]
    .filter(({ name, value }) => !name[99] && (/href$|action$/.test(name) || WORD.test(value)))
    .slice(0, 50)
    .map(({ name, value }) => {
      const part = value.slice(0, Math.min(left, LONGEST));
      left -= part.length;
      return [name, part];
    });
}

/** The links that this text holds, ends or begins. */
function* candidatesIn(text: Text): Generator<Candidate> {
  if (!WORD.test(text.data) || closest(text, SKIP)) return;
  // As they are now: when the worker has read them, a chip may have cut one in two.
  const line = lineOf(text);
  const texts = line.map(({ data }) => data);
  const joined = texts.join(SEAM);
  for (const { index } of joined.matchAll(FORM)) {
    const from = Math.max(0, index - BEFORE);
    const placeOf = (code: string) => {
      let end = joined.indexOf(code, from) + code.length;
      let i = 0;
      while (end > texts[i]!.length) end -= texts[i++]!.length + 1;
      const node = line[i]!;
      const head = texts[i]!.slice(0, end);
      const link = closest(node, LINKS);
      const isCurrent = () => node.data.startsWith(head) && !closest(node, SKIP);
      return link ? placeAt(outermost(link), code, isCurrent) : placeAt(node, code, isCurrent, end);
    };
    yield { source: [["", joined.slice(from, from + LONGEST)]], placeOf };
  }
}

/** The texts that stand in one line with a text: as far as 12 steps reach, with nothing but inline elements between. */
function lineOf(text: Text): Text[] {
  const block = blockOf(text);
  const beside = (direction: "previousNode" | "nextNode") => {
    const texts: Text[] = [];
    const walker = walkFrom(text);
    for (let steps = 0; steps < 12; steps += 1) {
      const node = walker[direction]();
      if (!node || blockOf(node) !== block || get(node as Element, "localName") === "br") break;
      if (isText(node)) texts.push(node);
    }
    return texts;
  };
  return [...beside("previousNode").toReversed(), text, ...beside("nextNode")];
}

/** The outermost of the links around an element, or itself. */
function outermost(element: Element): Element {
  const outer = closest(parentOf(element), LINKS);
  return outer ? outermost(outer) : element;
}

/** The box around a node that ends a line of text. */
function blockOf(node: Node): Element {
  const parent = parentOf(node);
  // WhatsApp's page of one invite is a single block: it repeats the invite for each way to join.
  if (!parent || location.hostname === "chat.whatsapp.com") return document.documentElement;
  return /^(?:inline$|contents)/.test(getComputedStyle(parent).display) ? blockOf(parent) : parent;
}
