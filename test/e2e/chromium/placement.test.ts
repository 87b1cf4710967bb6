import { LAYOUTS } from "../../placement/measure";
import { E2E_BUILD } from "../chromium";
import { placement } from "../placement";

placement({
  browser: "chromium",
  build: E2E_BUILD,
  layouts: LAYOUTS,
  tabs: 3,
  // Lines from right to left and from top to bottom, and pages whose lines have no room.
  open: { foreign: 4, own: 5, unseen: 60 },
});
