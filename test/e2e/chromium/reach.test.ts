import { inflateSync } from "node:zlib";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { documentOf, link } from "../../placement/layout";
import { Site } from "../site";

/** How chips are reached and seen by those who do not use a mouse, or see a page in a way of their own. */

const codeOf = (html: string) => /chat\.whatsapp\.com\/(\w{22})/.exec(html)![1]!;

let site: Site;
beforeAll(async () => {
  site = await Site.start();
});
afterAll(() => site.close());
afterEach(async () => {
  await site.closePages();
});

const ONE = link("the swimmers");
const TWO = link("the rowers", 'id="two"');
const BODY = `<p>Join ${ONE} on Monday,</p><p>or ${TWO} on Friday.</p><p><button id="last">Send</button></p>`;

async function open(body = BODY): Promise<Page> {
  const page = await site.open(documentOf({ name: "a page", body }));
  await site.expectChips(page, body.match(/chat\.whatsapp/g)!.length);
  return page;
}

interface Spoken {
  role: string;
  name: string;
}

/** What a screen reader is told of the chips and of what they stand in. */
async function spoken(page: Page): Promise<Spoken[]> {
  const session = await site.chromium.context.newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  await session.detach();
  return nodes
    .filter(({ ignored }) => !ignored)
    .map(({ role, name }) => ({ role: String(role?.value), name: String(name?.value ?? "") }));
}

describe("with the keyboard and a screen reader", () => {
  it("each chip says what it does and which link is meant, in one named group", async () => {
    const page = await open();
    const said = await spoken(page);
    const chips = said.filter(({ role, name }) => role === "button" && name.includes("Wappfy"));
    expect(chips).toHaveLength(2);
    expect(chips[0]!.name).toContain("the swimmers");
    expect(chips[1]!.name).toContain("the rowers");
    expect(said.filter(({ role, name }) => /^(?:group|region|toolbar|navigation)$/.test(role) && name)).toHaveLength(1);
  });

  it("a key on a link does what a press on its chip does, and the page hears nothing of it", async () => {
    const page = await open(
      `${BODY}<script>addEventListener("keydown", ({ key }) => key === "Enter" && (document.title = key))</script>`,
    );
    await page.focus("#two");
    expect(await site.untilAsked(page, () => page.keyboard.press("Alt+Shift+Enter"))).toBe(codeOf(TWO));
    expect(await page.title()).toBe("a page");
  });

  it("the page is told nothing of a chip that has the focus but that it is beside the body", async () => {
    const page = await open();
    await page.focus("#last");
    await page.keyboard.press("Tab");
    const active = await page.evaluate(() => {
      const { activeElement } = document;
      return [
        activeElement?.parentNode === document.documentElement,
        activeElement?.shadowRoot,
        activeElement?.textContent,
      ];
    });
    expect(active).toEqual([true, null, ""]);
  });
});

/** What the pages of a PDF file draw: the commands of their streams. */
function drawnIn(pdf: Buffer): string {
  const streams = pdf.toString("latin1").matchAll(/stream\r?\n([^]*?)\r?\nendstream/g);
  return [...streams]
    .map(([, data]) => inflated(Buffer.from(data!, "latin1")))
    .filter((text) => / Tf/.test(text))
    .join();
}

function inflated(data: Buffer): string {
  try {
    return inflateSync(data).toString("latin1");
  } catch {
    return ""; // A stream that is not packed is none of text.
  }
}

describe("seen in another way", () => {
  /** The boxes of the chips as they are drawn: width and height in px. */
  const boxes = async (page: Page): Promise<[number, number][]> => {
    const session = await site.chromium.context.newCDPSession(page);
    const found: [number, number][] = [];
    for (const backendNodeId of await site.buttons(page)) {
      const box = await session.send("DOM.getBoxModel", { backendNodeId }).catch(() => undefined);
      if (box) found.push([box.model.width, box.model.height]);
    }
    await session.detach();
    return found;
  };

  it("on paper the page is drawn as without the extension", async () => {
    const page = await open();
    const withChips = drawnIn(await page.pdf());
    await site.setMayRun(false);
    await site.expectChips(page, 0);
    const without = drawnIn(await page.pdf());
    await site.setMayRun(true);
    expect(without.length).toBeGreaterThan(100);
    expect(withChips).toEqual(without);
  });

  it.each([
    ["with colours of the system", { forcedColors: "active" as const }],
    ["in the dark", { colorScheme: "dark" as const }],
  ])("%s a chip is told from what is around it", async (_, media) => {
    const page = await open(`<style>:root { color-scheme: light dark }</style>${BODY}`);
    await page.emulateMedia({ ...media, reducedMotion: "reduce" });
    const colours = (await site.callOnChip(
      page,
      `function () {
        const all = [this, ...this.querySelectorAll("*")].flatMap((element) => [element, "::before", "::after"].map((part) => getComputedStyle(element, part === element ? undefined : part)));
        return [...new Set(all.flatMap((style) => [style.color, style.backgroundColor, style.borderColor]))].join(";");
      }`,
    )) as string;
    expect(colours.split(";").filter((colour) => !/rgba\(.*, 0\)/.test(colour)).length).toBeGreaterThan(1);
  });

  it.each([
    ["the mouse", "ltr"],
    ["the focus", "rtl"],
  ])(
    "with %s on it a chip unfolds to its words in the direction of the text (%s), and folds again without",
    async (way, direction) => {
      const page = await open(
        `<div dir="${direction}" style="display: flex; gap: 4px; margin: 0 200px">${ONE}${TWO}</div><button id="last">Send</button>`,
      );
      /** The ends of all that is drawn in the first chip, in px. */
      const ends = () =>
        site.callOnChip(
          page,
          `function () { const all = [this, ...this.querySelectorAll("*")].map((part) => part.getBoundingClientRect()).filter(({ width }) => width);
          return Math.min(...all.map(({ left }) => left)) + " " + Math.max(...all.map(({ right }) => right)); }`,
        ) as Promise<string>;
      const width = async () => {
        const [left = 0, right = 0] = (await ends()).split(" ").map(Number);
        return right - left;
      };
      const folded = await width();
      const [left, right] = (await ends()).split(" ");
      const [chip] = await site.chromium.chips(page);
      if (way === "the mouse") await page.mouse.move(chip!.point!.x, chip!.point!.y);
      else {
        await page.focus("#last");
        await page.keyboard.press("Tab");
      }
      await expect.poll(width).toBeGreaterThan(folded + 60);
      const [leftNow, rightNow] = (await ends()).split(" ");
      expect(direction === "ltr" ? leftNow : rightNow).toBe(direction === "ltr" ? left : right);
      if (way === "the mouse") await page.mouse.move(600, 500);
      else await page.focus("#last");
      await expect.poll(width).toBe(folded);
    },
  );

  it("a target of at least 24 px, for a finger too", async () => {
    const page = await open();
    for (const [width, height] of await boxes(page)) {
      expect(width).toBeGreaterThanOrEqual(24);
      expect(height).toBeGreaterThanOrEqual(24);
    }
  });

  it("a tap of a finger asks for the invite, at most after another that unfolds the chip", async () => {
    const tapTwice = async () => {
      const page = await open();
      const session = await site.chromium.context.newCDPSession(page);
      await session.send("Emulation.setTouchEmulationEnabled", { enabled: true });
      await session.send("Emulation.setEmitTouchEventsForMouse", { enabled: false });
      for (let taps = 0; taps < 2 && !(await site.askedCodes()).length; taps += 1) {
        const touchPoints = [await site.chromium.stillPoint(page)];
        await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints });
        await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
        // As long as nobody taps twice.
        await page.waitForTimeout(700);
        await site.heard(page);
      }
      return site.askedCodes();
    };
    // On a page of its own again where a computer at a standstill made a long press of a tap.
    await expect.poll(tapTwice).toEqual([codeOf(ONE)]);
  });

  it.each([2, 4])("magnified %i times by two fingers, a chip stays beside its link", async (scale) => {
    const page = await open(`<p>Join ${ONE}</p>`);
    const session = await site.chromium.context.newCDPSession(page);
    await session.send("Emulation.setPageScaleFactor", { pageScaleFactor: scale });
    const gap = await site.callOnChip(
      page,
      `function () { const chip = this.getBoundingClientRect(), link = document.querySelector("a").getBoundingClientRect();
        return Math.max(Math.abs(chip.left - link.right), 4 * Math.abs((chip.top + chip.bottom - link.top - link.bottom) / 2)); }`,
    );
    expect(gap).toBeLessThan(24);
  });
});
