import { useSignal } from "@preact/signals";
import type { Failure } from "../../lib/shared/failure";
import { plural, t } from "../../lib/shared/i18n";
import { send } from "../../lib/shared/send";
import { dayOf, readTally } from "../../lib/store/read";
import { useDraft, useLive } from "../models/live";
import { useShell } from "../models/shell";
import { Button } from "../parts/button";
import { Field } from "../parts/field";
import { GroupPicker } from "../parts/group-picker";
import { JobView } from "../parts/job";
import { FailureNotice } from "../parts/notice";
import { Cautions } from "../parts/plan";

/** From so many messages on a day, a word of caution is shown. */
const MANY = 50;

/** One message to several groups, paced, never repeated by itself. */
export function Message() {
  const { connection, settings } = useShell();
  const id = connection.value?.id ?? "";
  const draft = useDraft(`message:text:${id}`);
  const picked = useDraft(`message:groups:${id}`);
  const started = useDraft(`message:job:${id}`);
  const tally = useLive(["tallies"], (store) => readTally(store, id, dayOf(Date.now())), [id]);
  const failure = useSignal<Failure | undefined>(undefined);
  const isBusy = useSignal(false);
  const chosen = new Set(picked.text.value.split(" ").filter(Boolean));
  const sendAll = async () => {
    if (isBusy.value || chosen.size === 0 || draft.text.value.trim() === "") return;
    isBusy.value = true;
    const reply = await send("startJob", {
      job: { kind: "send", chats: [...chosen], text: draft.text.value, pace: settings.value.pace },
      nonce: crypto.randomUUID(),
    });
    isBusy.value = false;
    failure.value = reply.ok ? undefined : reply.failure;
    if (reply.ok) started.text.value = reply.value.id;
  };
  if (started.text.value) {
    return (
      <div class="screen">
        <JobView id={started.text.value} onJob={(job) => (started.text.value = job)} />
        <div class="row wrap">
          <Button
            onPress={() => {
              draft.clear();
              picked.clear();
              started.clear();
            }}
          >
            {t("message_another")}
          </Button>
          <Button kind="quiet" onPress={() => started.clear()}>
            {t("create_again")}
          </Button>
        </div>
      </div>
    );
  }
  const sent = (tally.value?.messages ?? 0) + chosen.size;
  return (
    <form
      class="screen"
      onSubmit={(event) => {
        event.preventDefault();
        void sendAll();
      }}
    >
      <Field
        label={t("message_text")}
        value={draft.text.value}
        onInput={(text) => (draft.text.value = text)}
        rows={4}
      />
      <GroupPicker chosen={chosen} onChange={(next) => (picked.text.value = [...next].join(" "))} />
      {sent >= MANY ? <Cautions cautions={[{ key: "caution_messages", count: sent }]} /> : null}
      {failure.value ? <FailureNotice failure={failure.value} /> : null}
      <Button
        type="submit"
        kind="primary"
        isWide
        isBusy={isBusy.value}
        isOff={chosen.size === 0 || draft.text.value.trim() === ""}
      >
        {chosen.size === 0 ? t("message_choose") : plural("message_send", chosen.size)}
      </Button>
    </form>
  );
}
