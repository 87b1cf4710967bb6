import { searchPeople } from "../../lib/store/directory";
import { openStore } from "../../lib/store/open";

/** What the bench calls in a page of ours: the built search over the page's own store. */
const store = openStore("wappfy");

Object.assign(globalThis, {
  search: async (connection: string, text: string) => (await searchPeople(await store, connection, text, 20)).length,
});
