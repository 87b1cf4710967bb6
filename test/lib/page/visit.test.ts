// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from "vitest";
import type { Candidate } from "../../../lib/page/find";
import { startVisit, type Native } from "../../../lib/page/visit";
import type { Scan } from "../../../lib/page/watch";

/** What the page script does with what it finds, and with what the worker answers. */

let found: Scan;
vi.mock(import("../../../lib/page/watch"), () => ({ scan: (scan) => void (found = scan) }));
afterEach(() => vi.useRealTimers());

type Message = { input: { sources: Candidate["source"][] } };

/** Starts a visit whose worker answers with what `reply` makes of each message. Returns what was asked. */
function visitWith(reply: (message: Message) => unknown) {
  vi.useFakeTimers();
  const asked: string[] = [];
  const sendMessage = (message: Message) => {
    asked.push(...message.input.sources.map(([first]) => first![1]));
    return Promise.resolve({ ok: true, value: reply(message) });
  };
  const native = { runtime: { id: "x", sendMessage } } as unknown as Native;
  return { asked, visit: startVisit(() => native) };
}

const candidate = (href: string): Candidate => ({
  source: [["href", href]],
  placeOf: () => {
    throw new Error("There is no invite.");
  },
});

it("on a page with very many candidates the scan rests, and each of them is asked about", async () => {
  const { asked, visit } = visitWith(({ input }) => ({ invites: input.sources.map(() => []), style: "" }));
  let count = 0;
  for (let rounds = 0; count < 8_000 && rounds < 1_000; rounds += 1) {
    while (!found.isFull() && count < 8_000) found.onCandidate(candidate(`/whatsapp/${count++}`));
    await vi.advanceTimersByTimeAsync(100);
  }
  await vi.advanceTimersByTimeAsync(3_000);
  found.onCandidate(candidate("/later"));
  await vi.advanceTimersByTimeAsync(100);
  expect(new Set(asked).size).toBe(8_001);
  expect(visit.signal.aborted).toBe(false);
});

it("an answer with fewer entries than it was asked for ends nothing", async () => {
  const { asked, visit } = visitWith(() => ({ invites: [], style: "" }));
  for (const href of ["/one", "/two"]) found.onCandidate(candidate(href));
  await vi.advanceTimersByTimeAsync(100);
  found.onCandidate(candidate("/three"));
  await vi.advanceTimersByTimeAsync(100);
  expect(asked).toEqual(["/one", "/two", "/three"]);
  expect(visit.signal.aborted).toBe(false);
});

it("ends where it may not run, and says nothing more", async () => {
  const { asked, visit } = visitWith(() => null);
  found.onCandidate(candidate("/one"));
  await vi.advanceTimersByTimeAsync(100);
  found.onCandidate(candidate("/two"));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked).toEqual(["/one"]);
  expect(visit.signal.aborted).toBe(true);
});
