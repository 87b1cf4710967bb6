import { useSignal } from "@preact/signals";
import { Globe, RefreshCw, ScanSearch } from "lucide";
import { useEffect } from "preact/hooks";
import browser from "webextension-polyfill";
import type { PageView } from "../../lib/shared/commands";
import { draftKey } from "../../lib/shared/draft";
import type { Failure, Reply } from "../../lib/shared/failure";
import { plural, t } from "../../lib/shared/i18n";
import { send } from "../../lib/shared/send";
import { dayOf, readTally } from "../../lib/store/read";
import { watch } from "../../lib/store/live";
import { useLive } from "../models/live";
import { useShell } from "../models/shell";
import { useKeptJob } from "../models/start";
import { PageAccess } from "../parts/page-access";
import { Button } from "../parts/button";
import { Check } from "../parts/field";
import { InviteState } from "../parts/invite";
import { Empty, FailureNotice, Notice, Tag } from "../parts/notice";
import { Skeleton } from "../parts/progress";
import { StartedJob } from "../parts/started-job";

/** The invites of the tab in front: what each is for us, joining one or several, pausing on this site. */
export function Page() {
  const { go, connection, settings, store } = useShell();
  const view = useSignal<PageView | undefined>(undefined);
  const failure = useSignal<Failure | undefined>(undefined);
  const isBusy = useSignal(false);
  const ticked = useSignal<ReadonlySet<string>>(new Set());
  const id = connection.value?.id ?? "";
  const job = useKeptJob(draftKey({ form: "page", connection: id }, "job"));
  const tally = useLive(["tallies"], () => readTally(store, id, dayOf(Date.now())), [id]);

  const take = (reply: Reply<PageView>) => {
    if (reply.ok) view.value = reply.value;
    failure.value = reply.ok ? undefined : reply.failure;
  };
  const find = async () => {
    isBusy.value = true;
    take(await send("findOnPage"));
    isBusy.value = false;
  };
  useEffect(() => {
    const stop = new AbortController();
    const read = () => void send("pageView").then((reply) => (stop.signal.aborted ? undefined : take(reply)));
    read();
    watch(store, ["invites", "groups"], read, stop.signal);
    // The worker is not told when a tab goes to another page; whoever looks at the list is.
    const navigated = (_tab: number, { status }: { status?: string }) => {
      if (status !== undefined) read();
    };
    browser.storage.session.onChanged.addListener(read);
    browser.tabs.onActivated.addListener(read);
    browser.tabs.onUpdated.addListener(navigated);
    return () => {
      stop.abort();
      browser.storage.session.onChanged.removeListener(read);
      browser.tabs.onActivated.removeListener(read);
      browser.tabs.onUpdated.removeListener(navigated);
    };
  }, [store]);

  const joinSeveral = async () => {
    const started = await job.start({ kind: "join", codes: [...ticked.value], pace: "careful" });
    if (started !== undefined) ticked.value = new Set();
  };
  const pause = (isPaused: boolean) => {
    const origin = view.value?.origin;
    if (origin === undefined) return;
    void send("pauseSite", { origin, isPaused })
      .then(() => send("pageView"))
      .then(take);
  };

  if (!view.value)
    return failure.value ? <FailureNotice failure={failure.value} onRetry={find} /> : <Skeleton rows={4} />;
  const { invites, origin, isPaused } = view.value;
  return (
    <div class="screen">
      <PageAccess />
      <div class="row">
        <span class="grow">
          <span class="clip muted small" style={{ display: "block" }}>
            {origin ?? t("page_none")}
          </span>
          <strong role="status">{plural("page_found", invites.length)}</strong>
        </span>
        <Button icon={RefreshCw} label={t("page_find")} isBusy={isBusy.value} onPress={find} />
      </div>
      {failure.value ? <FailureNotice failure={failure.value} onRetry={find} /> : null}
      {job.failure.value ? <FailureNotice failure={job.failure.value} onRetry={joinSeveral} /> : null}
      {job.id === undefined ? null : <StartedJob id={job.id} job={job} isCard />}
      {invites.length === 0 ? (
        <Empty
          icon={Globe}
          title={t("page_empty")}
          actions={
            <>
              <Button kind="primary" icon={ScanSearch} isBusy={isBusy.value} onPress={find}>
                {t("page_find")}
              </Button>
              <Button onPress={() => go("/join")}>{t("page_paste")}</Button>
            </>
          }
        >
          {t("page_empty_text")}
        </Empty>
      ) : (
        <ul class="divided" aria-label={t("page_list")}>
          {invites.map(({ code, context, known, group, isUnusual }) => (
            <li class="row" style={{ padding: "10px 0", alignItems: "flex-start" }} key={code}>
              {known?.state === "ours" ? null : (
                <input
                  class="tick"
                  type="checkbox"
                  aria-label={t("page_tick", code)}
                  checked={ticked.value.has(code)}
                  onChange={(event) => {
                    const next = new Set(ticked.value);
                    if (event.currentTarget.checked) next.add(code);
                    else next.delete(code);
                    ticked.value = next;
                  }}
                />
              )}
              <span class="grow stack tight">
                <span class="clip">
                  {group ? <bdi>{group.name}</bdi> : <bdi>{context ?? t("page_no_context")}</bdi>}
                </span>
                <span class="mono clip muted" dir="ltr">
                  {code}
                </span>
              </span>
              {isUnusual ? <Tag tone="warn">{t("join_unusual")}</Tag> : null}
              <InviteState known={known} />
              {known?.state === "ours" && group ? (
                <Button onPress={() => go(`/group/${encodeURIComponent(group.id)}`)}>{t("keys_open")}</Button>
              ) : (
                <Button onPress={() => void send("showInvite", { code, origin: origin ?? null })}>
                  {t("confirm_join")}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {ticked.value.size > 0 ? (
        <div class="stack">
          <Notice tone="warn">
            <p>{t("join_apart")}</p>
            {tally.value && tally.value.joins > 0 ? <p>{plural("confirm_tally", tally.value.joins)}</p> : null}
          </Notice>
          <Button kind="primary" isWide isBusy={job.isBusy.value} onPress={joinSeveral}>
            {plural("join_action", ticked.value.size)}
          </Button>
        </div>
      ) : null}
      {origin === undefined ? null : (
        <section class="stack" style={{ gap: "8px" }}>
          <Check label={t("page_pause")} hint={t("page_pause_hint")} isOn={isPaused} onChange={pause} />
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
