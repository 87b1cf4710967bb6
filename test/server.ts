import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { createGzip } from "node:zlib";
import { sandboxGateway, type Sandbox, type SandboxOptions } from "../lib/sandbox/gateway";
import type { Effect } from "../lib/sandbox/state";
import type { World } from "../lib/sandbox/world";
import { createWorld } from "../lib/sandbox/seed";
import {
  BAD_GATEWAY,
  changeLists,
  drip,
  LIMITED,
  makeTrap,
  misdirect,
  wrongTypes,
  zeros,
  type Fault,
  type LoggedRequest,
  type PlainFault,
  type Point,
  type Trap,
  type Where,
} from "./server/faults";
import { servePage } from "./server/pages";

export type { Fault, LoggedRequest, PlainFault, Point } from "./server/faults";

/**
 * A real HTTP server on loopback: the sandbox gateway under `/api`, test pages everywhere else and under any host name
 * that resolves here. It keeps a log of requests and of what they really changed, breaks answers on demand (`fault`)
 * and holds requests at a chosen point (`hold`). Everything ends with `close`.
 */
export interface ServerOptions extends Partial<Omit<SandboxOptions, "world" | "now">> {
  /** Default: `createWorld()`. */
  world?: World;
  /** The gateway's clock; default is the real one. */
  now?: () => number;
  /** Port; default is any free one. */
  port?: number;
  /**
   * Keeps connections open between requests. Off by default: on a reused connection that ends without a byte of an
   * answer, Chromium sends the request again by itself, a POST too, so that a `drop-after` takes effect twice without
   * the extension having a say (measured in Chromium 156).
   */
  keepAlive?: boolean;
  /** Sent with every page, for example a content security policy. */
  pageHeaders?: Record<string, string>;
}

interface Barrier {
  /** Resolves when a request has come to the point. */
  reached: Promise<void>;
  /** Lets it go on. */
  release(): void;
}

export interface TestServer {
  /** `http://127.0.0.1:<port>` */
  origin: string;
  port: number;
  world: World;
  log: LoggedRequest[];
  /** All effects of all requests in the order in which they happened. */
  effects: Effect[];
  /** Breaks the next request that matches (or more: `times`). Later faults win. */
  fault(where: Where, fault: Fault | PlainFault): { hits(): number; stop(): void };
  hold(where: Where, at: Point): Barrier;
  /** Serves `body` under a path, on every host name. */
  page(path: string, body: string, headers?: Record<string, string>): void;
  /** Drops faults and barriers (which are released), log and effects; the world stays. */
  reset(): void;
  close(): Promise<void>;
}

const JSON_TYPE = { "content-type": "application/json" };
const HTML_TYPE = { "content-type": "text/html; charset=utf-8" };
const GIB = 1024 ** 3;
const MAX_BODY = 5 * 1024 * 1024;

/** Starts the server on 127.0.0.1. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const { now = Date.now, port = 0, keepAlive = false, pageHeaders = {} } = options;
  const world = options.world ?? createWorld();
  const gateway = sandboxGateway({ ...options, world, now });
  const log: LoggedRequest[] = [];
  const effects: Effect[] = [];
  const pages = new Map<string, { body: string; headers: Record<string, string> }>();
  const traps = new Set<Trap>();
  const opens = new Set<() => void>();
  /** What a new request waits for before anything is done with it. */
  const doors = new Set<Promise<void>>();
  const closing = new AbortController();
  let before = { ...world.groups };

  /** The barriers that this request will meet, chosen once when it arrives. */
  const gates = (request: LoggedRequest) => {
    const mine = [...traps].filter((one) => one.at !== undefined && one.matches(request));
    return async (point: Point) => {
      for (const one of mine.filter(({ at }) => at === point)) {
        if (point === "after-response" && one.open) doors.add(one.open);
        one.arrive?.();
        await one.open;
      }
    };
  };

  const wait = async (ms: number) => sleep(ms, undefined, { signal: closing.signal }).catch(() => undefined);

  /** Lets the gateway do what the request says, and notes what it did. */
  const apply = async (request: LoggedRequest, body = request.body, on: Sandbox = gateway): Promise<Response> => {
    const hasBody = request.method !== "GET" && request.method !== "HEAD";
    const done: Effect[] = [];
    const groups = { ...world.groups };
    const response = await on.fetch(
      new Request(`http://sandbox.invalid${request.path}`, {
        method: request.method,
        headers: Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
          typeof value === "string" && !["connection", "transfer-encoding", "content-length"].includes(name)
            ? [[name, value]]
            : [],
        ),
        ...(hasBody && body !== "" ? { body } : {}),
      }),
      done,
    );
    if (done.length > 0) before = groups;
    request.applied.push(...done);
    effects.push(...done);
    return response;
  };

  /** The world before the last change, for stale readings. */
  const stale = () =>
    sandboxGateway({ ...options, world: { ...world, groups: { ...before } }, now, rateLimit: false, save: undefined });

  const serveApi = async (request: LoggedRequest, res: ServerResponse) => {
    const at = gates(request);
    await at("received");
    const fault = [...traps].toReversed().find((one) => one.fault !== undefined && one.matches(request))?.fault;
    if (fault) request.fault = fault.kind;

    const applied = async (body?: string, on?: Sandbox) => {
      await at("before-apply");
      const response = await apply(request, body, on);
      await at("after-apply");
      return response;
    };
    const answer = async (status: number, headers: Record<string, string>, body: string | Buffer) => {
      const bytes = Buffer.from(body);
      request.status = status;
      res.writeHead(status, status === 204 ? headers : { ...headers, "content-length": String(bytes.length) });
      if (bytes.length > 1) {
        res.write(bytes.subarray(0, bytes.length >> 1));
        await at("half-response");
        res.end(bytes.subarray(bytes.length >> 1));
      } else res.end(bytes);
      await at("after-response");
    };
    /** Answers as the gateway did, with its text changed on the way. */
    const relay = async (response: Response, change: (text: string) => string = (text) => text) =>
      answer(response.status, Object.fromEntries(response.headers), change(await response.text()));
    const pour = async (
      status: number,
      headers: Record<string, string>,
      source: AsyncIterable<Buffer>,
      zip = false,
    ) => {
      request.status = status;
      res.writeHead(status, headers);
      // The client hangs up in the middle; that is the point of it.
      const stream = Readable.from(source);
      await (zip ? pipeline(stream, createGzip({ level: 9 }), res) : pipeline(stream, res)).catch(() => undefined);
    };

    switch (fault?.kind) {
      case undefined:
        return relay(await applied());
      case "delay":
        await wait(fault.ms);
        return relay(await applied());
      case "delay-after": {
        const response = await applied();
        await wait(fault.ms);
        return relay(response);
      }
      case "late-apply":
        res.destroy();
        await wait(fault.ms);
        if (!closing.signal.aborted) await applied();
        return;
      case "drop-before":
        res.destroy();
        return;
      case "drop-after":
        await applied();
        res.destroy();
        return;
      case "half-then-drop": {
        const response = await applied();
        const bytes = Buffer.from((await response.text()) || "{}");
        request.status = response.status === 204 ? 200 : response.status;
        res.writeHead(request.status, { ...JSON_TYPE, "content-length": String(bytes.length) });
        res.write(bytes.subarray(0, bytes.length >> 1), () => res.destroy());
        return;
      }
      case "truncated-json":
        return relay200(await applied(), (text) =>
          text === "" ? '{"da' : text.slice(0, Math.floor(text.length * 0.6)),
        );
      case "wrong-types":
        await applied();
        return answer(200, JSON_TYPE, wrongTypes(request));
      case "empty-200":
        await applied();
        return answer(200, {}, "");
      case "html-200":
        await applied();
        return answer(200, HTML_TYPE, "<!doctype html><title>Welcome</title><h1>Sign in to the Wi-Fi</h1>");
      case "nothing-200":
        return answer(200, JSON_TYPE, JSON.stringify({ success: true, data: { message: "OK" } }));
      case "500":
      case "500-applied":
        if (fault.kind === "500-applied") await applied();
        else {
          await at("before-apply");
          await at("after-apply");
        }
        return answer(
          500,
          JSON_TYPE,
          JSON.stringify({
            success: false,
            error: { code: "INTERNAL_ERROR", message: "Internal server error", details: {} },
            meta: { requestId: "req_fault500", timestamp: new Date(now()).toISOString() },
          }),
        );
      case "502-html":
        return answer(502, HTML_TYPE, BAD_GATEWAY);
      case "429": {
        const reset = Math.ceil(now() / 1000) + (("resetIn" in fault ? fault.resetIn : undefined) ?? 30);
        return answer(
          429,
          {
            ...JSON_TYPE,
            "x-ratelimit-limit": "100",
            "x-ratelimit-remaining": "0",
            "x-ratelimit-reset": String(reset),
          },
          LIMITED,
        );
      }
      case "429-bare":
        return answer(429, JSON_TYPE, LIMITED);
      case "429-proxy":
        return answer(429, HTML_TYPE, "<h1>429 Too Many Requests</h1>");
      case "redirect":
        return answer(fault.status, { location: fault.to }, "");
      case "answer":
        if (fault.isApplied) await applied();
        return answer(fault.status, fault.headers ?? JSON_TYPE, fault.body ?? "");
      case "stale-read":
        return relay(await applied(undefined, request.method === "GET" ? stale() : gateway));
      case "empty-list":
        return relay(await applied(), (text) => changeLists(text, () => []));
      case "shrunken-list":
        return relay(await applied(), (text) => changeLists(text, (list) => list.slice(0, Math.ceil(list.length / 3))));
      case "drip": {
        const response = await applied();
        return pour(response.status, JSON_TYPE, drip(await response.text(), fault.ms, wait));
      }
      case "huge":
        await applied();
        return pour(200, JSON_TYPE, zeros(GIB));
      case "gzip-bomb":
        await applied();
        return pour(200, { ...JSON_TYPE, "content-encoding": "gzip" }, zeros(GIB), true);
      case "wrong-member":
        return relay(await applied(misdirect(request, world, "one")));
      case "remove-everyone":
        return relay(await applied(misdirect(request, world, "all")));
      case "drop-body":
        return relay(await applied(""));
    }

    async function relay200(response: Response, change: (text: string) => string) {
      const status = response.status === 204 ? 200 : response.status;
      return answer(status, JSON_TYPE, change(await response.text()));
    }
  };

  const handle = async (req: IncomingMessage, res: ServerResponse) => {
    const path = req.url ?? "/";
    if (!path.startsWith("/api")) return servePage(new URL(path, "http://page.invalid"), res, pages, pageHeaders);
    const request: LoggedRequest = {
      method: req.method ?? "GET",
      path,
      headers: req.headers,
      body: "",
      at: now(),
      status: 0,
      applied: [],
    };
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of req) {
      size += (chunk as Buffer).length;
      if (size > MAX_BODY) return void res.writeHead(413).end();
      chunks.push(chunk as Buffer);
    }
    request.body = Buffer.concat(chunks).toString("utf8");
    await Promise.all(doors);
    if (res.destroyed) return;
    request.at = now();
    log.push(request);
    return serveApi(request, res);
  };

  const server = createServer((req, res) => {
    // A client that goes away in the middle is what many tests are about; nothing is left to answer then.
    res.on("error", () => undefined);
    res.shouldKeepAlive = keepAlive;
    res.setHeader("date", new Date(now()).toUTCString());
    handle(req, res).catch((error: unknown) => {
      if (!closing.signal.aborted && !res.headersSent && !res.destroyed) res.writeHead(500).end(String(error));
      else res.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const bound = (server.address() as AddressInfo).port;

  const releaseAll = () => {
    for (const open of opens) open();
    opens.clear();
  };

  return {
    origin: `http://127.0.0.1:${bound}`,
    port: bound,
    world,
    log,
    effects,
    fault(where, fault) {
      const made = makeTrap(where, { fault: typeof fault === "string" ? { kind: fault } : fault });
      traps.add(made);
      return { hits: () => made.hits, stop: () => void traps.delete(made) };
    },
    hold(where, at) {
      let arrive = () => {};
      let release = () => {};
      const reached = new Promise<void>((resolve) => (arrive = resolve));
      const open = new Promise<void>((resolve) => (release = resolve));
      opens.add(release);
      traps.add(makeTrap(where, { at, arrive, open }));
      return { reached, release };
    },
    page(path, body, headers = {}) {
      pages.set(path, { body, headers });
    },
    reset() {
      releaseAll();
      traps.clear();
      log.length = 0;
      effects.length = 0;
    },
    async close() {
      closing.abort();
      releaseAll();
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
