import { call, closest, get } from "./dom";

/** Areas of image maps: links without a box of their own, which are pressed on the picture that shows their map. */

/** Returns the picture that shows the map of an area; null for every other element, and where no picture shows it. */
export function pictureOf(element: Element): Element | null {
  const map = get(element, "localName") === "area" && closest(element, "map");
  const name = map && call(map, "getAttribute", "name");
  return name ? call(document, "querySelector", `img[usemap=${CSS.escape(`#${name}`)}]`) : null;
}

/** Returns the box around the shape of an area, in px of the window: the whole picture where it names no shape. */
export function boxOfArea(area: Element, picture: Element): DOMRect {
  const whole = call(picture, "getBoundingClientRect");
  const numbers = get(area as HTMLAreaElement, "coords")
    .split(/[\s,;]+/)
    .map(Number);
  const [x = 0, y = 0, radius = 0] = numbers;
  // Three numbers are the middle and the radius of a circle; more are points.
  const points = numbers.length === 3 ? [x - radius, y - radius, x + radius, y + radius] : numbers;
  if (points.length < 4) return whole;
  const xs = points.filter((_, i) => i % 2 === 0);
  const ys = points.filter((_, i) => i % 2 === 1);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return new DOMRect(whole.left + left, whole.top + top, Math.max(...xs) - left, Math.max(...ys) - top);
}
