import { locale } from "../../lib/shared/i18n";

/** A name's first emoji, else two initials, on a colour from the id. */
export function Avatar({ id, name, isLarge }: { id: string; name: string; isLarge?: boolean }) {
  let hue = 0;
  for (const character of id) hue = (hue * 31 + (character.codePointAt(0) ?? 0)) % 360;
  return (
    <span class={isLarge ? "avatar large" : "avatar"} style={{ "--hue": String(hue) }} aria-hidden="true">
      {signsOf(name)}
    </span>
  );
}

const segmenter = new Intl.Segmenter();

/** Returns the first matching user-visible character. */
function firstSign(text: string, wanted: RegExp): string | undefined {
  // Most names; a segmenter takes ten times as long.
  if (/^[ -~]*$/.test(text)) return wanted.exec(text)?.[0];
  for (const { segment } of segmenter.segment(text)) if (wanted.test(segment)) return segment;
  return undefined;
}

function signsOf(name: string): string {
  const emoji = /\p{Emoji_Presentation}/u;
  const sign = emoji.test(name) ? firstSign(name, emoji) : undefined;
  if (sign !== undefined) return sign;
  const initials = name.split(/\s+/u).flatMap((word) => firstSign(word, /[\p{L}\p{N}]/u) ?? []);
  return initials.slice(0, 2).join("").toLocaleUpperCase(locale()) || "#";
}
