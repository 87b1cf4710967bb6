import type { ColumnRole } from "../model";
import { fold } from "../text";
import { ownerOf } from "./label";

/**
 * What the words over a column say. `isWeak`: it may be the number, when no other column says so and its cells hold
 * numbers ("Contact", "No."). `only`: it is somebody else's, but taken when it is all there is (a parent's).
 */
export interface Heading {
  role: ColumnRole;
  isWeak?: boolean;
  only?: boolean;
  /** Its words say that it holds no number of a person, whatever its cells look like: "Roll No", "Order". */
  isDenied?: boolean;
  /** The calling code in brackets, `Phone (+251)`: digits. */
  code?: string;
  /** What columns of one entry have in common: `phone 1` of `Phone 1 - Value` and `Phone 1 - Label`. */
  stem: string;
}

/** Parts of words for a phone, in any compound: `Handynummer`, `Celular/WhatsApp`, `телефона`. */
const PHONE_PART = new RegExp(
  fold(
    "phone|telef|telepon|telpon|tlfn|handy|mobil|mobiel|movil|celul|cellul|whats ?app|whats ?ap|watsapp|msisdn|ponsel|" +
      "puhelin|rufnummer|komork|matkapuh|telfon|wa ?id|τηλεφων|κινητ|телефон|мобил|сотов|вотсап|ватсап|whatsapp|" +
      "هاتف|جوال|موبايل|محمول|واتساب|واتس|تلفن|موبایل|همراه|فون|טלפון|נייד|फ़ोन|फोन|मोबाइल|मोबाईल|व्हाट्स|भ्रमणध्वनी|" +
      "ফোন|মোবাইল|মোবাইল|தொலைபேசி|கைபேசி|மொபைல்|அலைபேசி|ఫోన్|మొబైల్|ફોન|મોબાઇલ|મોબાઈલ|ಫೋನ್|ಮೊಬೈಲ್|ഫോൺ|മൊബൈൽ|ਫੋਨ|ਫ਼ੋਨ|ਮੋਬਾਈਲ|" +
      "手机|手機|电话|電話|携帯|手提|联系方式|聯絡方式|联系电话|微信号码|전화|휴대|핸드폰|연락처|โทร|เบอร์|มือถือ|dien thoai|điện thoại|di động|" +
      "ስልክ|ტელეფონ|մոբիլ|հեռախոս|talrun|tālrun",
  ),
  "u",
);
/** Short words for a phone that count only as a word of their own. */
const PHONE_WORD = words(
  "ph tel tél tlf tfno tfn telf telp tlp cell cel cels mob mobs wa whats hp gsm cep sdt sđt fone fon tfon tele т тел моб сот כמ kom simu " +
    "number-phone cellphones fono cellulare portable natel puh 06 đt dt",
);
/** Words that say no more than "number" or "contact". */
const WEAK_WORD = words(
  "contact contacts number numbers no nos nr nº n° num numb nomor numero número numéro nummer номер номера رقم شماره 号码 號碼 番号 번호 नंबर नम्बर " +
    "नं संपर्क सम्पर्क kontak kontakt contato contacto contatto llamar",
);
/** What may stand beside a weak word. */
const FILLER = words(
  "your my the of for and or to in a e y de da do di del la le el primary main home work office personal private other alternate " +
    "alternative alt first second secondary best 1 2 3 4 i ii customer member person contact student participant required obligatorio " +
    "value principal casa trabajo trabalho",
);
/** What such a column is not, whatever else its words say. */
const NOT_PHONE = words(
  "label labels type types tipo typ kind carrier operator operadora provider model brand marca os verified verification status opt optin " +
    "consent confirm confirmed valid email e-mail mail correo address adresse endereco direccion alamat order orders invoice account bank roll serial house room pin pincode zip " +
    "imei date time count plan price group groups gruppe grupo grupos link url website reason note notes remarks comment emp employee enrolment enrollment aadhaar aadhar pan passport gst " +
    "preference preferred? yes city state tax vat flat block seat token ticket transaction txn utr reference ref extension ext " +
    "carrier app users visits calls llamadas pedido pedidos nota cpf cnpj rg dni nif cep_postal",
);
/** Column of ids as WhatsApp forms them. */
const ID =
  /^(?:id|ids|jid|lid|jids|participants?|members?|person|chat ?id|contact ?id|whatsapp ?id|id (?:whatsapp|serialized)|(?:whatsapp )?j?id serialized)$/;
const CODE = new RegExp(
  fold(
    String.raw`^(?:ddi|isd|idd|cc|(?:country|dial(?:l?ing)?|calling|isd|idd|intl?|international|phone|mobile|tel|country dial(?:l?ing)?|country calling|phone country|mobile country|country phone)[ -]?(?:code|prefix|cod)|(?:cod(?:igo)?|prefijo|prefisso|prefixo|indicatif|indicativo)(?: (?:de|do|del|du))? ?(?:pais|pays|paese|internacional|internazionale)|land(?:es)?vorwahl|landervorwahl|landnummer|landcode|kode negara|ulke kodu|code pays|код страны|国家代码|国家区号|国际区号|国码|國碼|國家代碼|国番号|국가번호|국가 ?코드|رمز الدولة|كود الدولة|مفتاح الدولة|کد کشور|देश ?का? ?कोड|kod kraju)$`,
  ),
  "u",
);
const AREA = new RegExp(
  fold(
    String.raw`^(?:ddd|std|(?:area|std|city|region(?:al)?)[ -]?code|(?:ortsvorwahl|vorwahl)|(?:cod(?:igo)?|prefijo)(?: de)? (?:area|ciudad|cidade)|cod area|lada|prefijo|prefisso|prefixo|indicatif(?: regional)?|kode area|код города|код|区号|區號|市外局番|지역번호|alan kodu|netnummer|kengetal|riktnummer|std कोड|prefix)(?: ?\d)?$`,
  ),
  "u",
);
const COUNTRY = words(
  "country countries pais país pays land paese negara страна 国家 國家 国 देश ülke kraj țara tara nation nationality? البلد الدولة کشور 국가 quốc gia",
);
/** The whole name. */
const NAME = new RegExp(
  fold(
    String.raw`^(?:(?:full|display|contact|customer|client|member|person|participant|attendee|student|employee|candidate|guest|volunteer|patient|user|your|push|whats ?app|public|profile|verified|lead|buyer|delegate|player|teacher|staff|applicant|subscriber|recipient)[ '’]*s? ?)*(?:full ?)?(?:names?|fullname|pushname|displayname)(?: (?:of|in|as|with)\b.*)?$|^(?:customer|client|attendee|holder|guest|student|employee|buyer|patient|contact person|cliente|aluno|aluna|alumno|teilnehmer|participante|kunde|ansprechpartner)$|^(?:nome|nombre|nama|naam|namn|navn|nimi|jmeno|meno|nev|nume|ime|isim|nom|fn|notify|imie i nazwisko|imie)(?: (?:complet[oa]?|e sobrenome|y apellidos?|et prenom|prenom|lengkap|do (?:cliente|aluno|contato|participante|comprador)|del? (?:cliente|alumno|contacto|participante)|soyisim|completo do .*))?$|^(?:vor- und nachname|ho va ten|họ và tên|họ tên|ho ten|ten|ad(?:i)?(?: soyad[iı]?)?|adı soyadı|имя|фио|ф и о|ім я|піб|ονομα(?:τεπωνυμο)?|име|姓名|名字|名前|氏名|お名前|이름|성명|성함|ชื่อ(?:[- ]?(?:นามสกุล|สกุล))?|الاسم(?: الكامل)?|اسم|اسم .*|نام|نام و نام خانوادگی|שם(?: מלא)?|नाम|पूरा नाम|নাম|பெயர்|పేరు|નામ|ಹೆಸರು|പേര്|ਨਾਮ|jina|ስም|pangalan|სახელი|անուն)$`,
  ),
  "u",
);
/** A part of the name. */
const PART = new RegExp(
  fold(
    String.raw`^(?:(?:attendee|contact|customer|client|student|participant|member|guest|buyer|employee) )?(?:(?:first|given|middle|additional|last|family|sur|fore|second)[ _-]?names?|surname|vorname|nachname|familienname|sobrenome|apellidos?(?: (?:paterno|materno))?|(?:primer|segundo) (?:nombre|apellido)|cognome|prenom|surname|фамилия|отчество|прізвище|soyad[iı]?|soyisim|nazwisko|prijmeni|achternaam|voornaam|efternamn|fornamn|etternavn|fornavn|efternavn|姓|名|性|नाम पहला|उपनाम|last|first)$`,
  ),
  "u",
);
const LABEL = /(?:^| )(?:label|labels|type|typ|tipo|kind)$/;

/** The role that the words over a column name; `none` where they say nothing of a number, a name or a code. */
export function headingOf(cell: string): Heading {
  const code = /\(\s*\+(\d{1,4})\s*\)/.exec(cell)?.[1];
  const text = plain(cell);
  const stem = text.replace(/ (?:label|labels|type|value|number|no)$/, "");
  const list = text.split(" ").filter((word) => word !== "");
  if (list.length === 0) return { role: "none", stem };
  if (CODE.test(text)) return { role: "code", stem };
  if (AREA.test(text)) return { role: "area", stem };
  if (list.length === 1 && COUNTRY.has(list[0] ?? "")) return { role: "country", stem };
  if (ID.test(text)) return { role: "id", stem };
  const isPhone = PHONE_PART.test(text) || list.some((word) => PHONE_WORD.has(word));
  if (isPhone && LABEL.test(text)) return { role: "label", stem };
  if (isPhone && !list.some((word) => NOT_PHONE.has(word)) && !/ (?:name|id)$/.test(text)) {
    const owner = ownerOf(cell);
    if (owner === "theirs") return { role: "phone", stem, code };
    return { role: "others", stem, code, only: owner === "relative" };
  }
  if (ownerOf(cell) === "machine") return { role: "others", stem };
  if (NAME.test(text)) return { role: "name", stem };
  if (PART.test(text)) return { role: "part", stem };
  if (list.some((word) => NOT_PHONE.has(word))) return { role: "none", isDenied: true, stem };
  const isWeak =
    list.some((word) => WEAK_WORD.has(word)) && list.every((word) => WEAK_WORD.has(word) || FILLER.has(word));
  return isWeak
    ? { role: ownerOf(cell) === "theirs" ? "phone" : "others", isWeak, stem, code }
    : { role: "none", stem };
}

/** The words of a cell: one case, no accents, no brackets and marks, no "with country code". */
function plain(cell: string): string {
  const apart = cell.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2").replace(/[([{（【].*?(?:[)\]}）】]|$)/gu, " ");
  return fold(apart)
    .replace(/\b(?:with|incl|including|without|com|sem|con|sin|avec|sans|mit|ohne|dengan)\b.*$/u, " ")
    .replace(/\bwhats ?app\b/g, "whatsapp")
    .replace(/n[º°]/g, "no")
    .replace(/[^\p{L}\p{M}\p{N}#]+/gu, " ")
    .trim();
}

function words(text: string): ReadonlySet<string> {
  return new Set(fold(text).split(" "));
}

/** Whether a cell is nothing but the words for a number: enough for the header of a list with one column. */
export function isPlainHeading(cell: string): boolean {
  if (headingOf(cell).role !== "phone") return false;
  return plain(cell)
    .split(" ")
    .every((word) => PHONE_WORD.has(word) || WEAK_WORD.has(word) || FILLER.has(word) || PHONE_PART.test(word));
}
