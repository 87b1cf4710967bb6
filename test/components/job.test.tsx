import { signal } from "@preact/signals";
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { describe, expect, test, vi } from "vitest";
import { useStart } from "../../components/models/start";
import { JobView, timeLeft } from "../../components/parts/job";
import { FailureNotice } from "../../components/parts/failure-notice";
import { PeopleInput } from "../../components/parts/people-input";
import { PlanSummary, usePlan } from "../../components/parts/plan";
import { pathOf } from "../../components/parts/qr";
import { resultText } from "../../components/parts/results";
import { fileName } from "../../components/parts/save";
import { pauseText, reasonText, VERDICT_ORDER, verdictText } from "../../components/parts/verdicts";
import { fail, ok } from "../../lib/shared/failure";
import { type InputOf, KINDS } from "../../lib/shared/jobs/kinds";
import { FAILURE_CODES, type JobInput, type JobKind, type Pause, type Reason } from "../../lib/shared/model";
import { personKey } from "../../lib/shared/person";
import { group, GROUP, job, stage, step } from "./stage";

const ids = [1, 2, 3, 4].map((n) => `91700000000${n}@s.whatsapp.net`);
const people = ids.map((id, n) => ({ id, given: id, ...(n === 1 ? { name: "Asha" } : {}) }));
const input: JobInput = { kind: "add", groups: [GROUP], people, pace: "careful" };

describe("the result of a job", () => {
  test("shows who was not added first, with reason and next step, then who was", async () => {
    const on = await stage();
    await on.putGroup(group());
    await on.putJob(job({ input }), [
      step(0, { person: ids[0], verdict: "added" }),
      step(1, { person: ids[1], state: "failed", verdict: "not-added", reason: "privacy", code: "403" }),
      step(2, { person: ids[2], verdict: "already-in" }),
    ]);
    on.show(<JobView id="j1" />);
    await screen.findByText("Not added");
    const heads = screen.getAllByRole("heading", { level: 3 }).map((head) => head.textContent);
    expect(heads).toEqual(["Not added1", "Added1", "Was already in1"]);
    expect(screen.getByText("Their privacy settings do not allow it.", { exact: false })).toBeTruthy();
    expect(screen.getByText("Asha")).toBeTruthy();
    expect(screen.getByText("code 403")).toBeTruthy();
    expect(await screen.findByRole("button", { name: "Retry 1" })).toBeTruthy();
  });

  test("does not call unconfirmed what is still to be read back", async () => {
    const on = await stage();
    const steps = [
      step(0, { person: ids[0], state: "accepted", verdict: "unconfirmed" }),
      step(1, { person: ids[1], state: "unknown", verdict: "unconfirmed", failure: "timeout" }),
      step(2, { state: "todo" }),
    ];
    await on.putJob(job({ input, state: "running", endedAt: undefined }), steps);
    on.show(<JobView id="j1" />);
    expect(await screen.findByText("Sent, to be read back: 2")).toBeTruthy();
    expect(screen.queryByText("Unconfirmed")).toBeNull();
    await on.putJob(job({ input, state: "done" }), steps);
    expect(await screen.findByText("Unconfirmed")).toBeTruthy();
  });

  test("says Paused, and what goes on with it first, where the agent has to", async () => {
    const on = await stage();
    const pause: Pause = { reason: "agent" };
    await on.putJob(job({ input, state: "paused", endedAt: undefined, pause }), [step(0, { state: "todo" })]);
    on.show(<JobView id="j1" />);
    expect((await screen.findByRole("button", { name: "Resume" })).className).toContain("primary");
    expect(screen.getByText("Paused")).toBeTruthy();
  });

  test("is paused by a double click, whose second half does not resume it", async () => {
    const on = await stage({ pauseJob: () => ok(undefined), resumeJob: () => ok(undefined) });
    const steps = [step(0, { verdict: "added" }), step(1, { state: "todo" })];
    const running = job({ input, state: "running", endedAt: undefined });
    await on.putJob(running, steps);
    on.show(<JobView id="j1" />);
    fireEvent.click(await screen.findByRole("button", { name: "Pause" }), { detail: 1 });
    await waitFor(() => expect(on.sent("pauseJob")).toEqual([{ id: "j1" }]));
    await on.putJob({ ...running, state: "paused", pause: { reason: "agent" } }, steps);
    const resume = await screen.findByRole("button", { name: "Resume" });
    fireEvent.click(resume, { detail: 2 });
    expect(on.sent("resumeJob")).toEqual([]);
    fireEvent.click(resume, { detail: 1 });
    await waitFor(() => expect(on.sent("resumeJob")).toEqual([{ id: "j1" }]));
  });

  test("the question before the rest is cancelled has one button that cancels", async () => {
    const on = await stage({ cancelJob: () => ok(undefined) });
    const steps = [step(0, { verdict: "added" }), step(1, { state: "todo" })];
    await on.putJob(job({ input, state: "running", endedAt: undefined }), steps);
    on.show(<JobView id="j1" />);
    fireEvent.click(await screen.findByRole("button", { name: "Cancel the rest" }));
    const question = within(screen.getByRole("dialog"));
    expect(question.queryByRole("button", { name: "Cancel" })).toBeNull();
    fireEvent.click(question.getByRole("button", { name: "Keep going" }));
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(on.sent("cancelJob")).toEqual([]);
  });

  test("the question before the rest is cancelled goes with its job", async () => {
    const on = await stage({ cancelJob: () => ok(undefined) });
    const running = job({ input, state: "running", endedAt: undefined });
    await on.putJob(running, [step(0, { verdict: "added" }), step(1, { state: "todo" })]);
    const next = { ...running, id: "j2", input: { ...input, people: people.slice(0, 2) } as JobInput };
    await on.putJob(next, [step(0, { job: "j2", state: "todo" }), step(1, { job: "j2", state: "todo" })]);
    const shown = signal("j1");
    const Following = () => <JobView id={shown.value} />;
    on.show(<Following />);
    fireEvent.click(await screen.findByRole("button", { name: "Cancel the rest" }));
    await screen.findByRole("dialog");
    shown.value = "j2";
    await screen.findByText("0 of 2");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  test("says what it waits for and until when", async () => {
    const on = await stage();
    const pause: Pause = { reason: "rate-limited", until: Date.now() + 41_000 };
    await on.putJob(job({ input, state: "paused", endedAt: undefined, pause }), [step(0, { state: "todo" })]);
    on.show(<JobView id="j1" />);
    expect(await screen.findByText(/^Waits for the request limit, 0:4[01]$/)).toBeTruthy();
    // It goes on by itself: nothing asks to be pressed.
    expect(screen.getByText(/^Waiting until \d+:\d\d/)).toBeTruthy();
    expect(screen.getByRole("button", { name: "Resume" }).className).not.toContain("primary");
  });

  test("stays a timer when the time has come and the worker has not", async () => {
    const on = await stage();
    const pause: Pause = { reason: "rate-limited", until: Date.now() - 2000 };
    await on.putJob(job({ input, state: "paused", endedAt: undefined, pause }), [step(0, { state: "todo" })]);
    on.show(<JobView id="j1" />);
    // A status would be read out once more.
    expect((await screen.findByRole("timer")).textContent).toContain("Waits for the request limit");
    expect(screen.getByRole("button", { name: "Resume" }).className).not.toContain("primary");
  });

  test("lets the agent resolve what nobody can prove", async () => {
    const on = await stage();
    const other = "120363000000000999@g.us";
    await on.putGroup(group({ id: other, name: "Fresh group" }));
    await on.putJob(job({ input: { kind: "create", name: "Fresh group", people: [], pace: "careful" } }), [
      step(0, { target: "", state: "review", verdict: "needs-review", candidates: [other] }),
    ]);
    on.show(<JobView id="j1" />);
    fireEvent.click(await screen.findByRole("button", { name: "It is this one" }));
    await waitFor(() =>
      expect(on.sent("resolveSteps")).toEqual([{ job: "j1", indexes: [0], as: "done", group: other }]),
    );
  });

  test("asks once about all of whom nobody can tell, and one by one only when the agent wants it", async () => {
    const on = await stage();
    const hidden = [0, 1].map((n) =>
      step(n, { person: ids[n], state: "review", verdict: "unconfirmed", reason: "hidden" }),
    );
    await on.putJob(job({ input }), hidden);
    on.show(<JobView id="j1" />);
    fireEvent.click(await screen.findByRole("button", { name: "It worked for all of them" }));
    await waitFor(() => expect(on.sent("resolveSteps")).toEqual([{ job: "j1", indexes: [0, 1], as: "done" }]));
    expect(screen.queryByRole("button", { name: "It worked" })).toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "One by one" }));
    expect(await screen.findAllByRole("button", { name: "It worked" })).toHaveLength(2);
  });

  test("asks nothing about the people of a group of which nobody knows whether it was made", async () => {
    const on = await stage();
    await on.putJob(job({ input: { kind: "create", name: "Fresh group", people: [], pace: "careful" } }), [
      step(0, { target: "", state: "review", verdict: "needs-review", candidates: [] }),
      step(1, { target: "", person: ids[0], state: "review" }),
      step(2, { target: "", person: ids[1], state: "review" }),
    ]);
    on.show(<JobView id="j1" />);
    expect(await screen.findAllByRole("button", { name: "It worked" })).toHaveLength(1);
  });

  test("says of a person whose number a new group did not take what is wrong with the number, not with the group", async () => {
    const on = await stage();
    const create: JobInput = { kind: "create", name: "Fresh group", people, pace: "careful" };
    const refused = { state: "failed", reason: "invalid" } as const;
    await on.putGroup(group());
    await on.putJob(job({ input: create }), [
      step(0, { target: "", verdict: "created", group: GROUP }),
      step(1, { person: ids[0], ...refused, verdict: "not-added", code: "422" }),
    ]);
    const { unmount } = on.show(<JobView id="j1" />);
    expect(await screen.findByText("The gateway does not accept this number.", { exact: false })).toBeTruthy();
    expect(screen.queryByText(/create the group again/)).toBeNull();
    unmount();
    // The whole request was refused: the group was not created.
    await on.putJob(job({ input: create }), [
      step(0, { target: "", ...refused, verdict: "not-created", failure: "rejected" }),
      step(1, { target: "", person: ids[0], ...refused, verdict: "not-added", failure: "rejected" }),
    ]);
    on.show(<JobView id="j1" />);
    expect(await screen.findAllByText(/create the group again/)).toHaveLength(2);
  });

  test("does not call unsure people of a group not yet named undone, in what is copied", () => {
    const create: JobInput = { kind: "create", name: "Fresh group", people, pace: "careful" };
    const steps = [
      step(0, { target: "", state: "review", verdict: "needs-review" }),
      step(1, { target: "", person: ids[0], state: "review" }),
      step(2, { target: "", person: ids[1], state: "todo" }),
    ];
    const names = { groups: new Map(), person: (id: string) => id };
    const text = resultText(job({ input: create }), steps, names);
    expect(text.split("\n").map((line) => line.replace(/^.*: /, ""))).toEqual([
      "Needs your review",
      "Unconfirmed",
      "Not done yet",
    ]);
  });

  test("blames no number for a removal that was refused for any reason", () => {
    for (const kind of ["remove", "move"] as const) {
      expect(reasonText("invalid", kind)).toEqual({
        sentence: "The gateway rejected what was sent.",
        next: "Look in WhatsApp, or try again later.",
      });
    }
    expect(reasonText("invalid", "add").sentence).toBe("The gateway does not accept this number.");
  });

  test("offers the access that a refused change lacked where it says so", async () => {
    const on = await stage();
    await on.putGroup(group());
    await on.putJob(job({ input: { kind: "leave", groups: [GROUP] } }), [
      step(0, { state: "failed", verdict: "not-left", failure: "no-permission", attempts: 0 }),
    ]);
    on.shell.connections.value![0] = { ...on.shell.connection.value!, origin: "https://other.example" };
    on.show(<JobView id="j1" />);
    expect(await screen.findByRole("button", { name: "Allow access" })).toBeTruthy();
    expect(screen.getByText(/Press “Allow access”/)).toBeTruthy();
  });

  test("says of a pause that ends by itself that it does, whatever the failure", async () => {
    const on = await stage();
    const pause: Pause = { reason: "gateway-down", until: Date.now() + 41_000 };
    await on.putJob(job({ input, state: "paused", endedAt: undefined, pause }), [step(0, { state: "todo" })]);
    on.show(<JobView id="j1" />);
    expect(await screen.findByText("It goes on by itself.")).toBeTruthy();
    expect(screen.queryByText(/then try again/)).toBeNull();
    expect(pauseText({ reason: "gateway-down" }).next).toMatch(/then try again/);
  });

  test("says of a person to whom nothing was sent that it was not, and does not ask whether it worked", async () => {
    const on = await stage();
    await on.putGroup(group());
    const remove: JobInput = { kind: "remove", groups: [GROUP], people, pace: "fast" };
    const hidden = { state: "review", verdict: "unconfirmed", reason: "hidden" } as const;
    await on.putJob(job({ input: remove }), [
      step(0, { person: ids[0], ...hidden, attempts: 0 }),
      step(1, { person: ids[1], ...hidden, sentAt: 5 }),
    ]);
    on.show(<JobView id="j1" />);
    const unsent = await screen.findByText(/cannot tell\. Nothing was sent for them\./);
    expect(within(unsent.parentElement!).queryByRole("button", { name: "It worked" })).toBeNull();
    expect(screen.getAllByRole("button", { name: "It worked" })).toHaveLength(1);
  });

  test("leads to a group that was joined, not to one that waits for an admin", async () => {
    const on = await stage();
    await on.putGroup(group());
    const codes = ["AbCdEfGhIjKlMn", "BbCdEfGhIjKlMn"];
    await on.putJob(job({ input: { kind: "join", codes, pace: "fast" } }), [
      step(0, { target: codes[0], group: GROUP, verdict: "joined" }),
      step(1, { target: codes[1], group: "1203630@g.us", state: "review", verdict: "unconfirmed", reason: "not-seen" }),
    ]);
    on.show(<JobView id="j1" />);
    await screen.findByText("Unconfirmed");
    const links = screen.getAllByRole("link").map((link) => link.getAttribute("href"));
    expect(links).toEqual([`#/group/${GROUP}`]);
  });

  test("offers the invitation only to those whom a link can help, and shows each message", async () => {
    // The one that is kept may have been reset: the link is read for the preview, as it is for the message.
    const code = "AbCdEfGhIjKlMnOpQrStUv";
    const on = await stage({ readInvite: () => ok({ code }), inviteInstead: () => ok({ id: "j2" }) });
    const onJob = vi.fn();
    await on.putGroup(group({ invite: { code: "OldCodeOldCodeOldCode1", readAt: 1 } }));
    await on.putJob(job({ input }), [
      step(0, { person: ids[0], state: "failed", verdict: "not-added", reason: "not-on-whatsapp" }),
      step(1, { person: ids[1], state: "failed", verdict: "not-added", reason: "privacy" }),
    ]);
    on.show(<JobView id="j1" onJob={onJob} />);
    fireEvent.click(await screen.findByRole("button", { name: "Invite 1 person instead" }));
    const dialog = within(screen.getByRole("dialog"));
    expect(
      await dialog.findByText(/^Hello Asha, .*“Lobby”.*https:\/\/chat\.whatsapp\.com\/AbCdEfGhIjKlMnOpQrStUv$/),
    ).toBeTruthy();
    fireEvent.input(dialog.getByRole("textbox"), { target: { value: "Hi" } });
    await waitFor(() =>
      expect(
        dialog.getByRole("button", { name: "Send to 1 person" }).ariaDisabled ??
          dialog.getByRole("button", { name: "Send to 1 person" }).getAttribute("aria-disabled"),
      ).toBe("true"),
    );
    fireEvent.input(dialog.getByRole("textbox"), { target: { value: "Hi {name}: {link}" } });
    await waitFor(() =>
      expect(dialog.getByText("Hi Asha: https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv")).toBeTruthy(),
    );
    fireEvent.click(dialog.getByRole("button", { name: "Send to 1 person" }));
    await waitFor(() => expect(onJob).toHaveBeenCalledWith("j2"));
    expect(on.sent("readInvite")).toEqual([{ group: GROUP }]);
    expect(on.sent("inviteInstead")).toEqual([{ job: "j1", template: "Hi {name}: {link}", indexes: [1] }]);
  });

  test("reads the link of an invitation over the request limit with no further press", async () => {
    const replies = [fail("rate-limited", { retryAt: Date.now() }), ok({ code: "AbCdEfGhIjKlMnOpQrStUv" })];
    const on = await stage({ readInvite: () => replies.shift()!, inviteInstead: () => ok({ id: "j2" }) });
    const onJob = vi.fn();
    await on.putGroup(group());
    const left = step(1, { person: ids[1], state: "failed", verdict: "not-added", reason: "privacy" });
    await on.putJob(job({ input }), [left]);
    on.show(<JobView id="j1" onJob={onJob} />);
    fireEvent.click(await screen.findByRole("button", { name: "Invite 1 person instead" }));
    const dialog = within(screen.getByRole("dialog"));
    const button = dialog.getByRole("button", { name: "Send to 1 person" });
    expect(await dialog.findByText(/waits for the request limit/)).toBeTruthy();
    expect(button.getAttribute("aria-disabled")).toBe("true");
    expect(await dialog.findByText(/AbCdEfGhIjKlMnOpQrStUv$/)).toBeTruthy();
    await waitFor(() => expect(button.getAttribute("aria-disabled")).toBeNull());
    fireEvent.click(button);
    await waitFor(() => expect(onJob).toHaveBeenCalledWith("j2"));
  });

  test("offers the same of people who are not in a new group, and nothing of a group that was not made", async () => {
    const on = await stage();
    await on.putGroup(group());
    const create = job({ input: { kind: "create", name: "Lobby", people, pace: "fast" } });
    const left = step(1, { person: ids[1], target: GROUP, state: "failed", verdict: "not-added", reason: "privacy" });
    await on.putJob(create, [step(0, { target: "", group: GROUP, verdict: "created" }), left]);
    await on.putJob({ ...create, id: "j2" }, [
      step(0, { job: "j2", target: "", state: "failed", verdict: "not-created" }),
      step(1, { job: "j2", person: ids[1], target: "", state: "failed", verdict: "cancelled" }),
    ]);
    on.show(<JobView id="j1" />);
    expect(await screen.findByRole("button", { name: "Invite 1 person instead" })).toBeTruthy();
    expect(screen.getByRole("button", { name: "Retry 1" })).toBeTruthy();
    cleanup();
    on.show(<JobView id="j2" />);
    expect(await screen.findByText("Not created")).toBeTruthy();
    expect(screen.queryByRole("button", { name: /again|instead/ })).toBeNull();
  });
});

test("the numbers on the buttons are those of the people and steps that the press is about", async () => {
  const on = await stage();
  const both = { groups: [GROUP, "120363000000000104@g.us"], people, pace: "careful" as const };
  const refused = { state: "failed", verdict: "not-added", reason: "privacy" } as const;
  const twice = both.groups.map((target, n) => step(n, { target, person: ids[0], ...refused }));
  await on.putJob(
    job({ id: "twice", input: { kind: "add", ...both } }),
    twice.map((each) => ({ ...each, job: "twice" })),
  );
  on.show(<JobView id="twice" />);
  expect(await screen.findByRole("button", { name: "Invite 1 person instead" })).toBeTruthy();
  expect(screen.getByRole("button", { name: "Retry 2" })).toBeTruthy();
  cleanup();
  // A person who was not moved has two failed steps; a group that was not made takes nobody.
  const unmoved = { state: "failed", verdict: "not-removed", reason: "not-moved" } as const;
  const move: JobInput = { kind: "move", from: GROUP, to: both.groups[1]!, people, pace: "careful" };
  await on.putJob(job({ id: "move", input: move }), [
    step(0, { job: "move", person: ids[0], ...refused }),
    step(1, { job: "move", person: ids[0], group: GROUP, ...unmoved }),
  ]);
  on.show(<JobView id="move" />);
  expect(await screen.findByRole("button", { name: "Retry 1" })).toBeTruthy();
  cleanup();
  const more = [{ name: "Two", people }];
  const create: JobInput = { kind: "create", name: "One", people, pace: "careful", more };
  const unmade = { job: "create", target: "", state: "failed" } as const;
  await on.putJob(job({ id: "create", input: create }), [
    step(0, { job: "create", target: "", group: GROUP, verdict: "created" }),
    step(1, { job: "create", person: ids[0], ...refused }),
    step(2, { ...unmade, verdict: "not-created" }),
    step(3, { ...unmade, person: ids[1], verdict: "not-added" }),
  ]);
  on.show(<JobView id="create" />);
  expect(await screen.findByRole("button", { name: "Retry 1" })).toBeTruthy();
});

test("a join into a full group offers no new group, and an invitation sent since is not retried", async () => {
  const on = await stage();
  const code = "AbCdEfGhIjKlMn";
  const full = { target: code, state: "failed", verdict: "not-joined", reason: "group-full" } as const;
  await on.putJob(job({ input: { kind: "join", codes: [code], pace: "fast" } }), [step(0, full)]);
  on.show(<JobView id="j1" />);
  expect(await screen.findByRole("button", { name: "Retry 1" })).toBeTruthy();
  expect(screen.queryByRole("link", { name: "New group for them" })).toBeNull();
  cleanup();
  const about = { job: "j0" };
  const chats = [ids[0]!, ids[1]!];
  await on.putJob(
    job({ id: "j2", input: { kind: "send", chats, text: "Hi", pace: "fast", about } }),
    chats.map((target, n) =>
      step(n, { job: "j2", target, group: GROUP, state: "failed", verdict: "not-sent", reason: "unknown" }),
    ),
  );
  await on.store.db.put("invited", { connection: "c1", group: GROUP, person: personKey(chats[0]!), job: "j3" });
  on.show(<JobView id="j2" />);
  expect(await screen.findByRole("button", { name: "Retry 1" })).toBeTruthy();
});

test("the time left follows the pace so far, and the pace itself before there is one", () => {
  const running = job({ input, state: "running", endedAt: undefined });
  expect(timeLeft(running, [step(0, { state: "todo" }), step(1, { state: "todo" })], 0)).toBe(11_000);
  const steps = [0, 10_000, 20_000].map((sentAt, n) => step(n, { sentAt }));
  expect(timeLeft(running, [...steps, step(3, { state: "todo" })], 30_000)).toBe(10_000);
  expect(timeLeft(running, steps, 30_000)).toBeUndefined();
});

test("every verdict, reason and pause has words in the languages' own file", async () => {
  await stage();
  // A record, so that the compiler asks for each.
  const reasons: Record<Reason, true> = {
    privacy: true,
    "not-on-whatsapp": true,
    "recently-left": true,
    "group-full": true,
    approval: true,
    community: true,
    blocked: true,
    invalid: true,
    hidden: true,
    "not-admin": true,
    "is-admin": true,
    "not-moved": true,
    "group-gone": true,
    revoked: true,
    "own-number": true,
    "left-again": true,
    late: true,
    "not-seen": true,
    unread: true,
    "by-agent": true,
    empty: true,
    shrunken: true,
    stale: true,
    "no-effect": true,
    contradicted: true,
    altered: true,
    unknown: true,
  };
  const kinds: JobKind[] = ["add", "remove", "create", "update", "leave", "join", "send"];
  const pauses: Pause["reason"][] = ["agent", "refusals", "canary", "brake", "settling", ...FAILURE_CODES];
  const texts = [
    ...VERDICT_ORDER.map(verdictText),
    ...(Object.keys(reasons) as Reason[]).flatMap((reason) =>
      kinds.flatMap((kind) => Object.values(reasonText(reason, kind))),
    ),
    ...pauses.flatMap((reason) => Object.values(pauseText({ reason }))),
  ];
  expect(texts.filter((text) => /^[a-z_]+$/.test(text))).toEqual([]);
});

describe("the people field", () => {
  test("gives the usable people, and each reject with its line and reason", async () => {
    const on = await stage();
    const onPeople = vi.fn();
    on.show(<PeopleInput form={{ form: "people", connection: "c1" }} onPeople={onPeople} />);
    const field = screen.getByRole("textbox");
    fireEvent.input(field, { target: { value: "Asha Rao, 98765 43210\nhello\n+91 98765 43210" } });
    await waitFor(() => expect(onPeople.mock.lastCall?.[0]).toHaveLength(1));
    expect(onPeople.mock.lastCall?.[0][0]).toMatchObject({ id: "919876543210@s.whatsapp.net", name: "Asha Rao" });
    expect(screen.getByText("hello")).toBeTruthy();
    expect(screen.getByText("Line 2")).toBeTruthy();
    expect(screen.getByText("There is no phone number in it.")).toBeTruthy();
    expect(screen.getByText("1 duplicate")).toBeTruthy();
    await waitFor(() =>
      expect(on.sent("saveDraft").at(-1)).toMatchObject({
        key: ["c1", "people", "", "people"],
        value: expect.stringContaining("hello"),
      }),
    );
  });

  test("takes a file that is dropped after what was typed, and refuses one that is no text", async () => {
    const on = await stage();
    const onPeople = vi.fn();
    const { container } = on.show(<PeopleInput form={{ form: "people", connection: "c1" }} onPeople={onPeople} />);
    fireEvent.input(screen.getByRole("textbox"), { target: { value: "+91 98765 43210" } });
    const picker = container.querySelector("input[type=file]");
    const choose = (file: File) => {
      Object.defineProperty(picker, "files", { value: [file], configurable: true });
      fireEvent.change(picker as Element);
    };
    choose(new File([new Uint8Array([1, 0, 2, 0])], "photo.jpg"));
    expect(
      await screen.findByText("This file cannot be read. Take one of these: txt, csv, tsv, vcf, json, xlsx, ods."),
    ).toBeTruthy();
    choose(new File(["+91 98765 43211\n"], "more.txt"));
    await waitFor(() => expect(onPeople.mock.lastCall?.[0]).toHaveLength(2));
  });
});

test("a double press starts one job, and a lost answer is asked for again under the same nonce", async () => {
  let isLost = true;
  const on = await stage({ startJob: () => (isLost ? fail("no-answer") : ok({ id: "j1" })) });
  const leave: JobInput = { kind: "leave", groups: [GROUP] };
  function Press() {
    const { start } = useStart();
    return (
      <button type="button" onClick={() => void start(leave)}>
        Go
      </button>
    );
  }
  on.show(<Press />);
  const button = screen.getByRole("button");
  fireEvent.click(button);
  fireEvent.click(button);
  await waitFor(() => expect(on.sent("startJob")).toHaveLength(1));
  isLost = false;
  await waitFor(() => {
    fireEvent.click(button);
    expect(on.sent("startJob").length).toBeGreaterThan(1);
  });
  const [first, second] = on.sent("startJob");
  expect(second.nonce).toBe(first.nonce);
});

test("a code is drawn with each dark run where it stands", () => {
  expect(
    pathOf([
      [true, true, false, true],
      [false, false, true, false],
    ]),
  ).toBe("M0 0h2v1h-2zM3 0h1v1h-1zM2 1h1v1h-1z");
});

test("a file name loses what no disk takes", () => {
  expect(fileName('Team "A/B": 5*\n.csv')).toBe("Team A B 5 .csv");
  // A mark of direction could make a name look as if it ended otherwise.
  expect(fileName("\u2068Team\u2069 \u202Evsc.exe")).toBe("Team vsc.exe");
});

test("more than one job may hold is said with its limits, in the plan and at the press, and nothing is sent", async () => {
  const on = await stage();
  const people = [...Array(300)].map((_, n) => ({
    id: `4477009${String(n).padStart(5, "0")}@s.whatsapp.net`,
    given: "",
  }));
  const groups = [...Array(200)].map((_, n) => `1203630000000${String(n).padStart(5, "0")}@g.us`);
  function Planned() {
    const plan = usePlan({ op: "add", groups, people, pace: "fast" });
    const { start, failure } = useStart();
    return (
      <>
        <PlanSummary plan={plan} op="add" />
        <button
          type="button"
          onClick={() => void start({ kind: "join", codes: [...Array(201)].map(String), pace: "fast" })}
        >
          go
        </button>
        {failure.value ? <FailureNotice failure={failure.value} /> : null}
      </>
    );
  }
  on.show(<Planned />);
  expect(await screen.findByText(/50,000 results .* 200 new groups, 200 invites and 5,000 messages/)).toBeTruthy();
  fireEvent.click(screen.getByText("go"));
  await waitFor(() => expect(screen.getAllByText("This is too much at once.")).toHaveLength(2));
  expect([on.sent("planMembership"), on.sent("startJob")]).toEqual([[], []]);
  const more = (count: number) => Array.from({ length: count }, (_, n) => ({ name: `Group ${n}`, people: [] }));
  const create = (count: number): InputOf<"create"> => ({
    kind: "create",
    name: "One",
    people: [],
    pace: "fast",
    more: more(count),
  });
  expect([KINDS.create.isTooLarge(create(199)), KINDS.create.isTooLarge(create(200))]).toEqual([false, true]);
});

test("a result is saved under the local day of its job", async () => {
  const zone = process.env["TZ"];
  process.env["TZ"] = "Asia/Kolkata";
  try {
    const on = await stage();
    // Two in the morning in India is the evening before in UTC.
    const createdAt = Date.UTC(2026, 10, 23, 20, 30);
    await on.putJob(job({ input, createdAt }), [step(0, { person: ids[0], verdict: "added" })]);
    const names: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
      names.push(this.download);
    });
    on.show(<JobView id="j1" />);
    fireEvent.click(await screen.findByRole("button", { name: "Export CSV" }));
    await waitFor(() => expect(names).toEqual([expect.stringContaining("2026-11-24")]));
  } finally {
    if (zone === undefined) delete process.env["TZ"];
    else process.env["TZ"] = zone;
  }
});

test("who was removed is added back to where they were, and nobody else", async () => {
  const on = await stage({ startJob: () => ok({ id: "j2" }) });
  await on.putGroup(group());
  const other = "120363000000000777@g.us";
  const removal: JobInput = { kind: "remove", groups: [GROUP, other], people, admins: [], pace: "careful" };
  await on.putJob(job({ input: removal }), [
    step(0, { person: ids[0], given: "a", verdict: "removed" }),
    step(1, { person: ids[1], given: "b", verdict: "not-removed", state: "failed" }),
    step(2, { person: ids[0], given: "a", target: other, verdict: "removed" }),
    step(3, { person: ids[2], given: "c", target: other, verdict: "removed" }),
    // Nobody can be added by a hidden id.
    step(4, { person: "111@lid", given: "d", verdict: "removed" }),
  ]);
  const follow = vi.fn();
  on.show(<JobView id="j1" onJob={follow} />);
  fireEvent.click(await screen.findByRole("button", { name: "Add 2 people back" }));
  await waitFor(() => expect(follow).toHaveBeenCalledWith("j2"));
  expect(on.sent("startJob").map(({ job }) => job)).toEqual([
    {
      kind: "add",
      groups: [GROUP, other],
      people: [
        { id: ids[0], given: "a" },
        { id: ids[2], given: "c" },
      ],
      pairs: [
        [0, 0],
        [1, 0],
        [1, 1],
      ],
      pace: "careful",
    },
  ]);
});

test("a plan counts those who were not compared by themselves, not with those who surely change", async () => {
  const on = await stage();
  const view = { outcomes: { act: 2, unread: 3 }, unread: [], requests: 5, duration: 1000, cautions: [] };
  on.show(<PlanSummary plan={{ view }} op="remove" />);
  expect(screen.getByText("2 will be removed")).toBeTruthy();
  expect(screen.getByText(/^3 /)).toBeTruthy();
});
