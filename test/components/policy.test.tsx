import { signal } from "@preact/signals";
import { cleanup, screen } from "@testing-library/preact";
import { expect, test, vi } from "vitest";
import { fakeBrowser } from "wxt/testing/fake-browser";
import { Connect } from "../../components/screens/connect";
import { Page } from "../../components/screens/page";
import { Settings } from "../../components/screens/settings";
import { PaceSelect } from "../../components/parts/plan";
import { ok } from "../../lib/shared/failure";
import { DEFAULT_SETTINGS, type Policy } from "../../lib/shared/model";
import { stage } from "./stage";

/** What a company set is shown where it holds, and cannot be changed there. */

/** Sets a screen of a new installation under a policy, with the settings as `readSettings` gives them. */
async function under(policy?: Policy, answers?: Parameters<typeof stage>[0]) {
  const on = await stage(answers);
  vi.spyOn(fakeBrowser.runtime, "getManifest").mockReturnValue({ version: "1.2.3" } as never);
  const { lockAfter = 0, pageActions = true } = policy ?? {};
  const kept = { protection: "passphrase", lockAfter, isPageOn: pageActions } as const;
  const settings = { ...DEFAULT_SETTINGS, ...kept, ...(policy ? { policy } : {}) };
  Object.assign(on.shell, { connections: signal([]), settings: signal(settings) });
  return on;
}
const control = (label: string | RegExp) => screen.getByLabelText<HTMLInputElement | HTMLSelectElement>(label);

test("the settings name every rule, and what a rule decides is off", async () => {
  const on = await under({
    gateway: "https://gateway.example",
    allowedHosts: ["other.example"],
    instance: "inst_1",
    maxPace: "careful",
    requirePassphrase: true,
    lockAfter: 45,
    pageActions: false,
    sandbox: false,
    wrong: ["lockAfterHours"],
  });
  on.show(<Settings />);
  const rules = screen.getByRole("region", { name: "Set by your company" });
  expect([...rules.querySelectorAll("li")].map(({ textContent }) => textContent)).toEqual([
    "Gateway: https://gateway.example",
    "Gateways that may be used: other.example",
    "Instance: inst_1",
    "A key is used only under a passphrase.",
    "Locks a protected key when nobody has used the computer for this long and no job is running: 45 minutes",
    "No buttons are added to web pages.",
    "Only the careful pace: people one at a time, but the first 10 of a new group together.",
    "The sample groups cannot be used.",
  ]);
  expect(rules.textContent).toContain("“lockAfterHours”");
  const lock = control("Lock when the computer is idle for");
  expect([lock.disabled, lock.value]).toEqual([true, "45"]);
  expect(control(/^Show “Manage via Wappfy”/).disabled).toBe(true);
  expect(control("Pace of changes").disabled).toBe(true);
});

test("where a page is listed, buttons that the company turned off cannot be turned on", async () => {
  const page = { tab: 1, origin: "https://forum.example", isPaused: false, closed: [], invites: [] };
  const answers = { pageView: () => ok(page), findOnPage: () => ok(page) };
  (await under({ pageActions: false }, answers)).show(<Page />);
  await screen.findByText("https://forum.example");
  expect(control(/^Off on all sites/).disabled).toBe(true);
  expect(screen.getByText("Set by your company.")).toBeTruthy();
  cleanup();
  (await under(undefined, answers)).show(<Page />);
  await screen.findByText("https://forum.example");
  expect(control(/^Off on all sites/).disabled).toBe(false);
});

test("without a company nothing is said of one, and everything can be changed", async () => {
  (await under()).show(<Settings />);
  expect(screen.queryByText(/company/)).toBeNull();
  expect([...document.querySelectorAll<HTMLInputElement>("input, select")].filter(({ disabled }) => disabled)).toEqual(
    [],
  );
});

test("a new connection begins at the company's gateway, without a way around it", async () => {
  const on = await under({ gateway: "https://gateway.example", sandbox: false });
  on.show(<Connect />);
  const address = control("Gateway address");
  expect([address.value, address.disabled]).toEqual(["https://gateway.example", true]);
  expect(screen.getByText("Set by your company.")).toBeTruthy();
  expect(screen.queryByRole("button", { name: /sample/ })).toBeNull();
  cleanup();
  (await under({ gateway: "https://gateway.example", allowedHosts: ["other.example"] })).show(<Connect />);
  expect([control("Gateway address").value, control("Gateway address").disabled]).toEqual([
    "https://gateway.example",
    false,
  ]);
  expect(screen.getByText("Gateways that may be used: gateway.example, other.example")).toBeTruthy();
  expect(screen.queryByText("Set by your company.")).toBeNull();
  expect(screen.getByRole("button", { name: /sample/ })).toBeTruthy();
});

test("a pace that the company does not allow cannot be chosen", async () => {
  const on = await under({ maxPace: "careful" });
  on.show(<PaceSelect value="fast" onChange={vi.fn()} />);
  const pace = control(/./);
  expect([pace.value, pace.disabled]).toEqual(["careful", true]);
});
