import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { draftKey } from "../../lib/shared/draft";
import { plural, t } from "../../lib/shared/i18n";
import { CAUTION } from "../../lib/shared/model";
import { readSets } from "../../lib/store/read";
import { useChosen } from "../models/chosen";
import { useGone, useGroupRows } from "../models/group-rows";
import { unreadable, useDraft } from "../models/live";
import { useShell } from "../models/shell";
import { useFormJob } from "../models/start";
import { useTally } from "../models/tally";
import { Button } from "../parts/button";
import { GroupPicker } from "../parts/group-picker";
import { RefusalsAhead } from "../parts/refusals-ahead";
import { LastResult } from "../parts/last-result";
import { MessageText } from "../parts/message-text";
import { FailureNotice } from "../parts/failure-notice";
import { Cautions } from "../parts/plan";
import { isTemplate, namesPerson, SendEach } from "../parts/send-each";
import { StartedJob } from "../parts/started-job";
import { Today } from "../parts/today";
import { Form } from "../parts/form";
import "../parts/stays.css";

/** One message to several groups, never repeated automatically. The address may name a saved set or the list's choice. */
export function Message({ query }: { query?: URLSearchParams }) {
  const { connection, settings, store, go } = useShell();
  const id = connection.value?.id ?? "";
  const form = { form: "message", connection: id } as const;
  const draft = useDraft(draftKey(form, "text"));
  const picked = useDraft(draftKey(form, "groups"));
  const job = useFormJob(draftKey(form, "job"), () => {
    draft.clear();
    picked.clear();
  });
  const tally = useTally();
  const all = new Set(picked.text.value.split(" ").filter(Boolean));
  const gone = useGone(all);
  const chosen = new Set([...all].filter((group) => !gone.has(group)));
  const rows = useGroupRows(chosen) ?? [];
  const isPreviewing = useSignal(false);
  const isEach = isTemplate(draft.text.value);
  const set = query?.get("set") ?? undefined;
  const isFromList = query?.has("chosen") === true;
  const list = useChosen();
  const isRead = picked.isRead.value && job.isRead && list.isRead;
  useEffect(() => {
    // The earlier choice would otherwise overwrite the new one.
    if ((set === undefined && !isFromList) || !isRead) return;
    // The job bar shows the message under way.
    if (job.id !== undefined) {
      draft.clear();
      job.dismiss();
    }
    const choose = (groups: Iterable<string> | undefined) => {
      if (groups) picked.text.value = [...groups].join(" ");
      go("/message", true);
    };
    if (isFromList) choose(list.ids);
    else {
      void readSets(store, id, "groups").then(
        (sets) => choose(sets.find(({ name }) => name === set)?.groups),
        unreadable,
      );
    }
  }, [set, isFromList, isRead]);
  const isWrong = namesPerson(draft.text.value);
  const sendAll = async () => {
    if (chosen.size === 0 || draft.text.value.trim() === "" || isWrong) return;
    if (isEach) {
      isPreviewing.value = true;
      return;
    }
    await job.start({ kind: "send", chats: [...chosen], text: draft.text.value, pace: settings.value.pace });
  };
  if (job.id !== undefined) {
    const clear = () => {
      draft.clear();
      picked.clear();
    };
    const again = { another: t("message_another"), clear, back: t("create_again") };
    return <StartedJob id={job.id} job={job} again={again} />;
  }
  const sent = (tally.value?.messages ?? 0) + chosen.size;
  return (
    <Form class="screen" onSubmit={() => sendAll()}>
      <LastResult job={job.last} />
      <MessageText
        label={t("message_text")}
        value={draft.text.value}
        onInput={(text) => (draft.text.value = text)}
        rows={4}
        hint={t("template_hint")}
        error={isWrong ? t("template_no_person") : undefined}
      />
      <GroupPicker chosen={all} onChange={(next) => (picked.text.value = [...next].join(" "))} />
      <RefusalsAhead groups={rows} to="send" />
      {chosen.size > 0 ? <Today counter="messages" more={chosen.size} /> : null}
      {sent >= CAUTION.messages && chosen.size > 0 ? (
        <Cautions cautions={[{ key: "caution_messages", count: sent }]} />
      ) : null}
      {job.failure.value ? <FailureNotice failure={job.failure.value} /> : null}
      <Button
        type="submit"
        kind="primary"
        class="stays"
        isWide
        isBusy={job.isBusy.value}
        isOff={chosen.size === 0 || draft.text.value.trim() === "" || isWrong}
      >
        {chosen.size === 0 ? t("message_choose") : plural(isEach ? "message_preview" : "message_send", chosen.size)}
      </Button>
      {isPreviewing.value ? (
        <SendEach
          groups={[...chosen]}
          template={draft.text.value}
          job={job}
          onClose={() => (isPreviewing.value = false)}
        />
      ) : null}
    </Form>
  );
}
