import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { WORLD_CODES } from "../../../lib/sandbox/world";

const page = (name: string) => readFileSync(new URL(`../../pages/${name}`, import.meta.url), "utf8");

it.each(Object.entries(WORLD_CODES))("the page of invites shows the code of %s", (_, code) => {
  expect(page("invites.html")).toContain(code);
});

it("every link of the page to a WhatsApp group leads to a group of the world", () => {
  const html = page("invites.html").replace(/<!--[^]*?-->|<input[^>]*>|<section id="others">[^]*?<\/section>/g, "");
  const links = [...html.matchAll(/chat\.whatsapp\.com(?:\/|%2F)(?:invite\/)?(\w+)|code=(\w+)/gi)];
  expect(links.length).toBeGreaterThan(14);
  for (const [, path, query] of links)
    expect(Object.values(WORLD_CODES)).toContain((path ?? query)!.replace(/%.*/, ""));
});

it("the plain page has no invite in it", () => {
  expect(page("plain.html")).not.toContain("chat.whatsapp");
});
