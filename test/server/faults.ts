import type { Effect } from "../../lib/sandbox/state";
import type { World, WorldGroup } from "../../lib/sandbox/world";

/** What can go wrong between the extension and the gateway, and for which requests. */

/** A request under `/api`, and what came of it. */
export interface LoggedRequest {
  method: string;
  /** With the query, as it came (not decoded). */
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  /** When it came, by the gateway's clock. */
  at: number;
  /** What was answered; 0 when nothing was (yet). */
  status: number;
  /** Kind of the fault that hit it, if any. */
  fault?: Fault["kind"];
  /** What it really changed, in the order in which it did. */
  applied: Effect[];
}

/** Which requests under `/api` a fault or a barrier is for. */
export interface Where {
  method?: string;
  /** A piece of the decoded path with its query, or a pattern for it. */
  path?: string | RegExp;
  /** Skips so many matching requests first, less one: 1 (default) is the next one. */
  nth?: number;
  /** How many requests it hits from then on: 1 by default, `Infinity` for ever. With `probability`, for ever by default. */
  times?: number;
  /** Hits by chance, deterministically from a fixed seed. */
  probability?: number;
}

/**
 * What goes wrong. "Applied" kinds have their effect at the gateway, the others have none.
 *
 * - not applied: `500`, `502-html`, `429` (with headers), `429-bare` (without), `429-proxy` (another shape),
 *   `drop-before`, `nothing-200`, `redirect`; `500-applied` is the same answer after the effect
 * - applied, answer lost or broken: `drop-after`, `half-then-drop`, `truncated-json`, `wrong-types`, `empty-200`,
 *   `html-200`, `huge`, `gzip-bomb`, `drip`
 * - `delay`, `delay-after`: late, before or after the effect; `late-apply`: connection dies at once, effect comes later
 * - readings: `stale-read` (as before the last change), `empty-list`, `shrunken-list`
 * - removals: `wrong-member`, `remove-everyone` (as if the body of DELETE were lost), `drop-body` (it is lost)
 */
export type Fault =
  | { kind: PlainFault }
  | { kind: "429"; /** Seconds until the window resets. */ resetIn?: number }
  | { kind: "delay" | "delay-after" | "late-apply"; ms: number }
  | { kind: "drip"; /** Between two bytes. */ ms: number }
  | { kind: "redirect"; status: 301 | 302 | 303 | 307 | 308; to: string }
  | { kind: "answer"; status: number; headers?: Record<string, string>; body?: string; isApplied?: boolean };

/** Faults that need no numbers and can be given by name alone. */
export type PlainFault =
  | "500"
  | "500-applied"
  | "502-html"
  | "429"
  | "429-bare"
  | "429-proxy"
  | "drop-before"
  | "drop-after"
  | "half-then-drop"
  | "truncated-json"
  | "wrong-types"
  | "empty-200"
  | "html-200"
  | "nothing-200"
  | "stale-read"
  | "empty-list"
  | "shrunken-list"
  | "huge"
  | "gzip-bomb"
  | "wrong-member"
  | "remove-everyone"
  | "drop-body";

/**
 * Where a request can be held. At `after-response` the answer has left, and every request that comes then is held at the
 * door: one whose client is gone when the barrier opens never came. A `500` passes the two points of the effect without
 * having one.
 */
export type Point = "received" | "before-apply" | "after-apply" | "half-response" | "after-response";

/** A fault or a barrier that waits for its requests. */
export interface Trap {
  matches(request: LoggedRequest): boolean;
  fault?: Fault;
  at?: Point;
  arrive?: () => void;
  open?: Promise<void>;
  hits: number;
}

/** Makes a trap for the requests that `where` describes. */
export function makeTrap(where: Where, more: Partial<Trap>): Trap {
  const { method, path, nth = 1, probability, times = probability === undefined ? 1 : Infinity } = where;
  let seen = 0;
  let chance = 1;
  const made: Trap = {
    hits: 0,
    ...more,
    matches: (request) => {
      if (method !== undefined && method !== request.method) return false;
      const target = decodeURIComponent(request.path);
      if (typeof path === "string" ? !target.includes(path) : path && !path.test(target)) return false;
      seen += 1;
      if (seen < nth || made.hits >= times) return false;
      chance = (chance * 48_271) % 2_147_483_647;
      if (probability !== undefined && chance / 2_147_483_647 >= probability) return false;
      made.hits += 1;
      return true;
    },
  };
  return made;
}

/** What a proxy says when the gateway behind it is away. */
export const BAD_GATEWAY =
  "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>";
/** The body of a refusal for asking too often. */
export const LIMITED = JSON.stringify({
  success: false,
  error: { code: "RATE_LIMIT_EXCEEDED", message: "Too many requests, please try again later" },
});

/** Changes every list of an answer: the bare one, the one under `data` or `items`, and members of a single group. */
export function changeLists(text: string, change: (list: unknown[]) => unknown[]): string {
  const into = (value: unknown): unknown => {
    if (Array.isArray(value)) return change(value);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) =>
        ["data", "items", "participants", "groups"].includes(name) ? [name, into(inner)] : [name, inner],
      ),
    );
  };
  return text === "" ? text : JSON.stringify(into(JSON.parse(text)));
}

/** An answer in which nothing has the type that it should have. */
export function wrongTypes(request: LoggedRequest): string {
  const group = {
    group_id: 42,
    id: { nested: true },
    name: ["x"],
    subject: null,
    participants: "many",
    participant_count: "five",
    created_at: {},
    invite_code: { code: 7 },
    code: false,
    message_id: [],
  };
  return JSON.stringify({ data: request.method === "GET" ? [group, null, "x", 7, [group]] : group, meta: "none" });
}

/** The body of a removal that hits somebody else, or everybody, instead of those who were named. */
export function misdirect(request: LoggedRequest, world: World, whom: "one" | "all"): string {
  const id = /\/groups\/([^/?]+)/.exec(decodeURIComponent(request.path))?.[1] ?? "";
  const group: WorldGroup | undefined = world.groups[id];
  const own = new Set(world.instances.map((instance) => instance.number));
  const others = (group?.members ?? [])
    .filter((member) => !own.has(member.id) && member.role !== "superadmin" && !request.body.includes(member.id))
    .map((member) => member.id);
  if (whom === "one") return JSON.stringify({ participants: others.slice(-1) });
  const named = (group?.members ?? []).filter((member) => request.body.includes(member.id)).map((member) => member.id);
  return JSON.stringify({ participants: [...others, ...named] });
}

/** JSON of so many bytes that says nothing. */
export async function* zeros(bytes: number): AsyncGenerator<Buffer> {
  const block = Buffer.alloc(1024 * 1024, 0x20);
  yield Buffer.from('{"data":"');
  for (let sent = 0; sent < bytes; sent += block.length) yield block;
  yield Buffer.from('"}');
}

/** The text byte by byte, `ms` apart. */
export async function* drip(text: string, ms: number, wait: (ms: number) => Promise<unknown>): AsyncGenerator<Buffer> {
  for (const byte of Buffer.from(text)) {
    yield Buffer.from([byte]);
    await wait(ms);
  }
}
