import type { ColumnRole } from "../model";
import { fold } from "../text";
import { ownerOf } from "./label";

/**
 * What a column heading says. `isWeak`: the number only if no other column is ("Contact", "No."). `only`: somebody
 * else's number (a parent's, an office's), used if it is the only one.
 */
export interface Heading {
  role: ColumnRole;
  isWeak?: boolean;
  only?: boolean;
  /** Another number of the same person: "Alternate No". */
  isAlternate?: boolean;
  /** Cannot be a person's number: "Roll No", "Order". */
  isDenied?: boolean;
  /** Digits of a calling code in brackets: `Phone (+251)`. */
  code?: string;
  /** Shared by related columns: `phone 1` of `Phone 1 - Value` and `Phone 1 - Label`. */
  stem: string;
}

const PHONE_PART = new RegExp(
  fold(
    "phone|telef|telepon|telpon|tlfn|handy|mobil|mobiel|movil|celul|cellul|whats ?app|whats ?ap|watsapp|msisdn|ponsel|" +
      "puhelin|rufnummer|komork|matkapuh|telfon|wa ?id|τηλεφων|κινητ|телефон|мобил|сотов|вотсап|ватсап|whatsapp|" +
      "هاتف|جوال|موبايل|محمول|واتساب|واتس|تلفن|موبایل|همراه|فون|טלפון|נייד|फ़ोन|फोन|मोबाइल|मोबाईल|व्हाट्स|भ्रमणध्वनी|" +
      "ফোন|মোবাইল|মোবাইল|தொலைபேசி|கைபேசி|மொபைல்|அலைபேசி|ఫోన్|మొబైల్|ફોન|મોબાઇલ|મોબાઈલ|ಫೋನ್|ಮೊಬೈಲ್|ഫോൺ|മൊബൈൽ|ਫੋਨ|ਫ਼ੋਨ|ਮੋਬਾਈਲ|" +
      "手机|手機|电话|電話|携帯|手提|联系方式|聯絡方式|联系电话|微信号码|전화|휴대|핸드폰|연락|โทร|เบอร์|มือถือ|dien thoai|điện thoại|di động|" +
      "ስልክ|ტელეფონ|մոբիլ|հեռախոս|talrun|tālrun|mobit|mobiil|telemov|mugikor|selfoon|selpon|bimbit|موبائل|خلوي|نقال|تليفون|تلفون|ټیلیفون|" +
      "סלולר|פלאפון|दूरध्वनी|ଫୋନ|ମୋବାଇଲ|දුරකථන|ජංගම|ໂທລະສັບ|ទូរស័ព្ទ|ဖုန်း|утасны|폰",
  ),
  "u",
);
/** Count only as whole words. */
const PHONE_WORD = words(
  "ph tel tél tlf tfno tfn telf telp tlp cell cel cels mob mobs wa whats hp gsm cep sdt sđt fone fon tfon tele т тел моб сот כמ kom simu " +
    "cellphones fono cellulare portable natel puh 06 đt dt cp simi farsimi sel utas утас τηλ",
);
const WEAK_WORD = words(
  "contact contacts number numbers no nos nr nº n° num numb nomor numero número numéro nummer nro broj číslo nömrə номер номера رقم شماره 号码 號碼 番号 번호 नंबर नम्बर " +
    "नं संपर्क सम्पर्क kontak kontakt contato contacto contatto llamar",
);
/** Weak words for a number, not for a person. */
const NUMBER_WORD = words(
  "number numbers no nos nr nº n° num numero número numéro nummer nro broj číslo nömrə номер رقم номера 号码 番号 번호 नंबर नं nomor",
);
const FILLER = words(
  "your my the of for and or to in a e y de da do di del la le el primary main home work office personal private other alternate " +
    "alternative alt first second secondary best 1 2 3 4 i ii customer member person contact student participant required obligatorio " +
    "value principal casa trabajo trabalho",
);
/** With a word for a number, an office's number for somebody: "Student No". */
const HOLDER = words("member customer student participant client patient employee user passenger guest supplier");
const OTHER = words("other alternate alternative alt second secondary 2 ii");
/** Words that rule out a phone column, those over numbers of papers first. */
const OF_PAPERS = words(
  "order orders invoice account roll serial imei pin pincode zip enrolment enrollment aadhaar aadhar passport gst vat token ticket " +
    "transaction transactions txn utr reference ref pedido pedidos cpf cnpj rg dni nif nie",
);
const NOT_PHONE = words(
  "label labels type types tipo typ kind carrier operator operadora provider model brand marca os verified verification status opt optin " +
    "consent confirm confirmed valid email mail correo address adresse endereco direccion alamat bank house room " +
    "date time count plan price group groups gruppe grupo grupos link url website reason note notes remarks comment emp employee pan " +
    "preference yes city state tax flat block seat extension ext " +
    "carrier app users visits calls llamadas nota postal",
);
/** Headings for numbers of things; beside a word for a phone they say its purpose. */
const OF_THINGS = words(
  "tracking shipment parcel consignment waybill docket policy claim loan case complaint request application registration reg " +
    "admission licence license certificate barcode sku ean upc isbn uuid guid uid pnr voucher coupon receipt amount total qty quantity " +
    "balance salary score marks rank cheque check iban swift ifsc bic sim iccid meter asset device matricula matrícula rastreo rastreio " +
    "guia guía sendungsnummer rechnungsnummer kundennummer bestellnummer vertragsnummer auftragsnummer mitgliedsnummer personalnummer " +
    "steuernummer kontonummer aktenzeichen betrag anzahl factura fatura faktur resi nik ktp npwp nisn nim nip expediente cedula cédula " +
    "curp rfc cuit cuil rut nss clabe monto importe valor quantia cantidad lidnummer klantnummer ordernummer factuurnummer adherent " +
    "siret siren commande facture pesel nip regon заказ заказа договор счет счёт инн снилс паспорт табельный артикул sipariş fatura üye " +
    "tc kimlik الطلب الفاتورة الحساب الهوية ऑर्डर खाता आधार रोल 订单 订单号 学号 工号 编号 身份证 注文 会員番号 주문번호 사번 학번 mssv cnp timestamp timestamps created updated modified expires expiry epoch birthday dob",
);
/** Beginnings of such headings: "Codice cliente". */
const THING_FIRST = words("codice codigo código kode kod mã код");
/** Ends of such headings: "Customer ID", "Promo code". */
const THING = words("id ids code codes codigo código kode key keys");
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
  "country countries pais país pays land paese negara страна 国家 國家 国 देश ülke kraj țara tara nation البلد الدولة کشور 국가 quốc_gia",
);
const NAME = new RegExp(
  fold(
    String.raw`^(?:(?:full|display|contact|customer|client|member|person|participant|attendee|student|employee|candidate|guest|volunteer|patient|user|your|push|whats ?app|public|profile|verified|lead|buyer|delegate|player|teacher|staff|applicant|subscriber|recipient)[ '’]*s? ?)*(?:full ?)?(?:names?|fullname|pushname|displayname)(?: (?:of|in|as|with)\b.*)?$|^(?:customer|client|attendee|holder|guest|student|employee|buyer|patient|candidate|contact person|cliente|aluno|aluna|alumno|teilnehmer|participante|kunde|ansprechpartner)$|^(?:nome|nombre|nama|naam|namn|navn|nimi|jmeno|meno|nev|nume|ime|isim|nom|fn|notify|imie i nazwisko|imie|(?:ime|meno|jmeno|nume|nev|nimi|navn|namn) (?:i|a|si|es|ja|och|og) .*|nominativo)(?: (?:complet[oa]?|e sobrenome|y apellidos?|et prenom|prenom|lengkap|do (?:cliente|aluno|contato|participante|comprador)|del? (?:cliente|alumno|contacto|participante)|soyisim|completo do .*))?$|^(?:vor- und nachname|ho va ten|họ và tên|họ tên|ho ten|ten|ad(?:i)?(?: soyad[iı]?)?|adı soyadı|имя|фио|ф и о|ім я|піб|ονομα(?:τεπωνυμο)?|име|姓名|名字|名前|氏名|お名前|이름|성명|성함|ชื่อ(?:[- ]?(?:นามสกุล|สกุล))?|الاسم(?: الكامل)?|اسم|اسم .*|نام|نام و نام خانوادگی|שם(?: מלא)?|नाम|पूरा नाम|নাম|பெயர்|పేరు|નામ|ಹೆಸರು|പേര്|ਨਾਮ|jina|ስም|pangalan|სახელი|անուն)$`,
  ),
  "u",
);
const PART = new RegExp(
  fold(
    String.raw`^(?:(?:attendee|contact|customer|client|student|participant|member|guest|buyer|employee) )?(?:(?:first|given|middle|additional|last|family|sur|fore|second)[ _-]?names?|surname|vorname|nachname|familienname|sobrenome|apellidos?(?: (?:paterno|materno))?|(?:primer|segundo) (?:nombre|apellido)|cognome|prenom|surname|фамилия|отчество|прізвище|soyad[iı]?|soyisim|nazwisko|prijmeni|achternaam|voornaam|efternamn|fornamn|etternavn|fornavn|efternavn|姓|名|性|नाम पहला|उपनाम|last|first)$`,
  ),
  "u",
);
const LABEL = /(?:^| )(?:label|labels|type|typ|tipo|kind)$/;

/** Returns the role a column heading names; `none` if unknown. */
export function headingOf(cell: string): Heading {
  const code = /\(\s*\+(\d{1,4})\s*\)/.exec(cell)?.[1];
  const text = plain(cell);
  const stem = text.replace(/ (?:label|labels|type|value|number|no)$/, "");
  const list = text.split(" ").filter((word) => word !== "");
  if (list.length === 0) return { role: "none", stem };
  if (CODE.test(text)) return { role: "code", stem };
  if (AREA.test(text)) return { role: "area", stem };
  if (COUNTRY.has(text)) return { role: "country", stem };
  if (ID.test(text)) return { role: "id", stem };
  const isPhone = PHONE_PART.test(text) || list.some((word) => PHONE_WORD.has(word));
  if (isPhone && LABEL.test(text)) return { role: "label", stem };
  if (
    isPhone &&
    !list.some((word) => NOT_PHONE.has(word) || OF_PAPERS.has(word)) &&
    !/(?<!^wa) (?:name|id)$/.test(text)
  ) {
    const owner = ownerOf(cell);
    if (owner === "theirs") return { role: "phone", stem, code };
    return { role: "others", stem, code, only: owner !== "machine" };
  }
  if (ownerOf(cell) === "machine") return { role: "others", stem };
  if (NAME.test(text)) return { role: "name", stem };
  if (PART.test(text)) return { role: "part", stem };
  const isThing =
    list.some((word) => NOT_PHONE.has(word) || isNamed(word)) ||
    (list.some((word) => HOLDER.has(word)) && NUMBER_WORD.has(list.at(-1) ?? "")) ||
    (list.length > 1 && (THING.has(list.at(-1) ?? "") || THING_FIRST.has(list[0] ?? "")));
  if (isThing) return { role: "none", isDenied: true, stem };
  const isWeak =
    list.some((word) => WEAK_WORD.has(word)) && list.every((word) => WEAK_WORD.has(word) || FILLER.has(word));
  return isWeak
    ? {
        role: ownerOf(cell) === "theirs" ? "phone" : "others",
        isWeak,
        isAlternate: list.some((word) => OTHER.has(word)),
        stem,
        code,
      }
    : { role: "none", stem };
}

/** Drops case, accents, punctuation, brackets and "with country code". */
function plain(cell: string): string {
  const apart = cell.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2").replace(/[([{（【].*?(?:[)\]}）】]|$)/gu, " ");
  return fold(apart)
    .replace(/\b(?:with|incl|including|without|com|sem|con|sin|avec|sans|mit|ohne|dengan)\b.*$/u, " ")
    .replace(/\bwhats ?app\b/g, "whatsapp")
    .replace(/n[º°]/g, "no")
    .replace(/[^\p{L}\p{M}\p{N}#]+/gu, " ")
    .trim();
}

/** As `plain` leaves them in a heading; `_` stands for a space. */
function words(text: string): ReadonlySet<string> {
  return new Set(text.split(" ").map(plain));
}

function isNamed(word: string): boolean {
  return OF_THINGS.has(word) || OF_PAPERS.has(word) || WHOLE_THING.test(word);
}

/** Words between the parts of a heading. */
const OF_WORD = words("of the de da do del la el le last first digits digit total your my");
/** Whole words with "number" in them: "Kundennummern", "注文番号". */
const WHOLE_THING =
  /.(?:nummern?|numre|nummers|番号|번호|编号|編號|单号|單號|账号|帳號|卡号|学号|學號|工号|工號)$|^เลข(?:ที่|บัตร)/u;

/** Whether a cell names numbers of things ("Invoice No."), enough to head a one-column list. */
export function isThingHeading(cell: string): boolean {
  const list = plain(cell).split(" ");
  const last = list.at(-1) ?? "";
  if (
    list.some(isNamed) &&
    list.every((word) => isNamed(word) || NUMBER_WORD.has(word) || THING.has(word) || OF_WORD.has(word))
  )
    return true;
  if (list.length > 1 && THING_FIRST.has(list[0] ?? "")) return headingOf(cell).isDenied === true;
  const isNumber = list.length > 1 ? NUMBER_WORD.has(last) || THING.has(last) : /.(?:nummer|number|nr)$/.test(last);
  return isNumber && list.length <= 3 && headingOf(cell).isDenied === true;
}

/** Whether a cell has only words for a number, enough to head a one-column list. */
export function isPlainHeading(cell: string): boolean {
  if (headingOf(cell).role !== "phone") return false;
  return plain(cell)
    .split(" ")
    .every((word) => PHONE_WORD.has(word) || WEAK_WORD.has(word) || FILLER.has(word) || PHONE_PART.test(word));
}
