import { count } from "./line";

/** Lines of a chat export, in the forms of Android and iPhone in many languages. */

const DATE = String.raw`\d{1,4}[./-] ?\d{1,2}[./-] ?\d{1,4}\.?`;
const HALF = String.raw`\p{L}{1,4}\.?(?: ?\p{L}{1,2}\.?)?`;
const TIME = String.raw`(?:${HALF} )?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: ?${HALF})?`;
/** `12/05/2024, 10:15 - `, `[12/05/24, 10:15:22 AM] `, `12/05/2024 à 10:16 - `. */
const START = new RegExp(
  String.raw`^\s*(?:\[${DATE},?(?: \p{L}{1,3})? +${TIME}\]|${DATE},?(?: \p{L}{1,3})? +${TIME} -) `,
  "iu",
);

/** Words of a chat for somebody who came in. */
const JOINED =
  /joined|added|entrou|adicionou|adicionad|uni[oó]|añadi|agreg[oó]|beigetreten|hinzugefügt|rejoint|ajouté|bergabung|menambahkan|ditambahkan|शामिल|जोड़ा|जोड़ा|entrat[oa]|aggiunt|katıldı|ekledi|eklendi|присоединил|вступил|добавил|انضم|أضاف|اضاف|toegevoegd|加入|添加|参加|追加|참여|초대/iu;
/** Words for somebody who left. */
const LEFT =
  /\bleft\b|saiu|salió|verlassen|quitté|keluar|छोड़|छोड़|abbandonato|uscit|ayrıldı|покинул|вышел|غادر|verliet|退出|退室|나갔/iu;
/** Words for somebody who was removed by the person named first. */
const REMOVED =
  /removed|removeu|removid|elimin[oó]|sacó|entfernt|retiré|supprimé|mengeluarkan|dikeluarkan|हटा|निकाल|rimosso|çıkardı|çıkarıldı|удалил|أزال|ازال|verwijderd|移除|削除|내보냈/iu;

/** What a number in a line of a chat export is: who wrote, who came, who went, or only something that was written. */
export type ChatRole = "sender" | "joined" | "left" | "written";

/** Length of the date and time at the start of a line of a chat export; undefined when it does not begin with them. */
export function chatStart(text: string): number | undefined {
  return START.exec(text)?.[0].length;
}

/**
 * The role of the number at `from` to `to` in a line whose message begins at `begin`. `first`: it is the first number of
 * the line. In "A removed B" it is B who went.
 */
export function chatRole(text: string, begin: number, find: { from: number; to: number }, isFirst: boolean): ChatRole {
  const before = text.slice(begin, find.from);
  if (/^[\s~"'@(]*$/.test(before) && /^[\s)"']*:(?:\s|$)/.test(text.slice(find.to))) return "sender";
  // A colon behind the name of a sender: everything after it was written.
  if (/^[^:]{1,80}: /.test(text.slice(begin))) return "written";
  const words = text.slice(begin);
  if (REMOVED.test(words)) return isFirst && count(text.slice(find.to)) >= 7 ? "joined" : "left";
  if (LEFT.test(words)) return "left";
  return JOINED.test(words) ? "joined" : "written";
}
