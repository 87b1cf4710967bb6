import * as fc from "fast-check";
import { parse as parseSchema } from "valibot";
import { describe, expect, it } from "vitest";
import { personId } from "../../../lib/shared/fields";
import { toCsv } from "../../../lib/shared/csv";
import { parsePeople, parsePeopleAsync } from "../../../lib/shared/people";
import { countries, showPerson } from "../../../lib/shared/people/phone";
import { createWorld } from "../../../lib/sandbox/seed";
import { digitsOf, isHidden, personKey, samePerson, toPersonId } from "../../../lib/shared/person";

const id = toPersonId;
const IN = { country: "IN" };
const named = (text: string, options = IN) =>
  parsePeople(text, options).people.map((person) => `${digitsOf(person.id) ?? person.id} ${person.name ?? "-"}`);
const reasons = (text: string, options = IN) =>
  parsePeople(text, options).rejects.map((reject) => `${reject.line} ${reject.reason}: ${reject.given}`);

describe("ids", () => {
  it("compares suffixes, devices and the three countries, and nothing else, as one person", () => {
    expect(samePerson("918123456789@c.us", "918123456789:12@s.whatsapp.net")).toBe(true);
    expect(samePerson(id("5531987654321"), id("553187654321"))).toBe(true);
    expect(samePerson(id("5491123456789"), id("541123456789"))).toBe(true);
    expect(samePerson(id("5212221234567"), id("522221234567"))).toBe(true);
    // A new Brazilian mobile number and a landline.
    expect(samePerson(id("5511932345678"), id("551132345678"))).toBe(false);
    expect(samePerson("918123456789@lid", "918123456789@c.us")).toBe(false);
    expect(samePerson("918123456789:3@lid", "918123456789@lid")).toBe(true);
    expect(personKey("120363012345678901@g.us")).toBe("120363012345678901@g.us");
  });

  it("knows hidden ids and shows the others as people write them", () => {
    expect(isHidden("12345678901234@lid")).toBe(true);
    expect(isHidden("12345678901234@s.whatsapp.net")).toBe(false);
    expect(showPerson("12345678901234@lid")).toBeUndefined();
    expect(showPerson("918123456789:2@c.us")).toBe("+91 81234 56789");
    expect(showPerson(id("99912345678"))).toBe("+99912345678");
    expect(countries()).toContain("IN");
  });

  it("passes a hidden id with its digits as they are", () => {
    expect(parsePeople("12345678901234@lid 98765432109876:4@lid").people.map((person) => person.id)).toEqual([
      "12345678901234@lid",
      "98765432109876@lid",
    ]);
  });
});

describe("lines", () => {
  it("finds a name beside the number, on either side", () => {
    expect(named("Asha +91 81234 56789 (home)")).toEqual(["918123456789 Asha"]);
    expect(named("8123456789 - Asha Rao")).toEqual(["918123456789 Asha Rao"]);
    expect(named("1. Asha Rao: 8123456789")).toEqual(["918123456789 Asha Rao"]);
    expect(named("आशा राव 8123456789")).toEqual(["918123456789 आशा राव"]);
    expect(named("Dr. Asha (Sales) mob. 8123456789")).toEqual(["918123456789 Dr. Asha (Sales)"]);
    expect(named("8123456789 (Asha)")).toEqual(["918123456789 Asha"]);
    expect(named("Please add 8123456789 to the group")).toEqual(["918123456789 -"]);
    expect(named("Asha, asha@example.com, 8123456789, 24/11/2026")).toEqual(["918123456789 Asha"]);
  });

  it("finds several numbers on a line, each with its own name and text", () => {
    expect(named("Asha, 8123456789, Ravi, 8123456780")).toEqual(["918123456789 Asha", "918123456780 Ravi"]);
    expect(named("8123456789 (Asha), 8123456780 (Ravi)")).toEqual(["918123456789 Asha", "918123456780 Ravi"]);
    expect(named("Asha: 8123456789 / 8123456780")).toEqual(["918123456789 Asha", "918123456780 Asha"]);
    for (const mark of [
      " ",
      ", ",
      ";",
      "\t",
      "/",
      " / ",
      " - ",
      "-",
      " or ",
      " & ",
      "|",
      "、",
      "؛",
      "\n",
      "\r",
      "\u2028",
    ]) {
      expect([mark, named(`81234 56789${mark}81234 56780`)]).toEqual([mark, ["918123456789 -", "918123456780 -"]]);
    }
    expect(parsePeople("Asha 8123456789 (home), Ravi 8123456780", IN).people.map((person) => person.given)).toEqual([
      "Asha 8123456789 (home)",
      "Ravi 8123456780",
    ]);
  });

  it("takes names and numbers that stand in turns, one a line", () => {
    expect(named("Asha Rao\n+91 81234 56789\n\nRavi\n81234 56780\n")).toEqual([
      "918123456789 Asha Rao",
      "918123456780 Ravi",
    ]);
    expect(reasons("Asha Rao\n81234567\n")).toEqual(["2 no-area-code: Asha Rao 81234567"]);
  });

  it("lists what is not a number beside what is", () => {
    expect(reasons("8123456789, 123, 8123456780, 81234567801")).toEqual(["1 too-short: 123", "1 invalid: 81234567801"]);
    expect(reasons("Hello team, please add:\n8123456789\n\n120363012345678901@g.us")).toEqual([
      "1 not-a-number: Hello team, please add:",
      "4 group-id: 120363012345678901@g.us",
    ]);
    // A postcode beside a number is part of the address.
    expect(reasons("Asha 8123456789 560001 Bengaluru")).toEqual([]);
  });

  it("reads the items of a list that stand on one line", () => {
    for (const text of [
      "1) +1 202 555 0101 2) +1 202 555 0102",
      "1)+1 202 555 0101 2)+1 202 555 0102",
      "1) +1 202 555 0101, 2) +1 202 555 0102",
      "1) +1 (202) 555-0101 2) +1 (202) 555-0102",
      "1. +1 202 555 0101 2. +1 202 555 0102",
      "1: +1 202 555 0101 2: +1 202 555 0102",
    ]) {
      expect([text, named(text), reasons(text)]).toEqual([text, ["12025550101 -", "12025550102 -"], []]);
    }
    expect(named("9) 81234 56789 10) 81234 56780 11) 8123456781")).toEqual([
      "918123456789 -",
      "918123456780 -",
      "918123456781 -",
    ]);
    expect(named("1) Asha +44 7700 900123 2) Ravi +44 7700 900124")).toEqual([
      "447700900123 Asha",
      "447700900124 Ravi",
    ]);
    // Where a longer number would be possible too, the item is not a part of it.
    expect(named("1) +49 30 12345678 2) +49 30 12345679")).toEqual(["493012345678 -", "493012345679 -"]);
    // The end of a sentence is no item of a list.
    expect(named("8123 456 789. +91 81234 56780")).toEqual(["918123456789 -", "918123456780 -"]);
  });

  it("reads one long line as it reads many short ones, and makes nobody of the end of too many digits", () => {
    const spell = [
      (n: string) => n,
      (n: string) => `+91 ${n.slice(0, 5)} ${n.slice(5)}`,
      (n: string) => `91${n}@c.us`,
      (n: string) => n.replace(/\d/g, (sign) => String.fromCharCode(0x966 + Number(sign))),
    ];
    const numbers = [...Array(2000)].map((_, n) => spell[n % 4]!(String(8_123_000_000 + n * 37)));
    const ids = (text: string) => parsePeople(text, IN).people.map((person) => person.id);
    const wanted = ids(numbers.join("\n"));
    expect(wanted).toHaveLength(2000);
    for (const mark of [", ", "; ", " ", "\t", ",Asha Rao,"]) {
      const read = parsePeople(numbers.join(mark), IN);
      expect([mark, read.people.map((person) => person.id), read.rejects]).toEqual([mark, wanted, []]);
    }
    expect(
      named(numbers.map((number) => `Asha Rao ${number}`).join(", ")).every((line) => line.endsWith(" Asha Rao")),
    ).toBe(true);
    for (const size of [81, 90, 92, 4010, 40_090]) expect(ids("8123456789".repeat(size).slice(0, size))).toEqual([]);
    // What stands before a number counts, wherever the line is cut for the search.
    for (let pad = 3960; pad < 4010; pad += 1) {
      const text = `${"lorem ipsum ".repeat(400).slice(0, pad)} order no 8123456789`;
      expect([pad, ids(`${text} dolor ${"sit amet ".repeat(600)}`)]).toEqual([pad, []]);
    }
  });

  it("takes back every number of a members list, in each form in which it can be copied", () => {
    const members = Object.values(createWorld({ groups: 12 }).groups).flatMap((group) => group.members);
    const ids = [...new Set(members.map((member) => member.id))].filter((member) => !isHidden(member));
    expect(ids.length).toBeGreaterThan(50);
    for (const country of [undefined, "IN", "GB", "DE", "US", "BR"]) {
      for (const form of [
        (each: string) => `+${digitsOf(each)}`,
        (each: string) => showPerson(each) ?? "",
        (each: string) => each,
      ]) {
        const { people, rejects } = parsePeople(ids.map(form).join("\n"), { country });
        expect(rejects.filter(({ reason }) => reason !== "duplicate")).toEqual([]);
        expect(new Set(people.map((person) => personKey(person.id)))).toEqual(new Set(ids.map(personKey)));
      }
    }
  });

  it("names the second spelling of an account as a duplicate", () => {
    expect(reasons("8123456789\n+91 81234-56789 Asha\n918123456789@c.us")).toEqual([
      "2 duplicate: +91 81234-56789 Asha",
      "3 duplicate: 918123456789@c.us",
    ]);
    for (const pair of [
      "+55 31 98765-4321\n+55 31 8765-4321",
      "+54 9 11 2345-6789\n+54 11 2345-6789",
      "+52 1 222 123 4567\n+52 222 123 4567",
    ]) {
      const { people, rejects } = parsePeople(pair);
      expect(people.map((person) => person.given)).toEqual([pair.split("\n")[0]]);
      expect(rejects).toEqual([{ given: pair.split("\n")[1], reason: "duplicate", line: 2 }]);
    }
    expect(parsePeople("+55 11 93234-5678\n+55 11 3234-5678").people).toHaveLength(2);
  });

  it("reads chat exports of Android and iPhone without making a name of the message", () => {
    expect(
      named(
        [
          "12/05/2024, 10:15 - Messages and calls are end-to-end encrypted.",
          "12/05/2024, 10:15 - +91 81234 56789: Good morning",
          "[12/05/24, 10:15:22\u202fAM] \u202a+91 81234 56780\u202c: \u200eimage omitted",
          "5/12/24, 9:01 PM - +44 20 7946 0958 joined using this group's invite link",
          "12.05.24, 10:15 - +91 81234 56781 added +91 81234 56782",
        ].join("\n"),
      ),
    ).toEqual(["918123456789 -", "918123456780 -", "442079460958 -", "918123456781 -", "918123456782 -"]);
  });

  it("keeps given and name within what a command takes, and the rest as rejects", () => {
    const long = "Lorem ipsum ".repeat(60);
    const { people, rejects } = parsePeople(`${long}8123456789 ${long}`, IN);
    expect(people).toEqual([{ id: id("918123456789"), given: "8123456789" }]);
    expect(rejects.map((reject) => reject.given)).toEqual([long.trim(), long.trim()]);
  });
});

describe("cards", () => {
  it("reads vCard 2.1, 3.0 and 4.0", () => {
    const text = [
      "BEGIN:VCARD",
      "VERSION:2.1",
      "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E0=A4=B0=E0=A4=BE=E0=A4=B5;=E0=A4=86=E0=",
      "=A4=B6=E0=A4=BE;;;",
      "TEL;CELL;PREF:081234 56789",
      "TEL;FAX:022 2345 6789",
      "END:VCARD",
      "BEGIN:VCARD",
      "VERSION:3.0",
      "N:Das;Ravi;;;",
      "FN:Ravi Das\\, Sales",
      "item1.TEL;waid=5531987654321:+55 31 8765-4321",
      "item1.X-ABLabel:Mobile",
      "TEL;TYPE=WORK:+91 81234",
      "  56780",
      "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD9812345678",
      " 8123456781AAAA",
      "END:VCARD",
      "Meena 8123456782",
      "BEGIN:VCARD",
      "VERSION:4.0",
      "ORG:Example Stores;",
      'TEL;VALUE=uri;TYPE="voice,home":tel:+1-202-555-0123;ext=5102',
      "END:VCARD",
      "begin:vcard",
      "FN:No Number",
      "EMAIL:9876543210@example.com",
      "end:vcard",
    ].join("\r\n");
    expect(named(text)).toEqual([
      "918123456789 आशा राव",
      "5531987654321 Ravi Das, Sales",
      "918123456780 Ravi Das, Sales",
      "918123456782 Meena",
      "12025550123 Example Stores",
    ]);
    expect(reasons(text)).toEqual(["1 not-theirs: आशा राव, 022 2345 6789", "25 not-a-number: No Number"]);
  });

  it("takes a card without an end, and one person under two entries once", () => {
    const text = "BEGIN:VCARD\nFN:Asha\nTEL;waid=918123456789:+91 81234 56789\nTEL;TYPE=HOME:8123456789\nTEL:12";
    expect(named(text)).toEqual(["918123456789 Asha"]);
    expect(reasons(text)).toEqual(["1 not-a-number: Asha, 12"]);
  });
});

describe("tables", () => {
  it("reads an export of Google contacts", () => {
    const text = [
      "First Name,Middle Name,Last Name,Notes,Birthday,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value",
      'Asha,,Rao,"Order 8123456700,\nsecond line",1990-01-01,asha@example.com,Mobile,+91 81234 56789 ::: 081234 56780,Work,',
      ",,,,,,Mobile,+91 81234 56781,,",
      "Ravi,,Das,,,ravi@example.com,,,,",
    ].join("\r\n");
    expect(named(text)).toEqual(["918123456789 Asha Rao", "918123456780 Asha Rao", "918123456781 -"]);
    expect(reasons(text)).toEqual(["5 not-a-number: Ravi, Das, ravi@example.com"]);
  });

  it("reads an export of Outlook, without the fax", () => {
    const text =
      'First Name,Last Name,Business Fax,Business Phone,Mobile Phone,E-mail Address\n"Asha","Rao","022 2345 6700","022 2345 6789","8123456789",""\n';
    expect(named(text)).toEqual(["912223456789 Asha Rao", "918123456789 Asha Rao"]);
  });

  it("reads our own export as it was written", () => {
    const text = toCsv([
      ["id", "number", "role"],
      ["918123456789@s.whatsapp.net", "+91 81234 56789", "admin"],
      ["12345678901234@lid", "", "member"],
    ]);
    expect(parsePeople(text)).toEqual({
      table: expect.objectContaining({ roles: ["id", "phone", "none"], isUnsure: false }),
      people: [
        { id: id("918123456789"), given: "918123456789@s.whatsapp.net" },
        { id: "12345678901234@lid", given: "12345678901234@lid" },
      ],
      rejects: [],
    });
  });

  it("reads tabs, semicolons, one column, other languages, and a table below something typed", () => {
    expect(named("Name\tMobile No.\tCity\nAsha\t81234 56789\tPune")).toEqual(["918123456789 Asha"]);
    expect(named("Nome;Celular\nAna;(11) 96123-4567", { country: "BR" })).toEqual(["5511961234567 Ana"]);
    expect(named("नाम,मोबाइल नंबर\nआशा,8123456789")).toEqual(["918123456789 आशा"]);
    expect(named("Phone\n8123456789\n8123456780")).toEqual(["918123456789 -", "918123456780 -"]);
    expect(named("8123456781\nS.No,Name,Phone\n1,Asha,8123456789\n2,Ravi,81234")).toEqual([
      "918123456781 -",
      "918123456789 Asha",
    ]);
    expect(reasons("S.No,Name,Phone\n1,Asha,8123456789\n2,Ravi,81234")).toEqual(["3 too-short: 2, Ravi, 81234"]);
  });

  it("reads quoted cells without a header", () => {
    expect(named('"Rao, Asha","+91 81234 56789"\n"Das, Ravi","+91 81234 56780"')).toEqual([
      "918123456789 Rao, Asha",
      "918123456780 Das, Ravi",
    ]);
  });

  it("does not take a sentence for a header", () => {
    expect(reasons("Please add this number, thanks\n8123456789")).toEqual([
      "1 not-a-number: Please add this number, thanks",
    ]);
  });
});

it("makes sense of a mess of 40 lines", () => {
  const text = `Hi team, pls add these to *Pune Sales* 🙏

1. Asha Rao - +91 81234 56701
2. Ravi Das – 081234-56702 (office)
3) Meena      8123456703
4 81234 56704
• Imran Khan: ８１２３４５６７０５
• फ़ातिमा ८१२३४ ५६७०६
Suresh/8123456707
Dr. Nair, 8123456708, 8123456709
8123456710, 8123456711; 8123456712	8123456713
John (US) 1-202-555-0123
John +1 (202) 555-0123 ext. 9
Emma +44 (0)20 7946 0958
\u202a+971 50 123 4567\u202c
https://wa.me/918123456714?text=Hi
wa.me/+918123456715 Kiran
tel:+91-81234-56716
918123456717@s.whatsapp.net
918123456718:5@c.us
12345678901234@lid
120363012345678901@g.us
https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv
asha@example.com
Invoice INV-2026-0042 for ₹ 8,12,345 due 24/11/2026
Order no. 8123456799
[24/11/26, 10:15:22 AM] +91 81234 56719: I will join
24/11/26, 10:16 - +91 81234 56701: me too
9.19877E+11
81234 567
+91 81234 567201 5
+91 81234 56720 2 people
ph.8123456721
Anita8123456722
8123456723Anita
"8123456724"
+55 31 98765-4321 Ana
+55 31 8765-4321 Ana (old)
---
thanks!!`;
  expect(text.split("\n")).toHaveLength(40);
  expect(named(text)).toEqual([
    "918123456701 Asha Rao",
    "918123456702 Ravi Das",
    "918123456703 Meena",
    "918123456704 -",
    "918123456705 Imran Khan",
    "918123456706 फ़ातिमा".normalize("NFC"),
    "918123456707 Suresh",
    "918123456708 Dr. Nair",
    "918123456709 -",
    "918123456710 -",
    "918123456711 -",
    "918123456712 -",
    "918123456713 -",
    "12025550123 John",
    "442079460958 Emma",
    "971501234567 -",
    "918123456714 -",
    "918123456715 Kiran",
    "918123456716 -",
    "918123456717 -",
    "918123456718 -",
    "12345678901234@lid -",
    "918123456719 -",
    "918123456720 -",
    "918123456721 -",
    "918123456724 -",
    "5531987654321 Ana",
  ]);
  expect(reasons(text)).toEqual([
    "1 not-a-number: Hi team, pls add these to *Pune Sales* 🙏",
    "12 invalid: John (US) 1-202-555-0123",
    "22 group-id: 120363012345678901@g.us",
    "23 not-a-number: https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv",
    "24 not-a-number: asha@example.com",
    "25 not-a-number: Invoice INV-2026-0042 for ₹ 8,12,345 due 24/11/2026",
    "26 not-a-number: Order no. 8123456799",
    "28 duplicate: 24/11/26, 10:16 - +91 81234 56701: me too",
    "29 shortened: 9.19877E+11",
    "30 no-area-code: 81234 567",
    "31 invalid: +91 81234 567201 5",
    "34 not-a-number: Anita8123456722",
    "35 not-a-number: 8123456723Anita",
    "38 duplicate: +55 31 8765-4321 Ana (old)",
    "39 not-a-number: ---",
    "40 not-a-number: thanks!!",
  ]);
});

/* Whatever is pasted. */

const spelling = fc.constantFrom(
  "+91 81234 56789",
  "8123456789",
  "81234 56780",
  "(202) 555-0123",
  "+1 202-555-0123",
  "٠٥١٢٣٤٥٦٧٨",
  "５５１１９６１２３４５６７",
  "+55 31 98765-4321",
  "553187654321@c.us",
  "12345678901234@lid",
  "120363012345678901@g.us",
  "https://wa.me/918123456789?text=a",
  "tel:+91-81234-56781;ext=1",
  "24/11/2026",
  "10:15",
  "₹500",
  "asha@example.com",
  "INV8123456789",
  "12345",
  "9.1E+11",
  "Asha",
  "आशा राव",
  "(home)",
  "1.",
  "+",
  "00",
  "\u202a",
  "😀",
);
const glue = fc.constantFrom(
  " ",
  ", ",
  ";",
  "\t",
  "\n",
  "\r\n",
  "/",
  "-",
  " - ",
  "",
  ":",
  "|",
  "\u00a0",
  "\u200b",
  "•",
);
const mess = fc.oneof(
  fc.array(fc.tuple(spelling, glue), { maxLength: 12 }).map((pieces) => pieces.flat().join("")),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(...Array.from("0123456789+-() ./,;\t\n:@xe'\"#₹aé९٣")), maxLength: 80 }),
);
const country = fc.constantFrom(undefined, "IN", "US", "BR", "DE", "MX", "xx", "");
const RUNS = { numRuns: 1000 };

/** Every character but white space, separators and what cannot be seen, in order of the alphabet. */
const visible = (text: string) =>
  Array.from(text.replace(/[\s\p{Cf}\p{Cc},;|،؛、，；]/gu, ""))
    .toSorted()
    .join("");

describe("whatever is pasted", { timeout: 60_000 }, () => {
  it("loses nothing: every visible character is in exactly one given, of a person or a reject", () => {
    fc.assert(
      fc.property(mess, country, (text, code) => {
        // Cards and tables are counted by card and row.
        fc.pre(!/vcard|"/i.test(text));
        const { people, rejects, table } = parsePeople(text, { country: code });
        fc.pre(table === undefined);
        expect(visible([...people, ...rejects].map((item) => item.given).join("\n"))).toBe(visible(text));
      }),
      RUNS,
    );
  });

  it("never throws and always gives what a command takes", () => {
    const wild = fc.oneof(
      mess,
      mess.map((text) => `BEGIN:VCARD\nFN:${text}\nTEL;waid=1:${text}\nTEL:${text}`),
      mess.map((text) => `Name,Phone\n${text},${text}\n"${text}`),
      mess.map((text) => `"${text}","${text}"\n`),
    );
    fc.assert(
      fc.property(wild, country, (text, code) => {
        const { people, rejects } = parsePeople(text, { country: code });
        for (const person of people) {
          expect(parseSchema(personId, person.id)).toBe(person.id);
          expect(person.given.length).toBeLessThanOrEqual(200);
          expect(person.given.trim()).not.toBe("");
          expect(person.name?.length ?? 1).toBeGreaterThan(0);
          expect(person.name?.length ?? 1).toBeLessThanOrEqual(200);
        }
        for (const reject of rejects)
          expect(reject.line).toBeLessThanOrEqual(text.split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/).length);
      }),
      RUNS,
    );
  });

  it("has nobody twice, and reading its own ids gives the same people in the same order", () => {
    fc.assert(
      fc.property(mess, country, (text, code) => {
        const ids = parsePeople(text, { country: code }).people.map((person) => person.id);
        expect(new Set(ids.map(personKey)).size).toBe(ids.length);
        expect(parsePeople(ids.join("\n"), { country: code }).people.map((person) => person.id)).toEqual(ids);
        expect(parsePeople(ids.join(", ")).people.map((person) => person.id)).toEqual(ids);
      }),
      RUNS,
    );
  });

  it("keeps the order of the input", () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 8_000_000_000, max: 8_999_999_999 }), { maxLength: 40 });
    const marks = fc.constantFrom("\n", ", ", ";", "\t", " ", " / ", " Asha ", "\n\n- ");
    fc.assert(
      fc.property(numbers, marks, (list, mark) => {
        expect(parsePeople(list.join(mark), IN).people.map((person) => person.id)).toEqual(
          list.map((n) => id(`91${n}`)),
        );
      }),
    );
  });

  it("keeps every row of a table", () => {
    const cell = fc.string({ unit: "grapheme", maxLength: 8 });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, fc.oneof(spelling, cell)), { minLength: 1, maxLength: 20 }), (rows) => {
        const { people, rejects } = parsePeople(toCsv([["Full name", "Phone"], ...rows]), IN);
        const filled = rows.filter((row) => visible(row.join("")) !== "").length;
        expect(people.length + rejects.length).toBeGreaterThanOrEqual(filled);
      }),
      { numRuns: 300 },
    );
  });
});

describe("in slices", () => {
  const rows = Array.from({ length: 5000 }, (_, index) => `Person ${index}, +91 ${80000 + index} ${10000 + index}`);

  it.each([
    ["lines", rows.join("\n")],
    ["one line", rows.join(" ")],
    ["a table", `Name,Phone\n${rows.join("\n")}`],
  ])("gives the same as in one go: %s", async (_, text) => {
    const whole = parsePeople(text);
    expect(whole.people).toHaveLength(5000);
    expect(await parsePeopleAsync(text, {}, new AbortController().signal)).toEqual(whole);
  });

  it("lets others have their turn, and stops when it is told", async () => {
    const stop = new AbortController();
    let turns = 0;
    const ticker = setInterval(() => {
      turns += 1;
      if (turns === 2) stop.abort();
    }, 0);
    expect(await parsePeopleAsync(rows.join("\n"), {}, stop.signal)).toBeUndefined();
    clearInterval(ticker);
    expect(turns).toBe(2);
  });
});
