import css from "./chip.css?inline";

/**
 * The look of a chip, as the style sheets of its four ways to stand: in the line, and taking no room at its place in the
 * line, at the side of a box, or with a box that does not scroll. The worker tells it with its first answer: a page
 * without an invite has no need to carry it.
 */
export const LOOKS = [
  css,
  ...["relative", "absolute", "fixed"].map(
    (position) => `${css}:host{position:${position}!important}button{position:absolute;margin:0}`,
  ),
];
