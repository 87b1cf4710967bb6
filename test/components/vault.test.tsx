import { fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { expect, test, vi } from "vitest";
import { fakeBrowser } from "wxt/testing/fake-browser";
import { App } from "../../components/app";
import { Connect } from "../../components/screens/connect";
import { Settings } from "../../components/screens/settings";
import { WORLD_INSTANCES } from "../../lib/sandbox/world";
import { send } from "../../lib/shared/send";
import { addDesk, answerRequests, GATEWAY_HOST, OWN, stageWithWorker } from "./stage";

/** How the keys are kept is asked where nothing is kept yet, and what is locked can be unlocked on every screen. */

const KEY = "wappfy_sk_fictional_0123456789";
const WORDS = "correct horse battery staple";

async function withGateway() {
  const on = await stageWithWorker();
  vi.spyOn(fakeBrowser.runtime, "getManifest").mockReturnValue({ version: "1.2.3" } as never);
  on.fake.granted.add(GATEWAY_HOST);
  return { ...on, ...answerRequests(KEY) };
}
const type = (label: string | RegExp, value: string) =>
  fireEvent.input(screen.getByLabelText(label), { target: { value } });
const submit = (name: string) => fireEvent.submit(screen.getByRole("button", { name }).closest("form")!);
const region = (name: string) => within(screen.getByRole("region", { name }));

/** Types the key, and chooses the second number of the account. */
async function toSecondNumber(): Promise<void> {
  type("API key", KEY);
  submit("Continue");
  const numbers = await screen.findByRole("group", { name: "Which WhatsApp number?" });
  fireEvent.click(within(numbers).getAllByRole("radio")[1]!);
}

/** A file with one connection, as an export has it. */
const FILE = JSON.stringify({
  format: "wappfy-groups",
  version: 1,
  connections: [
    {
      name: "Desk",
      origin: "https://api.wappfy.io",
      instance: WORLD_INSTANCES.main,
      dialect: "guide",
      auth: "api-key",
      isSandbox: false,
      ownNumber: OWN,
    },
  ],
});

test("an import into a fresh browser locks nobody out: the key is given with its protection, and works", async () => {
  const on = await withGateway();
  expect(await send("importData", { json: FILE })).toMatchObject({ ok: true, value: { connections: 1 } });
  await waitFor(() => expect(on.shell.connection.value?.name).toBe("Desk"));
  location.hash = "#/settings";
  on.show(<App />);
  expect(await screen.findByRole("navigation")).toBeTruthy();
  expect(screen.queryByLabelText("Passphrase")).toBeNull();
  const accounts = within(await screen.findByRole("region", { name: "Connections" }));
  fireEvent.click(accounts.getByRole("button", { name: "New key or address" }));
  type("API key", KEY);
  type(/^New passphrase/, "secret");
  submit("Save");
  expect((await screen.findByRole("alert")).textContent).toContain("too easy to guess");
  type(/^New passphrase/, WORDS);
  submit("Save");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await waitFor(() => expect(on.shell.settings.value.protection).toBe("passphrase"));
  expect(await send("refreshGroups")).toMatchObject({ ok: true });
  // Now there is a passphrase, and the lock asks for it.
  await send("lock");
  expect(await screen.findByLabelText("Passphrase")).toBeTruthy();
});

test.each(["session", "none"] as const)("a second account is kept as the first (%s)", async (protection) => {
  const on = await withGateway();
  await addDesk(KEY, { protection });
  await waitFor(() => expect(on.shell.settings.value.protection).toBe(protection));
  const onDone = vi.fn();
  on.show(<Connect onDone={onDone} />);
  await toSecondNumber();
  submit("Connect");
  await waitFor(() => expect(onDone).toHaveBeenCalledTimes(1));
  await waitFor(() => expect(on.shell.connections.value).toHaveLength(2));
  expect(on.shell.settings.value.protection).toBe(protection);
  expect(await send("refreshGroups")).toMatchObject({ ok: true });
});

test("a company that wants a passphrase has it asked for with the second account, for both keys", async () => {
  const on = await withGateway();
  await addDesk(KEY, { protection: "session" });
  Object.assign(on.fake.managed, { requirePassphrase: true });
  await on.worker.onPolicyChanged();
  await waitFor(() => expect(on.shell.settings.value.policy?.requirePassphrase).toBe(true));
  const onDone = vi.fn();
  on.show(<Connect onDone={onDone} />);
  await toSecondNumber();
  type(/^New passphrase/, WORDS);
  submit("Connect");
  await waitFor(() => expect(onDone).toHaveBeenCalledTimes(1));
  await waitFor(() =>
    expect(on.shell.connections.value?.map(({ trouble }) => trouble)).toEqual([undefined, undefined]),
  );
});

test("once the only account is removed, the next one begins with a passphrase of its own", async () => {
  const on = await withGateway();
  const added = await addDesk(KEY, { protection: "passphrase", passphrase: WORDS });
  await send("forgetConnection", { id: added.ok ? added.value.id : "" });
  await send("lock");
  await waitFor(() => expect(on.shell.connections.value).toEqual([]));
  const onDone = vi.fn();
  on.show(<Connect onDone={onDone} />);
  await toSecondNumber();
  type(/^New passphrase/, "seven green bottles standing");
  submit("Connect");
  await waitFor(() => expect(onDone).toHaveBeenCalledTimes(1));
  await send("lock");
  expect(await send("unlock", { passphrase: WORDS })).toMatchObject({ failure: { code: "wrong-passphrase" } });
  expect(await send("unlock", { passphrase: "seven green bottles standing" })).toMatchObject({ ok: true });
});

test("the lock for an idle computer says what it does to the key, and is not offered where it does nothing", async () => {
  const on = await withGateway();
  await addDesk(KEY, { protection: "none" });
  await waitFor(() => expect(on.shell.settings.value.protection).toBe("none"));
  on.show(<Settings />);
  const label = "Lock when the computer is idle for";
  expect(screen.queryByLabelText(label)).toBeNull();
  await send("setProtection", { protection: "session" });
  expect(await screen.findByLabelText(label)).toBeTruthy();
  expect(screen.getByText(/^The key is deleted then/)).toBeTruthy();
  await send("setProtection", { protection: "passphrase", passphrase: WORDS });
  expect(await screen.findByText(/It locks with your screen/)).toBeTruthy();
});

test("whoever begins to protect a key hears that the unprotected one may have left traces", async () => {
  const on = await withGateway();
  await addDesk(KEY, { protection: "none" });
  await waitFor(() => expect(on.shell.settings.value.protection).toBe("none"));
  on.show(<Settings />);
  fireEvent.click(region("Protection of the key").getByRole("button", { name: "Change" }));
  expect(screen.queryByText(/can stay on the disk/)).toBeNull();
  fireEvent.click(screen.getByRole("radio", { name: /^Protect it with a passphrase/ }));
  expect(screen.getByText(/can stay on the disk/)).toBeTruthy();
});

/** An account under a passphrase, locked, while the sample groups are in use. */
async function lockedBehindSample() {
  const on = await withGateway();
  await addDesk(KEY, { protection: "passphrase", passphrase: WORDS });
  await send("addSandbox");
  await send("lock");
  await waitFor(() => expect(on.shell.connections.value?.some(({ trouble }) => trouble === "locked")).toBe(true));
  await waitFor(() => expect(on.shell.connection.value?.isSandbox).toBe(true));
  return on;
}

test("with the sample groups in use, the settings unlock what is locked", async () => {
  const on = await lockedBehindSample();
  on.show(<Settings />);
  expect(region("Connections").getByText("The extension is locked.")).toBeTruthy();
  const protection = region("Protection of the key");
  expect(protection.queryByRole("button", { name: "Change" })).toBeNull();
  type("Passphrase", "not this one");
  submit("Unlock");
  expect(await protection.findByText(/That passphrase is not right/)).toBeTruthy();
  type("Passphrase", WORDS);
  submit("Unlock");
  expect(await protection.findByRole("button", { name: "Change" })).toBeTruthy();
  expect(screen.queryByText("The extension is locked.")).toBeNull();
});

test("with the sample groups in use, another account asks for the passphrase of the locked keys", async () => {
  const on = await lockedBehindSample();
  const onDone = vi.fn();
  on.show(<Connect onDone={onDone} />);
  await toSecondNumber();
  type("Passphrase", "not this one");
  submit("Connect");
  expect((await screen.findByRole("alert")).textContent).toContain("That passphrase is not right");
  type("Passphrase", WORDS);
  submit("Connect");
  await waitFor(() => expect(onDone).toHaveBeenCalledTimes(1));
  await waitFor(() => expect(on.shell.connections.value?.some(({ trouble }) => trouble === "locked")).toBe(false));
});
