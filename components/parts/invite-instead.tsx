import { draftKey } from "../../lib/shared/draft";
import { plural, t } from "../../lib/shared/i18n";
import { fillInvitation } from "../../lib/shared/invitation";
import type { Job, Step } from "../../lib/shared/model";
import { personKey } from "../../lib/shared/person";
import { send } from "../../lib/shared/send";
import { useCommand } from "../models/command";
import { useLinks } from "../models/links";
import { useDraft } from "../models/live";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { Form } from "./form";
import { LinksReading } from "./links-reading";
import { MessageText } from "./message-text";
import { FailureNotice } from "./failure-notice";
import { Previews } from "./previews";
import type { Names } from "./results";

/** Sends refused people the invite link, with a preview each. */
export function InviteInstead(props: {
  job: Job;
  steps: Step[];
  names: Names;
  onClose: () => unknown;
  onJob?: (id: string) => unknown;
}) {
  const { job, steps, names } = props;
  const draft = useDraft(
    draftKey({ form: "invite-instead", connection: job.connection }, "text"),
    t("invite_instead_default"),
  );
  const { isBusy, failure, run } = useCommand();
  const targets = [...new Set(steps.map((step) => step.target))];
  const links = useLinks(targets);
  const unread = links.failure ?? (links.isReading ? undefined : [...links.refused.values()][0]);

  const template = draft.text.value;
  const hasLink = template.includes("{link}");
  const isReady = hasLink && targets.every((group) => links.found.has(group));
  const start = async () => {
    if (!isReady) return;
    const reply = await run(() =>
      send("inviteInstead", { job: job.id, template, indexes: steps.map(({ index }) => index) }),
    );
    if (!reply?.ok) return;
    props.onClose();
    props.onJob?.(reply.value.id);
  };
  const nameOf = (step: Step) =>
    "people" in job.input ? job.input.people.find(({ id }) => id === step.person)?.name : undefined;
  return (
    <Dialog title={t("invite_instead_title")} onClose={props.onClose}>
      <Form class="stack">
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
        {failure.value ? <FailureNotice failure={failure.value} onRetry={start} /> : null}
        <LinksReading links={links} failure={unread} onClose={props.onClose} />
        <Previews
          previews={steps.map((step) => {
            const name = nameOf(step);
            const number = step.person === undefined ? "" : names.person(step.person);
            const link = links.found.get(step.target) ?? "…";
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
          <Button type="submit" kind="primary" isBusy={isBusy.value} isOff={!isReady} onPress={start}>
            {plural("invite_instead_send", new Set(steps.map(({ person = "" }) => personKey(person))).size)}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
