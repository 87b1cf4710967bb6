import type { Connection } from "../../lib/shared/model";
import { commandValue, connect, readStore, startGateway } from "../e2e/app";
import { Chromium } from "../e2e/chromium";
import { buildSearch, timeSearch } from "./searches";

const GROUPS = 300;
const MEMBERS = 1000;
/** Searches of each kind. */
const ROUNDS = 40;

/** A function that gives the worker's heap in bytes, after a collection. */
async function heapOf(chromium: Chromium): Promise<() => Promise<number>> {
  const browser = await chromium.context.browser()!.newBrowserCDPSession();
  let last = 0;
  const ask = async (sessionId: string, method: string): Promise<{ usedSize?: number }> => {
    const id = ++last;
    const answer = new Promise<{ usedSize?: number }>((resolve) => {
      const hear = ({ message }: { message: string }) => {
        const told = JSON.parse(message) as { id?: number; result?: { usedSize?: number } };
        if (told.id !== id) return;
        browser.off("Target.receivedMessageFromTarget", hear);
        resolve(told.result ?? {});
      };
      browser.on("Target.receivedMessageFromTarget", hear);
    });
    await browser.send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify({ id, method }) });
    return answer;
  };
  return async () => {
    await chromium.worker();
    const { targetInfos } = await browser.send("Target.getTargets");
    const worker = targetInfos.find(({ type, url }) => type === "service_worker" && url.includes(chromium.id))!;
    const { sessionId } = await browser.send("Target.attachToTarget", { targetId: worker.targetId });
    await ask(sessionId, "HeapProfiler.collectGarbage");
    const { usedSize = 0 } = await ask(sessionId, "Runtime.getHeapUsage");
    await browser.send("Target.detachFromTarget", { sessionId });
    return usedSize;
  };
}

/** What somebody types to find a number: its end, grown digit by digit, and its beginning. */
function typed(random: () => number): string[] {
  const number = `9198${String(Math.floor(random() * 1e8)).padStart(8, "0")}`;
  return [
    number.slice(-4),
    number.slice(-5),
    number.slice(-6),
    number.slice(-8),
    `+${number.slice(0, 7)}`,
    number,
    "98765432100",
  ];
}

/** The time of a search among 300,000 members, the size of the store, and what the worker keeps in memory. */
export async function benchSearch(
  say: (line: string) => void,
): Promise<{ what: string; value: number; goal: number; unit: string }[]> {
  const server = await startGateway("guide", { groups: GROUPS });
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (const group of Object.values(server.world.groups)) {
    const own = group.members.slice(0, 1);
    const others = Array.from({ length: MEMBERS - own.length }, () => ({
      ...own[0]!,
      id: `9198${String(Math.floor(random() * 1e8)).padStart(8, "0")}@s.whatsapp.net`,
      role: "member" as const,
    }));
    group.members = [...own, ...others];
  }
  const chromium = await Chromium.launch();
  try {
    const app = await chromium.open("app");
    await connect(app, server);
    await commandValue(app, "refreshGroups");
    const { id } = (await readStore(app, ["connections"]))["connections"]![0] as Connection;
    const heap = await heapOf(chromium);
    const base = await heap();
    const begun = Date.now();
    await commandValue(app, "readMembers", {});
    let most = base;
    await chromium.waitUntil(
      async () => {
        most = Math.max(most, await heap());
        const [notes] = (await readStore(app, ["gateways"]))["gateways"] as { members?: { endedAt?: number } }[];
        return notes?.members?.endedAt !== undefined;
      },
      "the members to be read",
      600_000,
    );
    const rosters = await app.evaluate(() => navigator.storage.estimate());
    say(`  ${GROUPS} groups of ${MEMBERS} read in ${((Date.now() - begun) / 1000).toFixed(0)} s`);
    await app.evaluate(await buildSearch());
    const search = (text: string) => timeSearch(app, "search", id, text);
    say(`  the first search, which reads the texts: ${(await search("4321")).toFixed(0)} ms`);
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const text of typed(random)) times.push(await search(text));
    }
    times.sort((a, b) => a - b);
    say(`  ${times.length} searches, the middle one ${times[times.length >> 1]!.toFixed(1)} ms`);
    return [
      {
        what: "95 of 100 searches among 300,000 members",
        value: times[Math.floor(times.length * 0.95)]!,
        goal: 50,
        unit: " ms",
      },
      { what: "store", value: (rosters.usage ?? Infinity) / 1e6, goal: 60, unit: " MB" },
      { what: "worker's heap while it reads, above its base", value: (most - base) / 1e6, goal: 40, unit: " MB" },
    ];
  } finally {
    await chromium.close();
    await server.close();
  }
}
