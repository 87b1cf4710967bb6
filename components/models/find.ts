import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { fold } from "../../lib/shared/text";
import type { GroupRow } from "../../lib/store/schema";
import type { Offer } from "./offers";
import { useShell } from "./shell";

/**
 * What is offered for a text beside the groups that match it. `settled` waits until that is known for what was typed last.
 * The code behind it is read with the first letter, so that the popup's first load stays small.
 */
export function useOffers(text: string): { offers: Offer[]; settled: () => Promise<Offer[]> } {
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
    // The store says itself what is wrong with it; the groups that match stay.
    const mine = read().catch(() => []);
    reading.current = mine;
    void mine.then((found) => {
      if (reading.current === mine) offers.value = found;
    });
  }, [store, id, text]);
  return { offers: offers.value, settled: () => reading.current };
}

/** Whether the groups come before the offers: a group that begins with what was typed is what was meant. */
export function areGroupsFirst(groups: GroupRow[], text: string): boolean {
  const typed = fold(text).trim();
  return groups[0]?.nameKey.startsWith(typed) === true;
}

/** The route that Enter leads to, or undefined when nothing matches. */
export function bestRoute(groups: GroupRow[], offers: Offer[], text: string): string | undefined {
  const [offer] = offers;
  const [group] = groups;
  if (offer && !areGroupsFirst(groups, text)) return offer.to;
  return group && groupRoute(group.id);
}

/** The route of a group; `tab` is one of its parts. */
export function groupRoute(id: string, tab?: string): string {
  return `/group/${encodeURIComponent(id)}${tab === undefined ? "" : `?tab=${tab}`}`;
}
