import type { Page } from "playwright-core";

/** What became of the people, groups or codes of a job: what is shown as each heading, and who stands below it. */
export type Verdicts = Record<string, string[]>;

/** Goes to a route on a page of ours, such as `/groups`, and waits until the page has heard of it. */
export async function goTo(page: Page, route: string): Promise<void> {
  await page.evaluate(
    (hash) =>
      new Promise<void>((resolve) => {
        const before = location.href;
        location.hash = hash;
        if (location.href === before) resolve();
        else addEventListener("hashchange", () => resolve(), { once: true });
      }),
    `#${route}`,
  );
}

/**
 * Joins on the screen that asks about an invite: leads the mouse to Join and presses. A press is made again when the
 * question stays, because it counts no more where something in the question changed on its way.
 */
export async function pressJoin(page: Page): Promise<void> {
  const join = page.locator("button.join").filter({ hasText: "Join" });
  for (let tries = 0; tries < 5; tries += 1) {
    await join.and(page.locator(":not([aria-disabled])")).waitFor();
    const { x, y, width, height } = (await join.boundingBox())!;
    await page.mouse.move(20, 40);
    await page.mouse.move(x + width / 2, y + height / 2, { steps: 8 });
    await page.mouse.down();
    await page.mouse.up();
    const isGone = await join.waitFor({ state: "detached", timeout: 10_000 }).then(
      () => true,
      () => false,
    );
    if (isGone) return;
  }
  throw new Error("Join was pressed five times, and the question stays");
}

/**
 * Presses Join as a program does that reads the screen, until the other way is offered, whose label is `typed`: what changes
 * in between locks Join anew.
 */
export async function pressJoinByScript(page: Page, typed: string): Promise<void> {
  await page.waitForFunction((text) => {
    document.querySelector<HTMLElement>("button.join")?.click();
    return document.body.innerText.includes(text);
  }, typed);
}

/**
 * What an agent does on the screens, in English, whole tasks at a time: by role and label, in whichever of our pages.
 * Each function ends when its screen shows that it is done.
 */
export class Agent {
  constructor(readonly page: Page) {}

  /** Begins with the sample groups, on the welcome page or the connect screen. */
  async trySamples(): Promise<void> {
    const button = this.page.getByRole("button", { name: "Try with sample groups" });
    await button.click();
    await button.waitFor({ state: "detached" });
  }

  /** Waits for the list and gives what stands above it: "61 groups · as of 14:02". */
  async readList(): Promise<string> {
    await goTo(this.page, "/groups");
    await this.rows.first().waitFor();
    const status = this.page.getByRole("status").filter({ hasText: /\d+ groups?/ });
    await status.getByText("as of").waitFor();
    return (await status.innerText()).trim();
  }

  /** Names of the groups that a search finds, as far as they are drawn. */
  async search(text: string): Promise<string[]> {
    await this.page.locator("[data-search]").fill(text);
    await this.page.getByRole("status").filter({ hasText: "found" }).waitFor();
    return this.rows.locator("bdi").allInnerTexts();
  }

  /** Opens a group from the list. */
  async openGroup(name: string): Promise<void> {
    await goTo(this.page, "/groups");
    await this.page.locator("[data-search]").fill(name);
    await this.rows.filter({ hasText: name }).first().click();
    await this.page.getByRole("tablist", { name: "Parts of the group" }).waitFor();
  }

  /** Creates a group and gives what became of it; it is open afterwards. */
  async createGroup(name: string, people: string): Promise<Verdicts> {
    await goTo(this.page, "/create");
    await this.page.getByLabel("Name of the group").fill(name);
    await this.fillPeople(people);
    await this.page.getByRole("button", { name: /^Create with/ }).click();
    const verdicts = await this.verdicts(`Create “${name}”`);
    await this.page.getByRole("button", { name: "Open the group" }).click();
    await this.page.getByRole("tablist", { name: "Parts of the group" }).waitFor();
    return verdicts;
  }

  /** Adds people to the group that is shown, and gives what became of each. */
  async addPeople(text: string): Promise<Verdicts> {
    await this.openTab("Add");
    await this.fillPeople(text);
    await this.page.getByLabel("Pace").selectOption({ label: "Fast" });
    await this.page.getByRole("button", { name: /^Add \d+ (person|people)$/ }).click();
    return this.verdicts(/^Add /);
  }

  /** Removes one member of the group that is shown, by the number as it is shown. */
  async removeMember(number: string): Promise<Verdicts> {
    await this.openTab("Members");
    await this.page.getByRole("button", { name: `Remove ${number}`, exact: true }).click();
    await this.page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
    const group = new URL(this.page.url()).hash;
    await this.page.locator(".job-line a", { hasText: /^Remov/ }).click();
    const verdicts = await this.verdicts(/^Remove /);
    await goTo(this.page, group.slice(1));
    return verdicts;
  }

  /** Waits for a member of the group that is shown, by a part of the number, and gives the number as it is shown. */
  async findMember(part: string): Promise<string> {
    return (await this.members(part)).first().innerText();
  }

  /** Waits until nobody of this number is among the members of the group that is shown. */
  async missMember(number: string): Promise<void> {
    await (await this.members(number)).waitFor({ state: "detached" });
  }

  /** Sends a message to the group that is shown. */
  async sendMessage(text: string): Promise<Verdicts> {
    await this.openTab("Message");
    await this.page.getByRole("textbox", { name: "Message" }).fill(text);
    await this.page.getByRole("button", { name: "Send", exact: true }).click();
    return this.verdicts(/^Send \d+ message/);
  }

  /** Leaves the group that is shown; gives what is said then. */
  async leaveGroup(): Promise<string> {
    await this.openTab("About");
    await this.page.getByRole("button", { name: "Leave group" }).click();
    await this.page.getByRole("dialog").getByRole("button", { name: "Leave group" }).click();
    const done = this.page.getByText(/^You left “/);
    await done.waitFor();
    return done.innerText();
  }

  /** Confirms the invite on the screen. */
  async confirmInvite(): Promise<Verdicts> {
    await pressJoin(this.page);
    return this.verdicts(/^Join \d+ group/);
  }

  private get rows() {
    return this.page.locator(".rows a.list-row");
  }

  private async members(part: string) {
    await this.openTab("Members");
    const list = this.page.getByRole("grid", { name: "Members of the group" });
    await list.getByRole("row").first().waitFor();
    return list.locator("bdi", { hasText: part });
  }

  private async openTab(name: "Members" | "Add" | "Message" | "About"): Promise<void> {
    await this.page.getByRole("tab", { name, exact: true }).click();
    await this.page.getByRole("tabpanel", { name }).waitFor();
  }

  /** Pastes people into the field on the screen, and waits until they are read. */
  private async fillPeople(text: string): Promise<void> {
    await this.page.getByLabel(/^People/).fill(text);
    await this.page.locator('.people-preview[aria-busy="false"]').waitFor();
  }

  /** Waits until the job of this title has ended, and gives what became of everything in it. */
  private async verdicts(title: string | RegExp): Promise<Verdicts> {
    const job = this.page.getByRole("region", { name: title });
    const ended = job.locator(".tag").getByText(/^(Done|Finished, needs attention|Cancelled)$/);
    await ended.waitFor({ timeout: 60_000 });
    const verdicts: Verdicts = {};
    for (const section of await job.locator(".verdict-section").all()) {
      const [verdict] = await section.locator("h3 span").allInnerTexts();
      verdicts[verdict!] = await section.locator(".result .num bdi").allInnerTexts();
    }
    return verdicts;
  }
}
