import { ClassicEditor, Essentials, Link, Paragraph, Undo } from "ckeditor5";
import "ckeditor5/ckeditor5.css";
import { HTML, start } from "./content.js";

await start(async (root, isEditable, changed) => {
  const editor = await ClassicEditor.create(root, {
    licenseKey: "GPL",
    plugins: [Essentials, Paragraph, Link, Undo],
    toolbar: ["link", "undo"],
    initialData: HTML,
  });
  const setEditable = (isEditable) =>
    isEditable ? editor.disableReadOnlyMode("page") : editor.enableReadOnlyMode("page");
  setEditable(isEditable);
  editor.model.document.on("change:data", changed);
  return { setEditable, read: () => editor.getData() };
});
