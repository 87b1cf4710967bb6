import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Protection } from "../../../lib/shared/model";
import type { TestServer } from "../../server";
import { App, command, commandValue, connect, PASSPHRASE, startGateway } from "../app";
import { Chromium, E2E_BUILD } from "../chromium";
import {
  blindRepeats,
  endedJobs,
  isIn,
  memberWrites,
  plainGroups,
  plainMembers,
  PLENTY,
  sends,
  startJob,
  strangers,
  waitForJob,
} from "../jobs";

/** A browser that is killed in the middle of a job, and started again on the same profile. */

/** What one of the tests has to itself; they run side by side, because each of them mostly waits. */
interface Place {
  server: TestServer;
  profile: string;
  launch: (dir?: string) => Promise<Chromium>;
}

async function openPlace(onEnd: (end: () => Promise<void>) => void): Promise<Place> {
  const server = await startGateway("guide", {}, PLENTY);
  const profile = mkdtempSync(join(tmpdir(), "wappfy-restart-"));
  let last: Chromium | undefined;
  onEnd(async () => {
    await last?.close();
    await server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  });
  return { server, profile, launch: async (dir) => (last = await Chromium.launch({ profile, dir })) };
}

/**
 * Orders an adding to four groups, whose second request is the one under way when the browser is killed, and a removal
 * that still waits for its undo window then. Gives what is to be proved after the restart.
 */
async function killInTheMiddle({ server, launch }: Place, protection: Protection, isApplied: boolean, dir?: string) {
  const first = await launch(dir);
  const { page } = new App(await first.open("app", "#/groups"));
  await connect(page, server, { protection, passphrase: protection === "passphrase" ? PASSPHRASE : undefined });
  const [group, ...groups] = plainGroups(server).slice(0, 5) as [string, ...string[]];
  const people = strangers(2);
  const members = plainMembers(server, group, 2);
  const where = { method: "POST", path: groups[1]! };
  if (!isApplied) server.fault(where, "500");
  const barrier = server.hold(where, isApplied ? "after-apply" : "received");
  const adding = await startJob(page, { kind: "add", groups, people, pace: "fast" });
  const removing = await startJob(page, { kind: "remove", groups: [group], people: members, pace: "fast" });
  await barrier.reached;
  await first.crash();
  barrier.release();

  /** Everybody is where they should be, once, and both jobs say so. */
  const prove = async (again: Chromium) => {
    const app = new App(await again.open("app", "#/groups"));
    const jobs = await endedJobs(again, app.page);
    const verdicts = (id: string) => jobs.find(({ job }) => job.id === id)!.steps.map(({ verdict }) => verdict);
    expect(verdicts(adding)).toEqual(Array.from({ length: 8 }, () => "added"));
    expect(verdicts(removing)).toEqual(["removed", "removed"]);
    expect(groups.flatMap((each) => people.map(({ id }) => isIn(server, each, id)))).not.toContain(false);
    expect(members.map(({ id }) => isIn(server, group, id))).toEqual([false, false]);
    expect(blindRepeats(server)).toEqual([]);
    const times = isApplied ? 1 : 2;
    expect(groups.map((each) => Object.values(sends(server, each)))).toEqual([
      [1, 1],
      [times, times],
      [1, 1],
      [1, 1],
    ]);
    expect(Object.values(sends(server, group))).toEqual([1, 1]);
  };
  return { prove, adding, removing };
}

it.concurrent("T68 goes on by itself when the keys need no passphrase, and no page of ours is open", async ({
  onTestFinished,
}) => {
  const place = await openPlace(onTestFinished);
  const { prove } = await killInTheMiddle(place, "none", true);
  const again = await place.launch();
  await again.waitUntil(() => memberWrites(place.server).length >= 6, "all requests");
  await prove(again);
});

it.concurrent("T68 waits for the passphrase without a request, and goes on when it is unlocked", async ({
  onTestFinished,
}) => {
  const place = await openPlace(onTestFinished);
  const { prove, adding, removing } = await killInTheMiddle(place, "passphrase", true);
  const count = place.server.log.length;
  const again = await place.launch();
  const { page } = new App(await again.open("app", "#/groups"));
  for (const id of [adding, removing]) await waitForJob(again, page, id, "paused", "locked");
  await command(page, "pendingInvite");
  expect(place.server.log).toHaveLength(count);
  await commandValue(page, "unlock", { passphrase: PASSPHRASE });
  await prove(again);
});

it.concurrent("T69 goes on under a newer version of the extension, and sends nothing again blindly", async ({
  onTestFinished,
}) => {
  const place = await openPlace(onTestFinished);
  const dir = mkdtempSync(join(tmpdir(), "wappfy-version-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  cpSync(E2E_BUILD, dir, { recursive: true });
  const { prove } = await killInTheMiddle(place, "none", false, dir);
  const file = join(dir, "manifest.json");
  const manifest = JSON.parse(readFileSync(file, "utf8")) as { version: string };
  writeFileSync(file, JSON.stringify({ ...manifest, version: "99.0" }));
  const again = await place.launch(dir);
  const worker = await again.worker();
  const version = await worker.evaluate(
    () =>
      (
        globalThis as unknown as { chrome: { runtime: { getManifest(): { version: string } } } }
      ).chrome.runtime.getManifest().version,
  );
  expect(version).toBe("99.0");
  await prove(again);
});
