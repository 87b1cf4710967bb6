/** Recognizes numbers of things and papers (orders, accounts, identity cards) by preceding words. */

/** Sufficient alone: `IBAN 98…`, `CPF: …`. */
const PAPER =
  "order|invoice|inv|ref|id|a\\/c|account|acct|pin|pincode|zip|otp|awb|tracking|ticket|gst|aadhaar|aadhar|iban|imei|txn|utr|isbn|vat|" +
  "pedido|fatura|factura|rechnung|bestellung|konto|cpf|cnpj|dni|nif|rfc|आधार|खाता|ऑर्डर|ssn|ifsc|iccid|sku|upc|folio|" +
  "regon|pesel|siret|siren|npwp|ktp|tckn|vkn|инн|снилс|огрн|кпп|паспорт|c[eé]dula|curp|cuit|cuil|nss|matr[ií]cula|protocolo|" +
  "kvk|bsn|nric|iqama|cccd|cmnd|(?:kunden|auftrags|rechnungs|bestell|sendungs|vertrags|mitglieds?|personal|versicherungs|steuer|konto|" +
  "vorgangs|order|klant|factuur|lid|polis)-?(?:nummer|nr)";
/** In capitals only: Bill, Nik, Rut and Pan are people. */
const CAPITALS = "PAN|NIK|RUT|RUC|NIT|EIN|EAN|NIP|UAN|SWIFT|STK|MST|QQ";
/** Only with a word for "number": `Policy no. 98…`, not `Policy agent 98…`. */
const NUMBERED =
  "bill|policy|consumer|docket|complaint|case|claim|loan|shipment|parcel|consignment|application|registration|roll|admission|enrol+ment|licen[cs]e|" +
  "receipt|voucher|coupon|serial|certificate|contrato|conta|cuenta|orden|commande|dossier|compte|facture|contrat|p[oó]liza|ap[oó]lice|sipariş|" +
  "fatura|kimlik|dosya|abone|hesap|takip|заказ|договор|сч[её]т|полис|заявка|накладная|रोल|पॉलिसी|शिकायत|उपभोक्ता";
const NUMBER = "no|nr|nº|n°|nro|id|number|num|n[uú]mero|№|#|नंबर|संख्या|numaras[iı]|номер";
const OF_THING =
  "(?:n[º°o]|nro|n[uú]mero|num[eé]ro|nr|numer|nomor|номер|mã|số)[.:]? (?:(?:de|do|da|del|of)(?: (?:la|el|the))? )?" +
  "(?:pedido|protocolo|conta|cuenta|contrato|commande|dossier|compte|facture|factura|fatura|orden|order|gu[ií]a|rastreio|seguimiento|s[eé]rie|" +
  "ap[oó]lice|p[oó]liza|expediente|contrat|suivi|resi|rek(?:ening)?|pesanan|polis|invoice|faktur|zam[oó]wienia|konta|faktury|umowy|przesyłki|" +
  "polisy|заказа|договора|сч[её]та|полиса|дела|заявки|карты|накладной|отправления|đơn|vận đơn|số thuế|sinh viên|nhân viên|tài khoản)";
/** In scripts without blanks. */
const GLUED =
  "رقم (?:ال)?(?:طلب|هوية|حساب|إقامة|اقامة|فاتورة|بوليصة|عقد|تتبع|شحنة|سجل|عضوية|ملف|قيد|جلوس|معاملة|بطاقة)|" +
  "订单号?|訂單號?|学号|學號|工号|工號|编号|編號|身份证号?|身份證號?|快递单号|运单号|单号|單號|账号|帳號|会员号|卡号|合同号|" +
  "(?:注文|会員|お客様|学籍|社員|口座|伝票|追跡|受付|予約|整理)番号|(?:주문|회원|계좌|송장|운송장|주민|예약|접수|고객)번호|학번|사번";
const SHORT = new RegExp(String.raw`(?<![\p{L}\p{M}])(?:${CAPITALS})(?: ?(?:${NUMBER}))?[ .:：#№=-]{0,4}$`, "u");
const BEFORE = new RegExp(
  String.raw`(?:(?<![\p{L}\p{M}])(?:(?:${PAPER})(?: ?(?:${NUMBER}))?|(?:${NUMBERED}) ?(?:${NUMBER})|${OF_THING})|${GLUED})[ .:：#№=-]{0,4}$`,
  "iu",
);

/** The common end of these words: a cheap pre-filter for the long lists. */
const WORD = /[\p{L}\p{M}º°№#][ .:：#№=-]{0,4}$/u;

/** Length of the words right before a number that show that it is not a person's; 0 without. */
export function thingLength(before: string): number {
  if (!WORD.test(before)) return 0;
  return (SHORT.exec(before) ?? BEFORE.exec(before))?.[0].length ?? 0;
}
