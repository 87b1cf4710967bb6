import { screen } from "@testing-library/preact";
import { expect, test } from "vitest";
import { GroupTags, RefusalAhead } from "../../components/parts/group-tags";
import type { Group } from "../../lib/shared/model";
import { group, stage } from "./stage";

test.each<[Partial<Group>, string[]]>([
  [{ isCommunity: true }, ["Community"]],
  [{ isAnnouncement: true, onlyAdminsSend: true }, ["Announcements"]],
  [{ onlyAdminsSend: true }, ["Only admins write"]],
  [{ isCommunity: false, isAnnouncement: false, onlyAdminsSend: false }, []],
  [{}, []],
])("a group with %j is tagged %j", async (facts, tags) => {
  const on = await stage();
  const { container } = on.show(<GroupTags group={group(facts)} />);
  expect([...container.querySelectorAll(".tag")].map(({ textContent }) => textContent)).toEqual(tags);
});

test.each<[Partial<Group>, "add" | "send", RegExp | null]>([
  [{ isCommunity: true }, "add", /does not add people here directly/],
  [{ isAnnouncement: true, isAdmin: true }, "add", /does not add people here directly/],
  [{ onlyAdminsAdd: true, isAdmin: false }, "add", /Only admins may add people here/],
  [{ onlyAdminsAdd: true, isAdmin: true }, "add", null],
  [{ onlyAdminsSend: true, isAdmin: false }, "send", /Only admins may write here/],
  [{ onlyAdminsSend: true }, "send", /Only admins may write here/],
  [{ onlyAdminsSend: true, isAdmin: true }, "send", null],
  [{}, "add", null],
  [{}, "send", null],
])("a group with %j: before one tries to %s, %s is said", async (facts, to, words) => {
  const on = await stage();
  on.show(<RefusalAhead group={group(facts)} to={to} />);
  if (words) expect(screen.getByRole("status").textContent).toMatch(words);
  else expect(screen.queryByRole("status")).toBeNull();
});
