import { useSignal } from "@preact/signals";
import { Globe, RefreshCw, ScanSearch } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { draftKey } from "../../lib/shared/draft";
import { plural, t } from "../../lib/shared/i18n";
import { PAGE_INVITES } from "../../lib/shared/model";
import { send } from "../../lib/shared/send";
import { summaryOf } from "../../lib/shared/summary";
import { dayOf, readTally } from "../../lib/store/read";
import { useJob, useLive } from "../models/live";
import { usePage, type PageModel } from "../models/page";
import { useShell } from "../models/shell";
import { useKeptJob, type KeptJob } from "../models/start";
import { toggled } from "../models/ticked";
import { Button } from "../parts/button";
import { ClosedFrames } from "../parts/closed-frames";
import { Dialog } from "../parts/dialog";
import { Check } from "../parts/field";
import { INVITE_ROW, InviteRow } from "../parts/invite-row";
import { List } from "../parts/list";
import { Empty, FailureNotice, Notice } from "../parts/notice";
import { PageAccess } from "../parts/page-access";
import { Skeleton } from "../parts/progress";
import { StartedJob } from "../parts/started-job";
import { jobTitle, verdictsText } from "../parts/verdicts";
import { Question } from "./confirm";
import "./page.css";

/** The invites of the tab in front, and over them the question about the one that the agent wants to join. */
export function Page() {
  const { connection } = useShell();
  const page = usePage();
  const id = connection.value?.id ?? "";
  const job = useKeptJob(draftKey({ form: "page", connection: id }, "job"));
  return (
    <>
      <Content page={page} job={job} />
      <Asked page={page} onJoin={job.follow} />
    </>
  );
}

/** Where each invite is, what it is for us, joining one or several, pausing on this site. */
function Content({ page, job }: { page: PageModel; job: KeptJob }) {
  const { go, settings } = useShell();
  const { view, failure, isBusy, find } = page;
  const ticked = useSignal<ReadonlySet<string>>(new Set());
  const joinSeveral = async () => {
    const started = await job.start({ kind: "join", codes: [...ticked.value], pace: "careful" });
    if (started !== undefined) ticked.value = new Set();
  };
  const tick = (code: string, isTicked: boolean) => (ticked.value = toggled(ticked.value, code, isTicked));

  if (!view.value)
    return failure.value ? <FailureNotice failure={failure.value} onRetry={find} /> : <Skeleton rows={4} />;
  const { invites, origin, isPaused, closed } = view.value;
  const count = invites.filter(({ isGone }) => !isGone).length;
  return (
    <div class="screen">
      <PageAccess />
      <div class="row">
        <span class="grow">
          <span class="clip muted small block">{origin ?? t("page_none")}</span>
          <strong role="status">{plural("page_found", count)}</strong>
        </span>
        <Button icon={RefreshCw} label={t("page_find")} isBusy={isBusy.value} onPress={find} />
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
                {t("page_find")}
              </Button>
              <Button kind={origin ? "plain" : "primary"} onPress={() => go("/join")}>
                {t("page_paste")}
              </Button>
            </>
          }
        >
          {t("page_empty_text")}
        </Empty>
      ) : (
        <Invites page={page} job={job} ticked={ticked.value} onTick={tick} />
      )}
      {invites.length < PAGE_INVITES ? null : <Notice>{t("page_many", PAGE_INVITES)}</Notice>}
      <ClosedFrames hosts={closed} onAllowed={find} />
      {ticked.value.size > 0 ? <Several count={ticked.value.size} job={job} onJoin={joinSeveral} /> : null}
      {origin === undefined ? null : (
        <section class="stack close">
          <Check label={t("page_pause")} hint={t("page_pause_hint")} isOn={isPaused} onChange={page.pause} />
          <Check
            label={t("page_off")}
            isOn={!settings.value.isPageOn}
            onChange={(isOff) => void send("saveSettings", { isPageOn: !isOff })}
          />
        </section>
      )}
    </div>
  );
}

/** The question about an invite of the list. It stays while the list changes, or another tab comes to the front. */
function Asked({ page, onJoin }: { page: PageModel; onJoin: (job: string) => void }) {
  const { pending } = useShell();
  const asked = pending.value?.isListed ? pending.value : undefined;
  // Where it stands is worth seeing while it is asked about, too.
  useEffect(() => page.show(asked?.code), [asked?.code]);
  if (!asked) return null;
  return (
    <Dialog title={t("title_confirm")} onClose={() => send("dismissInvite", { id: asked.id })}>
      <Question invite={asked} key={asked.id} onJoin={onJoin} />
    </Dialog>
  );
}

/** The list, and the result of what was joined from it. */
function Invites(props: {
  page: PageModel;
  job: KeptJob;
  ticked: ReadonlySet<string>;
  onTick: (code: string, isTicked: boolean) => void;
}) {
  const { go, openJobs } = useShell();
  const { job, page } = props;
  const { invites, origin } = page.view.value!;
  const scroller = useRef<HTMLElement | null>(null);
  const run = useJob(job.id).value;
  useAnnounced(run);
  const joining = (code: string) =>
    openJobs.value.find(({ input }) => input.kind === "join" && input.codes.includes(code));
  return (
    <>
      {run && run.steps.length > 1 ? <StartedJob id={run.job.id} job={job} isCard /> : null}
      <div ref={(box) => void (scroller.current = box?.closest("main") ?? null)} onKeyDown={moveInList}>
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

/** Says to a screen reader what became of a join, which only its row shows. A job of several does so itself. */
function useAnnounced(run: ReturnType<typeof useJob>["value"]): void {
  const { announcement } = useShell();
  const wasOpen = useRef(false);
  const isOpen = run !== undefined && run.steps.length === 1 && run.job.endedAt === undefined;
  useEffect(() => {
    if (wasOpen.current && run && !isOpen) {
      const { verdicts } = summaryOf(run.job, run.steps);
      announcement.value = t("job_announce", jobTitle(run.job), verdictsText(verdicts));
    }
    wasOpen.current = isOpen;
  }, [isOpen]);
}

/** Up and down lead from row to row, left and right between the box and the button of a row. */
function moveInList(event: KeyboardEvent): void {
  const target = event.target instanceof Element ? event.target : undefined;
  const row = target?.closest("li");
  if (!row || !target?.matches(".act, .tick")) return;
  const kind = target.matches(".tick") ? ".tick" : ".act";
  const other = kind === ".tick" ? ".act" : ".tick";
  const next = {
    ArrowDown: row.nextElementSibling?.querySelector<HTMLElement>(`${kind}:is(input, button)`),
    ArrowUp: row.previousElementSibling?.querySelector<HTMLElement>(`${kind}:is(input, button)`),
    ArrowLeft: row.querySelector<HTMLElement>(`${other}:is(input, button)`),
    ArrowRight: row.querySelector<HTMLElement>(`${other}:is(input, button)`),
  }[event.key];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** Joining all that are ticked, with the word of caution that it deserves. */
function Several({ count, job, onJoin }: { count: number; job: KeptJob; onJoin: () => unknown }) {
  const { connection, store } = useShell();
  const id = connection.value?.id ?? "";
  const tally = useLive(["tallies"], () => readTally(store, id, dayOf(Date.now())), [id]);
  return (
    <div class="stack">
      <Notice tone="warn">
        <p>{t("join_apart")}</p>
        {tally.value && tally.value.joins > 0 ? <p>{plural("confirm_tally", tally.value.joins)}</p> : null}
      </Notice>
      <Button kind="primary" class="stays" isWide isBusy={job.isBusy.value} onPress={onJoin}>
        {plural("join_action", count)}
      </Button>
    </div>
  );
}
