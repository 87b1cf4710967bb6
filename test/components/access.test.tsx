import { signal } from "@preact/signals";
import { act, fireEvent, screen, waitFor } from "@testing-library/preact";
import { expect, test, vi } from "vitest";
import { fakeBrowser } from "wxt/testing/fake-browser";
import { FailureNotice } from "../../components/parts/failure-notice";
import { Connections } from "../../components/screens/settings/connections";
import { Groups } from "../../components/screens/groups";
import { Page } from "../../components/screens/page";
import { Settings } from "../../components/screens/settings";
import { Welcome } from "../../components/screens/welcome";
import { fail, ok } from "../../lib/shared/failure";
import { DEFAULT_SETTINGS } from "../../lib/shared/model";
import { connection, stage } from "./stage";

/** Wherever it is said that the browser keeps us out, the button that asks for the access stands there. */

/** A browser that has granted nothing; `grant` is what its own page of extensions does. */
async function withoutAccess() {
  const granted = new Set<string>();
  const listeners = new Set<() => void>();
  const asked: string[][] = [];
  const page = { tab: 1, origin: "https://forum.example", isPaused: false, closed: [], invites: [] };
  const on = await stage({
    refreshGroups: () => fail("no-permission"),
    pageView: () => ok(page),
    findOnPage: () => ok(page),
  });
  vi.spyOn(fakeBrowser.runtime, "getManifest").mockReturnValue({ version: "1.2.3" } as never);
  const event = {
    addListener: (run: () => void) => listeners.add(run),
    removeListener: (run: () => void) => listeners.delete(run),
  };
  const grant = (patterns: string[]) =>
    act(async () => {
      for (const pattern of patterns) granted.add(pattern);
      for (const run of listeners) run();
    });
  Object.assign(fakeBrowser.permissions, {
    contains: ({ origins }: { origins: string[] }) => Promise.resolve(origins.every((origin) => granted.has(origin))),
    request: ({ origins }: { origins: string[] }) => {
      asked.push(origins);
      return grant(origins).then(() => true);
    },
    onAdded: event,
    onRemoved: event,
  });
  return { ...on, asked, grant };
}

const allow = () => screen.findByRole("button", { name: "Allow access" });
const GATEWAY = ["https://api.wappfy.io/*"];
const PAGES = ["*://*/*"];

test("a gateway that may not be reached: the button asks at once, straight from the press, and the sentence follows", async () => {
  const on = await withoutAccess();
  on.show(<FailureNotice failure={{ code: "no-permission" }} />);
  fireEvent.click(await allow());
  // In the same turn: after an await the gesture would be gone.
  expect(on.asked).toEqual([GATEWAY]);
  await screen.findByText("The browser allows it now.");
});

test("an address that is being typed is the one that is asked for", async () => {
  const on = await withoutAccess();
  on.show(<FailureNotice failure={{ code: "no-permission" }} address="https://gateway.example:8443" />);
  fireEvent.click(await allow());
  expect(on.asked).toEqual([["https://gateway.example/*"]]);
});

test("granted elsewhere, it says so by itself", async () => {
  const on = await withoutAccess();
  on.show(<FailureNotice failure={{ code: "no-permission" }} />);
  await allow();
  await on.grant(GATEWAY);
  await screen.findByText("The browser allows it now.");
  expect(screen.queryByRole("button", { name: "Allow access" })).toBeNull();
});

test("an answer that comes late says nothing of what was granted since", async () => {
  const on = await withoutAccess();
  const { contains } = fakeBrowser.permissions as { contains: (asked: object) => Promise<boolean> };
  const late: (() => void)[] = [];
  // The browser answers the first question last, and with what was true when it was asked.
  Object.assign(fakeBrowser.permissions, {
    contains: (asked: object) =>
      late.length > 0 ? contains(asked) : new Promise((resolve) => late.push(() => resolve(false))),
  });
  on.show(<FailureNotice failure={{ code: "no-permission" }} />);
  await waitFor(() => expect(late).toHaveLength(1));
  await on.grant(GATEWAY);
  await screen.findByText("The browser allows it now.");
  await act(async () => {
    late[0]!();
    // A turn in which the answer arrives.
    await new Promise((resolve) => setTimeout(resolve));
  });
  expect(screen.queryByRole("button", { name: "Allow access" })).toBeNull();
});

test("each connection in the settings asks for its own gateway", async () => {
  const on = await withoutAccess();
  const one = { ...connection, isSandbox: false, origin: "https://other.example", trouble: "no-permission" as const };
  Object.assign(on.shell, { connections: signal([one]) });
  on.show(<Connections run={vi.fn()} />);
  fireEvent.click(await allow());
  expect(on.asked).toEqual([["https://other.example/*"]]);
});

test.each([
  ["the list of groups", () => <Groups />],
  ["this page", () => <Page />],
  ["the settings", () => <Settings />],
  ["the welcome page", () => <Welcome />],
])("%s says that pages are closed to us, asks for them, and says it no more once they are open", async (_, child) => {
  const on = await withoutAccess();
  await on.grant(GATEWAY);
  on.show(child());
  fireEvent.click(await allow());
  expect(on.asked).toEqual([PAGES]);
  await waitFor(() => expect(screen.queryByText(/look for invites on web pages/)).toBeNull());
});

test("who switched the buttons on pages off is not asked for them", async () => {
  const on = await withoutAccess();
  await on.grant(GATEWAY);
  Object.assign(on.shell, { settings: signal({ ...DEFAULT_SETTINGS, isPageOn: false }) });
  on.show(<Groups />);
  await screen.findByRole("alert");
  expect(screen.queryByText(/look for invites on web pages/)).toBeNull();
});
