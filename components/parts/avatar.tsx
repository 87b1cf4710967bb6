import { locale } from "../../lib/shared/i18n";

/** A name's first emoji, or else two initials, on a colour fixed by the id. */
export function Avatar({ id, name, isLarge }: { id: string; name: string; isLarge?: boolean }) {
  let hue = 0;
  for (const character of id) hue = (hue * 31 + (character.codePointAt(0) ?? 0)) % 360;
  return (
    <span class={isLarge ? "avatar large" : "avatar"} style={{ "--hue": String(hue) }} aria-hidden="true">
      {signsOf(name)}
    </span>
  );
}

function signsOf(name: string): string {
  const signs = [...new Intl.Segmenter().segment(name)].map(({ segment }) => segment);
  const emoji = signs.find((sign) => /\p{Emoji_Presentation}/u.test(sign));
  if (emoji) return emoji;
  const initials = name.split(/\s+/u).flatMap((word) => {
    const first = [...new Intl.Segmenter().segment(word)].find(({ segment }) => /[\p{L}\p{N}]/u.test(segment));
    return first ? [first.segment] : [];
  });
  return initials.slice(0, 2).join("").toLocaleUpperCase(locale()) || "#";
}
