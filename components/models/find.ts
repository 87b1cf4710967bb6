import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { fold } from "../../lib/shared/text";
import type { GroupRow } from "../../lib/store/schema";
import type { Offer } from "./offers";
import { useShell } from "./shell";

/** Returns a text's offers, loaded with the first letter. `latest` waits for those of the last text. */
export function useOffers(text: string): { offers: Offer[]; latest: () => Promise<Offer[]> } {
  const { store, connection } = useShell();
  const id = connection.value?.id ?? "";
  const offers = useSignal<Offer[]>([]);
  const reading = useRef<Promise<Offer[]>>(Promise.resolve([]));
  useLayoutEffect(() => {
    const read = async () => {
      if (text.trim() === "") return [];
      const { readOffers } = await import("./offers");
      return readOffers(store, id, text);
    };
    // The store reports its own trouble; matching groups stay.
    const mine = read().catch(() => []);
    reading.current = mine;
    void mine.then((found) => {
      // Nothing, as before, draws nothing anew.
      if (reading.current === mine && (found.length || offers.peek().length)) offers.value = found;
    });
  }, [store, id, text]);
  return { offers: offers.value, latest: () => reading.current };
}

/** Whether groups precede offers: one begins with the text. */
export function areGroupsFirst(groups: GroupRow[], text: string): boolean {
  const typed = fold(text).trim();
  return groups[0]?.nameKey.startsWith(typed) === true;
}

/** Returns the route for Enter; undefined if nothing matches. */
export function bestRoute(groups: GroupRow[], offers: Offer[], text: string): string | undefined {
  const [offer] = offers;
  const [group] = groups;
  if (offer && !areGroupsFirst(groups, text)) return offer.to;
  return group && groupRoute(group.id);
}

/** `tab`: one of the group's tabs. */
export function groupRoute(id: string, tab?: string): string {
  return `/group/${encodeURIComponent(id)}${tab === undefined ? "" : `?tab=${tab}`}`;
}
