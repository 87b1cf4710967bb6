/** Reads a page that is measured: its boxes, its texts, its invites, and what a press at a point reaches. Runs in the page. */

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Where an invite stands. */
export interface Place {
  code: string;
  node: Element | Text;
  start: number;
  end: number;
}

/** The buttons that are measured; the browser's driver puts them here, because a page cannot see them. */
export const chips: HTMLElement[] = [];
const hosts = new Set<Element>();

/** Measures no button any more. */
export function forget(): void {
  chips.length = 0;
  hosts.clear();
}

/** Measures one more button. */
export function take(button: HTMLElement): void {
  chips.push(button);
  hosts.add((button.getRootNode() as ShadowRoot).host);
}

const CODE = /chat\.whatsapp\.com\/([A-Za-z0-9]{22})/g;

export const width = (box: Box) => Math.max(0, box.right - box.left);
export const height = (box: Box) => Math.max(0, box.bottom - box.top);
export const area = (box: Box) => width(box) * height(box);
export const plain = ({ left, top, right, bottom }: Box): Box => ({ left, top, right, bottom });
export const cut = (a: Box, b: Box): Box => ({
  left: Math.max(a.left, b.left),
  top: Math.max(a.top, b.top),
  right: Math.min(a.right, b.right),
  bottom: Math.min(a.bottom, b.bottom),
});
export const distance = (a: Box, b: Box) =>
  Math.hypot(Math.max(0, a.left - b.right, b.left - a.right), Math.max(0, a.top - b.bottom, b.top - a.bottom));
export const parentOf = (node: Node): Element | null =>
  node.parentElement ?? (node.parentNode instanceof ShadowRoot ? node.parentNode.host : null);
export const elementOf = (node: Node) => (node instanceof Element ? node : parentOf(node)!);
const isOurs = (element: Element) => hosts.has(element);
/** The nearest element with a box at or around a node. */
function boxedOf(node: Node): Element {
  const element = elementOf(node);
  return getComputedStyle(element).display === "contents" ? boxedOf(parentOf(element)!) : element;
}
export const isShown = (node: Node) =>
  boxedOf(node).checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });

/** All nodes of the page's own, in open roots too. */
export function* nodesOf(root: Node = document.body): Generator<Node> {
  for (const node of root.childNodes) {
    if (node instanceof Element && (isOurs(node) || /^(?:script|style|template)$/i.test(node.localName))) continue;
    yield node;
    if (node instanceof Element && node.shadowRoot) yield* nodesOf(node.shadowRoot);
    yield* nodesOf(node);
  }
}

export function contains(outer: Node, inner: Node): boolean {
  for (let node: Node | null = inner; node; node = parentOf(node)) if (node === outer) return true;
  return false;
}

function codesIn(text: string): string[] {
  return [...text.matchAll(CODE)].map(([, code]) => code!);
}

/** Where invites stand: elements that lead to one, and addresses in texts outside of them. */
export function places(): Place[] {
  const found: Place[] = [];
  for (const node of nodesOf()) {
    if (node instanceof Element) {
      const codes = codesIn([...node.attributes].map(({ value }) => value).join(" "));
      for (const code of new Set(codes)) found.push({ code, node, start: 0, end: node.childNodes.length });
    } else if (node instanceof Text && !found.some((place) => contains(place.node, node))) {
      for (const match of node.data.matchAll(CODE)) {
        const start = node.data.lastIndexOf("https", match.index);
        found.push({ code: match[1]!, node, start, end: match.index + match[0].length });
      }
    }
  }
  return found;
}

export function boxesOf({ node, start, end }: Omit<Place, "code">): Box[] {
  const range = new Range();
  range.setStart(node, start);
  range.setEnd(node, end);
  const own = node instanceof Element ? [...node.getClientRects()] : [];
  return [...own, ...range.getClientRects()].filter((box) => box.width > 1 && box.height > 1).map(plain);
}

/** The part of a box of a node that the elements around it let be seen. */
export function clip(node: Node, box: Box): Box {
  let seen = cut(box, { left: 0, top: 0, right: innerWidth, bottom: innerHeight });
  for (let element: Element | null = elementOf(node); element; element = parentOf(element)) {
    const { display, overflowX, overflowY, position } = getComputedStyle(element);
    const isBox = !/^(?:inline|contents)$/.test(display) && element !== document.body;
    if (isBox && /hidden|auto|scroll|clip/.test(overflowX + overflowY) && element !== document.documentElement)
      seen = cut(seen, element.getBoundingClientRect());
    if (position === "fixed") break;
  }
  return seen;
}

/** What a press at a point reaches: an element of the page, in open roots too, or a host of ours. */
export function at(x: number, y: number): Element | null {
  let element = document.elementFromPoint(x, y);
  while (element?.shadowRoot && !isOurs(element)) {
    const inner: Element | null = element.shadowRoot.elementFromPoint(x, y);
    if (!inner || inner === element) break;
    element = inner;
  }
  return element;
}

/** The chip that a press at a point reaches, as its number; -1 for none. */
export function chipAt(x: number, y: number): number {
  const host = at(x, y);
  if (!host || !isOurs(host)) return -1;
  return chips.findIndex((chip) => {
    const root = chip.getRootNode() as ShadowRoot;
    const inner = root.host === host && root.elementFromPoint(x, y);
    return inner && (chip === inner || chip.contains(inner));
  });
}

/** Compares two pictures of the window (base64 PNG); the result gives the box of what differs within a box, if anything does. */
export async function difference(a: string, b: string): Promise<(within: Box) => Box | undefined> {
  const [first, second] = await Promise.all([a, b].map(pixelsOf));
  const scale = first!.width / innerWidth;
  return (within) => {
    const found = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
    const bottom = Math.min(first!.height, Math.ceil(within.bottom * scale));
    const right = Math.min(first!.width, Math.ceil(within.right * scale));
    for (let y = Math.max(0, Math.floor(within.top * scale)); y < bottom; y += 1) {
      for (let x = Math.max(0, Math.floor(within.left * scale)); x < right; x += 1) {
        const i = (y * first!.width + x) * 4;
        const isOther = [0, 1, 2].some((at) => Math.abs(first!.data[i + at]! - second!.data[i + at]!) > 8);
        if (!isOther) continue;
        found.left = Math.min(found.left, x / scale);
        found.right = Math.max(found.right, (x + 1) / scale);
        found.top = Math.min(found.top, y / scale);
        found.bottom = Math.max(found.bottom, (y + 1) / scale);
      }
    }
    return found.left < found.right ? found : undefined;
  };
}

async function pixelsOf(picture: string): Promise<ImageData> {
  const image = new Image();
  image.src = `data:image/png;base64,${picture}`;
  await image.decode();
  const context = new OffscreenCanvas(image.width, image.height).getContext("2d")!;
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, image.width, image.height);
}
