import { baseKeymap } from "prosemirror-commands";
import { history, redo, undo } from "prosemirror-history";
import { keymap } from "prosemirror-keymap";
import { DOMParser } from "prosemirror-model";
import { schema } from "prosemirror-schema-basic";
import { EditorState } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { HTML, start } from "./content.js";

await start(async (root, isFirstEditable, changed) => {
  let isEditable = isFirstEditable;
  const source = document.createElement("div");
  source.innerHTML = HTML;
  const view = new EditorView(root, {
    state: EditorState.create({
      doc: DOMParser.fromSchema(schema).parse(source),
      plugins: [history(), keymap({ "Mod-z": undo, "Mod-y": redo }), keymap(baseKeymap)],
    }),
    editable: () => isEditable,
    dispatchTransaction(transaction) {
      if (transaction.docChanged) changed();
      view.updateState(view.state.apply(transaction));
    },
  });
  return {
    setEditable(next) {
      isEditable = next;
      view.setProps({});
    },
    read: () => view.state.doc.toJSON(),
  };
});
