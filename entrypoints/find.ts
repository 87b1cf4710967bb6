import { defineUnlistedScript } from "wxt/utils/define-unlisted-script";
import { listenForShow, type Listening } from "../lib/page/listen";
import { searchPage, type FrameFinds } from "../lib/page/search";

/**
 * "Find invites on this page", injected into each accessible frame. Then shows the invite the agent points at in the
 * list.
 */
export default defineUnlistedScript((): FrameFinds => {
  listenForShow((globalThis as unknown as { chrome: Listening }).chrome);
  return searchPage();
});
