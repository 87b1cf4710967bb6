import { expect } from "vitest";
import type { CommandName, Input, Output } from "../../lib/shared/commands";
import type { Reply } from "../../lib/shared/failure";
import type { MessageKey } from "../../lib/shared/i18n";
import { words } from "./app";
import { PATIENCE } from "./chromium";
import type { FirefoxPage } from "./firefox";

/** The app in Firefox as tests speak to it: expressions for what is on its screens, its commands and its event page. */

/** The first element of a path through the page. */
export const at = (path: string) =>
  `document.evaluate(${JSON.stringify(path)}, document, null, 9, null).singleNodeValue`;

/** The button or link with these words. */
export const control = (text: string) => at(`//*[self::button or self::a][normalize-space()="${text}"]`);

/** The control with this label. */
export const field = (key: MessageKey) =>
  at(`//*[@id = //label[starts-with(normalize-space(), "${words(key)}")]/@for]`);

/** A command and its input. */
export type Sent<Name extends CommandName> = [name: Name, ...input: undefined extends Input<Name> ? [] : [Input<Name>]];

/** Sends a command from a page of ours, as its screens do, and gives the reply. */
export async function sendFrom<Name extends CommandName>(
  page: FirefoxPage,
  ...[name, input]: Sent<Name>
): Promise<Reply<Output<Name>>> {
  const message = JSON.stringify({ command: name, input });
  const started = performance.now();
  for (;;) {
    try {
      return await page.evaluate(`browser.runtime.sendMessage(${message})`);
    } catch (error) {
      // While Firefox ends the event page, seconds on a busy computer, it gives a message to nobody; our screens send
      // theirs again, too.
      const isOver = performance.now() - started > PATIENCE;
      if (isOver || !String(error).includes("Receiving end does not exist")) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

/** Presses the chip of a page, again while nothing comes of it: one that moved just now takes no press. */
export async function pressChip(web: FirefoxPage, hasAsked: () => Promise<boolean>): Promise<void> {
  const press = async () => {
    await web.clickChip();
    // Longer than a tab has to wait until it may ask again.
    for (let looks = 0; looks < 20; looks += 1) {
      if (await hasAsked()) return true;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return false;
  };
  await expect.poll(press, { timeout: PATIENCE }).toBe(true);
}

/** Presses Join until an expression says that it was done: a press while something of the question changed is refused. */
export async function pressJoin(page: FirefoxPage, isJoined: string): Promise<void> {
  const press = async () => {
    const isReady = "!!document.querySelector('button.join:not([aria-disabled])')";
    if (await page.evaluate(isReady)) await page.click("button.join");
    return page.waitFor(isJoined, 4000).then(
      () => true,
      () => false,
    );
  };
  await expect.poll(press, { timeout: PATIENCE, interval: 100 }).toBe(true);
}

/** Waits until the event page has stopped. Asking does not wake it. */
export async function whenStopped(page: FirefoxPage): Promise<void> {
  const running = 'browser.runtime.getContexts({ contextTypes: ["BACKGROUND"] }).then(({ length }) => length)';
  await expect.poll(() => page.evaluate(running), { timeout: PATIENCE }).toBe(0);
}

/** What became of everybody in the job on the screen: rows by verdict. */
export async function readResults(page: FirefoxPage): Promise<Record<string, string[]>> {
  const ends = [words("job_state_done"), words("job_state_mixed")].map((end) => `"${end}"`);
  const tag = "document.querySelector('.job > .row .tag')?.textContent";
  const isOver = async () => {
    // Any message wakes the event page, as any press of the agent does; by itself an alarm would, half a minute later.
    await sendFrom(page, "pendingInvite").catch(() => null);
    return page.evaluate(`[${ends.join()}].includes(${tag})`);
  };
  await expect.poll(isOver, { timeout: PATIENCE, interval: 300 }).toBe(true);
  return page.evaluate(`Object.fromEntries([...document.querySelectorAll(".verdict-section")].map((section) => [
    section.querySelector("h3 > span").textContent,
    [...section.querySelectorAll(".result .num bdi")].map(({ textContent }) => textContent),
  ]))`);
}
