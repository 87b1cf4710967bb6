import browser from "webextension-polyfill";
import { defineBackground } from "wxt/utils/define-background";
import { onCommand, onMenu, openPanel } from "../lib/background/page/menus";
import { routeFor, suggest } from "../lib/background/page/omnibox";
import { openFromOmnibox, openWorker, type Worker } from "../lib/background/worker";
import { fail } from "../lib/shared/failure";
import { t } from "../lib/shared/i18n";
import { storeFailure } from "../lib/store/trouble";

/** Every listener of the worker, registered on its first tick, so that no event that wakes it is lost (rule R9). */
export default defineBackground({
  type: "module",
  main() {
    let ready = openWorker(browser);
    ready.catch(() => undefined); // A start that no event follows has nobody to tell; every event tries again.
    /** The worker, opened anew when it could not be: alarms would otherwise keep a worker alive that can do nothing. */
    const opened = (): Promise<Worker> => (ready = ready.catch(() => openWorker(browser)));
    /** An event has nobody to tell of a failure; what matters is in the store and is taken up by the next event. */
    const soon = (work: (worker: Worker) => Promise<unknown>): void =>
      void opened()
        .then(work)
        .catch(() => undefined);

    browser.runtime.onMessage.addListener((message, sender, respond) => {
      opened()
        .then((worker) => worker.receive(message, sender))
        // The store cannot be opened; the next message tries again.
        .catch((error: unknown) => fail(storeFailure(error)))
        .then(respond)
        .catch(() => undefined); // Whoever asked is gone.
      return true;
    });

    browser.runtime.onInstalled.addListener(({ reason }) => soon((worker) => worker.onInstalled(reason)));
    // Opening the worker is all that a start of the browser needs; this listener is what wakes it for that.
    browser.runtime.onStartup.addListener(() => soon((worker) => worker.onPermissionsChanged()));
    browser.alarms.onAlarm.addListener(({ name }) => soon((worker) => worker.onAlarm(name)));
    browser.idle.onStateChanged.addListener((state) => soon((worker) => worker.onIdle(state)));
    browser.permissions.onAdded?.addListener(() => soon((worker) => worker.onPermissionsChanged()));
    browser.permissions.onRemoved?.addListener(() => soon((worker) => worker.onPermissionsChanged()));
    browser.storage.managed?.onChanged?.addListener(() => soon((worker) => worker.onPolicyChanged()));

    browser.contextMenus.onClicked.addListener((info, tab) => soon((worker) => onMenu(worker.menus, info, tab)));
    browser.commands.onCommand.addListener((command, tab) => {
      // At once: the gesture would be gone after the first await (rule R11).
      if (command === "open-panel") openPanel(browser, tab);
      else soon((worker) => onCommand(worker.menus, command, tab));
    });

    browser.omnibox.setDefaultSuggestion({ description: t("omnibox_default") });
    browser.omnibox.onInputChanged.addListener((typed, show) =>
      soon(async (worker) => show(await suggest(worker.store, typed))),
    );
    browser.omnibox.onInputEntered.addListener((entered, disposition) =>
      soon(async (worker) => openFromOmnibox(worker, await routeFor(worker.store, entered), disposition)),
    );
  },
});
