import css from "./chip.css?inline";

/** The chips' style sheet, sent by the worker so that pages without invites do not carry it. */
export const CHIP_STYLE: string = css;
