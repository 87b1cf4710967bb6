import { cleanup, screen, waitFor } from "@testing-library/preact";
import { expect, test, vi } from "vitest";
import { signal } from "@preact/signals";
import { fakeBrowser } from "wxt/testing/fake-browser";
import { KeyList } from "../../components/parts/keys";
import { CountrySelect } from "../../components/parts/country";
import { Settings } from "../../components/screens/settings";
import { ownBrowser } from "../../lib/shared/browser";
import { DEFAULT_SETTINGS } from "../../lib/shared/model";
import de from "../../public/_locales/de/messages.json";
import { stage } from "./stage";

test("a country chosen beside the numbers stands in the settings, whichever it is", async () => {
  const on = await stage();
  vi.spyOn(fakeBrowser.runtime, "getManifest").mockReturnValue({ version: "1.2.3" } as never);
  Object.assign(on.shell, { settings: signal({ ...DEFAULT_SETTINGS, country: "HU" }) });
  on.show(<Settings />);
  const select = screen.getByLabelText<HTMLSelectElement>(/Country/);
  await waitFor(() => expect(select.options.length).toBeGreaterThan(200));
  expect(select.selectedOptions[0]?.textContent).toBe("Hungary");
  const offered = [...select.options].map(({ value }) => value);
  cleanup();
  on.show(<CountrySelect country={{ code: "HU", choose: vi.fn() }} label="Country" none="None" />);
  const beside = screen.getByLabelText<HTMLSelectElement>(/Country/);
  await waitFor(() => expect([...beside.options].map(({ value }) => value)).toEqual(offered));
});

test("keys have the names that stand on the keyboards of the language", async () => {
  const on = await stage();
  const german: Record<string, { message: string }> = de;
  vi.spyOn(ownBrowser().i18n, "getMessage").mockImplementation(((key: string) => german[key]?.message ?? "") as never);
  on.show(<KeyList />);
  const names = [...document.querySelectorAll("kbd")].map(({ textContent }) => textContent);
  expect(names).toEqual(expect.arrayContaining(["Strg K", "Eingabetaste", "Strg A"]));
  expect(names.filter((name) => /Ctrl|Enter/.test(name))).toEqual([]);
});
