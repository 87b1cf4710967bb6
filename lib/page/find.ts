import type { Source } from "../shared/invite";
import { call, closest, get, isText, parentOf, TEXTS, walkFrom } from "./dom";

/**
 * Finds what may hold an invite in a part of a page, and says where it is. The worker reads it (`readSource` of invite.ts).
 *
 * Pages are hostile and large. So the engine does the matching (one selector query and one search of the text for each
 * subtree), and script looks only at what matched.
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
