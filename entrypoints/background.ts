import browser from "webextension-polyfill";
import { defineBackground } from "wxt/utils/define-background";
import { onCommand, onMenu, openPanel } from "../lib/background/page/menus";
import { routeFor, suggest } from "../lib/background/page/omnibox";
import { openFromOmnibox, openWorker, type Worker } from "../lib/background/worker";
import { fail } from "../lib/shared/failure";
import { t } from "../lib/shared/i18n";
import { storeFailure } from "../lib/store/trouble";

/** Registers all listeners in the first tick, so no waking event is lost. */
export default defineBackground({
  main() {
    let ready = openWorker(browser);
    ready.catch(() => undefined); // The next event retries.
    /** Retries a failed start: alarms would keep a useless worker alive. */
    const opened = (): Promise<Worker> => (ready = ready.catch(() => openWorker(browser)));
    /** Reports no failure: the next event resumes from the store. */
    const soon = (work: (worker: Worker) => Promise<unknown>): void =>
      void opened()
        .then(work)
        .catch(() => undefined);

    browser.runtime.onMessage.addListener((message, sender, respond) => {
      opened()
        .then((worker) => worker.receive(message, sender))
        // The next message retries.
        .catch((error: unknown) => fail(storeFailure(error)))
        .then(respond)
        .catch(() => undefined); // The asker is gone.
      return true;
    });

    browser.runtime.onInstalled.addListener((details) => soon((worker) => worker.onInstalled(details)));
    // A browser start only has to open the worker.
    browser.runtime.onStartup.addListener(() => soon((worker) => worker.onPermissionsChanged()));
    browser.alarms.onAlarm.addListener(({ name }) => soon((worker) => worker.onAlarm(name)));
    browser.idle.onStateChanged.addListener((state) => soon((worker) => worker.onIdle(state)));
    browser.permissions.onAdded?.addListener(() => soon((worker) => worker.onPermissionsChanged()));
    browser.permissions.onRemoved?.addListener(() => soon((worker) => worker.onPermissionsChanged()));
    browser.storage.managed?.onChanged?.addListener(() => soon((worker) => worker.onPolicyChanged()));

    browser.contextMenus.onClicked.addListener((info, tab) => soon((worker) => onMenu(worker.menus, info, tab)));
    browser.commands.onCommand.addListener((command, tab) => {
      // Before any await, which ends the user gesture.
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
