import { useSignal, type ReadonlySignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import browser from "webextension-polyfill";
import { hostPattern, readAddress } from "../../lib/shared/address";
import { t } from "../../lib/shared/i18n";
import { useShell } from "../models/shell";
import { Button } from "./button";

/** Whether the browser grants a pattern; undefined until known. */
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
          // Ignores late answers to earlier questions.
          if (!stop.signal.aborted && mine === turn) isGranted.value = is;
        },
        () => undefined, // The browser did not answer: access stays unknown.
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

/** Requests a pattern directly from the press, as browsers demand; `useAccess` sees the result. */
export function AllowButton({ pattern }: { pattern: string }) {
  const ask = () => {
    // Declined by the agent or a policy: the sentence beside stays.
    browser.permissions.request({ origins: [pattern] }).catch(() => undefined);
  };
  return (
    <Button kind="primary" onPress={ask}>
      {t("access_allow")}
    </Button>
  );
}

/** Requests access to a gateway's host, by default the current one's; confirms once granted. Empty without a host. */
export function GatewayAccess({ address }: { address?: string }) {
  const { connection } = useShell();
  const origin = readAddress(address ?? connection.value?.origin ?? "");
  return origin === undefined ? null : <HostAccess pattern={hostPattern(origin)} />;
}

/** Requests access to the host of a connection's gateway. */
export function ConnectionAccess({ id }: { id: string }) {
  const { connections } = useShell();
  return <GatewayAccess address={connections.value?.find((each) => each.id === id)?.origin} />;
}

function HostAccess({ pattern }: { pattern: string }) {
  const isGranted = useAccess(pattern).value;
  if (isGranted === undefined) return null;
  return isGranted ? <p role="status">{t("access_allowed")}</p> : <AllowButton pattern={pattern} />;
}
