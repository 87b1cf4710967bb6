import { invite, link, times, type Layout } from "./layout";

/** Pages on which invites stand in running text. */

const WORDS =
  "The allotment society keeps nine plots by the canal and a shed with a roof that leaks a little when the wind comes from the west";
const MORE =
  "so bring a coat and a friend, tell the warden at the gate, and take home whatever grew too fast for the rest of us to eat";

export const TEXTS: Layout[] = [
  {
    name: "comments, one within another",
    body: `<style>.c { margin: 10px 0 0 8px; padding-left: 12px; border-left: 2px solid #ccd } .by { font-size: 12px; color: #678 } .tools { font-size: 12px; display: flex; gap: 12px } .tools a { color: #567; text-decoration: none }</style>
      ${times(
        3,
        (
          i,
        ) => `<div class="c"><div class="by">rower_${i} · 4 h</div><div>${WORDS}; ${link("ask in the group")}, ${MORE}.</div><div class="tools"><a href="#r">Reply</a><a href="#s">Share</a><a href="#v">▲ ${i + 3}</a></div>
      <div class="c"><div class="by">heron · 2 h</div><div>Second that. ${link()}</div><div class="tools"><a href="#r">Reply</a><a href="#s">Share</a></div></div></div>`,
      )}`,
  },
  {
    name: "an article in justified columns",
    body: `<div style="columns: 3; column-gap: 28px; text-align: justify; font: 16px/1.5 'DejaVu Serif', serif">
      ${times(9, (i) => `<p style="margin: 0 0 .8em">${i % 2 ? MORE : WORDS}, as ${link(i % 3 ? "the volunteers" : "everybody in the ward")} agreed, ${i % 2 ? WORDS : MORE}.</p>`)}</div>`,
  },
  {
    name: "addresses in the middle of paragraphs, without links",
    body: `<div style="max-width: 620px">${times(4, (i) => `<p>${WORDS}. Come in at ${invite()} ${i % 2 ? "or write to the warden" : MORE}. ${WORDS}.</p>`)}</div>`,
  },
  {
    name: "a chat export as plain text",
    body: `<pre style="font: 13px/1.35 'DejaVu Sans Mono', monospace; white-space: pre-wrap">${times(24, (i) => `12/0${(i % 9) + 1}/2026, 1${i % 10}:0${i % 6} - Meera: ${i % 3 ? "did anybody lock the shed?" : `new group ${i} ${invite()}`}\n`)}</pre>`,
  },
  {
    name: "bare links, one below another",
    body: `<div style="line-height: 1.2">${times(14, () => `${link()}<br>`)}</div>`,
  },
  {
    name: "links in one sentence",
    body: `<p style="width: 520px">Groups: ${times(11, (i) => `${i ? " · " : ""}${link(["Plots", "Bees", "Seeds and swaps", "Tools"][i % 4])}`)} and that is all.</p>
      <p>Also ${link("one")}, ${link("two")}, ${link("three")} and <a href="#four">four</a>.</p>`,
  },
  {
    name: "quotes, code and notes at the foot",
    body: `<blockquote style="border-left: 4px solid #9ab; margin: 0; padding: 4px 12px; background: #f2f6fa">${WORDS}: ${link()} <em>${MORE}</em></blockquote>
      <p>Put <code>GROUP=${invite()}</code> into the file, ${MORE}.</p>
      <p>As they said.<sup>${link("[1]")}</sup> ${WORDS}<sup>${link("[2]")}</sup>, ${MORE}.</p>
      <ol style="font-size: 12px"><li>${link("Their own group")}, seen in May</li><li>The other, ${link()}</li></ol>`,
  },
  {
    name: "small tight lines at the side",
    body: `<div style="width: 210px; font: 11px/1.1 Arial, sans-serif; border: 1px solid #bcc">${times(12, (i) => `${link(`Ward ${i} helpers group`)}<br>meets on day ${i}, at the bridge as ever<br>`)}</div>`,
  },
  {
    name: "long addresses in a narrow column",
    body: `<div style="display: flex; gap: 10px"><div style="width: 180px; overflow-wrap: anywhere; border: 1px solid #cdd; padding: 8px">${times(3, () => `<p>Join ${link()} today</p>`)}</div>
      <div style="flex: 1">${times(6, () => `<p>${WORDS}.</p>`)}</div></div>`,
  },
  {
    name: "headings",
    body: `<h1 style="font-size: 40px">The ${link("Canal Plots")} <small style="font-size: 14px">since 1974</small></h1><p>${WORDS}.</p>
      <h2 style="display: flex; justify-content: space-between">Next year ${link("join")}</h2><h3>${link("Everything about the shed and its roof")}</h3><p>${MORE}.</p>`,
  },
  {
    name: "pictures that float",
    body: `<div style="width: 560px"><div style="float: left; width: 190px; height: 120px; background: #bcd; margin: 0 12px 8px 0"></div><p>${WORDS}, ${link("join here")}, ${MORE}.</p>
      <a href="${invite()}" style="float: right; border: 1px solid #1a5fb4; padding: 4px 10px">Join</a><p>${MORE}. ${WORDS}.</p><p>${link()}</p></div>`,
  },
  {
    name: "right to left",
    root: 'lang="ur" dir="rtl"',
    body: `<div style="width: 640px; font-size: 17px"><p>باغ کی انجمن نہر کے کنارے نو قطعات رکھتی ہے ${link("گروپ میں شامل ہوں")} اور ایک کوٹھری جس کی چھت تھوڑی ٹپکتی ہے۔</p>
      <p>${link()}</p><ul>${times(4, (i) => `<li>محلہ ${i} — ${link("شامل ہوں")} <a href="#r">اطلاع</a></li>`)}</ul>
      <p>رابطہ کے لیے ${invite()} پر لکھیں۔</p></div>`,
  },
  {
    name: "lines from top to bottom",
    root: 'lang="ja" style="writing-mode: vertical-rl"',
    body: `<div style="height: 460px; font-size: 18px"><p>運河のほとりの畑の会は${link("この集まり")}で話し合い、雨の日には傘を持って来ます。</p><p>${link("参加する")}</p><p>次の集まりは木曜日です。${link("水やり当番")}と${link("種の交換")}があります。</p></div>`,
    height: 640,
  },
  {
    name: "an article in the room that a zoom of 400 % leaves",
    width: 320,
    body: `<h1>The ${link("Canal Plots")}</h1>${times(4, (i) => `<p>${WORDS}, ${link(i % 2 ? undefined : "ask in the group")}, ${MORE}.</p>`)}<p>${invite()}</p><p>${link("Join")} <a href="#map">Map</a></p>`,
  },
];
