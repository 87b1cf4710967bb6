import type { Cursor, PageRequest } from "../../shared/model";
import type { Answer, GatewayFailure } from "./answer";
import type { Call } from "./dialects";
import type { CallOptions } from "./gateway";
import { openPages, type Pages, type PagingWords } from "./pages";
import { readPaging } from "./read-groups";
import { type Bad, badAnswer, emptyAnswer, type Good, good, isNothing, plain } from "./request";
import type { Rows } from "./values";

/** Sends one request on a connection. */
export type Send = (call: Call | undefined, options: CallOptions) => Promise<Good | Bad>;

const MAX_PAGES = 1000;

/** Reads a list's pages as `pages` decides. */
export async function readAll<T extends { id: string }>(
  send: Send,
  callFor: (page?: PageRequest) => Call | undefined,
  callOptions: CallOptions,
  read: (body: unknown) => Rows<T> | undefined,
  pages: Pages,
  onPage?: (part: { items: T[]; isComplete: boolean } & Omit<Cursor, "next"> & { next?: PageRequest }) => Promise<void>,
): Promise<Answer<{ items: T[]; isComplete: boolean; failure?: GatewayFailure }>> {
  const items = new Map<string, T>();
  const ids = new Set<string>();
  let last: Good | undefined;
  let isRead = false;
  const end = (isComplete: boolean, failure?: GatewayFailure) => {
    // Unreadable rows must not look like an empty list.
    if (last && ids.size > 0 && !isRead) return badAnswer(last);
    return good(last, { items: [...items.values()], isComplete, ...(failure ? { failure } : {}) });
  };

  for (let count = 1; count <= MAX_PAGES; count += 1) {
    const options: CallOptions = last ? { ...callOptions, priority: "background" } : callOptions;
    const answer = await send(callFor(pages.next), options);
    const rows = answer.ok ? read(answer.body) : undefined;
    if (!answer.ok || !rows) {
      const bad = !answer.ok ? plain(answer) : isNothing(answer.body) ? emptyAnswer(answer) : badAnswer(answer);
      const step = pages.refused(bad.failure);
      if (step === "again") continue;
      if (!last) return bad;
      return step === "all" ? end(true) : end(false, bad.failure);
    }
    last = answer;
    const before = ids.size;
    for (const id of rows.ids) ids.add(id);
    for (const item of rows.items) if (!items.has(item.id)) items.set(item.id, item);
    isRead ||= rows.isRead ?? items.size > 0;
    const step = pages.record(
      { rows: rows.ids.length, isNews: ids.size > before, ...withHeaders(readPaging(answer.body), answer.paging) },
      ids.size,
    );
    const isComplete = step === "all";
    const next = step === "again" ? pages.next : undefined;
    if (ids.size === 0 || isRead) {
      await onPage?.({ items: rows.items, isComplete, count: pages.count, total: pages.total, next });
    }
    if (step !== "again") return end(isComplete);
  }
  return end(false);
}

/** The body's facts come first. */
function withHeaders(body: PagingWords, headers: PagingWords = {}): PagingWords {
  const { total, hasMore, after } = headers;
  return { ...body, total: body.total ?? total, hasMore: body.hasMore ?? hasMore, after: body.after ?? after };
}

/** Reads a whole list or fails. */
export async function readWhole<T extends { id: string }>(
  send: Send,
  callFor: (page?: PageRequest) => Call | undefined,
  callOptions: CallOptions,
  read: (body: unknown) => Rows<T> | undefined,
): Promise<Answer<T[]>> {
  const answer = await readAll(send, callFor, callOptions, read, openPages());
  if (!answer.ok) return answer;
  const { items, isComplete, failure } = answer.value;
  if (isComplete) return { ...answer, value: items };
  return {
    ok: false,
    failure: failure ?? { code: "bad-answer", certainty: "unknown" },
    serverTime: answer.serverTime,
  };
}
