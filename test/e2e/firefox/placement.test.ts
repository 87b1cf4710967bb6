import { LAYOUTS } from "../../placement/measure";
import { FIREFOX_BUILD } from "../firefox";
import { placement } from "../placement";

placement({
  browser: "firefox",
  build: FIREFOX_BUILD,
  // Firefox has one mouse for all tabs and takes a second and more for each page: a quarter of them, of every sort.
  layouts: LAYOUTS.filter((_, i) => i % 4 === 0),
  tabs: 1,
  // Cells whose columns room would move, and the narrow lines of vertical text.
  open: { unseen: 6 },
});
