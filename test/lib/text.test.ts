import { expect, it } from "vitest";
import { cleanText, fold, graphemes } from "../../lib/shared/text";

it("folds case and accents, and keeps the vowel signs of Hindi", () => {
  expect(fold("São PAULO")).toBe("sao paulo");
  expect(fold("हिन्दी")).toBe("हिन्दी".normalize("NFKD"));
});
it("takes control, bidi and zero-width characters out of a name", () => {
  expect(cleanText("a\u202Eb\u200B\n c\u0007")).toBe("ab c");
  expect(graphemes(cleanText("👩‍👩‍👧".repeat(300)))).toBe(101);
});
