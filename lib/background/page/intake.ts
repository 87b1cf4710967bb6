import type { Source } from "../../shared/invite";

/** How much text of pages the worker reads: the author of a page must not decide how long we are busy with it. */

/** Characters in a minute, of one tab and of all together. An ordinary page has some thousands. */
const MOST = { tab: 4_000_000, all: 16_000_000 };
const TIME = 60_000;
/** Each report counts as so many characters at least. */
const LEAST = 5_000;
/** Characters that are read before others have their turn. */
const PIECE = 20_000;
/** What is not read is answered after so many ms: answered at once, a page script that a page took over would say more at once. */
const HELD = 1000;

export interface Intake {
  /** Whether a report of so many characters may still be read; if so, it counts against what is left. A no comes late. */
  takes(tab: number, size: number): Promise<boolean>;
  /** Reads each item by `read`, one report after the other, and rests in between so that commands have their turn. */
  readAll<Item, Result>(
    items: readonly Item[],
    sizeOf: (item: Item) => number,
    read: (item: Item) => Result,
  ): Promise<Result[]>;
}

/** Opens a full intake. It is lost with the worker, which no page can end. `now` returns ms, `sleep` waits so many. */
export function openIntake(now: () => number, sleep: (duration: number) => Promise<void>): Intake {
  let accepted: { tab: number; at: number; size: number }[] = [];
  let last: Promise<unknown> = Promise.resolve();
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
    readAll(items, sizeOf, read) {
      const work = async () => {
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
      };
      const results = last.then(work);
      last = results.catch(() => undefined); // The caller gets the error; the queue goes on.
      return results;
    },
  };
}

/** How many characters a source has. */
export function sizeOf(source: Source): number {
  return source.reduce((size, [name, value]) => size + name.length + value.length, 0);
}
