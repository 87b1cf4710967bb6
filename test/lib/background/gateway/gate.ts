import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Secret } from "../../../../lib/background/gateway/secret";
import { openBudget, type Allowance } from "../../../../lib/background/gateway/budget";
import { openGateway } from "../../../../lib/background/gateway/client";
import type { GatewayOptions } from "../../../../lib/background/gateway/request";
import type { CallOptions, Gateway } from "../../../../lib/background/gateway/gateway";
import type { Dialect } from "../../../../lib/shared/model";
import { ok } from "../../../../lib/shared/failure";

/** A real HTTP server on loopback that says just what a test wants to hear, and a gateway client that asks it. */
export interface Gate {
  origin: string;
  /** Requests as they arrived. */
  log: { method: string; path: string; headers: IncomingMessage["headers"]; body: string }[];
  /** Answers from now on: a body to send as JSON, or everything by hand. */
  say(answer: unknown, more?: { status?: number; type?: string; headers?: Record<string, string> }): void;
  act(handler: (request: IncomingMessage, response: ServerResponse, body: string) => void): void;
  open(more?: Partial<GatewayOptions> & { dialect?: Dialect }): Gateway;
  close(): Promise<void>;
}

export const KEY = "wappfy_sk_fictional_0123456789";
export const INSTANCE = "inst_abc123";
export const GROUP = "120363012345678901@g.us";
export const ANNA = "5511999998888@s.whatsapp.net";
export const BOB = "5511999997777@s.whatsapp.net";
export const AGENT: CallOptions = { priority: "agent" };

/** An allowance that never runs out, for tests about other things. */
export function plenty(): Allowance {
  return {
    take: async () => ({ ok: true, report: () => undefined }),
    state: () => ({ connection: "c", limit: 100, remaining: 100, resetAt: 0, isLimited: false }),
  };
}

/** An allowance without a store behind it. */
export function forgetful(now?: () => number): Allowance {
  return openBudget("c", { load: async () => undefined, save: async () => undefined }, now);
}

/** Starts the server on 127.0.0.1. */
export async function startGate(): Promise<Gate> {
  const log: Gate["log"] = [];
  let handler: Parameters<Gate["act"]>[0] = (_, response) => response.end();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      log.push({ method: request.method ?? "", path: request.url ?? "", headers: request.headers, body });
      handler(request, response, body);
    });
    response.on("error", () => undefined); // The client may hang up; that is what some tests are about.
  });
  // A connection that the server gives up while a busy test keeps the client from seeing it fails the next request.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    log,
    say(answer, { status = 200, type = "application/json", headers = {} } = {}) {
      handler = (_, response) => {
        const isRaw =
          answer === undefined ||
          Buffer.isBuffer(answer) ||
          (typeof answer === "string" && type !== "application/json");
        response.writeHead(status, { "content-type": type, ...headers });
        response.end(isRaw ? answer : JSON.stringify(answer));
      };
    },
    act(next) {
      handler = next;
    },
    open({ dialect = "guide", ...more } = {}) {
      return openGateway({
        connection: { origin, instance: INSTANCE, dialect, auth: "api-key" },
        key: async () => ok(new Secret(KEY)),
        budget: plenty(),
        ...more,
      });
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
