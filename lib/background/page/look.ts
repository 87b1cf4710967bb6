import * as v from "valibot";
import { source } from "../../shared/commands";
import { isUnusual, readSource, type Source } from "../../shared/invite";
import type { FoundInvite } from "../../shared/model";
import { cleanText } from "../../shared/text";
import { sizeOf, type Intake } from "./intake";
import type { SurfaceBrowser } from "./windows";
import type { Browser } from "webextension-polyfill";

/**
 * Looks through a page on the agent's order: in each frame that the browser lets us into, or else by the page script that
 * is there. What comes back may have been written by the page, so it is read like any input.
 */

/** What the page script is asked for, instead of a bare boolean. */
const LOOK = "look";

/** The most frames to read, frames to name, and characters to read of all frames together. */
const MOST = { frames: 50, closed: 20, size: 4_000_000 };
/** Characters of the words around an invite. */
const WORDS = 120;

const host = v.pipe(v.string(), v.regex(/^(?:[a-z0-9_.-]{1,253}|\[[0-9a-f:.]{2,45}\])?(?::\d{1,5})?$/i));
const look = v.object({
  host: v.fallback(host, ""),
  found: v.pipe(v.array(v.object({ source, context: v.pipe(v.string(), v.maxLength(2000)) })), v.maxLength(5000)),
  frames: v.fallback(v.pipe(v.array(host), v.maxLength(100)), []),
});
type Look = v.InferOutput<typeof look>;

/** What a look found. */
export interface Looked {
  /** Each code once, in the order of the document; what stands in frames comes behind. */
  invites: FoundInvite[];
  /** Hosts of the visible frames that could not be looked into, each once; empty for one without an address. */
  closed: string[];
}

/** Looks through the page of a tab; undefined where the browser keeps us out and no page script answers. */
export async function lookThrough(
  browser: SurfaceBrowser & Pick<Browser, "scripting">,
  intake: Intake,
  tab: number,
  origin: string | undefined,
): Promise<Looked | undefined> {
  const answers = (await inFrames(browser, tab)) ?? (await byPageScript(browser, tab));
  if (!answers) return undefined;
  const looks = answers.flatMap((answer) => {
    const read = v.safeParse(look, answer, { abortEarly: true });
    return read.success ? [read.output] : [];
  });
  return { invites: await readInvites(intake, looks, origin), closed: closedFrames(looks) };
}

/** The answers of the frames that we may look into, the page itself first. */
async function inFrames(browser: Pick<Browser, "scripting">, tab: number): Promise<unknown[] | undefined> {
  try {
    // Without the agent's gesture on our button, menu or shortcut the browser keeps us out of the page.
    const target = { tabId: tab, allFrames: true };
    const frames = await browser.scripting.executeScript({ target, files: ["find.js"] });
    const inOrder = frames.toSorted((a, b) => a.frameId - b.frameId).slice(0, MOST.frames);
    return inOrder.map(({ result }) => result);
  } catch {
    return undefined;
  }
}

/** The answer of the page script, which runs in the top frame alone. */
async function byPageScript(browser: SurfaceBrowser, tab: number): Promise<unknown[] | undefined> {
  try {
    return [await browser.tabs.sendMessage(tab, LOOK, { frameId: 0 })];
  } catch {
    // There is none, or it has found nothing yet and does not listen.
    return undefined;
  }
}

async function readInvites(intake: Intake, looks: Look[], origin: string | undefined): Promise<FoundInvite[]> {
  const all = looks.flatMap(({ found }, frame) => found.map((one) => ({ ...one, isTop: frame === 0 })));
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

/** The line of a text in which a code stands, at most as long as the words around an invite. */
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

/** Words without the address itself, which stands beside them anyway. */
function wordsWithout(code: string, text: string): string {
  const words = text.split(/\s+/).filter((word) => !word.includes(code) && !/whatsapp\.com(?:\/|%2f)/i.test(word));
  return cleanText(words.join(" ").replace(/[\s:–—-]+$/, ""), WORDS);
}

/** Hosts of the visible frames that none of the answers comes from; nothing else tells frames apart. */
function closedFrames(looks: Look[]): string[] {
  const closed = looks.flatMap(({ frames }) => frames);
  for (const { host } of looks.slice(1)) {
    const at = closed.indexOf(host);
    if (at >= 0) closed.splice(at, 1);
  }
  return [...new Set(closed)].slice(0, MOST.closed);
}
