import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { draftKey } from "../../lib/shared/draft";
import { ok, type Reply } from "../../lib/shared/failure";
import { plural, t } from "../../lib/shared/i18n";
import { fillInvitation } from "../../lib/shared/invitation";
import type { Job, Step } from "../../lib/shared/model";
import { send } from "../../lib/shared/send";
import { useCommand } from "../models/command";
import { inviteLink } from "../../lib/shared/ids";
import { useDraft } from "../models/live";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { MessageText } from "./message-text";
import { FailureNotice, Notice } from "./notice";
import { Previews } from "./previews";
import type { Names } from "./results";

/** Sends the people who were not added the invite link by message: template, preview of each recipient, send. */
export function InviteInstead(props: {
  job: Job;
  /** The refused people. */
  steps: Step[];
  names: Names;
  /** The one of them who is meant, where others of the job were refused, too. */
  person?: string;
  onClose: () => unknown;
  onJob: (id: string) => unknown;
}) {
  const { job, steps, names, person } = props;
  const draft = useDraft(
    draftKey({ form: "invite-instead", connection: job.connection }, "text"),
    t("invite_instead_default"),
  );
  const { isBusy, failure, run } = useCommand();
  const codes = useSignal<ReadonlyMap<string, string>>(new Map());
  const targets = [...new Set(steps.map((step) => step.target))];

  const codeOf = (group: string) => codes.value.get(group) ?? names.groups.get(group)?.invite?.code;
  const readCodes = async (): Promise<Reply<void>> => {
    for (const group of targets) {
      if (codeOf(group) !== undefined) continue;
      const reply = await send("readInvite", { group });
      if (!reply.ok) return reply;
      codes.value = new Map([...codes.value, [group, reply.value.code]]);
    }
    return ok(undefined);
  };
  const read = () => run(readCodes);
  useEffect(() => void read(), []);

  const template = draft.text.value;
  const hasLink = template.includes("{link}");
  const isReady = hasLink && targets.every((group) => codeOf(group) !== undefined);
  const start = async () => {
    if (!isReady) return;
    const reply = await run(() =>
      send("inviteInstead", { job: job.id, template, ...(person === undefined ? {} : { person }) }),
    );
    if (!reply?.ok) return;
    props.onClose();
    props.onJob(reply.value.id);
  };
  const nameOf = (step: Step) =>
    "people" in job.input ? job.input.people.find(({ id }) => id === step.person)?.name : undefined;
  return (
    <Dialog title={t("invite_instead_title")} onClose={props.onClose}>
      <p>{t("invite_instead_text")}</p>
      <MessageText
        label={t("invite_instead_template")}
        rows={4}
        value={template}
        onInput={(text) => (draft.text.value = text)}
        hint={t("invite_instead_hint")}
        error={hasLink ? undefined : t("invite_instead_no_link")}
      />
      {template === t("invite_instead_default") ? null : (
        <div>
          <Button kind="quiet" onPress={draft.clear}>
            {t("invite_instead_reset")}
          </Button>
        </div>
      )}
      {failure.value ? <FailureNotice failure={failure.value} onRetry={isReady ? start : read} /> : null}
      {isBusy.value && !isReady ? <Notice>{t("invite_instead_reading")}</Notice> : null}
      <Previews
        previews={steps.map((step) => {
          const name = nameOf(step);
          const code = codeOf(step.target);
          const number = step.person === undefined ? "" : names.person(step.person);
          const link = code === undefined ? "…" : inviteLink(code);
          const group = names.groups.get(step.target)?.name ?? step.target;
          return {
            key: String(step.index),
            to: name ? `${name} (${number})` : number,
            text: fillInvitation(template, { link, group, name }),
          };
        })}
      />
      <div class="row end">
        <Button onPress={props.onClose}>{t("action_cancel")}</Button>
        <Button kind="primary" isBusy={isBusy.value && isReady} isOff={!isReady} onPress={start}>
          {plural("invite_instead_send", steps.length)}
        </Button>
      </div>
    </Dialog>
  );
}
