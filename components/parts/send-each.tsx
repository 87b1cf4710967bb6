import { plural, t } from "../../lib/shared/i18n";
import { fillInvitation } from "../../lib/shared/invitation";
import type { Group } from "../../lib/shared/model";
import { readGroupsOf } from "../../lib/store/read";
import { useLinks } from "../models/links";
import { useLive } from "../models/live";
import { useShell } from "../models/shell";
import type { SavedJob } from "../models/start";
import { FormDialog } from "./dialog";
import { LinksReading } from "./links-reading";
import { failureText, Notice } from "./notice";
import { Previews } from "./previews";

/** Whether a text differs by group. */
export function isTemplate(text: string): boolean {
  return /\{(?:group|link)\}/.test(text);
}

/** Whether a text names one person, which messages to groups cannot. */
export function namesPerson(text: string): boolean {
  return text.includes("{name}");
}

/** Previews and sends each group's message with its name and link. Groups without a link are listed and skipped. */
export function SendEach(props: {
  groups: readonly string[];
  template: string;
  job: SavedJob;
  onClose: () => unknown;
}) {
  const { groups, template, job } = props;
  const { connection, settings } = useShell();
  const id = connection.value?.id ?? "";
  const links = useLinks(template.includes("{link}") ? groups : []);
  const read = useLive(
    ["groups"],
    async (store) => {
      return [...(await readGroupsOf(store, id, groups)).values()];
    },
    [id, groups.join()],
  );
  const known = read.value ?? [];
  const refused = known.filter((group) => links.refused.has(group.id));
  const going = known.filter((group) => !links.refused.has(group.id));
  const textOf = (group: Group) =>
    fillInvitation(template, { group: group.name, link: links.found.get(group.id) ?? "…" });
  const start = async () => {
    const chats = going.map((group) => group.id);
    const texts = going.map(textOf);
    const begun = await job.start({ kind: "send", chats, text: template, texts, pace: settings.value.pace });
    if (begun !== undefined) props.onClose();
  };
  return (
    <FormDialog
      title={t("send_each_title")}
      failure={job.failure.value}
      action={plural("message_send", going.length)}
      isBusy={job.isBusy.value}
      isOff={!links.isWhole || going.length === 0}
      onSend={start}
      onClose={props.onClose}
    >
      <LinksReading links={links} failure={links.failure} onClose={props.onClose} />
      {refused.length > 0 ? (
        <Notice tone="warn" title={plural("send_each_refused", refused.length)}>
          {refused.map((group) => (
            <p key={group.id}>
              <bdi>{group.name}</bdi>: {failureText(links.refused.get(group.id)!).sentence}
            </p>
          ))}
        </Notice>
      ) : null}
      <Previews previews={going.map((group) => ({ key: group.id, to: group.name, text: textOf(group) }))} />
    </FormDialog>
  );
}
