import { link } from "../state.js";

/** What stands in every editor at first, paragraph by paragraph: the second is a link. */
export const PARAGRAPHS = [`Join ${link(1)} today please`, "the group", `Or ${link(3)} and ${link(4)} at night`];
export const HREF = link(2);
export const HTML = `<p>${PARAGRAPHS[0]}</p><p><a href="${HREF}">${PARAGRAPHS[1]}</a> of cooks</p><p>${PARAGRAPHS[2]}</p>`;

/**
 * Starts the page of an editor, editable or, with `?readonly`, not.
 * @param {(root: HTMLElement, isEditable: boolean, changed: () => void) => Promise<{ setEditable: (isEditable: boolean) => void,
 *   read: () => unknown }>} create `changed` is called with each change of the document, `read` gives it as JSON.
 */
export async function start(create) {
  let changes = 0;
  const isEditable = !new URLSearchParams(location.search).has("readonly");
  const { setEditable, read } = await create(document.querySelector("#root"), isEditable, () => (changes += 1));
  globalThis.app = { steps: [], setEditable, state: () => ({ changes, document: read() }) };
  globalThis.isStarted = true;
}
