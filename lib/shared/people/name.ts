import { cleanText } from "../text";

/** The name of a person beside their number. */

/** Words that say what a number is and are no name. */
export const LABELS: ReadonlySet<string> = new Set(
  (
    "tel tél telephone telefon telefono teléfono telefone téléphone phone ph mob mobile mobil móvil movil cell cel " +
    "celular handy home work office main private personal whatsapp whats wa wp fax no nr num number numero número " +
    "contact id jid lid superadmin ext call sms smsto callto hp घर कार्यालय मोबाइल फ़ोन फ़ोन फोन नंबर नम्बर काम тел моб هاتف جوال تلفن موبایل " +
    "電話 电话 手机 携帯 โทร"
  ).split(" "),
);
/** Words that make a text a sentence and not a name. */
const SENTENCE: ReadonlySet<string> = new Set(
  (
    "add please pls kindly call hi hello dear the this these is are was my your and to for from with in at on group into " +
    "will new or ou oder und persons people members joined left added removed favor bitte para कृपया को में का की है या और"
  ).split(" "),
);

/** The agent in the line of a group's members, and words of one letter or two that join two numbers. */
const SELF: ReadonlySet<string> = new Set(
  "you você voce tú usted du sie vous toi tu anda kamu आप तुम vos jij jou siz sen вы ты أنت انت شما אתה אתם 你 您 あなた 나 คุณ bạn".split(
    " ",
  ),
);
const JOINING: ReadonlySet<string> = new Set("e y u et i и й و en og och ja և dan at ve".split(" "));

/** Whether a piece of a list is the agent's own place in it: "You". */
export function isSelf(piece: string): boolean {
  return SELF.has(bare(piece.trim()));
}

/** A name in a text without numbers: the first piece between `mark`s that is one. */
export function nameOf(text: string, mark = /[,;|\t]/): string | undefined {
  // What is so long is no name and a number, but a text.
  if (text.length > 400 || !/\p{L}/u.test(text)) return undefined;
  for (const piece of text.split(mark)) {
    // WhatsApp writes it beside a member: "Admin do grupo".
    if (/^[^\p{L}]*(?:group ?|gruppen-?)?admin/iu.test(piece)) continue;
    const open = piece.replace(/[(["{][^)\]}"]*[)\]}"]/g, (inner) =>
      nameOf(inner.slice(1, -1)) === undefined ? " " : inner,
    );
    const words = open.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
    while (isLabel(words[0])) words.shift();
    while (isLabel(words.at(-1))) words.pop();
    const name = words
      .join(" ")
      .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{M}\p{N}.)]+$/gu, "")
      .replace(/^([^(]*)\)+$/, "$1");
    const isName = /\p{L}/u.test(name) && words.length <= 6 && name.length <= 80;
    // "and" between two numbers, and `(O)` for office.
    if (words.length === 1 && (JOINING.has(bare(name)) || /^[a-z]$/i.test(name))) continue;
    if (isName && !words.some((word) => SENTENCE.has(bare(word)))) return cleanText(name);
  }
  return undefined;
}

function bare(word: string): string {
  return word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{M}\p{N}]+$/gu, "").toLowerCase();
}

/** `Mob.No.:`, `tel:`, `(home)`, and `M:` for mobile, but not the initial of `M Rao`. Bare digits are none either. */
function isLabel(word: string | undefined): boolean {
  if (word === undefined) return false;
  if (/^[^\p{L}]*$|^[mtpw][.:]+$/iu.test(word)) return true;
  return word.split(/[^\p{L}\p{M}]+/u).every((part) => part === "" || LABELS.has(part.toLowerCase()));
}
