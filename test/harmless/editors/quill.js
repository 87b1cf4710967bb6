import Quill from "quill";
import "quill/dist/quill.snow.css";
import { HTML, start } from "./content.js";

await start(async (root, isEditable, changed) => {
  root.innerHTML = HTML;
  const quill = new Quill(root, { theme: "snow", readOnly: !isEditable });
  quill.on("text-change", changed);
  return { setEditable: (isEditable) => quill.enable(isEditable), read: () => quill.getContents().ops };
});
