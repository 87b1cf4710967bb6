import type { Page } from "playwright-core";
import { Agent, type Verdicts } from "./e2e/agent";
import type { Chromium } from "./e2e/chromium";
import type { TestServer } from "./server";

/** What a tour needs: a browser with the production build, and a local site with invites. */
export interface TourOptions {
  chromium: Chromium;
  server: TestServer;
  /** Folder for the pictures. */
  shots: string;
  /** Gets each step's line. */
  say: (line: string) => void;
}

/** Numbers as they come out of a chat, a signature and a mail: two good ones, one twice, one that is none. */
const MESS = `Asha: +1 (202) 555-0161; asha@example.com
  Bo <tel:+442079460018>, +1 202 555 0161
  the meeting room is 12`;
/** The first can be added, the second refuses by privacy, the third is in already, the fourth is no number. */
const MORE = `+1 (201) 555-0142
+1 201 555 0143
+1 202 555 0161
extension 12`;

/**
 * The tour of `npm start` where there is no display: connect, list, create, join from a page, add and remove people, send,
 * leave, with the sample groups. Says what it saw at each step and takes a picture. Throws at the first step that did
 * not happen.
 */
export async function tour({ chromium, server, shots, say }: TourOptions): Promise<void> {
  let count = 0;
  const step = async (title: string, page: Page, run: () => Promise<string | { seen: string; on: Page }>) => {
    count += 1;
    const name = `${String(count).padStart(2, "0")}-${title.replaceAll(/\W+/g, "-")}`;
    try {
      const outcome = await run();
      const { seen, on } = typeof outcome === "string" ? { seen: outcome, on: page } : outcome;
      // A popup has a size of its own, which playwright does not know.
      const clip = await on.evaluate(() => ({ x: 0, y: 0, width: innerWidth, height: innerHeight }));
      await on.screenshot({ path: `${shots}/${name}.png`, clip });
      say(`${String(count).padStart(2)}. ${title}: ${seen}`);
    } catch (error) {
      // The picture shows more than the sentence does.
      await page.screenshot({ path: `${shots}/${name}-failed.png` }).catch(() => undefined);
      throw new Error(`Step ${count} (${title}) did not happen: ${String(error)}`, { cause: error });
    }
  };

  const welcome = new Agent(await chromium.waitForSurface("welcome"));
  await step("connect", welcome.page, async () => {
    await welcome.trySamples();
    await welcome.page.getByText("Ready", { exact: true }).waitFor();
    return "connected to the sample groups, without a key";
  });

  const app = new Agent(await chromium.open("app"));
  await step("list", app.page, async () => {
    const status = await app.readList();
    const names = await app.search("support");
    if (!names.length) throw new Error("the search found nothing");
    return `${status}; a search for “support” finds ${names.join(", ")}`;
  });
  await step("create", app.page, async () => {
    const verdicts = await app.createGroup("Tour of the lakeside", MESS);
    expectVerdict(verdicts, "Created");
    return `“Tour of the lakeside” from a pasted mess of numbers: ${told(verdicts)}`;
  });
  await step("add people", app.page, async () => {
    const verdicts = await app.addPeople(MORE);
    expectVerdict(verdicts, "Added");
    expectVerdict(verdicts, "Not added");
    return told(verdicts);
  });
  await step("remove a person", app.page, async () => {
    const gone = await app.findMember("0142");
    const verdicts = await app.removeMember(gone);
    expectVerdict(verdicts, "Removed");
    await app.missMember(gone);
    return told(verdicts);
  });
  await step("send", app.page, async () => {
    const verdicts = await app.sendMessage("The boats leave at nine. 🛶");
    expectVerdict(verdicts, "Sent");
    return told(verdicts);
  });

  const web = await chromium.context.newPage();
  let confirm: Agent | undefined;
  await step("meet invites on a page", web, async () => {
    await web.goto(`http://lakeside.test:${server.port}/`);
    const chips = await chromium.waitForChips(web, 3);
    return `${chips.length} buttons beside the invites of “${await web.title()}”`;
  });
  await step("press one of them", web, async () => {
    confirm = new Agent(await chromium.popupByChip(web));
    await confirm.page.getByText(/name of the group is unknown/).waitFor();
    const code = await confirm.page.locator(".code").first().innerText();
    return { seen: `our popup asks before anything is sent, about ${code}`, on: confirm.page };
  });
  await step("join from the page", confirm!.page, async () => {
    const verdicts = await confirm!.confirmInvite();
    expectVerdict(verdicts, "Joined");
    return told(verdicts);
  });
  await confirm!.page.close();

  await step("leave", app.page, async () => {
    await app.page.bringToFront();
    await app.openGroup("Tour of the lakeside");
    return app.leaveGroup();
  });
}

function expectVerdict(verdicts: Verdicts, wanted: string): void {
  if (!verdicts[wanted]?.length) throw new Error(`nobody is “${wanted}”: ${told(verdicts)}`);
}

function told(verdicts: Verdicts): string {
  return Object.entries(verdicts)
    .map(([verdict, who]) => `${verdict}: ${who.join(", ")}`)
    .join("; ");
}
