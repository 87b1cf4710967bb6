/** What a label says of a number: `Work Fax`, `Assistant's Phone`, `_$!<HomeFAX>!$_`, `PAGER`. */

/** No person reads messages there. */
const MACHINE =
  /fax|факс|فاكس|फ़ैक्स|फैक्स|传真|傳真|ファックス|팩스|pager|\bbip(?:er|s)?\b|telex|\btty\b|\btdd\b|modem|\bisdn\b|\bradio\b|\bbbs\b/iu;
/** Somebody who works with them, or their company. */
const OFFICE =
  /assist|\basst\b|secret[aá]r|sekret|секретар|ассистент|\bcompany\b|\bfirma\b|\bempresa\b|компани|\breception|switchboard|recep[cç][aã]o|rezeption|zentrale|centralita|hotline|helpline|\bsupport\b|\bbank\b|公司|单位/iu;
/** Somebody of their family or circle. */
const RELATIVE =
  /\bfather|\bmother|\bparent|guardian|emergency|\bkin\b|spouse|husband|\bwife\b|referr|\breference|nominee|\bmanager|\bowner|\bcreat(?:ed|or)\b|\bassigned|\bauthor|\bagent\b|\bteacher|\bdoctor|\bdriver|\bhost\b|\bsponsor|supervisor|\bpai\b|\bm[aã]e\b|respons[aá]vel|emerg[eê]ncia|\bpadre|\bmadre|emergencia|acudiente|vater|mutter|eltern|notfall|\bp[eè]re\b|\bm[eè]re\b|urgence|orang ?tua|\bwali\b|darurat|पिता|माता|अभिभावक|आपात|родител|мама|папа|父|母|家长|緊急|紧急|보호자/iu;

/** Whose number it is by its label. */
export type Owner = "theirs" | "machine" | "office" | "relative";

/** The owner that a label names; `theirs` where it names no other. */
export function ownerOf(label: string): Owner {
  // `HomeFAX` and `assistantPhone` are two words.
  const text = label.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2");
  if (MACHINE.test(text)) return "machine";
  if (OFFICE.test(text)) return "office";
  return RELATIVE.test(text) ? "relative" : "theirs";
}
