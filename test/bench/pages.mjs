/** The pages on which `page.mjs` measures what the page script costs. */

/** A whole document. @param {string} body */
export function page(body) {
  return `<!doctype html><meta charset="utf-8"><title>page</title><link rel="icon" href="data:,"><body>${body}`;
}

/** Ten nodes: an item of a list as sites have it. */
export function row(i) {
  return `<div class="item"><h3>Item ${i}</h3><p>Some words about it, on <b>WhatsApp</b> too.</p><a href="/item/${i}" class="more">more</a></div>`;
}

export function rows(count) {
  return Array.from({ length: count }, (_, i) => row(i)).join("");
}

/** Many different codes that pass for real. */
function code(i) {
  return `C${"kT7wZq2RmX9fPs4LdVn".slice(i % 7)}${i * 7919 + 10_007}QbZwHnRt`.slice(0, 22);
}

/**
 * Links in parts of 200, as sites have them. In a single part of 200,000 any change at all, of one letter by the page
 * itself, costs the browser a third of a second of layout, so that nobody's task can be short there.
 */
export function links(count, invites) {
  const every = count / invites;
  return Array.from(
    { length: count },
    (_, i) =>
      `${i % 200 ? "" : "</section><section>"}<p><a href="${i % every ? `/page/${i}` : `https://chat.whatsapp.com/${code(i)}`}">link ${i}</a></p>`,
  ).join("");
}

/** A box that scrolls by itself and shows 200 links to invites at once, and the page's own function that moves it. */
export function scroller() {
  const cells = Array.from(
    { length: 1_000 },
    (_, i) => `<p><a href="https://chat.whatsapp.com/${code(i)}">${i}</a></p>`,
  );
  return page(`<style>#box { height: 720px; overflow: auto } #grid { display: grid; grid-template-columns: repeat(10, 1fr) } p { margin: 0; height: 36px }</style>
    <div id="box"><div id="grid">${cells.join("")}</div></div><script>
    async function move(frames) {
      for (let frame = 0; frame < frames; frame += 1) {
        box.scrollTop = 300 + 15 * Math.sin(frame / 5);
        await new Promise((next) => requestAnimationFrame(next));
      }
      return frames;
    }
  </script>`);
}

/** Documents of the size and make of real ones: what sites send, without their names. */
export function saved() {
  const times = (count, make) => Array.from({ length: count }, (_, i) => make(i)).join("");
  const words = (count, i = 0) =>
    times(
      count,
      (at) => `${["lorem", "group", "market", "whatsapp", "the", "of", "today", "price"][(at * 7 + i) % 8]} `,
    );
  const data = JSON.stringify(
    Array.from({ length: 2000 }, (_, id) => ({ id, title: `Item ${id}`, url: `https://shop.example/${id}` })),
  );
  return [
    ["article", page(`<article>${times(60, (i) => `<p>${words(120, i)}<a href="/${i}">link</a></p>`)}</article>`)],
    [
      "forum",
      page(
        times(
          800,
          (i) =>
            `<div class="post"><img alt=""><b>user${i}</b><blockquote>${words(30, i)}</blockquote><p>${words(40, i)}</p><a href="#r${i}">reply</a></div>`,
        ),
      ),
    ],
    [
      "table",
      page(
        `<table>${times(2500, (i) => `<tr><td>${i}</td><td><a href="/g/${i}">Group ${i}</a></td><td>${words(4, i)}</td></tr>`)}</table>`,
      ),
    ],
    [
      "shop",
      page(
        times(
          600,
          (i) =>
            `<div class="card"><a href="/p/${i}"><img alt=""><span>Product ${i}</span></a><button data-url="/cart/${i}">Buy</button></div>`,
        ),
      ),
    ],
    [
      "manual",
      page(
        times(
          300,
          (i) => `<h2 id="s${i}">Section ${i}</h2><p>${words(50, i)}</p><pre><code>${words(30, i)}</code></pre>`,
        ),
      ),
    ],
    [
      "chat",
      page(
        times(
          1500,
          (i) => `<div class="m"><span class="t">12:0${i % 10}</span><div><span>${words(14, i)}</span></div></div>`,
        ),
      ),
    ],
    [
      "search",
      page(
        times(
          120,
          (i) =>
            `<div><a href="https://www.google.com/url?q=https://example.com/${i}"><h3>${words(6, i)}</h3></a><div>${words(30, i)}</div></div>`,
        ),
      ),
    ],
    [
      "data",
      page(
        `<div id="app">${times(400, (i) => `<div><div><div>${words(5, i)}</div></div></div>`)}</div><script type="application/json">${data}</script>`,
      ),
    ],
    [
      "directory",
      page(
        times(
          1200,
          (i) =>
            `<li><a href="https://example.org/${i}">${words(3, i)}</a> <a href="https://wa.me/9155501${10000 + i}">WhatsApp</a></li>`,
        ),
      ),
    ],
    [
      "mail",
      page(
        `<table><tr><td>${times(80, (i) => `<table><tr><td style="padding:4px"><font face="Arial">${words(25, i)}</font></td></tr></table>`)}</td></tr></table>`,
      ),
    ],
    [
      "invites",
      page(times(200, (i) => `<p>${words(20, i)}<a href="https://chat.whatsapp.com/invite/example${i}">join</a></p>`)),
    ],
    [
      "icons",
      page(times(1500, (i) => `<svg width="9" height="9"><g><path d="M0 0h9v9"/></g></svg><i class="i${i}"></i>`)),
    ],
  ];
}
