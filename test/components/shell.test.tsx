import { expect, test } from "vitest";
import { stageWithWorker } from "./stage";

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
