import type { Locator, Page } from "playwright-core";
import type { CommandName, Input, Output } from "../../lib/shared/commands";
import type { Reply } from "../../lib/shared/failure";
import type { MessageKey, PluralKey } from "../../lib/shared/i18n";
import type { Connection, Dialect, FailureCode, Job, Step } from "../../lib/shared/model";
import { OWN_NUMBER } from "../../lib/sandbox/world";
import { createWorld, type WorldOptions } from "../../lib/sandbox/seed";
import messages from "../../public/_locales/en/messages.json" with { type: "json" };
import { startServer, type ServerOptions, type TestServer } from "../server";
import { goTo } from "./agent";
import { PATIENCE, type Chromium } from "./chromium";

/** The app as tests speak to it: its screens by the words on them, and its commands where no screen is tested. */

interface ExtensionGlobal {
  chrome: { runtime: { sendMessage(message: unknown): Promise<unknown> } };
}

/** A key that the sandbox gateway takes. Fictional. */
export const KEY = "wpfy_test_0123456789abcdef";

/** A passphrase that the vault takes. */
export const PASSPHRASE = "quiet otter under the bridge";

/** The header in which each dialect carries the key. */
export const AUTH = { guide: "api-key", reference: "bearer" } as const;

/** The sentence for a key as English readers see it. */
export function words(key: MessageKey, ...substitutions: (string | number)[]): string {
  return messages[key].message.replace(/\$(\d)/g, (_, place: string) => String(substitutions[Number(place) - 1] ?? ""));
}

/** The sentence for a count, `$1`. */
export function counted(key: PluralKey, count: number, ...substitutions: (string | number)[]): string {
  return words(`${key}_${count === 1 ? "one" : "other"}` as MessageKey, count, ...substitutions);
}

/** A person's number as it is typed. */
export const local = (person: string): string => `+${person.split("@")[0]}`;

/** What a failure says and asks for. */
export function failureWords(code: FailureCode): { sentence: string; next: string } {
  const key = `failure_${code.replaceAll("-", "_")}`;
  return { sentence: words(key as MessageKey), next: words(`${key}_next` as MessageKey) };
}

/** Keys of our words that a page shows in place of the words. */
export async function rawKeys(page: Page): Promise<string[]> {
  const text = await page.locator("body").innerText();
  return (text.match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? []).filter((word) => word in messages);
}

/** A gateway that speaks one dialect alone, takes `KEY` alone and has no rate limit. */
export async function startGateway(
  dialect: Dialect,
  world: WorldOptions = {},
  more: ServerOptions = {},
): Promise<TestServer> {
  return startServer({ dialect, key: KEY, strictAuth: true, rateLimit: false, world: createWorld(world), ...more });
}

/** Sends a command from one of our pages, as its screens do, and gives the reply. */
export async function command<Name extends CommandName>(
  page: Page,
  name: Name,
  ...[input]: undefined extends Input<Name> ? [] : [Input<Name>]
): Promise<Reply<Output<Name>>> {
  return (await page.evaluate(
    (envelope) => (globalThis as unknown as ExtensionGlobal).chrome.runtime.sendMessage(envelope),
    { command: name, input },
  )) as Reply<Output<Name>>;
}

/** The value of a command that has to succeed. Throws with the failure. */
export async function commandValue<Name extends CommandName>(
  page: Page,
  name: Name,
  ...input: undefined extends Input<Name> ? [] : [Input<Name>]
): Promise<Output<Name>> {
  const reply = await command(page, name, ...input);
  if (!reply.ok) throw new Error(`${name}: ${JSON.stringify(reply.failure)}`);
  return reply.value;
}

/** Connects to the test server's gateway without the screens; `page` is one of ours. */
export async function connect(
  page: Page,
  server: TestServer,
  more: Partial<Input<"addConnection">> = {},
): Promise<Connection> {
  const dialect = more.dialect ?? "guide";
  return commandValue(page, "addConnection", {
    name: "Test gateway",
    origin: server.origin,
    instance: server.world.instances[0]!.id,
    dialect,
    auth: AUTH[dialect],
    key: KEY,
    protection: "session",
    ownNumber: OWN_NUMBER,
    ...more,
  });
}

/** The app in a new tab, with everything forgotten that was there before. */
export async function freshApp(chromium: Chromium): Promise<App> {
  const app = new App(await chromium.open("app", "#/groups"));
  await command(app.page, "forgetEverything");
  return app;
}

/** Everything in the store, or in the tables with these names, by table; `page` is one of ours. */
export async function readStore(page: Page, names?: string[]): Promise<Record<string, unknown[]>> {
  return page.evaluate(async (names) => {
    const settled = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.addEventListener("success", () => resolve(request.result));
        request.addEventListener("error", () => reject(request.error!));
      });
    const db = await settled(indexedDB.open("wappfy"));
    const tables: Record<string, unknown[]> = {};
    for (const table of names ?? db.objectStoreNames) {
      tables[table] = await settled(db.transaction(table).objectStore(table).getAll());
    }
    db.close();
    return tables;
  }, names);
}

/** The newest job with its steps; `page` is one of ours. */
export async function lastJob(page: Page): Promise<{ job: Job; steps: Step[] }> {
  const store = await readStore(page);
  const job = (store["jobs"] as Job[]).toSorted((a, b) => b.createdAt - a.createdAt)[0];
  if (!job) throw new Error("there is no job");
  return { job, steps: (store["steps"] as Step[]).filter((step) => step.job === job.id) };
}

/** One section of a job's results: what became of these. */
export interface VerdictSection {
  verdict: string;
  /** Sentences about why, in the order of the screen. */
  reasons: string[];
  /** Titles of the rows: people, groups or codes. */
  rows: string[];
}

/** One page of ours, by the words on it. */
export class App {
  constructor(readonly page: Page) {
    page.setDefaultTimeout(PATIENCE);
  }

  button(key: MessageKey, ...substitutions: (string | number)[]): Locator {
    return this.page.getByRole("button", { name: words(key, ...substitutions), exact: true });
  }

  press(key: MessageKey, ...substitutions: (string | number)[]): Promise<void> {
    return this.button(key, ...substitutions).click();
  }

  /** Presses a button whose words hold a count. */
  pressCounted(key: PluralKey, count: number, ...substitutions: (string | number)[]): Promise<void> {
    return this.page.getByRole("button", { name: counted(key, count, ...substitutions), exact: true }).click();
  }

  /** Presses Undo for what waits under these words. */
  async undo(line: string | RegExp): Promise<void> {
    const waiting = this.page.locator(".job-line", { has: this.page.getByText(line) });
    // By a key: a tab behind another draws too seldom for a press of the mouse within the few seconds.
    await waiting.getByRole("button", { name: words("action_undo") }).press("Enter");
  }

  /** Opens the job that stands above the navigation. */
  async openJob(line: string | RegExp): Promise<void> {
    await this.page.locator(".job-line a", { hasText: line }).click();
    await this.page.locator(".job").waitFor();
  }

  /** The control with this label. */
  field(key: MessageKey): Locator {
    return this.page.locator("input, textarea, select").and(this.page.getByLabel(words(key)));
  }

  /** Waits until a text stands on the screen, as a piece of what is there. */
  async sees(text: string | RegExp, timeout = PATIENCE): Promise<void> {
    await this.page.getByText(text).filter({ visible: true }).first().waitFor({ timeout });
  }

  /** Waits until the notice of a failure stands there with its sentence and its next step; `known`: with a time in it. */
  async seesFailure(code: FailureCode, known?: string): Promise<void> {
    const { sentence, next } = failureWords(code);
    const notices = this.page.locator(".notice, .error");
    const wanted = notices
      .filter({ hasText: sentence })
      .filter({ hasText: known ?? next })
      .first();
    await wanted.waitFor({ timeout: PATIENCE }).catch(async (error: unknown) => {
      throw new Error(`no "${sentence}" on:\n${await this.page.locator("body").innerText()}`, { cause: error });
    });
  }

  /** Goes to a route of the app, such as `/groups`. */
  async go(route: string): Promise<void> {
    await goTo(this.page, route);
  }

  async openGroup(id: string, tab: "members" | "add" | "invite" | "message" | "about" = "members"): Promise<void> {
    await this.go(`/group/${encodeURIComponent(id)}?tab=${tab}`);
    await this.page.locator(`#panel-${tab}`).waitFor();
  }

  /** The rows of the list of groups that are drawn. */
  rows(): Locator {
    return this.page.locator(".rows a.list-row");
  }

  /** Chooses groups in the list with the box before each, in the given order. */
  async choose(groups: { id: string; name: string }[]): Promise<void> {
    const search = this.page.locator("[data-search]").first();
    for (const { id, name } of groups) {
      await search.fill(name);
      await this.page.locator(`.rows a[href$="${encodeURIComponent(id)}"]`).press("x");
    }
    await search.fill("");
    const bar = this.page.locator(".chosen-bar");
    await bar.getByText(counted("picker_chosen", groups.length), { exact: true }).waitFor();
  }

  /** Does with the chosen groups what stands under "More". */
  async chooseMore(label: string): Promise<void> {
    await this.press("chosen_more");
    await this.page.getByRole("dialog").getByRole("button", { name: label, exact: true }).click();
  }

  /** Waits until the job on the screen has ended, and gives what became of everybody in it. */
  async results(timeout = PATIENCE): Promise<VerdictSection[]> {
    const ends = [words("job_state_done"), words("job_state_mixed"), words("job_state_cancelled")];
    const end = new RegExp(`^(${ends.join("|")})$`);
    await this.page.locator(".job > .row .tag").filter({ hasText: end }).first().waitFor({ timeout });
    const keys = await rawKeys(this.page);
    if (keys.length > 0) throw new Error(`not put into words: ${keys.join(", ")}`);
    return this.page.locator(".verdict-section").evaluateAll((sections) =>
      sections.map((section) => ({
        verdict: section.querySelector("h3 > span")?.textContent ?? "",
        reasons: [...section.querySelectorAll(".tight > p.small")].map(({ textContent }) => textContent ?? ""),
        rows: [...section.querySelectorAll(".result .num bdi")].map(({ textContent }) => textContent ?? ""),
      })),
    );
  }

  /** Opens the fields of another gateway and fills in the first step of a connection. */
  async typeGateway(origin: string, dialect: Dialect, key = KEY): Promise<void> {
    const { page } = this;
    await this.field("connect_key").fill(key);
    const more = page.locator("details", { hasText: words("connect_more") });
    if (!(await more.evaluate((details) => (details as HTMLDetailsElement).open)))
      await more.locator("summary").click();
    await this.field("connect_address").fill(origin);
    await this.field("connect_dialect").selectOption(dialect);
    await this.field("connect_auth").selectOption(AUTH[dialect]);
  }
}
