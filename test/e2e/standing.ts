import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { documentOf, link, times } from "../placement/layout";
import { Lab, type BrowserName, type Tab } from "../placement/lab";
import { boxesOfChips, takeChips } from "../placement/measure";
import { PATIENCE } from "./chromium";

/** In ms: how long a chip may take until it stands where it should. */
const WAIT = { timeout: PATIENCE, interval: 100 };
/** In px: a chip that is farther than this from every invite belongs to none. */
const BESIDE = 24;

const codeOf = (html: string) => /chat\.whatsapp\.com\/(\w{22})/.exec(html)![1]!;
const codesOf = (html: string) => [...html.matchAll(/chat\.whatsapp\.com\/(\w{22})/g)].map(([, code]) => code!);

/** Ways in which a link moves while the page is open: what is in the page, and what the page does. */
const MOVES: [what: string, body: string, move: string][] = [
  [
    "a box scrolls",
    `<div id="box" style="height: 200px; overflow: auto"><div style="height: 120px"></div><p>${link("in the box")}</p><div style="height: 900px"></div></div>`,
    "box.scrollTop = 70",
  ],
  [
    "the window scrolls",
    `<div style="height: 500px"></div><p>${link("below")}</p><div style="height: 2000px"></div>`,
    "scrollTo(0, 300)",
  ],
  [
    "something above it unfolds",
    `<details id="more"><summary>More</summary><div style="height: 90px">more</div></details><p>${link("below")}</p>`,
    "more.open = true",
  ],
  [
    "something above it comes late",
    `<div id="late"></div><p>${link("below")}</p>`,
    `late.before(Object.assign(document.createElement("div"), { style: "height: 120px" }))`,
  ],
  [
    "its column gets narrower",
    `<div id="column" style="width: 600px">Some words that fill a good part of a line and then ${link("a link of the group")} and more of them.</div>`,
    `column.style.width = "240px"`,
  ],
  [
    "it is moved by a transform",
    `<div id="box" style="transition: transform .2s">${link("moved")}</div>`,
    `box.style.transform = "translate(200px, 140px)"`,
  ],
  [
    "its words change",
    `<p>${link("short", 'id="link"')}</p>`,
    `link.textContent = "a link with many more words than before"`,
  ],
  [
    "the bar that holds it stays at the top",
    `<div style="position: sticky; top: 0; padding: 8px; background: #eee">${link("join")}</div><div style="height: 3000px"></div>`,
    "scrollTo(0, 900)",
  ],
  [
    "its row comes to the front",
    `<div id="row" style="position: relative; padding: 8px; background: #eee">${link("join")}</div>`,
    "row.style.zIndex = 5",
  ],
  [
    "the bar that holds it leaves the page for the window",
    `<div id="bar" style="width: 100%; padding: 8px; background: #eee">${link("join")}</div><div style="height: 3000px"></div>`,
    `Object.assign(bar.style, { position: "fixed", top: 0, zIndex: 5 }); scrollTo(0, 900)`,
  ],
];

/** Declares the tests of how chips stand while a page changes, the same for each browser. */
export function standing(browser: BrowserName, build: string): void {
  let lab: Lab;
  let tab: Tab;
  let path = "";
  beforeAll(async () => {
    lab = await Lab.start(browser, build);
  });
  afterAll(() => lab.close());
  afterEach(() => tab.close());

  const open = async (body: string, isPlain = false) => {
    const served = lab.serve(documentOf({ name: "a page", body }));
    path = served.path;
    tab = await lab.newTab();
    await tab.resize(1000, 700);
    await tab.open(isPlain ? served.plain : served.url);
    await tab.evaluate(`${lab.judge}, 0`);
  };
  /** The codes beside which a chip stands that can be pressed; one that stands beside none is "lost". */
  const beside = async () => {
    await takeChips(tab);
    const reachable = await tab.evaluate<{ code: string; px: number }[]>("judge.reachable()");
    return reachable.map(({ code, px }) => (px <= BESIDE ? code : "lost")).toSorted();
  };
  /** Waits until no chip has moved for a moment: a press on one that was just moved asks for nothing. */
  const atRest = async () => {
    let boxes = "";
    const isAtRest = async () => boxes === (boxes = await boxesOfChips(tab));
    await expect.poll(isAtRest, { ...WAIT, interval: 600 }).toBe(true);
  };
  /** Presses a chip, again while it asks for nothing as one that moved just now, until so many presses were told of. */
  const untilTold = async (count: number, press: () => Promise<void>) => {
    const toldOf = async () => {
      if (lab.pressedOn(path).length < count) await press();
      // What a press asks for is on its way for a while: a second one would ask twice.
      for (let looks = 0; looks < 50 && lab.pressedOn(path).length < count; looks += 1)
        await new Promise((resolve) => setTimeout(resolve, 100));
      return lab.pressedOn(path).length;
    };
    await expect.poll(toldOf, WAIT).toBe(count);
  };
  /** Presses every chip that can be pressed and gives what each asks for, with what it stands beside. */
  const pressAll = async () => {
    await beside();
    await atRest();
    const reachable = await tab.evaluate<{ chip: number; code: string }[]>("judge.reachable()");
    for (const [n, { chip }] of reachable.entries()) {
      await untilTold(n + 1, async () => {
        const { left, top, right, bottom } = await tab.evaluate<Record<string, number>>(`judge.boxOf(${chip})`);
        await tab.point((left! + right!) / 2, (top! + bottom!) / 2, true);
      });
      await tab.point(1, 1);
    }
    return { asked: lab.pressedOn(path), beside: reachable.map(({ code }) => code) };
  };

  describe("a chip goes with its link", () => {
    it.each(MOVES)("when %s", async (_, body, move) => {
      await open(body);
      const code = codeOf(body);
      await expect.poll(() => tab.withChips(), WAIT).toBe(1);
      await tab.evaluate(`(() => { ${move} })()`);
      await expect.poll(beside, WAIT).toEqual([code]);
      expect(await pressAll()).toEqual({ asked: [code], beside: [code] });
    });

    it("when the window gets narrower", async () => {
      const body = `<p style="text-align: right">${link("Join the group")}</p>`;
      await open(body);
      await expect.poll(beside, WAIT).toEqual([codeOf(body)]);
      await tab.resize(500, 700);
      await expect.poll(beside, WAIT).toEqual([codeOf(body)]);
    });

    it("when a list uses its rows again for other links", async () => {
      const links = times(60, (i) => link(`group ${i}`));
      const codes = codesOf(links);
      await open(
        `<div id="list" style="height: 300px; overflow: auto; width: 400px"><div style="height: 1800px; position: relative">${times(10, (i) => `<p style="position: absolute; margin: 0; top: ${i * 30}px"></p>`)}</div></div>
        <script>const codes = ${JSON.stringify(codes)}; const rows = [...list.querySelectorAll("p")];
        rows.forEach((row) => row.append(document.createElement("a")));
        const show = () => { const from = Math.min(50, Math.floor(list.scrollTop / 30)); for (let i = from; i < from + 10; i++) {
          const row = rows[i % 10]; row.style.top = i * 30 + "px"; row.firstChild.href = "https://chat.whatsapp.com/" + codes[i]; row.firstChild.textContent = "group " + i; } };
        list.onscroll = show; show();</script>`,
      );
      await expect.poll(beside, WAIT).toEqual(codes.slice(0, 10).toSorted());
      await tab.evaluate("void (list.scrollTop = 900)");
      await expect.poll(beside, WAIT).toEqual(codes.slice(30, 40).toSorted());
      const { asked, beside: stood } = await pressAll();
      expect(asked).toEqual(stood);
    });
  });

  it("the keyboard reaches the chips behind the page's own content, in the order of their links", async () => {
    const body = `<p>${link("one")} and ${link("two")}</p><p>${link("three")} <button id="last">Send</button></p>`;
    await open(body);
    await expect.poll(async () => (await beside()).length, WAIT).toBe(3);
    await atRest();
    await tab.evaluate(`document.querySelector("#last").focus()`);
    for (const n of [1, 2, 3]) {
      await tab.press("Tab");
      await untilTold(n, () => tab.press("Enter"));
    }
    expect(lab.pressedOn(path)).toEqual(codesOf(body));
  });

  it("a chip stays in each frame in which its link grows or shrinks", async () => {
    const body = `<style>a { display: inline-block; animation: grow .4s infinite alternate } @keyframes grow { to { scale: 1.08 } }</style><p>${link("Join")}</p>`;
    await open(body);
    await expect.poll(beside, WAIT).toEqual([codeOf(body)]);
    const gone = await tab.evaluate<number>(`(async () => {
      const { left, top, right, bottom } = judge.boxOf(0);
      let gone = 0;
      for (let frame = 0; frame < 90; frame += 1) {
        await new Promise(requestAnimationFrame);
        if (judge.chipAt((left + right) / 2, (top + bottom) / 2) !== 0) gone += 1;
      }
      return gone;
    })()`);
    expect(gone).toBe(0);
  });

  describe("a chip is not there", () => {
    it("while its link cannot be seen", async () => {
      const body = `<p id="row">Bees ${link("Join", 'id="link"')}</p>`;
      await open(body);
      await expect.poll(beside, WAIT).toEqual([codeOf(body)]);
      await tab.evaluate(`void (link.style.visibility = "hidden")`);
      await expect.poll(beside, WAIT).toEqual([]);
      await tab.evaluate(`void (link.style.visibility = "")`);
      await expect.poll(beside, WAIT).toEqual([codeOf(body)]);
      await tab.evaluate("void (row.style.opacity = 0)");
      await expect.poll(beside, WAIT).toEqual([]);
    });

    it("while its link is scrolled out of its box, and is there again when it comes back", async () => {
      const body = `<div id="box" style="height: 200px; overflow: auto"><p>${link("in the box")}</p><div style="height: 900px"></div></div><p>below the box</p>`;
      await open(body);
      await expect.poll(beside, WAIT).toEqual([codeOf(body)]);
      await tab.evaluate("void (box.scrollTop = 400)");
      await expect.poll(beside, WAIT).toEqual([]);
      await tab.evaluate("void (box.scrollTop = 0)");
      await expect.poll(beside, WAIT).toEqual([codeOf(body)]);
    });

    it("while a bar lies over its link", async () => {
      const body = `<div style="position: fixed; inset: 0 0 auto; height: 60px; background: #eee; z-index: 9">bar</div><div style="height: 300px"></div><p>${link("below")}</p><div style="height: 2000px"></div>`;
      await open(body);
      await expect.poll(beside, WAIT).toEqual([codeOf(body)]);
      const y = await tab.evaluate<number>(`document.querySelector("a").getBoundingClientRect().top`);
      await tab.evaluate(`scrollTo(0, ${y - 20})`);
      await expect.poll(beside, WAIT).toEqual([]);
    });

    it("when its link is taken away or leads elsewhere", async () => {
      const body = `<p id="one">${link("one")}</p><p>${link("two", 'id="two"')}</p><p>${link("three")}</p>`;
      await open(body);
      await expect.poll(beside, WAIT).toEqual(codesOf(body).toSorted());
      await tab.evaluate(`(() => { one.remove(); two.href = "/elsewhere"; })()`);
      await expect.poll(() => tab.withChips(), WAIT).toBe(1);
      await expect.poll(beside, WAIT).toEqual([codesOf(body)[2]]);
    });
  });

  describe("nothing of the page's own is changed", () => {
    const BODY = `<p id="first">Some words, and <b>more</b> of them: ${link("our group")}</p><ul><li>${link()}</li><li>Join https://chat.whatsapp.com/BqT7wZk2RmX9fPs4LdVn6Y today</li></ul>
      <nav style="display: flex; gap: 30px">${link("one")}<a href="#x">two</a></nav>`;
    /** What a page can read of itself. */
    const READ = `(() => {
      const styles = [...document.querySelectorAll("body, body *")].map((element) => {
        const style = getComputedStyle(element);
        return ["color", "display", "position", "margin", "padding", "font", "lineHeight", "zIndex", "visibility", "anchorName", "content"].map((name) => style[name]).join();
      });
      return { html: document.body.outerHTML, head: document.head.outerHTML, text: document.body.innerText, styles };
    })()`;

    it("neither its tree nor its styles nor its texts", async () => {
      const watched = `<script>window.records = []; new MutationObserver((list) => records.push(...list.map(({ type, target, addedNodes, removedNodes }) =>
        type + " of " + target.nodeName + ": " + [...addedNodes].map((node) => "+" + node.nodeName) + [...removedNodes].map((node) => "-" + node.nodeName))))
        .observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
        addEventListener("load", () => setTimeout(() => records.length = 0));</script>`;
      await open(BODY + watched, true);
      await tab.evaluate("new Promise((loaded) => setTimeout(loaded, 100))");
      const before = await tab.evaluate(READ);
      await tab.close();
      await open(BODY + watched);
      await expect.poll(() => tab.withChips(), WAIT).toBe(4);
      expect(await tab.evaluate(READ)).toEqual(before);
      // The host of the chips, beside the body, and the comment before it.
      const records = await tab.evaluate<string[]>("records");
      expect(records).toHaveLength(1);
      expect(records[0]).toBe("childList of HTML: +#comment,+SPAN");
      expect(await tab.evaluate("document.adoptedStyleSheets.length")).toBe(0);
    });

    it("and a page that gets shorter under a bar that stays is not kept high by the bar's chip", async () => {
      await open(
        `<div style="position: fixed; bottom: 0">${link("join")}</div><div id="tall" style="height: 3000px"></div>`,
      );
      await expect.poll(() => tab.withChips(), WAIT).toBe(1);
      await tab.evaluate("scrollTo(0, 2000)");
      await expect.poll(beside, WAIT).toHaveLength(1);
      await tab.evaluate("tall.remove()");
      await expect.poll(() => tab.evaluate("document.documentElement.scrollHeight"), WAIT).toBe(700);
    });

    it("and the host is put back a few times when a page takes it away, and then no more", async () => {
      await open(`<p>${link("group")}</p><script>window.taken = 0; const own = new Set([document.head, document.body]);
        new MutationObserver(() => { for (const node of [...document.documentElement.children]) if (!own.has(node)) { taken++; node.remove(); } }).observe(document.documentElement, { childList: true });</script>`);
      await expect.poll(() => tab.evaluate("taken"), WAIT).toBeGreaterThan(0);
      let before = -1;
      const isOver = async () => {
        const now = await tab.evaluate<number>("taken");
        const isSame = now === before;
        before = now;
        return isSame;
      };
      // A second without another try is longer than the script waits for anything.
      await expect.poll(isOver, { ...WAIT, interval: 1_000 }).toBe(true);
      expect(before).toBeLessThanOrEqual(50);
      expect(await tab.withChips()).toBe(0);
    });

    it("and a page that sets its own list of style sheets again and again keeps them, and its chips", async () => {
      const body = `<p id="p">${link("group")}</p><script>const sheet = new CSSStyleSheet(); sheet.replaceSync("p { color: rgb(1, 2, 3) }"); setInterval(() => document.adoptedStyleSheets = [sheet], 20)</script>`;
      await open(body);
      await expect.poll(beside, WAIT).toEqual([codeOf(body)]);
      expect(await tab.evaluate("getComputedStyle(p).color")).toBe("rgb(1, 2, 3)");
      expect(await pressAll()).toEqual({ asked: [codeOf(body)], beside: [codeOf(body)] });
    });

    it("and room beside a cut-off link is a style sheet behind those of the page", async () => {
      const body = `<script>const sheet = new CSSStyleSheet(); document.adoptedStyleSheets = [sheet]</script>
        <div style="width: 130px; height: 22px; line-height: 22px; overflow: hidden; white-space: nowrap; border: 1px solid">${link()}</div>`;
      await open(body);
      await expect.poll(beside, WAIT).toEqual([codeOf(body)]);
      expect(await tab.evaluate("document.adoptedStyleSheets[0] === sheet && document.adoptedStyleSheets.length")).toBe(
        2,
      );
    });

    it("and a cell gets wider for its chip where no row of its table gets higher by it", async () => {
      const body = `<style>td { border: 1px solid; padding: 6px }</style><table id="t"><tr><td>${link("North")}<td>${"a plot by the canal ".repeat(3)}</table>
        <script>const { offsetHeight: height, offsetWidth: width } = t</script>`;
      await open(body);
      await expect.poll(beside, WAIT).toEqual([codeOf(body)]);
      expect(await tab.evaluate("[t.offsetHeight === height, t.offsetWidth - width < 25]")).toEqual([true, true]);
    });

    it("and a part that is drawn smaller has room for a chip of the usual size", async () => {
      const body = `<div style="transform: scale(.8); width: 130px; height: 30px; line-height: 30px; overflow: hidden; white-space: nowrap; border: 1px solid">${link()}</div>`;
      await open(body);
      await expect.poll(beside, WAIT).toEqual([codeOf(body)]);
    });

    it("and a page that breaks what measures boxes in its own world has its chips", async () => {
      const body = `<script>const no = () => { throw new Error("no") };
        for (const kind of [Element, Range]) kind.prototype.getBoundingClientRect = kind.prototype.getClientRects = no;
        Object.defineProperty(Element.prototype, "attachShadow", { get: no }); Node.prototype.appendChild = Element.prototype.append = Element.prototype.after = no;
        Document.prototype.elementFromPoint = ShadowRoot.prototype.elementFromPoint = no; getComputedStyle = no;</script><p>${link("group")}</p>`;
      const served = lab.serve(documentOf({ name: "a page", body }));
      path = served.path;
      tab = await lab.newTab();
      await tab.open(served.url);
      await expect.poll(() => tab.withChips(), WAIT).toBe(1);
    });
  });
}
