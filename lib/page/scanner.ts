import type { Source } from "../shared/invite";
import { call, closest, get, isElement, isText, parentOf, walkFrom } from "./dom";

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
  /** Called once, when the page made so much work that the scan ended for good. */
  onGiveUp: () => void;
  signal: AbortSignal;
}

/** What may carry an address of an invite in an attribute. `*|href` is for the links of SVG. */
const CARRIERS = `:is(a,area,form,button,[role=button]):is(${[
  "*|href",
  "action",
  ..."href url link clipboard-text".split(" ").map((name) => `data-${name}`),
].map((name) => `[${name}*=whatsapp i]`)}),[onclick*=whatsapp i]`;

/**
 * What may have an open shadow root: elements of a name of their own, and empty ones of the names that may have one. There
 * is no selector for them, and asking each element costs more than all the rest; the list begins with what is frequent.
 */
const HOSTS = ":not(div,span,a,li,p,td,tr,i,b,img,path,ul,br,h3,button,script,link),div:empty,span:empty";

/** The search of text: everything that can be a link has it, and ordinary talk about WhatsApp has not. */
const TEXT = /whatsapp(?:\.com|:|%3a)/i;
const WORD = /whatsapp/i;
/** What every form of an invite has: so that a page without one is not spoken about. */
const FORM = /(?:chat|accept)[^]{1,200}?[a-z0-9]{14}/gi;

/** Characters of a value, and of the text before a form: enough for the longest link that somebody writes. */
const LONGEST = 2_000;
const BEFORE = 300;

/** Where nothing is looked for: what is not shown, and what the agent types in. */
const SKIP =
  "script,style,template,noscript,textarea,select,title,iframe,[contenteditable]:not([contenteditable=false i]),[role=textbox]," +
  ".CodeMirror,.monaco-editor,.ace_editor";

/** Nodes that wait to be looked at; beyond it the whole page is looked at once instead. */
const LONGEST_QUEUE = 10_000;
const MOST_LATE = 1_000;
/** Nodes and milliseconds of one slice. */
const SLICE = { nodes: 500, time: 4 };
/** Milliseconds of work that a page may cause in one go; a hundredth of the time that passes is given back. */
const ALLOWANCE = 2_000;

/** Finds the candidates of a page now and those that come, until the signal. */
export function scan({ onCandidate, onChange, onGiveUp, signal }: Scan): void {
  const queue = new Set<Node>([document.documentElement]);
  const roots = new WeakSet<Node>();
  const late = new Set<Element>();
  let search: Iterator<Candidate | null> | undefined;
  let isScheduled = false;
  let allowance = ALLOWANCE;
  let lastSlice = performance.now();

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
      queue.add(document.documentElement);
    }
    if (isChanged) onChange();
    schedule();
    spend(started);
  });
  const watch = (root: Node) => {
    if (roots.has(root)) return;
    roots.add(root);
    const attributeFilter = ["href", "onclick", "contenteditable"];
    observer.observe(root, { subtree: true, childList: true, characterData: true, attributeFilter });
  };
  const onHost = (host: Element, root: ShadowRoot | null) => {
    if (root) watch(root);
    // An element whose script comes later gets its root later, and nothing tells of it.
    else if (late.size < MOST_LATE && get(host, "localName").includes("-")) late.add(host);
  };
  const lookAgain = () => {
    for (const host of late) if (get(host, "shadowRoot") && late.delete(host)) queue.add(host);
    schedule();
  };
  for (const delay of [1_000, 4_000]) setTimeout(lookAgain, delay);
  const spend = (started: number) => {
    const now = performance.now();
    allowance = Math.min(ALLOWANCE, allowance + (now - lastSlice) / 100) - (now - started);
    lastSlice = now;
    if (allowance < 0) onGiveUp();
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
      if (get(node, "isConnected")) return findCandidates(node, onHost);
    }
    return undefined;
  };

  watch(document);
  schedule();
  signal.addEventListener("abort", () => observer.disconnect());
}

/**
 * The candidates of a subtree, open shadow roots included; `onHost` is told of each that has one or may get one. Gives `null`
 * between two steps, so that a caller can stop and go on later.
 */
export function* findCandidates(
  node: Node,
  onHost?: (host: Element, root: ShadowRoot | null) => void,
): Generator<Candidate | null> {
  if (document.designMode === "on") return;
  if (isText(node)) {
    yield* candidatesIn(node);
    return;
  }
  if (!/^(?:1|11)$/.test(String(get(node, "nodeType")))) return;
  const look = function* (element: Element): Generator<Candidate | null> {
    const root = get(element, "shadowRoot");
    onHost?.(element, root);
    if (root) yield* findCandidates(root, onHost);
    yield call(element, "matches", CARRIERS) ? candidateOf(element) : null;
  };
  const all = `${CARRIERS},${HOSTS}`;
  if (isElement(node) && call(node, "matches", all)) yield* look(node);
  for (const element of call(node as Element, "querySelectorAll", all)) yield* look(element);
  if (!TEXT.test(get(node, "textContent") ?? "")) return;
  const walker = call(document, "createTreeWalker", node, NodeFilter.SHOW_TEXT);
  for (let count = 1; walker.nextNode(); count += 1) {
    const text = walker.currentNode as Text;
    yield* candidatesIn(text);
    // To look at a text costs next to nothing; a step is a hundred.
    if (count % 100 === 0) yield null;
  }
}

function candidateOf(element: Element): Candidate | null {
  const source = sourceOf(element);
  const isOne = source.some(([, value]) => value.search(FORM) >= 0 && !(isOwnPage() && /lang=/.test(value)));
  if (!isOne) return null;
  const placeOf = (code: string): Place => {
    const after = outermost(element);
    const isCurrent = () => `${sourceOf(element)}` === `${source}`;
    return { code, after, box: after, block: blockOf(after), isCurrent };
  };
  return { source, placeOf };
}

/** The addresses of an element and its attributes about WhatsApp; none where the agent types. */
function sourceOf(element: Element): Source {
  if (closest(element, SKIP)) return [];
  return [...get(element, "attributes")]
    .filter(({ name, value }) => /href$|action$/.test(name) || (/^data-|^onclick$/.test(name) && WORD.test(value)))
    .map(({ name, value }) => [name, value.slice(0, LONGEST)]);
}

/** The links that this text holds, ends or begins. */
function* candidatesIn(text: Text): Generator<Candidate> {
  if (!WORD.test(text.data) || closest(text, SKIP)) return;
  // `<wbr>` and emphasis break a link into several texts, which give it together; alone this text may give it better.
  const whole = lineOf(text);
  for (const line of whole.length > 1 ? [[text], whole] : [whole]) {
    // As they are now: when the worker has read them, a chip may have cut one in two.
    const texts = line.map(({ data }) => data);
    const joined = texts.join("");
    for (const { index } of joined.matchAll(FORM)) {
      const from = Math.max(0, index - BEFORE);
      const placeOf = (code: string): Place => {
        let end = joined.indexOf(code, from) + code.length;
        let i = 0;
        while (end > texts[i]!.length) end -= texts[i++]!.length;
        const node = line[i]!;
        const head = texts[i]!.slice(0, end);
        const link = closest(node, "a,button,[role=button],[onclick],svg");
        const after = link ? outermost(link) : node;
        return {
          code,
          after,
          end: link ? undefined : end,
          box: link ? outermost(link) : parentOf(node)!,
          block: blockOf(after),
          isCurrent: () => node.data.startsWith(head) && !closest(node, SKIP),
        };
      };
      yield { source: [["", joined.slice(from, from + LONGEST)]], placeOf };
    }
  }
}

/** The texts that stand in one line with a text: up to four on each side, with nothing but inline elements between. */
function lineOf(text: Text): Text[] {
  const block = blockOf(text);
  const beside = (direction: "previousNode" | "nextNode") => {
    const texts: Text[] = [];
    const walker = walkFrom(text, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let steps = 0; steps < 12 && texts.length < 4; steps += 1) {
      const node = walker[direction]();
      if (!node || blockOf(node) !== block || (isElement(node) && get(node, "localName") === "br")) break;
      if (isText(node)) texts.push(node);
    }
    return texts;
  };
  return [...beside("previousNode").toReversed(), text, ...beside("nextNode")];
}

/** A chip inside a button, a link or a drawing would not be drawn, or not be its own target: it stands behind. */
function outermost(element: Element): Element {
  const outer = closest(parentOf(element), "a,button,[role=button],svg");
  return outer ? outermost(outer) : element;
}

/** The box around a node that ends a line of text. */
function blockOf(node: Node): Element {
  const parent = parentOf(node);
  if (!parent || isOwnPage()) return document.documentElement;
  return /^(?:inline$|contents)/.test(getComputedStyle(parent).display) ? blockOf(parent) : parent;
}

/** WhatsApp's page of one invite: a single block, which repeats the invite for each way to join and each language. */
function isOwnPage(): boolean {
  return location.hostname === "chat.whatsapp.com";
}
