import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/preact";
import { beforeEach, expect, test, vi } from "vitest";
import { App } from "../../components/app";
import { Form } from "../../components/parts/form";
import { Unlock } from "../../components/screens/unlock";
import { WORLD_GROUPS, WORLD_PEOPLE } from "../../lib/sandbox/world";
import { send } from "../../lib/shared/send";
import { readJobs } from "../../lib/store/read-jobs";
import { stageWithGroups } from "./stage";

/** Ctrl and ⌘ Enter press the main button of every form, from a field of it. */

const { alpha, support } = WORLD_GROUPS;
const group = `/group/${alpha}`;
const press = async (name: string | RegExp) => {
  const [button] = await screen.findAllByRole("button", { name });
  await waitFor(() => expect(button!.getAttribute("aria-disabled")).toBeNull());
  fireEvent.click(button!);
};

/** Where each form is, what opens it there, and what its main button says. */
const FORMS: [route: string, main: RegExp, open?: () => Promise<unknown>][] = [
  ["/create", /^Create/],
  ["/create?several", /table|Create/i],
  ["/join", /^Join/],
  ["/message", /Choose groups|Send/],
  ["/message", /^Save$/, () => press("Save as template")],
  [`${group}?tab=add`, /^Add/],
  [`${group}?tab=message`, /^Send/],
  [`${group}?tab=about`, /^Save$/],
  [`${group}?tab=about&edit=1`, /^Save/],
  [`${group}?tab=members`, /^Select who|^Add|^Remove/, () => press("Match to a list")],
  [`${group}?tab=members`, /^Remove/, () => press("Remove by list")],
  [`${group}?tab=members`, /^Remove/, () => press(/^Remove \+/)],
  ["/several/add", /^Add/],
  ["/several/remove", /^Remove/],
  ["/several/match", /^Select who|^Add|^Remove|^Nothing/],
  [`/person/${WORLD_PEOPLE.seed}`, /^Add/, () => press("Add to groups…")],
  [`/person/${WORLD_PEOPLE.seed}`, /^Move/, () => press("Move…")],
  [`/person/${WORLD_PEOPLE.seed}`, /^Remove from/, () => press("Remove from groups…")],
  ["/connect", /^Check|^Connect|^Continue|^Next/],
];

beforeEach(async () => {
  const on = await stageWithGroups();
  worker = on.worker;
  const id = on.shell.connection.value!.id;
  connection = id;
  for (const each of [alpha, support]) await send("refreshGroup", { group: each });
  await send("saveDraft", { key: [id, "groups", "", "chosen"], value: [alpha, support].join(" ") });
  await send("saveDraft", { key: [id, "message", "", "text"], value: "Hello" });
  show = (route) => {
    location.hash = `#${route}`;
    on.show(route === "/unlock" ? <Unlock /> : <App />);
  };
});
let show: (route: string) => void;
let connection: string;
let worker: Awaited<ReturnType<typeof stageWithGroups>>["worker"];
const local = (person: string) => `+${person.split("@")[0]}`;

/** Presses it in the first field of the form with this main button, and gives what was pressed by that. */
async function sent(main: RegExp): Promise<Element | null> {
  const form = await waitFor(() => {
    const place = document.querySelector("dialog[open]") ?? document;
    const forms = [...place.querySelectorAll("form")];
    const found = forms.find((each) => main.test(each.querySelector("button[type=submit]")?.textContent ?? ""));
    expect(found, forms.map(({ textContent }) => textContent).join(" / ")).toBeDefined();
    return found!;
  });
  let pressed: Element | null = null;
  const stop = new AbortController();
  document.addEventListener("click", ({ target }) => (pressed = (target as Element).closest("button")), {
    capture: true,
    signal: stop.signal,
  });
  const field = form.querySelector("textarea, input:not([type=checkbox]), [role=listbox], select, button")!;
  // A hand on the mouse shows that this page is meant.
  fireEvent.pointerDown(document);
  fireEvent.keyDown(field, { key: "Enter", ctrlKey: true });
  stop.abort();
  return pressed;
}

test.each(FORMS)("%s: %s", async (route, main, open) => {
  show(route);
  await open?.();
  const button = await sent(main);
  expect(button?.textContent).toMatch(main);
  expect(button?.getAttribute("type")).toBe("submit");
  cleanup();
});

test("unlocking", async () => {
  show("/unlock");
  expect((await sent(/./))?.getAttribute("type")).toBe("submit");
});

test("Enter on a box sends nothing, Ctrl Enter does", () => {
  const onSubmit = vi.fn();
  fireEvent.pointerDown(document);
  render(
    <Form onSubmit={onSubmit}>
      <input type="checkbox" />
      <button type="submit">Go</button>
    </Form>,
  );
  expect(fireEvent.keyDown(screen.getByRole("checkbox"), { key: "Enter" })).toBe(false);
  expect(onSubmit).not.toHaveBeenCalled();
  fireEvent.keyDown(screen.getByRole("checkbox"), { key: "Enter", metaKey: true });
  expect(onSubmit).toHaveBeenCalledOnce();
});

test("a number that was typed last is added, however soon the form is sent", async () => {
  show(`${group}?tab=add`);
  const field = await screen.findByRole("textbox");
  const [first, second] = [WORLD_PEOPLE.free, WORLD_PEOPLE.free2];
  fireEvent.pointerDown(document);
  fireEvent.input(field, { target: { value: local(first) } });
  await screen.findByRole("button", { name: "Add 1 person" });
  fireEvent.input(field, { target: { value: `${local(first)} ${local(second)}` } });
  // What the field asks for in the same breath is drawn before the next key.
  await Promise.resolve();
  fireEvent.keyDown(field, { key: "Enter", ctrlKey: true });
  const people = await waitFor(async () => {
    const [job] = await readJobs(worker.store, connection);
    expect(job).toBeDefined();
    return (job!.input as { people: { id: string }[] }).people;
  });
  expect(people.map(({ id }) => id)).toEqual([first, second]);
});

test("what is typed on after the keys that send a form takes them back", async () => {
  show(`${group}?tab=add`);
  const field = await screen.findByRole("textbox");
  fireEvent.pointerDown(document);
  fireEvent.input(field, { target: { value: local(WORLD_PEOPLE.free) } });
  await Promise.resolve();
  fireEvent.keyDown(field, { key: "Enter", ctrlKey: true });
  fireEvent.input(field, { target: { value: `${local(WORLD_PEOPLE.free)} ${local(WORLD_PEOPLE.free2)}` } });
  const submitted = vi.fn();
  document.addEventListener("submit", submitted, { once: true });
  await screen.findByRole("button", { name: "Add 2 people" });
  // A press that was held longer than the reading would come a task later.
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(submitted).not.toHaveBeenCalled();
  fireEvent.keyDown(field, { key: "Enter", ctrlKey: true });
  expect(submitted).toHaveBeenCalledOnce();
});
