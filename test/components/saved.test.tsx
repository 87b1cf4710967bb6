import { render } from "@testing-library/preact";
import { useRef } from "preact/hooks";
import { expect, test, vi } from "vitest";
import { useSavedScroll } from "../../components/models/saved";
import { draftKey } from "../../lib/shared/draft";
import { readDraft } from "../../lib/store/read";
import { write } from "../../lib/store/write";
import { ShellProvider } from "../../components/models/shell";
import { stage } from "./stage";

const key = draftKey({ form: "groups", connection: "c1" }, "scroll");

/** Scrolls as far as its rows reach, as a browser does. */
function List({ isWhole }: { isWhole: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  useSavedScroll(key, box, isWhole);
  const scrollTo = (host: HTMLDivElement | null) => {
    if (!host) return;
    box.current = host;
    host.scrollTo = ((_left: number, top: number) => {
      host.scrollTop = Math.min(top, isWhole ? 9000 : 1400);
      setTimeout(() => host.dispatchEvent(new Event("scrollend")));
    }) as never;
  };
  return <div ref={scrollTo} data-testid="list" />;
}

test("a place far down is found again when all rows are there, and is kept until then", async () => {
  const on = await stage();
  await write(on.store, ["drafts"], (tx) => tx.objectStore("drafts").put("5000", key));
  const view = (isWhole: boolean) => (
    <ShellProvider value={on.shell}>
      <List isWhole={isWhole} />
    </ShellProvider>
  );
  const { rerender, getByTestId } = render(view(false));
  // A place that was read meanwhile would be gone to by now.
  for (let turn = 0; turn < 3; turn += 1) {
    await readDraft(on.store, key);
    await new Promise((resolve) => setTimeout(resolve));
  }
  rerender(view(true));
  await vi.waitFor(() => expect(getByTestId("list").scrollTop).toBe(5000));
  expect(on.sent("saveDraft")).toEqual([]);
});
