import css from "./chip.css?inline";

/** The style sheet of the chips. The worker sends it with its first reply, so that a page without an invite does not carry it. */
export const CHIP_STYLE: string = css;
