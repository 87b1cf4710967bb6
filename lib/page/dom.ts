/**
 * Reading the DOM of a page that may shadow what it likes: a form with a field called `attributes`, or an image called
 * `createTreeWalker`, hides the browser's own. The prototype has them always.
 */

/** `NodeFilter.SHOW_TEXT`: a number, because to make `NodeFilter` costs the browser more than a short walk. */
export const TEXTS = 4;
/** `NodeFilter.SHOW_ELEMENT`. */
export const ELEMENTS = 1;

type Method = (...args: never[]) => unknown;

/** What an accessor or method of the browser is for this node. */
export function get<N extends object, K extends keyof N>(node: N, name: K): N[K] {
  return Reflect.get(Reflect.getPrototypeOf(node)!, name, node) as N[K];
}

/** Calls a method of the browser on this node. */
export function call<N extends object, K extends keyof N>(
  node: N,
  name: K,
  ...args: N[K] extends Method ? Parameters<N[K]> : never
): N[K] extends Method ? ReturnType<N[K]> : never {
  return Reflect.apply(get(node, name) as never, node, args);
}

/** Whether a node is a text. */
export function isText(node: Node): node is Text {
  return get(node, "nodeType") === 3; // Node.TEXT_NODE
}

/** The nearest element around a text or an element, or the element itself, that matches. */
export function closest(node: Node | null, selector: string): Element | null {
  const element = node && (isText(node) ? parentOf(node) : (node as Element));
  return element && call(element, "closest", selector);
}

/** The element around a node; for what stands right in a shadow root, its host. */
export function parentOf(node: Node): Element | null {
  const parent = get(node, "parentNode");
  return get(node, "parentElement") ?? (parent && get(parent as ShadowRoot, "host")) ?? null;
}

/** Whether a node stands before another one in the document. */
export function isBefore(node: Node, other: Node): boolean {
  return (call(node, "compareDocumentPosition", other) & 4) > 0; // Node.DOCUMENT_POSITION_FOLLOWING
}

/** The words of a text, with one space between them; it is read up to 20,000 characters. */
export function plain(text: string | null | undefined): string {
  return (text ?? "").slice(0, 20_000).replace(/\s+/g, " ").trim();
}

/** Walks from a node to the elements and texts before and behind it, in the order of the document. */
export function walkFrom(node: Node): TreeWalker {
  const walker = call(document, "createTreeWalker", call(node, "getRootNode"), TEXTS | ELEMENTS);
  walker.currentNode = node;
  return walker;
}
