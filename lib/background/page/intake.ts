import type { Source } from "../../shared/invite";
import { openQueue } from "../../shared/queue";

/** Characters per minute; ordinary pages have some thousands. */
const MOST = { tab: 4_000_000, all: 16_000_000 };
const TIME = 60_000;
const LEAST = 5_000;
/** Characters read before others get a turn. */
const PIECE = 20_000;
/** Ms before a refusal: a compromised page script would repeat at once. */
const HELD = 1000;

export interface Intake {
  /** Whether a report of this size may be read; charges it. Delays a refusal. */
  takes(tab: number, size: number): Promise<boolean>;
  /** Reads items in order, with pauses for commands. */
  readAll<Item, Result>(
    items: readonly Item[],
    sizeOf: (item: Item) => number,
    read: (item: Item) => Result,
  ): Promise<Result[]>;
}

/** Opens an intake, which limits pages' use of the worker. No page can reset it by ending the worker. */
export function openIntake(now: () => number, sleep: (duration: number) => Promise<void>): Intake {
  let accepted: { tab: number; at: number; size: number }[] = [];
  const inTurn = openQueue();
  return {
    async takes(tab, given) {
      const at = now();
      const size = Math.max(LEAST, given);
      accepted = accepted.filter((one) => one.at > at - TIME && one.at <= at);
      const sum = (of: typeof accepted) => of.reduce((all, one) => all + one.size, size);
      if (sum(accepted) > MOST.all || sum(accepted.filter((one) => one.tab === tab)) > MOST.tab) {
        await sleep(HELD);
        return false;
      }
      accepted.push({ tab, at, size });
      return true;
    },
    readAll: (items, sizeOf, read) =>
      inTurn(async () => {
        const results = [];
        let piece = 0;
        for (const item of items) {
          if (piece > PIECE) {
            piece = 0;
            await sleep(0);
          }
          piece += sizeOf(item);
          results.push(read(item));
        }
        return results;
      }),
  };
}

/** In characters. */
export function sizeOf(source: Source): number {
  return source.reduce((size, [name, value]) => size + name.length + value.length, 0);
}
