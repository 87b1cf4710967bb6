/** Documents without a framework: a page to be read, and what browsers show that is no page. */

const LINK = "https://chat.whatsapp.com/CwZq2RmX9fPs4LdVn16578";

/** A page to be read; it counts what is changed in its own body. */
export const READING = `<!doctype html><html lang="en"><meta charset="utf-8"><title>page</title><link rel="icon" href="data:,">
<body style="font: 16px/1.5 sans-serif; inline-size: 700px">
<p id="bare">Our reading group is open to all, across ${LINK} the link and we meet on Mondays.</p>
<p id="link">Join <a href="${LINK}">the reading group</a> today, and bring a book.</p>
<p id="long">${"Somebody always brings a cake, and nobody has to say a word. ".repeat(3)} ${LINK} ${"We meet again. ".repeat(9)}</p>
<table><tr><td>Mondays</td><td><a href="${LINK}">Join</a></td></tr><tr><td>Fridays</td><td>${LINK}</td></tr></table>
<textarea id="area"></textarea><div id="rich" contenteditable>Paste </div>
<script>
  globalThis.records = 0;
  new MutationObserver((list) => { records += list.filter(({ target }) => !rich.contains(target)).length; })
    .observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
</script></body></html>`;

/** What is only opened: name, type and text. */
export const OTHERS = [
  [
    "svg",
    "image/svg+xml",
    `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="90"><a href="${LINK}"><text y="40">Join ${LINK}</text></a></svg>`,
  ],
  ["xml", "application/xml", `<?xml version="1.0"?><list><group href="${LINK}">Join ${LINK} today</group></list>`],
  [
    "rss",
    "application/rss+xml",
    `<?xml version="1.0"?><rss version="2.0"><channel><title>x</title><item><link>${LINK}</link></item></channel></rss>`,
  ],
  [
    "xhtml",
    "application/xhtml+xml",
    `<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body><p>Join ${LINK} today</p><p><a href="${LINK}">x</a></p></body></html>`,
  ],
  ["mathml", "application/xml", `<math xmlns="http://www.w3.org/1998/Math/MathML"><mtext>${LINK}</mtext></math>`],
  ["text", "text/plain", `one ${LINK}\ntwo ${LINK}9\n`],
  ["json", "application/json", JSON.stringify({ link: LINK })],
  [
    "frameset",
    "text/html",
    `<html><head><title>x</title></head><frameset cols="*"><frame src="about:blank"></frameset></html>`,
  ],
  ["empty", "text/html", ""],
];
