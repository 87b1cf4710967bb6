import type { Cursor, Dialect, PageRequest, Paging } from "../../shared/model";
import { PAGE_SIZES } from "./dialects";

/** Which page of a list to ask for next, from what the pages so far were like. */
export interface Pages {
  /** What to ask for; undefined: the list without a word about pages. */
  readonly next: PageRequest | undefined;
  /** Distinct rows so far, and how many there are in all, where the gateway says so. */
  readonly count: number;
  readonly total: number | undefined;
  /** How the gateway pages, once that is certain. */
  readonly found: Paging | undefined;
  /** A page came. `again`: ask for `next`. `all`: the list is whole. `short`: it ended before its end. */
  took(page: TakenPage, distinct: number): "again" | "all" | "short";
  /** The gateway did not take the question. `again`: ask for `next`. `all`: it knows no pages, so the first was all. */
  refused(): "again" | "all" | "failed";
}

/** What an answer says of its pages. */
export interface PagingWords {
  total?: number;
  totalPages?: number;
  limit?: number;
  /** Whether this page is not the last. */
  hasMore?: boolean;
}

interface TakenPage extends PagingWords {
  rows: number;
  /** Whether it had an id that none before it had. */
  isNews: boolean;
}

const [LONGEST, DOCUMENTED] = PAGE_SIZES;

/**
 * Without `list`: a list that is taken as it comes, page by page only where the gateway says so. With it, the list of
 * groups: asked for as the dialect says or as it is known to work, with the longest page that the gateway allows.
 */
export function openPages(list?: { dialect: Dialect; paging?: Paging; from?: Cursor }): Pages {
  const { dialect, paging, from } = list ?? {};
  let next = from ? from.next : firstOf(dialect, paging);
  let total = from?.total;
  let found = paging;
  let distinct = 0;
  /** The longest page so far, and rows received, doubles included. */
  let length = 0;
  let received = from && "offset" in from.next ? from.next.offset : 0;
  let taken = 0;
  // A reading that goes on keeps to the pages that it counted.
  let mayRaise = list !== undefined && paging === undefined && !from;
  /** What to ask for when the longer page, which was asked for just now, does not come. */
  let fallback: PageRequest | undefined;

  const count = () => (from?.count ?? 0) + distinct;
  const ask = (page: PageRequest, otherwise?: PageRequest): "again" => {
    if (otherwise) mayRaise = false;
    fallback = otherwise;
    next = page;
    return "again";
  };

  /** The gateway counts its pages: a longer one is asked for when that saves requests, from the first one on. */
  function byNumber({ rows, isNews, totalPages, limit }: TakenPage & { totalPages: number }) {
    const at = next && "page" in next ? next.page : 1;
    const given = limit ?? Math.max(length, rows);
    const before = fallback;
    const isVain = given <= length;
    length = Math.max(length, given);
    const rest = totalPages - at;
    const isWorthIt = length < LONGEST && Math.ceil((total ?? rest * length) / LONGEST) <= rest;
    const after: PageRequest = { page: at + 1, ...(length > 0 ? { limit: length } : {}) };
    if (mayRaise && rest > 0 && isWorthIt) return ask({ page: 1, limit: LONGEST }, after);
    if (list && length > 0 && (before !== undefined || rest > 0)) found = { by: "page", limit: length };
    if (before !== undefined && isVain) return ask(before);
    if (rest <= 0) return "all";
    return isNews || before !== undefined ? ask(after) : "short";
  }

  /** Nobody says how long a page is: full pages have round lengths, and one that is shorter than another is the last. */
  function byOffset({ rows, isNews, hasMore }: TakenPage) {
    const asked = next && "offset" in next && next.offset > 0 ? next : undefined;
    const isShort = hasMore === true || (total !== undefined && count() < total);
    if (!isNews) {
      // The same rows again: it returns all of them, whatever it is asked for.
      if (list && asked && rows > 0 && !isShort) found = { by: "whole" };
      return isShort ? "short" : "all";
    }
    if (list && asked) found = { by: "offset", limit: asked.limit };
    length = Math.max(length, rows);
    // A list that happens to be as long as a page costs a request more; a page taken for the whole would hide groups.
    const isFull = rows === length && isRound(length) && total === undefined && hasMore === undefined;
    if (!isShort && !(isFull && list !== undefined && found?.by !== "whole")) return "all";
    const limit = asked?.limit ?? (found?.by === "offset" ? found.limit : LONGEST);
    return ask({ limit, offset: received }, mayRaise ? { limit: DOCUMENTED, offset: received } : undefined);
  }

  return {
    get next() {
      return next;
    },
    get count() {
      return count();
    },
    get total() {
      return total;
    },
    get found() {
      return found;
    },
    took(page, all) {
      distinct = all;
      received += page.rows;
      taken += 1;
      total = page.total ?? total;
      const { totalPages } = page;
      return totalPages === undefined ? byOffset(page) : byNumber({ ...page, totalPages });
    },
    refused() {
      if (fallback) return ask(fallback);
      // It does not return so many, or what worked once no longer works: ask as it is documented.
      const plain = dialect === "reference" ? { limit: DOCUMENTED, offset: 0 } : undefined;
      if (list && taken === 0 && !from && JSON.stringify(next) !== JSON.stringify(plain)) {
        found = undefined;
        next = plain;
        return "again";
      }
      // The guide knows no pages: where asking for more is refused, the first one was all.
      if (dialect !== "guide" || taken !== 1 || from || total !== undefined) return "failed";
      found = { by: "whole" };
      return "all";
    },
  };
}

/** Whether a page may be full with so many rows: programmers choose fives, tens and powers of two. */
function isRound(length: number): boolean {
  return length % 5 === 0 || (length >= 8 && Number.isInteger(Math.log2(length)));
}

/** How the list of groups is asked for at first. */
function firstOf(dialect: Dialect | undefined, paging: Paging | undefined): PageRequest | undefined {
  if (paging?.by === "page") return { page: 1, limit: paging.limit };
  if (paging?.by === "offset") return { limit: paging.limit, offset: 0 };
  return dialect === "reference" && paging === undefined ? { limit: LONGEST, offset: 0 } : undefined;
}
