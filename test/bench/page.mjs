import { resolve } from "node:path";
import {
  chipsOn,
  end,
  inTurns,
  launch,
  longest,
  mapValues,
  median,
  serve,
  spread,
  startTrace,
  tell,
  total,
  withScript,
} from "./browsers.mjs";
import { links, page, row, rows, saved, scroller } from "./pages.mjs";

/**
 * What the page script costs a page: `node test/bench/page.mjs [folder of the built extension] [letters]`. Needs a
 * build, the production one unless another is named; measures (a) to (f) unless letters are named, such as `bc`. Every
 * figure stands beside its limit, which is measured in the same run where it depends on the machine; ends with 1 when a
 * limit is passed. Beside (a) and (d) stands what the least possible page script takes, beside (d) and (e) what an empty
 * one does: nothing can undercut them.
 *
 * Our time is taken from the browser's own trace: the processor time of all calls into the page script, layout that they
 * force included. All are medians of nine.
 */

const dir = resolve(process.argv[2] ?? ".output/chrome-mv3");
const chosen = process.argv[3] ?? "abcdef";
const SELECTOR = 'a[href*="chat.whatsapp.com/"]';
/** Long enough for everything that waits for an idle moment, on a busy machine too. */
const PATIENCE = 3_000;
/** Calls in a trace: into the page script, and of the page's own function that does the least that can be done. */
const OURS = ({ url }) => /^chrome-extension:.*invites\.js/.test(url ?? "");
const THEIRS = ({ functionName }) => functionName === "native";

const documents = new Map();
const address = await serve(documents);

/** The least that can be done: one query and one search. */
const LEAST = `document.querySelectorAll('${SELECTOR}').length + document.body.textContent.search(/chat\\.whatsapp\\.com/i)`;

const withUs = await launch(dir);
const without = await launch();
/** The same extension with the least page script that could do the work once, and a worker that does nothing. */
const withLeast = await launch(withScript(dir, `requestIdleCallback(() => ${LEAST})`));
/** With a page script that does nothing: what the browser takes for there being one at all. */
const withEmpty = await launch(withScript(dir, ""));

// Not in the page itself, which would then have the word.
documents.set("native.js", `function native() { return ${LEAST}; }`);
documents.set("talk", page(`${rows(20_000)}<script src="native.js"></script>`));
documents.set("plain", page(`${rows(20_000).replaceAll("WhatsApp", "the group")}<script src="native.js"></script>`));
documents.set(
  "feed",
  page(`<div id="rows"></div><script src="native.js"></script><script>
  async function feed(batches, count) {
    for (let batch = 0; batch < batches; batch += 1) {
      const some = document.createElement("section");
      some.innerHTML = ${JSON.stringify(row(7))}.repeat(count);
      rows.append(some);
      setTimeout(native);
      await new Promise((next) => setTimeout(next, 16));
    }
  }
</script>`),
);
documents.set("links", page(links(200_000, 2_000)));
documents.set("scroller", scroller());
for (const [name, html] of saved()) documents.set(name, html);

const parts = { a: quietPage, b: stream, c: manyLinks, d: memory, e: loads, f: following };
for (const [letter, measure] of Object.entries(parts)) if (chosen.includes(letter)) await measure();

await end(withUs, without, withLeast, withEmpty);

/** (a) 200,000 nodes without an invite: all our time against one query and one search of the text. */
async function quietPage() {
  for (const [name, what, times] of [
    ["plain", "200,000 nodes without an invite", 1.5],
    // Where the word stands, what carries an invite in an attribute is asked for too: four more questions.
    ["talk", "200,000 nodes that talk about WhatsApp", 3],
  ]) {
    const native = (tab) => tab.evaluate("setTimeout(native)");
    const taken = await inTurns(9, {
      ours: () => traced(withUs, name, OURS).then(total),
      least: () => traced(withLeast, name, OURS).then(total),
      native: () => traced(without, name, THEIRS, native).then(total),
    });
    tell({
      what: `(a) ${what}`,
      value: median(taken.ours),
      limit: times * median(taken.native),
      unit: " ms",
      note: `(${times} × ${median(taken.native).toFixed(2)} ms; the least page script takes ${median(taken.least).toFixed(2)} ms)`,
    });
  }
}

/**
 * Opens a page in a new tab and gives the times of the calls in question.
 * @param {(tab: import("playwright-core").Page) => Promise<unknown>} [act]
 */
async function traced(context, name, calls, act = async () => undefined) {
  const tab = await context.newPage();
  const trace = await startTrace(tab);
  await tab.goto(address(name), { timeout: 120_000 });
  await act(tab);
  await tab.waitForTimeout(PATIENCE);
  const times = await trace.stop(calls);
  await tab.close();
  return times;
}

/** (b) 120,000 nodes that stream in, against asking the whole document at each batch. */
async function stream() {
  const feed = (tab) => tab.evaluate("feed(120, 100)");
  const taken = await inTurns(9, {
    ours: () => traced(withUs, "feed", OURS, feed).then(total),
    naive: () => traced(without, "feed", THEIRS, feed).then(total),
  });
  const [ours, naive] = [median(taken.ours), median(taken.naive)];
  // 30 ms where the naive way takes 200.
  const note = `(0.15 × ${naive.toFixed(0)} ms, for asking the document each time)`;
  tell({ what: "(b) 120,000 nodes streamed in", value: ours, limit: 0.15 * naive, unit: " ms", note });
}

/** (c) 200,000 links, 2,000 of them invites: the longest task of ours, and how many chips there are. */
async function manyLinks() {
  const { ours } = await inTurns(9, { ours: () => traced(withUs, "links", OURS) });
  const all = median(ours.map(total)).toFixed(0);
  const note = `(in total ${all} ms; the longest of nine runs ${longest(ours.flat()).toFixed(2)} ms)`;
  tell({ what: "(c) 200,000 links, longest task", value: median(ours.map(longest)), limit: 50, unit: " ms", note });

  const tab = await withUs.newPage();
  await tab.goto(address("links"), { timeout: 120_000 });
  await tab.waitForTimeout(PATIENCE);
  const trace = await startTrace(tab);
  let most = 0;
  const height = await tab.evaluate(() => document.body.scrollHeight);
  for (let y = 0; y < height; y += height / 60) {
    await tab.evaluate((y) => scrollTo(0, y), y);
    await tab.waitForTimeout(60);
    most = Math.max(most, (await chipsOn(tab)).length);
  }
  const scrolling = await trace.stop(OURS);
  await tab.waitForTimeout(PATIENCE);
  const links = await tab.evaluate(() =>
    [...document.querySelectorAll('a[href*="chat.whatsapp"]')]
      .map((a) => a.getBoundingClientRect().toJSON())
      .filter(({ top, bottom }) => top > 0 && bottom < innerHeight),
  );
  const chips = await chipsOn(tab);
  const isBeside = (link) => chips.some(({ top, bottom }) => top < link.bottom && bottom > link.top);
  const missed = links.filter((link) => !isBeside(link)).length;
  tell(
    { what: "(c) longest task while scrolling", value: longest(scrolling), limit: 50, unit: " ms" },
    { what: "(c) chips at once", value: most, limit: 200, unit: "" },
    { what: `(c) of ${links.length} invites in view without a chip`, value: missed, limit: 0, unit: "" },
  );
  await tab.close();
}

/** (d) Heap of a page without an invite, with us and without. */
async function memory() {
  const heapIn = (context) => async () => {
    const tab = await context.newPage();
    await tab.goto(address("plain"), { timeout: 120_000 });
    await tab.waitForTimeout(PATIENCE);
    const session = await context.newCDPSession(tab);
    await session.send("HeapProfiler.enable");
    for (let i = 0; i < 3; i += 1) await session.send("HeapProfiler.collectGarbage");
    const { usedSize, embedderHeapUsedSize = 0 } = await session.send("Runtime.getHeapUsage");
    await tab.close();
    return (usedSize + embedderHeapUsedSize) / 1024;
  };
  const contexts = { ours: withUs, least: withLeast, empty: withEmpty, theirs: without };
  const sizes = await inTurns(9, mapValues(contexts, heapIn));
  const added = (name) => median(sizes[name]) - median(sizes.theirs);
  tell({
    what: "(d) memory of a page without an invite, more than with an empty page script",
    value: added("ours") - added("empty"),
    limit: 40,
    unit: " KB",
    note: `(an empty page script takes ${added("empty").toFixed(0)} KB, the least ${added("least").toFixed(0)})`,
  });
}

/** (e) Time until a page is painted, until it is loaded, and until it is idle too, with us and without. */
async function loads() {
  const documents = [];
  for (const [name] of saved()) {
    const loadIn = (context) => async () => {
      const tab = await context.newPage();
      await tab.goto(address(name), { timeout: 120_000 });
      const times = await tab.evaluate(async () => {
        await new Promise((idle) => requestIdleCallback(idle));
        const idle = performance.now();
        const paint = await new Promise((painted) => {
          const observer = new PerformanceObserver((list) => painted(list.getEntries()[0].startTime));
          observer.observe({ type: "paint", buffered: true });
        });
        return { paint, load: performance.getEntriesByType("navigation")[0].loadEventEnd, idle };
      });
      await tab.close();
      return times;
    };
    documents.push(await inTurns(9, mapValues({ ours: withUs, empty: withEmpty, theirs: without }, loadIn)));
  }
  for (const [moment, what] of Object.entries({ paint: "first paint", load: "load", idle: "load until idle" })) {
    const timesOf = (one, who) => one[who].map((times) => times[moment]);
    const added = (who) => median(documents.map((one) => median(timesOf(one, who)) - median(timesOf(one, "theirs"))));
    tell({
      what: `(e) ${what} of ${documents.length} documents, difference`,
      value: added("ours"),
      limit: median(documents.map((one) => spread(timesOf(one, "theirs")))),
      unit: " ms",
      note: `(half of the spread of the same page without us; with an empty page script ${added("empty").toFixed(2)} ms)`,
    });
  }
}

/** (f) 200 chips that follow their links while a box scrolls: our time in each frame. */
async function following() {
  const frames = 120;
  let chips = 0;
  const { ours } = await inTurns(9, {
    ours: async () => {
      const tab = await withUs.newPage();
      await tab.goto(address("scroller"), { timeout: 120_000 });
      await tab.waitForTimeout(PATIENCE);
      chips = (await chipsOn(tab)).length;
      const trace = await startTrace(tab);
      await tab.evaluate((frames) => globalThis.move(frames), frames);
      const times = await trace.stop(OURS);
      await tab.close();
      return times;
    },
  });
  const perFrame = median(ours.map((times) => times.reduce((sum, time) => sum + time, 0) / frames));
  const note = `(the longest call ${longest(ours.flat()).toFixed(2)} ms)`;
  tell(
    { what: `(f) following ${chips} chips, each frame`, value: perFrame, limit: 4, unit: " ms", note },
    { what: "(f) chips short of 150", value: Math.max(0, 150 - chips), limit: 0, unit: "" },
  );
}
