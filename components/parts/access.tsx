import { useSignal, type ReadonlySignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import browser from "webextension-polyfill";
import { hostPattern, readAddress } from "../../lib/shared/address";
import { t } from "../../lib/shared/i18n";
import { useShell } from "../models/shell";
import { Button } from "./button";

/** Access that the browser may grant or take back at any time: to a gateway's host, or to web pages. */

/** Whether the browser grants a pattern, kept up to date; undefined until it has answered. */
export function useAccess(pattern: string): ReadonlySignal<boolean | undefined> {
  const isGranted = useSignal<boolean | undefined>(undefined);
  useEffect(() => {
    const stop = new AbortController();
    let turn = 0;
    const ask = () => {
      turn += 1;
      const mine = turn;
      browser.permissions.contains({ origins: [pattern] }).then(
        (is) => {
          // The answer to an earlier question may come later, and is out of date.
          if (!stop.signal.aborted && mine === turn) isGranted.value = is;
        },
        () => undefined, // Nothing is said of an access that nobody can tell.
      );
    };
    ask();
    const { onAdded, onRemoved } = browser.permissions;
    for (const event of [onAdded, onRemoved]) event?.addListener(ask);
    stop.signal.addEventListener("abort", () => {
      for (const event of [onAdded, onRemoved]) event?.removeListener(ask);
    });
    return () => stop.abort();
  }, [pattern]);
  return isGranted;
}

/** Asks the browser for a pattern, straight from the press (rule R11); the browser's own event brings what it grants. */
export function AllowButton({ pattern }: { pattern: string }) {
  const ask = () => {
    // Refused by the agent or by a policy of the browser: the sentence beside the button stays.
    browser.permissions.request({ origins: [pattern] }).catch(() => undefined);
  };
  return (
    <Button kind="primary" onPress={ask}>
      {t("access_allow")}
    </Button>
  );
}

/**
 * The button that asks for a gateway's host, by its address, else by that of the connection in use. Once the browser grants
 * it, a sentence that it does. Nothing where there is no host to ask for.
 */
export function GatewayAccess({ address }: { address?: string }) {
  const { connection } = useShell();
  const origin = readAddress(address ?? connection.value?.origin ?? "");
  return origin === undefined ? null : <HostAccess pattern={hostPattern(origin)} />;
}

function HostAccess({ pattern }: { pattern: string }) {
  const isGranted = useAccess(pattern).value;
  if (isGranted === undefined) return null;
  return isGranted ? <p role="status">{t("access_allowed")}</p> : <AllowButton pattern={pattern} />;
}
