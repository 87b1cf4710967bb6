import { Fragment } from "preact";
import { t } from "../../lib/shared/i18n";
import { Button } from "./button";
import { Dialog } from "./dialog";

/** The keys that work everywhere but in a text field, each with what it does. */
export function KeyList() {
  const keys = [
    ["/", t("keys_search")],
    ["↑ ↓", t("keys_rows")],
    ["Enter", t("keys_open")],
    ["Esc", t("action_back")],
    ["n", t("title_create")],
    ["j", t("title_join")],
    ["?", t("keys_help")],
  ] as const;
  return (
    <dl class="keys small">
      {keys.map(([key, words]) => (
        <Fragment key={key}>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{words}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

/** The keys, over whatever stands on the screen. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t("settings_keys")} onClose={onClose}>
      <KeyList />
      <div class="row end">
        <Button onPress={onClose} attributes={{ autofocus: true }}>
          {t("action_close")}
        </Button>
      </div>
    </Dialog>
  );
}
