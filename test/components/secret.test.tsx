import { fireEvent, screen, waitFor } from "@testing-library/preact";
import { expect, test, vi } from "vitest";
import { Connect } from "../../components/screens/connect";
import { Protection } from "../../components/screens/settings/protection";
import { Unlock } from "../../components/screens/unlock";
import type { Reply } from "../../lib/shared/failure";
import { stage } from "./stage";

/** Fields for what nobody else should see: looked at by a press, and wrong only where they are wrong. */

const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label);

test("the passphrase at Unlock can be looked at", async () => {
  const on = await stage();
  on.show(<Unlock />);
  expect(field("Passphrase").type).toBe("password");
  fireEvent.click(screen.getByRole("button", { name: "Show the passphrase" }));
  expect(field("Passphrase").type).toBe("text");
  fireEvent.click(screen.getByRole("button", { name: "Hide the passphrase" }));
  expect(field("Passphrase").type).toBe("password");
});

test("a key with letters that no key has is called wrong at its field, and is not sent", async () => {
  const on = await stage();
  on.show(<Connect />);
  const key = field("API key");
  fireEvent.input(key, { target: { value: "wappfy_sk_आठ" } });
  expect(key.getAttribute("aria-invalid")).toBe("true");
  fireEvent.submit(key.closest("form")!);
  expect(on.sent("probeConnection")).toEqual([]);
  fireEvent.input(key, { target: { value: " wappfy_sk_12345678 " } });
  expect(key.getAttribute("aria-invalid")).not.toBe("true");
});

test("what was wrong with a passphrase stands at it, and goes when another way of keeping the key is chosen", async () => {
  HTMLDialogElement.prototype.showModal = function showModal() {
    this.open = true;
  };
  const weak: Reply<never> = { ok: false, failure: { code: "weak-passphrase" } };
  const on = await stage({ setProtection: () => weak });
  on.show(<Protection run={vi.fn()} />);
  fireEvent.click(screen.getByRole("button", { name: "Change" }));
  fireEvent.click(screen.getByRole("radio", { name: /passphrase/i }));
  fireEvent.input(field("New passphrase"), { target: { value: "quiet otter under the bridge" } });
  fireEvent.submit(field("New passphrase").closest("form")!);
  await waitFor(() => expect(field("New passphrase").getAttribute("aria-invalid")).toBe("true"));
  expect(screen.getAllByText(/too easy to guess/)).toHaveLength(1);
  fireEvent.click(screen.getByRole("radio", { name: /until I close the browser/ }));
  expect(screen.queryByText(/too easy to guess/)).toBeNull();
  fireEvent.click(screen.getByRole("radio", { name: /passphrase/i }));
  expect(field("New passphrase").getAttribute("aria-invalid")).not.toBe("true");
});
