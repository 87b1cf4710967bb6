import { useSignal } from "@preact/signals";
import { Globe, RefreshCw, ScanSearch } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { draftKey } from "../../lib/shared/draft";
import { number, plural, t } from "../../lib/shared/i18n";
import { PAGE_INVITES } from "../../lib/shared/model";
import { send } from "../../lib/shared/send";
import { useJob, useOpenSteps } from "../models/job";
import { usePage, type PageModel } from "../models/page";
import { useShell } from "../models/shell";
import { useSavedJob, type SavedJob } from "../models/start";
import { toggled } from "../models/ticked";
import { Button } from "../parts/button";
import { ClosedFrames } from "../parts/closed-frames";
import { Dialog } from "../parts/dialog";
import { Check } from "../parts/field";
import { INVITE_ROW, InviteRow, isOurs } from "../parts/invite-row";
import { List } from "../parts/list";
import { FailureNotice } from "../parts/failure-notice";
import { Empty } from "../parts/empty";
import { Notice } from "../parts/notice";
import { PageAccess } from "../parts/page-access";
import { Skeleton } from "../parts/progress";
import { Today } from "../parts/today";
import { Question } from "./confirm";
import "../parts/stays.css";
import "./page.css";

/** The active tab's invites, and the question about one to join. */
export function Page() {
  const { connection } = useShell();
  const page = usePage();
  const id = connection.value?.id ?? "";
  const job = useSavedJob(draftKey({ form: "page", connection: id }, "job"));
  return (
    <>
      <Content page={page} job={job} />
      <Asking page={page} onJoin={job.follow} />
    </>
  );
}

function Content({ page, job }: { page: PageModel; job: SavedJob }) {
  const { go, settings } = useShell();
  const { view, failure, isBusy, find } = page;
  const ticked = useSignal<ReadonlySet<string>>(new Set());
  // Ticks of another page, or in a group that became ours, are not on screen.
  const codes = (view.value?.invites ?? []).flatMap((invite) =>
    ticked.value.has(invite.code) && !isOurs(invite) ? invite.code : [],
  );
  const joinSeveral = async () => {
    if (codes.length === 0) return;
    const started = await job.start({ kind: "join", codes, pace: "careful" });
    if (started !== undefined) ticked.value = new Set([...ticked.value].filter((code) => !codes.includes(code)));
  };
  const tick = (code: string, isTicked: boolean) => (ticked.value = toggled(ticked.value, code, isTicked));

  if (!view.value)
    return failure.value ? <FailureNotice failure={failure.value} onRetry={find} /> : <Skeleton rows={4} />;
  const { invites, origin, isPaused, closed } = view.value;
  const count = invites.filter(({ isGone }) => !isGone).length;
  return (
    // No form: `holdKeys` would hold its buttons right after opening.
    <div
      class="screen"
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || codes.length === 0) return;
        event.preventDefault();
        void joinSeveral();
      }}
    >
      <PageAccess />
      <div class="row">
        <span class="grow">
          <span class="clip muted small block">{origin ?? t("page_none")}</span>
          <strong role="status">{plural("page_found", count)}</strong>
        </span>
        <Button icon={RefreshCw} label={t("command_find_invites")} isBusy={isBusy.value} onPress={find} />
      </div>
      {failure.value ? <FailureNotice failure={failure.value} onRetry={find} /> : null}
      {job.failure.value ? <FailureNotice failure={job.failure.value} onRetry={joinSeveral} /> : null}
      {invites.length === 0 ? (
        <Empty
          icon={Globe}
          title={t("page_empty")}
          actions={
            <>
              <Button kind={origin ? "primary" : "plain"} icon={ScanSearch} isBusy={isBusy.value} onPress={find}>
                {t("command_find_invites")}
              </Button>
              <Button kind={origin ? "plain" : "primary"} onPress={() => go("/join")}>
                {t("page_paste")}
              </Button>
            </>
          }
        >
          {t(isPaused || !settings.value.isPageOn ? "page_empty_off" : "page_empty_text")}
        </Empty>
      ) : (
        <Invites page={page} job={job} ticked={ticked.value} onTick={tick} />
      )}
      {invites.length < PAGE_INVITES ? null : <Notice>{t("page_many", number(PAGE_INVITES))}</Notice>}
      <ClosedFrames hosts={closed} onAllowed={find} />
      {codes.length > 0 ? <Several count={codes.length} job={job} onJoin={joinSeveral} /> : null}
      {origin === undefined ? null : (
        <section class="stack close">
          <Check label={t("page_pause")} hint={t("page_pause_hint")} isOn={isPaused} onChange={page.pause} />
          <Check
            label={t("page_off")}
            isOn={!settings.value.isPageOn}
            isSet={settings.value.policy?.pageActions === false}
            onChange={(isOff) => void send("saveSettings", { isPageOn: !isOff })}
          />
        </section>
      )}
    </div>
  );
}

/** Stays while the list changes or another tab is activated. */
function Asking({ page, onJoin }: { page: PageModel; onJoin: (job: string) => void }) {
  const { pending } = useShell();
  const asked = pending.value?.isListed ? pending.value : undefined;
  // Marks it on the page, too.
  useEffect(() => page.show(asked?.code), [asked?.code]);
  if (!asked) return null;
  return (
    <Dialog title={t("title_confirm")} onClose={() => send("dismissInvite", { id: asked.id })}>
      <Question invite={asked} key={asked.id} onJoin={onJoin} />
    </Dialog>
  );
}

function Invites(props: {
  page: PageModel;
  job: SavedJob;
  ticked: ReadonlySet<string>;
  onTick: (code: string, isTicked: boolean) => void;
}) {
  const { go, openJobs } = useShell();
  const { job, page } = props;
  const { invites, origin } = page.view.value!;
  const scroller = useRef<HTMLElement | null>(null);
  const run = useJob(job.id).value;
  const joins = openJobs.value.filter((each) => each.input.kind === "join");
  const open = new Map(useOpenSteps(joins).map((step) => [step.target, step.job]));
  const joining = (code: string) => joins.find(({ id }) => id === open.get(code));
  return (
    <>
      <div ref={(box) => void (scroller.current = box?.closest("main") ?? null)}>
        <List
          items={invites}
          rowHeight={INVITE_ROW}
          keyOf={({ code }) => code}
          label={t("page_list")}
          scroller={scroller}
          render={(invite, isStop, at) => (
            <InviteRow
              invite={invite}
              place={at + 1}
              isStop={isStop}
              isTicked={props.ticked.has(invite.code)}
              joining={joining(invite.code)}
              last={run?.steps.find(({ target }) => target === invite.code)}
              onTick={(isTicked) => props.onTick(invite.code, isTicked)}
              onJoin={() => void send("showInvite", { code: invite.code, origin: origin ?? null, isListed: true })}
              onOpen={(group) => go(`/group/${encodeURIComponent(group)}`)}
              onPoint={(isOn) => page.show(isOn ? invite.code : undefined)}
            />
          )}
        />
      </div>
    </>
  );
}

function Several({ count, job, onJoin }: { count: number; job: SavedJob; onJoin: () => unknown }) {
  return (
    <div class="stack">
      <Notice tone="warn">{t("join_apart")}</Notice>
      <Today counter="joins" more={count} />
      <Button kind="primary" class="stays" isWide isBusy={job.isBusy.value} onPress={onJoin}>
        {plural("join_action", count)}
      </Button>
    </div>
  );
}
