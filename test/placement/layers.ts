import { invite, link, times, type Layout } from "./layout";

/** Pages on which links are not seen, lie over other things, are pictures, or stand beside what no press reaches. */

const LINE = "The pump is oiled, the cart stands under the walnut tree";
const BUTTON = 'style="padding: 6px 14px; background: #175e46; color: #fff"';

export const LAYERS: Layout[] = [
  {
    name: "links that are not seen until the mouse comes",
    body: `<style>.r { padding: 8px; border-bottom: 1px solid #dde } .r a { opacity: 0 } td { border: 1px solid #ccd; padding: 6px 12px }</style>
      ${times(3, (i) => `<div class="r" ${i ? "" : 'tabindex="0"'}>Bees ${i} ${link("Join")}</div>`)}<table>${times(3, (i) => `<tr><td>Hives ${i}</td><td>${link("Join", i === 1 ? "" : 'style="visibility: hidden"')}</td></tr>`)}</table>
      <div style="opacity: 0">${LINE}: ${invite()}</div><p>${link("in sight")}</p>`,
  },
  {
    name: "links laid over their cards",
    body: `<style>.c { position: relative; width: 420px; border: 1px solid #ccc; padding: 16px; display: flex; justify-content: space-between; margin-bottom: 12px } .o { position: absolute; inset: 0 } .c img { width: 60px; height: 40px; background: #2a8 }</style>
      ${times(2, (i) => `<div class="c"><b>Rye growers ${i}</b><span>12${i} members</span>${link("", 'aria-label="Join" class="o"')}</div>`)}
      <div class="c"><b>Oats</b><span>${LINE}</span>${link('<span class="o"></span>')}</div><div class="c"><b>Barley</b><img alt="">${link("", 'aria-label="Join" class="o"')}</div>`,
  },
  {
    name: "picture links that fill their cell or card, or float",
    body: `<table width="600" cellpadding="0" cellspacing="0"><tr><td><a href="${invite()}"><img alt="" width="600" height="160" style="display: block; background: #2a8"></a></td></tr></table>
      <div style="width: 300px; border: 1px solid #ccd; overflow: hidden; margin: 12px 0"><a href="${invite()}"><img alt="" style="display: block; width: 298px; height: 120px; background: #9bc"></a></div>
      <div style="width: 420px">${link('<img alt="" width="160" height="90" style="float: left; background: #c96">')}${`${LINE}. `.repeat(6)}</div>
      <p style="clear: both">Find us on ${link('<img alt="" width="20" height="20" style="background: #2a8">')} and elsewhere.</p>`,
  },
  {
    name: "buttons that take no presses",
    body: `<style>button { padding: 6px 14px } .n { pointer-events: none }</style>
      <div>${link("Join", BUTTON)} <button disabled class="n">Full</button></div><p style="display: flex">${link("Join", BUTTON)}<button disabled class="n">Closed since May</button></p>
      <p>${link("Join")} <span class="n">as one of the first</span></p><p>${link("Join")} <a class="n" href="#shed">the shed</a></p>`,
  },
  {
    name: "a button that stays, in a foot that clips",
    height: 600,
    body: `${times(30, () => `<p>${LINE}.</p>`)}<footer style="overflow: hidden; background: #222; color: #fff; padding: 20px">The society ${link("Join", `style="position: fixed; right: 20px; bottom: 20px; padding: 14px; background: #175e46; color: #fff"`)}</footer>`,
  },
  {
    name: "two links to one group, the first without room",
    body: times(2, () => {
      const address = invite();
      const icon = `<a href="${address}" style="display: inline-block; height: 16px; overflow: hidden"><img alt="" width="16" height="16" style="background: #2a8; display: block"></a>`;
      return `<div style="border: 1px solid #ccd; width: 300px; height: 76px; overflow: hidden; position: relative; line-height: 16px; margin-bottom: 8px"><div style="position: absolute; left: 0; top: 0; display: flex"><img alt="" width="30" height="16" style="background: #aab">${icon}<img alt="" width="252" height="44" style="background: #aab"></div><span style="position: absolute; left: 100px; top: 52px"><a href="${address}">Join</a></span></div>`;
    }),
  },
  {
    name: "links without a box of their own",
    body: `<div style="border: 1px solid #ccd; width: 320px; padding: 10px">${link(`<span style="padding: 4px">Oats and rye</span>`, 'style="display: contents"')}</div>
      <ul>${times(3, (i) => `<li>${link(`<b>Bed ${i}</b>`, 'style="display: contents"')} ${i === 1 ? LINE : ""}</li>`)}</ul>`,
  },
  {
    name: "a page that is drawn larger as a whole",
    root: 'lang="en" style="zoom: 1.5"',
    body: `<ul style="width: 400px">${times(4, (i) => `<li>${link(`Bed ${i}`)} ${i % 2 ? LINE : ""}</li>`)}</ul><p style="width: 500px">${LINE}, ${link("join")}, <a href="#o">or not</a>. ${LINE}.</p><table border="1"><tr><td>${link("one")}</td><td>${link("two")}</td></tr></table>`,
  },
  {
    name: "a page that is drawn smaller as a whole",
    root: 'lang="en" style="zoom: .8"',
    body: `<ul>${times(4, (i) => `<li>${link(`Bed ${i}`)} ${i % 2 ? LINE : ""}</li>`)}</ul><table border="1"><tr><td>${link("one")}</td><td>${link("two")}</td></tr></table>`,
  },
];
