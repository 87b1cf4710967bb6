import type { Page } from "playwright-core";
import { expect } from "vitest";
import type { MessageKey } from "../../lib/shared/i18n";
import { App, words } from "./app";
import { PATIENCE } from "./chromium";

/** What has the focus, as an agent sees and a screen reader says it. */
export interface Stop {
  /** Accessible name, as far as these screens need one. */
  name: string;
  tag: string;
  /** Where it leads, if it is a link. */
  href: string | null;
  /** Whether something on the screen shows that it has the focus. */
  isVisible: boolean;
  /** Whether it is the body, which means that the focus is lost. */
  isLost: boolean;
  /** Whether Tab stops here: a heading, or a box that took the focus of what was removed from it, is none. */
  isStop: boolean;
}

/** A keyboard, and eyes that check after each key where the focus went. */
export class Keyboard {
  constructor(readonly page: Page) {}

  async stop(): Promise<Stop> {
    return this.page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      const labels = "labels" in element ? [...((element as HTMLInputElement).labels ?? [])] : [];
      const name = element.getAttribute("aria-label") ?? labels.map(({ innerText }) => innerText).join(" ") ?? "";
      // A box around a control may show the focus in its stead, and what a link draws over its row.
      const shows = (at: Element | null): boolean =>
        [null, "::after"].some((part) => {
          if (!at) return false;
          const { content, outlineStyle, outlineWidth } = getComputedStyle(at, part);
          const isDrawn = part === null || content !== "none";
          return isDrawn && outlineStyle !== "none" && parseFloat(outlineWidth) >= 1;
        });
      // Whether the middle of what the window shows of it, or of a line of it, is neither clipped away nor covered.
      const isInView = [element.getBoundingClientRect(), ...element.getClientRects()].some((box) => {
        const x = (Math.max(0, box.left) + Math.min(innerWidth, box.right)) / 2;
        const y = (Math.max(0, box.top) + Math.min(innerHeight, box.bottom)) / 2;
        return element.contains(document.elementFromPoint(x, y));
      });
      return {
        name: (name || element.innerText || "").trim().replaceAll(/\s+/g, " "),
        tag: element.tagName.toLowerCase(),
        href: element.getAttribute("href"),
        isVisible: isInView && (shows(element) || shows(element.closest("label, .search"))),
        isLost: element === document.body,
        isStop: element.tabIndex >= 0,
      };
    });
  }

  /** Presses a key. */
  press(key: string): Promise<void> {
    return this.page.keyboard.press(key);
  }

  /** Types a text, key by key. */
  type(text: string): Promise<void> {
    return this.page.keyboard.type(text);
  }

  /** Does a command of the palette, which Ctrl K opens over every screen. */
  async find(name: string): Promise<void> {
    await this.press("Control+k");
    await this.page.getByRole("combobox", { name: words("find_label") }).waitFor();
    await this.type(name);
    await this.press("Enter");
  }

  /** Waits until this stop has the focus. */
  async isAt(stop: Partial<Stop>): Promise<void> {
    await expect.poll(() => this.stop()).toMatchObject(stop);
  }

  /** Waits until the focus is on something other than the body, and gives it. */
  async settle(): Promise<Stop> {
    const message = "the focus to be somewhere";
    await expect.poll(async () => (await this.stop()).isLost, { message, timeout: PATIENCE }).toBe(false);
    return this.stop();
  }

  /**
   * Presses Tab until the stop with this name has the focus, at most `most` times if that is given. Each stop on the way has
   * to be visible.
   */
  async tabTo(name: string | RegExp, key = "Tab", most = Infinity): Promise<Stop> {
    const passed: string[] = [];
    const isIt = (stop: Stop) => (typeof name === "string" ? stop.name === name : name.test(stop.name));
    // What is drawn late is passed by at first.
    const end = Date.now() + PATIENCE;
    for (let count = 0; count < most && Date.now() < end; count += 1) {
      await this.press(key);
      const stop = await this.stop();
      // Past the last stop the browser's own controls have the focus, and a heading or box has it where what had it went.
      if (!stop.isStop) continue;
      await this.shows(stop, passed);
      passed.push(`${stop.tag} “${stop.name}”`);
      if (isIt(stop)) return stop;
    }
    throw new Error(`Tab never came to ${String(name)}: ${passed.slice(-60).join(" → ")}`);
  }

  /** Waits until the browser has scrolled to this stop, and the list has drawn its rows there. */
  private async shows({ name }: Stop, passed: string[]): Promise<void> {
    const message = `“${name}” after ${passed.slice(-60).join(" → ")}`;
    await expect.poll(() => this.stop(), { message, timeout: PATIENCE }).toMatchObject({ isVisible: true });
  }

  /** Tabs to a control of this name and presses it. */
  async use(name: string | RegExp, key = "Enter"): Promise<void> {
    await this.tabTo(name);
    await this.press(key);
  }

  /** Names of all stops from here to the end of the page, in the order of Tab. */
  async stops(): Promise<string[]> {
    const names: string[] = [];
    const first = await this.stop();
    for (let count = 0; count < 80; count += 1) {
      await this.press("Tab");
      const stop = await this.stop();
      if (!stop.isStop && (names.length === 0 || !stop.isLost)) continue;
      if (stop.isLost) break;
      if (names.length > 0 && stop.name === first.name && stop.tag === first.tag) break;
      await this.shows(stop, names);
      names.push(stop.name);
    }
    return names;
  }
}

/** Waits for a new screen under its heading, with the focus somewhere on it. */
export async function screen(keys: Keyboard, title: MessageKey | RegExp): Promise<Stop> {
  const name = typeof title === "string" ? words(title) : title;
  await keys.page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
  return keys.settle();
}

/** Waits until the job on the screen has ended. */
export async function jobEnds(keys: Keyboard): Promise<void> {
  await new App(keys.page).results();
  expect((await keys.stop()).isLost).toBe(false);
}
