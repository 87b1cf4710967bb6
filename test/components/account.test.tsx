import { fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { expect, test, vi } from "vitest";
import { fakeBrowser } from "wxt/testing/fake-browser";
import { App } from "../../components/app";
import { Connect } from "../../components/screens/connect";
import { Settings } from "../../components/screens/settings";
import { Unlock } from "../../components/screens/unlock";
import { Welcome } from "../../components/screens/welcome";
import { createWorld } from "../../lib/sandbox/seed";
import { WORLD_INSTANCES } from "../../lib/sandbox/world";
import { fail, ok } from "../../lib/shared/failure";
import type { Protection } from "../../lib/shared/model";
import { send } from "../../lib/shared/send";
import { write } from "../../lib/store/write";
import { addDesk, answerRequests, GATEWAY_HOST, OWN, stage, stageWithWorker } from "./stage";

/** The way to an account and back to it: connecting, the welcome page, the lock, and the connections in the settings. */

const KEY = "wappfy_sk_fictional_0123456789";
const WORDS = "correct horse battery staple";

/** A gateway that takes the key, and a browser that grants its host. */
async function withGateway(world = createWorld()) {
  const on = await stageWithWorker();
  vi.spyOn(fakeBrowser.runtime, "getManifest").mockReturnValue({ version: "1.2.3" } as never);
  on.fake.granted.add(GATEWAY_HOST);
  return { ...on, ...answerRequests(KEY, world) };
}
/** An account that is connected. */
async function connected(protection: Protection = "session") {
  const on = await withGateway();
  const passphrase = protection === "passphrase" ? WORDS : undefined;
  const reply = await addDesk(KEY, { protection, passphrase });
  expect(reply).toMatchObject({ ok: true });
  await waitFor(() => expect(on.shell.connection.value?.name).toBe("Desk"));
  return on;
}
const type = (label: string | RegExp, value: string) =>
  fireEvent.input(screen.getByLabelText(label), { target: { value } });
const press = (name: string | RegExp) => fireEvent.click(screen.getByRole("button", { name }));
const submit = (name: string) => fireEvent.submit(screen.getByRole("button", { name }).closest("form")!);

test("a key leads to the numbers of its account, and with a passphrase to a connection", async () => {
  const on = await withGateway();
  const onDone = vi.fn();
  on.show(<Connect onDone={onDone} />);
  // Without a key there is nothing to prove.
  expect(screen.getByRole("button", { name: "Continue" }).getAttribute("aria-disabled")).toBe("true");
  type("API key", KEY);
  submit("Continue");
  expect(await screen.findByText("The key works.")).toBeTruthy();
  const numbers = within(screen.getByRole("group", { name: "Which WhatsApp number?" })).getAllByRole("radio");
  expect(numbers).toHaveLength(3);
  expect(screen.getByText(/status: /)).toBeTruthy();
  // A weak passphrase is refused, with what it takes, and what was typed stays.
  type(/^New passphrase/, "secret");
  submit("Connect");
  expect((await screen.findByRole("alert")).textContent).toContain("too easy to guess");
  type(/^New passphrase/, WORDS);
  submit("Connect");
  await waitFor(() => expect(onDone).toHaveBeenCalledTimes(1));
  await waitFor(() =>
    expect(on.shell.connection.value).toMatchObject({ instance: WORLD_INSTANCES.main, ownNumber: OWN }),
  );
  // The key left for the gateway alone: it is in no answer to the screen.
  expect(JSON.stringify(on.shell.connections.value)).not.toContain(KEY);
});

test("a wrong key is named as that, with what to do, and the form goes on from there", async () => {
  const on = await withGateway();
  on.show(<Connect onDone={() => undefined} />);
  type("API key", "wappfy_sk_wrong");
  submit("Continue");
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("does not accept this key");
  expect(alert.textContent).toContain("Copy the key again");
  type("API key", KEY);
  submit("Continue");
  expect(await screen.findByText("The key works.")).toBeTruthy();
  expect(screen.queryByRole("alert")).toBeNull();
});

test("a gateway that lists no instances asks for the id, and proves it before it is kept", async () => {
  const on = await withGateway(createWorld({ hasExtras: false }));
  const onDone = vi.fn();
  on.show(<Connect onDone={onDone} />);
  type("API key", KEY);
  submit("Continue");
  type(await screen.findByLabelText("Instance id").then(() => "Instance id"), "inst_nobody");
  type(/^New passphrase/, WORDS);
  submit("Connect");
  expect((await screen.findByRole("alert")).textContent).toContain("does not know this instance");
  expect(on.shell.connections.value).toEqual([]);
  type("Instance id", WORLD_INSTANCES.main);
  submit("Connect");
  await waitFor(() => expect(onDone).toHaveBeenCalledTimes(1));
});

test("a number with a very long name can be connected", async () => {
  const world = createWorld();
  for (const instance of world.instances) instance.name = "Very long name ".repeat(10);
  const on = await withGateway(world);
  const onDone = vi.fn();
  on.show(<Connect onDone={onDone} />);
  type("API key", KEY);
  submit("Continue");
  await screen.findByText("The key works.");
  type(/^New passphrase/, WORDS);
  submit("Connect");
  await waitFor(() => expect(onDone).toHaveBeenCalledTimes(1));
  expect(on.shell.connection.value?.name).toMatch(/^Very long name/);
});

/** Does something before the gateway answers the next request. */
function beforeAnswer(act: () => unknown) {
  const { fetch } = globalThis;
  vi.stubGlobal("fetch", async (request: Request) => {
    vi.stubGlobal("fetch", fetch);
    await act();
    return fetch(request);
  });
}

test("a key edited while the one before it is proved is proved itself before it is kept", async () => {
  const on = await withGateway();
  on.show(<Connect onDone={() => undefined} />);
  type("API key", KEY);
  beforeAnswer(() => type("API key", "wappfy_sk_wrong"));
  submit("Continue");
  await waitFor(() => expect(on.requests).toHaveLength(1));
  await waitFor(() => expect(document.querySelector("[aria-busy=true]")).toBeNull());
  expect(screen.queryByText("The key works.")).toBeNull();
  submit("Continue");
  expect((await screen.findByRole("alert")).textContent).toContain("does not accept this key");
});

test("a key edited while an instance id is proved does not replace the one that opened it", async () => {
  const on = await withGateway(createWorld({ hasExtras: false }));
  const onDone = vi.fn();
  on.show(<Connect onDone={onDone} />);
  type("API key", KEY);
  submit("Continue");
  type(await screen.findByLabelText("Instance id").then(() => "Instance id"), WORLD_INSTANCES.main);
  type(/^New passphrase/, WORDS);
  beforeAnswer(async () => {
    press("Back");
    fireEvent.input(await screen.findByLabelText("API key"), { target: { value: "wappfy_sk_wrong" } });
  });
  submit("Connect");
  await waitFor(() => expect(onDone).toHaveBeenCalledTimes(1));
  expect(await send("refreshGroups")).toMatchObject({ ok: true });
});

test("another key offers its own numbers, and keeps none of the key before it", async () => {
  const on = await withGateway();
  const onDone = vi.fn();
  on.show(<Connect onDone={onDone} />);
  type("API key", KEY);
  submit("Continue");
  await screen.findByText("The key works.");
  press("Back");
  const other = "wappfy_sk_fictional_9876543210";
  const world = createWorld();
  world.instances = world.instances.filter(({ id }) => id !== WORLD_INSTANCES.main);
  answerRequests(other, world);
  fireEvent.input(await screen.findByLabelText("API key"), { target: { value: other } });
  submit("Continue");
  await screen.findByText("The key works.");
  const numbers = within(screen.getByRole("group", { name: "Which WhatsApp number?" }));
  expect(numbers.getByRole<HTMLInputElement>("radio", { checked: true }).value).toBe(world.instances[0]?.id);
  type(/^New passphrase/, WORDS);
  submit("Connect");
  await waitFor(() => expect(onDone).toHaveBeenCalledTimes(1));
  expect(on.shell.connection.value?.instance).toBe(world.instances[0]?.id);
});

test("a browser that refuses the host says so before anything is sent", async () => {
  const on = await withGateway();
  Object.assign(fakeBrowser.permissions, { request: async () => false });
  on.show(<Connect onDone={() => undefined} />);
  type("API key", KEY);
  submit("Continue");
  expect((await screen.findByRole("alert")).textContent).toContain("does not allow the extension to reach");
  expect(on.requests).toEqual([]);
});

test("the welcome page leads to sample groups in one press, and then to the groups", async () => {
  const on = await stageWithWorker();
  vi.spyOn(fakeBrowser.runtime, "getURL").mockReturnValue("chrome-extension://id/app.html" as never);
  on.fake.granted.add("*://*/*");
  on.show(<Welcome />);
  press("Try with sample groups");
  expect(await screen.findByRole("link", { name: "Open my groups" })).toBeTruthy();
  expect(screen.queryByLabelText("API key")).toBeNull();
  await waitFor(() => expect(on.shell.connection.value?.isSandbox).toBe(true));
});

test("before there is a connection the only other place is the settings", async () => {
  const on = await stageWithWorker();
  on.show(<App />);
  await screen.findByLabelText("API key");
  const places = () => within(screen.getByRole("navigation")).getAllByRole("link");
  expect(places().map(({ textContent }) => textContent)).toEqual(["Settings"]);
  expect(places()[0]?.getAttribute("aria-current")).toBeNull();
  press("Try with sample groups");
  await waitFor(() => expect(places().length).toBeGreaterThan(4));
});

test("sample groups that cannot be made are not taken for done, and the press can be repeated", async () => {
  let reply: ReturnType<typeof fail> | ReturnType<typeof ok> = fail("storage-full");
  const on = await stage({ addSandbox: () => reply });
  const onDone = vi.fn();
  on.show(<Connect onDone={onDone} />);
  press("Try with sample groups");
  expect((await screen.findByRole("alert")).textContent).toContain("Free some disk space");
  expect(onDone).not.toHaveBeenCalled();
  reply = ok(undefined);
  press("Try with sample groups");
  await waitFor(() => expect(onDone).toHaveBeenCalledTimes(1));
  expect(screen.queryByRole("alert")).toBeNull();
});

test("locked, the app shows nothing but the way in; the passphrase leads back to the groups", async () => {
  const on = await connected("passphrase");
  await send("refreshGroups");
  on.show(<App />);
  const name = (await on.worker.store.db.getAll("groups"))[0]?.name ?? "";
  expect(await screen.findByRole("navigation")).toBeTruthy();
  press("Lock now");
  const field = await screen.findByLabelText<HTMLInputElement>("Passphrase");
  expect(screen.queryByRole("navigation")).toBeNull();
  expect(screen.queryByText(name)).toBeNull();
  // Nothing typed is nothing sent.
  submit("Unlock");
  fireEvent.input(field, { target: { value: "not this one" } });
  submit("Unlock");
  expect(await screen.findByText(/That passphrase is not right\. Check capital letters/)).toBeTruthy();
  expect(field.getAttribute("aria-invalid")).toBe("true");
  fireEvent.input(field, { target: { value: WORDS } });
  submit("Unlock");
  expect(await screen.findByRole("navigation")).toBeTruthy();
  expect(screen.queryByLabelText("Passphrase")).toBeNull();
});

test("whoever forgot the passphrase can begin anew, after a typed word", async () => {
  const on = await connected("passphrase");
  await send("lock");
  on.show(<Unlock />);
  press("Forget everything");
  const dialog = within(screen.getByRole("dialog"));
  fireEvent.input(dialog.getByLabelText("Type DELETE to go on"), { target: { value: "DELETE" } });
  fireEvent.submit(dialog.getByRole("button", { name: "Forget everything" }).closest("form")!);
  await waitFor(() => expect(on.shell.connections.value).toEqual([]));
  expect(on.shell.isLocked.value).toBe(false);
});

test("a connection can be renamed, given another key and removed; each failure stays in its dialog", async () => {
  const on = await connected();
  on.show(<Settings />);
  const region = within(screen.getByRole("region", { name: "Connections" }));
  fireEvent.click(region.getByRole("button", { name: "Edit" }));
  type("Name", "Night desk");
  type(/^Own WhatsApp number/, "+44 7700 900100");
  submit("Save");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(await region.findByText("Night desk")).toBeTruthy();
  expect(on.shell.connection.value?.ownNumber).toBe(OWN);

  fireEvent.click(region.getByRole("button", { name: "New key or address" }));
  type("API key", "wappfy_sk_wrong");
  submit("Save");
  expect((await screen.findByRole("alert")).textContent).toContain("does not accept this key");
  // The key that works is still there.
  expect(await send("refreshGroups")).toMatchObject({ ok: true });
  type("API key", KEY);
  submit("Save");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(await send("refreshGroups")).toMatchObject({ ok: true });

  fireEvent.click(region.getByRole("button", { name: "Forget" }));
  const sure = within(screen.getByRole("dialog"));
  fireEvent.input(sure.getByLabelText("Type DELETE to go on"), { target: { value: "DELETE" } });
  fireEvent.submit(sure.getByRole("button", { name: "Forget" }).closest("form")!);
  await waitFor(() => expect(on.shell.connections.value).toEqual([]));
  expect(region.getByRole("button", { name: "Add a connection" })).toBeTruthy();
});

test("a number that a job learnt while a connection is edited stays, unless it is edited itself", async () => {
  const on = await withGateway();
  await addDesk(KEY, { ownNumber: undefined });
  on.show(<Settings />);
  const region = within(screen.getByRole("region", { name: "Connections" }));
  const edit = async (label: string | RegExp, value: string) => {
    type(label, value);
    submit("Save");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    return on.worker.store.db.getAll("connections");
  };
  fireEvent.click(await region.findByRole("button", { name: "Edit" }));
  await write(on.worker.store, ["connections"], async (tx) => {
    const [desk] = await tx.objectStore("connections").getAll();
    await tx.objectStore("connections").put({ ...desk!, ownNumber: OWN });
  });
  expect(await edit("Name", "Night desk")).toMatchObject([{ name: "Night desk", ownNumber: OWN }]);
  await region.findByText("Night desk");
  fireEvent.click(region.getByRole("button", { name: "Edit" }));
  expect((await edit(/^Own WhatsApp number/, ""))[0]).not.toHaveProperty("ownNumber");
});

test("of two connections one is in use, and the other takes its place by a press", async () => {
  const on = await connected();
  await send("addSandbox");
  await waitFor(() => expect(on.shell.connections.value).toHaveLength(2));
  on.show(<Settings />);
  const region = within(screen.getByRole("region", { name: "Connections" }));
  expect(region.getAllByText("In use")).toHaveLength(1);
  expect(on.shell.connection.value?.isSandbox).toBe(true);
  fireEvent.click(region.getByRole("button", { name: "Use this" }));
  await waitFor(() => expect(on.shell.connection.value?.isSandbox).toBe(false));
});

test("another protection of the key needs a strong passphrase, and is named once it holds", async () => {
  const on = await connected("session");
  on.show(<Settings />);
  const region = within(screen.getByRole("region", { name: "Protection of the key" }));
  fireEvent.click(region.getByRole("button", { name: "Change" }));
  const dialog = within(screen.getByRole("dialog"));
  fireEvent.click(dialog.getByLabelText(/^Protect it with a passphrase/));
  fireEvent.input(dialog.getByLabelText(/^New passphrase/), { target: { value: "12345678" } });
  submit("Save");
  expect((await dialog.findByRole("alert")).textContent).toContain("too easy to guess");
  fireEvent.input(dialog.getByLabelText(/^New passphrase/), { target: { value: WORDS } });
  submit("Save");
  expect(await screen.findByText("The protection was changed.")).toBeTruthy();
  expect(await region.findByText("Protect it with a passphrase")).toBeTruthy();
  expect(screen.queryByRole("dialog")).toBeNull();
});
