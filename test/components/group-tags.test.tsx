import { cleanup, screen } from "@testing-library/preact";
import type { ComponentChild } from "preact";
import { expect, test } from "vitest";
import { GroupTags } from "../../components/parts/group-tags";
import { RefusalAhead, RefusalsAhead } from "../../components/parts/refusals-ahead";
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

test("before one writes or adds to several groups, those that will refuse it are named, and no others", async () => {
  const on = await stage();
  const rows = [
    group({ id: "1@g.us", name: "News", onlyAdminsSend: true, onlyAdminsAdd: true, isAdmin: false }),
    group({ id: "2@g.us", name: "Chat" }),
    group({ id: "3@g.us", name: "Board", onlyAdminsSend: true, isAdmin: true }),
    group({ id: "4@g.us", name: "Town", isCommunity: true }),
  ];
  const told = async (view: ComponentChild) => {
    cleanup();
    on.show(view);
    const notices = await screen.findAllByRole("status");
    return notices.map(({ textContent }) => textContent?.replace(/[\u2068\u2069]/g, "")).join(" ");
  };
  // Nobody, admin or not, writes in a community.
  expect(await told(<RefusalsAhead groups={rows} to="send" />)).toMatch(
    /^In one of these groups only admins may write: News\..* A community takes no messages, so these are refused: Town\./,
  );
  expect(await told(<RefusalsAhead groups={rows} to="add" />)).toBe(
    "You cannot add people to 2 of these groups: News, Town.",
  );
  expect(await told(<RefusalsAhead groups={rows.slice(0, 3)} to="send" />)).toMatch(
    /^In one of these groups only admins may write: News\./,
  );
});
