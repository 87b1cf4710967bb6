import { LockKeyhole, PanelRight, SquareArrowOutUpRight } from "lucide";
import type { Browser } from "webextension-polyfill";
import { ownBrowser } from "../../lib/shared/browser";
import { t } from "../../lib/shared/i18n";
import { send } from "../../lib/shared/send";
import { useShell } from "../models/shell";
import { Button } from "./button";
import { lazyPart } from "./lazy";

const Allowance = lazyPart(() => import("./allowance").then((part) => part.Allowance));

/** End of the bar: allowance, side panel, tab, lock. */
export function Bar() {
  const { connection, door, settings } = useShell();
  const browser = ownBrowser();
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

/** Awaiting before these calls would lose the user gesture. */
function openPanel(): void {
  const api = ownBrowser() as Browser & { sidePanel?: { open(options: { windowId: number }): Promise<void> } };
  const opening = api.sidePanel ? api.sidePanel.open({ windowId: -2 }) : api.sidebarAction.open();
  // Refused if this window has no panel; the popup stays.
  opening.then(
    () => close(),
    () => undefined,
  );
}
