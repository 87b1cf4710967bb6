/** Reads the DOM through prototypes, as pages shadow names: a field `attributes`, an image `createTreeWalker`. */

/** `NodeFilter.SHOW_TEXT`; creating `NodeFilter` costs more than a short walk. */
export const TEXTS = 4;
/** `NodeFilter.SHOW_ELEMENT`. */
const ELEMENTS = 1;

type Method = (...args: never[]) => unknown;

/** Reads a built-in property. */
export function get<N extends object, K extends keyof N>(node: N, name: K): N[K] {
  return Reflect.get(Reflect.getPrototypeOf(node)!, name, node) as N[K];
}

/** Calls a built-in method. */
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

/** Returns the nearest matching element at or around a node. */
export function closest(node: Node | null, selector: string): Element | null {
  const element = node && (isText(node) ? parentOf(node) : (node as Element));
  return element && call(element, "closest", selector);
}

/** Returns a node's parent element, or its shadow root's host. */
export function parentOf(node: Node): Element | null {
  const parent = get(node, "parentNode");
  return get(node, "parentElement") ?? (parent && get(parent as ShadowRoot, "host")) ?? null;
}

/** Whether a node precedes another in the document. */
export function isBefore(node: Node, other: Node): boolean {
  return (call(node, "compareDocumentPosition", other) & 4) > 0; // Node.DOCUMENT_POSITION_FOLLOWING
}

/** Returns the first 20,000 characters with white space collapsed. */
export function plain(text: string | null | undefined): string {
  return (text ?? "").slice(0, 20_000).replace(/\s+/g, " ").trim();
}

/** Returns a walker over elements and texts, at a node. */
export function walkFrom(node: Node): TreeWalker {
  const walker = call(document, "createTreeWalker", call(node, "getRootNode"), TEXTS | ELEMENTS);
  walker.currentNode = node;
  return walker;
}
