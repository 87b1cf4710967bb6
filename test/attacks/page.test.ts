import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { Page } from "playwright-core";
import { chromium } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { connect, startGateway } from "../e2e/app";
import { Chromium, E2E_BUILD } from "../e2e/chromium";
import { html, lookedThrough, Site } from "../e2e/site";
import type { TestServer } from "../server";

/** Hostile pages against the page script: sections C, D, E and I of the security tests, as far as a page goes. */

const A = "BqT7wZk2RmX9fPs4LdVn6Y";
const B = "Kx8Rb3NdWq5ZtGm7PvJc2H";
const url = (code: string) => `https://chat.whatsapp.com/${code}`;
const link = `<p id="p"><a id="a" href="${url(A)}">group</a> and words</p>`;

let site: Site;
beforeAll(async () => {
  site = await Site.start();
});
afterAll(() => site.close());
afterEach(async () => {
  await site.closePages();
  expect(site.faults, "the page script threw").toEqual([]);
});

describe("only the agent's own press asks for anything", () => {
  it("T15 synthetic presses, patched prototypes and a hooked attachShadow: 0 questions", async () => {
    const page = await site.open(
      html(`<script>
        window.roots = [];
        const attach = Element.prototype.attachShadow;
        Element.prototype.attachShadow = function (init) { const root = attach.call(this, { ...init, mode: "open" }); roots.push(root); return root; };
        Object.defineProperty(Event.prototype, "isTrusted", { get: () => true });
        document.createElementNS = document.createElement = () => { throw new Error("no"); };
      </script>${link}`),
    );
    await site.expectChips(page, 1);
    await page.evaluate(() => {
      const host = document.querySelector<HTMLElement>("html > span")!;
      const { left, top, width, height } = host.getBoundingClientRect();
      const there = document.elementFromPoint(left + width / 2, top + height / 2) as HTMLElement;
      for (const target of [host, there, document.body]) {
        target.click();
        for (const type of ["pointerdown", "mousedown", "mouseup", "click", "keydown", "keyup"]) {
          const Kind = type.startsWith("key") ? KeyboardEvent : type === "pointerdown" ? PointerEvent : MouseEvent;
          const event = new Kind(type, {
            bubbles: true,
            composed: true,
            key: "Enter",
            clientX: left + 5,
            clientY: top + 5,
          } as MouseEventInit);
          if (Reflect.defineProperty(event, "isTrusted", { value: true })) throw new Error("an event was forged");
          target.dispatchEvent(event);
        }
        target.focus();
      }
    });
    // As another extension can, which reaches into closed roots.
    await site.callOnChip(
      page,
      "function () { this.focus(); this.click(); this.dispatchEvent(new MouseEvent('click')); }",
    );
    await site.heard(page);
    expect(await page.evaluate("roots.length")).toBe(0);
    expect(await page.evaluate(() => document.querySelector("html > span")!.shadowRoot)).toBeNull();
    expect(await site.askedCodes()).toEqual([]);
  });

  it("T25 an address that the page changed at the last moment: what is asked is what stands there", async () => {
    const page = await site.open(
      html(`${link}<script>addEventListener("pointerdown", () => a.setAttribute("href", "${url(B)}"), true)</script>`),
    );
    await site.chromium.pressChip(page);
    await site.heard(page);
    expect((await site.askedCodes()).filter((code) => code !== B)).toEqual([]);
  });

  it.each([
    ["label", `<label id="x">outside ${link}</label>`],
    ["summary", `<details><summary id="x">outside <a id="a" href="${url(A)}">group</a></summary>more</details>`],
    ["form", `<form id="x" onsubmit="return false">outside ${link}<button>go</button></form>`],
  ])("T35 a press outside of a chip in a %s: 0 questions", async (_, body) => {
    const page = await site.open(html(body));
    await site.expectChips(page, 1);
    await page.locator("#x").click({ position: { x: 5, y: 5 } });
    await page.evaluate(() => document.querySelector<HTMLElement>("#x")!.click());
    await site.heard(page);
    expect(await site.askedCodes()).toEqual([]);
  });

  it("T35 in a popover, above which no button of ours can lie, there is none", async () => {
    const popover = `<div popover id="o" style="inset:auto 0 0 auto">${link}</div><script>o.showPopover()</script>`;
    const page = await site.open(html(popover + `<p><a href="${url(B)}">another group</a></p>`));
    await site.expectChips(page, 1);
    expect(await site.untilAsked(page, () => site.chromium.pressChip(page))).toBe(B);
  });

  it("T35 in an inert part there is none, and what becomes inert under the agent's hand asks for nothing", async () => {
    const page = await site.open(
      html(`<div inert>${link}</div><p id="later"><a href="${url(B)}">another group</a></p>`),
    );
    await site.expectChips(page, 1);
    // Becomes inert with the press itself, before anything of ours can notice.
    await page.evaluate(() => {
      const later = document.querySelector<HTMLElement>("#later")!;
      addEventListener("pointerdown", () => void (later.inert = true), true);
    });
    await site.chromium.pressChip(page);
    await site.heard(page);
    expect(await site.askedCodes()).toEqual([]);
    await site.expectChips(page, 0);
  });
});

describe("T16 a chip that is hidden, covered or moved under the agent's press", () => {
  let server: TestServer;
  let browser: Chromium;
  let app: Page;
  let page: Page;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startGateway("guide"), Chromium.launch()]);
    app = await browser.open("app");
    await connect(app, server, { dialect: "guide" });
    page = await browser.context.newPage();
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  const span = "html > span";
  const concealments: [what: string, style: string, more?: string][] = [
    ["opacity", `${span}{opacity:.01!important}`],
    ["opacity of the parent", `#p{opacity:.01}`],
    ["filter", `#p{filter:opacity(0)}`],
    ["blend", `#p{mix-blend-mode:lighten}`],
    ["mask", `#p{mask-image:linear-gradient(transparent,transparent)}`],
    ["clip", `#p{clip-path:inset(0 0 0 40px)}`],
    ["scale", `#p{transform:scale(4);transform-origin:0 0}`],
    ["colour", `${span}{color:white!important;background:white!important}`],
    [
      "overlay",
      `#o{position:fixed;inset:0;background:#fff;pointer-events:none;z-index:2147483647}`,
      `<div id="o">Win a prize</div>`,
    ],
    [
      "popover",
      `#o{pointer-events:none;inset:0;width:100%;height:100%}`,
      `<div id="o" popover>Win</div><script>o.showPopover()</script>`,
    ],
    ["no cursor", `*{cursor:none!important}`],
    ["beside the window", `#p{position:absolute;left:-60px}`],
    ["tiny", `#p{transform:scale(.2);transform-origin:0 0}`],
    ["size", `${span}{width:1px!important;height:1px!important;overflow:hidden!important}`],
    [
      "swapped in under the mouse",
      "",
      `<script>addEventListener("pointerdown", () => p.style.opacity = 1, true); p.style.opacity = 0</script>`,
    ],
    [
      "following the mouse",
      `#p{position:fixed}`,
      `<script>addEventListener("pointermove", (e) => { p.style.left = e.clientX - 90 + "px"; p.style.top = e.clientY - 30 + "px"; }, true)</script>`,
    ],
  ];
  it.each(concealments)("%s: nothing is sent to the gateway", async (_, style, more = "") => {
    server.page("/hostile", html(`<style>${style}</style>${link}${more}`));
    await page.goto(`http://page.test:${server.port}/hostile`);
    // Some cannot be pressed at all, and some links have no chip then.
    await lookedThrough(page);
    if ((await browser.chips(page)).some(({ point }) => point)) await browser.pressChip(page);
    // A request would be there by then; that it is not there later either is the confirmation's own test.
    await page.waitForTimeout(400);
    expect(server.log.filter(({ method }) => method !== "GET")).toEqual([]);
    for (const other of browser.context.pages()) if (other !== page && other !== app) await other.close();
  });
});

describe("what a page can learn", () => {
  /** Everything that a page can see of an extension on itself. */
  const spy = `<script>
    window.seen = { events: [], records: 0, listeners: 0, messages: 0, stacks: [], reports: [] };
    // Each once: how many batches the browser makes of the same records is its own affair.
    const note = () => { const stack = new Error().stack.replace(/:\\d+:\\d+/g, ""); if (!seen.stacks.includes(stack)) seen.stacks.push(stack); };
    for (const type of ["error", "unhandledrejection", "securitypolicyviolation"])
      addEventListener(type, (event) => seen.reports.push([type, event.filename, event.sourceFile, event.error?.stack, event.reason?.stack]));
    new ReportingObserver((reports) => seen.reports.push(...reports.map(({ type, body }) => [type, body?.sourceFile])), { buffered: true }).observe();
    const dispatch = EventTarget.prototype.dispatchEvent;
    EventTarget.prototype.dispatchEvent = function (event) { seen.events.push(event.type); return dispatch.call(this, event); };
    const listen = EventTarget.prototype.addEventListener;
    EventTarget.prototype.addEventListener = function (...all) { seen.listeners += 1; return listen.apply(this, all); };
    listen.call(window, "message", () => seen.messages += 1);
    new MutationObserver((records) => { seen.records += records.length; if (seen.stacks.length < 20) note(); }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    window.report = () => JSON.stringify({ ...seen, dom: document.documentElement.outerHTML, globals: Object.getOwnPropertyNames(window).length,
      entries: performance.getEntries().map(({ name, entryType }) => entryType + " " + name).filter((entry) => !/^(paint|largest|visibility|first|long)/.test(entry)) });
  </script>`;

  it("T29 T30 on a page without an invite: nothing at all, and nothing is said", async () => {
    const body = html(
      `${spy}<h1>News</h1><p>Talk to us on WhatsApp: <a href="https://wa.me/915550100123">chat</a>.</p>`,
    );
    const page = await site.open(body);
    await site.lookedThrough(page);
    const withUs = await page.evaluate<string>("report()");
    expect(await site.asked()).toEqual([]);
    const profile = mkdtempSync(join(tmpdir(), "wappfy-bare-"));
    const bare = await chromium.launchPersistentContext(profile, {
      executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
      headless: true,
      args: [
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
        "--disable-gpu",
        "--host-resolver-rules=MAP *.test 127.0.0.1",
      ],
    });
    const other = await bare.newPage();
    await other.goto(page.url());
    await site.lookedThrough(other);
    const without = await other.evaluate<string>("report()");
    await bare.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    expect(JSON.parse(withUs)).toEqual(JSON.parse(without));
  });

  it("T30 T36 on a page with an invite: one plain span, no event, message or address of ours", async () => {
    const page = await site.open(html(`${spy}${link}`));
    await site.expectChips(page, 1);
    await site.chromium.pressChip(page);
    await site.heard(page);
    const report = JSON.parse(await page.evaluate<string>("report()"));
    expect(report.events).toEqual([]);
    expect(report.messages).toBe(0);
    expect(report.listeners).toBe(0);
    expect(report.reports).toEqual([]);
    expect(report.stacks.length).toBeGreaterThan(0);
    expect(JSON.stringify(report)).not.toContain("-extension://");
    expect(report.dom).toContain(`group</a> and words`);
    expect(report.dom).toMatch(/<\/body><!--\/\$--><span><\/span><\/html>$/);
  });

  it("T31 T36 whatever a page asks of our files, it gets the answer for an extension that is not there", async () => {
    site.chromium.pageErrors.expect(/net::ERR_FAILED/, "the page asks for files that it does not get");
    const page = await site.open(html(link));
    await site.expectChips(page, 1);
    const files = readdirSync(E2E_BUILD, { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile())
      .map((file) => relative(E2E_BUILD, join(file.parentPath, file.name)));
    expect(files).toContain("popup.html");
    const answers = (id: string) =>
      page.evaluate(
        async ([id, files]) => {
          const settled = (element: HTMLElement, address: "src" | "href", url: string) =>
            new Promise<string>((resolve) => {
              for (const type of ["load", "error"]) element.addEventListener(type, () => resolve(type));
              Object.assign(element, { [address]: url, rel: "stylesheet" });
              document.body.append(element);
            });
          return Promise.all(
            files.map(async (file) => {
              const url = `chrome-extension://${id}/${file}`;
              const frame = document.createElement("iframe");
              const all = [
                file,
                await fetch(url).then(({ status }) => status, String),
                await fetch(url, { mode: "no-cors" }).then(({ type }) => type, String),
                await settled(new Image(), "src", url),
                await settled(document.createElement("script"), "src", url),
                await settled(document.createElement("link"), "href", url),
                await settled(frame, "src", url),
                String(frame.contentDocument?.URL),
                frame.contentWindow?.length,
              ];
              frame.remove();
              return all;
            }),
          );
        },
        [id, files] as const,
      );
    expect(await answers(site.chromium.id)).toEqual(await answers("abcdefghijklmnopabcdefghijklmnop"));
    const timed = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
    expect(timed.filter((name) => name.includes(site.chromium.id))).toEqual([]);
  });

  it("T32 looking into a chip gives nothing but its constant words", async () => {
    const page = await site.open(html(link));
    await site.expectChips(page, 1);
    const found = await page.evaluate(() => {
      const host = document.querySelector<HTMLElement>("html > span")!;
      getSelection()!.selectAllChildren(document.body);
      const find = (text: string) =>
        (window as unknown as { find(text: string, ...more: boolean[]): boolean }).find(text, false, false, true);
      return [
        host.shadowRoot,
        host.innerText,
        host.textContent,
        host.getAttributeNames(),
        String(getSelection()).trim(),
        find("in it"),
        find("pending"),
        find("Pune"),
      ];
    });
    expect(found).toEqual([null, "", "", [], "group and words", false, false, false]);
  });

  it("T33 fonts of the page never see the words of a chip", async () => {
    const requests: string[] = [];
    const page = await site.open(
      html(`<style>@font-face{font-family:spy;src:url(/font-m);unicode-range:U+4D} @font-face{font-family:spy2;src:url(/font-w);unicode-range:U+57}
      *,html > span,html > span *{font-family:spy,spy2!important}</style><p><a id="a" href="${url(A)}">group</a> and</p>`),
    );
    page.on("request", (request) => requests.push(request.url()));
    await site.expectChips(page, 1);
    // Fonts are asked for with the frame in which their text is drawn.
    await page.waitForTimeout(800);
    expect(requests.filter((request) => request.includes("font"))).toEqual([]);
  });

  it("T34 every chip has one of two boxes, whatever the page's own styles", async () => {
    const page = await site.open(
      html(`<style>span,button{font-size:40px!important;padding:30px!important;all:unset!important}</style>
      ${link}<h1><a href="${url(B)}">big</a></h1><p style="font-size:9px;letter-spacing:9px;text-transform:uppercase"><a href="${url(A)}">x</a></p>`),
    );
    await site.expectChips(page, 3);
    const session = await site.chromium.context.newCDPSession(page);
    const boxes = new Set<string>();
    for (const backendNodeId of await site.buttons(page)) {
      const { model } = await session.send("DOM.getBoxModel", { backendNodeId });
      boxes.add(`${model.width} × ${model.height}`);
    }
    // A mark, or the words where their line has room: which one depends on the page's layout alone.
    for (const box of boxes) expect(box).toMatch(/^(?:24|1[0-9]{2}) × 24$/);
    expect(boxes.size).toBeLessThanOrEqual(2);
  });
});

describe("pages that are broken on purpose", () => {
  it("T37 a page that shadows what a script reads", async () => {
    const names =
      "querySelectorAll querySelector body parentNode parentElement attributes closest matches nodeType shadowRoot textContent isConnected ownerDocument firstChild lastChild childNodes nextSibling getAttribute insertBefore location localName";
    const page = await site.open(
      html(`${names
        .split(" ")
        .map((name) => `<img name="${name}" id="${name}"><form name="${name}"></form>`)
        .join("")}
      <form>${names
        .split(" ")
        .map((name) => `<input name="${name}">`)
        .join("")}<a href="${url(A)}">group</a> ${url(B)} end</form>`),
    );
    await site.expectChips(page, 2);
    expect((await site.pressAll(page)).toSorted()).toEqual([A, B]);
  });

  // What it takes in ms is measured by `bench/page.mjs`; a busy computer allows no such assertion.
  it("T38 of 200,000 links and 2,000 invites there are at most 200 chips, told in few messages", async () => {
    // Only the last signs differ.
    const page = await site.open(
      html(`<div id="all"></div><script>
        const other = '<a href="https://example.com/page">a link</a> ';
        const invite = (i) => '<a href="${url(A.slice(0, 18))}' + (1000 + i) + '">group</a><br>';
        all.innerHTML = Array.from({ length: 2000 }, (_, i) => other.repeat(99) + invite(i)).join("");
      </script>`),
    );
    await site.chromium.waitUntil(async () => (await site.buttons(page)).length > 0, "chips", 90_000);
    const counts = async () => ({ chips: (await site.buttons(page)).length, messages: (await site.asked()).length });
    let before = await counts();
    // Until nothing more comes for a second.
    await site.chromium.waitUntil(
      async () => {
        await page.waitForTimeout(1000);
        const now = await counts();
        const isSame = JSON.stringify(now) === JSON.stringify(before);
        before = now;
        return isSame;
      },
      "an end",
      90_000,
    );
    expect(before.chips).toBeLessThanOrEqual(200);
    expect(before.messages).toBeLessThanOrEqual(40);
  });

  it("T40 depth, length, odd links and a million texts", async () => {
    await site.open(
      html(`<p id="p"><a href="${url(A)}">group</a></p>
      <svg width="90" height="20"><a href="${url(A)}"><text y="15">group</text></a></svg>
      <img usemap="#m" alt=""><map name="m"><area href="${url(A)}" shape="rect" coords="0,0,9,9" alt="group"></map>
      <a href="javascript:'chat.whatsapp.com/${A}'">script</a><script>
      let root = document.body; for (let i = 0; i < 50; i++) { const host = root.appendChild(document.createElement("div")); root = host.attachShadow({ mode: "open" }); }
      root.innerHTML = '<a href="${url(B)}">deep</a>';
      // Not drawn: the browser itself does not survive drawing it.
      let deep = document.body.appendChild(document.createElement("div")); deep.hidden = true; for (let i = 0; i < 10000; i++) deep = deep.appendChild(document.createElement("div"));
      const long = document.body.appendChild(document.createElement("a")); long.href = "https://chat.whatsapp.com/" + "a".repeat(1e7);
      const data = document.body.appendChild(document.createElement("a")); data.href = "data:text/html,chat.whatsapp.com/${A}";
      const many = document.createElement("div"); for (let i = 0; i < 1000000; i++) many.append(document.createTextNode("x ")); document.body.append(many);</script>`),
    );
    await site.chromium.waitUntil(async () => (await site.reported()).length === 2, "both codes");
  });

  it("T39 five thousand changes a second: the page stays usable and the script gives up or keeps up", async () => {
    const page = await site.open(
      html(`${link}<div id="m"></div><script>setInterval(() => {
        for (let i = 0; i < 50; i++) { m.textContent = "whatsapp.com " + i + Math.random(); m.dataset.x = i; } document.querySelector("html > span")?.remove(); }, 10);</script>`),
    );
    await page.waitForTimeout(6000); // As long as the script may try to keep up.
    const session = await site.chromium.context.newCDPSession(page);
    await session.send("Profiler.enable");
    await session.send("Profiler.start");
    await page.waitForTimeout(3000);
    const { profile } = await session.send("Profiler.stop");
    await session.detach();
    // Samples, not milliseconds: both shares grow alike on a busy computer.
    const samples = (prefix: string) =>
      profile.nodes
        .filter(({ callFrame }) => callFrame.url.startsWith(prefix))
        .reduce((sum, { hitCount = 0 }) => sum + hitCount, 0);
    const [ours, own] = [samples("chrome-extension://"), samples("http://site.test")];
    expect(own).toBeGreaterThan(0);
    expect(ours).toBeLessThan(own / 2);
    await page.evaluate(() => (document.title = "alive"));
    expect(await page.title()).toBe("alive");
  });

  it("T39 a page that makes more than two seconds of work is left alone, what comes later too", async () => {
    const page = await site.open(html(`${link}<div id="m" hidden></div>`));
    await site.expectChips(page, 1);
    await page.evaluate(async () => {
      // Cheap to write and slow to search: the beginning of an invite, seventy thousand times.
      const text = "chat whatsapp ".repeat(70_000);
      for (let i = 0; i < 200; i += 1) {
        document.querySelector("#m")!.textContent = text + i;
        await new Promise((idle) => requestIdleCallback(idle));
      }
      document.querySelector("#m")!.remove();
    });
    await page.evaluate((href) => {
      document.body.insertAdjacentHTML("beforeend", `<p><a href="${href}">later</a></p>`);
    }, url(B));
    await site.expectChips(page, 0);
    await site.lookedThrough(page);
    expect(await site.buttons(page)).toEqual([]);
  });

  it("T42 T43 a page that forbids everything and freezes what it can: the chip is there and has its look", async () => {
    const own = /^\S+ Applying inline style violates/;
    site.chromium.pageErrors.expect(own, "its body has a style, which its own policy forbids");
    const reports: string[] = [];
    const page = await site.open(html(`<p><a id="a" href="${url(A)}">group</a></p>`), {
      "content-security-policy":
        "default-src 'none'; style-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    });
    page.on("console", (message) => reports.push(message.text()));
    await site.expectChips(page, 1);
    const look = await site.callOnChip(
      page,
      "function () { const { color, height, borderRadius } = getComputedStyle(this.firstElementChild); return [color, height, borderRadius].join(); }",
    );
    expect(look).toBe("rgb(15, 118, 110),18px,9px");
    expect(reports).toEqual([]);
    expect(await site.untilAsked(page, () => site.chromium.pressChip(page))).toBe(A);
  });

  it("T42 no event, freeze or history of a page switches the chips off", async () => {
    const page = await site.open(
      html(`<script>Object.freeze(Element.prototype); Object.freeze(Node.prototype); Object.freeze(document);
      MutationObserver = IntersectionObserver = requestIdleCallback = () => { throw new Error("no"); };
      const clear = () => { for (let i = 0; i < 500; i++) clearTimeout(i), cancelIdleCallback(i); };
      clear();
      for (const type of ["DOMContentLoaded", "load"]) addEventListener(type, clear);
      for (let i = 0; i < 90; i++) history.pushState({}, "", "#" + i);
      for (const type of ["wappfy:stop", "wxt:content-script-started", "pagehide", "beforeunload"]) dispatchEvent(new Event(type));</script>${link}`),
    );
    await site.expectChips(page, 1);
  });

  it("T42 one element with too much in it takes the chips of no other away", async () => {
    const many = Array.from({ length: 60 }, (_, i) => `data-x${i}="${url(B)}"`).join(" ");
    const long = `data-${"x".repeat(120)}="${url(B)}"`;
    const page = await site.open(
      html(`<p><a href="${url(B)}" ${many}>a</a></p><p><button onclick="'${url(B)}'" ${long}>b</button></p>${link}`),
    );
    // The first two keep their links, too: what stands beside a link is left out, not the link.
    await site.expectChips(page, 3);
  });

  it("T40 a picture as a document: no chip, and nothing is thrown", async () => {
    const page = await site.open(
      `<svg xmlns="http://www.w3.org/2000/svg"><a href="${url(A)}"><text y="20">${url(A)}</text></a></svg>`,
      { "content-type": "image/svg+xml" },
    );
    await site.lookedThrough(page);
    await site.expectChips(page, 0);
  });

  it("works without animation, and as XHTML", async () => {
    const page = await site.open(
      `<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title><style>*{animation:none!important;transition:none!important}</style></head>
      <body><p><a href="${url(A)}">group</a></p><p>${url(B)} end</p></body></html>`,
      { "content-type": "application/xhtml+xml; charset=utf-8" },
    );
    await site.expectChips(page, 2);
    expect(await site.pressAll(page)).toEqual([A, B]);
  });

  it("T44 in frames: no chip, no message", async () => {
    const inner = site.serve(html(link));
    const page: Page = await site.open(
      html(`<iframe src="${inner}"></iframe><iframe src="/" srcdoc='${link}'></iframe>`),
    );
    await site.lookedThrough(page);
    expect(await site.buttons(page)).toEqual([]);
    expect(await site.asked()).toEqual([]);
  });
});
