import css from "./chip.css?inline";

/** The style sheet of the chips. The worker tells it with its first answer: a page without an invite need not carry it. */
export const LOOK: string = css;
