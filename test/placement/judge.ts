/**
 * Runs in a page that is measured, as `judge`: what the chips do to its words, links and lines. Boxes are in CSS pixels of
 * the window.
 */
import {
  area,
  at,
  type Box,
  boxesOf,
  chipAt,
  chips,
  clip,
  contains,
  cut,
  difference,
  distance,
  elementOf,
  height,
  isShown,
  nodesOf,
  parentOf,
  type Place,
  places,
  plain,
  width,
} from "./page";

export { chipAt, chips, forget, take, type Box } from "./page";

/** Something of the page that a chip covers, with the codes that it leads to. */
export interface Covered {
  what: string;
  isWord: boolean;
  codes: string[];
}

/** A chip at rest. */
export interface Chip {
  box: Box;
  /** Words of which the chip's paint covers some, and controls whose press it takes. */
  covers: Covered[];
  /** Share of what it draws that is to be seen, and of nine points in its box that reach it. */
  seen: number;
  hits: number;
  /** For each code of the page: how far its place is from the chip as an eye takes it, and how far the chip leaves its box. */
  near: Record<string, { look: number; spill: number }>;
  /** Whether it is drawn beyond the sides of the window. */
  isOutside: boolean;
}

/** A control with a point at which a press reaches a chip. */
export interface Theft {
  chip: number;
  what: string;
  codes: string[];
}

/** An element of the page: its tag, its box in the document, and how many lines of text are in it. */
export type Snap = [tag: string, left: number, top: number, width: number, height: number, lines: number];

const CONTROLS = "a[href],button,input,select,textarea,summary,[role=button],[data-href],img,svg";

/** The codes of which a quarter of their place can be seen and is on top. */
export function inSight(): string[] {
  const seen = new Set<string>();
  for (const place of places()) {
    if (!isShown(place.node)) continue;
    const isOnTop = (box: Box) => {
      const part = clip(place.node, box);
      const top = area(part) > 0 && at((part.left + part.right) / 2, (part.top + part.bottom) / 2);
      return top && (contains(place.node, top) || contains(top, place.node));
    };
    const boxes = boxesOf(place);
    const whole = boxes.reduce((sum, box) => sum + area(box), 0);
    const part = boxes.reduce((sum, box) => sum + area(clip(place.node, box)), 0);
    if (part > whole / 4 && boxes.some(isOnTop)) seen.add(place.code);
  }
  return [...seen];
}

/**
 * The chips that a press can reach, by their numbers: in the middle of their boxes, each with the code of the place that
 * it stands beside and how far it is from that place in px.
 */
export function reachable(): { chip: number; code: string; px: number }[] {
  const all = places().map((place) => ({ ...place, boxes: boxesOf(place).map((box) => clip(place.node, box)) }));
  return chips.flatMap((_, chip) => {
    const box = boxOf(chip);
    if (chipAt((box.left + box.right) / 2, (box.top + box.bottom) / 2) !== chip) return [];
    const near = all.flatMap(({ code, boxes }) => boxes.map((place) => ({ code, px: distance(place, box) })));
    const [nearest] = near.toSorted((a, b) => a.px - b.px);
    return nearest ? [{ chip, code: nearest.code, px: Math.round(nearest.px) }] : [];
  });
}

/** The box of a chip, by its number. */
export function boxOf(i: number): Box {
  return plain(chips[i]!.getBoundingClientRect());
}

/** How wide each chip is drawn, in px: more while it shows its words. */
export function drawnWidths(): number[] {
  return chips.map((chip) => width(plain(chip.firstElementChild!.getBoundingClientRect())));
}

/** Draws the chips, or not; they stay where they are. */
export function paint(isPainted: boolean): void {
  for (const { style } of chips) {
    for (const [name, value] of Object.entries({ opacity: "0", transition: "none" })) {
      if (isPainted) style.removeProperty(name);
      else style.setProperty(name, value, "important");
    }
  }
}

/** Ends after the next frame was drawn. */
export function drawn(): Promise<void> {
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));
}

/** What the chips do, and the codes whose places are cut off. */
export interface Look {
  chips: Chip[];
  thefts: Theft[];
  cutOff: string[];
}

/** What the chips do at rest, by two pictures of the window: with them, and with them not painted. */
export async function look(withChips: string, without: string): Promise<Look> {
  const inkIn = await difference(withChips, without);
  const all = places();
  const codesOf = (node: Node, from = 0, to = Infinity) =>
    all
      .filter((place) =>
        place.node === node && node instanceof Text
          ? to > place.start && from < place.end
          : contains(place.node, node) || (node instanceof Element && contains(node, place.node)),
      )
      .map(({ code }) => code);
  return {
    chips: chips.map((_, i) => {
      const box = boxOf(i);
      const ink = inkIn({ left: box.left - 3, top: box.top - 3, right: box.right + 3, bottom: box.bottom + 3 });
      const share = (part: number, whole: number, most: number) => Math.min(1, part / Math.min(whole, most));
      return {
        box,
        covers: [...(ink ? wordsUnder(ink).filter(({ box }) => isInk(inkIn(box))) : []), ...controlsUnder(box, i)].map(
          ({ what, node, from, to }) => ({ what, isWord: node instanceof Text, codes: codesOf(node, from, to) }),
        ),
        seen: ink ? share(width(ink), width(box), 16) * share(height(ink), height(box), 14) : 0,
        hits: pointsOf(box, 3, 3).filter(([x, y]) => chipAt(x, y) === i).length / 9,
        near: nearest(box, ink ?? box, all),
        isOutside: !!ink && (ink.left < -1 || ink.right > innerWidth + 1),
      };
    }),
    thefts: thefts(codesOf),
    cutOff: all.filter(isCutOff).map(({ code }) => code),
  };
}

function isCutOff(place: Place): boolean {
  const boxes = boxesOf(place);
  return boxes.some((box) => area(clip(place.node, box)) < 0.98 * area(box));
}

const isInk = (box: Box | undefined) => !!box && width(box) > 1.5 && height(box) > 1.5;

/** So many points in the middles of the parts of a box. */
function pointsOf(box: Box, columns: number, rows: number): [x: number, y: number][] {
  return Array.from({ length: columns * rows }, (_, i) => [
    box.left + (width(box) * ((i % columns) + 0.5)) / columns,
    box.top + (height(box) * (Math.floor(i / columns) + 0.5)) / rows,
  ]);
}

interface Under {
  what: string;
  node: Node;
  box: Box;
  from?: number;
  to?: number;
}

/** The words whose ink, the middle of their height, meets a box. */
function wordsUnder(box: Box): Under[] {
  const found: Under[] = [];
  for (const node of nodesOf()) {
    if (!(node instanceof Text) || !node.data.trim() || !isShown(node)) continue;
    const whole = { node, start: 0, end: node.length };
    if (!boxesOf(whole).some((part) => area(cut(part, box)) > 0)) continue;
    for (const { index, 0: word } of node.data.matchAll(/\S+/g)) {
      for (const { left, right, top, bottom } of boxesOf({ node, start: index, end: index + word.length })) {
        // Lines that run down have their ink in the middle of their width.
        const isUpright = getComputedStyle(elementOf(node)).writingMode.startsWith("vertical");
        const [x, y] = isUpright ? [(right - left) * 0.22, 0] : [0, (bottom - top) * 0.22];
        const ink = clip(node, cut({ left: left + x, right: right - x, top: top + y, bottom: bottom - y }, box));
        if (isInk(ink)) found.push({ what: word, node, box: ink, from: index, to: index + word.length });
      }
    }
  }
  return found;
}

/** The controls that meet a box and whose press in the middle of the common part reaches this chip. */
function controlsUnder(box: Box, chip: number): Under[] {
  const found: Under[] = [];
  for (const node of nodesOf()) {
    if (!(node instanceof Element) || !node.matches(CONTROLS) || !isShown(node)) continue;
    for (const part of node.getClientRects()) {
      const common = clip(node, cut(part, box));
      const isTaken =
        width(common) > 2 &&
        height(common) > 2 &&
        chipAt((common.left + common.right) / 2, (common.top + common.bottom) / 2) === chip;
      if (isTaken)
        found.push({ what: `<${node.localName}> ${node.textContent?.trim().slice(0, 24)}`, node, box: common });
    }
  }
  return found;
}

/** The points of links and controls, 7 × 5 over each, at which a press reaches a chip; one of each control and chip. */
function thefts(codesOf: (node: Node) => string[]): Theft[] {
  const found: Theft[] = [];
  for (const node of nodesOf()) {
    if (!(node instanceof Element) || !node.matches(CONTROLS) || !isShown(node)) continue;
    const [largest] = [...node.getClientRects()].toSorted((a, b) => area(b) - area(a));
    const box = largest && clip(node, largest);
    if (!box || width(box) < 2 || height(box) < 2) continue;
    for (const chip of new Set(pointsOf(box, 7, 5).map(([x, y]) => chipAt(x, y)))) {
      if (chip >= 0) found.push({ chip, what: node.textContent?.trim().slice(0, 24) ?? "", codes: codesOf(node) });
    }
  }
  return found;
}

/** For each code how far its nearest place is from a chip, and by how much the chip's paint leaves the box around it. */
function nearest(box: Box, ink: Box, all: Place[]): Chip["near"] {
  const near: Chip["near"] = {};
  const y = (box.top + box.bottom) / 2;
  for (const place of all) {
    for (const whole of boxesOf(place)) {
      const part = clip(place.node, whole);
      if (!area(part)) continue;
      // What stands in the line beside it is nearer to the eye than what stands above or below.
      const aside = Math.max(0, box.left - part.right, part.left - box.right);
      const isInLine = y > part.top - 2 && y < part.bottom + 2 && aside <= 40;
      const look = isInLine ? aside / 10 : 4 + distance(box, part);
      if (look < (near[place.code]?.look ?? Infinity)) near[place.code] = { look, spill: spill(ink, place.node) };
    }
  }
  return near;
}

/** By how much a box leaves the nearest cell, card or bubble around a node that a reader sees. */
function spill(box: Box, node: Node): number {
  // Nothing is around what is fixed in the window.
  if (getComputedStyle(elementOf(node)).position === "fixed") return 0;
  for (let element = parentOf(node); element && element !== document.body; element = parentOf(element)) {
    const style = getComputedStyle(element);
    if (/^(?:inline|contents)$/.test(style.display)) continue;
    const isSeen =
      /^t[dh]$/.test(element.localName) ||
      parseFloat(style.borderLeftWidth) + parseFloat(style.borderRightWidth) > 0 ||
      style.backgroundColor !== "rgba(0, 0, 0, 0)";
    if (!isSeen && style.position === "fixed") return 0;
    if (!isSeen) continue;
    const around = element.getBoundingClientRect();
    return Math.max(
      0,
      box.right - around.right,
      around.left - box.left,
      box.bottom - around.bottom,
      around.top - box.top,
    );
  }
  return 0;
}

/** The page's own elements, where they are and how many lines they have. */
export function snap(): Snap[] {
  const elements = [...nodesOf()].filter((node) => node instanceof Element);
  return elements.map((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return [element.localName, left + scrollX, top + scrollY, width, height, linesIn(element, top)];
  });
}

/** The number of lines in an element that has text of its own. */
function linesIn(element: Element, top: number): number {
  const texts = [...element.childNodes].filter((node) => node instanceof Text && node.data.trim());
  if (!texts.length) return 0;
  const range = new Range();
  range.selectNodeContents(element);
  const rects = [...range.getClientRects()].filter(({ width }) => width > 1);
  return new Set(rects.map((rect) => Math.round(((rect.top + rect.bottom) / 2 - top) / 6))).size;
}

/** How far the document reaches: `[height, width]` in px. */
export function extent(): [height: number, width: number] {
  const { scrollHeight, scrollWidth } = document.scrollingElement!;
  return [scrollHeight, scrollWidth];
}
