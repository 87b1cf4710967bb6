import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { documentOf, link, times } from "../placement/layout";
import { Lab, type BrowserName, type Tab } from "../placement/lab";

/** In ms: how long a chip may take until it stands where it should. */
const PATIENCE = { timeout: 30_000, interval: 100 };
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
    `<p>${link("short", 'id="link"')} and so on</p>`,
    `link.textContent = "a link with many more words than before"`,
  ],
  [
    "the bar that holds it stays at the top",
    `<div style="position: sticky; top: 0; padding: 8px; background: #eee">${link("join")}</div><div style="height: 3000px"></div>`,
    "scrollTo(0, 900)",
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
    await tab.evaluate("judge.forget()");
    await tab.withChips("(button) => judge.take(button)");
    const reachable = await tab.evaluate<{ code: string; px: number }[]>("judge.reachable()");
    return reachable.map(({ code, px }) => (px <= BESIDE ? code : "lost")).toSorted();
  };
  /** Presses every chip that can be pressed and gives what each asks for, with what it stands beside. */
  const pressAll = async () => {
    await beside();
    // A press on a chip that moves asks for nothing: wait until none has moved for as long as that.
    let boxes = "";
    const isAtRest = async () =>
      boxes === (boxes = await tab.evaluate<string>("JSON.stringify(judge.chips.map((_, i) => judge.boxOf(i)))"));
    await expect.poll(isAtRest, { ...PATIENCE, interval: 600 }).toBe(true);
    const reachable = await tab.evaluate<{ chip: number; code: string }[]>("judge.reachable()");
    for (const [n, { chip }] of reachable.entries()) {
      const { left, top, right, bottom } = await tab.evaluate<Record<string, number>>(`judge.boxOf(${chip})`);
      await tab.point((left! + right!) / 2, (top! + bottom!) / 2, true);
      await expect.poll(() => lab.pressedOn(path).length, PATIENCE).toBe(n + 1);
      await tab.point(1, 1);
    }
    return { asked: lab.pressedOn(path), beside: reachable.map(({ code }) => code) };
  };

  describe("a chip goes with its link", () => {
    it.each(MOVES)("when %s", async (_, body, move) => {
      await open(body);
      const code = codeOf(body);
      await expect.poll(() => tab.withChips(), PATIENCE).toBe(1);
      await tab.evaluate(`(() => { ${move} })()`);
      await expect.poll(beside, PATIENCE).toEqual([code]);
      expect(await pressAll()).toEqual({ asked: [code], beside: [code] });
    });

    it("when the window gets narrower", async () => {
      const body = `<p style="text-align: right">${link("Join the group")}</p>`;
      await open(body);
      await expect.poll(beside, PATIENCE).toEqual([codeOf(body)]);
      await tab.resize(500, 700);
      await expect.poll(beside, PATIENCE).toEqual([codeOf(body)]);
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
      await expect.poll(beside, PATIENCE).toEqual(codes.slice(0, 10).toSorted());
      await tab.evaluate("void (list.scrollTop = 900)");
      await expect.poll(beside, PATIENCE).toEqual(codes.slice(30, 40).toSorted());
      const { asked, beside: stood } = await pressAll();
      expect(asked).toEqual(stood);
    });
  });

  describe("a chip is not there", () => {
    it("while its link is scrolled out of its box, and is there again when it comes back", async () => {
      const body = `<div id="box" style="height: 200px; overflow: auto"><p>${link("in the box")}</p><div style="height: 900px"></div></div><p>below the box</p>`;
      await open(body);
      await expect.poll(beside, PATIENCE).toEqual([codeOf(body)]);
      await tab.evaluate("void (box.scrollTop = 400)");
      await expect.poll(beside, PATIENCE).toEqual([]);
      await tab.evaluate("void (box.scrollTop = 0)");
      await expect.poll(beside, PATIENCE).toEqual([codeOf(body)]);
    });

    it("while a bar lies over its link", async () => {
      const body = `<div style="position: fixed; inset: 0 0 auto; height: 60px; background: #eee; z-index: 9">bar</div><div style="height: 300px"></div><p>${link("below")}</p><div style="height: 2000px"></div>`;
      await open(body);
      await expect.poll(beside, PATIENCE).toEqual([codeOf(body)]);
      const y = await tab.evaluate<number>(`document.querySelector("a").getBoundingClientRect().top`);
      await tab.evaluate(`scrollTo(0, ${y - 20})`);
      await expect.poll(beside, PATIENCE).toEqual([]);
    });

    it("when its link is taken away or leads elsewhere", async () => {
      const body = `<p id="one">${link("one")}</p><p>${link("two", 'id="two"')}</p><p>${link("three")}</p>`;
      await open(body);
      await expect.poll(beside, PATIENCE).toEqual(codesOf(body).toSorted());
      await tab.evaluate(`(() => { one.remove(); two.href = "/elsewhere"; })()`);
      await expect.poll(() => tab.withChips(), PATIENCE).toBe(1);
      await expect.poll(beside, PATIENCE).toEqual([codesOf(body)[2]]);
    });
  });

  describe("a page with ways of its own", () => {
    it("a page that sets its own list of style sheets again and again keeps them, and its chips", async () => {
      const body = `<p id="p">${link("group")}</p><script>const sheet = new CSSStyleSheet(); sheet.replaceSync("p { color: rgb(1, 2, 3) }"); setInterval(() => document.adoptedStyleSheets = [sheet], 20)</script>`;
      await open(body);
      await expect.poll(beside, PATIENCE).toEqual([codeOf(body)]);
      expect(await tab.evaluate("getComputedStyle(p).color")).toBe("rgb(1, 2, 3)");
      expect(await pressAll()).toEqual({ asked: [codeOf(body)], beside: [codeOf(body)] });
    });

    it("a page that breaks what measures boxes in its own world has its chips", async () => {
      const body = `<script>const no = () => { throw new Error("no") };
        for (const kind of [Element, Range]) kind.prototype.getBoundingClientRect = kind.prototype.getClientRects = no;
        Object.defineProperty(Element.prototype, "attachShadow", { get: no }); Node.prototype.appendChild = Element.prototype.append = Element.prototype.after = no;
        Document.prototype.elementFromPoint = ShadowRoot.prototype.elementFromPoint = no; getComputedStyle = no;</script><p>${link("group")}</p>`;
      const served = lab.serve(documentOf({ name: "a page", body }));
      path = served.path;
      tab = await lab.newTab();
      await tab.open(served.url);
      await expect.poll(() => tab.withChips(), PATIENCE).toBe(1);
    });
  });
}
