import type { Browser } from "webextension-polyfill";
import { PAGE_INVITES, PAGE_LIST, type FoundInvite } from "../../shared/model";
import { plural } from "../../shared/i18n";
import { isUnusual } from "../../shared/invite";

/** A tab's invites. Page scripts add to them; a search sorts them and adds context. */
export interface PageList {
  origin: string | null;
  /** In document order, gone ones last. */
  invites: FoundInvite[];
  /** Hosts of unread visible frames; "" without an address. */
  closed: string[];
}

/** The lists of all tabs. */
export interface PageLists {
  /** Undefined if the tab shows another page. */
  read(tab: number): Promise<PageList | undefined>;
  add(tab: number, origin: string | null, codes: string[]): Promise<void>;
  /** Stores a search's result. Codes `known` before but not found are marked gone. */
  replace(tab: number, list: PageList, known: string[]): Promise<void>;
}

const pageKey = (tab: number): string => `${PAGE_LIST}${tab}`;

/** Returns all stored lists, perhaps outdated. */
export function pageLists(session: Record<string, unknown>): { tab: number; list: PageList }[] {
  return Object.entries(session)
    .filter(([key]) => key.startsWith(PAGE_LIST))
    .map(([key, list]) => ({ tab: Number(key.slice(PAGE_LIST.length)), list: list as PageList }));
}

/** Counts invites still on the page. */
export function countOf({ invites }: Pick<PageList, "invites">): number {
  return invites.filter(({ isGone }) => !isGone).length;
}

/**
 * Whether the tab still shows the listed page: only navigation drops its button title. Needs no tab events, which would
 * wake the worker.
 */
export async function isSamePage({ action }: Pick<Browser, "action">, tab: number): Promise<boolean> {
  try {
    const [own, common] = await Promise.all([action.getTitle({ tabId: tab }), action.getTitle({})]);
    return own !== common;
  } catch {
    return false;
  }
}

/** Opens the lists. Calls must not overlap; `changed` follows each write. */
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
    await browser.action.setTitle({ tabId: tab, title }).catch(() => undefined);
    changed();
  }

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
