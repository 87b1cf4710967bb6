import * as v from "valibot";
import { readPasted } from "../../shared/pasted";
import { t } from "../../shared/i18n";
import { fold } from "../../shared/text";
import { readGroups } from "../../store/read";
import { readCurrent } from "../../store/read-account";
import type { GroupRow, Store } from "../../store/schema";
import { ROUTES } from "./windows";
import { groupId } from "../../shared/fields";

/** A suggestion for the address bar's keyword `wf`. */
export interface Suggestion {
  content: string;
  description: string;
}

const MOST = 6;

/** Suggests groups whose names contain all words, or joining a pasted invite. */
export async function suggest(store: Store, typed: string): Promise<Suggestion[]> {
  const code = codeIn(typed);
  if (code) return [{ content: `join ${code}`, description: plain(t("omnibox_join", code)) }];
  return (await matching(store, typed)).map(({ id, name }) => ({ content: id, description: plain(name) }));
}

/** Returns a suggestion's route, or the best guess for typed text. */
export async function routeFor(store: Store, entered: string): Promise<string> {
  if (v.safeParse(groupId, entered).success) return ROUTES.group(entered);
  const code = codeIn(entered.replace(/^join /, ""));
  if (code) return ROUTES.join(code);
  const [best] = await matching(store, entered);
  return best ? ROUTES.group(best.id) : ROUTES.groups;
}

/** Without a link, only 22 characters are a code: names can look like one. */
function codeIn(text: string): string | undefined {
  const isLink = /whatsapp/i.test(text) || /^[A-Za-z0-9]{22}$/.test(text.trim());
  return isLink ? readPasted(text).invites[0]?.code : undefined;
}

async function matching(store: Store, typed: string): Promise<GroupRow[]> {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  const connection = await readCurrent(store);
  if (!connection || words.length === 0) return [];
  const rows = (await readGroups(store, connection.id, "used")) as GroupRow[];
  return rows.filter(({ nameKey }) => words.every((word) => nameKey.includes(word))).slice(0, MOST);
}

/** Chromium reads descriptions as XML, Firefox as text. */
function plain(text: string): string {
  return text.replace(/[<>&"']/g, " ");
}
