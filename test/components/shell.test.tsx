import { act, cleanup, fireEvent, screen, waitFor } from "@testing-library/preact";
import type { ComponentChild } from "preact";
import { describe, expect, test } from "vitest";
import { Connect } from "../../components/screens/connect";
import { Change } from "../../components/screens/several/change";
import type { CommandName } from "../../lib/shared/commands";
import { ok, type Reply } from "../../lib/shared/failure";
import { group, stage, stageWithWorker } from "./stage";

test("two quick changes of the screen lead to the last one, which stays our own", async () => {
  const { shell, stop } = await stageWithWorker();
  const shown: (boolean | undefined)[] = [];
  shell.route.subscribe(({ isOurs }) => void shown.push(isOurs));
  shown.length = 0;
  // The first event finds the second address already.
  const events: string[] = [];
  addEventListener("hashchange", ({ newURL }) => void events.push(new URL(newURL).hash), { signal: stop.signal });
  shell.go("/activity");
  shell.go("/create");
  await expect.poll(() => events).toEqual(expect.arrayContaining(["#/activity", "#/create"]));
  expect(shell.route.value.name).toBe("create");
  expect(shown).toEqual([true]);
});

describe("what ends while the agent is elsewhere does not bring them back", () => {
  const people = [{ id: "447700900111@s.whatsapp.net", given: "+44 7700 900111" }];
  const forms: [name: string, command: CommandName, button: RegExp, view: () => ComponentChild, to: string][] = [
    ["sample groups", "addSandbox", /sample groups/, () => <Connect />, "/groups"],
    [
      "adding to several groups",
      "startJob",
      /^Add 1 person/,
      () => <Change op="add" groups={[group()]} people={people} onStarted={() => undefined} />,
      "/activity/j1",
    ],
  ];
  test.each(forms)("%s", async (_name, command, button, view, to) => {
    for (const isElsewhere of [true, false]) {
      let answer: (reply: Reply<unknown>) => void = () => undefined;
      const reply = new Promise<Reply<unknown>>((resolve) => (answer = resolve));
      const on = await stage({
        [command]: () => reply as never,
        planMembership: () => ok({ outcomes: {}, requests: 1, duration: 1, cautions: [], unread: [] }),
      });
      location.hash = "#/here";
      on.show(view());
      fireEvent.click(await screen.findByRole("button", { name: button }));
      await waitFor(() => expect(on.sent(command)).toHaveLength(1));
      if (isElsewhere) location.hash = "#/settings";
      await act(async () => answer(ok({ id: "j1" })));
      await waitFor(() =>
        expect(screen.getByRole("button", { name: button }).getAttribute("aria-busy")).not.toBe("true"),
      );
      if (isElsewhere) expect(on.shell.go).not.toHaveBeenCalled();
      else expect(on.shell.go).toHaveBeenCalledWith(to);
      cleanup();
    }
  });
});
