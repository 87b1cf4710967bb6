import { LockKeyhole, PanelRight, SquareArrowOutUpRight } from "lucide";
import browser from "webextension-polyfill";
import { t } from "../../lib/shared/i18n";
import { send } from "../../lib/shared/send";
import { useShell } from "../models/shell";
import { Allowance } from "./allowance";
import { Button } from "./button";

/** The right end of the bar: the allowance, the panel and the tab, the lock. */
export function Bar() {
  const { connection, door, settings } = useShell();
  return (
    <>
      <Allowance />
      {door === "popup" ? (
        <>
          {"sidePanel" in browser || "sidebarAction" in browser ? (
            <Button icon={PanelRight} label={t("bar_open_panel")} onPress={openPanel} />
          ) : null}
          <Button
            icon={SquareArrowOutUpRight}
            label={t("bar_open_tab")}
            onPress={() => {
              void browser.tabs.create({ url: browser.runtime.getURL(`app.html${location.hash}`) }).then(() => close());
            }}
          />
        </>
      ) : null}
      {settings.value.protection === "passphrase" && connection.value && !connection.value.isSandbox ? (
        <Button icon={LockKeyhole} label={t("bar_lock")} onPress={() => send("lock")} />
      ) : null}
    </>
  );
}

/** Nothing may be awaited before these calls: the gesture would be gone. */
function openPanel(): void {
  const api = browser as typeof browser & { sidePanel?: { open(options: { windowId: number }): Promise<void> } };
  const opening = api.sidePanel ? api.sidePanel.open({ windowId: -2 }) : browser.sidebarAction.open();
  // Refused only where the browser has no panel in this window; the popup then simply stays.
  opening.then(
    () => close(),
    () => undefined,
  );
}
