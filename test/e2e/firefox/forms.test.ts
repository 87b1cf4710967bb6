import { afterAll, beforeAll, expect, it } from "vitest";
import { codeOf, FORMS, LISTS, WORDLIKE } from "../../invite-forms";
import { Lab } from "../../placement/lab";
import { PATIENCE } from "../chromium";
import { FIREFOX_BUILD } from "../firefox";
import { html } from "../site";

/** Every form in which pages hide an invite, on one page of the other browser, and many invites in one text. */

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.start("firefox", FIREFOX_BUILD);
});
afterAll(() => lab.close());

it("finds every form, and each of many in one text", async () => {
  const pieces = Object.values(FORMS).flat();
  const codes = pieces.map((_, i) => codeOf(i));
  const lists = Object.values(LISTS);
  const listed = lists.map((_, list) => Array.from({ length: 20 }, (_, i) => codeOf(1_000 + 20 * list + i)));
  const { url, path } = lab.serve(
    html(
      [
        ...pieces.map((piece, i) => piece(codes[i]!)),
        ...WORDLIKE.map((code) => `<p><a href="https://chat.whatsapp.com/${code}">x</a></p>`),
        ...lists.map((list, i) => list(listed[i]!)),
      ]
        .map((piece) => `<div>${piece}</div>`)
        .join(""),
    ),
  );
  const tab = await lab.newTab();
  await tab.open(url);
  const expected = [...codes, ...WORDLIKE, ...listed.flat()].toSorted();
  await expect.poll(() => lab.readOn(path).toSorted(), { timeout: PATIENCE }).toEqual(expected);
});
