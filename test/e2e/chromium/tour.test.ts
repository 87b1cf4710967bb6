import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startServer, type TestServer } from "../../server";
import { tour } from "../../tour";
import { BUILD, Chromium } from "../chromium";

let chromium: Chromium;
let server: TestServer;
const shots = mkdtempSync(join(tmpdir(), "wappfy-tour-"));
beforeAll(async () => {
  server = await startServer();
  chromium = await Chromium.launch({ dir: BUILD });
});
afterAll(async () => {
  await chromium?.close();
  await server?.close();
  rmSync(shots, { recursive: true });
});

it("the tour of npm start sees every step happen, with the build that agents get", async () => {
  const lines: string[] = [];
  await tour({ chromium, server, shots, say: (line) => lines.push(line) });
  expect(lines.map((line) => /^ *\d+\. ([^:]+):/.exec(line)?.[1])).toEqual([
    "connect",
    "list",
    "create",
    "add people",
    "remove a person",
    "send",
    "meet invites on a page",
    "press one of them",
    "join from the page",
    "leave",
  ]);
  expect(readdirSync(shots)).toHaveLength(lines.length);
  // The sample groups are in the extension; the site only serves its page.
  expect(server.log).toEqual([]);
});
