const MACHINE =
  /fax|faks|t[ée]l[ée]copi|telekopi|факс|فاكس|फ़ैक्स|फैक्स|传真|傳真|ファックス|팩스|pager|\bbip(?:er|s)?\b|telex|\btty\b|\btdd\b|modem|\bisdn\b|\bradio\b|\bbbs\b/iu;
const OFFICE =
  /assist|\basst\b|secret[aá]r|segret(?:ar|er)|sekret|секретар|ассистент|\bcompany\b|\bfirma\b|\bempresa\b|компани|\breception|switchboard|recep[cç][aã]o|rezeption|zentrale|centralita|hotline|helpline|\bsupport\b|\bbank\b|公司|单位/iu;
const RELATIVE =
  /\bfather|\bmother|\bparent|guardian|emergency|\bkin\b|spouse|husband|\bwife\b|referr|\breference|nominee|\bmanager|\bowner|\bcreat(?:ed|or)\b|\bassigned|\bauthor|\bagent\b|\bteacher|\bdoctor|\bdriver|\bhost\b|\bsponsor|supervisor|\bsales ?(?:person|man|rep|executive)|vendedor|\bpai\b|\bm[aã]e\b|respons[aá]vel|emerg[eê]ncia|\bpadre|\bmadre|emergencia|acudiente|vater|mutter|eltern|notfall|\bp[eè]re\b|\bm[eè]re\b|urgence|orang ?tua|\bwali\b|darurat|पिता|माता|अभिभावक|आपात|родител|мама|папа|父|母|家长|緊急|紧急|보호자|학부모|부모|保護者|matk[ia]|\bojc|rodzic|opiekun|мамы|матер|отца|отец|опекун|батьк|\bveli|\b(?:anne|baba)\S* (?:tel|cep|gsm)|ولي ال|والد|الأب|الأم|پدر|مادر|سرپرست|ہنگامی|\bouder|\bvader|\bmoeder|\bvoogd|ph[ụu] huynh|m[åa]lsman|v[åa]rdnadshavare|f[öo]r[äa]lder|forelder|for[æa]lder|foresat|huoltaja|\btutor|apoderad|encarregad|\btuteur|erziehungs|sorgeberecht|genitor|γον[έε]|κηδεμ|הורה|הורים|অভিভাবক|পিতা|মাতা|பெற்றோர்|தந்தை|தாயார்|తల్లి|తండ్రి|ผู้ปกครอง|\bayah\b|\bibu\b|rodi[čc]|sz[üu]l[őo]|p[ăa]rinte|roditelj|родител|батьків/iu;

const FAX = String.raw`(?:tele?)?(?:fax|faks|факс|فاكس|फ़ैक्स|फैक्स|传真|傳真|ファックス|팩스|pager|t[ée]l[ée]copi)\p{L}{0,5}`;
const FAX_BEFORE = new RegExp(String.raw`(?<!\p{L})${FAX}[^\p{L}\p{N}]*$`, "iu");
/** `… (fax)`, but not `… Fax 022 2345 6700`. */
const FAX_AFTER = new RegExp(String.raw`^\s*[([-]?\s*(?:\p{L}+ )?${FAX}\s*(?:[)\],;|]|$)`, "iu");
/** `T +49 30 1234567 F +49 30 1234568`. */
const INITIAL = /(?<!\p{L})F ?[.:]? ?\(?$/u;
const OTHER_INITIAL = /(?<!\p{L})[TPM] ?[.:]? ?\(?(?:\+?\d)/u;

/** Whether the words around a number mark it as a fax's; `line` is the whole text. */
export function isFaxAt(before: string, after: string, line: string): boolean {
  const near = before.slice(-30);
  return (
    FAX_BEFORE.test(near) || FAX_AFTER.test(after.slice(0, 40)) || (INITIAL.test(near) && OTHER_INITIAL.test(line))
  );
}

/** Whose number a label names. */
export type Owner = "theirs" | "machine" | "office" | "relative";

/** Returns the owner named by a label (`Work Fax`, `_$!<HomeFAX>!$_`); `theirs` by default. */
export function ownerOf(label: string): Owner {
  // Splits `HomeFAX` and `assistantPhone`.
  const text = label.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2");
  if (MACHINE.test(text)) return "machine";
  if (OFFICE.test(text)) return "office";
  return RELATIVE.test(text) ? "relative" : "theirs";
}
