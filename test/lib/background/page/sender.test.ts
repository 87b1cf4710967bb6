import { expect, test } from "vitest";
import { callerOf, sentFrom, type Sender } from "../../../../lib/background/page/sender";

const id = "abcdefghijklmnopabcdefghijklmnop";
const origin = `chrome-extension://${id}`;
const self = { id, origin };
const tab = { id: 7, windowId: 3, active: true };
const page = { id, origin: "https://forum.example", url: "https://forum.example/t/1", tab, frameId: 0 };

/** The shapes that Chromium 156 and Firefox 153 give, and what an attacker could make of them. */
const shapes: [name: string, sender: Sender, from: string | undefined][] = [
  ["popup", { id, origin, url: `${origin}/popup.html` }, "extension"],
  ["popup on a route", { id, origin, url: `${origin}/popup.html?x=1#/join/abc` }, "extension"],
  ["side panel", { id, origin, url: `${origin}/sidepanel.html` }, "extension"],
  ["app in a tab", { id, origin, url: `${origin}/app.html`, tab, frameId: 0 }, "extension"],
  ["options in a tab", { id, origin, url: `${origin}/options.html`, tab, frameId: 0 }, "extension"],
  ["welcome in a tab", { id, origin, url: `${origin}/welcome.html`, tab, frameId: 0 }, "extension"],
  ["page script, top frame", page, "web"],
  ["page script, sandboxed page", { ...page, origin: "null" }, "web"],
  ["page script, sub-frame", { ...page, frameId: 4 }, undefined],
  ["page script without a frame", { ...page, frameId: undefined }, undefined],
  ["page script without a tab", { ...page, tab: undefined }, undefined],
  ["framed app", { id, origin, url: `${origin}/app.html`, tab, frameId: 2 }, undefined],
  ["another document of ours", { id, origin, url: `${origin}/invites.js` }, undefined],
  ["the worker itself", { id, origin, url: `${origin}/background.js` }, undefined],
  ["our origin without an address", { id, origin }, undefined],
  ["our origin, a page's address", { id, origin, url: "https://forum.example/popup.html" }, undefined],
  ["a page that names our address", { ...page, url: `${origin}/popup.html` }, "web"],
  ["no origin at all", { ...page, origin: undefined }, undefined],
  ["another extension", { id: "ponmlkjihgfedcbaponmlkjihgfedcba", origin, url: `${origin}/popup.html` }, undefined],
  ["another extension's page script", { ...page, id: "ponmlkjihgfedcbaponmlkjihgfedcba" }, undefined],
  ["nothing", {}, undefined],
];

test.each(shapes)("%s", (_name, sender, from) => {
  expect(sentFrom(sender, self)).toBe(from);
  expect(callerOf(sender, self)?.from).toBe(from);
});

test("in Firefox the same", () => {
  const firefox = { id: "groups@wappfy.example", origin: "moz-extension://11111111-2222-4333-8444-555555555555" };
  const popup = { id: firefox.id, origin: firefox.origin, url: `${firefox.origin}/popup.html` };
  expect(sentFrom(popup, firefox)).toBe("extension");
  expect(sentFrom({ ...page, id: firefox.id }, firefox)).toBe("web");
});

test("a page is known by what the browser attests", () => {
  expect(callerOf(page, self)).toEqual({
    from: "web",
    origin: "https://forum.example",
    tab: 7,
    window: 3,
    isActive: true,
  });
  expect(callerOf({ ...page, origin: "null" }, self)).toMatchObject({ origin: null });
  expect(callerOf({ ...page, tab: { id: 7 } }, self)).toBeUndefined();
});
