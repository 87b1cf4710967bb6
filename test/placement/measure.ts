import { BOXES } from "./boxes";
import type { Chip, Covered, Look, Snap } from "./judge";
import { savePicture, type Lab, type Tab } from "./lab";
import { documentOf, type Layout } from "./layout";
import { LAYERS } from "./layers";
import { ROWS } from "./rows";
import { SHAPES } from "./shapes";
import { TEXTS } from "./texts";

/** All pages on which chips are measured. */
export const LAYOUTS: Layout[] = [...TEXTS, ...ROWS, ...BOXES, ...SHAPES, ...LAYERS];

/** What the chips of one page do to it: a sentence for each fault, by the name of its kind. */
export interface Result {
  name: string;
  invites: number;
  chips: number;
  faults: Record<Fault, string[]>;
}

/** Kinds of faults, with the share of chips, or of pages, that may have it. */
export const BARS = {
  foreign: { what: "chips on words or controls that are not their link's", of: "chips", most: 0 },
  own: { what: "chips on the words of their own link", of: "chips", most: 0 },
  spilled: { what: "chips more than 2 px out of the box around their link", of: "chips", most: 0.02 },
  unseen: { what: "invites in sight without a chip that is seen and pressed", of: "invites", most: 0.02 },
  orphan: { what: "chips in sight whose link is not", of: "chips", most: 0 },
  outside: { what: "chips beyond the sides of the window", of: "chips", most: 0 },
  stolen: { what: "links and controls whose press reaches the chip of another invite", of: "chips", most: 0 },
  wrong: { what: "chips whose press asks for another invite than the one beside it", of: "chips", most: 0 },
  unfolded: { what: "chips that stay unfolded when the mouse has left", of: "chips", most: 0 },
  grew: { what: "pages that are higher", of: "pages", most: 0 },
  hscroll: { what: "pages that scroll sideways", of: "pages", most: 0 },
  rewrapped: { what: "pages with a line that is wrapped anew", of: "pages", most: 0.05 },
} as const;

export type Fault = keyof typeof BARS;

/** In ms: how long no chip may come or move before there are no more. */
const CALM = { few: 2_500, enough: 300 };
/** In ms, generous for a busy computer: how long a press may take to be told, and a chip to fold. */
const PATIENCE = { press: 5_000, fold: 5_000 };
const TALLEST = 4_000;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Measures a page in a tab. With `shots`, a picture of it is written into that folder. */
async function measure(lab: Lab, tab: Tab, layout: Layout, shots?: string): Promise<Result> {
  const { url, plain, path } = lab.serve(documentOf(layout));
  const width = layout.width ?? 1280;
  const low = Math.min(400, layout.height ?? 400);
  // In a low window, which hides nothing of what makes a page higher, and then in the one that is measured.
  await tab.resize(width, low);
  await show(lab, tab, plain, layout);
  const extentBefore = await tab.evaluate<[number, number]>("judge.extent()");
  const height = layout.height ?? Math.min(TALLEST, Math.max(800, 80 + extentBefore[0]));
  await tab.resize(width, height);
  await show(lab, tab, plain, layout);
  const inSight = await tab.evaluate<string[]>("judge.inSight()");
  const snapBefore = await tab.evaluate<Snap[]>("judge.snap()");

  await tab.point(2, 2);
  await show(lab, tab, url, layout);
  const count = await settle(tab, inSight.length);
  const snapAfter = await tab.evaluate<Snap[]>("judge.snap()");
  const seen = await look(tab, layout.name, shots);
  const widths = await tab.evaluate<number[]>("judge.drawnWidths()");
  const codes = await pressAll(lab, tab, path, seen.chips);
  const isFolded = await foldAll(tab, widths);
  await tab.resize(width, low);
  await tab.evaluate("scrollTo(0, document.scrollingElement.scrollHeight), judge.drawn()");
  const extentAfter = await tab.evaluate<[number, number]>("judge.extent()");
  return {
    name: layout.name,
    invites: inSight.length,
    chips: count,
    faults: {
      ...faultsOfChips(seen, codes, inSight),
      unfolded: codes.filter((_, i) => !isFolded[i]),
      grew: extentAfter[0] > extentBefore[0] ? [`${extentAfter[0] - extentBefore[0]} px`] : [],
      hscroll: extentAfter[1] > extentBefore[1] ? [`${extentAfter[1] - extentBefore[1]} px`] : [],
      rewrapped: rewrapped(snapBefore, snapAfter),
    },
  };
}

/** Measures pages in so many tabs at once, and tells of each result. Firefox has one mouse for all tabs, so it takes one. */
export async function measureAll(
  lab: Lab,
  layouts: Layout[],
  tabs = 1,
  onResult: (result: Result) => void = () => undefined,
  shots?: string,
): Promise<Result[]> {
  const waiting = [...layouts];
  const results: Result[] = [];
  const work = async (tab: Tab) => {
    for (let layout = waiting.shift(); layout; layout = waiting.shift()) {
      const result = await measure(lab, tab, layout, shots);
      results.push(result);
      onResult(result);
    }
    await tab.close();
  };
  const open: Tab[] = [];
  for (let i = 0; i < tabs; i += 1) open.push(await lab.newTab());
  await Promise.all(open.map(work));
  return results;
}

/** Opens a page, scrolls it as its layout says, and brings the functions of the judge into it. */
async function show(lab: Lab, tab: Tab, url: string, { scroll = 0 }: Layout): Promise<void> {
  await tab.open(url);
  await tab.evaluate(`${lab.judge}, scrollTo(0, ${scroll}), judge.drawn()`);
}

/** Has the judge measure the chips of this moment, and gives their number. */
export async function takeChips(tab: Tab): Promise<number> {
  await tab.evaluate("judge.forget()");
  return tab.withChips("(button) => judge.take(button)");
}

/** Where the chips are that the judge measures, as a text to be compared. */
export function boxesOfChips(tab: Tab): Promise<string> {
  return tab.evaluate("JSON.stringify(judge.chips.map((_, i) => judge.boxOf(i)))");
}

/** Waits until there are enough chips, or no more come, and none moves; takes them, and gives their number. */
async function settle(tab: Tab, enough: number): Promise<number> {
  let boxes = "";
  for (let since = Date.now(); ; await sleep(100)) {
    const count = await takeChips(tab);
    const now = await boxesOfChips(tab);
    if (now !== boxes) since = Date.now();
    boxes = now;
    if (Date.now() - since > (count >= enough ? CALM.enough : CALM.few)) return count;
  }
}

async function look(tab: Tab, name: string, shots?: string): Promise<Look> {
  const picture = async (isPainted: boolean) => {
    await tab.evaluate(`judge.paint(${isPainted}), judge.drawn()`);
    return tab.picture();
  };
  const [withChips, without] = [await picture(true), await picture(false)];
  await tab.evaluate("judge.paint(true)");
  if (shots !== undefined) savePicture(shots, name, withChips);
  return tab.evaluate(`judge.look("${withChips}", "${without}")`);
}

/**
 * Presses each chip, with the keyboard where its middle cannot be hit, and gives what each asks for; "" for nothing. A chip
 * takes no press right after it or the page moved, which a busy computer may do late: an agent presses again, and so does
 * this, twice.
 */
async function pressAll(lab: Lab, tab: Tab, path: string, chips: Chip[]): Promise<string[]> {
  const codes: string[] = [];
  for (const [i, { box }] of chips.entries()) {
    const before = lab.pressedOn(path).length;
    const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    for (let presses = 0; presses < 3 && lab.pressedOn(path).length === before; presses += 1) {
      if (await tab.evaluate<boolean>(`judge.chipAt(${x}, ${y}) === ${i}`)) await tab.point(x, y, true);
      else {
        await tab.evaluate(`judge.chips[${i}].focus()`);
        await tab.press("Enter");
      }
      // Not pressed again too early: a press that is told late would count for the next chip.
      const since = Date.now();
      while (lab.pressedOn(path).length === before && Date.now() - since < PATIENCE.press) await sleep(10);
    }
    codes.push(lab.pressedOn(path)[before] ?? "");
    await tab.evaluate(`judge.chips[${i}].blur()`);
    // Away from it, so that it does not lie over the next one.
    await tab.point(2, 2);
  }
  return codes;
}

/** Waits until all chips are drawn as wide as before they were pressed, and gives for each whether it is. */
async function foldAll(tab: Tab, widths: number[]): Promise<boolean[]> {
  for (const since = Date.now(); ; await sleep(100)) {
    const now = await tab.evaluate<number[]>("judge.drawnWidths()");
    const isFolded = widths.map((width, i) => Math.abs(width - now[i]!) < 1.5);
    if (!isFolded.includes(false) || Date.now() - since > PATIENCE.fold) return isFolded;
  }
}

function faultsOfChips({ chips, thefts, cutOff }: Look, codes: string[], inSight: string[]) {
  const covers = (isCounted: (covered: Covered, code: string) => boolean) =>
    chips.flatMap(({ covers }, i) => {
      const all = covers.filter((covered) => isCounted(covered, codes[i]!)).map(({ what }) => what);
      return all.length ? [`${codes[i]} on ${all.slice(0, 3).join(", ")}`] : [];
    });
  const isGood = (chip: Chip) => chip.seen >= 0.9 && chip.hits > 0.85;
  const isWrong = ({ near, seen }: Chip, code = "") => {
    const least = Math.min(...Object.values(near).map(({ look }) => look));
    return !code || (seen > 0.5 && (near[code]?.look ?? Infinity) > least + 1);
  };
  const good = new Set(codes.filter((_, i) => isGood(chips[i]!)));
  const pick = (isPicked: (chip: Chip, code: string) => boolean) =>
    codes.filter((code, i) => isPicked(chips[i]!, code)).map((code) => code || "a press that asks for nothing");
  return {
    foreign: covers((covered, code) => !covered.codes.includes(code)),
    // A chip may stand in the box of its own link, beside the words, and at the end of what is to be seen of one that is
    // cut off.
    own: covers(({ isWord, codes }, code) => isWord && codes.includes(code) && !cutOff.includes(code)),
    spilled: pick(({ near }, code) => (near[code]?.spill ?? 0) > 2),
    unseen: inSight.filter((code) => !good.has(code)),
    orphan: pick(({ seen, hits }, code) => seen > 0.5 && hits > 0.5 && !inSight.includes(code)),
    outside: pick(({ isOutside }) => isOutside),
    stolen: thefts
      .filter((theft) => !theft.codes.includes(codes[theft.chip]!))
      .map(({ what, chip }) => `${what} by ${codes[chip]}`),
    wrong: pick(isWrong),
  };
}

/** The elements with another number of lines, or that are higher by a line. */
function rewrapped(before: Snap[], after: Snap[]): string[] {
  if (before.length !== after.length) return [`${after.length} elements, not ${before.length}`];
  return before.flatMap(([tag, , , , height, lines], i) => {
    const [, , , , newHeight, newLines] = after[i]!;
    return lines !== newLines || (lines && Math.abs(newHeight - height) > 8) ? [`<${tag}> ${lines} → ${newLines}`] : [];
  });
}

/** How often a kind of fault is there, how often it may be, of how many, and where it is. */
export interface Judgement {
  what: string;
  count: number;
  most: number;
  of: number;
  where: string[];
}

/** Judges all pages together, for each kind of fault. */
export function judgeResults(results: Result[]): Record<Fault, Judgement> {
  const sum = (of: "chips" | "invites") => results.reduce((all, result) => all + result[of], 0);
  const judge = (fault: Fault): Judgement => {
    const { what, of, most } = BARS[fault];
    const whole = of === "pages" ? results.length : sum(of);
    const faulty = results.filter(({ faults }) => faults[fault].length);
    const count = of === "pages" ? faulty.length : faulty.flatMap(({ faults }) => faults[fault]).length;
    const where = faulty.map(({ name, faults }) => `${name}: ${faults[fault].slice(0, 4).join("; ")}`);
    return { what, count, most: Math.floor(most * whole), of: whole, where };
  };
  const kinds = Object.keys(BARS) as Fault[];
  return Object.fromEntries(kinds.map((fault) => [fault, judge(fault)])) as Record<Fault, Judgement>;
}
