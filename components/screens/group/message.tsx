import { useSignal } from "@preact/signals";
import { PenLine, Send } from "lucide";
import { draftKey } from "../../../lib/shared/draft";
import { t } from "../../../lib/shared/i18n";
import type { Group } from "../../../lib/shared/model";
import { useJob } from "../../models/job";
import { useDraft } from "../../models/live";
import { useShell } from "../../models/shell";
import { Button } from "../../parts/button";
import { RefusalAhead } from "../../parts/refusals-ahead";
import { JobView } from "../../parts/job";
import { MessageText } from "../../parts/message-text";
import { FailureNotice } from "../../parts/failure-notice";
import { isTemplate, namesPerson, SendEach } from "../../parts/send-each";
import { useGroupJob } from "./job";
import { Form } from "../../parts/form";

/** A message to the group, kept until the gateway has it. */
export function Message({ group }: { group: Group }) {
  const { settings } = useShell();
  const draft = useDraft(draftKey({ form: "group-message", connection: group.connection, subject: group.id }, "text"));
  const isPreviewing = useSignal(false);
  const job = useGroupJob(group.id, "send");
  const read = useJob(job.id);
  if (job.id !== undefined) {
    const { job: current, steps } = read.value ?? {};
    const isSent = steps?.some((step) => step.target === group.id && step.state === "done") === true;
    const isOpen = current?.state === "running" || current?.state === "waiting" || current?.state === "paused";
    return (
      <div class="stack">
        <JobView id={job.id} onJob={job.follow} />
        {isOpen ? null : (
          <div>
            <Button
              icon={PenLine}
              onPress={() => {
                if (isSent) draft.clear();
                job.dismiss();
              }}
            >
              {isSent ? t("message_another") : t("message_back")}
            </Button>
          </div>
        )}
      </div>
    );
  }
  const text = draft.text.value;
  const isWrong = namesPerson(text);
  const send = async () => {
    if (isWrong) return;
    if (isTemplate(text)) isPreviewing.value = true;
    else await start();
  };
  const start = () => job.start({ kind: "send", chats: [group.id], text: text.trim(), pace: settings.value.pace });
  return (
    <Form class="stack" onSubmit={() => send()}>
      <RefusalAhead group={group} to="send" />
      <MessageText
        label={t("message_text")}
        rows={6}
        value={text}
        onInput={(value) => (draft.text.value = value)}
        hint={`${t("message_hint")} ${t("template_hint")}`}
        error={isWrong ? t("template_no_person") : undefined}
      />
      {job.failure.value ? <FailureNotice failure={job.failure.value} onRetry={send} /> : null}
      <Button
        type="submit"
        kind="primary"
        icon={Send}
        isWide
        isBusy={job.isBusy.value}
        isOff={text.trim() === "" || isWrong}
        title={text.trim() === "" ? t("message_empty") : undefined}
      >
        {isTemplate(text) ? t("message_preview") : t("message_send")}
      </Button>
      {isPreviewing.value ? (
        <SendEach groups={[group.id]} template={text.trim()} job={job} onClose={() => (isPreviewing.value = false)} />
      ) : null}
    </Form>
  );
}
