import * as v from "valibot";
import { source } from "../../shared/commands";
import { isUnusual, readSource, type Source } from "../../shared/invite";
import type { FoundInvite } from "../../shared/model";
import { cleanText } from "../../shared/text";
import { sizeOf, type Intake } from "./intake";
import type { SurfaceBrowser } from "./windows";
import type { Browser } from "webextension-polyfill";

/**
 * Searches a page at the agent's request in all accessible frames, else through the page script. Pages may forge
 * answers.
 */

const SEARCH = "search";

/** `size`: characters in all frames. */
const MOST = { frames: 50, closed: 20, size: 4_000_000 };
const WORDS = 120;

const host = v.pipe(v.string(), v.regex(/^(?:[a-z0-9_.-]{1,253}|\[[0-9a-f:.]{2,45}\])?(?::\d{1,5})?$/i));
const frameFinds = v.object({
  host: v.fallback(host, ""),
  found: v.pipe(v.array(v.object({ source, context: v.pipe(v.string(), v.maxLength(2000)) })), v.maxLength(5000)),
  frames: v.fallback(v.pipe(v.array(host), v.maxLength(100)), []),
});
type FrameFinds = v.InferOutput<typeof frameFinds>;

/** What a search found. */
export interface PageFinds {
  /** Unique, in document order; frames last. */
  invites: FoundInvite[];
  /** Hosts of unread visible frames; "" without an address. */
  closed: string[];
}

/** Returns undefined without access or page script. */
export async function searchPage(
  browser: SurfaceBrowser & Pick<Browser, "scripting">,
  intake: Intake,
  tab: number,
  origin: string | undefined,
): Promise<PageFinds | undefined> {
  const answers = (await inFrames(browser, tab)) ?? (await byPageScript(browser, tab));
  if (!answers) return undefined;
  const frames = answers.flatMap((answer) => {
    const read = v.safeParse(frameFinds, answer, { abortEarly: true });
    return read.success ? [read.output] : [];
  });
  return { invites: await readInvites(intake, frames, origin), closed: closedFrames(frames) };
}

/** Top frame first. */
async function inFrames(browser: Pick<Browser, "scripting">, tab: number): Promise<unknown[] | undefined> {
  try {
    // Needs the agent's gesture on our button, menu or shortcut.
    const target = { tabId: tab, allFrames: true };
    const frames = await browser.scripting.executeScript({ target, files: ["find.js"] });
    const inOrder = frames.toSorted((a, b) => a.frameId - b.frameId).slice(0, MOST.frames);
    return inOrder.map(({ result }) => result);
  } catch {
    return undefined;
  }
}

/** The page script runs only in the top frame. */
async function byPageScript(browser: SurfaceBrowser, tab: number): Promise<unknown[] | undefined> {
  try {
    return [await browser.tabs.sendMessage(tab, SEARCH, { frameId: 0 })];
  } catch {
    // None there, or it does not listen yet.
    return undefined;
  }
}

async function readInvites(intake: Intake, frames: FrameFinds[], origin: string | undefined): Promise<FoundInvite[]> {
  const all = frames.flatMap(({ found }, frame) => found.map((one) => ({ ...one, isTop: frame === 0 })));
  let size = 0;
  const given = all.filter((one) => (size += sizeOf(one.source)) <= MOST.size);
  const codes = await intake.readAll(
    given,
    (one) => sizeOf(one.source),
    (one) => readSource(one.source, one.isTop ? origin : undefined),
  );
  const byCode = new Map<string, FoundInvite>();
  for (const [i, { source, context }] of given.entries()) {
    for (const code of codes[i] ?? []) {
      const known = byCode.get(code);
      if (known?.context) continue;
      const words = wordsWithout(code, context || lineAround(code, source));
      byCode.set(code, { code, context: words, isUnusual: isUnusual(code) });
    }
  }
  return [...byCode.values()];
}

function lineAround(code: string, source: Source): string {
  const [name, value = ""] = source.find(([, text]) => text.includes(code)) ?? [];
  if (name !== "") return "";
  const at = value.indexOf(code);
  const before = value
    .slice(Math.max(0, at - 2 * WORDS), at)
    .split("\n")
    .at(-1)!;
  const behind = value.slice(at, at + 2 * WORDS).split("\n", 1)[0]!;
  return `${before}${behind}`.slice(-2 * WORDS);
}

function wordsWithout(code: string, text: string): string {
  const words = text.split(/\s+/).filter((word) => !word.includes(code) && !/whatsapp\.com(?:\/|%2f)/i.test(word));
  return cleanText(words.join(" ").replace(/[\s:–—-]+$/, ""), WORDS);
}

/** Hosts of visible frames without an answer; only the host tells frames apart. */
function closedFrames(found: FrameFinds[]): string[] {
  const closed = found.flatMap(({ frames }) => frames);
  for (const { host } of found.slice(1)) {
    const at = closed.indexOf(host);
    if (at >= 0) closed.splice(at, 1);
  }
  return [...new Set(closed)].slice(0, MOST.closed);
}
