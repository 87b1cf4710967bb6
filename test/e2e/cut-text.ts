import type { Page } from "playwright-core";

/**
 * Returns a sentence for each text of ours that a page cuts or lets run out of its box: a word that no longer fits its
 * button, a label beyond the edge of the window, a choice or a placeholder longer than its field. Names, numbers and codes
 * may be cut, because nobody knows their length: they stand in `bdi` or `dir=ltr`. So may what a tooltip says in full.
 */
export async function cutText(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const box = "button, .button, .tag, .tabs a, nav a, summary, th, td, dt, legend";
    const isShown = (element: Element) =>
      element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) &&
      getComputedStyle(element).clipPath === "none";
    const canvas = document.createElement("canvas").getContext("2d")!;
    const report = (element: Element, text: string, why: string) =>
      found.push(`${why}: “${text.trim()}” in <${element.tagName.toLowerCase()} class="${element.className}">`);

    /** How far a text is outside, in CSS pixels, of the edges of an element. */
    const outside = (text: DOMRect, edges: { left: number; right: number }) =>
      Math.max(edges.left - text.left, text.right - edges.right);

    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement!;
      const text = node.textContent ?? "";
      if (!text.trim() || parent.closest("bdi, [dir=ltr], option, script, style") || !isShown(parent)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const rect = range.getBoundingClientRect();
      if (rect.width === 0) continue;
      const framed = parent.closest(box)?.getBoundingClientRect();
      if (framed && outside(rect, framed) > 1) report(parent, text, "runs out of its box");
      // The browser gives no place to letters that it leaves out for an ellipsis.
      const short = parent.closest(".clip");
      if (
        short &&
        short.scrollWidth > short.clientWidth + 1 &&
        !short.querySelector("bdi") &&
        !short.closest("[title]")
      ) {
        report(parent, text, "shortened");
      }
      let canScroll = false;
      for (let around: Element | null = parent; around && !canScroll; around = around.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(around);
        const edges = around.getBoundingClientRect();
        if (overflowX === "hidden" || overflowX === "clip") {
          if (outside(rect, edges) > 1) report(parent, text, "cut at the side");
        }
        if (overflowY === "hidden" || overflowY === "clip") {
          if (Math.max(edges.top - rect.top, rect.bottom - edges.bottom) > 2) report(parent, text, "cut in its height");
        }
        // What can be scrolled to is not cut.
        canScroll = /auto|scroll/.test(overflowX + overflowY) && around !== document.documentElement;
      }
      if (outside(rect, { left: 0, right: innerWidth }) > 1 && !parent.closest(".scroll-x, .people-table, .grid")) {
        report(parent, text, "beyond the edge of the window");
      }
    }
    for (const field of document.querySelectorAll<HTMLSelectElement | HTMLInputElement>("select, input[placeholder]")) {
      const text = field instanceof HTMLSelectElement ? (field.selectedOptions[0]?.label ?? "") : field.placeholder;
      const style = getComputedStyle(field);
      canvas.font = style.font;
      const room = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      if (isShown(field) && canvas.measureText(text).width > room + 1) report(field, text, "longer than its field");
    }
    return [...new Set(found)];
  });
}
