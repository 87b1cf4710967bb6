import type { CDPSession, Page } from "playwright-core";
import { Chromium } from "../e2e/chromium";
import { Firefox, type FirefoxPage } from "../e2e/firefox";
import { buttonsOn } from "../e2e/site";

export type BrowserName = "chromium" | "firefox";

/** Keys as WebDriver writes them. */
const KEYS = { Tab: "\uE004", Enter: "\uE007" };

/** A tab of a browser with the extension: what a measurement needs of it, the same in each browser. */
export interface Tab {
  open(url: string): Promise<void>;
  resize(width: number, height: number): Promise<void>;
  /** Value of an expression in the page, awaited. */
  evaluate<T>(expression: string): Promise<T>;
  /** Gives the number of chips; calls a function of the page with the button of each, which the page itself cannot see. */
  withChips(functionDeclaration?: string): Promise<number>;
  /** The window, as PNG in base64. */
  picture(): Promise<string>;
  /** Moves the mouse, and presses if asked to. */
  point(x: number, y: number, isPressed?: boolean): Promise<void>;
  press(key: keyof typeof KEYS): Promise<void>;
  close(): Promise<void>;
}

/** A browser with the extension of a folder. Tabs of Chromium may be used at once, those of Firefox one after the other. */
export async function startBrowser(
  name: BrowserName,
  dir: string,
): Promise<{ newTab(): Promise<Tab>; close(): Promise<void> }> {
  if (name === "chromium") {
    const chromium = await Chromium.launch({ dir, isSilent: true });
    return {
      // In a window of its own: a page behind another one draws a frame a second.
      newTab: async () => {
        const opened = chromium.context.waitForEvent("page");
        await chromium.browser.send("Target.createTarget", { url: "about:blank", newWindow: true });
        const page = await opened;
        return new ChromiumTab(page, await chromium.context.newCDPSession(page));
      },
      close: () => chromium.close(),
    };
  }
  const firefox = await Firefox.launch({ dir });
  return {
    newTab: async () => new FirefoxTab(await firefox.open(new URL("about:blank"))),
    close: () => firefox.close(),
  };
}

class ChromiumTab implements Tab {
  constructor(
    private readonly page: Page,
    private readonly session: CDPSession,
  ) {}

  async open(url: string): Promise<void> {
    await this.page.goto(url);
  }

  async resize(width: number, height: number): Promise<void> {
    await this.page.setViewportSize({ width, height });
  }

  evaluate<T>(expression: string): Promise<T> {
    return this.page.evaluate<T>(expression);
  }

  async withChips(functionDeclaration?: string): Promise<number> {
    const buttons = await buttonsOn(this.page);
    if (functionDeclaration === undefined || buttons.length === 0) return buttons.length;
    const nodes = await Promise.all(
      buttons.map((backendNodeId) => this.session.send("DOM.resolveNode", { backendNodeId })),
    );
    const found = nodes.map(({ object: { objectId } }) => ({ objectId }));
    await this.session.send("Runtime.callFunctionOn", {
      // Any of them says in which world to run.
      objectId: found[0]?.objectId,
      functionDeclaration: `(...buttons) => buttons.forEach(${functionDeclaration})`,
      arguments: found,
    });
    return buttons.length;
  }

  async picture(): Promise<string> {
    return (await this.session.send("Page.captureScreenshot", { format: "png" })).data;
  }

  async point(x: number, y: number, isPressed = false): Promise<void> {
    await this.page.mouse.move(x, y);
    if (isPressed) await this.page.mouse.click(x, y);
  }

  async press(key: keyof typeof KEYS): Promise<void> {
    await this.page.keyboard.press(key);
  }

  async close(): Promise<void> {
    await this.page.close();
  }
}

class FirefoxTab implements Tab {
  constructor(private readonly page: FirefoxPage) {}

  async open(url: string): Promise<void> {
    await this.page.activate();
    await this.page.go(url);
  }

  resize(width: number, height: number): Promise<void> {
    return this.page.resize(width, height);
  }

  evaluate<T>(expression: string): Promise<T> {
    return this.page.evaluate<T>(expression);
  }

  async withChips(functionDeclaration?: string): Promise<number> {
    const buttons = await this.page.chips();
    if (functionDeclaration !== undefined) {
      await this.page.callWith(`(...buttons) => buttons.forEach(${functionDeclaration})`, buttons);
    }
    return buttons.length;
  }

  picture(): Promise<string> {
    return this.page.picture();
  }

  point(x: number, y: number, isPressed?: boolean): Promise<void> {
    return this.page.point(x, y, isPressed);
  }

  press(key: keyof typeof KEYS): Promise<void> {
    return this.page.type(KEYS[key]);
  }

  close(): Promise<void> {
    return this.page.close();
  }
}
