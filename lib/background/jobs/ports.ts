import type { Reply } from "../../shared/failure";
import type { Store } from "../../store/schema";
import type { Gateway } from "../gateway/gateway";

/** What the engine works with, and what its runner remembers. */

/** The wait before another try of what the browser or the gateway could not do just now, in ms. */
export const RETRY = 30_000;

/** How long a job with an undo window can be undone, in ms. */
export const UNDO = 8_000;

/** What the engine works with. Nothing else is touched. */
export interface JobPorts {
  store: Store;
  /** The gateway of a connection; fails with `locked`, `no-key`, `no-permission`, `no-connection` … */
  gateway(connection: string): Promise<Reply<Gateway>>;
  clock: { now(): number; sleep(ms: number): Promise<void> };
  /** `browser.alarms`: an alarm of the same name is replaced. */
  alarms: { create(name: string, when: AlarmTimes): unknown; clear(name: string): unknown };
  /** `navigator.locks.request`: one holder in the whole profile. */
  lock(name: string, work: () => Promise<void>): Promise<void>;
  /** From 0 to below 1. */
  random(): number;
  /** Other times for a test build, in ms. */
  settleTime?: number;
  undo?: number;
  period?: number;
}

/** The runner in one life of the worker. Losing it costs nothing but a little time: what counts is in the store. */
export interface RunnerState {
  ports: JobPorts;
  store: Store;
  clock: JobPorts["clock"];
  settleTime: number;
  undo: number;
  /** The loop, while it runs. */
  running?: Promise<void>;
  /** Something happened since the loop last looked. */
  isKicked: boolean;
  /** Writes under way that may open a job. */
  orders: number;
  /** Ends the loop's waiting. */
  kick: () => void;
  /** Jobs that were tried since the last waking. */
  tried: Set<string>;
  /** Jobs that this holder of the lock works on. */
  held: Set<string>;
  /** Jobs that wait after an error, and until when. */
  parked: Map<string, number>;
  /** Slices under way. */
  active: Map<string, { connection: string; touched: string[]; ended: Promise<void> }>;
}

/** Argument of `browser.alarms.create`. `when` is wall time in ms. */
export interface AlarmTimes {
  when: number;
  periodInMinutes: number;
}
