import * as v from "valibot";
import { readPasted } from "../../shared/pasted";
import { t } from "../../shared/i18n";
import { fold } from "../../shared/text";
import { readCurrent, readGroups } from "../../store/read";
import type { GroupRow, Store } from "../../store/schema";
import { ROUTES } from "./windows";
import { groupId } from "../../shared/fields";

/** The address bar's keyword `wf`: a group's name, or a pasted invite. */

export interface Suggestion {
  /** The text that `routeFor` is called with when the agent chooses it. */
  content: string;
  description: string;
}

const MOST = 6;

/** Suggestions for what was typed: groups whose name has all its words, or joining a pasted invite. */
export async function suggest(store: Store, typed: string): Promise<Suggestion[]> {
  const code = codeIn(typed);
  if (code) return [{ content: `join ${code}`, description: plain(t("omnibox_join", code)) }];
  return (await matching(store, typed)).map(({ id, name }) => ({ content: id, description: plain(name) }));
}

/** Where Enter leads: a suggestion that was chosen, or the best guess for what was typed. */
export async function routeFor(store: Store, entered: string): Promise<string> {
  if (v.safeParse(groupId, entered).success) return ROUTES.group(entered);
  const code = codeIn(entered.replace(/^join /, ""));
  if (code) return ROUTES.join(code);
  const [best] = await matching(store, entered);
  return best ? ROUTES.group(best.id) : ROUTES.groups;
}

/** A word of a name can look like a code: without a link, only a word that is no likely name counts as one. */
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

/** Chromium reads a description as XML and Firefox as text: without the five signs both show the same. */
function plain(text: string): string {
  return text.replace(/[<>&"']/g, " ");
}
