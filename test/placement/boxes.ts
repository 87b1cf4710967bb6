import { invite, link, times, type Layout } from "./layout";

/** Pages on which invites stand in boxes: cards, bubbles, windows, what scrolls, turns or floats over the rest. */

const LINE = "Bring a coat and a friend, and tell the warden at the gate";

export const BOXES: Layout[] = [
  {
    name: "bubbles of a chat",
    body: `<style>.m { width: fit-content; max-width: 320px; margin: 6px 0 14px; padding: 7px 10px 16px; border-radius: 12px; background: #eceff3; position: relative; overflow-wrap: anywhere } .me { margin-left: auto; background: #cfe6ff } .at { position: absolute; right: 9px; bottom: 3px; font-size: 10px; color: #667 } .like { position: absolute; bottom: -9px; left: 12px; background: #fff; border: 1px solid #ccd; border-radius: 9px; font-size: 11px; padding: 0 5px }</style>
      <div style="width: 480px; margin: auto">${times(6, (i) => `<div class="m ${i % 2 ? "me" : ""}">${[link(), `${LINE}: ${link()}`, `here ${invite()} you are`][i % 3]}<span class="at">1${i}:04</span><button class="like">♥ ${i}</button></div>`)}</div>`,
  },
  {
    name: "cards that wrap",
    body: `<style>.k { width: 230px; border: 1px solid #d4d8dd; border-radius: 10px; overflow: hidden } .k .p { height: 80px; background: linear-gradient(#9bc, #cde) } .k div + div { padding: 10px } .k .go { display: block; text-align: center; background: #175e46; color: #fff; padding: 8px; text-decoration: none; border-radius: 6px }</style>
      <div style="display: flex; flex-wrap: wrap; gap: 12px">${times(7, (i) => `<div class="k"><div class="p"></div><div><b>Plot ${i}</b><p style="margin: 4px 0 8px">${LINE}</p>${link(i % 2 ? "Join" : "Enter the group of this plot", 'class="go"')}</div></div>`)}</div>`,
  },
  {
    name: "tiles that are wholly pressed",
    body: `<style>.g { display: grid; grid-template-columns: repeat(3, 1fr); gap: 10px } .g div { position: relative; border: 1px solid #ccd; padding: 12px; min-height: 84px } .g a::after { content: ""; position: absolute; inset: 0 } .g .z { position: relative; z-index: 1 }</style>
      <div class="g">${times(6, (i) => `<div>${link(`Tile ${i}`)}<p style="margin: 6px 0 0">${LINE}</p></div>`)}</div>`,
  },
  {
    name: "teasers cut after two lines",
    body: `<style>.cl { display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; width: 300px; margin-bottom: 12px; border: 1px solid #dde; padding: 0 8px }</style>
      ${times(4, (i) => `<div class="cl">${i % 2 ? `${link("The group")} of plot ${i}. ${LINE}. ${LINE}. ${LINE}.` : `${LINE}. ${link()} ${LINE}. ${LINE}.`}</div>`)}
      <div style="width: 260px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis">${link()} and what is cut off</div>`,
  },
  {
    name: "a box that scrolls",
    height: 700,
    body: `<div id="b" style="height: 260px; width: 420px; overflow: auto; border: 1px solid #99a; position: relative"><div style="position: sticky; top: 0; background: #eef; padding: 8px; z-index: 1">Groups</div>${times(30, (i) => `<div style="padding: 6px 8px; border-bottom: 1px solid #eee">${i} ${link(`Plot ${i}`)} open</div>`)}</div>
      <p>Below the box ${link("stands another")}.</p><script>b.scrollTop = 315</script>`,
  },
  {
    name: "a bar that stays while the page scrolls",
    height: 600,
    scroll: 340,
    body: `<div style="position: sticky; top: 0; background: #17324d; color: #fff; padding: 14px; z-index: 5">Plots ${link("join", 'style="color: #fff"')}</div>${times(40, (i) => `<p>${LINE}, ${link(`day ${i}`)} or <a href="#${i}">later</a>.</p>`)}`,
  },
  {
    name: "a window in the corner",
    height: 600,
    body: `<div style="position: fixed; right: 16px; bottom: 16px; width: 240px; border-radius: 12px; background: #0b6e4f; color: #fff; padding: 12px; box-shadow: 0 4px 16px #0006">Questions? ${link("Ask in the group", 'style="color: #fff"')} <button>×</button></div>${times(12, () => `<p>${LINE}. ${LINE}. ${LINE}.</p>`)}`,
  },
  {
    name: "a dialog over the page",
    height: 640,
    body: `<p>${LINE}, ${link("under the dialog")}.</p><dialog id="d" style="width: 360px; border: 1px solid #889; border-radius: 10px"><h3>Join</h3><p>${LINE}: ${link()}</p><div style="display: flex; gap: 8px; justify-content: flex-end"><button>Close</button>${link("Open", 'style="border: 1px solid #1a5fb4; padding: 3px 10px"')}</div></dialog><script>d.showModal(); document.activeElement.blur()</script>`,
  },
  {
    name: "a popover over the page",
    height: 560,
    body: `<p>${LINE}.</p><div popover="manual" id="o" style="width: 300px; inset: 60px auto auto 80px; padding: 12px; border: 1px solid #889">New: ${link("the night watch")}, ${LINE}.</div><p>${link("beside it")}</p><script>o.showPopover()</script>`,
  },
  {
    name: "folded parts, one open",
    body: times(
      4,
      (i) =>
        `<details ${i === 1 ? "open" : ""} style="border: 1px solid #ccd; padding: 8px; width: 420px"><summary>Plot ${i}</summary><p>${LINE}, ${link(`group ${i}`)}, ${LINE}.</p><p>${link()}</p></details>`,
    ),
  },
  {
    name: "pictures that pass by",
    body: `<style>.v { width: 480px; overflow: hidden; border: 1px solid #ccd } .v > div { display: flex; width: 1440px; transform: translateX(-480px) } .v section { width: 480px; padding: 20px; height: 140px; background: #eef3f0 }</style>
      <div class="v"><div>${times(3, (i) => `<section><h3 style="margin: 0">Plot ${i}</h3>${LINE} ${link(`Join ${i}`, 'style="display: inline-block; background: #175e46; color: #fff; padding: 6px 12px; border-radius: 6px"')}</section>`)}</div></div>`,
  },
  {
    name: "turned and shrunk",
    body: `<div style="transform: rotate(-4deg); width: 300px; margin: 40px; border: 1px solid #ccd; padding: 14px">${LINE}. ${link("Join")}</div><div style="transform: scale(.8); transform-origin: 0 0; width: 400px; border: 1px solid #ccd; padding: 10px">${LINE}, ${link("join the group")}, ${LINE}.</div>`,
  },
  {
    name: "zoomed parts",
    body: `<div style="zoom: 1.4; width: 380px; border: 1px solid #ccd; padding: 8px">${LINE}, ${link("join the group")}, ${LINE}.</div><div style="zoom: .75; width: 500px; margin-top: 10px">${times(4, (i) => `${link(`Plot ${i}`)} ${LINE}.<br>`)}</div>`,
  },
  {
    name: "links that are pictures",
    body: `<a href="${invite()}"><img alt="Join" style="width: 300px; height: 90px; background: #2a8; display: block"></a><p style="margin: 4px 0 16px">${LINE}.</p><p>${link('<img alt="Join" style="width: 120px; height: 40px; background: #2a8">')} <a href="#s"><img alt="Shop" style="width: 120px; height: 40px; background: #88a"></a></p>`,
  },
  {
    name: "two large buttons in the middle",
    body: `<div style="text-align: center; padding: 70px 0; background: #10312b; color: #fff; margin: -16px"><h1>Grow with us</h1><p>${LINE}.</p>${link("Join the group", 'style="display: inline-block; padding: 14px 28px; background: #2a8; color: #fff; border-radius: 8px"')} <a href="#more" style="display: inline-block; padding: 14px 28px; color: #fff; border: 1px solid #fff; border-radius: 8px">Read more</a></div>`,
  },
  {
    name: "words at the right edge of the window",
    width: 720,
    body: `<p style="text-align: right">${link("Join us")}</p><p style="text-align: right">${LINE}, ${LINE}, ${link("join")}</p><div style="position: absolute; right: 0; top: 120px; background: #eef; padding: 4px">${link("At the edge")}</div>`,
  },
  {
    name: "parts that are drawn in roots of their own",
    body: `<x-plot></x-plot><x-plot></x-plot><template id="t"><style>div { border: 1px solid #ccd; padding: 10px; width: 340px; margin-bottom: 8px }</style><div>${LINE}, <a>join</a>, ${LINE}.</div></template>
      <script>const all = ["${invite()}", "${invite()}"]; customElements.define("x-plot", class extends HTMLElement { connectedCallback() { const root = this.attachShadow({ mode: "open" }); root.append(t.content.cloneNode(true)); root.querySelector("a").href = all.shift(); } })</script>`,
  },
];
