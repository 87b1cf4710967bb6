import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { delimiterOf, rowsOf, toCsv } from "../../../lib/shared/csv";

describe("writing", () => {
  it("has a BOM, commas and CRLF, and quotes what needs it", () => {
    expect(
      toCsv([
        ["Name", "Note"],
        ['Rao, "Asha"', "two\nlines"],
      ]),
    ).toBe('\ufeffName,Note\r\n"Rao, ""Asha""","two\nlines"\r\n');
  });

  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0=1", "＝1", "\n=1", '=HYPERLINK("http://x")'])(
    "takes the effect out of %j and gives it back (T57)",
    (cell) => {
      const text = toCsv([[cell, "x"]]);
      expect(text.replace(/^\ufeff"?/, "").startsWith("'")).toBe(true);
      expect(rowsOf(text)).toEqual([[cell, "x"]]);
    },
  );

  /** The cells as a spreadsheet makes them that splits at one separator: quotes count at the start of a cell alone. */
  const opened = (text: string, separator: string): string[] => {
    const cells: string[] = [];
    let cell = "";
    let isQuoted = false;
    const body = text.replace(/^\ufeff/, "");
    for (let i = 0; i < body.length; i += 1) {
      const sign = body[i]!;
      if (isQuoted && sign === '"' && body[i + 1] === '"') {
        cell += '"';
        i += 1;
      } else if (isQuoted && sign === '"') isQuoted = false;
      else if (!isQuoted && sign === '"' && cell === "") isQuoted = true;
      else if (!isQuoted && (sign === separator || sign === "\n" || sign === "\r")) {
        cells.push(cell);
        cell = "";
      } else cell += sign;
    }
    return [...cells, cell];
  };

  it.each([
    "Anna;=1+1",
    "Anna;=1+1;x",
    'a;"=1+1;b',
    'a;""=1+1',
    "a\t=1",
    "a|@SUM(A1)",
    "a\n=1",
    "a\r\n-1",
    "a; ＝1",
    "a;\t=1",
    "a,'=1",
    ";;;=1",
    '"=1',
  ])("leaves no formula in %j for a spreadsheet that splits at another separator (T57)", (cell) => {
    const text = toCsv([
      ["x", cell, cell],
      [cell, "y", "z"],
    ]);
    for (const separator of [",", ";", "\t", "|"]) {
      for (const one of opened(text, separator))
        expect([separator, one]).toEqual([separator, expect.not.stringMatching(/^\s*[=+\-@＝＋－＠]/)]);
    }
    expect(rowsOf(text, ",")).toEqual([
      ["x", cell, cell],
      [cell, "y", "z"],
    ]);
  });

  it("keeps a number with its plus as text that comes back", () => {
    expect(toCsv([["+91 98765 43210"]])).toBe("\ufeff'+91 98765 43210\r\n");
    expect(rowsOf(toCsv([["+91 98765 43210"]]))).toEqual([["+91 98765 43210"]]);
  });

  it("gives every table back as it was, and never starts a cell with a formula sign", () => {
    const cell = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom("=", "+", "-", "@", "'", '"', ",", ";", "\t", "\r", "\n", " ", "a", "1") }),
    );
    const table = fc
      .integer({ min: 1, max: 4 })
      .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 6 }));
    fc.assert(
      fc.property(table, (rows) => {
        const text = toCsv(rows);
        expect(rowsOf(text, ",")).toEqual(rows);
        for (const separator of [",", ";", "\t", "|"]) {
          for (const written of opened(text, separator)) expect(written).not.toMatch(/^\s*[=+\-@]/);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("reading", () => {
  it("finds the delimiter of the first line, outside quotes", () => {
    expect(delimiterOf('"a,b,c";d')).toBe(";");
    expect(rowsOf("Name;Telefon\nAsha;1,5\n")).toEqual([
      ["Name", "Telefon"],
      ["Asha", "1,5"],
    ]);
    expect(rowsOf("a\tb")).toEqual([["a", "b"]]);
    expect(rowsOf("a|b")).toEqual([["a", "b"]]);
  });

  it("takes mixed line ends and an open quote", () => {
    expect(rowsOf('a,"b\nc"\nd,e\r\nf,g')).toEqual([
      ["a", "b\nc"],
      ["d", "e"],
      ["f", "g"],
    ]);
    expect(rowsOf('a,"b')).toEqual([["a", "b"]]);
    expect(rowsOf("")).toEqual([]);
  });

  it("takes away the apostrophe of other tools, and only that", () => {
    expect(rowsOf("'+919876543210,'tis,O'Hara")).toEqual([["+919876543210", "'tis", "O'Hara"]]);
  });
});
