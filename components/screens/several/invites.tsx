import { useSignal } from "@preact/signals";
import { Printer, RefreshCw } from "lucide";
import { useEffect } from "preact/hooks";
import { number, plural, t } from "../../../lib/shared/i18n";
import type { Group } from "../../../lib/shared/model";
import { useReading } from "../../models/reading";
import { Button } from "../../parts/button";
import { CopyButton } from "../../parts/copy";
import { Counter } from "../../parts/counter";
import { EachProgress } from "../../parts/each-progress";
import { inviteLink, isInviteCode } from "../../../lib/shared/ids";
import { Modules } from "../../parts/qr";

/** The chosen groups' invite links, to copy or print as QR codes. */
export function Invites({ groups }: { groups: readonly Group[] }) {
  const reading = useReading(
    "invites",
    groups.map(({ id }) => id),
  );
  const isSheet = useSignal(false);
  const known = groups.flatMap(({ id, name, invite }) =>
    invite && isInviteCode(invite.code) ? [{ id, name, link: inviteLink(invite.code) }] : [],
  );
  const missing = groups.filter(({ id }) => !known.some((each) => each.id === id)).map(({ id }) => id);
  const names = new Map(groups.map(({ id, name }) => [id, name] as const));
  if (isSheet.value) return <Sheet invites={known} onClose={() => (isSheet.value = false)} />;
  return (
    <>
      <p class="muted">
        <Counter
          text={t("several_invites_known", number(known.length), number(groups.length))}
          meanwhile={reading.progress.value ? t("several_invites_reading") : undefined}
        />
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
          <li class="stack tight padded" key={id}>
            <strong class="clip">
              <bdi>{name}</bdi>
            </strong>
            <a class="small clip" href={link} target="_blank" rel="noreferrer noopener">
              <bdi>{link}</bdi>
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Six QR codes per page; prints nothing else. */
function Sheet({
  invites,
  onClose,
}: {
  invites: { id: string; name: string; link: string }[];
  onClose: () => unknown;
}) {
  const codes = useSignal<ReadonlyMap<string, boolean[][]>>(new Map());
  const links = invites.map(({ link }) => link).join(" ");
  useEffect(() => {
    const stop = new AbortController();
    void encodeAll(links.split(" "), stop.signal).then((made) => (codes.value = made));
    return () => stop.abort();
  }, [links]);
  const isReady = invites.every(({ link }) => codes.value.has(link));
  return (
    <section class="qr-sheet stack" aria-label={t("several_sheet")}>
      <div class="row wrap tools">
        <Button kind="primary" icon={Printer} isBusy={!isReady} onPress={() => print()}>
          {t("qr_print")}
        </Button>
        <Button kind="quiet" onPress={onClose}>
          {t("action_close")}
        </Button>
      </div>
      <div class="codes">
        {isReady
          ? invites.map(({ id, name, link }) => (
              <Code key={id} name={name} link={link} rows={codes.value.get(link) ?? []} />
            ))
          : null}
      </div>
    </section>
  );
}

function Code({ name, link, rows }: { name: string; link: string; rows: boolean[][] }) {
  const [host, code] = link.replace("https://", "").split(/(?<=\/)/u);
  return (
    <figure>
      <Modules rows={rows} name={name} />
      <figcaption>
        <strong>
          <bdi>{name}</bdi>
        </strong>
        <span class="small muted">
          {host}
          <wbr />
          {code}
        </span>
      </figcaption>
    </figure>
  );
}

/** Returns QR codes by link, made in slices of a few ms to keep the screen responsive. */
async function encodeAll(links: string[], signal: AbortSignal): Promise<ReadonlyMap<string, boolean[][]>> {
  // Our own chunk cannot be missing.
  const { encode } = await import("uqr");
  const made = new Map<string, boolean[][]>();
  let start = performance.now();
  for (const link of links) {
    if (signal.aborted) break;
    made.set(link, encode(link, { ecc: "M", border: 4 }).data);
    if (performance.now() - start < 8) continue;
    await new Promise((resolve) => setTimeout(resolve));
    start = performance.now();
  }
  return made;
}
