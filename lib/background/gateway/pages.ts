import type { Cursor, Dialect, PageRequest, Paging } from "../../shared/model";
import type { GatewayFailure } from "./answer";
import { PAGE_SIZES } from "./dialects";

/** Decides the next page. */
export interface Pages {
  /** Undefined: ask without paging. */
  readonly next: PageRequest | undefined;
  /** Distinct rows so far. */
  readonly count: number;
  readonly total: number | undefined;
  /** How the gateway pages, once certain. */
  readonly found: Paging | undefined;
  /** Records a page. `again`: ask for `next`. `all`: the list is whole. `short`: it ended early. */
  record(page: PageFacts, distinct: number): "again" | "all" | "short";
  /** Records a failed request. `all`: no paging or no further page, so the list is whole. */
  refused(failure: GatewayFailure): "again" | "all" | "failed";
}

/** Paging facts from an answer. */
export interface PagingWords {
  total?: number;
  totalPages?: number;
  limit?: number;
  /** The page's own number. */
  page?: number;
  hasMore?: boolean;
  /** The next page's query, named by the answer. */
  after?: string;
}

interface PageFacts extends PagingWords {
  rows: number;
  isNews: boolean;
}

const [LONGEST, DOCUMENTED] = PAGE_SIZES;
/** Too few rows for a full page. */
const FEWEST = 4;

interface State {
  list?: { dialect: Dialect; paging?: Paging; from?: Cursor };
  next: PageRequest | undefined;
  total: number | undefined;
  found: Paging | undefined;
  distinct: number;
  length: number;
  received: number;
  pagesRead: number;
  mayRaise: boolean;
  /** The next request only confirms the end. */
  isProbe: boolean;
  /** Number of the first page. */
  base: 0 | 1;
  /** Whether a bare request gave all rows so far. */
  isBare: boolean;
  /** Nothing says that pages go by number: the next request tries. */
  isGuess: boolean;
  /** Next request if the longer page is not delivered. */
  fallback?: PageRequest;
}

/**
 * Opens a list's pages. Without `list`, follows only announced pages. With it (groups), starts as last found or as
 * documented, and tries the longest page.
 */
export function openPages(list?: State["list"]): Pages {
  const { dialect, paging, from } = list ?? {};
  const state: State = {
    list,
    next: from ? from.next : firstOf(dialect, paging),
    total: from?.total,
    found: paging,
    distinct: 0,
    length: 0,
    received: from && "offset" in from.next ? from.next.offset : 0,
    pagesRead: 0,
    // A resumed reading keeps its page length.
    mayRaise: list !== undefined && paging === undefined && !from,
    isProbe: false,
    base: 1,
    isBare: true,
    isGuess: false,
  };
  return {
    get next() {
      return state.next;
    },
    get count() {
      return countOf(state);
    },
    get total() {
      return state.total;
    },
    get found() {
      return state.found;
    },
    record(page, distinct) {
      state.distinct = distinct;
      state.received += page.rows;
      state.pagesRead += 1;
      const total = page.total ?? state.total;
      // A lower total counts something else.
      state.total = total !== undefined && total < countOf(state) ? undefined : total;
      const { totalPages } = page;
      const asked = state.next && "page" in state.next ? state.next : undefined;
      if (state.next && page.isNews) state.isBare = false;
      if (!asked && page.page === 0) state.base = 0;
      if (state.found?.by === "query" || (state.next && "query" in state.next)) return byQuery(state, page);
      if (totalPages !== undefined) return byNumber(state, { ...page, totalPages });
      return asked ? byFullPages(state, asked, page) : byOffset(state, page);
    },
    refused: (failure) => afterRefusal(state, failure),
  };
}

function countOf({ list, distinct }: State): number {
  return (list?.from?.count ?? 0) + distinct;
}

function ask(state: State, page: PageRequest, otherwise?: PageRequest): "again" {
  if (otherwise) state.mayRaise = false;
  state.fallback = otherwise;
  state.next = page;
  return "again";
}

/** Numbered pages: tries a longer page once, from the start, if that saves requests. */
function byNumber(state: State, { rows, isNews, totalPages, limit }: PageFacts & { totalPages: number }) {
  const { next, total, fallback, base } = state;
  const at = next && "page" in next ? next.page : base;
  const given = limit ?? Math.max(state.length, rows);
  const isVain = given <= state.length;
  const length = Math.max(state.length, given);
  state.length = length;
  const rest = totalPages - 1 + base - at;
  const isWorthIt = length < LONGEST && Math.ceil((total ?? rest * length) / LONGEST) <= rest;
  const after: PageRequest = { page: at + 1, ...(length > 0 ? { limit: length } : {}) };
  if (state.mayRaise && rest > 0 && isWorthIt) return ask(state, { page: base, limit: LONGEST }, after);
  if (fallback !== undefined || rest > 0) remember(state, length);
  if (fallback !== undefined && isVain) return ask(state, fallback);
  // An empty last page: the gateway may count otherwise, so that a page was skipped.
  const isEnd = isNews || at <= base || (total !== undefined && countOf(state) >= total);
  if (rest <= 0 && isEnd) return "all";
  if (rest > 0 && (isNews || fallback !== undefined)) return ask(state, after);
  state.found = undefined;
  return "short";
}

/** Remembers numbered pages from 1. A resumed reading does not know the first number. */
function remember(state: State, limit: number): void {
  const { list, base } = state;
  if (list && !list.from && base === 1 && limit > 0) state.found = { by: "page", limit };
}

/** Remembers a gateway that ignores paging. Only a bare request proves that it gives all at once. */
function settle(state: State, limit: number): void {
  state.found = state.isBare ? { by: "whole" } : { by: "offset", limit, ended: state.length };
}

/** Numbered pages without a count: goes on while the gateway says so or, if it does not say, while pages are full. */
function byFullPages(state: State, asked: { page: number; limit?: number }, page: PageFacts) {
  const { rows, isNews, hasMore } = page;
  const { isGuess, total } = state;
  const { page: at, limit = LONGEST } = asked;
  state.length = Math.max(state.length, rows);
  state.isGuess = isGuess && !isNews;
  const after: PageRequest = { page: at + 1, limit: state.length };
  const isUnsaid = total === undefined && hasMore === undefined;
  const isShort = saysMore(state, page);
  if (isGuess && at === 1) {
    // The first page again: the gateway counts from 1, or ignores numbers too.
    if (!isNews && rows > 0) return ask(state, after);
    state.base = 0;
  }
  if (isNews || rows === 0) remember(state, state.length);
  const isFull = rows >= limit || (at === 1 && isRound(rows));
  if (isNews && (isShort || (isUnsaid && isFull))) return ask(state, after);
  if (!isShort && (isNews || rows === 0 || !isUnsaid)) return "all";
  if (!isShort && isGuess && rows === state.length) {
    settle(state, LONGEST);
    return "all";
  }
  state.found = undefined;
  return "short";
}

/** Follows the next page that each answer names. */
function byQuery(state: State, page: PageFacts) {
  const { isNews, after } = page;
  if (after !== undefined && isNews) {
    if (state.list) state.found = { by: "query" };
    return ask(state, { query: after });
  }
  return after !== undefined || saysMore(state, page) ? "short" : "all";
}

/** Whether the gateway reports more than was read. */
function saysMore(state: State, { hasMore }: PageFacts): boolean {
  return hasMore === true || (state.total !== undefined && countOf(state) < state.total);
}

/** Unstated page length: a page shorter than an earlier one, or no longer than a known last page, is the last. */
function byOffset(state: State, page: PageFacts) {
  const { rows, isNews, hasMore, after } = page;
  const { list, next, total, received, pagesRead } = state;
  const asked = next && "offset" in next && next.offset > 0 ? next : undefined;
  const isShort = saysMore(state, page);
  const known = state.found?.by === "offset" ? state.found : undefined;
  if (!isNews) {
    // Rows seen before: the gateway ignores offsets, and may number its pages.
    const isSeen = asked !== undefined && rows > 0 && after === undefined;
    const isUnsaid = list !== undefined && total === undefined && hasMore === undefined;
    const isNew = USUAL.has(rows) && (rows >= LONGEST || rows > (known?.ended ?? 0));
    if (isSeen && (isShort ? page.page !== undefined : isUnsaid && isNew)) {
      state.isGuess = !isShort;
      return ask(state, { page: page.page === undefined ? 1 : page.page + 1, limit: state.length });
    }
    if (list && asked && !isShort) {
      if (rows > 0) settle(state, asked.limit);
      else state.found = { by: "offset", limit: asked.limit, ended: state.length };
    }
    // The gateway ignores offsets but names the next page.
    if (isShort && asked && after !== undefined) return ask(state, { query: after });
    return isShort ? "short" : "all";
  }
  if (list && asked) state.found = { ...known, by: "offset", limit: asked.limit };
  state.length = Math.max(state.length, rows);
  // A full-looking first page's total may count that page alone.
  const isOfPage = total === rows && pagesRead === 1 && isRound(rows);
  const isLongest = rows === state.length && (total === undefined || isOfPage) && hasMore === undefined;
  const mayBeFull = list !== undefined && state.found?.by !== "whole" && isLongest;
  const isRoundAlone = isRound(rows) && !isOfPage;
  // A false positive costs a request, a false negative hides groups.
  state.isProbe = mayBeFull && !isRoundAlone && rows > (known?.ended ?? FEWEST);
  if (!isShort && !state.isProbe && !(mayBeFull && isRoundAlone)) return "all";
  const limit = asked?.limit ?? known?.limit ?? LONGEST;
  const plain = state.mayRaise ? { limit: DOCUMENTED, offset: received } : undefined;
  return ask(state, { limit, offset: received }, plain);
}

/** Page lengths at which a gateway that ignores offsets is asked for pages by number. */
const USUAL: ReadonlySet<number> = new Set([10, 20, 25, 30, 50, 100, 200, 250, 500, 1000]);

/** Whether this is a typical page length. Such a page is doubted each time. */
function isRound(length: number): boolean {
  return length % 5 === 0 || (length >= 8 && Number.isInteger(Math.log2(length)));
}

function afterRefusal(state: State, { code, certainty, status }: GatewayFailure): "again" | "all" | "failed" {
  const { list, next, pagesRead, fallback, isProbe, isGuess } = state;
  const { dialect, from } = list ?? {};
  if (certainty !== "refused") return "failed";
  if (isProbe && status === 404 && next && "offset" in next) {
    state.found = { by: "offset", limit: next.limit, ended: state.length };
    return "all";
  }
  const isRejected = code === "rejected" || code === "no-route";
  if (isGuess && (isRejected || status === 404)) {
    settle(state, LONGEST);
    return "all";
  }
  if (!isRejected) return "failed";
  if (fallback) return ask(state, fallback);
  // Page too long, or paging changed: ask as documented.
  const plain = dialect === "reference" ? { limit: DOCUMENTED, offset: 0 } : undefined;
  if (list && pagesRead === 0 && !from && JSON.stringify(next) !== JSON.stringify(plain)) {
    state.found = undefined;
    state.next = plain;
    return "again";
  }
  // The guide has no paging: the first answer was whole.
  const isWhole = dialect === "guide" && pagesRead === 1 && !from && state.total === undefined;
  if (isWhole) state.found = { by: "whole" };
  return isWhole || isProbe ? "all" : "failed";
}

function firstOf(dialect: Dialect | undefined, paging: Paging | undefined): PageRequest | undefined {
  if (paging?.by === "page") return { page: 1, limit: paging.limit };
  if (paging?.by === "offset") return { limit: paging.limit, offset: 0 };
  return dialect === "reference" && paging === undefined ? { limit: LONGEST, offset: 0 } : undefined;
}
