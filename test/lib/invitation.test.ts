import { describe, expect, test } from "vitest";
import { fillInvitation, isInvitable } from "../../lib/shared/invitation";

describe("the message of an invitation", () => {
  const words = { link: "https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv", group: "Fiesta & {name}" };

  test("carries the name, the group and the link", () => {
    expect(fillInvitation("Hi {name}, join {group}: {link}", { ...words, name: "Asha" })).toBe(
      "Hi Asha, join Fiesta & {name}: https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv",
    );
  });

  test("has no gap where there is no name", () => {
    expect(fillInvitation("Hi {name}, join.\n{link}", words)).toBe(`Hi, join.\n${words.link}`);
  });

  test("takes a name with a dollar sign as it is", () => {
    expect(fillInvitation("{name}", { ...words, name: "$& $1" })).toBe("$& $1");
  });
});

describe("who can be invited instead", () => {
  const step = { verdict: "not-added", person: "5511999990001@s.whatsapp.net" } as const;
  test.each([
    ["privacy", true],
    ["recently-left", true],
    [undefined, true],
    ["not-on-whatsapp", false],
    ["group-full", false],
    ["own-number", false],
  ] as const)("%s: %s", (reason, expected) => expect(isInvitable({ ...step, reason })).toBe(expected));

  test("not who was added", () => expect(isInvitable({ ...step, verdict: "added" })).toBe(false));
});
