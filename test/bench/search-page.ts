import { KINDS } from "../../lib/shared/jobs/kinds";
import { searchPeople } from "../../lib/store/directory";
import { readHistory } from "../../lib/store/history";
import { openStore } from "../../lib/store/open";

/** What the benches call in a page of ours: the built searches over the page's own store. */
const store = openStore("wappfy");

Object.assign(globalThis, {
  search: async (connection: string, text: string) => (await searchPeople(await store, connection, text, 20)).length,
  searchHistory: async (connection: string, text: string) => {
    const read = await readHistory(await store, connection, { text }, 51, ({ kind, count, name = "" }) =>
      KINDS[kind].title(count, name),
    );
    return read.jobs.length;
  },
});
