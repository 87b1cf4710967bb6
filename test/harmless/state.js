/** What the page of each framework shows, and the operations that it goes through, one after the other. */

const code = (n) => `C${"kT7wZq2RmX9fPs4LdVn".slice(n % 7)}${n * 7919 + 10_007}QbZwHnRt`.slice(0, 22);

/** The address of an invite; another for each number. */
export const link = (n) => `https://chat.whatsapp.com/${code(n)}`;

const item = (id, name) => ({ id, name, link: link(id), seats: 10 + id });

export const INITIAL = {
  seconds: 30,
  before: "",
  first: link(1),
  second: link(2),
  note: "",
  isShown: true,
  kind: "a",
  generation: 1,
  isOpen: false,
  html: `Rules: <b>be nice</b> in ${link(3)} and <a href="${link(4)}">here</a>.`,
  items: [item(11, "Runners"), item(12, "Cooks"), item(13, "Readers"), item(14, "Gardeners")],
};

const tick = (state) => ({ ...state, seconds: state.seconds - 1 });
const list = (change) => (state) => ({ ...state, items: change([...state.items]) });

/** Name and change of each operation. An item that stays the same is the same object. */
export const OPERATIONS = [
  ["count down", tick],
  ["count down again", tick],
  ["count down once more", tick],
  ["rewrite the link", (state) => ({ ...state, first: link(5) })],
  ["append to a text", (state) => ({ ...state, note: " and more" })],
  ["prepend to a text", (state) => ({ ...state, before: "Hello. " })],
  ["append an item", list((items) => [...items, item(15, "Painters")])],
  ["prepend an item", list((items) => [item(16, "Anglers"), ...items])],
  ["insert an item", list((items) => items.toSpliced(2, 0, item(17, "Bakers")))],
  ["remove an item", list((items) => items.toSpliced(3, 1))],
  ["reverse the list", list((items) => items.toReversed())],
  ["sort the list", list((items) => items.toSorted((a, b) => (a.name < b.name ? -1 : 1)))],
  ["swap two items", list(([a, b, ...rest]) => [b, a, ...rest])],
  ["rewrite an item", list((items) => items.with(1, { ...items[1], link: link(18), seats: 1 }))],
  ["toggle off", (state) => ({ ...state, isShown: false })],
  ["toggle on", (state) => ({ ...state, isShown: true })],
  ["swap an element", (state) => ({ ...state, kind: "b" })],
  ["swap it back", (state) => ({ ...state, kind: "a" })],
  ["remount", (state) => ({ ...state, generation: state.generation + 1 })],
  ["open a portal", (state) => ({ ...state, isOpen: true })],
  ["count down under it", tick],
  ["close the portal", (state) => ({ ...state, isOpen: false })],
  ["rewrite HTML", (state) => ({ ...state, html: `New rules in ${link(6)}: <i>none</i>.` })],
  ["empty the texts", (state) => ({ ...state, before: "", note: "", first: "" })],
  ["fill the texts", (state) => ({ ...state, before: "Again. ", note: " at last", first: link(7) })],
  ["empty the list", list(() => [])],
  ["fill the list", list(() => [item(21, "Singers"), item(22, "Dancers")])],
];
