import { Editor } from "@tiptap/core";
import { StarterKit } from "@tiptap/starter-kit";
import { HTML, start } from "./content.js";

await start(async (root, isEditable, changed) => {
  const editor = new Editor({
    element: root,
    extensions: [StarterKit],
    content: HTML,
    editable: isEditable,
    onUpdate: changed,
  });
  return { setEditable: (isEditable) => editor.setEditable(isEditable, false), read: () => editor.getJSON() };
});
