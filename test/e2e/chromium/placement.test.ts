import { LAYOUTS } from "../../placement/measure";
import { E2E_BUILD } from "../chromium";
import { placement } from "../placement";

placement({
  browser: "chromium",
  build: E2E_BUILD,
  layouts: LAYOUTS,
  tabs: 3,
  // Text that a cell cuts off, cells whose columns room would move, and what stands above dialogs.
  open: { unseen: 18 },
});
