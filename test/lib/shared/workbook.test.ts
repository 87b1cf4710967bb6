import { writeOds } from "hucre/ods";
import { writeXlsx } from "hucre/xlsx";
import { expect, it } from "vitest";
import { toCsv } from "../../../lib/shared/csv";
import { parsePeople } from "../../../lib/shared/people";
import { readWorkbook } from "../../../lib/shared/workbook";

const BOOK = {
  sheets: [
    {
      name: "People",
      rows: [
        ["Name", "Phone", "Since"],
        ["Asha, Rao", "+91 81234 56789", new Date(Date.UTC(2026, 0, 31))],
        ["Ravi", 918_123_456_780, null],
        ["Card", 2 ** 60, null],
      ],
    },
    { name: "More", rows: [["Phone"], [918_123_456_781]] },
  ],
};

it.each([
  ["xlsx", writeXlsx],
  ["ods", writeOds],
])("reads the sheets of an .%s file, cells as they were meant", async (_, write) => {
  const bytes = await write(BOOK);
  const first = await readWorkbook(bytes, 0);
  expect(first?.sheets).toEqual(["People", "More"]);
  expect(first?.rows[1]).toEqual(["Asha, Rao", "+91 81234 56789", "2026-01-31"]);
  const { people, rejects } = parsePeople(toCsv(first?.rows ?? []));
  expect(people.map(({ id, name }) => [id, name])).toEqual([
    ["918123456789@s.whatsapp.net", "Asha, Rao"],
    ["918123456780@s.whatsapp.net", "Ravi"],
  ]);
  // The last digits were lost in the sheet.
  expect(rejects.map(({ reason }) => reason)).toEqual(["shortened"]);
  expect((await readWorkbook(bytes, 1))?.rows).toEqual([["Phone"], ["918123456781"]]);
  expect(await readWorkbook(bytes, 2)).toBeUndefined();
});

it("leaves hidden sheets out, and gives nothing for what is no workbook", async () => {
  const bytes = await writeXlsx({ sheets: [{ name: "Old", rows: [["x"]], hidden: true }, ...BOOK.sheets] });
  expect((await readWorkbook(bytes, 0))?.sheets).toEqual(["People", "More"]);
  expect(await readWorkbook(bytes.slice(0, 400), 0)).toBeUndefined();
  expect(await readWorkbook(new TextEncoder().encode("PK\u0003\u0004 nothing"), 0)).toBeUndefined();
});
