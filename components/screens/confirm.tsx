import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { plural, t } from "../../lib/shared/i18n";
import { inviteLink } from "../../lib/shared/ids";
import type { KnownInvite, PendingInvite } from "../../lib/shared/model";
import { send } from "../../lib/shared/send";
import { isWord } from "../../lib/shared/text";
import { readGroup } from "../../lib/store/read";
import { readInvite } from "../../lib/store/read-invites";
import { useCommand } from "../models/command";
import { attachGuard, createGuard } from "../models/guard";
import { useLive } from "../models/live";
import { useShell } from "../models/shell";
import { useTally } from "../models/tally";
import { Button } from "../parts/button";
import { Field } from "../parts/field";
import { LookAlike } from "../parts/look-alike";
import { FailureNotice } from "../parts/failure-notice";
import { Notice } from "../parts/notice";
import "../parts/code.css";
import "./confirm.css";
import { Form } from "../parts/form";

/** An invite shown at a page's request. Only a deliberate press on Join sends anything. */
export function ConfirmInvite() {
  const { pending, go } = useShell();
  if (!pending.value) return null;
  return (
    <div class="screen">
      <Question invite={pending.value} key={pending.value.id} onJoin={(job) => go(`/activity/${job}`)} />
    </div>
  );
}

/** Asks about an invite, behind the guard. `onJoin` gets the started job. */
export function Question({ invite, onJoin }: { invite: PendingInvite; onJoin: (job: string) => void }) {
  const { connection, go } = useShell();
  const stop = useRef(new AbortController());
  const row = useRef<HTMLDivElement>(null);
  const { isBusy, failure, run } = useCommand();
  const isReady = useSignal(false);
  const isTyping = useSignal(false);
  const guard = useMemo(() => {
    const isShown = () => row.current?.querySelector(".join")?.getAttribute("aria-disabled") !== "true";
    return createGuard(() => performance.now(), isShown);
  }, [invite.id, invite.code]);
  const account = connection.value?.id;
  const known = useLive(
    ["invites", "groups"],
    async (store) => {
      const found = await readInvite(store, account ?? "", invite.code);
      const group = found?.group ? await readGroup(store, account ?? "", found.group) : undefined;
      return { found, group };
    },
    [account, invite.code],
  );
  const joins = useTally().value?.joins ?? 0;
  useEffect(() => {
    const controller = new AbortController();
    stop.current = controller;
    attachGuard(guard, controller.signal);
    const timer = setInterval(() => (isReady.value = guard.wait() === 0), 100);
    // Not Join, which a key meant for the page could press.
    row.current?.querySelector("button")?.focus();
    return () => {
      controller.abort();
      clearInterval(timer);
    };
  }, [guard]);
  // The agent must join what they read: anything new restarts the lock in the same frame.
  useLayoutEffect(() => {
    guard.changed();
    isReady.value = false;
  }, [
    guard,
    known.value?.found?.state,
    known.value?.found?.group,
    known.value?.group?.name,
    joins,
    account,
    connection.value?.name,
    failure.value,
  ]);

  const join = async () => {
    const reply = await run(() => send("confirmInvite", { connection: account, id: invite.id }));
    if (reply?.ok) onJoin(reply.value.job);
  };
  const dismiss = () => void send("dismissInvite", { id: invite.id });
  const { found } = known.value ?? {};
  const group = found?.state === "ours" ? known.value?.group : undefined;
  return (
    <div class="stack confirm">
      <GroupName known={found} name={known.value?.group?.name} />
      <InviteFacts invite={invite} known={found} />
      {joins > 0 ? <p class="small muted">{plural("confirm_tally", joins)}</p> : null}
      {failure.value ? <FailureNotice failure={failure.value} /> : null}
      <div class="row" ref={row}>
        <Button onPress={dismiss}>{t("action_cancel")}</Button>
        {group ? (
          <Button
            kind="primary"
            class="join"
            onPress={() => {
              dismiss();
              go(`/group/${encodeURIComponent(group.id)}`);
            }}
          >
            {t("confirm_open")}
          </Button>
        ) : (
          <Button
            kind="primary"
            class="join"
            isBusy={isBusy.value}
            isOff={!isReady.value}
            onPress={(event) => {
              const isSeen = document.hasFocus() && document.visibilityState === "visible";
              if (guard.allows(event, isSeen)) void join();
              else isTyping.value = true;
            }}
          >
            {t("confirm_join")}
          </Button>
        )}
      </div>
      {/* Below the buttons, which must not move. */}
      <p class="small muted" role="status">
        {invite.isFirst ? t("confirm_first") : null}
      </p>
      {isTyping.value && !group ? <TypedJoin onJoin={join} /> : null}
    </div>
  );
}

/** The group, if known, and whether we asked to join it before. */
function GroupName({ known, name }: { known?: KnownInvite; name?: string }) {
  if (known?.state === "ours" && name !== undefined) {
    return (
      <Notice tone="good" title={t("confirm_ours")}>
        <bdi>{name}</bdi>
      </Notice>
    );
  }
  return (
    <p class="muted">
      {name === undefined ? t("confirm_unknown") : t("confirm_known", name)}
      {known ? null : ` ${t("confirm_unsent")}`}
    </p>
  );
}

/** The invite, who asked, the account, and what speaks against joining. */
function InviteFacts({ invite, known }: { invite: PendingInvite; known?: KnownInvite }) {
  const { connection } = useShell();
  const { code, origin } = invite;
  const { state, group } = known ?? {};
  const pending = group === undefined ? "confirm_pending_unknown" : "confirm_pending";
  return (
    <>
      <dl class="facts">
        <dt>{t("confirm_code")}</dt>
        <dd class="code" dir="ltr">
          {code}
        </dd>
        <dt>{t("confirm_link")}</dt>
        <dd dir="ltr" class="small">
          {inviteLink(code)}
        </dd>
        <dt>{t("confirm_asked")}</dt>
        <dd>{origin ?? t("confirm_asked_unknown")}</dd>
        <dt>{t("confirm_with")}</dt>
        <dd>
          <bdi>{connection.value?.isSandbox ? t("settings_sandbox") : connection.value?.name}</bdi>
        </dd>
      </dl>
      <LookAlike address={origin ?? ""} />
      {code.length === 16 ? <Notice tone="warn">{t("confirm_private")}</Notice> : null}
      {state === "pending" ? <Notice tone="warn">{t(pending)}</Notice> : null}
      {state === "refused" ? <Notice tone="warn">{t("confirm_refused")}</Notice> : null}
    </>
  );
}

/** Joins by a typed word when the guard blocks presses. */
function TypedJoin({ onJoin }: { onJoin: () => Promise<void> }) {
  const typed = useSignal("");
  const word = t("confirm_word");
  return (
    <Form
      onSubmit={() => {
        if (isWord(typed.value, word, "JOIN")) void onJoin();
      }}
    >
      <Field
        label={t("confirm_type", word)}
        hint={t("confirm_type_hint")}
        value={typed.value}
        onInput={(text) => (typed.value = text)}
        input={{ autocomplete: "off", spellcheck: false }}
      />
    </Form>
  );
}
