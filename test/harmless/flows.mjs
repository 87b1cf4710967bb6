/**
 * What is done on each kind of page, and what is looked at after each step. A flow knows nothing of the extension: it runs
 * with it and without it, and the two have to see the same.
 *
 * @typedef {import("./browsers.mjs").Tab} Tab
 * @typedef {[step: string, seen: Record<string, unknown>]} Step
 */

/** In ms: by then the page script has looked at a new page, has been answered, and stands with its chips. */
const FIRST = 1_800;
/** In ms: by then it has looked at what a step changed. */
const NEXT = 450;

/** In ms: keys that come later are undone by themselves, in every editor. */
const UNDO = 1_200;

const wait = (/** @type {number} */ time) => new Promise((next) => setTimeout(next, time));

/** Everything of a page that its own scripts and its reader can notice. Runs in the page. */
function look() {
  const path = (/** @type {Node | null} */ node) => {
    const steps = [];
    for (let at = node; at && at !== document.body && at.parentNode; at = at.parentNode)
      steps.unshift(`${at.nodeName}[${[...at.parentNode.childNodes].indexOf(/** @type {ChildNode} */ (at))}]`);
    return steps.join(" ");
  };
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) texts.push(/** @type {Text} */ (walker.currentNode).data);
  const selection = getSelection();
  return {
    text: document.body.innerText,
    content: document.body.textContent,
    texts,
    html: document.body.outerHTML,
    head: document.head.outerHTML,
    root: [...document.documentElement.attributes].map(({ name, value }) => `${name}=${value}`),
    selection: `${selection}`,
    range: selection && [
      path(selection.anchorNode),
      selection.anchorOffset,
      path(selection.focusNode),
      selection.focusOffset,
    ],
    focus: path(document.activeElement),
    values: [...document.querySelectorAll("input, textarea")].map((field) => /** @type {any} */ (field).value),
    size: [document.documentElement.scrollWidth, document.documentElement.scrollHeight],
    isStarted: Boolean(/** @type {any} */ (globalThis).isStarted),
    editor: /** @type {any} */ (globalThis).app?.state?.() ?? null,
  };
}

/** What a step left, without the names that an editor makes up by chance. */
async function seen(/** @type {Tab} */ tab) {
  const found = JSON.stringify(await tab.evaluate(`(${look})()`));
  return JSON.parse(found.replaceAll(/(?<![0-9a-f])e?[0-9a-f]{32}(?![0-9a-f])/g, "…"));
}

/** Waits until the page has begun, at most for a while: that it does not is a difference, too. */
async function started(/** @type {Tab} */ tab) {
  for (let tries = 0; tries < 100 && !(await tab.evaluate("Boolean(globalThis.isStarted)")); tries += 1)
    await wait(100);
}

/**
 * A page of a framework: typed into before it is hydrated where there is time for it, else after; then every operation.
 * @returns {Promise<Step[]>}
 */
export async function operate(/** @type {Tab} */ tab, /** @type {number | undefined} */ delay) {
  const type = async (/** @type {string} */ text) => {
    await tab.click("#field");
    await tab.type(text);
  };
  const isTypedFirst = delay !== undefined && delay >= 600;
  if (isTypedFirst) await type("typed before");
  await tab.evaluate("globalThis.isTyped = true");
  await started(tab);
  if (!isTypedFirst) await type("typed after");
  await wait(FIRST);
  await tab.evaluate(`getSelection().selectAllChildren(document.querySelector("#anchor"))`);
  /** @type {Step[]} */
  const steps = [["start", await seen(tab)]];
  const names = /** @type {string[]} */ (await tab.evaluate("globalThis.app?.steps ?? []"));
  for (const [n, name] of names.entries()) {
    await tab.evaluate(`void app.run(${n})`);
    await wait(NEXT);
    steps.push([name, await seen(tab)]);
  }
  await type(" and at last");
  steps.push(["type at last", await seen(tab)]);
  return steps;
}

/**
 * A page of an editor, which is switched to and fro: keys go into it where it is editable.
 * @returns {Promise<Step[]>}
 */
export async function edit(/** @type {Tab} */ tab, /** @type {boolean} */ isReadOnly) {
  await started(tab);
  await wait(FIRST);
  /** @type {Step[]} */
  const steps = [["start", await seen(tab)]];
  let round = 0;
  const note = async (/** @type {string} */ name) => {
    await wait(NEXT);
    steps.push([`${name} in round ${round}`, await seen(tab)]);
  };
  const write = async (/** @type {string} */ text) => {
    await tab.click(".ck-editor__editable p, #root p");
    await tab.press("End");
    await tab.type(text);
  };
  for (const isEditable of isReadOnly ? [false, true, false, true] : [true, false, true, false]) {
    round += 1;
    await tab.evaluate(`void app.setEditable(${isEditable})`);
    await note(isEditable ? "editable" : "read-only");
    await tab.click(".ck-editor__editable p, #root p", 2);
    await note("double click");
    if (!isEditable) continue;
    await write(" indeed");
    await note("type");
    await tab.press("Enter");
    await tab.type("Then https://chat.whatsapp.com/CwZq2RmX9fPs4LdVn16578 too");
    await note("type a link");
    await wait(UNDO);
    await tab.type("!");
    await tab.press("Control+z");
    await note("undo");
  }
  return steps;
}

/** A page that is only read: selected, searched, copied, printed and saved. Needs the clipboard for itself. */
export async function read(/** @type {Tab} */ tab) {
  await wait(FIRST);
  /** @type {Step[]} */
  const steps = [["start", await seen(tab)]];
  const note = async (/** @type {string} */ name, value = /** @type {unknown} */ (null)) => {
    await wait(NEXT);
    steps.push([name, { ...(await seen(tab)), value }]);
  };
  const { page } = tab;
  if (!page) throw new Error("only Chromium reads");
  for (const selector of ["#bare", "#link", "#long"]) {
    await tab.click(selector, 3);
    await note(`triple click ${selector}`);
  }
  await tab.click("#bare", 2);
  await note("double click");
  const [from, to] = await Promise.all(["#bare", "#long"].map((selector) => page.locator(selector).boundingBox()));
  await page.mouse.move(from.x + 3, from.y + 8);
  await page.mouse.down();
  await page.mouse.move(to.x + 90, to.y + 8, { steps: 8 });
  await page.mouse.up();
  await note("drag");
  await tab.evaluate("getSelection().empty()");
  await tab.press("Control+a");
  await note("select all");
  await tab.press("Control+c");
  await tab.click("#area");
  await tab.press("Control+v");
  await note("copy and paste text");
  await tab.click("#rich");
  await tab.press("Control+v");
  await note("copy and paste HTML");
  for (const words of ["across CwZq2RmX9fPs4LdVn16578 the link", "CwZq2RmX9fPs4LdVn16578 the link", "Manage via"]) {
    const address = words.replace(/C\w{21}/, (code) => `https://chat.whatsapp.com/${code}`);
    await note(`find ${words}`, await tab.evaluate(`getSelection().empty(), find(${JSON.stringify(address)})`));
  }
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send("Page.captureSnapshot", { format: "mhtml" });
  // Words of ours between the tags; lines of quoted-printable text end in "=".
  await note("save", />[^<]*Manage via/.test(data.replaceAll(/=\r?\n/g, "")));
  await page.emulateMedia({ media: "print" });
  await wait(NEXT);
  await note("print", (await page.screenshot({ fullPage: true })).toString("base64"));
  await page.emulateMedia({ media: null });
  await note("what the page observed", await tab.evaluate("globalThis.records"));
  return steps;
}

/** A document that is no page: it is only opened. */
export async function open(/** @type {Tab} */ tab) {
  await wait(FIRST);
  // A page made of HTML may have our host beside its body, as any page.
  const found = await tab.evaluate(
    "[(document.body ?? document.documentElement).outerHTML, document.documentElement.textContent]",
  );
  return /** @type {Step[]} */ ([["start", { found }]]);
}
