import type { Page } from "playwright-core";
import type { Chromium } from "../e2e/chromium";

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  /** Time on the CPU. */
  tdur?: number;
  args: {
    name?: string;
    data?: { functionName?: string; url?: string; frames?: { url: string; processId: number }[] };
  };
}

/**
 * The longest task of a page's main thread while `work` is done, in ms, and what took most of it. `cpu`: the most that a task
 * had of the processor, which a busy machine does not change.
 */
export async function longestTask(
  chromium: Chromium,
  page: Page,
  work: () => Promise<void>,
): Promise<{ time: number; cpu: number; why: string }> {
  const browser = chromium.context.browser()!;
  await browser.startTracing(page, {
    categories: ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline", "v8"],
  });
  await work();
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const events = trace.traceEvents;
  const url = page.url().split("#")[0]!;
  const frames = events.flatMap(({ args }) => args.data?.frames ?? []);
  const pids = new Set(frames.filter((frame) => frame.url.split("#")[0] === url).map(({ processId }) => processId));
  const isMain = (event: TraceEvent) => event.ph === "M" && event.args.name === "CrRendererMain";
  const threads = new Set(events.filter(isMain).map(({ pid, tid }) => `${pid} ${tid}`));
  const ours = events.filter(({ pid, tid }) => pids.has(pid) && threads.has(`${pid} ${tid}`));
  const tasks = ours.filter(({ name, dur }) => name.endsWith("RunTask") && dur !== undefined);
  if (tasks.length === 0) throw new Error(`no tasks in the trace of ${url}`);
  const longest = tasks.reduce((best, task) => (task.dur! > best.dur! ? task : best));
  const inside = ours
    .filter(({ ts, dur }) => dur !== undefined && ts >= longest.ts && ts + dur <= longest.ts + longest.dur!)
    .toSorted((a, b) => b.dur! - a.dur!)
    .slice(0, 8)
    .map(({ name, dur, tdur = 0, args }) => {
      const ms = (time: number) => (time / 1000).toFixed(1);
      return `${name} ${args.data?.functionName ?? ""} ${ms(dur!)} (${ms(tdur)} on the CPU)`;
    });
  const cpu = Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1000;
  return { time: longest.dur! / 1000, cpu, why: inside.join(" | ") };
}
