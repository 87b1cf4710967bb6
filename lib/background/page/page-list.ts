import type { Browser } from "webextension-polyfill";
import { PAGE_INVITES, type FoundInvite } from "../../shared/model";
import { plural } from "../../shared/i18n";
import { isUnusual } from "../../shared/invite";

/**
 * The invites of the page that each tab shows, in `storage.session`. Page scripts add to a list what they meet; a look
 * through the page puts it in order and tells the words around each.
 */

/** What `storage.session` holds of a tab. */
export interface PageList {
  origin: string | null;
  /** In the order of the document; those that are not on the page any more come last. */
  invites: FoundInvite[];
  /** Hosts of the visible frames that could not be looked into; empty for one without an address. */
  closed: string[];
}

/** Lists of pages over the browser. */
export interface PageLists {
  /** The list of the page that the tab shows now. */
  read(tab: number): Promise<PageList | undefined>;
  /** Adds what a page script met on a page of this origin. */
  add(tab: number, origin: string | null, codes: string[]): Promise<void>;
  /** Takes over what a look found. Of the codes that were `known` when it began, those that it did not find are gone. */
  replace(tab: number, list: PageList, known: string[]): Promise<void>;
}

const pageKey = (tab: number): string => `page:${tab}`;

/** The lists in `storage.session`, each with its tab; some may be of a page that the tab has left. */
export function pageLists(session: Record<string, unknown>): { tab: number; list: PageList }[] {
  return Object.entries(session)
    .filter(([key]) => key.startsWith("page:"))
    .map(([key, list]) => ({ tab: Number(key.slice(5)), list: list as PageList }));
}

/** How many invites are on the page now. */
export function countOf({ invites }: Pick<PageList, "invites">): number {
  return invites.filter(({ isGone }) => !isGone).length;
}

/**
 * Whether the tab still shows the page whose list was saved. Browsers drop a button's own title when a tab goes to another
 * page and keep it when a page only changes its address. So a list is judged when it is read, and the worker sleeps while
 * the agent browses.
 */
export async function isSamePage({ action }: Pick<Browser, "action">, tab: number): Promise<boolean> {
  try {
    const [own, common] = await Promise.all([action.getTitle({ tabId: tab }), action.getTitle({})]);
    return own !== common;
  } catch {
    // There is no such tab any more.
    return false;
  }
}

/** The lists over the browser; `changed` is called after one was written. The caller sees to it that calls come in turn. */
export function openPageLists(browser: Pick<Browser, "action" | "storage">, changed: () => void): PageLists {
  const { session } = browser.storage;

  async function read(tab: number): Promise<PageList | undefined> {
    const list = (await session.get(pageKey(tab)))[pageKey(tab)] as PageList | undefined;
    return list && (await isSamePage(browser, tab)) ? list : undefined;
  }

  async function save(tab: number, list: PageList): Promise<void> {
    const there = list.invites.filter(({ isGone }) => !isGone);
    const gone = list.invites.filter(({ isGone }) => isGone);
    const invites = [...there, ...gone].slice(0, PAGE_INVITES);
    await session.remove(await staleLists());
    await session.set({ [pageKey(tab)]: { ...list, invites } });
    const title = plural("page_title", countOf({ invites }));
    // A tab that was closed meanwhile has no button any more.
    await browser.action.setTitle({ tabId: tab, title }).catch(() => undefined);
    changed();
  }

  /** Keys of lists whose tabs show another page by now, or are closed: no event is used, as it would wake the worker. */
  async function staleLists(): Promise<string[]> {
    const lists = pageLists(await session.get(null));
    const isSame = await Promise.all(lists.map(({ tab }) => isSamePage(browser, tab)));
    return lists.filter((_, i) => !isSame[i]).map(({ tab }) => pageKey(tab));
  }

  return {
    read,

    async add(tab, origin, codes) {
      const list = await read(tab);
      const { invites, closed } = list?.origin === origin ? list : { invites: [], closed: [] };
      const there = new Set(invites.flatMap(({ code, isGone }) => (isGone ? [] : [code])));
      const fresh = new Set(codes.filter((code) => !there.has(code)));
      if (fresh.size === 0) return;
      const others = invites.filter(({ code }) => !fresh.has(code));
      const added = [...fresh].map((code) => ({ code, isUnusual: isUnusual(code) }));
      await save(tab, { origin, closed, invites: [...others, ...added] });
    },

    async replace(tab, list, known) {
      const before = await read(tab);
      const found = new Set(list.invites.map(({ code }) => code));
      const others = before?.origin === list.origin ? before.invites.filter(({ code }) => !found.has(code)) : [];
      const rest = others.map((invite) =>
        known.includes(invite.code) ? { ...invite, isGone: true as const } : invite,
      );
      await save(tab, { ...list, invites: [...list.invites, ...rest] });
    },
  };
}
