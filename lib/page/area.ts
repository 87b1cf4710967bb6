import { call, closest, get } from "./dom";

/** Returns the picture of an image map's area, or null. */
export function pictureOf(node: Node): Element | null {
  const map = get(node as Element, "localName") === "area" && closest(node, "map");
  const name = map && call(map, "getAttribute", "name");
  return name ? call(document, "querySelector", `img[usemap=${CSS.escape(`#${name}`)}]`) : null;
}

/** Returns an area's bounding box in window px; without a shape, the picture's. */
export function boxOfArea(area: Element, picture: Element): Pick<DOMRect, "left" | "top" | "right" | "bottom"> {
  const whole = call(picture, "getBoundingClientRect");
  const numbers = get(area as HTMLAreaElement, "coords")
    .split(/[\s,;]+/)
    .map(Number);
  const [x = 0, y = 0, radius = 0] = numbers;
  // Three numbers: a circle's centre and radius. More: points.
  const points = numbers.length === 3 ? [x - radius, y - radius, x + radius, y + radius] : numbers;
  if (points.length < 4) return whole;
  const xs = points.filter((_, i) => i % 2 === 0);
  const ys = points.filter((_, i) => i % 2 === 1);
  return {
    left: whole.left + Math.min(...xs),
    top: whole.top + Math.min(...ys),
    right: whole.left + Math.max(...xs),
    bottom: whole.top + Math.max(...ys),
  };
}
