import { createEmptyHistoryState, registerHistory } from "@lexical/history";
import { $createLinkNode, LinkNode } from "@lexical/link";
import { registerRichText } from "@lexical/rich-text";
import { $createParagraphNode, $createTextNode, $getRoot, createEditor } from "lexical";
import { HREF, PARAGRAPHS, start } from "./content.js";

await start(async (root, isEditable, changed) => {
  root.contentEditable = String(isEditable);
  const editor = createEditor({ nodes: [LinkNode], editable: isEditable, onError: (error) => console.error(error) });
  registerRichText(editor);
  registerHistory(editor, createEmptyHistoryState(), 300);
  editor.setRootElement(root);
  editor.update(
    () => {
      const [first, linked, last] = PARAGRAPHS.map((text) => $createTextNode(text));
      $getRoot().append(
        $createParagraphNode().append(first),
        $createParagraphNode().append($createLinkNode(HREF).append(linked), $createTextNode(" of cooks")),
        $createParagraphNode().append(last),
      );
    },
    { discrete: true },
  );
  editor.registerUpdateListener(({ dirtyElements, dirtyLeaves }) => {
    if (dirtyElements.size || dirtyLeaves.size) changed();
  });
  return {
    setEditable(isEditable) {
      root.contentEditable = String(isEditable);
      editor.setEditable(isEditable);
    },
    read: () => editor.getEditorState().toJSON(),
  };
});
