import { count } from "./line";

const DATE = String.raw`\d{1,4}[./-] ?\d{1,2}[./-] ?\d{1,4}\.?`;
// `a` stands for letters: a pattern with twenty `\p{L}` takes browsers 50 ms to build.
const HALF = String.raw`a{1,4}\.?(?: ?a{1,2}\.?)?`;
const TIME = String.raw`(?:${HALF} ?)?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: ?${HALF})?`;
const WHEN = String.raw`${DATE}(?: a\.)?,?(?: a{1,3})? +${TIME}`;
const START = new RegExp(String.raw`^\s*(?:\[${WHEN}\]|\[${TIME}, +${DATE}\]|${WHEN} -|${TIME}, +${DATE} -) `);

const LONGEST_START = 200;

const JOINED =
  /joined|added|entrou|adicionou|adicionad|\buni(?:[oó]|do\b)|añadi|agreg[oó]|beigetreten|hinzugefügt|rejoint|ajouté|bergabung|menambahkan|ditambahkan|शामिल|जोड़ा|जोड़ा|entrat[oa]|aggiunt|katıldı|ekledi|eklendi|присоединил|вступил|добавил|انضم|أضاف|اضاف|toegevoegd|加入|添加|参加|追加|참여|초대|dołącz|\bdoda|přida|připoj|prida|pripoj|приєдна|дода|добави|присъедини|pridruži|gick med|anslöt|lade till|lagt till|ble med|lagt til|tilføj|liittyi|lisä|tham gia|thêm|alăturat|adăugat|μπήκε|προσχώρησε|πρόσθεσε|csatlakozott|hozzáad|เข้าร่วม|เพิ่ม|הצטרף|הצטרפ|הוסיף|הוסיפ|נוספ|যোগ|যুক্ত|شامل|پیوست|اضافه|சேர்|இணைந்|చేర|జోడించ|જોડા|ઉમેર|ಸೇರ|ചേർ|menyertai|amejiunga|ameongeza|sumali|idinagdag|सामील/iu;
const LEFT =
  /\bleft\b|saiu|salió|\bsalid[oa]\b|abandon[oó]|abandonad[oa]|verlassen|quitté|keluar|छोड़|छोड़|abbandonato|uscit|ayrıldı|покинул|вышел|غادر|verliet|退出|退室|나갔|나가|opuści|wyszedł|wyszła|opustil|odešel|odišiel|залиши|вийшов|вийшла|покину|напусн|napusti|lämna|forlot|forlod|poistui|lähti|\brời|ieșit|părăsit|αποχώρησ|έφυγε|kilépett|elhagyta|ออก|יצא|עזב|বেরিয়ে|ছেড়ে|ত্যাগ|چھوڑ|نکل گ|خارج شد|ترک کرد|வெளியேறி|నిష్క్రమి|వెళ్|છોડ|ತೊರೆ|ಹೊರ|പുറത്ത|ഒഴിവാ|सोडल|बाहेर|ameondoka|umalis|çıxdı|tərk|шықты|chiqdi|chiqib|lahkus|zapusti/iu;
const REMOVED =
  /removed|removeu|removid|elimin[oó]|eliminad[oa]|sacó|entfernt|retiré|supprimé|mengeluarkan|dikeluarkan|हटा|निकाल|rimosso|çıkardı|çıkarıldı|удалил|أزال|ازال|verwijderd|移除|削除|내보냈|usun|odebral|odstran|odstrán|видали|вилучи|премахн|uklon|tog bort|tagit bort|fjernet|fjernede|poisti(?!u)|\bxóa|\bxoá|eliminat|αφαίρεσ|αφαιρέ|κατάργησ|διέγραψ|eltávolít|ลบ|הסיר|הוסר|সরিয়ে|সরানো|অপসার|ہٹا|حذف|நீக்க|తీసివే|తొలగి|કાઢી|દૂર|ತೆಗೆದು|നീക്ക|काढ|tinanggal|inalis|amemwondoa|eemald/iu;

/** Role of a number in a chat line. */
export type ChatRole = "sender" | "joined" | "left" | "written";

/**
 * Returns the length of a chat export's date and time (`12/05/2024, 10:15 - `, `[12/05/24, 10:15:22 AM] `); undefined
 * for other lines.
 */
export function chatStart(text: string): number | undefined {
  const plain = text.slice(0, LONGEST_START).replace(/\p{L}/gu, (letter) => "a".repeat(letter.length));
  return START.exec(plain)?.[0].length;
}

/** Returns a number's role in a chat line whose message starts at `begin`. In "A removed B", B left. */
export function chatRole(text: string, begin: number, find: { from: number; to: number }, isFirst: boolean): ChatRole {
  const before = text.slice(begin, find.from);
  if (/^[\s~"'@(]*$/.test(before) && /^[\s)"']*:(?:\s|$)/.test(text.slice(find.to))) return "sender";
  // Everything after a sender's colon is message text.
  if (/^[^:]{1,80}: /.test(text.slice(begin))) return "written";
  const words = text.slice(begin);
  if (REMOVED.test(words)) return isFirst && count(text.slice(find.to)) >= 7 ? "joined" : "left";
  if (LEFT.test(words)) return "left";
  return JOINED.test(words) ? "joined" : "written";
}
