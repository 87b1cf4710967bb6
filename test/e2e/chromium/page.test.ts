import type { ConsoleMessage } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { PATIENCE } from "../chromium";
import { html, Site } from "../site";

/** The page script on pages as they are: what it finds, where its chips stand, and what it does as the page changes. */

const A = "BqT7wZk2RmX9fPs4LdVn6Y";
const B = "Kx8Rb3NdWq5ZtGm7PvJc2H";
const C = "4hDzMn9QsVkRw3XbTfLp6J";
const D = "GkRwZpTbXnVdQmSzLfHcYj";
const url = (code: string) => `https://chat.whatsapp.com/${code}`;
/** Many different codes that pass for real. */
const code = (i: number) => `C${"kT7wZq2RmX9fPs4LdVn".slice(i % 7)}${String(i * 7919 + 10_007)}QbZwHnRt`.slice(0, 22);

let site: Site;
beforeAll(async () => {
  site = await Site.start();
});
afterAll(() => site.close());
afterEach(async () => {
  await site.closePages(true);
  await site.chromium.context.pages()[0]?.goto("about:blank");
  expect(site.faults, "the page script threw").toEqual([]);
});

describe("a private window", () => {
  it("has no chips: no page script runs there", async () => {
    const address = site.serve(html(`<p><a href="${url(A)}">group</a></p>`));
    const page = await site.chromium.context.newPage();
    await page.goto(address);
    await site.expectChips(page, 1);
    const { browser } = site.chromium;
    const { browserContextId } = await browser.send("Target.createBrowserContext");
    const { targetId } = await browser.send("Target.createTarget", { url: address, browserContextId });
    const { sessionId } = await browser.send("Target.attachToTarget", { targetId, flatten: false });
    // As long as a page needs for its chips, three times over; then what stands at the end of the document.
    const expression = `new Promise((resolve) => setTimeout(resolve, 3000)).then(() =>
      document.readyState + " " + document.links.length + " " + document.querySelectorAll("html > span").length)`;
    let asked = 0;
    const ask = async () => {
      const id = ++asked;
      const params = { expression, awaitPromise: true, returnByValue: true };
      const message = JSON.stringify({ id, method: "Runtime.evaluate", params });
      const answer = new Promise<string>((resolve) => {
        browser.on("Target.receivedMessageFromTarget", (event) => {
          const answered = JSON.parse(event.message) as { id?: number; result?: { result?: { value?: string } } };
          if (event.sessionId === sessionId && answered.id === id) resolve(answered.result?.result?.value ?? "");
        });
      });
      await browser.send("Target.sendMessageToTarget", { sessionId, message });
      return answer;
    };
    // The blank document that a new tab begins with has no answer, or another one: it is asked again.
    await expect.poll(ask, { timeout: PATIENCE }).toBe("complete 1 0");
    expect(await page.evaluate(`document.querySelectorAll("html > span").length`)).toBe(1);
    await browser.send("Target.disposeBrowserContext", { browserContextId });
  });
});

describe("what gets a chip", () => {
  it.each([
    ["a link", `<p><a href="${url(A)}">group</a></p>`],
    ["a link in the text", `<p>Join ${url(A)} now</p>`],
    ["a link without a scheme", `<p><a href="chat.whatsapp.com/${A}">group</a></p>`],
    ["a link broken by <wbr>", `<p>https://chat.whatsapp.com/<wbr>${A}</p>`],
    ["a link with emphasis in it", `<p>https://chat.<em>whatsapp</em>.com/${A} and more</p>`],
    ["a tracker that shows the link", `<p><a href="https://t.example/x9">https://chat.whatsapp.com/<wbr>${A}</a></p>`],
    ["a redirector", `<p><a href="https://l.facebook.com/l.php?u=${encodeURIComponent(url(A))}&h=x">group</a></p>`],
    ["the app", `<p><a href="whatsapp://chat/?code=${A}">group</a></p>`],
    ["a handler of a button", `<button onclick="window.open('${url(A)}')">Join</button>`],
    ["a handler of a card", `<div onclick="location='${url(A)}'" style="padding:20px">Join</div>`],
    ["a link that is only a handler", `<a href="#" onclick="window.open('${url(A)}')">Join</a>`],
    ["data of a button", `<button data-href="${url(A)}">Join</button>`],
    ["a button that copies the link", `<button data-clipboard-text="${url(A)}">Copy</button>`],
    ["a form that leads there", `<form action="${url(A)}"><button>Join</button></form>`],
    ["a button in a link", `<a href="${url(A)}"><button>Join</button></a>`],
    ["a link in a button", `<button><a href="${url(A)}">Join</a></button>`],
    [
      "a picture that is a link",
      `<a href="${url(A)}"><svg width="40" height="40"><rect width="40" height="40"/></svg></a>`,
    ],
    [
      "an area of a picture, beside others",
      `<img width="300" height="120" alt="groups" usemap="#map"><map name="map"><area coords="0,0,150,60" href="/x" alt="x"><area coords="150,60,300,120" href="${url(A)}" alt="Join"></map>`,
    ],
    ["a link in a drawing", `<svg width="99" height="40"><a href="${url(A)}"><text y="20">Join</text></a></svg>`],
    [
      "an element with an open root",
      `<div id="h"></div><script>h.attachShadow({mode:"open"}).innerHTML='<a href="${url(A)}">x</a>'</script>`,
    ],
    ["text right in an open root", `<div><template shadowrootmode="open">Join ${url(A)} now</template></div>`],
    [
      "a custom element with an open root",
      `<x-card></x-card><script>customElements.define("x-card",class extends HTMLElement{connectedCallback(){this.attachShadow({mode:"open"}).innerHTML='<p>${url(A)}</p>'}})</script>`,
    ],
    [
      "an element deep in a page that is made of open roots",
      `<x-part></x-part><script>let left = 40; customElements.define("x-part",class extends HTMLElement{connectedCallback(){this.attachShadow({mode:"open"}).innerHTML=
        "<div></div>".repeat(36) + (left-- ? "<x-part></x-part>" : '<p>${url(A)}</p>')}})</script>`,
    ],
    [
      "an element whose script comes late",
      `<x-late></x-late><script>setTimeout(() => customElements.define("x-late",class extends HTMLElement{connectedCallback(){this.attachShadow({mode:"open"}).innerHTML='<p>${url(A)}</p>'}}), 800)</script>`,
    ],
    [
      "a link beside the body",
      `<script>document.documentElement.append(Object.assign(document.createElement("a"), { href: "${url(A)}", innerText: "group" }))</script>`,
    ],
    ["a link on a huge page that says nothing of it", `<a href="${url(A)}">group</a><p>${"words ".repeat(90_000)}</p>`],
    [
      "a button on a huge page that talks of WhatsApp",
      `<button data-url="${url(A)}">Join</button><p>${"words ".repeat(90_000)} of WhatsApp</p>`,
    ],
    ["a source listing", `<pre><code>const GROUP = "${url(A)}";</code></pre>`],
    ["the sample of the guide", `<p><a href="https://chat.whatsapp.com/AbCdEfGhIjKlMn">group</a></p>`],
  ])("%s", async (_, body) => {
    const page = await site.show(html(body));
    await site.expectChips(page, 1);
    expect(await site.pressAll(page)).toEqual([body.includes("AbCdEf") ? "AbCdEfGhIjKlMn" : A]);
    const [first] = await site.asked();
    expect([first?.command, first?.frameId]).toEqual(["reportInvites", 0]);
  });

  it("a page that is never done loading", async () => {
    const page = await site.open(html(`<p>${url(A)}</p><img src="/never" alt="">`), {}, "commit");
    await site.expectChips(page, 1);
    expect(await page.evaluate(() => document.readyState)).toBe("interactive");
  });

  it("nothing where the agent types, what is not shown, what is no invite, and frames", async () => {
    site.chromium.pageErrors.expect(/ERR_NAME_NOT_RESOLVED/, "its picture is on a host that does not exist");
    const isUnknown = (message: ConsoleMessage) => message.text().includes("ERR_NAME_NOT_RESOLVED");
    const unknown = site.chromium.context.waitForEvent("console", { predicate: isUnknown, timeout: PATIENCE });
    const page = await site.open(
      html(`
      <input value="${url(A)}"><textarea>${url(A)}</textarea><select><option value="${url(A)}">${url(A)}</option></select>
      <div contenteditable>see ${url(A)} <a href="${url(A)}">x</a></div><div role="textbox">${url(A)}</div>
      <script>"${url(A)}"</script><style>/* ${url(A)} */</style><template><a href="${url(A)}">x</a></template>
      <noscript>${url(A)}</noscript><!-- <a href="${url(A)}">x</a> -->
      <a href="mailto:x@example.com" data-saferedirecturl="https://www.google.com/url?q=${url(A)}">mail</a>
      <a href="https://whatsapp.com/channel/0029VaBcDeFgHiJkLmNoPqRs">channel</a>
      <img src="https://qr.example/?d=${url(A)}" alt="">
      <iframe src="data:text/html,<a href='${url(A)}'>x</a>"></iframe><iframe srcdoc="<a href='${url(A)}'>x</a>"></iframe>
      <p>We talk about WhatsApp: <a href="https://wa.me/919876543210">chat</a>, chat.whatsapp.com, and an invite/</p>`),
    );
    await site.lookedThrough(page);
    // The next test does not expect it.
    await unknown;
    expect(await site.buttons(page)).toEqual([]);
    expect(await site.asked()).toEqual([]);
  });

  it("nothing at fillers, samples and other hosts, which only the worker tells from invites", async () => {
    const page = await site.open(
      html(`<a href="https://chat.whatsapp.com.evil.example/${A}">x</a>
      <p>Paste a link such as https://chat.whatsapp.com/YourGroupInviteLinkHere</p>
      <a href="https://shop.example/?next=${url(A)}">x</a>`),
    );
    await site.lookedThrough(page);
    expect(await site.buttons(page)).toEqual([]);
    expect(await site.reported()).toEqual([]);
  });

  it("nothing while the document is an editor", async () => {
    const page = await site.open(
      html(`<script>document.designMode = "on"</script><p>${url(A)} <a href="${url(B)}">x</a></p>`),
    );
    await site.lookedThrough(page);
    expect(await site.buttons(page)).toEqual([]);
  });

  it("one chip for a code in a block, and one for each block", async () => {
    const page = await site.open(
      html(`<p><a href="${url(A)}" onclick="open('${url(A)}')" title="${url(A)}">${url(A)}</a> or ${url(A)}</p>
      <p><a href="${url(A)}">again</a> <a href="${url(B)}">other</a></p><p>${url(C)} ${url(D)}\n${url(A)}</p>`),
    );
    await site.expectChips(page, 6);
    expect((await site.pressAll(page)).toSorted()).toEqual([A, A, A, B, C, D].toSorted());
  });

  it("one chip on WhatsApp's own page, at the way in", async () => {
    const languages = Array.from({ length: 50 }, (_, i) => `<li><a href="${url(A)}?lang=x${i}">language ${i}</a></li>`);
    const page = await site.openAt(
      url(A),
      html(`<ul>${languages.join("")}</ul><h3>Group</h3><a id="action-button" href="whatsapp://chat/?code=${A}">Join</a>
      <p><a href="https://web.whatsapp.com/accept?code=${A}">or the web</a></p>`),
    );
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await site.expectChips(page, 1);
    const [chip] = await site.chromium.chips(page);
    const link = (await page.locator("#action-button").boundingBox())!;
    expect(Math.abs(chip!.point!.y - link.y - link.height / 2)).toBeLessThan(20);
  });

  it("gives what there is to 'Find invites on this page', each code once with the text around", async () => {
    await site.open(
      html(`<p>Support group of the shop: ${url(A)}</p><p><a href="${url(B)}">Sellers</a> of Pune ${url(A)}</p>
      <a href="https://chat.whatsapp.com/AbCdEfGhIjKlMn">sample</a>`),
    );
    // A link is found by its address and by its text; the worker takes each code once.
    const found = await site.find();
    const first = new Map(found.toReversed().map(({ codes, context }) => [codes.join(), context]));
    expect([...new Set(found.map(({ codes }) => codes.join()))]).toEqual([A, B, "AbCdEfGhIjKlMn"]);
    expect(Object.fromEntries(first)).toEqual({
      [A]: `Support group of the shop: ${url(A)}`,
      [B]: `Sellers of Pune ${url(A)}`,
      AbCdEfGhIjKlMn: expect.stringMatching(/^of Pune .* sample$/),
    });
  });
});

describe("where a chip stands", () => {
  const layouts: [what: string, body: string][] = [
    ["a link in a paragraph", `<p>Some words, <a href="${url(A)}">our group</a>, and some more.</p><p>next</p>`],
    [
      "a link in a long paragraph",
      `<p style="width:300px">Many words before it and <a href="${url(A)}">our group</a> and so many words behind it that they fill more than one line, to the end.</p><p>next</p>`,
    ],
    [
      "a long link in a narrow bubble",
      `<div style="width:fit-content;max-width:260px;word-break:break-all;border:1px solid">${url(A)}</div><p>next</p>`,
    ],
    [
      "text in the middle of a message",
      `<div style="width:240px;white-space:pre-wrap">Hello\n${url(A)}\nand ${url(B)} too\nBye</div><p>next</p>`,
    ],
    [
      "a row of links",
      `<nav style="display:flex;justify-content:space-between;gap:9px"><a href="${url(A)}">One</a><a href="#">Two</a></nav><p>next</p>`,
    ],
    [
      "a grid of cards",
      `<div style="display:grid;grid-template-columns:1fr 1fr"><a href="${url(A)}">One</a><a href="${url(B)}">Two</a></div><p>next</p>`,
    ],
    ["a link that is a box", `<a href="${url(A)}" style="display:block;padding:9px">Join</a><p>next</p>`],
    ["a link with boxes in it", `<a href="${url(A)}"><div>Join</div></a><p>next</p>`],
    ["a centred link", `<p style="text-align:center"><a href="${url(A)}">Join</a></p><p>next</p>`],
    ["a floating link", `<a href="${url(A)}" style="float:right">Join</a><p>words</p>`],
    [
      "a link that does not scroll",
      `<a href="${url(A)}" style="position:fixed;right:20px;bottom:20px">Join</a><p>next</p>`,
    ],
    [
      "tight small lines",
      `<p style="font-size:10px;line-height:1">Some <a href="${url(A)}">group</a> here<br>next line</p><p>next</p>`,
    ],
    [
      "a table",
      `<table cellpadding="14"><tr><td>One</td><td><a href="${url(A)}">Join</a></td><td>Three</td></tr><tr><td>4</td><td>5</td><td>6</td></tr></table><p>next</p>`,
    ],
    ["right to left", `<p dir="rtl">انضم إلى <a href="${url(A)}">المجموعة</a> الآن</p><p>next</p>`],
    ["text in a flexible row", `<div style="display:flex">See ${url(A)} now</div><p>next</p>`],
  ];
  it.each(layouts)("%s: nothing moves outside its line, and the chip can be seen", async (_, body) => {
    const record = `<script>
      window.moves = [];
      new PerformanceObserver((list) => { for (const entry of list.getEntries()) for (const { previousRect: a, currentRect: b } of entry.sources)
        if (a.y !== b.y || a.height !== b.height) moves.push([a.toJSON(), b.toJSON()]); }).observe({ type: "layout-shift", buffered: true });
      window.boxes = () => [...document.querySelectorAll("body *")].filter((el) => el.attributes.length || el.firstChild).map((el) => {
        const { y, height } = el.getBoundingClientRect(); return el.localName + " " + Math.round(y) + " " + Math.round(height); });
    </script>`;
    const page = await site.show(
      html(body.replaceAll('<a href="#"', '<a href="#"') + record + "<script>window.before = boxes()</script>"),
    );
    const count = new Set(body.match(/[\w]{22}(?=["\s<\n])/g)).size;
    await site.expectChips(page, count);
    const { before, after, moves } = await page.evaluate(() => {
      const self = globalThis as unknown as { before: string[]; boxes(): string[]; moves: unknown[] };
      return { before: self.before, after: self.boxes(), moves: self.moves };
    });
    expect(moves).toEqual([]);
    expect(after).toEqual(before);
    for (const { point } of await site.chromium.chips(page)) {
      // The middle of the smallest mark that stands whole in the window.
      expect(point!.x).toBeGreaterThan(9);
      expect(point!.x).toBeLessThan(1271);
    }
  });

  it("leaves the page's text as it is for reading, selecting and copying", async () => {
    const body = `<p id="p">Join ${url(A)} today, or <b>${url(B)}</b>. <a href="${url(C)}">Third</a> group.</p><pre>${url(D)}\nend</pre>`;
    const page = await site.open(
      html(`${body}<script>const read = () => { getSelection().selectAllChildren(document.body);
      return [String(getSelection()), document.body.innerText, document.body.textContent]; }; window.before = read();</script>`),
    );
    await site.expectChips(page, 4);
    const [before, after] = (await page.evaluate("[before, read()]")) as string[][];
    expect(after).toEqual(before);
  });

  it("comes for each of several links in one text, which stays one text", async () => {
    const page = await site.open(html(`<p style="white-space:pre-line">A ${url(A)}\nb ${url(B)}\nc ${url(C)} d</p>`));
    await site.expectChips(page, 3);
    await site.setMayRun(false);
    await site.expectChips(page, 0);
    expect(await page.evaluate(() => document.querySelector("p")!.childNodes.length)).toBe(1);
    expect(await page.evaluate(() => document.querySelector("p")!.textContent)).toBe(
      `A ${url(A)}\nb ${url(B)}\nc ${url(C)} d`,
    );
    await site.setMayRun(true);
    await site.expectChips(page, 3);
  });

  it("is reached by the keyboard, behind the page's own content", async () => {
    const page = await site.open(html(`<p><a id="a" href="${url(A)}">group</a> <a id="b" href="#">next</a></p>`));
    await site.expectChips(page, 1);
    await page.focus("#a");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("b");
    await page.keyboard.press("Tab");
    expect(await site.untilAsked(page, () => page.keyboard.press("Space"))).toBe(A);
  });

  it("is pressed from its link by Alt+Shift+Enter, of which the page hears nothing", async () => {
    const page = await site.open(
      html(`<p><a id="a" href="${url(A)}">group</a> <a id="b" href="#b">next</a></p>
      <script>window.keys = []; addEventListener("keydown", ({ key, target }) => keys.push(key + target.id), true)</script>`),
    );
    await site.expectChips(page, 1);
    await page.focus("#a");
    expect(await site.untilAsked(page, () => page.keyboard.press("Alt+Shift+Enter"))).toBe(A);
    expect(page.url()).not.toContain("whatsapp");
  });

  it("is the chip's press alone: no card or label around it notices, nor what listens for the whole page", async () => {
    const page = await site.open(
      html(`<div onclick="document.title='card'"><label><input type="checkbox"> ${url(A)}</label></div><script>
        for (const type of ["click", "pointerdown", "mousedown", "mouseup"])
          document.addEventListener(type, () => (document.title = type));</script>`),
    );
    await site.expectChips(page, 1);
    await site.untilAsked(page, () => site.chromium.pressChip(page));
    expect(await page.evaluate(() => [document.title, document.querySelector("input")!.checked])).toEqual(["", false]);
  });
});

describe("a page that changes", () => {
  it("a text that goes while the worker reads it takes no other chip along", async () => {
    const page = await site.open(
      html(`<p><a href="${url(A)}">one</a></p><p id="p"></p><script>
        let n = 0;
        const timer = setInterval(() => (n += 1) > 60 ? clearInterval(timer) : p.replaceChildren("${url(B)} for " + n), 20);
      </script>`),
    );
    await page.waitForFunction("n > 60");
    await site.expectChips(page, 2);
    await expect.poll(async () => (await site.pressAll(page)).toSorted()).toEqual([A, B].toSorted());
  });

  it("new links, new texts, changed addresses and new roots are found; what goes takes its chip along", async () => {
    const page = await site.open(html(`<p><a id="a" href="${url(A)}">one</a></p><p id="p"></p><div id="s"></div>`));
    await site.expectChips(page, 1);
    await page.evaluate((B) => {
      document.querySelector("#p")!.innerHTML = `<b>see</b> ${B}`;
    }, url(B));
    await site.expectChips(page, 2);
    await page.evaluate((C) => document.querySelector("#a")!.setAttribute("href", C), url(C));
    await site.chromium.waitUntil(async () => (await site.reported()).includes(C), "the new code");
    await site.expectChips(page, 2);
    await expect.poll(async () => (await site.pressAll(page)).toSorted()).toEqual([B, C].toSorted());
    await page.evaluate((D) => {
      const root = Object.assign(document.createElement("div"), { id: "late" });
      root.attachShadow({ mode: "open" }).innerHTML = `<a href="${D}">four</a>`;
      document.body.append(root);
    }, url(D));
    await site.expectChips(page, 3);
    await page.evaluate(() => document.querySelector("#a")!.remove());
    await page.evaluate(() => document.querySelector("#p")!.replaceChildren());
    await site.expectChips(page, 1);
    await page.evaluate(() => document.querySelector("#late")!.remove());
    await site.expectChips(page, 0);
  });

  it("a button that gets another target leads there", async () => {
    const button = (name: string) => `<p><button ${name}="${url(A)}">Join</button></p>`;
    const names = ["@click", "data-url", "data-href", "formaction"];
    const page = await site.open(html(names.map(button).join("")));
    await site.expectChips(page, 4);
    const codes = [code(1), code(2), code(3), code(4)];
    // One after the other, so that none is looked at with its neighbour.
    for (const [i, name] of names.entries()) {
      await page.evaluate(
        ([i, name, link]) => {
          const holder = document.createElement("template");
          holder.innerHTML = `<b ${name}="${link}"></b>`;
          const changed = holder.content.firstElementChild!.getAttributeNode(name)!.cloneNode() as Attr;
          document.querySelectorAll("button")[i]!.setAttributeNode(changed);
        },
        [i, name, url(codes[i]!)] as const,
      );
      await site.chromium.waitUntil(async () => (await site.reported()).includes(codes[i]!), `the new ${name}`);
    }
    await site.expectChips(page, 4);
    await expect.poll(() => site.pressAll(page)).toEqual(codes);
  });

  it("a framework that owns a text writes it anew, adds to it or removes it, and no word is doubled or lost", async () => {
    const page = await site.open(html(`<p id="p">Join ${url(A)} today</p>`));
    await page.evaluate(() => {
      (globalThis as unknown as { text: Text }).text = document.querySelector("#p")!.firstChild as Text;
    });
    const text = () => page.evaluate(() => document.querySelector("#p")!.textContent);
    await site.expectChips(page, 1);
    await page.evaluate((A) => {
      (globalThis as unknown as { text: Text }).text.nodeValue = `Join ${A} today, please`;
    }, url(A));
    await site.expectChips(page, 1);
    expect(await text()).toBe(`Join ${url(A)} today, please`);
    await page.evaluate(() => {
      (globalThis as unknown as { text: Text }).text.nodeValue = "Nothing here any more";
    });
    await site.expectChips(page, 0);
    expect(await text()).toBe("Nothing here any more");
    await page.evaluate((B) => {
      (globalThis as unknown as { text: Text }).text.nodeValue = `Then ${B} came`;
    }, url(B));
    await site.expectChips(page, 1);
    await page.evaluate(() => (globalThis as unknown as { text: Text }).text.appendData(" (new)"));
    // The page script looks at what changed within half a second.
    await page.waitForTimeout(800);
    expect(await text()).toBe(`Then ${url(B)} came (new)`);
    await page.evaluate(() => (globalThis as unknown as { text: Text }).text.remove());
    await site.expectChips(page, 0);
    expect(await text()).toBe("");
  });

  it("a list that is drawn anew and sorted keeps one chip at each link", async () => {
    const page = await site.open(html(`<ul id="u"></ul>`));
    const draw = (codes: string[]) =>
      page.evaluate((links) => {
        document.querySelector("#u")!.innerHTML = links.map((link) => `<li><a href="${link}">x</a></li>`).join("");
      }, codes.map(url));
    for (const codes of [
      [A, B, C],
      [C, A],
      [B, A, D, C],
    ]) {
      await draw(codes);
      await site.expectChips(page, codes.length);
      await expect.poll(() => site.pressAll(page)).toEqual(codes);
    }
    await page.evaluate(() => {
      for (const li of [...document.querySelectorAll("li")].toReversed()) li.parentElement!.append(li);
    });
    await site.expectChips(page, 4);
    await expect.poll(() => site.pressAll(page)).toEqual([C, D, A, B]);
  });

  it("an answer that comes word by word gets its chip once the link is whole", async () => {
    const page = await site.open(html(`<p id="p"></p>`));
    await page.evaluate(
      async (words) => {
        const p = document.querySelector("#p")!;
        const text = p.appendChild(document.createTextNode(""));
        for (const word of words) {
          text.data += word;
          await new Promise((next) => setTimeout(next, 30));
        }
      },
      [
        "Sure",
        ", join ",
        "https://chat.",
        "whatsapp",
        ".com/",
        A.slice(0, 9),
        A.slice(9),
        " and",
        " say",
        " hello",
        ".",
      ],
    );
    await site.expectChips(page, 1);
    expect(await page.evaluate(() => document.querySelector("#p")!.textContent)).toBe(
      `Sure, join ${url(A)} and say hello.`,
    );
  });

  it("an address in parts is read anew when a later part is rewritten, added or taken away", async () => {
    const head = (code: string) => code.slice(0, 9);
    const tail = (code: string) => code.slice(9);
    const page = await site.open(
      html(`<p>https://chat.whatsapp.com/<b>${head(A)}</b><i id="i">${tail(A)}</i></p><p id="p">${url(head(B))}</p>`),
    );
    await site.expectChips(page, 1);
    await page.evaluate((C) => {
      document.querySelector("b")!.firstChild!.nodeValue = C.slice(0, 9);
    }, C);
    await page.evaluate((C) => {
      document.querySelector("#i")!.firstChild!.nodeValue = C.slice(9);
    }, C);
    await site.chromium.waitUntil(async () => (await site.reported()).includes(C), "the new code");
    await page.evaluate((rest) => {
      document.querySelector("#p")!.append(Object.assign(document.createElement("span"), { innerText: rest }));
    }, tail(B));
    await site.expectChips(page, 2);
    await expect.poll(() => site.pressAll(page)).toEqual([C, B]);
    await page.evaluate(() => document.querySelector("#i")!.remove());
    await site.expectChips(page, 1);
    await expect.poll(() => site.pressAll(page)).toEqual([B]);
  });

  it("an endless feed has at most 200 chips, and always those in view", async () => {
    const links = Array.from({ length: 600 }, (_, i) => url(code(i)));
    const page = await site.open(
      html(`<div id="feed"></div><script>const links = ${JSON.stringify(links)};
      let next = 0; const more = () => { for (let i = 0; i < 60 && next < links.length; i++, next++)
        feed.insertAdjacentHTML("beforeend", '<p style="height:40px;margin:0"><a href="' + links[next] + '">' + next + "</a></p>"); };
      more(); addEventListener("scroll", () => { if (scrollY + innerHeight > document.body.scrollHeight - 900) more(); });</script>`),
    );
    await site.chromium.waitForChips(page, 15);
    for (let y = 0; y < 24_000; y += 500) {
      await page.evaluate((y) => scrollTo(0, y), y);
      await page.waitForTimeout(40);
    }
    await site.lookedThrough(page);
    expect((await site.buttons(page)).length).toBeLessThanOrEqual(200);
    const inView = () =>
      page.evaluate(
        () =>
          [...document.querySelectorAll("a")].filter((a) => {
            const { top, bottom } = a.getBoundingClientRect();
            return top > 10 && bottom < innerHeight - 10;
          }).length,
      );
    const left = async () => (await inView()) - (await site.buttons(page)).length;
    await expect.poll(left).toBeLessThanOrEqual(0);
    expect((await site.buttons(page)).length).toBeLessThanOrEqual(200);
    // All of them in view at once.
    await page.addStyleTag({ content: "p { display: inline-block; width: 56px; height: 25px !important }" });
    await page.evaluate(() => scrollTo(0, 0));
    expect(await inView()).toBeGreaterThan(400);
    await expect.poll(async () => (await site.buttons(page)).length).toBeGreaterThan(100);
    await site.lookedThrough(page);
    expect((await site.buttons(page)).length).toBeLessThanOrEqual(200);
  });

  it("a page that removes the chips again and again is left alone after a few times", async () => {
    const page = await site.open(
      html(`<p><a href="${url(A)}">group</a></p><script>window.removed = 0;
      new MutationObserver((records) => { for (const { addedNodes } of records) for (const node of addedNodes)
        if (node.localName === "span") { node.remove(); removed += 1; } }).observe(document, { childList: true, subtree: true });</script>`),
    );
    await page.waitForFunction("removed > 4", undefined, { timeout: PATIENCE });
    let removed = 0;
    const hasStopped = async () => {
      const before = removed;
      await site.lookedThrough(page);
      return (removed = await page.evaluate<number>("removed")) === before;
    };
    await site.chromium.waitUntil(hasStopped, "an end of new chips");
    expect(removed).toBeLessThan(10);
  });

  it("an editor that opens around a chip is rid of it", async () => {
    const page = await site.open(html(`<div id="e"><p>${url(A)} <a href="${url(B)}">x</a></p></div>`));
    await site.expectChips(page, 2);
    await page.evaluate(() => document.querySelector("#e")!.setAttribute("contenteditable", ""));
    await site.expectChips(page, 0);
  });
});

describe("the life of the page script", () => {
  it("a page that comes back by the browser's button is told to the worker again, and keeps one chip", async () => {
    const page = await site.open(
      html(
        `<p>${url(A)}</p><script>addEventListener("pageshow", ({ persisted }) => (window.isBack = persisted))</script>`,
      ),
    );
    await site.expectChips(page, 1);
    await page.goto(site.serve(html("<p>Another page</p>")));
    const before = (await site.asked()).length;
    await page.goBack({ waitUntil: "commit" });
    await site.chromium.waitUntil(async () => (await site.asked()).length > before, "the page to tell again");
    expect(await page.evaluate("isBack")).toBe(true);
    await site.expectChips(page, 1);
    expect(await site.pressAll(page)).toEqual([A]);
  });

  it("T84 a paused site has no chip at once and none after a reload; resumed, they are back", async () => {
    const page = await site.open(html(`<p><a href="${url(A)}">group</a> ${url(B)}</p>`));
    await site.expectChips(page, 2);
    await site.setMayRun(false);
    expect(await site.buttons(page)).toEqual([]);
    await page.reload();
    await site.lookedThrough(page);
    expect(await site.buttons(page)).toEqual([]);
    await site.setMayRun(true);
    await site.expectChips(page, 2);
  });

  it("T83 an update of the extension takes the chips away, pressed or not, without a fault", async () => {
    const own = await Site.start();
    try {
      const page = await own.open(html(`<p><a href="${url(A)}">group</a> ${url(B)} end</p>`));
      const errors: unknown[] = [];
      page.on("pageerror", (error) => errors.push(error));
      await own.expectChips(page, 2);
      await own.reloadExtension();
      await page.mouse.click(5, 5);
      await own.expectChips(page, 0);
      expect(await page.evaluate(() => document.querySelector("p")!.childNodes.length)).toBe(2);
      expect(errors).toEqual([]);
    } finally {
      await own.close();
    }
  });
});

it("what a page throws or writes as an error fails a test that does not expect it", async () => {
  const page = await site.open(
    html(`<script>console.error("said"); setTimeout(() => { throw new Error("thrown"); })</script>`),
  );
  const { pageErrors } = site.chromium;
  const seen: string[] = [];
  await site.chromium.waitUntil(() => seen.push(...pageErrors.take()) === 2, "two errors");
  expect(seen.toSorted()).toEqual([
    expect.stringMatching(/: said$/),
    expect.stringContaining(": uncaught Error: thrown"),
  ]);
  pageErrors.expect(/said/, "the page says it");
  pageErrors.expect(/never/, "no page says it");
  await page.evaluate(`console.error("said again")`);
  await site.heard(page);
  expect(pageErrors.take()).toEqual([expect.stringMatching(/^expected and not seen: .never/)]);
});
