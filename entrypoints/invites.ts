import type { Browser } from "webextension-polyfill";
import { defineUnlistedScript } from "wxt/utils/define-unlisted-script";
import { startVisit, type VisitInput } from "../lib/page/visit";

/** The page script: finds invites and puts a chip behind each. Silent until it finds one (security rules R9 to R11). */
export default defineUnlistedScript(() => {
  const globals = globalThis as unknown as Record<"browser" | "chrome", Browser | undefined>;
  // Looked up each time: after an update or removal of the extension the browser takes it away.
  const native = () => globals.browser ?? globals.chrome;
  const ask: VisitInput["ask"] = async (command, input) => {
    const reply: unknown = await native()!.runtime.sendMessage({ command, input });
    return (reply as { value?: unknown } | undefined)?.value === true;
  };
  const start = () =>
    startVisit({ ask, isAlive: () => !!native()?.runtime?.id, label: native()!.i18n.getMessage("page_chip") });

  let visit = start();
  // A bare boolean from the worker says that the site was paused or resumed: begin again, which asks again.
  native()!.runtime.onMessage.addListener((message: unknown) => {
    if (typeof message !== "boolean") return undefined;
    visit.abort();
    visit = start();
    return undefined;
  });
});
