import { useSignal } from "@preact/signals";
import { Printer, RefreshCw } from "lucide";
import { useEffect } from "preact/hooks";
import { number, plural, t } from "../../../lib/shared/i18n";
import type { Group } from "../../../lib/shared/model";
import { send } from "../../../lib/shared/send";
import { useEach } from "../../models/each";
import { Button } from "../../parts/button";
import { CopyButton } from "../../parts/copy";
import { EachProgress } from "../../parts/each-progress";
import { inviteLink, isInviteCode } from "../../../lib/shared/ids";
import { pathOf } from "../../parts/qr";

/** The invite links of the chosen groups: to copy together, and as a sheet of QR codes to print. */
export function Invites({ groups }: { groups: readonly Group[] }) {
  const reading = useEach((group) => send("readInvite", { group }));
  const isSheet = useSignal(false);
  const known = groups.flatMap(({ id, name, invite }) =>
    invite && isInviteCode(invite.code) ? [{ id, name, link: inviteLink(invite.code) }] : [],
  );
  const missing = groups.filter(({ id }) => !known.some((each) => each.id === id)).map(({ id }) => id);
  const names = new Map(groups.map(({ id, name }) => [id, name] as const));
  return (
    <>
      <p class="muted" role="status">
        {t("several_invites_known", number(known.length), number(groups.length))}
      </p>
      <EachProgress each={reading} label={t("several_invites_reading")} names={names} />
      <div class="row wrap">
        {missing.length > 0 ? (
          <Button
            kind={known.length === 0 ? "primary" : "plain"}
            icon={RefreshCw}
            isBusy={reading.progress.value !== undefined}
            onPress={() => reading.start(missing)}
          >
            {plural("several_invites_read", missing.length)}
          </Button>
        ) : null}
        {known.length > 0 ? (
          <>
            <CopyButton
              kind="primary"
              text={known.map(({ name, link }) => `${name}\n${link}`).join("\n\n")}
              label={plural("several_invites_copy", known.length)}
            />
            <Button icon={Printer} onPress={() => (isSheet.value = true)}>
              {t("several_sheet")}
            </Button>
          </>
        ) : null}
      </div>
      <ul class="divided" aria-label={t("several_task_invites")}>
        {known.map(({ id, name, link }) => (
          <li class="stack tight" key={id}>
            <strong class="clip">
              <bdi>{name}</bdi>
            </strong>
            <a class="small clip" href={link} target="_blank" rel="noreferrer noopener">
              <bdi>{link}</bdi>
            </a>
          </li>
        ))}
      </ul>
      {isSheet.value ? <Sheet invites={known} onClose={() => (isSheet.value = false)} /> : null}
    </>
  );
}

/** All QR codes on one sheet, six a page; printing prints it and nothing else. */
function Sheet({
  invites,
  onClose,
}: {
  invites: { id: string; name: string; link: string }[];
  onClose: () => unknown;
}) {
  const codes = useSignal<boolean[][][] | undefined>(undefined);
  useEffect(() => {
    // A chunk of our own package cannot be missing.
    void import("uqr").then(({ encode }) => {
      codes.value = invites.map(({ link }) => encode(link, { ecc: "M", border: 4 }).data);
    });
  }, [invites]);
  return (
    <section class="qr-sheet stack" aria-label={t("several_sheet")}>
      <div class="row wrap tools">
        <Button kind="primary" icon={Printer} isBusy={codes.value === undefined} onPress={() => print()}>
          {t("qr_print")}
        </Button>
        <Button kind="quiet" onPress={onClose}>
          {t("action_close")}
        </Button>
      </div>
      <div class="codes">
        {codes.value?.map((rows, at) => (
          <figure key={invites[at]?.id}>
            <svg
              viewBox={`0 0 ${rows.length} ${rows.length}`}
              role="img"
              aria-label={t("qr_label", invites[at]?.name ?? "")}
            >
              <rect width="100%" height="100%" fill="#fff" />
              <path d={pathOf(rows)} fill="#000" shape-rendering="crispEdges" />
            </svg>
            <figcaption>
              <strong>
                <bdi>{invites[at]?.name}</bdi>
              </strong>
              <span>{invites[at]?.link}</span>
            </figcaption>
          </figure>
        ))}
      </div>
    </section>
  );
}
