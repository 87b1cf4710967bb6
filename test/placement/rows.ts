import { invite, link, times, type Layout } from "./layout";

/** Pages on which invites stand in rows: lists, tables, bars of buttons. */

const TOWNS = ["Hull", "Pune", "Recife", "Medan", "Fes", "Oporto"];

export const ROWS: Layout[] = [
  {
    name: "a directory of 100 rows",
    body: `<style>.r { display: grid; grid-template-columns: 40px 1fr 110px 96px 70px; align-items: center; border-bottom: 1px solid #e3e6ea; font-size: 14px; height: 27px } .r:nth-child(odd) { background: #f7f8fa }</style>
      <div style="width: 760px; margin: auto">${times(100, (i) => `<div class="r"><span>${i + 1}</span><b>${TOWNS[i % 6]} swaps ${i}</b><span>${(i * 37) % 1024} members</span>${link("Join group")}<a href="#report${i}">report</a></div>`)}</div>`,
  },
  {
    name: "a table whose cells cut off",
    body: `<style>table { table-layout: fixed; width: 640px; border-collapse: collapse } td { border: 1px solid #ccd; padding: 5px 6px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }</style>
      <table>${times(9, (i) => `<tr><td>${TOWNS[i % 6]}</td><td>${link()}</td><td><a href="#edit">edit</a></td><td>${i % 2 ? invite() : "no link yet"}</td></tr>`)}</table>`,
  },
  {
    name: "a table with links in its head and in wide cells",
    body: `<style>th, td { border: 1px solid #bbc; padding: 6px 10px; text-align: left }</style><table style="border-collapse: collapse">
      <tr><th rowspan="2">${link("North")}</th><td>Mon</td><td>${link("early shift")} <br> ${link("late shift")}</td></tr><tr><td>Tue</td><td>none, ${link("ask")} the warden</td></tr>
      <tr><th>${link("South")}</th><td colspan="2">${link()}</td></tr></table>`,
  },
  {
    name: "pills in a row",
    body: `<style>.b { display: inline-flex; gap: 6px; align-items: center; padding: 7px 14px; border-radius: 18px; background: #0b6e4f; color: #fff; text-decoration: none } .l { background: #eef; color: #225 }</style>
      <div style="display: flex; gap: 8px; flex-wrap: wrap; width: 520px">${link("<i>✆</i> Join", 'class="b"')}<a class="b l" href="#map">Map</a>${link("<i>✆</i> Helpers", 'class="b"')}<a class="b l" href="#call">Call</a><button class="b l">Save</button>${link("<i>✆</i> Everyone else", 'class="b"')}</div>
      <p><button class="b" data-href="${invite()}">Enter the group</button> <button class="b l">Not now</button></p>`,
  },
  {
    name: "a bar at the top",
    body: `<style>nav { display: flex; justify-content: space-between; align-items: center; background: #17324d; padding: 0 20px; height: 52px; margin: -16px -16px 16px } nav a { color: #fff; text-decoration: none; padding: 16px 10px }</style>
      <nav><b style="color: #fff">Plots</b>${times(6, (i) => (i % 3 ? `<a href="#${i}">Page ${i}</a>` : link(i ? "Chat group" : "Join us")))}<button>Menu</button></nav><p>Welcome to the plots.</p>`,
  },
  {
    name: "columns of links at the foot",
    body: `<style>footer { display: grid; grid-template-columns: repeat(4, 1fr); background: #22262b; padding: 24px; gap: 20px } footer a { color: #cdd; display: block; padding: 3px 0 } footer h4 { color: #fff; margin: 0 0 6px } footer ul { list-style: none; margin: 0; padding: 0 }</style>
      <footer>${times(4, (i) => `<div><h4>Part ${i}</h4><ul><li><a href="#a">About</a></li><li>${link(i % 2 ? "WhatsApp" : "Talk to everybody in the group")}</li><li><a href="#h">Help</a></li><li><a href="#t">Terms</a></li></ul></div>`)}</footer>`,
  },
  {
    name: "signs side by side",
    body: `<style>.s { display: flex; gap: 6px } .s a { width: 28px; height: 28px; border-radius: 50%; background: #dde; display: grid; place-items: center; text-decoration: none }</style>
      <div class="s"><a href="#f">f</a><a href="#x">x</a>${link("w")}<a href="#y">y</a>${link("v")}</div>
      <p style="text-align: right"><a href="#1"><svg width="16" height="16"><rect width="16" height="16" fill="#88a"/></svg></a> ${link('<svg width="16" height="16"><rect width="16" height="16" fill="#2a8"/></svg>')} <a href="#2"><svg width="16" height="16"><rect width="16" height="16" fill="#88a"/></svg></a></p>`,
  },
  {
    name: "tags that wrap",
    body: `<style>.t { display: inline-block; padding: 2px 9px; margin: 3px; border-radius: 4px; background: #e5efe9; font-size: 13px }</style>
      <div style="width: 400px">${times(16, (i) => (i % 3 ? `<a class="t" href="#${i}">${TOWNS[i % 6]}</a>` : link(`${TOWNS[i % 6]} chat`, 'class="t"')))}</div>`,
  },
  {
    name: "rows that are links, on a phone",
    width: 390,
    body: `<style>.o { display: flex; justify-content: space-between; padding: 14px 16px; border-bottom: 1px solid #e0e2e6; color: #202428; text-decoration: none; margin: 0 -16px } .o::after { content: "›"; color: #99a }</style>
      ${times(8, (i) => (i % 2 ? `<a class="o" href="#${i}">Opening times ${i}</a>` : link(`Group of ${TOWNS[i % 6]}`, 'class="o"')))}`,
  },
  {
    name: "settings with a note below each link",
    body: `<style>.w a { display: block; padding: 10px 12px; border: 1px solid #d5d9de; border-radius: 8px; margin-bottom: 8px; text-decoration: none } .w small { color: #678; display: block }</style>
      <div class="w" style="width: 360px">${link("Members<small>Everybody with a plot, and those who wait for one this year or next</small>")}<a href="#m">Money<small>What we spent</small></a>${link("Noise<small>Tell us</small>")}</div>`,
  },
  {
    name: "a form",
    body: `<form style="width: 380px; display: grid; gap: 8px"><label><input type="checkbox"> I read ${link("the rules of the group")} and agree</label>
      <label>Your plot <input style="width: 100%"></label><div>No plot? ${link("Ask")} <a href="#list">or wait</a></div><div style="display: flex; gap: 8px"><button>Send</button>${link("Join without sending", 'style="padding: 4px 10px; border: 1px solid #99a"')}</div></form>`,
  },
  {
    name: "a definition list with dots at its side",
    body: `<style>dd { position: relative; margin: 0 0 10px 24px } dd::before { content: ""; position: absolute; left: -16px; top: 6px; width: 8px; height: 8px; border-radius: 50%; background: #2a8 } dt { font-weight: 700 }</style>
      <dl style="width: 300px">${times(5, (i) => `<dt>Week ${i}</dt><dd>${link(`Shift ${i}`)} with Tom</dd><dd>${link("Swap")}</dd>`)}</dl>`,
  },
  {
    name: "a list of groups in the room that a zoom of 200 % leaves",
    width: 640,
    body: `<ul style="list-style: none; padding: 0">${times(24, (i) => `<li style="display: flex; gap: 10px; padding: 5px 0; border-bottom: 1px solid #e3e6ea"><b style="flex: 1">${TOWNS[i % 6]} swaps ${i}</b>${link("Join")}<a href="#report${i}">report</a></li>`)}</ul>`,
  },
];
