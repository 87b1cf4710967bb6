import type { Browser } from "webextension-polyfill";
import type { Connection } from "../../shared/model";
import type { Store, Table } from "../../store/schema";
import type { Writing } from "../../store/write";
import type { Answer } from "../gateway/answer";
import type { Gateway } from "../gateway/gateway";

/** What a reader needs. */
export interface ReaderPorts {
  store: Store;
  now: () => number;
  sleep: (duration: number) => Promise<void>;
  alarms: Pick<Browser["alarms"], "create" | "clear">;
  gatewayOf: (connection: Connection) => Gateway;
}

/** Writes what was read of a group. */
export type Keep = (tx: Writing<Table[]>) => Promise<unknown>;

/** What a reader reads of many groups, one by one. */
export interface Task {
  /** Field of the gateway's notes with the reading's state. */
  field: "members" | "invites";
  alarm: string;
  /** Whether the group list may contain it, which costs fewer requests. */
  isInList: boolean;
  tables: Table[];
  /** Returns when each group was last read, in ms; groups never read are absent. */
  readTimes(store: Store, connection: string): Promise<Map<string, number>>;
  /** Reads a group. Lasting refusals are noted in the group. */
  read(ports: ReaderPorts, connection: Connection, group: string): Promise<Answer<Keep>>;
}
