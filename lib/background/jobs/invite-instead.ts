import { fail, type Reply } from "../../shared/failure";
import { fillInvitation, isInvitable } from "../../shared/invitation";
import { inviteLink } from "../../shared/ids";
import { newStep } from "../../shared/jobs/kind";
import type { Step } from "../../shared/model";
import { digitsOf, placeKey } from "../../shared/person";
import { readGroup } from "../../store/read";
import { readInvited, readJob, readSteps } from "../../store/read-jobs";
import type { Gateway } from "../gateway/gateway";
import { checkedStep, isWorthChecking } from "../membership/verdict";
import { begin, change, type Engine, liveNonce } from "./engine";

async function checkPeople(gateway: Gateway, steps: Step[]): Promise<Step[]> {
  const checked: Step[] = [];
  for (const step of steps.filter(isWorthChecking)) {
    const phone = digitsOf(step.person ?? "") ?? "";
    const answer = await gateway.checkPerson(phone, { priority: "agent" });
    if (!answer.ok || answer.value === null) break;
    checked.push(checkedStep(step, answer.value.exists));
  }
  return checked;
}

/** Starts a job that sends the link to people another job could not add; see `Jobs.inviteInstead`. */
export async function inviteInstead(
  engine: Engine,
  id: string,
  template: string,
  indexes?: number[],
): Promise<Reply<{ id: string }>> {
  const { store } = engine;
  const job = await readJob(store, id);
  if (!job || !("people" in job.input)) return fail("too-late");
  const { people, pace } = job.input;
  const refused = (await readSteps(store, id)).filter(
    (step) => isInvitable(step) && indexes?.includes(step.index) !== false,
  );
  const groups = refused.map(({ target }) => target);
  const sent = await readInvited(store, job.connection, groups);
  const open = refused.filter((step) => !sent.has(placeKey(step.target, step.person ?? "")));
  if (open.length === 0) return fail("too-late");
  const gateway = await engine.gateway(job.connection);
  if (!gateway.ok) return gateway;
  const checked = await checkPeople(gateway.value, open);
  const written = await change(engine, id, () => ({ steps: checked }));
  if (!written.ok) return written;
  const absent = new Set(checked.flatMap(({ index, reason }) => (reason === "not-on-whatsapp" ? [index] : [])));
  const wanted = open.filter(({ index }) => !absent.has(index));
  if (wanted.length === 0) return fail("not-on-whatsapp");
  const links = new Map<string, { link: string; group: string }>();
  for (const group of new Set(wanted.map(({ target }) => target))) {
    const answer = await gateway.value.readInvite(group, { priority: "agent" });
    const row = await readGroup(store, job.connection, group);
    const known = row?.invite?.code;
    // A rate limit says nothing about the link: send the known one; its messages wait like any job's.
    const isLimited = !answer.ok && answer.failure.code === "rate-limited" && known !== undefined;
    if (!answer.ok && !isLimited) {
      const { code, detail, requestId, retryAt } = answer.failure;
      return fail(code, { detail, requestId, retryAt });
    }
    const code = answer.ok ? answer.value.code : (known ?? "");
    links.set(group, { link: inviteLink(code), group: row?.name ?? "" });
  }
  const text = template.includes("{link}") ? template : `${template}\n{link}`;
  const texts = wanted.map(({ target, person }) => {
    const name = people.find((each) => each.id === person)?.name;
    return fillInvitation(text, {
      ...links.get(target),
      link: links.get(target)?.link ?? "",
      group: links.get(target)?.group ?? "",
      name,
    });
  });
  const chats = wanted.map(({ person }) => person ?? "");
  const steps = wanted.map((step) => newStep(step.person ?? "", { group: step.target, given: step.given }));
  const who = wanted.map((step) => step.index).join(",");
  return begin(
    engine,
    job.connection,
    { kind: "send", chats, text, texts, pace, about: { job: id } },
    await liveNonce(engine, `invite:${id}:${who}`),
    steps,
  );
}
