import { describe, expect, it } from "vitest";
import { readSource, type Source } from "../../../lib/shared/invite";

/** The forms in which pages hide an invite, at least three of each: what the page script hands over, and what is read. */

const A = "BqT7wZk2RmX9fPs4LdVn6Y";
const B = "Kx8Rb3NdWq5ZtGm7PvJc2H";
const LINK = `https://chat.whatsapp.com/${A}`;
const ENCODED = encodeURIComponent(LINK);
const HEAD = A.slice(0, 9);
const TAIL = A.slice(9);

const link = (href: string): Source => [["href", href]];
const text = (rest: string, before = ""): Source => [
  ["", before],
  ["", rest],
];
const button = (name: string, value: string): Source => [
  ["class", "button"],
  [name, value],
];

const ONE: Record<string, Source[]> = {
  "an address split over several elements": [
    text(`chat.whatsapp.com/${HEAD}\u200b${TAIL}\u200b…`, "https://\u200b"),
    text(`chat\u200b.whatsapp.com/\u200b${HEAD}\u200b${TAIL}`),
    text(`chat.whatsapp.com\n/${A}`, "https://\n"),
    text(`chat.whatsapp.com/${HEAD}\n${TAIL}\n…`, "https://\n"),
    text(`chat.whatsapp.com/${A.slice(0, 5)}\n${A.slice(5, 12)}\n${A.slice(12)}`, "https://"),
  ],
  "an address wrapped over lines": [
    text(`chat.whatsapp.com/\n${A}`, "Join https://"),
    text(`chat.whatsapp.com/${HEAD}\n${TAIL}\nSee you`, "Join https://"),
    text(`chat.whatsapp.com/${HEAD}\r\n> ${TAIL} and so on`, "> Join https://"),
    text(`chat.whatsapp.com/${HEAD}=\n${TAIL}`, "Join https://"),
    text(`chat.whatsapp.com/\n        ${A}\n    `, "https://"),
    text(`chat.whatsapp.com/${HEAD} │\n│ ${TAIL} │`, "│ https://"),
    text(`chat.whatsapp.com/         ║\n║  ${A}             ║`, "║  https://"),
    text(`chat.whatsapp.com/${HEAD}     ┃\n┃ ${TAIL}     ┃`, "┃ https://"),
    text(`chat.whatsapp.com/      |\n| ${A} |`, "| https://"),
    text(`chat.whatsapp.com/      \n      ${A}`, "https://"),
    text(`chat.whatsapp.com/${HEAD} \\\n  ${TAIL}`, "https://"),
    text(`chat.whatsapp.com/${HEAD}\n# ${TAIL}\n# See you`, "# Join https://"),
    text(`chat.whatsapp.com/${HEAD}\n// ${TAIL}`, "// https://"),
    text(`chat.whatsapp.com/\\\n  ${A}`, "https://"),
  ],
  "Proofpoint, second version": [
    link(`https://urldefense.proofpoint.com/v2/url?u=https-3A__chat.whatsapp.com_${A}&d=DwMFaQ&c=x&r=y&m=z`),
    link(`https://urldefense.proofpoint.com/v2/url?u=https-3A__chat.whatsapp.com_invite_${A}-3Fmode-3Dgi-5Ft&d=x`),
    link(`http://urldefense.proofpoint.com/v2/url?d=DwIBaQ&u=http-3A__chat.whatsapp.com_${A}&e=`),
  ],
  "Proofpoint, third and first version": [
    link(`https://urldefense.com/v3/__https://chat.whatsapp.com/${A}__;!!Abc-1!xyz$`),
    link(`https://urldefense.com/v3/__https:/chat.whatsapp.com/${A}?mode=gi_t__;!!Abc!x$`),
    link(`https://urldefense.us/v3/__https:*2F*2Fchat.whatsapp.com*2F${A}__;JSUl!!Abc!x$`),
    link(`https://urldefense.proofpoint.com/v1/url?u=${ENCODED}&k=abc`),
    link(`https://urldefense.us/v2/url?u=https-3A__chat.whatsapp.com_${A}&d=x`),
  ],
  "a gateway of mail that is written out": [
    text(`chat.whatsapp.com_${A}&d=x> Bye`, "Join <https://urldefense.proofpoint.com/v2/url?u=https-3A__"),
    text(`chat.whatsapp.com/${A}__;!!Abc!x$ now`, "Join https://urldefense.com/v3/__https://"),
    text(
      `chat.whatsapp.com%2F${A}&data=05>`,
      "Join <https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2F",
    ),
    text(`chat%2ewhatsapp%2ecom%2f${A}`, "https://scanmail.trustwave.com/?c=8248&d=abc&u=https%3a%2f%2f"),
  ],
  "other gateways of mail": [
    link(`https://eu-central-1.protection.sophos.com?d=whatsapp.com&u=${ENCODED}`),
    link(`https://imsva91-ctp.trendmicro.com:443/wis/clicktime/v1/query?url=${ENCODED}&umid=x`),
    link(`https://protect2.fireeye.com/v1/url?k=abc-def&q=1&e=x&u=${ENCODED}`),
    link(`https://fortimail.example/fmlurlsvc/?fewReq=:B:abc&url=${ENCODED}`),
    link(`https://clicktime.symantec.com/15sM/v1?h=x&u=${ENCODED}`),
    link(`https://scanmail.trustwave.com/?c=1&u=https%3a%2f%2fchat%2ewhatsapp%2ecom%2f${A}`),
    link(`https://x.r.us-east-1.awstrack.me/L0/https:%2F%2Fchat.whatsapp.com%2F${A}/1/0100/abc`),
    link(`https://x.r.eu-west-1.awstrack.me/L0/${ENCODED}/1/0102018/abc=1`),
    link(
      `https://eur01.safelinks.protection.outlook.com/?url=${encodeURIComponent(`https://urldefense.com/v3/__${LINK}__;!!A!b$`)}`,
    ),
  ],
  "other redirectors": [
    link(`https://link.zhihu.com/?target=${ENCODED}`),
    link(`https://c.pc.qq.com/middlem.html?pfurl=${ENCODED}`),
    link(`https://www.deviantart.com/users/outgoing?${LINK}`),
    link(`https://anonym.to/?${LINK}`),
    link(`https://www.pixiv.net/jump.php?${ENCODED}`),
    link(`https://search.aol.com/click/_ylt=x/RU=${ENCODED}/RK=0`),
    link(`https://ok.ru/dk?cmd=logExternal&st.link=${ENCODED}`),
    link(`https://www.googleadservices.com/pagead/aclk?sa=L&adurl=${ENCODED}`),
    link(`https://x.app.link/?$fallback_url=${ENCODED}`),
    link(`https://shop.example/go?redirectUrl=${ENCODED}`),
    link(`https://shop.example/go?redirect_to=${ENCODED}`),
    link(`https://shop.example/go?deeplink=${ENCODED}`),
  ],
  "redirectors of search, mail and apps": [
    link(`https://links-1.govdelivery.com/CL0/${ENCODED}/1/0101/abc`),
    link(`https://urldefense.com/v3/__https:/*chat.whatsapp.com/${A}__;Lw!!Abc!x$`),
    link(`https://x.onelink.me/abc?pid=x&af_dp=${ENCODED}`),
    link(`intent://x#Intent;scheme=https;S.browser_fallback_url=${ENCODED};end`),
  ],
  "a path or a query that is all target": [
    link(`https://shop.example/redirect/${ENCODED}`),
    link(`https://shop.example/out/${LINK}?mode=gi_t`),
    link(`https://shop.example/go/?${LINK}`),
    link(`https://nullrefer.example/?${ENCODED}`),
    link(`https://forum.example/index.php?action=go;url=${ENCODED}`),
  ],
  "signs of a wide keyboard, and a blank before the code": [
    text(`chat.whatsapp.com／${A}`, "https：／／"),
    text(`chat.whatsapp.com／invite／${A}`, "https://"),
    text(`chat.whatsapp.com/ ${A}`, "Join https://"),
  ],
  "a site that shows it: a translation, a cache of AMP": [
    link(`https://chat-whatsapp-com.translate.goog/${A}?_x_tr_sl=auto&_x_tr_tl=hi`),
    link(`https://chat-whatsapp-com.translate.goog/invite/${A}`),
    link(`//chat-whatsapp-com.translate.goog/${A}#googtrans(en|hi)`),
    link(`https://www.google.com/amp/s/chat.whatsapp.com/${A}`),
    link(`https://www.google.co.in/amp/s/chat.whatsapp.com/invite/${A}?mode=gi_t`),
    link(`https://cdn.ampproject.org/c/s/chat.whatsapp.com/${A}`),
    link(`https://chat-whatsapp-com.cdn.ampproject.org/v/s/chat.whatsapp.com/${A}?amp_js_v=0.1`),
    link(`https://www.bing-amp.com/c/s/chat.whatsapp.com/${A}`),
    link(`https://shop-example.cdn.ampproject.org/c/s/shop.example/go?url=${ENCODED}`),
  ],
  "a host with a dot behind it, or with its port": [
    link(`https://chat.whatsapp.com./${A}`),
    link(`HTTPS://CHAT.WHATSAPP.COM:443/${A}`),
    link(`http://chat.whatsapp.com:80/invite/${A}`),
    link(`https://web.whatsapp.com:443/accept?code=${A}`),
    text(`chat.whatsapp.com./${A}.`, "Join https://"),
  ],
  "the app": [
    link(`WhatsApp://chat/?code=${A}&x=1`),
    link(`whatsapp-smb://chat?code=${A}`),
    link(`intent://chat?code=${A}#Intent;scheme=whatsapp;package=com.whatsapp.w4b;end`),
    link(`https://web.whatsapp.com/%F0%9F%8C%90/en/accept?code=${A}`),
  ],
  "an address that HTML or script escapes": [
    text(`chat.whatsapp.com&#x2F;${A}&quot;`, "https:&#x2F;&#x2F;"),
    text(`chat.whatsapp.com&#47;invite&#47;${A}&lt;`, "https&#58;&#47;&#47;"),
    text(`chat.whatsapp.com\\x2f${A}'`, "'https:\\x2f\\x2f"),
    text(`chat.whatsapp.com\\u002F${A}"`, '"https:\\u002F\\u002F'),
    text(`chat.whatsapp.com/${A}`, "URL:https\\://"),
  ],
  Barracuda: [
    link(`https://linkprotect.cudasvc.com/url?a=${ENCODED}&c=E,1,abc&typo=1`),
    link(`https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fchat.whatsapp.com%2f${A}%3fmode%3dac_t&c=E,1,x`),
    link(`https://linkprotect.cudasvc.com/url?c=E,1,x&a=${LINK}`),
  ],
  "Check Point": [
    link(`https://protect.checkpoint.com/v2/___${LINK}___.YXBzMTpleGFtcGxl`),
    link(`https://protect.checkpoint.com/v2/r05/___${LINK}?mode=gi_t___.YXBzMTpleGFtcGxl`),
    link(`https://url.avanan.click/v2/___${LINK}___.YXAzOmV4`),
  ],
  "Cisco and Mimecast": [
    link(`https://secure-web.cisco.com/1AbC-dEf/${ENCODED}`),
    link(`https://secure-web.cisco.com/1AbC_dEf/https%3A%2F%2Fchat.whatsapp.com%2Finvite%2F${A}%3Fmode%3Dac_t`),
    link(`https://protect-us.mimecast.com/redirect?to=${ENCODED}`),
    link(`https://url.us.m.mimecastprotect.com/s/x?domain=chat.whatsapp.com&url=${ENCODED}`),
  ],
  Yahoo: [
    link(`https://r.search.yahoo.com/_ylt=Awr;_ylu=Y29/RV=2/RE=17/RO=10/RU=${ENCODED}/RK=2/RS=abc-`),
    link(`https://r.search.yahoo.com/_ylt=A0/RU=https%3a%2f%2fchat.whatsapp.com%2finvite%2f${A}/RK=0/RS=x`),
    link(`https://r.search.yahoo.com/cbclk/dWU9/RU=${ENCODED}`),
  ],
  "Medium and Telegram": [
    link(`https://medium.com/r/?url=${ENCODED}`),
    link(`https://t.me/iv?url=${ENCODED}&rhash=0a1b`),
    link(`https://t.me/iv?rhash=0a1b&url=${LINK}`),
  ],
  "a parameter of any site whose whole value is an invite": [
    link(`https://shop.example/?url=${ENCODED}`),
    link(`https://shop.example/out.php?id=7&link=${ENCODED}`),
    link(`https://shop.example/go?u=${LINK}`),
    link(`https://shop.example/go?to=chat.whatsapp.com/${A}&ref=x`),
    link(`https://shop.example/go?target=${encodeURIComponent(ENCODED)}`),
    link(`https://shop.example/go#redirect=${ENCODED}`),
    link(`https://shop.example/go?redirect_url=${ENCODED}%3Fmode%3Dgi_t`),
  ],
  "a handler of a framework": [
    button("@click", `window.open('${LINK}')`),
    button("@click.prevent.once", `open = true; location.href = '${LINK}'`),
    button("x-on:click", `window.location='${LINK}'`),
    button("v-on:click.stop", `go('${LINK}')`),
    button("ng-click", `vm.open("${LINK}")`),
    button("data-ng-click", `vm.open("${LINK}")`),
    button("on:click", `window.open("${LINK}")`),
    button("on", `tap:AMP.navigateTo(url='${LINK}', target=_blank)`),
    button("data-action", `open:${LINK}`),
    button("data-onclick", `location='${LINK}'`),
    button("hx-on:click", `location='${LINK}'`),
    button("(click)", `open('${LINK}')`),
    button("jsaction", `click:open(${LINK})`),
    button("onmousedown", `window.open('https://chat.whatsapp.com/' + '${A}')`),
    [
      ["href", "https://shop.example/groups"],
      ["x-on:click.prevent", `open('${LINK}')`],
    ],
  ],
  "a script as an address": [
    link(`javascript:window.open('${LINK}')`),
    link(` JavaScript:void(location.href="${LINK}")`),
    link(`javascript:open('https:\\/\\/chat.whatsapp.com\\/${A}')`),
    link(`javascript:open(%27https%3A%2F%2Fchat.whatsapp.com%2F${A}%27)`),
  ],
  "data of what can be pressed": [
    button("data-href", LINK),
    [["href", "#"], ...button("data-url", LINK)],
    [["href", "javascript:void(0)"], ...button("data-link", LINK)],
    [["href", ""], ...button("data-invite-url", `whatsapp://chat?code=${A}`)],
    button("formaction", LINK),
    button("data-clipboard-text", `Join us: ${LINK}`),
    button("url", LINK),
  ],
  "JSON in data": [
    button("data-ha-element-link", `{"url":"https:\\/\\/chat.whatsapp.com\\/${A}","is_external":"on"}`),
    button("data-column-clickable", LINK),
    button("data-settings", `{"link":{"url":"${LINK}","nofollow":""},"animation":"none"}`),
    button("data-options", `[{"href":"${LINK}"},{"href":"${LINK}"}]`),
  ],
  "two links glued, and a link doubled": [
    link(`https://chat.whatsapp.com/${LINK}`),
    link(`https://${LINK}`),
    link(`${LINK}/${LINK}`),
    link(`${LINK}https://chat.whatsapp.com/${B}`),
    link(`https//chat.whatsapp.com/${A}`),
    text(`chat.whatsapp.com/${A}`, "Join https//"),
    text(`chat.whatsapp.com/${A}https://`, `https://chat.whatsapp.com/${B}https://`),
  ],
  "a text pasted as an address": [
    link(`Follow this link to join my WhatsApp group: ${LINK}?s=sw&p=a`),
    link(`Follow%20this%20link%20to%20join%20my%20WhatsApp%20group:%20${LINK}`),
    link(`“${LINK}”`),
    link(`"${LINK}"`),
    link(`%22${LINK}%22`),
    link(`%E2%80%9C${LINK}%E2%80%9D`),
    link(`/${LINK}`),
    link(`../${LINK}`),
  ],
  "marks of direction and joiners between slash and code": [
    text(`chat.whatsapp.com/\u200e${A}`),
    text(`chat.whatsapp.com/\u2068${A}\u2069`, "\u200fhttps://"),
    text(`chat.whatsapp.com/\u202a\u200b${A}\u202c`),
    text(`chat.whatsapp.com/${HEAD}\u2060${TAIL}`),
    text(`chat.whatsapp.com/\u061c${A}`),
    text(`chat.whatsapp.com/${HEAD}\ufe0f${TAIL}`),
    text(`chat\u00ad.whatsapp\u00ad.com/${HEAD}\u034f${TAIL}`),
    link(`https://chat.whatsapp.com/\u200f${A}`),
    link(`https://chat.whatsapp.com/%E2%80%8E${A}`),
    link(`https://chat.whatsapp.com/%E2%81%A8${A}%E2%81%A9`),
  ],
};

const ON_ITS_OWN_SITE: [origin: string, href: string][] = [
  ["https://www.youtube.com", `/redirect?event=video_description&q=${ENCODED}&v=x`],
  ["https://m.youtube.com", `/redirect?q=${ENCODED}`],
  ["https://www.google.com", `/url?q=${LINK}&sa=U&ved=x`],
  ["https://www.google.co.in", `/url?esrc=s&q=&rct=j&url=${ENCODED}`],
  ["https://google.de", `./url?q=${ENCODED}`],
  ["https://vk.com", `/away.php?to=${ENCODED}`],
  ["https://m.vk.com", `away.php?to=${ENCODED}&post=1`],
  ["https://forum.example", `/proxy.php?link=${ENCODED}&hash=x`],
  ["https://forum.example", `index.php?action=go;x&url=${ENCODED}`],
];

describe.each(Object.entries(ONE))("%s", (_, sources) => {
  it.each(sources.map((source) => [source.map(([name, value]) => `${name} ${value}`).join(" "), source] as const))(
    "%s",
    (_, source) => {
      expect(readSource(source)).toEqual([A]);
      // The same in a page of another site, and not for a code that is none.
      expect(readSource(source, "https://page.example")).toEqual([A]);
      const other = source.map(([name, value]): [string, string] => [
        name,
        value.replaceAll(/whatsapp|intent/gi, "$&-x").replaceAll("chat\u200b", "chat"),
      ]);
      expect(readSource(other)).toEqual([]);
    },
  );
});

/** As trackers of mail write it into a path. */
const json = (value: object) =>
  btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const BASE64 = btoa(LINK);
const BASE64_OF_URL = btoa(`${LINK}?mode=gi_t&x=>>>???`).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

describe("where a redirector leads, in base64", () => {
  it.each([
    `https://shop.example/go?url=${BASE64}`,
    `https://eu-central-1.protection.sophos.com/?d=whatsapp.com&u=${BASE64}&i=NjA`,
    `https://shop.example/out.php?id=7&link=${encodeURIComponent(btoa(`http://chat.whatsapp.com/invite/${A}`))}`,
    `https://shop.example/go/?to=${BASE64_OF_URL}`,
    `https://shop.example/redirect/${BASE64}`,
    `https://www.bing.com/ck/a?!&&p=abc&u=a1${BASE64_OF_URL}&ntb=1`,
    `https://shop.example/goto/${BASE64_OF_URL}/7`,
    `/external/${BASE64}?utm_source=x`,
    `https://substack.com/redirect/2/${json({ e: LINK, p: 1584, s: 45, f: true, iat: 1, exp: 2 })}.AbCdEf_ij`,
    `https://e.customeriomail.com/e/c/${json({ email_id: "dgTi", href: LINK, internal: "e2" })}/0a1b`,
    `https://mandrillapp.com/track/click/302/chat.whatsapp.com?p=${json({ s: "x", v: 1, p: JSON.stringify({ u: 302, v: 1, url: LINK, id: "5b" }).replaceAll("/", "\\/") })}`,
    `https://shop.example/go?url=${json({ url: `https://l.facebook.com/l.php?u=${ENCODED}` })}`,
    `https://shop.example/go?url=${btoa(`https://l.facebook.com/l.php?u=${ENCODED}`)}`,
  ])("%s is read", (address) => {
    expect(readSource(link(address), "https://page.example")).toEqual([A]);
  });

  it.each([
    ["another host", `https://shop.example/go?url=${btoa(LINK.replace("whatsapp", "whatsapp-x"))}`],
    ["a path of another host", `https://shop.example/go/${btoa(`https://shop.example/chat.whatsapp.com/${A}`)}`],
    ["where to come back to", `https://shop.example/login?return_url=${BASE64}`],
    ["an address that is shared", `https://shop.example/share?url=${BASE64}`],
    ["a text with a link in it", `https://shop.example/go?url=${btoa(`https://shop.example see ${LINK}`)}`],
    ["what is cut off", `https://shop.example/go?url=${BASE64.slice(0, 40)}`],
    ["JSON with another host", `https://shop.example/e/c/${json({ href: LINK.replace("whatsapp", "whatsapp-x") })}`],
    ["JSON with several addresses", `https://shop.example/e/c/${json({ href: "https://shop.example", ref: LINK })}`],
    ["JSON with several, the invite first", `https://shop.example/e/c/${json({ ref: LINK, href: "//shop.example" })}`],
    [
      "a signed token",
      `https://shop.example/in/${json({ alg: "HS256", typ: "JWT" })}.${json({ ref: LINK })}.AbCdEf_ij`,
    ],
    ["JSON with a text", `https://shop.example/e/c/${json({ text: `https://shop.example see ${LINK}` })}`],
    ["JSON to come back with", `https://shop.example/login?next=${json({ to: LINK })}`],
    ["JSON that is shared", `https://shop.example/share/${json({ url: LINK })}`],
    ["JSON that says nothing", `https://shop.example/e/c/${json({ email_id: "dgTiqwoAAKM1" })}`],
    ["a parameter of any name", `https://shop.example/page?state=${BASE64}`],
  ])("%s is not", (_, address) => {
    expect(readSource(link(address), "https://page.example")).toEqual([]);
  });
});

it.each([
  ["the translation of another site", `https://chat-whatsapp-com-x.translate.goog/${A}`],
  ["of a host with a dash", `https://chat--whatsapp-com.translate.goog/${A}`],
  ["a host that only begins like it", `https://chat-whatsapp-com.translate.goog.evil.example/${A}`],
  ["the name alone, on another host", `https://chat-whatsapp-com.evil.example/${A}`],
  ["the cache of a page whose path says it", `https://cdn.ampproject.org/c/s/evil.example/chat.whatsapp.com/${A}`],
  ["a host that only begins like a cache", `https://cdn.ampproject.org.evil.example/c/s/chat.whatsapp.com/${A}`],
  ["a page of Google that is no cache", `https://www.google.com/maps/s/chat.whatsapp.com/${A}`],
])("%s leads to no invite", (_, address) => {
  expect(readSource(link(address), "https://page.example")).toEqual([]);
});

describe("a redirector on its own site", () => {
  it.each(ON_ITS_OWN_SITE)("%s %s", (origin, href) => {
    expect(readSource(link(href), origin)).toEqual([A]);
  });

  it("is one there alone", () => {
    expect(readSource(link(`/redirect?q=${ENCODED}`), "https://evil.example")).toEqual([]);
    expect(readSource(link(`/redirect?q=${ENCODED}`))).toEqual([]);
    expect(readSource(link(`/share?url=${ENCODED}`), "https://forum.example")).toEqual([]);
  });
});

describe("of a text, only what ends in its second part counts", () => {
  it.each([
    ["the link before", text(` and more`, `see ${LINK}`), []],
    ["each link for itself", text(`chat.whatsapp.com/${B}`, `https://chat.whatsapp.com/${A} https://`), [B]],
    ["the tail of another address", text(`chat.whatsapp.com/${A}`, "https://evil.example/?next=https://"), []],
    ["the tail of one without a scheme", text(`chat.whatsapp.com/${A}`, "evil.example/?next=https://"), []],
    ["an address that is shared", text(`chat.whatsapp.com/${A}`, "t.me/share/url?url=https://"), []],
    [
      "a host that only begins like it",
      text(`chat.whatsapp.com/${A}`, "https://chat.whatsapp.com.evil.example/?next=https://"),
      [],
    ],
    ["one with www", text(`chat.whatsapp.com/${A}`, "Join https://www."), [A]],
    ["a service that forwards", text(`chat.whatsapp.com/${A}`, "https://www.google.com/url?q=https://"), [A]],
    ["one behind a label", text(`chat.whatsapp.com/${A}`, "LINK=https://www.google.com/url?q=https://"), [A]],
    ["one without a scheme", text(`chat.whatsapp.com_${A}`, "urldefense.com/v2/url?u=https-3A__"), [A]],
    ["a text in one part", [["", `${LINK} https://chat.whatsapp.com/${B}`]] as Source, [A, B]],
  ])("%s", (_, source, codes) => {
    expect(readSource(source)).toEqual(codes);
  });

  it.each([
    ["words that begin the next line", `chat.whatsapp.com/${HEAD}\nand the next`],
    ["a whole code before the next line", `chat.whatsapp.com/${A}x\n${B}`],
    ["a line of its own far below", `chat.whatsapp.com/\n\nabout\n${A}`],
    ["a code of another length", `chat.whatsapp.com/${HEAD}\n${TAIL}9`],
    ["a fence of words", `chat.whatsapp.com/YourGroup\nInviteCodeHer`],
    ["a shorter code and a word below it", `chat.whatsapp.com/KdJwl8Du6LpGKEct\nPlease join`],
    ["a shorter code and the only word below it", `chat.whatsapp.com/KdJwl8Du6LpGKEct\nThanks`],
    ["a shorter code and a short word", `chat.whatsapp.com/KdJwl8Du6LpGKEct2R7\nThe group`],
    ["a shorter code and a word in capitals", `chat.whatsapp.com/KdJwl8Du6LpGKEct2R\nHELP US`],
    ["a shorter code and a word beside it", `chat.whatsapp.com/KdJwl8Du6LpGKEct\u200bPlease join`],
    ["a shorter code and a word with an accent", `chat.whatsapp.com/KdJwl8Du6LpGKEct2R7k\nAté logo`],
  ])("no link is made of %s", (_, rest) => {
    expect(readSource(text(rest, "https://"))).toEqual([]);
  });
});

describe("what stands right before or behind a link is no part of it, in any script", () => {
  const signs = "।、。，؟،؛!?…»”’）」】》·׃־՝։።፣၊๏۔܀᠃～–—|•*~`])}:\"'\\<>";
  const words = [
    "و",
    "क",
    "のグループ",
    "가입",
    "ด",
    "ਦ",
    "தமிழ்",
    "👍",
    "™",
    "&nbsp;",
    "&quot;",
    "%0A",
    "**",
    "_",
    "](x)",
  ];
  it.each([...Array.from(signs), ...words])("%s", (sign) => {
    expect(readSource(text(`chat.whatsapp.com/${A}${sign} and`, "Join https://"))).toEqual([A]);
    expect(readSource(text(`chat.whatsapp.com/${A} and`, `Join ${sign}https://`))).toEqual([A]);
  });
});

it.each([
  [
    "an address inside of the target",
    `https://l.instagram.com/?u=${encodeURIComponent(`https://evil.example/?a=${LINK}`)}`,
  ],
  [
    "one behind the target's path",
    `https://nam02.safelinks.protection.outlook.com/?url=${encodeURIComponent(`https://evil.example/${LINK}`)}`,
  ],
  ["sharing behind a hash", `https://shop.example/#/share?url=${ENCODED}`],
  ["a site that judges it", `https://pagespeed.example/report?url=${ENCODED}`],
  ["a page whose path says it", `https://shop.example/blog/${ENCODED}`],
  ["a query with more than the address", `https://whois.example/?${LINK}x`],
  ["an app's own link", `intent://chat?code=${A}#Intent;scheme=viber;package=com.viber;end`],
  ["a blank before a word", `https://shop.example/chat.whatsapp.com/ YourInviteCodeGoesHere`],
  ["a text for another service", `https://shop.example/?text=Join ${LINK}`],
  ["a mail with a blank before it", ` mailto:x@shop.example?body=Join ${LINK}`],
  ["a mail with a line break in it", `mail\nto:x@shop.example?body=Join ${LINK}`],
  ["a message with a blank before it", `\n whatsapp://send?text=Join ${LINK}`],
  ["a text with another address", `Follow this link: https://evil.example/?next=${LINK}`],
  ["a text with one without a scheme", `Follow this link: evil.example/?next=${LINK}`],
  ["a path of a site that shows others", `/proxy/${LINK}`],
  ["another address behind a slash", `/https://chat.shop.example/?next=${LINK}`],
])("%s is no invite", (_, address) => {
  expect(readSource(link(address), "https://page.example")).toEqual([]);
});

describe("what is beside a link and leads nowhere is not read", () => {
  it.each([
    ["data beside an address", [["href", "https://shop.example/x"], ...button("data-url", LINK)]],
    ["a title", [["href", "#"], ...button("title", LINK)]],
    ["the words for a screen reader", button("aria-label", LINK)],
    ["a picture of it", [["src", `https://qr.example/?data=${ENCODED}`]]],
    ["data with many links", button("data-page", `{"a":"${LINK}","b":"https://chat.whatsapp.com/${B}"}`)],
  ] as [string, Source][])("%s", (_, source) => {
    expect(readSource(source)).toEqual([]);
  });
});
