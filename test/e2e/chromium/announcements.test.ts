import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fictional } from "../../../lib/sandbox/numbers";
import { WORLD_GROUPS } from "../../../lib/sandbox/world";
import type { TestServer } from "../../server";
import { type App, connect, freshApp, startGateway, words } from "../app";
import { Chromium } from "../chromium";

/** What a screen reader is told while a long job runs: what happened, and no time that runs down. */

/** So many sentences at most. */
const MOST = 6;

let chromium: Chromium;
let server: TestServer;
beforeAll(async () => void (chromium = await Chromium.launch()));
afterAll(async () => {
  await chromium?.close();
  await server?.close();
});

/** Writes down each text that comes into a live region from now on, as a screen reader would say it. */
async function listen(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const LIVE = "[role=status], [role=alert], [role=log], [aria-live]:not([aria-live=off])";
    const said: string[] = [];
    const last = new WeakMap<Element, string>();
    const textOf = (region: Element) => {
      const copy = region.cloneNode(true) as HTMLElement;
      for (const silent of copy.querySelectorAll("[aria-hidden=true]")) silent.remove();
      return (copy.textContent ?? "").replaceAll(/\s+/g, " ").trim();
    };
    const hear = (region: Element) => {
      const text = textOf(region);
      if (text !== "" && text !== last.get(region)) said.push(text);
      last.set(region, text);
    };
    for (const region of document.querySelectorAll(LIVE)) last.set(region, textOf(region));
    new MutationObserver((changes) => {
      const regions = changes.flatMap(({ target, addedNodes }) => {
        const at = target instanceof Element ? target : target.parentElement;
        const born = [...addedNodes].flatMap((node) =>
          node instanceof Element ? [...(node.matches(LIVE) ? [node] : []), ...node.querySelectorAll(LIVE)] : [],
        );
        return [...born, ...(at?.closest(LIVE) ? [at.closest(LIVE)!] : [])];
      });
      for (const region of new Set(regions)) if (region.isConnected) hear(region);
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
    Object.assign(globalThis, { said });
  });
  return () => page.evaluate(() => (globalThis as unknown as { said: string[] }).said);
}

it(`says at most ${MOST} sentences of a job of 50 people that meets the request limit`, async () => {
  server = await startGateway("guide");
  const app: App = await freshApp(chromium);
  await connect(app.page, server);
  await app.rows().first().waitFor();
  await app.openGroup(WORLD_GROUPS.lobby, "add");
  const people = Array.from({ length: 50 }, (_, n) => `+${fictional("us", 50 + n).split("@")[0]}`);
  await app.field("input_people").fill(people.join("\n"));
  await app.page.getByLabel(words("plan_pace")).selectOption("fast");
  await app.page.getByRole("button", { name: /^Add \d+ people$/ }).waitFor();
  // Before the people are sent, and again before they are read back, the gateway takes no more for some seconds.
  const sending = server.fault({ method: "POST", path: "participants" }, { kind: "429", resetIn: 5 });
  const reading = server.fault({ method: "GET", path: "participants", nth: 2 }, { kind: "429", resetIn: 5 });
  const said = await listen(app.page);
  await app.page.getByRole("button", { name: /^Add \d+ people$/ }).click();
  await app.results();
  expect([sending.hits(), reading.hits()]).toEqual([1, 1]);
  const sentences = await said();
  console.log(["", "said during a job of 50 people:", ...sentences.map((text) => `  ${text}`)].join("\n"));
  expect(sentences.length, sentences.join("\n")).toBeLessThanOrEqual(MOST);
  // That it waits, and what became of it, are among them.
  expect(sentences.filter((text) => text.includes(words("pause_rate_limited")))).toHaveLength(1);
  expect(sentences.filter((text) => text.includes("50"))).not.toEqual([]);
});
