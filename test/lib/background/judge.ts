import { Window } from "happy-dom";
import { h, render } from "preact";
import { afterAll, beforeAll, vi } from "vitest";
import { Results } from "../../../components/parts/results";
import { pauseText } from "../../../components/parts/verdicts";
import { personText } from "../../../components/models/person";
import type { Effect } from "../../../lib/sandbox/state";
import { OWN_NUMBER, type World } from "../../../lib/sandbox/world";
import type { Job, Pause, Step } from "../../../lib/shared/model";
import { personKey } from "../../../lib/shared/person";
import { english } from "./fake-browser";

/** Whether what the agent was told is so, by the world of the gateway and by what it really changed. */

/** Every claim of a job that the world denies; empty when all is so. What is said not to be known is never untrue. */
export function untruths({ before, world, effects, job, steps }: Played): string[] {
  const found = steps.flatMap((step) => {
    const isSo = claim(step, job, world, before, effects);
    const isReasonSo = reasonHolds(step, world);
    const who = step.person ?? (step.target || job.input.kind);
    return [
      ...(isSo ? [] : [`${step.verdict} is not so: ${who}`]),
      ...(isReasonSo ? [] : [`${step.reason} is not so: ${who}`]),
    ];
  });
  const groups = "groups" in job.input ? job.input.groups : [];
  const pause = job.pause?.reason;
  if (pause === "not-admin" && groups.some((id) => roleIn(world, id) !== "member")) found.push("we are an admin");
  if (pause === "group-gone" && groups.some((id) => roleIn(world, id) !== undefined)) found.push("the group is there");
  return found;
}

/** A job that was played to its end, or to where it waits for the agent. */
export interface Played {
  /** The world as it was when the job began, and as it is now. */
  before: World;
  world: World;
  effects: Effect[];
  job: Job;
  steps: Step[];
}

const membersOf = (world: World, id: string) => world.groups[id]?.members ?? [];
const isIn = (world: World, id: string, person: string) =>
  membersOf(world, id).some((member) => personKey(member.id) === personKey(person));
const roleIn = (world: World, id: string) => membersOf(world, id).find(({ id: who }) => who === OWN_NUMBER)?.role;

function claim(step: Step, { input }: Job, world: World, before: World, effects: Effect[]): boolean {
  const { verdict, target, person = "", group = "" } = step;
  const byCode = Object.values(world.groups).find(({ code }) => code === target);
  const did = (kind: Effect["kind"], where: string, who?: string) =>
    effects.some((each) => each.kind === kind && each.target === where && (who === undefined || each.person === who));
  const isSent = effects.some((each) => each.kind === "sent" && each.target === target);
  switch (verdict) {
    case "added":
      return isIn(world, target, person) || did("added", target, person);
    case "already-in":
      return isIn(world, target, person) && !did("added", target, person);
    case "not-added":
      return target === "" || !isIn(world, target, person);
    case "removed":
      return did("removed", target, person) && !isIn(world, target, person);
    case "was-not-in":
      return !isIn(before, target, person);
    case "not-removed":
      return isIn(world, target, person);
    case "joined":
      return byCode !== undefined && roleIn(world, byCode.id) !== undefined && group === byCode.id;
    case "already-joined":
      return byCode !== undefined && roleIn(before, byCode.id) !== undefined;
    case "waiting-approval":
      return byCode?.waiting?.some(({ id }) => id === OWN_NUMBER) === true;
    case "not-joined":
      return byCode === undefined || roleIn(world, byCode.id) === undefined;
    case "left":
      return roleIn(before, target) !== undefined && roleIn(world, target) === undefined;
    case "was-not-member":
      return roleIn(before, target) === undefined;
    case "not-left":
      return roleIn(world, target) !== undefined;
    case "sent":
    case "queued":
      return isSent;
    case "not-sent":
      return !isSent;
    case "created":
      return world.groups[group] !== undefined && before.groups[group] === undefined;
    case "not-created":
      return !effects.some(({ kind }) => kind === "created");
    case "updated":
      return input.kind === "update" && isShown(world, input);
    case "not-updated":
      return input.kind === "update" && !isShown(world, input);
    default:
      return true;
  }
}

function isShown(world: World, { group, name, description }: { group: string; name?: string; description?: string }) {
  const shown = world.groups[group];
  return (
    (name === undefined || shown?.name === name) && (description === undefined || shown?.description === description)
  );
}

/** Reasons that the world can confirm or deny; of the others nobody is blamed. */
function reasonHolds({ reason, person = "", target }: Step, world: World): boolean {
  const refuses = world.people[person]?.refuses;
  switch (reason) {
    case "privacy":
      return refuses === 403;
    case "not-on-whatsapp":
      return refuses === 404;
    case "blocked":
      return refuses === 401;
    case "hidden":
      return world.groups[target]?.isHidden === true || world.groups[target]?.hides !== undefined;
    case "not-admin":
      return roleIn(world, target) === "member";
    case "group-gone":
    case "unread":
      return roleIn(world, target) === undefined;
    case "own-number":
      return person === OWN_NUMBER;
    case "group-full":
      return Object.values(world.groups).some(
        ({ id, code, members }) => (id === target || code === target) && members.length >= 1024,
      );
    case "revoked":
      return !Object.values(world.groups).some(({ code }) => code === target);
    case "not-seen": {
      const group = Object.values(world.groups).find(({ code }) => code === target);
      return group !== undefined && roleIn(world, group.id) === undefined;
    }
    default:
      return true;
  }
}

/** Gives the screens words and a document for all tests of a file. */
export function setUpScreens(): void {
  beforeAll(() => {
    vi.stubGlobal("browser", { i18n: english });
    vi.stubGlobal("document", new Window().document);
  });
  afterAll(() => {
    vi.unstubAllGlobals();
  });
}

/** What stands on the screen of a job: each section's verdict with what it asks for, the reasons, and what it waits for. */
export function toldOf(job: Job, steps: Step[]): string[] {
  const place = document.createElement("div");
  render(h(Results, { job, steps, names: { groups: new Map(), person: personText } }), place);
  const sections = [...place.querySelectorAll(".verdict-section")].map((section) =>
    [...section.querySelectorAll("h3 > span:not(.num), p, button")]
      .map(({ textContent }) => textContent?.trim())
      .join(" – "),
  );
  render(null, place);
  return job.pause ? [...sections, waitOf(job.pause)] : sections;
}

/** What the agent reads while a job waits. */
export function waitOf(pause: Pause): string {
  const { sentence, next } = pauseText(pause);
  return [`${sentence.replace(/[.]$/, "")}. ${next}`, pause.detail && `“${pause.detail}”`].filter(Boolean).join(" ");
}
