import { cleanup, screen } from "@testing-library/preact";
import { afterEach, expect, test } from "vitest";
import { LookAlike } from "../../components/parts/look-alike";
import { stage } from "./stage";

afterEach(cleanup);

test.each([
  ["https://\u0430pi.wappfy.io", "https://xn--pi-6kc.wappfy.io"],
  ["\u0430pi.wappfy.io", undefined],
  ["https://xn--pi-6kc.wappfy.io:8443", "https://xn--pi-6kc.wappfy.io:8443"],
  ["http://\u0430pi.wappfy.io", "http://xn--pi-6kc.wappfy.io"],
  ["https://api.wappfy.io", undefined],
  ["https://", undefined],
])("T46 an address that looks like another is shown by its real name: %s", async (address, shown) => {
  const on = await stage();
  on.show(<LookAlike address={address} />);
  if (shown === undefined) expect(document.body.textContent).not.toContain("xn--");
  else expect(screen.getByText(shown)).toBeTruthy();
});
