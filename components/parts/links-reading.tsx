import type { Failure } from "../../lib/shared/failure";
import { t } from "../../lib/shared/i18n";
import type { useLinks } from "../models/links";
import { EachProgress } from "./each-progress";
import { FailureNotice } from "./failure-notice";

/** Progress of reading groups' links, or its `failure`; stopping closes the dialog around it. */
export function LinksReading(props: {
  links: ReturnType<typeof useLinks>;
  failure: Failure | undefined;
  onClose: () => unknown;
}) {
  const { links, failure, onClose } = props;
  return (
    <>
      {failure ? <FailureNotice failure={failure} onRetry={links.read} /> : null}
      {links.isReading ? (
        <EachProgress
          each={{ ...links.each, stop: () => void onClose() }}
          label={t("several_invites_reading")}
          names={new Map()}
        />
      ) : null}
    </>
  );
}
