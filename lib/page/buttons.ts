import { call } from "./dom";
import { isSame, type Box } from "./geometry";
import { MARK, type Spot } from "./spots";

/**
 * The buttons over a page, in one layer beside its body, so that nothing of the page's own is changed. A page may see that
 * there is a layer and nothing else: it is closed, says nothing, and only opens our own surface. Security rules R2, R9, R12.
 */

/** Words and look of a layer. */
export interface LayerInput {
  /** The words on every button. */
  label: string;
  /** What all buttons together are, for screen readers. */
  group: string;
  /** `CHIP_STYLE`. */
  look: string;
  signal: AbortSignal;
}

export interface Layer {
  /** Width in px of a button that shows its words. */
  wide: number;
  /** Whether the layer is where it was put. */
  isThere: () => boolean;
  /** Puts the layer beside the body, again where it was taken away. */
  put: () => void;
  /**
   * Where the layer's own corner is in the window, and how much larger the page draws everything. Read before anything is
   * written: after it, the browser lays out the page anew.
   */
  corner: () => Corner;
  /** Makes presses and questions about points go through the layer, or no more. */
  letThrough: (isOpen: boolean) => void;
  /** A new button, hidden. `words` tell which invite is meant. A press is still when the button was not moved meanwhile. */
  add: (words: string, onPress: (isStill: boolean) => void) => HTMLElement;
  /** Draws a button at a spot of the layer, or hides it. Reads nothing of the page. It unfolds in the direction of the text. */
  move: (button: HTMLElement, spot: Spot | undefined, isRightToLeft: boolean) => void;
  /** Brings the buttons into this order, for the keyboard. */
  order: (buttons: HTMLElement[]) => void;
}

/** Where the layer is in the window, and how large the page draws it. */
export interface Corner {
  x: number;
  y: number;
  scale: number;
}

const HTML = "http://www.w3.org/1999/xhtml";

/** A new element of HTML, whatever kind of document the page is. */
const make = (name: string) => call(document, "createElementNS", HTML, name) as HTMLElement;

/** An element with a closed root in it that has this look, and an element in the root for what is drawn. */
export function createHost(name: string, look: string): { host: HTMLElement; inner: HTMLElement } {
  const host = make(name);
  const root = host.attachShadow({ mode: "closed" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(look);
  root.adoptedStyleSheets = [sheet];
  const inner = make("div");
  root.append(inner);
  return { host, inner };
}

/** Side in px of the group, which tells how large the page draws a px. */
const MEASURE = 100;

/** Makes a layer without buttons and puts it into the page; it goes with the signal. */
export function createLayer({ label, group, look, signal }: LayerInput): Layer {
  // A span: a label around it forwards no click to it, and a page cannot define it as an element of its own.
  const { host, inner: all } = createHost("span", look);
  all.role = "group";
  all.ariaLabel = group;
  removeOld(group);
  // React 18 takes this comment for the end of what it drew. Without it, a page whose whole document is hydrated later
  // would find one element too many there, and throw everything away with what was typed meanwhile.
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
  /** The right edge of what can be seen of the page, when the corner was read. */
  let edge = 0;

  return {
    wide,
    put,
    isThere: () => host.parentNode === document.documentElement,
    corner() {
      const { left, top, width } = all.getBoundingClientRect();
      edge = document.documentElement.clientWidth + scrollX;
      return { x: left, y: top, scale: width / MEASURE || 1 };
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
  // Drawn by the style sheet: a search in the page does not find them.
  pill.dataset["words"] = label;
  button.append(pill);
  return button;
}

/** What the agent does with a button is no business of a shortcut or a listener of the page. */
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

/** Firefox ends the page script of an older version without a word. Its layer stays, and is known by its group's name. */
function removeOld(group: string): void {
  for (const child of call(document, "querySelectorAll", ":root > span")) {
    const { openOrClosedShadowRoot } = child as { openOrClosedShadowRoot?: ShadowRoot };
    if (openOrClosedShadowRoot?.firstElementChild?.ariaLabel === group) child.remove();
  }
}
