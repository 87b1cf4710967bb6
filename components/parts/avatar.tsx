import { locale } from "../../lib/shared/i18n";

/** The first letter of a name on a colour of its own, the same wherever the thing is shown. */
export function Avatar({ id, name, isLarge }: { id: string; name: string; isLarge?: boolean }) {
  let hue = 0;
  for (const character of id) hue = (hue * 31 + (character.codePointAt(0) ?? 0)) % 360;
  const first = [...new Intl.Segmenter().segment(name.trim())].find(({ segment }) =>
    /[\p{L}\p{N}\p{Emoji_Presentation}]/u.test(segment),
  );
  return (
    <span class={isLarge ? "avatar large" : "avatar"} style={{ "--hue": String(hue) }} aria-hidden="true">
      {first?.segment.toLocaleUpperCase(locale()) ?? "#"}
    </span>
  );
}
