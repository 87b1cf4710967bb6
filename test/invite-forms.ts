import { isInvite } from "../lib/shared/invite";

/**
 * The forms in which web pages hide an invite, at least three of each, as pieces of a page: each gets the codes that it shall
 * lead to, and everything that is found must be one of them. `LISTS` has several invites in one text.
 */

const url = (code: string) => `https://chat.whatsapp.com/${code}`;
const encoded = (code: string) => encodeURIComponent(url(code));
const cut = (code: string) => [code.slice(0, 9), code.slice(9)] as const;

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Many different codes that pass for real, the same at each run. */
export function codeOf(i: number): string {
  for (let seed = 7919 * (i + 1); ; seed += 104_729) {
    let state = seed;
    const next = () => (state = (state * 48_271) % 2_147_483_647);
    const code = `C${Array.from({ length: 21 }, () => ALPHABET[(next() >> 7) % 62]).join("")}`;
    if (isInvite(code, false)) return code;
  }
}

type Piece = (code: string) => string;

const link =
  (href: Piece): Piece =>
  (code) =>
    `<p><a href="${href(code)}">our group</a></p>`;
const button =
  (attribute: string, value: Piece): Piece =>
  (code) =>
    `<button type="button" ${attribute}="${value(code)}">Join</button>`;

const SVG = '<svg width="120" height="30" viewBox="0 0 120 30" xmlns="http://www.w3.org/2000/svg">';

export const FORMS: Record<string, Piece[]> = {
  "an address split over several elements": [
    (code) =>
      `<p>Join <a href="https://t.co/x"><span aria-hidden="true" style="font-size:0">https://</span>chat.whatsapp.com/${cut(code)[0]}<span aria-hidden="true" style="font-size:0">${cut(code)[1]}</span><span aria-hidden="true">…</span></a></p>`,
    (code) =>
      `<p><a href="https://t.co/y"><span style="position:absolute;width:0;overflow:hidden">https://</span><span>chat.whatsapp.com/${cut(code)[0]}</span><span style="position:absolute;width:0;overflow:hidden">${cut(code)[1]}</span></a></p>`,
    (code) => `<p>https://<b>chat</b>.<i>whats</i><i>app</i>.com/<b>${cut(code)[0]}</b>${cut(code)[1]}</p>`,
    (code) => `<p><a href="/r/1"><span>chat.whatsapp.com</span><span>/</span><wbr><span>${code}</span></a></p>`,
  ],
  "an address wrapped over lines": [
    (code) => `<pre>Join https://chat.whatsapp.com/\n${code}\nSee you</pre>`,
    (code) => `<pre>&gt; Join https://chat.whatsapp.com/${cut(code)[0]}\n&gt; ${cut(code)[1]}\n&gt; See you</pre>`,
    (code) => `<p>Join https://chat.whatsapp.com/<br>${code}<br>See you</p>`,
    (code) => `<pre>║ https://chat.whatsapp.com/          ║\n║ ${code} ║</pre>`,
    (code) => `<p>Join https://chat.whatsapp.com/${cut(code)[0]}<br>${cut(code)[1]} and so on</p>`,
  ],
  "gateways of mail and redirectors": [
    link((code) => `https://urldefense.proofpoint.com/v2/url?u=https-3A__chat.whatsapp.com_${code}&amp;d=DwMFaQ`),
    link((code) => `https://urldefense.com/v3/__https://chat.whatsapp.com/${code}__;!!Abc!x$`),
    link((code) => `https://linkprotect.cudasvc.com/url?a=${encoded(code)}&amp;c=E,1,x`),
    link((code) => `https://protect.checkpoint.com/v2/___${url(code)}___.YXBz`),
    link((code) => `https://secure-web.cisco.com/1AbC-dEf/${encoded(code)}`),
    link((code) => `https://protect-us.mimecast.com/redirect?to=${encoded(code)}`),
    link((code) => `https://r.search.yahoo.com/_ylt=A/RU=${encoded(code)}/RK=2/RS=x`),
    link((code) => `https://medium.com/r/?url=${encoded(code)}`),
    link((code) => `https://t.me/iv?url=${encoded(code)}&amp;rhash=0a`),
  ],
  "redirectors of search, mail and apps, and paths that are all target": [
    link(
      (code) => `https://www.bing.com/ck/a?!&amp;&amp;p=abc&amp;u=a1${btoa(url(code)).replaceAll("=", "")}&amp;ntb=1`,
    ),
    link((code) => `https://links-1.govdelivery.com/CL0/${encoded(code)}/1/0101/abc`),
    link((code) => `https://shop.example/redirect/${encoded(code)}`),
    link((code) => `https://shop.example/go/?${url(code)}`),
  ],
  "signs of a wide keyboard, and a blank before the code": [
    (code) => `<p>https：／／chat.whatsapp.com／${code}</p>`,
    (code) => `<p>Join https://chat.whatsapp.com／${code} now</p>`,
    (code) => `<p>Join https://chat.whatsapp.com/ ${code} now</p>`,
  ],
  "a site that shows it: a translation, a cache of AMP": [
    link((code) => `https://chat-whatsapp-com.translate.goog/${code}?_x_tr_sl=auto`),
    link((code) => `https://www.google.com/amp/s/chat.whatsapp.com/${code}`),
    link((code) => `https://chat-whatsapp-com.cdn.ampproject.org/c/s/chat.whatsapp.com/${code}`),
  ],
  "a redirector that writes it in base64": [
    link((code) => `https://shop.example/go?url=${btoa(url(code))}`),
    link((code) => `https://shop.example/out/${btoa(`http://chat.whatsapp.com/invite/${code}`)}`),
    ...["e", "to", "url"].map((name) =>
      link((code) => `https://mail.example/e/c/${btoa(JSON.stringify({ [name]: url(code) }))}`),
    ),
    link((code) => `https://shop.example/away?id=7&amp;link=${encodeURIComponent(btoa(url(code)))}`),
  ],
  "text right in a shadow root": [
    (code) => `<x-note><template shadowrootmode="open">Join ${url(code)} now</template></x-note>`,
    (code) => `<div><template shadowrootmode="open"><b>Join</b> ${url(code)}</template></div>`,
    (code) => `<span><template shadowrootmode="open">https://<b>chat</b>.whatsapp.com/${code}</template></span>`,
  ],
  "a parameter whose whole value is an invite": [
    link((code) => `https://shop.example/?url=${encoded(code)}`),
    link((code) => `https://shop.example/out?id=7&amp;link=${url(code)}`),
    link((code) => `https://shop.example/go?to=chat.whatsapp.com/${code}`),
  ],
  "a handler of a framework": [
    button("@click", (code) => `window.open('${url(code)}')`),
    button("@click.prevent.once", (code) => `location.href = '${url(code)}'`),
    button("x-on:click", (code) => `window.open('${url(code)}')`),
    button("v-on:click.stop", (code) => `go('${url(code)}')`),
    button("ng-click", (code) => `vm.open('${url(code)}')`),
    button("data-ng-click", (code) => `vm.open('${url(code)}')`),
    button("on:click", (code) => `open('${url(code)}')`),
    button("on", (code) => `tap:AMP.navigateTo(url='${url(code)}')`),
    button("data-action", (code) => `open:${url(code)}`),
    (code) => `<div role="button" tabindex="0" @click="window.open('${url(code)}')">Join</div>`,
    (code) => `<p><a href="/groups" x-on:click.prevent="open('${url(code)}')">Join</a></p>`,
  ],
  "a script as an address": [
    link((code) => `javascript:window.open('${url(code)}')`),
    link((code) => `javascript:void(location.href='${url(code)}')`),
    link((code) => `JavaScript:open(%27https%3A%2F%2Fchat.whatsapp.com%2F${code}%27)`),
  ],
  "data of what can be pressed": [
    (code) => `<div role="button" tabindex="0" data-href="${url(code)}">Join</div>`,
    (code) => `<p><a href="#" data-url="${url(code)}">Join</a></p>`,
    (code) => `<p><a href="javascript:void(0)" data-link="${url(code)}">Join</a></p>`,
    (code) => `<form><button formaction="${url(code)}">Join</button></form>`,
    (code) => `<form><input type="submit" value="Join" formaction="${url(code)}"></form>`,
    (code) => `<sl-button href="${url(code)}">Join</sl-button>`,
  ],
  "JSON in data": [
    (code) =>
      `<section data-ha-element-link='{"url":"https:\\/\\/chat.whatsapp.com\\/${code}","is_external":"on"}'>Join</section>`,
    (code) => `<div data-column-clickable="${url(code)}">Join</div>`,
    (code) => `<div data-settings='{"link":{"url":"${url(code)}"},"animation":"none"}'>Join</div>`,
  ],
  "an area of a picture, and a link in a drawing": [
    (code) =>
      `<img usemap="#m${code}" width="90" height="40" alt="groups"><map name="m${code}"><area shape="rect" coords="0,0,40,40" href="${url(code)}" alt="Join"></map>`,
    (code) => `${SVG}<a href="${url(code)}"><text y="20">Join</text></a></svg>`,
    (code) =>
      `<svg width="120" height="30" xmlns:xlink="http://www.w3.org/1999/xlink"><a xlink:href="${url(code)}"><rect width="99" height="30"/></a></svg>`,
    (code) => `${SVG}<g><a href="${url(code)}" target="_blank"><circle r="12" cx="15" cy="15"/></a></g></svg>`,
  ],
  "a link that is doubled or glued": [
    link((code) => `https://chat.whatsapp.com/${url(code)}`),
    link((code) => `https://${url(code)}`),
    link((code) => `${url(code)}/${url(code)}`),
    (code) => `<p>Join https//chat.whatsapp.com/${code} now</p>`,
  ],
  "a text pasted as an address": [
    link((code) => `Follow this link to join my WhatsApp group: ${url(code)}?s=sw`),
    link((code) => `“${url(code)}”`),
    link((code) => `/${url(code)}`),
  ],
  "slips of the keyboard, and marks that are glued on": [
    (code) => `<p>Join ttps://chat.whatsapp.com/${code} now</p>`,
    (code) => `<p>Join www.chat.whatsapp.com/${code} now</p>`,
    (code) => `<p>Join *_chat.whatsapp.com/${code}_* now</p>`,
    link((code) => `htps://www.chat.whatsapp.com/${code}`),
  ],
  "marks of direction between slash and code": [
    (code) => `<p>https://chat.whatsapp.com/\u200e${code}</p>`,
    (code) => `<p dir="rtl">\u2066https://chat.whatsapp.com/\u2068${code}\u2069</p>`,
    link((code) => `https://chat.whatsapp.com/\u200f${code}`),
    link((code) => `https://chat.whatsapp.com/%E2%80%8E${code}`),
  ],
};

/** A code in a link that looks like words. */
export const WORDLIKE = ["CIVILServicesAspirants", "EnglishSpeakingClub123", "GoodMorningSunnyFields"];

const lines = (codes: string[], end = "\n") =>
  codes.map((code, i) => `${i + 1}. Group number ${i + 1} of the lake: ${url(code)}`).join(end);

/** Many invites in one text, which stand in the order of `codes`. */
export const LISTS: Record<string, (codes: string[]) => string> = {
  "a paragraph": (codes) => `<p>${lines(codes)}</p>`,
  "a listing": (codes) => `<pre>${lines(codes)}</pre>`,
  "a listing whose links are elements": (codes) =>
    `<pre>${codes.map((code) => `Group: <span>${url(code)}</span>`).join("\n")}</pre>`,
  "lines with breaks": (codes) => `<p>${lines(codes, "<br>")}</p>`,
  "an exported chat": (codes) =>
    `<div style="white-space:pre-wrap">${codes.map((code, i) => `[12/0${(i % 9) + 1}/2025, 10:1${i % 9}:00] Asha: *Group ${i}*\nhttps://chat.whatsapp.com/${code}?mode=ac_t\nShare it!`).join("\n")}</div>`,
  "addresses beside each other": (codes) => `<p>${codes.map(url).join(" ")}</p>`,
};
