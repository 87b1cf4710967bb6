import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { inviteLink } from "../../lib/shared/ids";
import { send } from "../../lib/shared/send";
import { isOfOneGroup, useEach } from "./each";

/** Rereads the groups' links one by one, waiting out the request limit; `refused` have none. */
export function useLinks(groups: readonly string[]) {
  const found = useSignal<ReadonlyMap<string, string>>(new Map());
  const each = useEach(async (group) => {
    const reply = await send("readInvite", { group });
    if (reply.ok) found.value = new Map([...found.peek(), [group, inviteLink(reply.value.code)]]);
    return reply;
  });
  const failures = [...each.failures.value];
  const refused = new Map(failures.filter(([, failure]) => isOfOneGroup(failure)));
  const isReading = each.progress.value !== undefined;
  const read = () => each.start(groups.filter((group) => !found.peek().has(group)));
  useEffect(() => void read(), []);
  return {
    each,
    found: found.value,
    refused,
    isReading,
    /** Whether every group has a link or a refusal. */
    isWhole: !isReading && groups.every((group) => found.value.has(group) || refused.has(group)),
    failure: isReading ? undefined : failures.find(([, failure]) => !isOfOneGroup(failure))?.[1],
    read,
  };
}
