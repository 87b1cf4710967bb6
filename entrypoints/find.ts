import { defineUnlistedScript } from "wxt/utils/define-unlisted-script";
import { listenForShow, type Listening } from "../lib/page/listen";
import { lookThrough, type Look } from "../lib/page/look";

/**
 * "Find invites on this page": looks once through its frame, on the agent's order, and from then on shows where an invite
 * is when the agent points at it in the list. Run by `scripting.executeScript({ files: ["find.js"] })` in each frame that
 * the browser lets us into; the worker reads what it gives.
 */
export default defineUnlistedScript((): Look => {
  listenForShow((globalThis as unknown as { chrome: Listening }).chrome);
  return lookThrough();
});
