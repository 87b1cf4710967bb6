import type { Reply } from "../../shared/failure";
import type { Store } from "../../store/schema";
import type { Gateway } from "../gateway/gateway";

/** Wait (ms) before retrying when browser or gateway failed. */
export const RETRY = 30_000;

/** Default undo window, in ms. */
export const UNDO = 8_000;

/** Everything the engine touches. */
export interface JobPorts {
  store: Store;
  /** Fails with `locked`, `no-key`, `no-permission`, `no-connection` … */
  gateway(connection: string): Promise<Reply<Gateway>>;
  clock: { now(): number; sleep(ms: number): Promise<void> };
  /** `create` replaces an alarm of the same name. */
  alarms: { create(name: string, when: AlarmTimes): unknown; clear(name: string): unknown };
  lock(name: string, work: () => Promise<void>): Promise<void>;
  /** In [0, 1). */
  random(): number;
  /** Set by test builds, in ms. */
  settleTime?: number;
  undo?: number;
  period?: number;
}

/** The runner's memory while the worker lives. */
export interface RunnerState {
  ports: JobPorts;
  store: Store;
  clock: JobPorts["clock"];
  settleTime: number;
  undo: number;
  running?: Promise<void>;
  /** Something happened since the last look. */
  isKicked: boolean;
  /** Running writes that may open a job. */
  orders: number;
  /** Ends the loop's wait. */
  kick: () => void;
  /** Jobs tried since the last wake-up. */
  tried: Set<string>;
  /** Jobs taken under this lock. */
  held: Set<string>;
  /** Until when (ms) failed jobs wait. */
  parked: Map<string, number>;
  /** Running slices by job. */
  active: Map<string, { connection: string; touched: string[]; ended: Promise<void> }>;
}

/** For `browser.alarms.create`; `when` is in ms. */
export interface AlarmTimes {
  when: number;
  periodInMinutes: number;
}
