import { useEffect } from "preact/hooks";
import { draftKey } from "../../lib/shared/draft";
import { plural, t, type MessageKey } from "../../lib/shared/i18n";
import { readPasted } from "../../lib/shared/pasted";
import { send } from "../../lib/shared/send";
import { useDraft } from "../models/live";
import { useShell } from "../models/shell";
import { useFormJob } from "../models/start";
import { Button } from "../parts/button";
import { Field } from "../parts/field";
import { FailureNotice } from "../parts/failure-notice";
import { Notice, Tag } from "../parts/notice";
import { InviteState, useKnownInvites } from "../parts/invite";
import { LastResult } from "../parts/last-result";
import { StartedJob } from "../parts/started-job";
import { Today } from "../parts/today";
import { Form } from "../parts/form";
import "../parts/stays.css";

/** Joins by link, code, or text with several. Asks first about a code in the route. `none`: the link had no invite. */
export function Join({ id: code, query }: { id?: string; query?: URLSearchParams }) {
  const { connection, route } = useShell();
  const connectionId = connection.value?.id ?? "";
  const form = { form: "join", connection: connectionId } as const;
  const draft = useDraft(draftKey(form, "text"));
  const job = useFormJob(draftKey(form, "job"), draft.clear);
  useEffect(() => {
    if (code === undefined) return;
    // Replaced, so that neither Cancel nor Back asks again.
    location.replace("#/join");
    // Fails only for malformed codes, with nothing to ask.
    void send("showInvite", { code, origin: null });
  }, [code]);
  const { invites, rejects } = readPasted(draft.text.value);
  const known = useKnownInvites(invites.map((invite) => invite.code));
  // An invite ours by the gateway's word alone, without a known group, may be joined again.
  const isOurs = (code: string) => known.get(code)?.known?.state === "ours" && known.get(code)?.group !== undefined;
  const fresh = invites.filter(({ code }) => !isOurs(code));

  const join = async () => {
    if (fresh.length === 0) return;
    await job.start({ kind: "join", codes: fresh.map((invite) => invite.code), pace: "careful" });
  };
  if (job.id !== undefined) {
    const again = { another: t("join_another"), clear: () => draft.clear(), back: t("action_back") };
    return <StartedJob id={job.id} job={job} again={again} />;
  }
  return (
    <Form class="screen" onSubmit={() => join()}>
      <LastResult job={job.last} />
      <Field
        label={t("join_text")}
        hint={t("join_hint")}
        value={draft.text.value}
        onInput={(text) => (draft.text.value = text)}
        rows={3}
        input={{
          autofocus: route.value.isOurs,
          spellcheck: false,
          placeholder: "https://chat.whatsapp.com/…",
          dir: draft.text.value ? "auto" : "ltr",
          onKeyDown: (event) => {
            if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey || event.isComposing) return;
            event.preventDefault();
            void join();
          },
        }}
      />
      {query?.has("none") && draft.text.value === "" ? <Notice tone="warn">{t("join_no_link")}</Notice> : null}
      <PastedList invites={invites} rejects={rejects} known={known} />
      {draft.text.value.trim() !== "" && invites.length === 0 && rejects.length === 0 ? (
        <Notice tone="warn">{t("join_nothing")}</Notice>
      ) : null}
      {fresh.length > 1 ? <p class="small muted">{t("join_apart")}</p> : null}
      <Today counter="joins" more={fresh.length} />
      {job.failure.value ? <FailureNotice failure={job.failure.value} /> : null}
      <Button type="submit" kind="primary" class="stays" isWide isBusy={job.isBusy.value} isOff={fresh.length === 0}>
        {fresh.length > 1 ? plural("join_action", fresh.length) : t("confirm_join")}
      </Button>
    </Form>
  );
}

/** Pasted invites with what is known of them, and rejects. */
function PastedList(props: ReturnType<typeof readPasted> & { known: ReturnType<typeof useKnownInvites> }) {
  const { invites, rejects, known } = props;
  return (
    <>
      {invites.length > 0 ? (
        <ul class="divided" aria-label={t("join_found")}>
          {invites.map((invite) => (
            <li class="row padded" key={invite.code}>
              <span class="grow">
                <span class="mono clip block" dir="ltr">
                  {invite.code}
                </span>
                {known.get(invite.code)?.group ? (
                  <a class="small" href={`#/group/${encodeURIComponent(known.get(invite.code)?.group?.id ?? "")}`}>
                    <bdi>{known.get(invite.code)?.group?.name}</bdi>
                  </a>
                ) : null}
              </span>
              {invite.isUnusual ? <Tag tone="warn">{t("join_unusual")}</Tag> : null}
              <InviteState known={known.get(invite.code)?.known} />
            </li>
          ))}
        </ul>
      ) : null}
      {rejects.map(({ text, why }) => (
        <Notice tone="warn" key={text} title={t(`join_no_${why.replaceAll("-", "_")}` as MessageKey)}>
          <span class="small clip block" dir="auto">
            {text}
          </span>
        </Notice>
      ))}
    </>
  );
}
