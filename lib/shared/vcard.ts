/** One card of a vCard text: its name, and its numbers as written, with the WhatsApp number where the card tells it. */
export interface Card {
  name?: string;
  numbers: { text: string; waid?: string }[];
}

const LINE = /^(?:[\w-]+\.)?([\w-]+)((?:;(?:"[^"]*"|[^":])*)?):(.*)$/;

/** Reads the lines of one card, vCard 2.1 to 4.0: folded lines, quoted-printable, parameters of every style. */
export function cardOf(lines: readonly string[]): Card {
  let name: string | undefined;
  let parts: string | undefined;
  let company: string | undefined;
  const numbers: Card["numbers"] = [];
  for (const line of unfold(lines)) {
    const match = LINE.exec(line);
    const field = match?.[1]?.toUpperCase();
    if (!match || field === undefined) continue;
    const options = match[2] ?? "";
    const value = plain(match[3] ?? "", options);
    if (field === "TEL" && value !== "" && !/\bfax\b/i.test(options)) {
      numbers.push({ text: value, waid: /;waid="?(\d{7,15})\b/i.exec(options)?.[1] });
    } else if (field === "FN") name ??= value || undefined;
    else if (field === "ORG") company ??= value.replace(/;+$/, "") || undefined;
    else if (field === "N") {
      const [family = "", given = "", middle = ""] = value.split(";");
      parts ??= [given, middle, family].filter((part) => part.trim() !== "").join(" ") || undefined;
    }
  }
  return { name: name ?? parts ?? company, numbers };
}

/** Joins what was folded: a line that starts with a blank goes on; in quoted-printable a final `=` does it. */
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
  const text = /quoted-printable/i.test(options) ? quotedPrintable(value) : value;
  return text.replace(/\\([nN,;:\\])/g, (_, mark: string) => (/n/i.test(mark) ? " " : mark)).trim();
}

function quotedPrintable(value: string): string {
  try {
    return decodeURIComponent(value.replace(/%/g, "%25").replace(/=([0-9a-f]{2})/gi, "%$1"));
  } catch {
    // Not UTF-8: the name stays as it was written, the number has no such characters.
    return value;
  }
}
