import { cleanText } from "../text";

/** Words that describe a number, not names. */
export const LABELS: ReadonlySet<string> = new Set(
  (
    "tel tél télécopie fax cep portable telephone telefon telefono teléfono telefone téléphone phone ph mob mobile mobil móvil movil cell cel " +
    "celular handy home work office main private personal whatsapp whats wa wp no nr num number numero número numéro " +
    "contact contato contacto kontak zap id jid lid superadmin ext call sms smsto callto hp घर कार्यालय मोबाइल फ़ोन फ़ोन फोन नंबर नम्बर काम тел моб هاتف جوال تلفن موبایل " +
    "電話 电话 手机 携帯 โทร رقم الهاتف الجوال الموبايل الواتساب واتساب واتس محمول المحمول شماره همراه номер номера телефона телефону мобильный " +
    "мобильного сотовый вотсап telefonnummer handynummer mobilnummer rufnummer nummer nomor telepon ponsel telpon tlf tfno fijo fixo " +
    "手机号 手机号码 电话号码 联系电话 联系方式 電話番号 携帯番号 전화 전화번호 휴대폰 휴대폰번호 핸드폰 연락처 numarası telefonu gsm điện thoại sđt " +
    "số เบอร์ เบอร์โทร טלפון נייד"
  ).split(" "),
);
const SENTENCE: ReadonlySet<string> = new Set(
  (
    "add please pls kindly call hi hello dear the this these is are was my your and to for from with in at on group into " +
    "will new or ou oder und persons people members joined left added removed favor bitte para कृपया को में का की है या और"
  ).split(" "),
);

/** "You" in WhatsApp's member list. */
const SELF: ReadonlySet<string> = new Set(
  "you você voce tú usted du sie vous toi tu anda kamu आप तुम vos jij jou siz sen вы ты أنت انت شما אתה אתם 你 您 あなた 나 คุณ bạn ty te vy sinä ви вие εσείς آپ আপনি ඔබ நீங்கள் మీరు તમે ನೀವು നിങ്ങൾ ਤੁਸੀਂ तुम्ही तपाईं wewe dig ti ikaw awak sina teie jūs сиз сіз".split(
    " ",
  ),
);
const OF: ReadonlySet<string> = new Set("de del do da du of der des".split(" "));
const JOINING: ReadonlySet<string> = new Set("and e y u et i и й و en og och ja և dan at ve".split(" "));

const ADMIN =
  /^[^\p{L}]*(?:(?:group|gruppen|groeps|grup|समूह|ग्रुप|गट|กลุ่ม)[ -]?)?(?:admin|amministrat|beheerder|yöneti|админ|адмін|مشرف|ادمن|أدمن|مدیر|एडमिन|অ্যাডমিন|ผู้ดูแล|管理员|管理員|群主|관리자|quản trị|διαχειριστ|מנהל|pengelola|ylläpitäj|správce)/iu;

/** A place in a list, glued to a name: `1.Asha`. */
const ITEM = /^\s*#?\d{1,3}[.)\]:]+ ?(?=\p{L})/u;
const NAME_LABEL =
  /^[^\p{L}]*(?:(?:full )?name|nome|nombre|nom|nama|naam|vorname|nachname|नाम|الاسم|اسم|имя|姓名|名前|이름)\s*[:：=](?=.*\p{L})/iu;

/** Whether an item of a member list is the agent's own. */
export function isSelf(piece: string): boolean {
  return SELF.has(bare(piece.trim()));
}

/** Returns the first name between `mark`s in a text without numbers. */
export function nameOf(text: string, mark = /[,;|\t]/): string | undefined {
  if (text.length > 400 || !/\p{L}/u.test(text)) return undefined;
  for (const piece of text.split(mark)) {
    // WhatsApp's "Admin do grupo" beside a member.
    if (ADMIN.test(piece)) continue;
    const open = piece
      .replace(ITEM, "")
      .replace(NAME_LABEL, "")
      .replace(/[(["{][^)\]}"]*[)\]}"]/g, (inner) => (nameOf(inner.slice(1, -1)) === undefined ? " " : inner));
    const words = open.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
    while (isLabel(words[0])) words.shift();
    while (isLabel(words.at(-1))) words.pop();
    const name = words
      .join(" ")
      .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{M}\p{N}.)]+$/gu, "")
      .replace(/^([^(]*)\)+$/, "$1");
    // "Número de teléfono" without its labels.
    if (words.length < open.split(/\s+/).length && words.every((word) => OF.has(bare(word)))) continue;
    // "and 23 more" at the end of a list.
    if (JOINING.has(bare(words[0] ?? "")) && /\p{Nd}/u.test(words[1] ?? "")) continue;
    const isName = /\p{L}/u.test(name) && words.length <= 6 && name.length <= 80;
    // "and" between two numbers, or `(O)` for office.
    if (words.length === 1 && (JOINING.has(bare(name)) || /^[a-z]$/i.test(name))) continue;
    if (isName && !words.some((word) => SENTENCE.has(bare(word)))) return cleanText(name);
  }
  return undefined;
}

function bare(word: string): string {
  return word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{M}\p{N}]+$/gu, "").toLowerCase();
}

/** Matches `Mob.No.:`, `(home)`, bare digits, and `M:` for mobile, but not the initial of `M Rao`. */
function isLabel(word: string | undefined): boolean {
  if (word === undefined) return false;
  if (/^[^\p{L}]*$|^[mtpw][.:]+$/iu.test(word)) return true;
  return word.split(/[^\p{L}\p{M}]+/u).every((part) => part === "" || LABELS.has(part.toLowerCase()));
}
