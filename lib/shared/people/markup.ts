const TAGS = /<(?:td|th|li|tr|br|p|div)\b[^>]*>/i;
const LINK =
  /<a\b[^>]*?href=["']((?:tel:|whatsapp:|https?:\/\/(?:wa\.me|api\.whatsapp\.com)\/)[^"']*)["'][^>]*>(.*?)<\/a>/gi;
const SIGNS: Readonly<Record<string, string>> = {
  nbsp: " ",
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  plus: "+",
};

/** Returns a page source's lines, table cells separated by tabs; undefined for other texts. */
export function markupText(text: string): string | undefined {
  if (!text.includes("<") || !TAGS.test(text) || !/<\/(?:td|th|li|tr|p|div)\s*>|<br\b/i.test(text)) return undefined;
  const bare = text.replace(/<!--.*?-->|<(script|style)\b.*?<\/\1\s*>/gis, "").replace(/\s+/g, " ");
  return bare
    .replace(LINK, (_, link: string, inner: string) =>
      (inner.match(/\d/g) ?? []).length < 7 ? `${inner} ${link}` : inner,
    )
    .replace(/<\/t[dh]\s*>\s*(?=<t[dh]\b)/gi, "\t")
    .replace(/<\/?(?:tr|li|p|div|br|table|ul|ol|h\d)\b[^>]*>/gi, "\n")
    .replace(/<\/?[a-z][^>]*>/gi, "")
    .replace(/&(?:#(\d{1,6})|#x([\da-f]{1,5})|([a-z]+));/gi, (whole, code?: string, hex?: string, name?: string) => {
      if (name !== undefined) return SIGNS[name.toLowerCase()] ?? whole;
      return String.fromCodePoint(Math.min(Number.parseInt(code ?? hex ?? "", code === undefined ? 16 : 10), 0x10ffff));
    })
    .split("\n")
    .map((line) => line.replace(/^ +| +$/g, ""))
    .filter((line) => line.trim() !== "")
    .join("\n");
}
