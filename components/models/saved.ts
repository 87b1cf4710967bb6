import { useEffect } from "preact/hooks";
import type { DraftKey } from "../../lib/shared/draft";
import { latestDraft, saveDraft } from "./drafts";
import { unreadable } from "./live";
import { useShell } from "./shell";

/** Stores a view's text: restores it once, then saves each change. `on`: what the text belongs to; waits while false. */
export function useSavedText(
  key: DraftKey,
  restore: (text: string) => void,
  follow: (save: (text: string) => void) => () => void,
  on: unknown,
) {
  const shell = useShell();
  useEffect(() => {
    if (on === false) return undefined;
    let unfollow = () => {};
    let isOver = false;
    void latestDraft(shell, key).then((text) => {
      if (isOver) return;
      if (text) restore(text);
      let last = text ?? "";
      unfollow = follow((next) => {
        if (next === last) return;
        last = next;
        void saveDraft(shell, key, next || null);
      });
    }, unreadable);
    return () => {
      isOver = true;
      unfollow();
    };
  }, [shell, ...key, on]);
}

/** Restores the scroll position once all rows are known, and saves it from then on: fewer rows reach less far. */
export function useSavedScroll(key: DraftKey, scroller: { current: HTMLElement | null }, isWhole: boolean) {
  useSavedText(
    key,
    (text) => scroller.current?.scrollTo(0, Number(text)),
    (save) => {
      const host = scroller.current;
      const scrolled = () => save(host && host.scrollTop > 0 ? String(Math.round(host.scrollTop)) : "");
      const stop = new AbortController();
      host?.addEventListener("scrollend", scrolled, { signal: stop.signal });
      return () => stop.abort();
    },
    isWhole,
  );
}
