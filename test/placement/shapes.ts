import { invite, link, times, type Layout } from "./layout";

/** Pages on which links have a shape of their own: whole cards, pins, captions, steps of a path, cells that stay in sight. */

const LINE = "Seeds are in the blue tin, the key hangs behind the second beam";

export const SHAPES: Layout[] = [
  {
    name: "a table whose first column stays",
    height: 620,
    body: `<style>table { border-collapse: separate; border-spacing: 0 } td, th { padding: 7px 12px; border-bottom: 1px solid #d8dce2; white-space: nowrap; text-align: left } td:first-child { position: sticky; left: 0; background: #f4f6f8; border-right: 1px solid #c3c9d1 }</style>
      <div style="width: 520px; overflow-x: auto; border: 1px solid #c3c9d1"><table>${times(9, (i) => `<tr><td>${i % 2 ? `Shed ${i}` : link(`Shed ${i}`)}</td><td>${i} keys</td><td>${link(`group ${i}`)}</td><td>${LINE}</td><td>${link("later")}</td></tr>`)}</table></div>`,
  },
  {
    name: "cards that are one link each",
    body: `<style>.gr { display: grid; grid-template-columns: repeat(auto-fill, minmax(210px, 1fr)); gap: 14px; width: 720px } .gr a { display: block; border: 1px solid #d3d8de; border-radius: 12px; overflow: hidden; text-decoration: none; color: #202428 } .gr .im { display: block; height: 74px; background: linear-gradient(120deg, #cfe3d8, #9cc4b0) } .gr .tx { display: block; padding: 10px 12px } .gr b { display: block }</style>
      <div class="gr">${times(6, (i) => link(`<span class="im"></span><span class="tx"><b>Bed ${i}</b>${i % 2 ? LINE : "Beans and rye"}</span>`))}</div>`,
  },
  {
    name: "a strip of tags that scrolls sideways",
    body: `<style>.st { display: flex; gap: 4px; overflow-x: auto; white-space: nowrap; width: 380px; padding: 4px; border: 1px solid #dde } .st a { padding: 2px 8px; border: 1px solid #a8c; border-radius: 12px; font-size: 12px; text-decoration: none }</style>
      <div class="st">${times(12, (i) => (i % 2 ? `<a href="#${i}">plot ${i}</a>` : link(`chat ${i}`)))}</div><p>${LINE}.</p>`,
  },
  {
    name: "a small foot of links with dots between",
    body: `<div style="font: 11px/1.5 Arial, sans-serif; color: #667; text-align: center; width: 460px; margin: auto">${times(3, (row) => `<div>${times(5, (i) => `${i ? " · " : ""}${(i + row) % 3 ? `<a href="#${i}">${["Terms", "Press", "Help"][i % 3]}</a>` : link(`Group ${row}${i}`)}`)}</div>`)}<div>© the society, ${link()}</div></div>`,
  },
  {
    name: "posts with quotes in quotes and a signature",
    body: `<style>blockquote { margin: 6px 0; padding: 6px 10px; border: 1px solid #c8d2c4; background: #f5f8f2 } .sig { border-top: 1px dashed #bbc; font-size: 11px; color: #667; margin-top: 10px }</style>
      <div style="width: 560px">${times(2, (i) => `<div style="border: 1px solid #ccd; padding: 10px; margin-bottom: 10px"><blockquote><b>fern said:</b><blockquote><b>moss said:</b> ${LINE}: ${invite()}</blockquote>Is ${link("this one")} still open? ${LINE}.</blockquote>${i ? link() : `Try ${link("the new one")}`}, ${LINE}.<div class="sig">moss<br>${link("our group")} | <a href="#b">blog</a></div></div>`)}</div>`,
  },
  {
    name: "a side of 180 px whose links are cut off",
    body: `<style>aside { width: 180px; border: 1px solid #ccd2d8; background: #fafbfc } aside a { display: block; padding: 5px 8px; border-bottom: 1px solid #e4e7eb; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-size: 13px }</style>
      <aside>${times(7, (i) => (i % 3 === 1 ? `<a href="#${i}">The old notice board ${i}</a>` : link(i % 2 ? "Shed" : "Everybody who waters on Thursdays")))}${link()}</aside>`,
  },
  {
    name: "a table from right to left",
    root: 'lang="ar" dir="rtl"',
    body: `<style>td, th { border: 1px solid #bcc4cc; padding: 6px 10px; text-align: start }</style><table style="border-collapse: collapse"><tr><th>القسم</th><th>المجموعة</th><th>الرابط</th></tr>
      ${times(5, (i) => `<tr><td>القسم ${i}</td><td>${link("انضم إلى المجموعة")}</td><td>${i % 2 ? link() : "قريبا"}</td></tr>`)}</table><p>اكتب لنا في ${link("هذه المجموعة")} أو <a href="#p">اتصل</a>.</p>`,
  },
  {
    name: "cards that snap, the last one half in sight",
    body: `<style>.sn { display: flex; gap: 10px; overflow-x: auto; scroll-snap-type: x mandatory; width: 600px } .sn > div { flex: 0 0 230px; scroll-snap-align: start; border: 1px solid #ccd3da; border-radius: 8px; padding: 12px }</style>
      <div class="sn">${times(6, (i) => `<div><b>Week ${i}</b><p style="margin: 6px 0">${LINE}.</p>${link("Join", 'style="float: right"')}<a href="#n${i}">No</a></div>`)}</div>`,
  },
  {
    name: "fieldsets, labels and links in summaries",
    body: `<fieldset style="width: 420px; border: 1px solid #aab"><legend>Turns, see ${link("the group")}</legend><label><input type="radio" name="r"> Mornings (${link("ask")})</label><br><label><input type="radio" name="r"> Evenings</label><select><option>one</option></select> ${link("Who is there?")}</fieldset>
      <details style="width: 420px"><summary>Rules, or ${link("join at once")}</summary><p>${LINE}</p></details><details open style="width: 420px; margin-top: 8px"><summary>Keys</summary><ul><li>${link()}</li><li>${LINE} ${link("ask for one")}</li></ul></details>`,
  },
  {
    name: "lists with numbers, in two columns",
    body: `<style>ol li { margin: 0 } dl { display: grid; grid-template-columns: 120px 1fr; gap: 2px 12px; width: 460px } dt { text-align: right; font-weight: 700 } dd { margin: 0 }</style>
      <ol style="columns: 2; width: 460px; list-style-position: inside">${times(10, (i) => `<li>${i % 3 ? `<a href="#${i}">bed ${i}</a>` : link(`bed ${i}, shared`)}</li>`)}</ol>
      <dl>${times(5, (i) => `<dt>${link(`Row ${i}`)}</dt><dd>${i % 2 ? `${LINE} ${link("now")}` : link()}</dd>`)}</dl>`,
  },
  {
    name: "captions and pins on pictures",
    body: `<style>.ph { position: relative; width: 420px; height: 200px; background: repeating-linear-gradient(45deg, #b9cfc2, #b9cfc2 12px, #a9c4b4 12px, #a9c4b4 24px); overflow: hidden; border-radius: 10px; margin-bottom: 12px } .ph figcaption { position: absolute; inset: auto 0 0 0; padding: 8px 12px; background: #0009; color: #fff } .ph figcaption a { color: #fff } .pin { position: absolute; padding: 1px 6px; border-radius: 8px; background: #123; color: #fff; font-size: 12px; text-decoration: none } .tag { position: absolute; top: 8px; right: 8px; background: #fff; padding: 2px 8px; border-radius: 6px }</style>
      <div class="ph"><span class="tag">${link("Open")}</span><figcaption>${LINE}. ${link("Join")}</figcaption></div>
      <div class="ph">${times(6, (i) => link(`${i + 1}`, `class="pin" style="left: ${30 + i * 62}px; top: ${24 + ((i * 53) % 140)}px"`))}<a class="pin" href="#x" style="left: 120px; top: 30px">8</a></div>`,
  },
  {
    name: "large and small parts",
    body: `<div style="zoom: 1.5; width: 420px; border: 1px solid #ccd; padding: 8px"><ul>${times(3, (i) => `<li>${link(`Bed ${i}`)} ${i === 1 ? LINE : ""}</li>`)}</ul></div>
      <div style="transform: scale(1.3); transform-origin: 0 0; width: 360px; border: 1px solid #ccd; padding: 8px; margin: 10px 0 40px">${LINE}, ${link("join")}, ${LINE}.</div><div style="scale: .6; transform-origin: 0 0; width: 640px"><p>${LINE}: ${link()} and <a href="#o">more</a></p><table border="1"><tr><td>${link("one")}</td><td>${link("two")}</td></tr></table></div>`,
  },
  {
    name: "links that run over several lines",
    body: `<div style="width: 250px; text-align: justify">${times(3, (i) => `<p>${LINE}; ${link("everybody who has a key, wants one, or knows of somebody who has two of them", i ? "" : 'style="background: #ffef9e; padding: 2px 4px"')}, and ${LINE}.</p>`)}</div>
      <div style="width: 150px; border-left: 3px solid #9ab; padding-left: 8px; word-break: break-all; font-size: 13px">${link()}<br>${link()}</div>`,
  },
  {
    name: "code, keys and a long line that scrolls",
    body: `<pre style="width: 460px; overflow: auto; background: #f2f4f6; padding: 10px; border-radius: 6px; font: 12px/1.4 'DejaVu Sans Mono', monospace">curl ${invite()}\n# ${LINE} ${LINE} ${invite()}\nopen ${link()} # now</pre><p>Press <kbd style="border: 1px solid #aab; border-radius: 3px; padding: 0 4px">${link("J")}</kbd> or <code style="background: #eef; padding: 1px 4px">${link()}</code>, ${LINE}.</p>`,
  },
  {
    name: "a table with signs as links at its end",
    body: `<style>table.x { border-collapse: collapse; width: 560px; font-size: 13px } .x td { border-bottom: 1px solid #e0e4e8; padding: 3px 6px } .x .act { width: 92px; text-align: right; white-space: nowrap } .x .act a { display: inline-block; width: 20px; height: 20px; margin-left: 4px; vertical-align: middle } .x svg { display: block }</style>
      <table class="x">${times(4, (i) => `<tr><td>${i}</td><td>${LINE.slice(0, 20 + i * 3)}</td><td class="act"><a href="#e"><svg width="20" height="20"><circle cx="10" cy="10" r="8" fill="#89a"/></svg></a>${link('<svg width="20" height="20"><circle cx="10" cy="10" r="8" fill="#2a8"/></svg>', 'title="Join"')}<a href="#d"><svg width="20" height="20"><circle cx="10" cy="10" r="8" fill="#b66"/></svg></a></td></tr>`)}</table>`,
  },
  {
    name: "a month of small entries",
    body: `<style>.mo { display: grid; grid-template-columns: repeat(7, 104px); gap: 1px; background: #d4d9df; width: fit-content; border: 1px solid #d4d9df } .mo > div { background: #fff; height: 84px; padding: 3px; font-size: 12px; overflow: hidden } .mo a { display: block; border-radius: 4px; background: #e2efe9; padding: 1px 4px; margin-top: 2px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis }</style>
      <div class="mo">${times(21, (i) => `<div>${i + 1}${i % 4 === 1 ? link("Weeding") : ""}${i % 5 === 2 ? `<a href="#${i}">Rest</a>${link("Watering with the night shift")}` : ""}</div>`)}</div>`,
  },
  {
    name: "results of a search",
    body: `<style>.re { width: 600px; margin-bottom: 18px } .re h3 { margin: 0; font-size: 19px; font-weight: 400 } .re cite { font-style: normal; font-size: 13px; color: #456 } .re a { text-decoration: none }</style>
      ${times(4, (i) => `<div class="re">${link(`<cite>chat.whatsapp.com › invite</cite><h3>Bed ${i}, the group</h3>`)}<div>${LINE}. ${i % 2 ? `${LINE}: ${invite()}` : ""}</div><a href="#c${i}">Cached</a></div>`)}`,
  },
  {
    name: "a path, pages and a bar at the foot of a phone",
    width: 390,
    height: 700,
    body: `<style>body { padding-bottom: 80px } .pa a, .pg a { text-decoration: none } .pg a { display: inline-block; border: 1px solid #aab; padding: 4px 9px } .bar { position: fixed; inset: auto 0 0 0; display: flex; background: #fff; border-top: 1px solid #ccd } .bar a { flex: 1; text-align: center; padding: 8px 0; font-size: 11px; text-decoration: none } .bar i { display: block; width: 22px; height: 22px; margin: 0 auto 2px; background: #9ab; border-radius: 6px }</style>
      <div class="pa"><a href="#1">Beds</a> › ${link("Group")} › <a href="#2">Now</a></div>${times(4, () => `<p>${LINE}.</p>`)}<div class="pg">${times(5, (i) => (i === 2 ? link("3") : `<a href="#${i}">${i + 1}</a>`))}</div><p>${LINE}.</p>
      <div class="bar"><a href="#h"><i></i>Home</a>${link("<i></i>Group")}<a href="#m"><i></i>Map</a>${link("<i></i>Help")}</div>`,
  },
  {
    name: "a letter of nested tables with a large button",
    body: `<table width="600" align="center" cellpadding="0" cellspacing="0" style="border: 1px solid #d8dce0"><tr><td style="padding: 24px"><table width="100%" cellpadding="0" cellspacing="0"><tr><td>Dear all,<br>${LINE}.</td></tr><tr><td align="center" style="padding: 18px"><table cellpadding="0" cellspacing="0"><tr><td bgcolor="#175e46" style="border-radius: 6px; padding: 12px 22px">${link("Join the group", 'style="color: #fff; text-decoration: none"')}</td></tr></table></td></tr><tr><td style="font-size: 12px">Or copy this: ${link()}</td></tr></table></td></tr>
      <tr><td bgcolor="#f1f3f5" align="center" style="padding: 10px; font-size: 11px"><a href="#u">Leave the list</a> | ${link("Group")} | <a href="#w">Read in a browser</a></td></tr></table>`,
  },
];
