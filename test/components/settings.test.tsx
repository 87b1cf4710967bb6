import { cleanup, screen, waitFor } from "@testing-library/preact";
import { expect, test, vi } from "vitest";
import { signal } from "@preact/signals";
import { fakeBrowser } from "wxt/testing/fake-browser";
import { CountrySelect } from "../../components/parts/country";
import { Settings } from "../../components/screens/settings";
import { DEFAULT_SETTINGS } from "../../lib/shared/model";
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
