import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Failure } from "../../lib/shared/failure";
import { plural, t } from "../../lib/shared/i18n";
import { fillInvitation } from "../../lib/shared/invitation";
import type { Group } from "../../lib/shared/model";
import { send } from "../../lib/shared/send";
import { readGroup } from "../../lib/store/read";
import { useLive } from "../models/live";
import { useShell } from "../models/shell";
import type { KeptJob } from "../models/start";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { inviteLink } from "../../lib/shared/ids";
import { FailureNotice, failureText, Notice } from "./notice";
import { Previews } from "./previews";
import { Progress } from "./progress";

/** Failures of one group's link alone: the others go on. */
const OF_ONE: ReadonlySet<Failure["code"]> = new Set<Failure["code"]>([
  "not-admin",
  "group-gone",
  "rejected",
  "bad-answer",
  "empty-answer",
  "not-json",
]);

/** Whether a text says something else to each group. */
export function isTemplate(text: string): boolean {
  return /\{(?:group|link)\}/.test(text);
}

/** Whether a text names one person, which a message to a group cannot. */
export function namesPerson(text: string): boolean {
  return text.includes("{name}");
}

/**
 * Shows what each group will get, with its name and invite link filled in, and sends that. A group whose link cannot be had
 * is named and left out.
 */
export function SendEach(props: { groups: readonly string[]; template: string; job: KeptJob; onClose: () => unknown }) {
  const { template, job } = props;
  const { connection, settings } = useShell();
  const id = connection.value?.id ?? "";
  const links = useLinks(template.includes("{link}") ? props.groups : []);
  const read = useLive(
    ["groups"],
    async (store) => {
      const found = await Promise.all(props.groups.map((group) => readGroup(store, id, group)));
      return found.filter((group): group is Group => group !== undefined);
    },
    [id, props.groups.join()],
  );
  const known = read.value ?? [];
  const going = known.filter((group) => !links.refused.value.has(group.id));
  const textOf = (group: Group) =>
    fillInvitation(template, { group: group.name, link: links.found.value.get(group.id) ?? "…" });
  const start = async () => {
    const chats = going.map((group) => group.id);
    const texts = going.map(textOf);
    const begun = await job.start({ kind: "send", chats, text: template, texts, pace: settings.value.pace });
    if (begun !== undefined) props.onClose();
  };
  const isReady = links.isWhole.value && going.length > 0;
  return (
    <Dialog title={t("send_each_title")} onClose={props.onClose}>
      {links.isBusy.value ? (
        <Progress
          done={(links.found.value.size + links.refused.value.size) / Math.max(1, props.groups.length)}
          label={t("invite_instead_reading")}
        />
      ) : null}
      {links.failure.value ? <FailureNotice failure={links.failure.value} onRetry={links.read} /> : null}
      {links.refused.value.size > 0 ? (
        <Notice tone="warn" title={plural("send_each_refused", links.refused.value.size)}>
          {known.map((group) => {
            const failure = links.refused.value.get(group.id);
            return failure ? (
              <p key={group.id}>
                <bdi>{group.name}</bdi>: {failureText(failure).sentence}
              </p>
            ) : null;
          })}
        </Notice>
      ) : null}
      <Previews previews={going.map((group) => ({ key: group.id, to: group.name, text: textOf(group) }))} />
      {job.failure.value ? <FailureNotice failure={job.failure.value} /> : null}
      <div class="row end">
        <Button onPress={props.onClose}>{t("action_cancel")}</Button>
        <Button kind="primary" isBusy={job.isBusy.value} isOff={!isReady} onPress={start}>
          {plural("message_send", going.length)}
        </Button>
      </div>
    </Dialog>
  );
}

/** The invite links of groups, read anew, one after the other; `refused` are those that cannot be had. */
function useLinks(groups: readonly string[]) {
  const found = useSignal<ReadonlyMap<string, string>>(new Map());
  const refused = useSignal<ReadonlyMap<string, Failure>>(new Map());
  const failure = useSignal<Failure | undefined>(undefined);
  const isBusy = useSignal(false);
  const isWhole = useSignal(groups.length === 0);
  const read = async (signal: AbortSignal) => {
    isBusy.value = true;
    failure.value = undefined;
    for (const group of groups) {
      if (signal.aborted) return;
      if (found.peek().has(group) || refused.peek().has(group)) continue;
      const reply = await send("readInvite", { group });
      if (reply.ok) found.value = new Map([...found.peek(), [group, inviteLink(reply.value.code)]]);
      else if (OF_ONE.has(reply.failure.code)) refused.value = new Map([...refused.peek(), [group, reply.failure]]);
      else {
        failure.value = reply.failure;
        break;
      }
    }
    isBusy.value = false;
    isWhole.value = failure.peek() === undefined;
  };
  const stop = useSignal(new AbortController());
  const begin = () => {
    stop.value = new AbortController();
    return read(stop.value.signal);
  };
  useEffect(() => {
    if (groups.length > 0) void begin();
    return () => stop.peek().abort();
  }, []);
  return { found, refused, failure, isBusy, isWhole, read: begin };
}
