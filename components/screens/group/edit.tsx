import { useEffect, useRef } from "preact/hooks";
import { draftKey } from "../../../lib/shared/draft";
import { number, t } from "../../../lib/shared/i18n";
import { LIMITS, type Group, type Job } from "../../../lib/shared/model";
import { graphemes } from "../../../lib/shared/text";
import { useEscape } from "../../models/escape";
import { useJob } from "../../models/job";
import { useDraft } from "../../models/live";
import { GatewayAccess } from "../../parts/access";
import { Button } from "../../parts/button";
import { Field } from "../../parts/field";
import { JobView } from "../../parts/job";
import { FailureNotice } from "../../parts/failure-notice";
import { Notice } from "../../parts/notice";
import { whyText, verdictText } from "../../parts/verdicts";
import { useGroupJob } from "./job";
import { Form } from "../../parts/form";

/** Edits name and description, kept until the gateway has them. */
export function Edit({ group, onClose }: { group: Group; onClose: () => unknown }) {
  const form = { form: "edit", connection: group.connection, subject: group.id } as const;
  const name = useDraft(draftKey(form, "name"), group.name);
  const description = useDraft(draftKey(form, "description"), group.description ?? "");
  const job = useGroupJob(group.id, "update");
  const read = useJob(job.id);
  const first = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  useEffect(() => first.current?.focus(), []);
  // Only Cancel drops what was typed.
  useEscape(true, onClose);

  const { job: current, steps } = read.value ?? {};
  const [step] = steps ?? [];
  const isRunning = current?.state === "waiting" || current?.state === "running";
  const isSaved = current?.state === "done" && step?.verdict === "updated";
  const close = () => {
    name.clear();
    description.clear();
    job.dismiss();
    onClose();
  };
  useSaved(isSaved ? current : undefined, { group, name, description, dismiss: job.dismiss, onClose });

  const typed = name.text.value.trim();
  const isNameNew = typed !== group.name;
  const isDescriptionNew = description.text.value !== (group.description ?? "");
  const isChanged = isNameNew || isDescriptionNew;
  const save = () => {
    if (typed === "") return first.current?.focus();
    if (!isChanged || isRunning) return undefined;
    return job.start({
      kind: "update",
      group: group.id,
      ...(isNameNew ? { name: typed } : {}),
      ...(isDescriptionNew ? { description: description.text.value } : {}),
    });
  };
  const why = step && whyText(step, "update");
  const needsMore = current !== undefined && !isRunning && !isSaved && step?.verdict !== "not-updated";
  return (
    <Form class="band stack" aria-label={t("group_edit")} onSubmit={() => save()}>
      <h2>{t("group_edit")}</h2>
      {group.isAdmin === false ? <p class="small muted">{t("group_not_admin_hint")}</p> : null}
      <Field
        label={t("group_name")}
        value={name.text.value}
        onInput={(value) => (name.text.value = value)}
        inputRef={first}
        error={typed === "" && name.isRead.value ? t("group_name_needed") : undefined}
        hint={<Length of={name.text.value} limit={LIMITS.name} />}
      />
      <Field
        label={t("group_description")}
        isOptional
        rows={3}
        value={description.text.value}
        onInput={(value) => (description.text.value = value)}
        hint={<Length of={description.text.value} limit={LIMITS.description} />}
      />
      {job.failure.value ? <FailureNotice failure={job.failure.value} onRetry={save} /> : null}
      {step?.verdict === "not-updated" && !isRunning ? (
        <Notice tone="bad" title={verdictText("not-updated")}>
          <p>
            {why?.sentence} {why?.next}
          </p>
          {step.detail ? <p class="small muted">{t("failure_said", step.detail)}</p> : null}
          {step.failure === "no-permission" ? <GatewayAccess /> : null}
        </Notice>
      ) : null}
      {needsMore && job.id !== undefined ? <JobView id={job.id} onJob={job.follow} /> : null}
      <div class="row">
        <Button
          type="submit"
          kind="primary"
          isBusy={isRunning || job.isBusy.value}
          isOff={!isChanged || typed === ""}
          title={isChanged ? undefined : t("group_nothing_changed")}
        >
          {isRunning ? t("group_saving") : t("group_save")}
        </Button>
        <Button kind="quiet" onPress={close}>
          {t("action_cancel")}
        </Button>
      </div>
    </Form>
  );
}

/** Once a save is read: drops what it sent, and closes the form unless more was typed since. */
function useSaved(
  saved: Job | undefined,
  form: { group: Group; name: Draft; description: Draft; dismiss: () => void; onClose: () => unknown },
): void {
  const { group, name, description } = form;
  const openedAt = useRef(Date.now());
  const isRead = name.isRead.value && description.isRead.value;
  useEffect(() => {
    if (!isRead || saved?.input.kind !== "update") return;
    const { input, endedAt = 0 } = saved;
    const isNameSent = name.text.value.trim() === (input.name ?? group.name);
    const isDescriptionSent = description.text.value === (input.description ?? group.description ?? "");
    if (isNameSent) name.clear();
    if (isDescriptionSent) description.clear();
    form.dismiss();
    // Of an edit saved while the form was closed, it is no news.
    if (isNameSent && isDescriptionSent && endedAt >= openedAt.current) form.onClose();
  }, [saved?.id, isRead]);
}

type Draft = ReturnType<typeof useDraft>;

/** Counts visible characters near or over the limit. */
function Length({ of, limit }: { of: string; limit: number }) {
  const length = graphemes(of);
  if (length > limit) return <span class="over">{t("group_name_long", number(length), number(limit))}</span>;
  return length > limit * 0.8 ? <span class="num">{t("group_length", number(length), number(limit))}</span> : null;
}
