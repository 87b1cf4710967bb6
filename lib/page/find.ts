import type { Source } from "../shared/invite";
import { pictureOf } from "./area";
import { call, closest, get, isText, parentOf, TEXTS } from "./dom";
import { blockOf, lineOf, LINKS, wordsBefore, type Part } from "./line";

/** Finds possible invites in a large, hostile page, for the worker to read (`readSource` in invite.ts). */

export interface Candidate {
  /** Values have at most `LONGEST` characters. */
  source: Source;
  placeOf: (code: string) => Place;
}

/** An invite's place in the page. */
export interface Place {
  code: string;
  /** What the chip stands behind: link, button, or the text in which the code ends. */
  after: Element | Text;
  /** Where the code ends in a text. */
  end?: number;
  /** Observed for visibility: `after`, a text's parent, or an area's picture. */
  box: Element;
  /** Block around it, with one chip per code. */
  block: Element;
  isCurrent: () => boolean;
}

/** Matches most links to invites. */
export const INVITES = "a[href*='chat.whatsapp' i]";
/** Queried first, on every page: engines visit only `a` elements. */
const LINK = "a[href*=whatsapp i]";
/** Name of an attribute mentioning WhatsApp, in markup as browsers write it. */
const NAMED = /\s([^\s"'<>/=]{1,99})="[^"]*?whatsapp/gi;
/** Attributes for addresses, handlers (`@click`, `x-on:click`, `on`) and data. */
const NAMES = /[@:._-]|^on|^(?:href|url|link|to|action|formaction)$/;
/** Elements with their own address: only a handler can still lead to an invite. */
const ELSEWHERE = "a[href]:not([href=''],[href^='#'],[href^='javascript:' i])";
const HANDLERS = /[@:_]|^on|click|action/;
/** With more selectors, all elements are read; pages need a handful. */
const MOST_NAMES = 40;
/**
 * Characters, scripts included, from which queries are noticeable: a page that never mentions WhatsApp is then queried
 * for links only, as other forms and shadow roots are rare.
 */
const HUGE = 500_000;

/** Cheap pre-filter: matches every invite, but no channels or chat links. Only `chat.whatsapp.com` may be split. */
const FORM =
  /chat\W{1,9}whats\W{0,9}app\W{1,9}com(?::443)?\W{0,60}?[/／\\%]\W{0,60}[a-z0-9]|(?:chat|accept)[^]{1,120}?(?:[a-z0-9]{22}|AbCdEf)/gi;
const WORD = /whatsapp/i;
/** `whatsapp` in base64, as in redirectors. */
const ENCODED = /oYXRzYXBw|d2hhdHNhcH|aGF0c2Fwc/;

/** Most characters of a value, and on either side of a match. */
const LONGEST = 2_000;
const AROUND = 300;
/** Most characters across a code split by tags and line breaks. */
const REACH = 100;
/** Not searched: hidden content, fields, and editors, which treat content as their document. */
const SKIP =
  "head,link,script,style,template,noscript,textarea,select,title,[contenteditable],[role=textbox],[data-lexical-editor]," +
  "[data-slate-editor],.ProseMirror,.tiptap,.ql-editor,.ck-editor__editable,.DraftEditor-root,.mce-content-body," +
  "trix-editor,.CodeMirror,.cm-editor,.monaco-editor,.ace_editor,.codex-editor";

/**
 * Yields a subtree's candidates, and `null` for callers to pause. `onHost` is called with possible shadow hosts until
 * it returns true. `reader` reads any node's text: documents have no `textContent`, and the root element's makes the
 * browser set up all element interfaces.
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
  for (const link of allOf(node as Element, LINK)) yield candidateOf(link);
  yield null;
  if (text.length > HUGE && !isSaid) return;
  yield* carriersIn(node as Element);
  for (const host of outermostFirst(node as Element)) {
    const inner = get(host, "shadowRoot");
    if (onHost?.(host, inner)) break;
    if (inner && !closest(host, SKIP)) yield* findCandidates(inner, reader, onHost);
    yield null;
  }
  const walker = call(document, "createTreeWalker", node, TEXTS);
  // Added text may complete an address.
  const first = get(node, "parentNode") && walker.nextNode();
  if (first && WORD.test(wordsBefore(first))) yield* candidatesIn(first as Text, REACH);
  if (!isSaid || text.search(FORM) < 0) return;
  walker.currentNode = node;
  // The word itself may be split.
  let before = "";
  for (let count = 1; walker.nextNode(); count += 1) {
    const node = walker.currentNode as Text;
    if (WORD.test(before + node.data)) yield* candidatesIn(node);
    before = (before + node.data).slice(-7);
    // Texts are cheap: a hundred per step.
    if (count % 100 === 0) yield null;
  }
}

/**
 * Yields candidates whose attributes mention WhatsApp, and `null` between. Reading all markup and querying the names
 * found is faster than asking each element, which costs an object.
 */
function* carriersIn(node: Element): Generator<Candidate | null> {
  const markup = new XMLSerializer().serializeToString(node);
  const selectors = new Set<string>();
  for (const [, name = ""] of markup.matchAll(NAMED)) {
    // `xlink:href` has a namespace.
    const form = `[${name.endsWith(":href") ? "*|href" : CSS.escape(name)}*=whatsapp i]`;
    if (NAMES.test(name)) selectors.add(HANDLERS.test(name) ? form : `${form}:not(${ELSEWHERE})`);
  }
  if (ENCODED.test(markup)) selectors.add("[href]");
  for (const selector of selectors.size > MOST_NAMES ? ["*"] : selectors) {
    yield null;
    for (const element of allOf(node, selector)) yield candidateOf(element);
  }
}

/** Yields a node and its descendants that match a selector. */
function* allOf(node: Element, selector: string): Generator<Element> {
  if ("matches" in node && call(node, "matches", selector)) yield node;
  yield* call(node, "querySelectorAll", selector);
}

/** Breadth first: components are near the root, rows and icons deep inside. */
function* outermostFirst(node: Element): Generator<Element> {
  yield node;
  const parents = [node];
  for (const parent of parents) {
    // Not `children`, whose length the browser counts first.
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

/** Whether a link inside shows an invite and has its own place. */
function isShownWithin(element: Element): boolean {
  const name = get(element, "localName");
  if (/^(?:a|button|area|form)$/.test(name)) return false;
  return /^(?:html|body)$/.test(name) || call(element, "querySelector", INVITES) !== null;
}

function placeAt(after: Element | Text, code: string, isWritten: () => boolean, end?: number): Place {
  const isCurrent = () => get(after, "isConnected") && isWritten();
  const shown = pictureOf(after) ?? after;
  let box = isText(shown) ? parentOf(shown) : shown;
  while (box && getComputedStyle(box).display === "contents") box = parentOf(box);
  // A text removed meanwhile has no parent.
  return { code, after, end, box: box ?? document.documentElement, block: blockOf(shown), isCurrent };
}

function sourceOf(element: Element): Source {
  if (closest(element, SKIP)) return [];
  // Cut to what the worker accepts.
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
 * Yields the links that a text holds, ends or begins; with `reach`, also those ending up to that many characters
 * before, whose code may continue in it.
 */
function* candidatesIn(text: Text, reach = 0): Generator<Candidate> {
  if (closest(text, SKIP)) return;
  const line = lineOf(text);
  const joined = line.map(({ data, gap }) => gap + data).join("");
  const own = line.find(({ node }) => node === text)!;
  const forms = [...joined.matchAll(FORM)];
  for (const [i, { index, 0: form }] of forms.entries()) {
    const end = index + form.length;
    // Others are found with their own texts. An app's scheme may precede the form.
    if (end + reach < own.from || index > own.from + own.data.length + 12) continue;
    const behind = Math.min(end + AROUND, forms[i + 1]?.index ?? Infinity);
    const source: Source = [
      ["", joined.slice(Math.max(0, index - AROUND), index)],
      ["", joined.slice(index, Math.min(behind, index + LONGEST))],
    ];
    yield { source, placeOf: (code) => placeInLine(line, joined, index, code) };
  }
}

/** `index`: start of the form. */
function placeInLine(line: Part[], joined: string, index: number, code: string): Place {
  // Seams and breaks may split the code.
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

function outermost(element: Element): Element {
  const outer = closest(parentOf(element), LINKS);
  return outer ? outermost(outer) : element;
}
