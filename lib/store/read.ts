import {
  type Connection,
  DEFAULT_SETTINGS,
  type GatewayNotes,
  type Group,
  type GroupLabels,
  type Job,
  type JobState,
  type Roster,
  type SavedSet,
  type Settings,
} from "../shared/model";
import type { DraftKey } from "../shared/draft";
import type { GroupRow, Store } from "./schema";

/** Returns the settings as the agent chose them, with the company's rules beside. */
export async function readOwnSettings({ db }: Store): Promise<Settings> {
  return { ...DEFAULT_SETTINGS, ...(await db.get("settings", "settings")) };
}

/** Returns the settings; company rules win. */
export async function readSettings(store: Store): Promise<Settings> {
  const settings = await readOwnSettings(store);
  const { maxPace, pageActions, lockAfter } = settings.policy ?? {};
  return {
    ...settings,
    ...(maxPace === "careful" ? { pace: maxPace } : {}),
    ...(pageActions === false ? { isPageOn: false } : {}),
    ...(lockAfter === undefined ? {} : { lockAfter }),
  };
}

/** Returns all connections, oldest first. */
export async function readConnections({ db }: Store): Promise<Connection[]> {
  return (await db.getAll("connections")).toSorted((a, b) => a.createdAt - b.createdAt);
}

/** Returns groups not gone, in list order. Indexed, so the cost depends on `limit` alone. */
export async function readGroups(
  { db }: Store,
  connection: string,
  sort: Settings["sort"],
  limit?: number,
): Promise<GroupRow[]> {
  return db.getAllFromIndex("groups", sort, IDBKeyRange.bound([connection, 0], [connection, 0, []]), limit);
}

/** Returns a group, even if gone. */
export async function readGroup({ db }: Store, connection: string, id: string): Promise<Group | undefined> {
  return db.get("groups", [connection, id]);
}

/** Returns known groups by id, gone ones too. */
export async function readGroupsOf(
  store: Store,
  connection: string,
  ids: Iterable<string>,
): Promise<Map<string, Group>> {
  const found = await Promise.all([...new Set(ids)].map((id) => readGroup(store, connection, id)));
  return new Map(found.flatMap((group) => (group ? [[group.id, group] as const] : [])));
}

/** Returns a group's last reading. */
export async function readRoster({ db }: Store, connection: string, group: string): Promise<Roster | undefined> {
  return db.get("rosters", [connection, group]);
}

/** Returns all rosters. */
export async function readRosters({ db }: Store, connection: string): Promise<Roster[]> {
  return db.getAllFromIndex("rosters", "connection", connection);
}

/** Returns saved sets by name. */
export async function readSets<Kind extends SavedSet["kind"]>(
  { db }: Store,
  connection: string,
  kind: Kind,
): Promise<(SavedSet & { kind: Kind })[]> {
  const sets = await db.getAll("sets", IDBKeyRange.bound([connection, kind], [connection, kind, []]));
  return sets as (SavedSet & { kind: Kind })[];
}

/** Returns all groups' labels and notes. */
export async function readLabels({ db }: Store, connection: string): Promise<GroupLabels[]> {
  return db.getAll("labels", IDBKeyRange.bound([connection], [connection, []]));
}

/** States of jobs not ended. */
export const OPEN_STATES: readonly JobState[] = ["waiting", "running", "paused"];

/** Returns all jobs not ended. */
export async function readOpenJobs({ db }: Store): Promise<Job[]> {
  return (await Promise.all(OPEN_STATES.map((state) => db.getAllFromIndex("jobs", "state", state)))).flat();
}

/** Returns a gateway's notes. */
export async function readNotes({ db }: Store, connection: string): Promise<GatewayNotes> {
  return (await db.get("gateways", connection)) ?? { connection };
}

/** Returns a form field's draft. */
export async function readDraft({ db }: Store, key: DraftKey): Promise<string | undefined> {
  return db.get("drafts", key);
}
