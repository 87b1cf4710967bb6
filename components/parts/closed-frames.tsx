import { useEffect, useRef } from "preact/hooks";
import { number, t } from "../../lib/shared/i18n";
import { AllowButton, useAccess } from "./access";
import { Notice } from "./notice";

/** Most hosts named; further ones are usually advertising. */
const MOST = 5;

/** Lists unsearched frames, each with a button to allow its host, which calls `onAllowed`. */
export function ClosedFrames({ hosts, onAllowed }: { hosts: string[]; onAllowed: () => unknown }) {
  if (hosts.length === 0) return null;
  return (
    <Notice title={t("page_closed")}>
      <ul class="stack tight">
        {hosts.slice(0, MOST).map((host) => (
          <Closed key={host} host={host} onAllowed={onAllowed} />
        ))}
      </ul>
      {hosts.length > MOST ? <p class="small muted">{t("page_closed_more", number(hosts.length - MOST))}</p> : null}
    </Notice>
  );
}

function Closed({ host, onAllowed }: { host: string; onAllowed: () => unknown }) {
  // Match patterns have no port.
  const pattern = `https://${host.replace(/:\d+$/, "")}/*`;
  const isGranted = useAccess(pattern).value;
  const wasGranted = useRef(isGranted);
  useEffect(() => {
    if (wasGranted.current === false && isGranted) onAllowed();
    wasGranted.current = isGranted;
  }, [isGranted]);
  return (
    <li class="row">
      <span class="grow clip" dir="ltr">
        {host || t("page_closed_nameless")}
      </span>
      {host && isGranted === false ? <AllowButton pattern={pattern} /> : null}
    </li>
  );
}
