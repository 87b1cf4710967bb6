import { useState } from "react";
import { createRoot } from "react-dom/client";
import { flushSync } from "react-dom";
import { createEditor } from "slate";
import { withHistory } from "slate-history";
import { Editable, Slate, withReact } from "slate-react";
import { HREF, PARAGRAPHS, start } from "./content.js";

await start(async (root, isFirstEditable, changed) => {
  const editor = withHistory(withReact(createEditor()));
  editor.isInline = ({ type }) => type === "link";
  const [first, linked, last] = PARAGRAPHS.map((text) => ({ text }));
  const initial = [
    { type: "paragraph", children: [first] },
    {
      type: "paragraph",
      children: [{ text: "" }, { type: "link", href: HREF, children: [linked] }, { text: " of cooks" }],
    },
    { type: "paragraph", children: [last] },
  ];
  let setEditable;
  const renderElement = ({ attributes, children, element }) =>
    element.type === "link" ? (
      <a {...attributes} href={element.href}>
        {children}
      </a>
    ) : (
      <p {...attributes}>{children}</p>
    );
  function View() {
    const [isEditable, set] = useState(isFirstEditable);
    setEditable = (isEditable) => flushSync(() => set(isEditable));
    return (
      <Slate editor={editor} initialValue={initial} onValueChange={changed}>
        <Editable readOnly={!isEditable} renderElement={renderElement} />
      </Slate>
    );
  }
  flushSync(() => createRoot(root).render(<View />));
  return { setEditable: (isEditable) => setEditable(isEditable), read: () => editor.children };
});
