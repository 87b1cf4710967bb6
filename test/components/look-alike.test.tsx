import { screen } from "@testing-library/preact";
import { expect, test } from "vitest";
import { LocalHttp } from "../../components/parts/local-http";
import { LookAlike } from "../../components/parts/look-alike";
import { stage } from "./stage";

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

test.each(["http://localhost:3000", "http://127.0.0.1"])(
  "the switch for plain http stands under %s",
  async (address) => {
    const on = await stage();
    on.show(<LocalHttp address={address} />);
    expect(screen.getByRole("checkbox", { name: "Allow plain http to a gateway on this computer" })).toBeTruthy();
  },
);

test.each(["https://localhost:3000", "https://api.wappfy.io", "http://gw.example"])(
  "and not under %s",
  async (address) => {
    const on = await stage();
    on.show(<LocalHttp address={address} />);
    expect(screen.queryByRole("checkbox")).toBeNull();
  },
);
