import { expect, it } from "vitest";
import { rowsOf } from "../../../lib/shared/csv";
import { parsePeople } from "../../../lib/shared/people";
import { rejectedFile } from "../../../lib/shared/people/rejected";

const WORDS = {
  number: "Number",
  name: "Name",
  reason: "Reason",
  because: ({ reason }: { reason: string }) => `Why: ${reason}.`,
};
const IN = { country: "IN" };
const rejected = (text: string) => rejectedFile(parsePeople(text, IN), WORDS);

it("gives the rows of a table that were not taken, with a reason, and nothing is wrong once they are mended", () => {
  const text = 'City;Name;Phone;Fax\nPune;Asha;8123456789;02223456789\nPune;"Rao; Ravi";81234;\nGoa;Meena;;\n';
  const file = rejected(text);
  expect(file?.extension).toBe("csv");
  expect(rowsOf(file?.text ?? "")).toEqual([
    ["City", "Name", "Phone", "Fax", "Reason"],
    ["Pune", "Rao; Ravi", "81234", "", "Why: too-short."],
    ["Goa", "Meena", "", "", "Why: not-a-number."],
  ]);
  const mended = (file?.text ?? "").replace("81234,", "8123456780,").replace("Meena,,", "Meena,8123456781,");
  const again = parsePeople(mended, IN);
  expect(again.rejects).toEqual([]);
  expect(again.people.map(({ id, name }) => [id, name])).toEqual([
    ["918123456780@s.whatsapp.net", "Rao; Ravi"],
    ["918123456781@s.whatsapp.net", "Meena"],
  ]);
  // Taken home a second time it has the column once.
  const half = parsePeople((file?.text ?? "").replace("81234,", "8123456780,"), IN);
  expect(rowsOf(rejectedFile(half, WORDS)?.text ?? "")[0]).toEqual(["City", "Name", "Phone", "Fax", "Reason"]);
});

it("gives cards as cards, with the reason as their note", () => {
  const text =
    "BEGIN:VCARD\nFN:Asha\nTEL:8123456789\nEND:VCARD\nBEGIN:VCARD\nVERSION:3.0\nFN:Ravi\nTEL:81234\nEND:VCARD";
  const file = rejected(text);
  expect(file).toEqual({
    extension: "vcf",
    text: "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ravi\r\nTEL:81234\r\nNOTE:Why: too-short.\r\nEND:VCARD\r\n",
  });
  const again = parsePeople((file?.text ?? "").replace("81234", "8123456780"), IN);
  expect(again).toEqual({ people: [expect.objectContaining({ name: "Ravi" })], rejects: [] });
});

it("gives the lines of a list as a table of two columns, without duplicates and without whom one can tick", () => {
  const file = rejected("Asha 8123456789\nRavi 81234\nhello, you\n8123456789\n98912 34567/89");
  expect(rowsOf(file?.text ?? "")).toEqual([
    ["Number", "Reason"],
    ["Ravi 81234", "Why: too-short."],
    ["hello, you", "Why: not-a-number."],
  ]);
  const mended = (file?.text ?? "").replace("81234", "8123456780").replace(/.*hello.*\r\n/, "");
  expect(parsePeople(mended, IN)).toMatchObject({ people: [{ name: "Ravi" }], rejects: [] });
  expect(rejected("Asha 8123456789\n8123456789")).toBeUndefined();
});
