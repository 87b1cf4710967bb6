import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { codeOf, FORMS, LISTS, WORDLIKE } from "../../invite-forms";
import { html, Site } from "../site";

/** Everything that the page script must find on a page, through the real page. */

let site: Site;
beforeAll(async () => {
  site = await Site.start();
});
afterAll(() => site.close());
afterEach(async () => {
  await site.closePages();
  expect(site.faults, "the page script threw").toEqual([]);
});

const isReported = (codes: string[]) =>
  expect.poll(async () => (await site.reported()).toSorted()).toEqual(codes.toSorted());

it.each(Object.entries(FORMS))("%s", async (_, pieces) => {
  const codes = pieces.map((_, i) => codeOf(i));
  await site.open(html(pieces.map((piece, i) => `<div>${piece(codes[i]!)}</div>`).join("")));
  await isReported(codes);
});

it("a code in a link that looks like words", async () => {
  await site.open(html(WORDLIKE.map((code) => `<p><a href="https://chat.whatsapp.com/${code}">x</a></p>`).join("")));
  await isReported(WORDLIKE);
});

it.each([
  ["https://www.youtube.com/watch", "/redirect?event=x&q="],
  ["https://www.google.com/search", "/url?sa=t&url="],
  ["https://vk.com/feed", "/away.php?to="],
])("a redirector on its own site: %s%s", async (address, path) => {
  const target = encodeURIComponent(`https://chat.whatsapp.com/${codeOf(1)}`);
  const page = await site.openAt(address, html(`<p><a href="${path}${target}">Join</a></p>`));
  await site.expectChips(page, 1);
  expect(await site.pressAll(page)).toEqual([codeOf(1)]);
});

describe("many invites in one text are all found, in their order", () => {
  const cases = Object.entries(LISTS).flatMap(([what, list]) =>
    [1, 2, 20, 200].map((count) => [count, what, list] as const),
  );
  it.each(cases)("%d in %s", async (count, _, list) => {
    const codes = Array.from({ length: count }, (_, i) => codeOf(i));
    await site.open(html(list(codes)));
    await expect.poll(() => site.reported()).toEqual(codes);
  });

  it("in a file of text", async () => {
    const codes = Array.from({ length: 60 }, (_, i) => codeOf(i));
    const text = codes.map((code, i) => `${i}. https://chat.whatsapp.com/${code}`).join("\n");
    await site.open(text, { "content-type": "text/plain; charset=utf-8" });
    await expect.poll(() => site.reported()).toEqual(codes);
  });
});

it("editors of every kind are left alone, editable or not", async () => {
  const inside = `see https://chat.whatsapp.com/${codeOf(1)} <a href="https://chat.whatsapp.com/${codeOf(2)}">x</a>`;
  const editors = [
    'contenteditable="false"',
    'contenteditable="true"',
    'contenteditable="plaintext-only"',
    "data-lexical-editor",
    "data-slate-editor",
    ...[
      "ProseMirror tiptap ql-editor ck-editor__editable DraftEditor-root mce-content-body CodeMirror cm-editor",
      "monaco-editor ace_editor codex-editor",
    ]
      .join(" ")
      .split(" ")
      .map((name) => `class="${name}"`),
  ];
  const page = await site.open(
    html(
      `${editors.map((editor) => `<div ${editor}><p>${inside}</p></div>`).join("")}<trix-editor>${inside}</trix-editor>
      <div class="cm-editor"><x-root></x-root></div><p>https://chat.whatsapp.com/${codeOf(3)}</p>
      <script>document.querySelector("x-root").attachShadow({ mode: "open" }).innerHTML = \`${inside}\`</script>`,
    ),
  );
  await site.expectChips(page, 1);
  expect(await site.reported()).toEqual([codeOf(3)]);
});
