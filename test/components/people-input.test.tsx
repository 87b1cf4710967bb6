import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { writeXlsx } from "hucre/xlsx";
import { afterEach, expect, test, vi } from "vitest";
import { PeopleInput } from "../../components/parts/people-input";
import { Add } from "../../components/screens/group/add";
import { fail, ok } from "../../lib/shared/failure";
import { type MatchPlan, planText } from "../../lib/shared/match-plan";
import { group, stage } from "./stage";

const FORM = { form: "people", connection: "c1" } as const;

async function showInput() {
  const on = await stage();
  const onPeople = vi.fn();
  on.show(<PeopleInput form={FORM} onPeople={onPeople} />);
  const ids = () => ((onPeople.mock.lastCall?.[0] ?? []) as { id: string }[]).map(({ id }) => id.split("@")[0]);
  return { ...on, onPeople, ids };
}

function open(file: File) {
  const picker = document.querySelector("input[type=file]");
  Object.defineProperty(picker, "files", { value: [file], configurable: true });
  fireEvent.change(picker as Element);
}
const type = (value: string) => fireEvent.input(screen.getByRole("textbox"), { target: { value } });

/** The form that adds to a group, and whom its jobs add. */
async function showAdd(answers: Parameters<typeof stage>[0] = {}) {
  const on = await stage({
    planMembership: ({ people }: { people: unknown[] }) =>
      ok({ outcomes: { act: people.length }, requests: 1, duration: 1000, cautions: [], unread: [] }),
    startJob: () => ok({ id: "j1" }),
    ...answers,
  });
  on.show(<Add group={group()} />);
  const added = () =>
    on.sent("startJob").map(({ job }) => job.people.map(({ id }: { id: string }) => id.split("@")[0]));
  return { ...on, added };
}

async function workbook(): Promise<File> {
  const bytes = await writeXlsx({
    sheets: [
      {
        name: "Team",
        rows: [
          ["Name", "Phone"],
          ["Asha", "+91 81234 56789"],
          ["Ravi", 918_123_456_780],
        ],
      },
      { name: "Guests", rows: [["Phone"], [918_123_456_781]] },
    ],
  });
  return new File([bytes as BlobPart], "members.xlsx");
}

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

test("a table whose number is not clear asks which column it is, takes nobody before, and remembers the answer", async () => {
  const { ids, sent } = await showInput();
  const table =
    "Foo,Bar,Baz\nAsha,+918123456789,+919876512345\nRavi,+919023456780,+919812365412\nMeena,+918323456711,+919012345678";
  type(table);
  await screen.findByText("Which column holds the numbers?");
  expect(ids()).toEqual([]);
  fireEvent.change(screen.getByRole("combobox", { name: "What “Bar” holds" }), { target: { value: "phone" } });
  await waitFor(() => expect(ids()).toEqual(["918123456789", "919023456780", "918323456711"]));
  expect(screen.getByText("Numbers from: Bar")).toBeTruthy();
  expect(sent("saveDraft").at(-1)).toMatchObject({
    key: ["", "columns", "", "roles"],
    value: expect.stringContaining("foo|bar|baz"),
  });
  type("Foo,Bar,Baz\nOmar,+918123456700,+919876512345\nZoe,+918123456701,+919876512346");
  await waitFor(() => expect(ids()).toEqual(["918123456700", "918123456701"]));
});

test("whom the list names as somebody else can be taken with a tick", async () => {
  const { ids, onPeople } = await showInput();
  type("Name,Mobile,Father Mobile\nAsha,+918123456789,+918123456780");
  await screen.findByText("1 number not taken automatically");
  expect(ids()).toEqual(["918123456789"]);
  fireEvent.click(screen.getByRole("option", { name: /^\+91/ }));
  expect(ids()).toEqual(["918123456789", "918123456780"]);
  expect(onPeople.mock.lastCall?.[2]).toEqual([]);
  fireEvent.click(screen.getByRole("option", { name: /^\+91/ }));
  expect(ids()).toEqual(["918123456789"]);
});

test("a workbook is read, and another of its sheets on choice takes the place of the first", async () => {
  const { ids } = await showInput();
  open(await workbook());
  await waitFor(() => expect(ids()).toEqual(["918123456789", "918123456780"]));
  fireEvent.change(screen.getByRole("combobox", { name: "Sheet" }), { target: { value: "1" } });
  await waitFor(() => expect(ids()).toEqual(["918123456781"]));
});

test("a press while a sheet is read adds this sheet's people", async () => {
  const { added } = await showAdd();
  open(await workbook());
  const add = await screen.findByRole("button", { name: "Add 2 people" });
  fireEvent.change(await screen.findByRole("combobox", { name: "Sheet" }), { target: { value: "1" } });
  fireEvent.click(add);
  await waitFor(() => expect(added()).toEqual([["918123456781"]]));
});

test("a press while a file is read adds its people to those typed; nobody if it cannot be read or more is typed", async () => {
  const { added } = await showAdd();
  type("+91 81234 56782");
  const add = await screen.findByRole("button", { name: "Add 1 person" });
  open(new File([new Uint8Array([0x50, 0x4b, 3, 4, 1, 2])], "broken.xlsx"));
  fireEvent.click(add);
  await screen.findByText(/cannot be read/);
  open(new File(["Phone\n+91 81234 56783\n"], "more.csv"));
  fireEvent.click(add);
  type("+91 81234 56784");
  await screen.findByRole("button", { name: "Add 2 people" });
  open(new File(["Phone\n+91 81234 56785\n"], "last.csv"));
  fireEvent.click(add);
  await waitFor(() => expect(added()).toEqual([["918123456784", "918123456783", "918123456785"]]));
});

test("people are of the country on screen; one that cannot be saved is taken back", async () => {
  const { added } = await showAdd({
    // Saved, the setting comes back at some later time.
    saveSettings: ({ country }: { country: string }) => (country === "BR" ? ok(undefined) : fail("no-answer")),
  });
  type("71 3456 7890");
  const add = await screen.findByRole("button", { name: "Add 1 person" });
  const country = await screen.findByLabelText<HTMLSelectElement>("Numbers without a country code are from");
  await within(country).findByRole("option", { name: "Brazil" });
  fireEvent.change(country, { target: { value: "PT" } });
  await waitFor(() => expect(country.value).toBe("IN"));
  fireEvent.change(country, { target: { value: "BR" } });
  // The frame that shows the country.
  await Promise.resolve();
  fireEvent.click(add);
  await waitFor(() => expect(added()).toEqual([["557134567890"]]));
});

test("after a failed start, a press adds those who are left in the list", async () => {
  const { added, sent } = await showAdd({ startJob: () => fail("locked") });
  type("+91 81234 56782\n+91 81234 56783");
  fireEvent.click(await screen.findByRole("button", { name: "Add 2 people" }));
  await screen.findByRole("alert");
  type("+91 81234 56782");
  for (const button of screen.getAllByRole("button", { name: /^(Try again|Add 2 people)$/ })) fireEvent.click(button);
  await waitFor(() => expect(sent("startJob").length).toBeGreaterThan(1));
  expect(added().slice(1)).toEqual([["918123456782"]]);
});

test("pictures of contact cards do not count: 120 cards of 2.3 MB are read", async () => {
  const { ids } = await showInput();
  const photo = Array.from({ length: 250 }, () => ` ${"A".repeat(74)}`).join("\r\n");
  const cards = Array.from(
    { length: 120 },
    (_, n) =>
      `BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Person ${n}\r\nTEL:+1 201 555 ${String(100 + n).padStart(4, "0")}\r\nPHOTO;ENCODING=b;TYPE=JPEG:${photo}\r\nEND:VCARD\r\n`,
  );
  open(new File(cards, "photos.vcf"));
  await waitFor(() => expect(ids()).toHaveLength(120));
});

test("an old or locked Office file and one that is no list are named; letters of old files stay", async () => {
  const { onPeople } = await showInput();
  open(new File([new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0, 0])], "old.xls"));
  expect(await screen.findByText(/old or locked Office file/)).toBeTruthy();
  open(new File([new Uint8Array([0x50, 0x4b, 3, 4, 1, 2])], "broken.xlsx"));
  expect(await screen.findByText(/cannot be read/)).toBeTruthy();
  open(
    new File([Uint8Array.from("Nome;Telefone\nJos\u00e9;+5511976543210\n", (sign) => sign.charCodeAt(0))], "latin.csv"),
  );
  await waitFor(() => expect(onPeople.mock.lastCall?.[0][0]).toMatchObject({ name: "José" }));
});

test("a plan is no list of people: its numbers are not taken, and where it is opened is said", async () => {
  const { ids } = await showInput();
  const add = [{ id: "918123456789@s.whatsapp.net", given: "+91 81234 56789" }];
  const group = { id: "120363010000000001@g.us", name: "Lobby", members: "", add, remove: [], admins: [] };
  const plan: MatchPlan = {
    format: "wappfy-groups-plan",
    version: 1,
    origin: "https://gw.test",
    instance: "i",
    madeAt: 1,
    groups: [group],
  };
  open(new File([await planText(plan)], "plan.json"));
  expect(await screen.findByText(/Open it under “People” with “Open a plan…”/)).toBeTruthy();
  expect(ids()).toEqual([]);
});

test("what was not taken is downloaded in the shape of the file", async () => {
  await showInput();
  const blobs: Blob[] = [];
  vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
    blobs.push(blob as Blob);
    return "blob:x";
  });
  type("Name,Phone\nAsha,+918123456789\nRavi,81234");
  const section = (await screen.findByText("1 can't be used")).closest("details")!;
  fireEvent.click(within(section).getByRole("button", { name: "Download what was not taken" }));
  await waitFor(() => expect(blobs).toHaveLength(1));
  expect(await blobs[0]!.text()).toContain("Name,Phone,Reason\r\nRavi,81234,Too short");
});
