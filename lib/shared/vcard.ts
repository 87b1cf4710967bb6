/** A vCard's name and numbers as written. */
export interface Card {
  name?: string;
  numbers: CardNumber[];
}

/** `waid`: WhatsApp number. `label`: its type in the card. `isLink`: a messenger's link, perhaps without a number. */
interface CardNumber {
  text: string;
  waid?: string;
  label: string;
  isLink: boolean;
}

const LINE = /^(?:([\w-]+)\.)?([\w-]+)((?:[;.](?:"[^"]*"|[^":])*)?):(.*)$/;
const PHONES = /^(?:TEL|PHONE|X-WHATSAPP|X-PHONE|X-MOBILE)$/;
const LINKS = /^(?:URL|IMPP|X-SOCIALPROFILE|X-WHATSAPP-URL)$/;

/** Reads the lines of a vCard 2.1 to 4.0, including folded lines and quoted-printable. */
export function cardOf(lines: readonly string[]): Card {
  let name: string | undefined;
  let parts: string | undefined;
  let company: string | undefined;
  const numbers: (CardNumber & { group?: string })[] = [];
  const labels = new Map<string, string>();
  for (const line of unfold(lines)) {
    const match = LINE.exec(line);
    if (!match) continue;
    const group = match[1]?.toLowerCase();
    // `item1.TEL`, and `PHONE.WORK` of some phones.
    const field = (PHONES.test(group?.toUpperCase() ?? "") ? group : match[2])?.toUpperCase() ?? "";
    const options = match[3] ?? "";
    const value = plain(match[4] ?? "", options);
    if (value === "") continue;
    if (PHONES.test(field)) {
      const waid = /;waid="?(\d{7,15})\b/i.exec(options)?.[1];
      numbers.push({ text: value, waid, label: options, isLink: false, group });
    } else if (LINKS.test(field) && isMessenger(value, options)) {
      // `x-apple:918123456789` and `whatsapp:+91…` are the number itself.
      const text = value.replace(/^(?:x-apple|whatsapp|xmpp|x-whatsapp):(?!\/)/i, "").replace(/^(\d{7,15})$/, "+$1");
      numbers.push({ text, label: "", isLink: true, group });
    } else if (field === "X-ABLABEL" && group !== undefined) labels.set(group, value);
    else if (field === "FN") name ??= value;
    else if (field === "ORG") company ??= value.replace(/;+$/, "") || undefined;
    else if (field === "N") {
      const [family = "", given = "", middle = ""] = value.split(";");
      parts ??= [given, middle, family].filter((part) => part.trim() !== "").join(" ") || undefined;
    }
  }
  return {
    name: name ?? parts ?? company,
    numbers: numbers.map(({ group, ...each }) => ({
      ...each,
      label: [each.label, group === undefined ? "" : (labels.get(group) ?? "")].join(" ").trim(),
    })),
  };
}

function isMessenger(value: string, options: string): boolean {
  return /wa\.me\/|whatsapp/i.test(value + options);
}

/** Joins folded lines, which start with a blank; in quoted-printable, the previous one ends in `=`. */
function unfold(lines: readonly string[]): string[] {
  const out: string[] = [];
  let isSoft = false;
  for (const line of lines) {
    const last = out.length - 1;
    if (last >= 0 && isSoft) out[last] = `${out[last]?.slice(0, -1)}${line}`;
    else if (last >= 0 && /^[ \t]/.test(line)) out[last] += line.slice(1);
    else out.push(line);
    isSoft = line.endsWith("=") && /quoted-printable/i.test(out.at(-1) ?? "");
  }
  return out;
}

function plain(value: string, options: string): string {
  const text = /quoted-printable/i.test(options) ? quotedPrintable(value, options) : value;
  return text.replace(/\\([nN,;:\\])/g, (_, mark: string) => (/n/i.test(mark) ? " " : mark)).trim();
}

/** Decodes bytes such as `=C3=A9` in the named charset, else UTF-8, else Windows-1252. */
function quotedPrintable(value: string, options: string): string {
  const bytes = Uint8Array.from(
    value
      .replace(/=([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
      .split("")
      .map((sign) => sign.charCodeAt(0)),
  );
  // Not encoded as bytes.
  if (Array.from(value).some((sign) => sign.charCodeAt(0) > 0xff)) return value;
  const named = /charset="?([\w-]+)/i.exec(options)?.[1] ?? "utf-8";
  for (const charset of [named, "utf-8"]) {
    try {
      return new TextDecoder(charset, { fatal: true }).decode(bytes);
    } catch {
      // Unknown or wrong charset: try the next.
    }
  }
  return new TextDecoder("windows-1252").decode(bytes);
}

const PICTURE = /^(?:[\w-]+\.)?(?:PHOTO|LOGO|SOUND|KEY)[;:]/i;

/** Returns a filter that recognises, line by line, the pictures, sounds and keys that fill most card files. */
export function picturesIn(): (line: string) => boolean {
  let isCard = false;
  let isPicture = false;
  return (line) => {
    const mark = /^\s*(BEGIN|END):VCARD/i.exec(line)?.[1]?.toUpperCase();
    if (mark !== undefined) isCard = mark === "BEGIN";
    // Continues in folded lines, or in bare base64 lines of old cards.
    const goesOn = isPicture && mark === undefined && (/^[ \t]/.test(line) || /^[A-Za-z0-9+/=]*\s*$/.test(line));
    isPicture = isCard && (goesOn || PICTURE.test(line));
    return isPicture;
  };
}
