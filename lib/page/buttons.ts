import { call } from "./dom";
import { isSame, type Box } from "./geometry";
import { MARK, type Spot } from "./spots";

/**
 * The layer of buttons beside the page's body, which leaves the page's nodes unchanged. Its root is closed; a press
 * only opens our own surface. Security rules R2, R9, R12.
 */

export interface LayerInput {
  label: string;
  /** Names all buttons together, for screen readers. */
  group: string;
  /** `CHIP_STYLE`. */
  style: string;
  signal: AbortSignal;
}

export interface Layer {
  wide: number;
  isThere: () => boolean;
  /** Appends the layer, also after the page removed it. */
  put: () => void;
  /** Call before any write: afterwards, reading forces a layout. */
  corner: () => Corner;
  /** While open, presses and `elementFromPoint` pass through. */
  letThrough: (isOpen: boolean) => void;
  /** Adds a hidden button; `words` name its invite. `isStill`: unmoved while pressed. */
  add: (words: string, onPress: (isStill: boolean) => void) => HTMLElement;
  /** Moves or hides a button without reading the page. */
  move: (button: HTMLElement, spot: Spot | undefined, isRightToLeft: boolean) => void;
  order: (buttons: HTMLElement[]) => void;
}

/** The layer's corner in window px, and the page's zoom. */
export interface Corner {
  x: number;
  y: number;
  scale: number;
}

const HTML = "http://www.w3.org/1999/xhtml";

const make = (name: string) => call(document, "createElementNS", HTML, name) as HTMLElement;

/** Creates an element with this style and one child, `inner`, in its closed shadow root. */
export function createHost(name: string, style: string): { host: HTMLElement; inner: HTMLElement } {
  const host = make(name);
  const root = host.attachShadow({ mode: "closed" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  root.adoptedStyleSheets = [sheet];
  const inner = make("div");
  root.append(inner);
  return { host, inner };
}

/** Side of the group in px; measured, it reveals the page's zoom. */
const MEASURE = 100;

/** Appends an empty layer until the signal aborts. */
export function createLayer({ label, group, style, signal }: LayerInput): Layer {
  // A span: labels forward it no clicks, and pages cannot make it a custom element.
  const { host, inner: all } = createHost("span", style);
  all.role = "group";
  all.ariaLabel = group;
  removeOld(group);
  // React 18 reads this comment as the end of its output. Otherwise late hydration would find an extra element and
  // discard everything, typed text included.
  const end = new Comment("/$");
  const put = () => call(document.documentElement, "append", end, host);
  put();
  signal.addEventListener("abort", () => {
    end.remove();
    host.remove();
  });

  const trial = createButton(label, "");
  trial.className = "wide";
  all.append(trial);
  const wide = trial.offsetWidth;
  trial.remove();
  /** The visible page's right edge at the last `corner()`. */
  let edge = 0;
  /** The page's zoom, which buttons do not follow. */
  let zoom = 1;

  return {
    wide,
    put,
    isThere: () => host.parentNode === document.documentElement,
    corner() {
      const { left, top, width } = all.getBoundingClientRect();
      edge = document.documentElement.clientWidth + scrollX;
      zoom = width / MEASURE || 1;
      return { x: left, y: top, scale: zoom };
    },
    letThrough: (isOpen) => (all.style.pointerEvents = isOpen ? "none" : ""),
    add(words, onPress) {
      const button = createButton(label, words);
      button.hidden = true;
      listen(button, onPress, signal);
      all.append(button);
      return button;
    },
    move(button, spot, isRightToLeft) {
      button.hidden = !spot;
      if (!spot) return;
      const toLeft = spot.left + wide > edge - MARK || (isRightToLeft && spot.right > wide);
      button.className = `${spot.isWide ? "wide" : toLeft ? "left" : ""} ${spot.margin < 2 ? "tight" : ""}`;
      button.style.scale = `${1 / zoom}`;
      button.style.translate = `${spot.left}px ${spot.top}px`;
    },
    order(buttons) {
      for (const [i, button] of buttons.entries())
        if (all.children[i] !== button) all.insertBefore(button, all.children[i] ?? null);
    },
  };
}

function createButton(label: string, words: string): HTMLElement {
  const button = make("button");
  button.ariaLabel = words ? `${label}: ${words}` : label;
  const pill = make("span");
  // Drawn by the style sheet, hidden from find-in-page.
  pill.dataset["words"] = label;
  button.append(pill);
  return button;
}

/** Keeps presses from the page's shortcuts and listeners. */
function listen(button: HTMLElement, onPress: (isStill: boolean) => void, signal: AbortSignal): void {
  let pressed: Box | undefined;
  for (const type of "click pointerdown pointerup mousedown mouseup keydown keyup".split(" ")) {
    const take = (event: Event) => {
      event.stopPropagation();
      const at = button.getBoundingClientRect();
      if (type === "pointerdown") pressed = at;
      if (type !== "click") return;
      event.preventDefault();
      const isByKey = (event as MouseEvent).detail === 0;
      if (event.isTrusted) onPress(isByKey || (!!pressed && isSame(pressed, at)));
    };
    button.addEventListener(type, take, { signal });
  }
}

/** Firefox ends an older version's page script without notice, leaving its layer. */
function removeOld(group: string): void {
  for (const child of call(document, "querySelectorAll", ":root > span")) {
    const { openOrClosedShadowRoot } = child as { openOrClosedShadowRoot?: ShadowRoot };
    if (openOrClosedShadowRoot?.firstElementChild?.ariaLabel === group) child.remove();
  }
}
