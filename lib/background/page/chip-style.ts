import css from "./chip.css?inline";

/** The chips' style sheet, sent by the worker to spare pages without invites. */
export const CHIP_STYLE: string = css;
