import type { Source } from "../shared/invite";
import { pictureOf } from "./area";
import { call, closest, ELEMENTS, get, isText, parentOf, TEXTS } from "./dom";
import { blockOf, lineOf, LINKS, wordsBefore, type Part } from "./line";

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
  /** What is watched for coming into view: `after`, the element that holds it, or the picture on which it is an area. */
  box: Element;
  /** What is drawn as one block; it gets one chip for a code. */
  block: Element;
  /** Whether the code is still written there. */
  isCurrent: () => boolean;
}

/** Links that are most likely invites. */
export const INVITES = "a[href*='chat.whatsapp' i]";
/** Links, asked for first and on every page: the engine has only elements of the name to look at. */
const LINK = "a[href*=whatsapp i]";
/**
 * What carries an invite in another attribute, on a page that is too large to look at each attribute. One query for each:
 * a list of them, or one more condition, makes them several times slower.
 */
const CARRIERS = [
  "[onclick*=whatsapp i]",
  "area[href*=whatsapp i]",
  "form[action*=whatsapp i]",
  "button:is([data-href*=whatsapp i],[data-url*=whatsapp i],[data-clipboard-text*=whatsapp i])",
];
/** Names of attributes that hold addresses, handlers (`@click`, `x-on:click`, `on`) or data. */
const NAMES = /[@:._-]|^on|^(?:href|url|link|to|action|formaction)$/;
/** What has an address of its own, beside which data lead nowhere: only a handler can still lead to an invite. */
const ELSEWHERE = "a[href]:not([href=''],[href^='#'],[href^='javascript:' i])";
const HANDLERS = /[@:_]|^on|click|action/;
/**
 * Characters of a page, scripts included, from which on every question is felt. Where none of them say WhatsApp, such a page
 * is asked for links alone: the rest and open shadow roots are rare there, and cost as much again.
 */
const HUGE = 500_000;

/**
 * What every form of an invite has, and hardly anything else: pages with nothing of it are not walked through, nor spoken
 * about. A channel, or a link to a chat with somebody, which many pages have, has it not. An address of the usual host may
 * be broken in several parts; of the other forms the code is in one.
 */
const FORM =
  /chat\W{1,9}whats\W{0,9}app\W{1,9}com(?::443)?\W{0,60}?[/\\%]\W{0,60}[a-z0-9]|(?:chat|accept)[^]{1,120}?(?:[a-z0-9]{22}|AbCdEf)/gi;
const WORD = /whatsapp/i;
/** The word in base64, behind `https://chat.` and behind `http://chat.`: redirectors write where they lead like this. */
const ENCODED = /oYXRzYXBw|d2hhdHNhcH/;

/** Characters of a value, of the text before a form, and behind it: enough for the longest link that somebody writes. */
const LONGEST = 2_000;
const AROUND = 300;
/** Characters between the first of a code and the last, where tags and line breaks stand between them. */
const REACH = 100;
/**
 * Where nothing is looked for: what is not shown, what the agent types in, and editors of every kind, editable at the
 * moment or not, since they take what stands in them for their document.
 */
const SKIP =
  "head,link,script,style,template,noscript,textarea,select,title,[contenteditable],[role=textbox],[data-lexical-editor]," +
  "[data-slate-editor],.ProseMirror,.tiptap,.ql-editor,.ck-editor__editable,.DraftEditor-root,.mce-content-body," +
  "trix-editor,.CodeMirror,.cm-editor,.monaco-editor,.ace_editor,.codex-editor,.bn-editor,.fr-element,.note-editable";

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
    yield* candidatesIn(node, REACH);
    return;
  }
  if (!("querySelectorAll" in node)) return;
  reader.selectNodeContents(node);
  const text = `${reader}`;
  const isSaid = WORD.test(text);
  const isHuge = text.length > HUGE;
  if ("matches" in node && call(node as Element, "matches", LINK)) yield candidateOf(node as Element);
  for (const link of call(node as Element, "querySelectorAll", LINK)) yield candidateOf(link);
  yield null;
  if (isHuge && !isSaid) return;
  for (const element of isHuge ? carriersIn(node as Element) : elementsIn(node)) {
    yield element && candidateOf(element);
  }
  for (const host of outermostFirst(node as Element)) {
    const inner = get(host, "shadowRoot");
    if (onHost?.(host, inner)) break;
    if (inner && !closest(host, SKIP)) yield* findCandidates(inner, reader, onHost);
    yield null;
  }
  const walker = call(document, "createTreeWalker", node, TEXTS);
  // What was added may be the rest of an address.
  const first = get(node, "parentNode") && walker.nextNode();
  if (first && WORD.test(wordsBefore(first))) yield* candidatesIn(first as Text, REACH);
  if (!isSaid || text.search(FORM) < 0) return;
  walker.currentNode = node;
  // The word itself may run over several texts.
  let before = "";
  for (let count = 1; walker.nextNode(); count += 1) {
    const node = walker.currentNode as Text;
    if (WORD.test(before + node.data)) yield* candidatesIn(node);
    before = (before + node.data).slice(-7);
    // To look at a text costs next to nothing; a step is a hundred.
    if (count % 100 === 0) yield null;
  }
}

function* carriersIn(node: Element): Generator<Element> {
  for (const carrier of CARRIERS) yield* call(node, "querySelectorAll", carrier);
}

/** The elements of a subtree, links apart, whose attributes say WhatsApp. Gives `null` after each hundred. */
function* elementsIn(node: Node): Generator<Element | null> {
  const walker = call(document, "createTreeWalker", node, ELEMENTS);
  for (let count = 1; count === 1 || walker.nextNode(); count += 1) {
    const element = walker.currentNode as Element;
    if (count % 100 === 0) yield null;
    if (!("attributes" in element)) continue;
    const names = call(element, "matches", ELSEWHERE) ? HANDLERS : NAMES;
    const isCarrier = call(element, "getAttributeNames").some((name) => {
      const value = call(element, "getAttribute", name) ?? "";
      return (names.test(name) && WORD.test(value)) || (name === "href" && ENCODED.test(value));
    });
    if (isCarrier && !call(element, "matches", LINK)) yield element;
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
  const text = `${source}`;
  if ((text.search(FORM) < 0 && !ENCODED.test(text)) || isShownWithin(element)) return null;
  const isWritten = () => `${sourceOf(element)}` === text;
  return { source, placeOf: (code) => placeAt(outermost(element), code, isWritten) };
}

/** Whether the invite that an element holds as data stands in it as a link or text as well, which has a place of its own. */
function isShownWithin(element: Element): boolean {
  if (/^(?:a|button|area|form)$/.test(get(element, "localName"))) return false;
  if (/^(?:html|body)$/.test(get(element, "localName"))) return true;
  return call(element, "querySelector", INVITES) !== null;
}

function placeAt(after: Element | Text, code: string, isWritten: () => boolean, end?: number): Place {
  const isCurrent = () => get(after, "isConnected") && isWritten();
  // A text has no element around it when it was removed meanwhile.
  const box = (isText(after) ? parentOf(after) : (pictureOf(after) ?? after)) ?? document.documentElement;
  return { code, after, end, box, block: blockOf(isText(after) ? after : box), isCurrent };
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

/**
 * The links that this text holds, ends or begins: a candidate for each, in their order. With a `reach` also those of its
 * line that end at most so many characters before it: their code may go on in it.
 */
function* candidatesIn(text: Text, reach = 0): Generator<Candidate> {
  if (closest(text, SKIP)) return;
  const line = lineOf(text);
  const joined = line.map(({ data, gap }) => gap + data).join("");
  const own = line.find(({ node }) => node === text)!;
  const forms = [...joined.matchAll(FORM)];
  for (const [i, { index, 0: form }] of forms.entries()) {
    const end = index + form.length;
    // The others are found with their own texts; a scheme of the app stands before the form.
    if (end + reach < own.from || index > own.from + own.data.length + 12) continue;
    const behind = Math.min(end + AROUND, forms[i + 1]?.index ?? Infinity);
    const source: Source = [
      ["", joined.slice(Math.max(0, index - AROUND), index)],
      ["", joined.slice(index, Math.min(behind, index + LONGEST))],
    ];
    yield { source, placeOf: (code) => placeInLine(line, joined, index, code) };
  }
}

/** Where the code of the form at an index of a line ends. */
function placeInLine(line: Part[], joined: string, index: number, code: string): Place {
  // A code that runs over several texts has seams and breaks between its characters.
  const pattern = new RegExp(Array.from(code).join("\\W{0,60}"), "g");
  pattern.lastIndex = index;
  const match = pattern.exec(joined) ?? pattern.exec(joined);
  const end = match ? match.index + match[0].length : index + 1;
  const last = line.findLastIndex(({ from }) => from < end);
  const { node, data, from } = line[last]!;
  const head = data.slice(0, end - from);
  const others = line.slice(0, last).filter((part) => part.from + part.data.length > index);
  const isWritten = () =>
    node.data.startsWith(head) &&
    others.every((part) => part.node.data === part.data && part.node.isConnected) &&
    !closest(node, SKIP);
  const link = closest(node, LINKS);
  return link ? placeAt(outermost(link), code, isWritten) : placeAt(node, code, isWritten, end - from);
}

/** The outermost of the links around an element, or itself. */
function outermost(element: Element): Element {
  const outer = closest(parentOf(element), LINKS);
  return outer ? outermost(outer) : element;
}
