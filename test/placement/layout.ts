import { readSource } from "../../lib/shared/invite";

/** A page on which chips are measured. */
export interface Layout {
  /** What the page is like; `--only` takes layouts by words of it. */
  name: string;
  /** What is in its body; style sheets and scripts may stand in it. */
  body: string;
  /** Of the window, in CSS pixels; 1280 unless given. */
  width?: number;
  /** Of the window, for pages that are made for one; else it is as tall as the page, so that all is in sight at once. */
  height?: number;
  /** How far down the page is scrolled, in px. */
  scroll?: number;
  /** Attributes of the root element, as its language and direction. */
  root?: string;
}

const SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
let seed = 20_261_128;

/** A new address of an invite, each time another, the same ones in each run. Passes for real in a text, too. */
export function invite(): string {
  for (;;) {
    const code = Array.from({ length: 22 }, () => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return SIGNS[(seed >>> 16) % SIGNS.length];
    }).join("");
    const address = `https://chat.whatsapp.com/${code}`;
    if (readSource([["", `Join ${address} now`]]).length) return address;
  }
}

/** A link to a new invite, with the words given or with its address as its words. */
export function link(words?: string, attributes = ""): string {
  const address = invite();
  return `<a href="${address}" ${attributes}>${words ?? address}</a>`;
}

/** HTML for each number from 0 to `count`. */
export function times(count: number, make: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => make(i)).join("");
}

/** The whole document of a layout. */
export function documentOf({ name, body, root = 'lang="en"' }: Layout): string {
  return `<!doctype html><html ${root}><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<link rel="icon" href="data:,"><title>${name}</title><style>
* { box-sizing: border-box }
body { margin: 0; padding: 16px; font: 15px/1.45 "DejaVu Sans", Arial, sans-serif; color: #202428; background: #fff }
a { color: #1a5fb4 } button { font: inherit }
</style><body>${body}</body></html>`;
}
