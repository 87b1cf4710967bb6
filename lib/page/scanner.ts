import { findInvites, findInvitesInHandler, inviteOfUrl } from "../shared/invite";

/**
 * Finds the invites of a page and watches for new ones. Only reads: what is shown is the matter of chip.ts.
 *
 * Pages are hostile and large. So the engine does the matching (one selector query and one search of the text for each
 * added subtree), script looks only at what matched, in slices between frames, and a page without an invite sees and
 * feels nothing. Accessors that a form can shadow by the names of its fields are taken from the prototype.
 */

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
  /** Reads the code again from the page as it is now; `null` when it is no longer there. */
  read: () => string | null;
}

export interface Scan {
  /** Called with each place in the order in which they are met; the same place may come again. */
  onPlace: (place: Place) => void;
  /** Called after the page was changed, once for a batch. */
  onChange: () => void;
  /** Called once, when the page made so much work that the scan ended for good. */
  onGiveUp: () => void;
  signal: AbortSignal;
}

/** Elements that may carry an address of an invite in an attribute. `*|href` is for the links of SVG. */
const ADDRESSES = [
  "a[*|href*=whatsapp i]",
  "area[href*=whatsapp i]",
  "form[action*=whatsapp i]",
  "[onclick*=whatsapp i]",
];
const DATA = ["href", "url", "link", "invite", "target", "clipboard-text"].map((name) => `[data-${name}*=whatsapp i]`);
const CARRIERS = [
  ...ADDRESSES,
  `button:is(${DATA.join()},[formaction*=whatsapp i])`,
  `[role=button]:is(${DATA.join()})`,
];
const SELECTOR = CARRIERS.join();

/** The search of text: everything that can be a link has it, and ordinary talk about WhatsApp has not. */
const TEXT = /whatsapp(?:\.com|:|%3a)/i;
const WORD = /whatsapp/i;

/**
 * Elements that may have an open shadow root: those with a name of their own, and empty ones of the names that may have
 * one. There is no selector for shadow hosts, and asking each element costs more than all the rest.
 */
const KNOWN =
  "div,span,a,li,p,td,tr,i,b,img,svg,path,g,ul,ol,br,button,input,label,strong,em,small,h1,h2,h3,h4,h5,h6,section," +
  "article,header,footer,nav,main,aside,script,style,link,meta,code,pre,th,tbody,table,option,form,dd,dt,use,rect";
const HOSTS = `:not(${KNOWN}),:is(div,span,section,article,aside,main,header,footer,nav,p,blockquote):empty`;

/** Where nothing is looked for: what is not shown, and what the agent types in. */
const SKIP =
  "script,style,template,noscript,textarea,select,option,input,title,head,iframe,[contenteditable]:not([contenteditable=false i])," +
  "[role=textbox],.CodeMirror,.cm-editor,.monaco-editor,.ace_editor";

/** Elements that do not end a line of text. */
const INLINE = new Set(
  (
    "a abbr b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small span strike strong sub sup " +
    "time tt u var wbr nobr"
  ).split(" "),
);

/** Nodes that wait to be looked at; beyond it the whole page is looked at once instead. */
const LONGEST_QUEUE = 10_000;
const MOST_LATE = 1_000;
/** Nodes and milliseconds of one slice. */
const SLICE = { nodes: 500, time: 4 };
/** Milliseconds of work that a page may cause in one go; a hundredth of the time that passes is given back. */
const ALLOWANCE = 2_000;

/** Finds the invites of a page now and those that come, until the signal. */
export function scan({ onPlace, onChange, onGiveUp, signal }: Scan): void {
  const queue = new Set<Node>([document.documentElement]);
  const roots = new WeakSet<Node>();
  const late = new Set<Element>();
  let search: Iterator<Place | null> | undefined;
  let isScheduled = false;
  let isChanged = false;
  let allowance = ALLOWANCE;
  let lastSlice = performance.now();

  const observer = new MutationObserver((records) => {
    const started = performance.now();
    for (const record of records) {
      if (record.type !== "childList") queue.add(record.target);
      else for (const node of record.addedNodes) queue.add(node);
      isChanged ||= record.type !== "childList" || record.removedNodes.length > 0;
    }
    if (queue.size > LONGEST_QUEUE) {
      queue.clear();
      search = undefined;
      queue.add(document.documentElement);
    }
    if (queue.size || isChanged) schedule();
    spend(started);
  });
  const watch = (root: Node) => {
    if (roots.has(root)) return;
    roots.add(root);
    observer.observe(root, {
      subtree: true,
      childList: true,
      characterData: true,
      attributeFilter: ["href", "onclick", "contenteditable"],
    });
  };
  // An element whose script comes later gets its root later, and nothing tells of it.
  const onLate = (host: Element) => late.size < MOST_LATE && late.add(host);
  const lookAgain = () => {
    for (const host of late) if (get(Element, "shadowRoot", host) && late.delete(host)) queue.add(host);
    if (queue.size) schedule();
  };
  const timers = [1_000, 4_000].map((delay) => setTimeout(lookAgain, delay));
  const spend = (started: number) => {
    const now = performance.now();
    allowance = Math.min(ALLOWANCE, allowance + (now - lastSlice) / 100) - (now - started);
    lastSlice = now;
    if (allowance < 0) onGiveUp();
  };
  const schedule = () => {
    if (isScheduled || signal.aborted) return;
    isScheduled = true;
    requestIdleCallback(slice, { timeout: 200 });
  };
  const slice = () => {
    isScheduled = false;
    if (signal.aborted) return;
    const started = performance.now();
    if (isChanged) onChange();
    isChanged = false;
    for (let nodes = 0; nodes < SLICE.nodes && performance.now() - started < SLICE.time; nodes += 1) {
      search ??= next();
      if (!search) break;
      const step = search.next();
      if (step.done) search = undefined;
      else if (step.value) onPlace(step.value);
    }
    if (search || queue.size) schedule();
    spend(started);
  };
  const next = () => {
    for (const node of queue) {
      queue.delete(node);
      if (node.isConnected) return findPlaces(node, { onRoot: watch, onLate });
    }
    return undefined;
  };

  watch(document);
  const end = () => {
    observer.disconnect();
    for (const timer of timers) clearTimeout(timer);
  };
  signal.addEventListener("abort", end, { once: true });
  schedule();
}

/** What else a search tells: each open root, and each element of a name of its own that has none so far. */
interface Meet {
  onRoot?: (root: ShadowRoot) => void;
  onLate?: (host: Element) => void;
}

/**
 * The places of a subtree, open shadow roots included. Gives `null` between two steps, so that a caller can stop and go
 * on later.
 */
export function* findPlaces(node: Node, meet: Meet = {}): Generator<Place | null> {
  if (document.designMode === "on") return;
  const type = get(Node, "nodeType", node);
  if (type === Node.TEXT_NODE) {
    yield* placesInText(node as Text);
    return;
  }
  if (type !== Node.ELEMENT_NODE && type !== Node.DOCUMENT_FRAGMENT_NODE) return;
  const isElement = type === Node.ELEMENT_NODE;
  if (isElement && Element.prototype.matches.call(node, SELECTOR)) yield placeOfElement(node as Element);
  for (const element of query(node, SELECTOR)) yield placeOfElement(element);
  const hosts = [...(isElement ? [node as Element] : []), ...query(node, HOSTS)];
  for (const host of hosts) {
    const root = get(Element, "shadowRoot", host);
    if (!root && host.localName.includes("-")) meet.onLate?.(host);
    if (!root) continue;
    meet.onRoot?.(root);
    yield* findPlaces(root, meet);
  }
  if (TEXT.test(get(Node, "textContent", node) ?? "")) {
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    let count = 0;
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      if (WORD.test((text as Text).data)) yield* placesInText(text as Text);
      // To look at a text costs next to nothing; a step is a hundred.
      count += 1;
      if (count % 100 === 0) yield null;
    }
  }
}

function placeOfElement(element: Element): Place | null {
  const code = codeOfElement(element);
  if (!code || isSkipped(element)) return null;
  // WhatsApp's own page repeats its invite for each language that it can be read in.
  if (isOwnPage() && Element.prototype.matches.call(element, "[href*='lang=']")) return null;
  const after = outermost(element);
  return {
    code,
    after,
    box: after,
    block: blockOf(after),
    read: () => (isSkipped(element) ? null : codeOfElement(element)),
  };
}

function codeOfElement(element: Element): string | null {
  const attribute = (name: string) => Element.prototype.getAttribute.call(element, name);
  const address = attribute("href") ?? attribute("xlink:href") ?? attribute("action") ?? attribute("formaction");
  const code = address === null ? null : inviteOfUrl(address);
  if (code) return code;
  const handler = findInvitesInHandler(attribute("onclick") ?? "")[0];
  if (handler) return handler;
  // A data attribute is the link only where there is no address: a mail link may carry a stale one.
  if (address !== null && !/^\s*(?:#|$|javascript:)/i.test(address)) return null;
  for (const { name, value } of get(Element, "attributes", element)) {
    if (!name.startsWith("data-") || !TEXT.test(value)) continue;
    const data = inviteOfUrl(value) ?? findInvitesInHandler(value)[0];
    if (data) return data;
  }
  return null;
}

/** The places of the links that this text holds, ends or begins. */
function* placesInText(text: Text): Generator<Place> {
  if (!WORD.test(text.data)) return;
  const parent = parentOf(text);
  if (!parent || isSkipped(parent)) return;
  const found = invitesAt(text);
  for (const { code, node, end } of found) {
    const link = Element.prototype.closest.call(node.parentElement ?? parent, "a,button,[role=button],[onclick],svg");
    const after = link ? outermost(link) : node;
    yield {
      code,
      after,
      end: link ? undefined : end,
      box: link ? (after as Element) : parentOf(node)!,
      block: blockOf(after),
      read: () => (!isSkipped(parent) && invitesAt(text).some((invite) => invite.code === code) ? code : null),
    };
  }
}

/** Invites in a text node, and in the line that it is part of: `<wbr>` and emphasis break a link into several nodes. */
function invitesAt(text: Text): { code: string; node: Text; end: number }[] {
  const own = findInvites(text.data).map(({ code, index, length }) => ({ code, node: text, end: index + length }));
  const line = lineOf(text);
  if (line.length === 1) return own;
  const joined = line.map((node) => node.data).join("");
  for (const { code, index, length } of findInvites(joined)) {
    let start = index;
    let end = index + length;
    let first = 0;
    let last = 0;
    while (start >= line[first]!.data.length) start -= line[first++]!.data.length;
    while (end > line[last]!.data.length) end -= line[last++]!.data.length;
    if (first !== last) own.push({ code, node: line[last]!, end });
  }
  return own.filter(({ code }, i) => own.findIndex((other) => other.code === code) === i);
}

/** The text nodes around a text that stand with it in one line: up to four on each side, with inline elements between. */
function lineOf(text: Text): Text[] {
  const line = [text];
  const root = blockOf(text);
  for (const direction of ["previousNode", "nextNode"] as const) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    walker.currentNode = text;
    for (let steps = 0; steps < 12 && line.length < 9; steps += 1) {
      const node = walker[direction]();
      if (!node) break;
      if (node.nodeType === Node.TEXT_NODE) {
        if (blockOf(node) !== root) break;
        line[direction === "nextNode" ? "push" : "unshift"](node as Text);
      } else if (!INLINE.has((node as Element).localName)) break;
    }
  }
  return line;
}

function isSkipped(element: Element): boolean {
  return Element.prototype.closest.call(element, SKIP) !== null;
}

/** A chip inside a button, a link or a drawing would not be drawn, or not be its own target: it stands behind. */
function outermost(element: Element): Element {
  let outer = element;
  for (;;) {
    const parent = parentOf(outer);
    const next = parent && Element.prototype.closest.call(parent, "a,button,[role=button],svg");
    if (!next) return outer;
    outer = next;
  }
}

/** WhatsApp's page of one invite: a single block. */
function isOwnPage(): boolean {
  return location.hostname === "chat.whatsapp.com";
}

function blockOf(node: Node): Element {
  if (isOwnPage()) return document.documentElement;
  let element = get(Node, "nodeType", node) === Node.ELEMENT_NODE ? (node as Element) : parentOf(node);
  for (let parent = element; parent; parent = parentOf(parent)) {
    element = parent;
    if (!INLINE.has(parent.localName) && parent !== node) break;
  }
  return element ?? document.documentElement;
}

function query(node: Node, selector: string): NodeListOf<Element> {
  const type = get(Node, "nodeType", node) === Node.ELEMENT_NODE ? Element : DocumentFragment;
  return type.prototype.querySelectorAll.call(node, selector);
}

/** The parent element, of a form with a field of that name too. */
export function parentOf(node: Node): Element | null {
  return get(Node, "parentElement", node);
}

/** Reads an accessor of a DOM type past a page that shadows it (a form with a field of that name). */
export function get<T extends object, K extends keyof T>(type: { prototype: T }, name: K, node: T): T[K] {
  return Reflect.get(type.prototype, name, node) as T[K];
}
