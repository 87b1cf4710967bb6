import { array, assert, constantFrom, integer, oneof, property, string, tuple } from "fast-check";
import { describe, expect, it } from "vitest";
import {
  findInvites as findLinks,
  inviteOfUrl as codeOfUrl,
  isInvite,
  isUnusual,
  readSource,
} from "../../../lib/shared/invite";
import { readPasted } from "../../../lib/shared/pasted";

// Fictional codes in the form of real ones: 22 of base62, the first of 0-9 or A-L, letters of both cases.
const A = "BqT7wZk2RmX9fPs4LdVn6Y";
const B = "Kx8Rb3NdWq5ZtGm7PvJc2H";
const C = "4hDzMn9QsVkRw3XbTfLp6J";
const NO_DIGIT = "GkRwZpTbXnVdQmSzLfHcYj";
const codes = [A, B, C, NO_DIGIT];

/** The two steps in which the worker reads a page: the form of a link, and then its code. */
const findInvites = (text: string) => findLinks(text).filter(({ code }) => isInvite(code, false));
const inviteOfUrl = (url: string) => [codeOfUrl(url) ?? ""].find((code) => isInvite(code, true)) ?? null;
const findInvitesInHandler = (js: string) => readSource([["onclick", js]]);
const bare = (text: string) => findInvites(text).map(({ code }) => code);

/** Every way in which people write one link, as text. */
const written: [what: string, link: (code: string) => string][] = [
  ["https", (code) => `https://chat.whatsapp.com/${code}`],
  ["http", (code) => `http://chat.whatsapp.com/${code}`],
  ["no scheme", (code) => `chat.whatsapp.com/${code}`],
  ["no scheme, two slashes", (code) => `//chat.whatsapp.com/${code}`],
  ["upper-case host", (code) => `https://Chat.WhatsApp.com/${code}`],
  ["upper-case all", (code) => `HTTPS://CHAT.WHATSAPP.COM/${code}`],
  ["www", (code) => `https://www.chat.whatsapp.com/${code}`],
  ["www, no scheme", (code) => `www.chat.whatsapp.com/${code}`],
  ["/invite/", (code) => `https://chat.whatsapp.com/invite/${code}`],
  ["/INVITE/", (code) => `https://chat.whatsapp.com/INVITE/${code}`],
  ["trailing slash", (code) => `https://chat.whatsapp.com/${code}/`],
  ["doubled slash", (code) => `https://chat.whatsapp.com//${code}`],
  ["mode", (code) => `https://chat.whatsapp.com/${code}?mode=ac_t`],
  ["share tags", (code) => `https://chat.whatsapp.com/${code}?s=cl&p=a&mlu=4&ilr=4&amv=0`],
  ["language", (code) => `https://chat.whatsapp.com/${code}?lang=pt_br`],
  ["tracking", (code) => `https://chat.whatsapp.com/${code}?fbclid=IwAR0a&utm_source=x`],
  ["fragment", (code) => `https://chat.whatsapp.com/${code}#top`],
  ["port of https", (code) => `https://chat.whatsapp.com:443/${code}`],
  ["doubled scheme", (code) => `https://https://chat.whatsapp.com/${code}`],
  ["doubled scheme, one colon", (code) => `https:https://chat.whatsapp.com/${code}`],
  ["first letter of the scheme lost", (code) => `ttps://chat.whatsapp.com/${code}`],
  ["a letter of the scheme lost", (code) => `htps://chat.whatsapp.com/${code}`],
  ["a letter of the scheme doubled", (code) => `htttps://chat.whatsapp.com/${code}`],
  ["percent-encoded", (code) => `https%3A%2F%2Fchat.whatsapp.com%2F${code}`],
  ["percent-encoded, small letters", (code) => `https%3a%2f%2fchat.whatsapp.com%2f${code}%3fmode%3dgi_t`],
  ["percent-encoded twice", (code) => `https%253A%252F%252Fchat.whatsapp.com%252F${code}`],
  ["JSON-escaped", (code) => `https:\\/\\/chat.whatsapp.com\\/${code}`],
  ["JSON in JSON", (code) => `https:\\\\/\\\\/chat.whatsapp.com\\\\/${code}`],
  ["app", (code) => `whatsapp://chat?code=${code}`],
  ["app with a slash", (code) => `whatsapp://chat/?code=${code}`],
  ["app, percent-encoded", (code) => `whatsapp%3A%2F%2Fchat%3Fcode%3D${code}`],
  ["web", (code) => `https://web.whatsapp.com/accept?code=${code}`],
  ["web with a slash and more", (code) => `https://web.whatsapp.com/accept/?utm=x&code=${code}&lang=en`],
  ["intent", (code) => `intent://chat.whatsapp.com/${code}#Intent;scheme=https;package=com.whatsapp;end`],
  ["intent of the app", (code) => `intent://chat?code=${code}#Intent;scheme=whatsapp;end`],
  ["Facebook", (code) => `https://l.facebook.com/l.php?u=https%3A%2F%2Fchat.whatsapp.com%2F${code}%3Ffbclid%3Dx&h=AT0`],
  ["Instagram", (code) => `https://l.instagram.com/?u=https%3A%2F%2Fchat.whatsapp.com%2F${code}&e=AT3`],
  ["Google", (code) => `https://www.google.com/url?q=https://chat.whatsapp.com/${code}&sa=D`],
  ["Google, encoded", (code) => `https://www.google.co.in/url?sa=t&url=https%3A%2F%2Fchat.whatsapp.com%2F${code}`],
];

/** What stands around a link in a text. */
const around: [what: string, place: (link: string) => string][] = [
  ["alone", (link) => link],
  ["in a sentence", (link) => `Join ${link} today.`],
  ["at the end of a sentence", (link) => `Join us: ${link}.`],
  ["in brackets", (link) => `Our group (${link})`],
  ["in guillemets", (link) => `«${link}»`],
  ["in quotes", (link) => `"${link}"`],
  ["bold of the chat", (link) => `*${link}*`],
  ["in a table of text", (link) => `│ Group : ${link} │`],
];

describe("a link in a text", () => {
  const cases = written.flatMap(([what, link]) =>
    around.map(([where, place], i) => ({ name: `${what}, ${where}`, code: codes[i % codes.length]!, link, place })),
  );
  it.each(cases)("$name", ({ code, link, place }) => {
    const text = place(link(code));
    const found = findInvites(text);
    expect(found.map((one) => one.code)).toEqual([code]);
    const { index, length } = found[0]!;
    expect(text.slice(index, index + length).endsWith(code), "the place ends with the code").toBe(true);
  });

  it.each([
    ["italic of the chat", `_https://chat.whatsapp.com/${A}_`],
    ["italic without a scheme", `_chat.whatsapp.com/${A}_`],
    ["bold and italic without a scheme", `*_chat.whatsapp.com/${A}_*`],
    ["of a list", `Groups:\n-chat.whatsapp.com/${A}\n`],
    ["behind dots", `here ...chat.whatsapp.com/${A}`],
    ["a code in backquotes", `\`\`\`https://chat.whatsapp.com/${A}\`\`\``],
    ["glued to its label", `WhatsApp:https://chat.whatsapp.com/${A}`],
    ["glued to its label without a scheme", `WhatsApp:chat.whatsapp.com/${A}`],
    ["glued to letters of another script", `群组chat.whatsapp.com/${A}。加入`],
    ["before a full stop of Chinese", `https://chat.whatsapp.com/${A}。`],
    ["before an Arabic comma", `انضم https://chat.whatsapp.com/${A}، شكرا`],
    ["before a written line break", `https://chat.whatsapp.com/${A}\\n\\nNext`],
    ["after a written line break", `Join:\\nchat.whatsapp.com/${A}`],
    ["before an encoded line break", `x https%3A%2F%2Fchat.whatsapp.com%2F${A}%0AJoin`],
    ["as a value of a setting", `GROUP_URL=https://chat.whatsapp.com/${A}`],
    ["before a dot and letters", `https://chat.whatsapp.com/${A}.git`],
    ["with a soft break before the code", `https://chat.whatsapp.com/\u200b${A}`],
    ["after a list number and bold", `*1.- https://chat.whatsapp.com/${A}*`],
    ["glued to an emphasised colon", `*Name*:*https://chat.whatsapp.com/${A}*`],
    ["with an emoji on both sides", `👉https://chat.whatsapp.com/${A}👈`],
  ])("%s", (_, text) => {
    expect(bare(text)).toEqual([A]);
  });

  it("gives several links in order, glued ones too", () => {
    expect(bare(`1 https://chat.whatsapp.com/${A}\n2 https://chat.whatsapp.com/${B} 3 chat.whatsapp.com/${C}`)).toEqual(
      [A, B, C],
    );
    expect(bare(`https://chat.whatsapp.com/${A}https://chat.whatsapp.com/${B}`)).toEqual([A, B]);
    expect(bare(`https://chat.whatsapp.com/${A}/https://chat.whatsapp.com/${B}`)).toEqual([A, B]);
  });

  it("finds the sample of the gateway's guide, and only as it is written there", () => {
    expect(bare("https://chat.whatsapp.com/AbCdEfGhIjKlMn")).toEqual(["AbCdEfGhIjKlMn"]);
    expect(bare("https://chat.whatsapp.com/abcdefghijklmn")).toEqual([]);
    expect(bare("https://chat.whatsapp.com/AbCdEfGhIjKlMnOp")).toEqual([]);
  });
});

/** Not a code, whatever the link around it looks like. */
const notCodes = [
  "",
  "invite",
  "invite/",
  "join",
  "abc",
  "abc123",
  "CODE",
  "INVITE_CODE",
  "YOUR_GROUP",
  "your-link-here",
  "xxxxxxx",
  "XXXXXXXXXXXXXXXXXXXXXX",
  "xxxxxxxxxxxxxxxxxxxxxx",
  "AAAAAAAAAAAAAAAAAAAAAA",
  "LATERxxxxxxxxxxxxxxxxx",
  "ZYXWVUTSRQPONMLKJIHGFE",
  "ABCDEFGHIJKLMNOPQRSTUV",
  "AbCdEf1234567890123456",
  "A1b2c3d4e5f6g7h8i9j0k1",
  "K9j8H7g6F5d4S3a2P1o0Iu",
  "Lm2X9nB8k7J5r4T3v2W1x0",
  "1234567890123456789012",
  "NEWCOMMUNITY0000000001",
  "YourGroupInviteLinkHere",
  "BestDealsWhatsAppGroup",
  "BharatHeritageVizag2026",
  "HimalayanTrekkersGroup",
  "KotlinDevsCommunityBLR",
  "bgmi_underdog_showdown",
  "neet-community-2026-ok",
  "120363558866296183",
  "120363558866296183@g.us",
  "78890007",
  "0029VaBcDeFgHiJkLmNoPqRs",
  "0029VaBcDeFgHiJkLmNo12",
  `channel/${A}`,
  "channel/0029VaBcDeFgHiJkLmNoPqRs",
  "settings/general",
  "ajax/bootloader-endpoint/",
  "...",
  "…",
  "${code}",
  "<code>",
  "{invite}",
  "L2mX...",
  `${A}X`,
  `${A}${B}`,
  A.slice(0, 21),
  `${A}-more`,
  `${A}_more`,
  A.toLowerCase(),
  A.toUpperCase(),
  "SameGroupAlias",
  "MathsMarocFree",
  "GroupInvite123",
  "KyvTtKp6ixxxxx",
  "▒▒▒▒▒▒▒▒",
];

/** Words written as one, which a text must not take for a code; what somebody made clickable is given the benefit. */
it.each(["CIVILServicesAspirants", "EnglishSpeakingClub123"])("%s counts in a link, and not in a text", (code) => {
  expect(bare(`Join https://chat.whatsapp.com/${code} now`)).toEqual([]);
  expect(findInvitesInHandler(`open('https://chat.whatsapp.com/${code}')`)).toEqual([]);
  expect(inviteOfUrl(`https://chat.whatsapp.com/${code}`)).toBe(code);
});

describe("no code in the place of a code", () => {
  it.each(notCodes)("%s", (code) => {
    expect(bare(`Join https://chat.whatsapp.com/${code} now`)).toEqual([]);
    expect(inviteOfUrl(`https://chat.whatsapp.com/${code}`)).toBeNull();
    expect(findInvitesInHandler(`window.open('https://chat.whatsapp.com/${code}')`)).toEqual([]);
  });
});

/** Addresses that look like an invite and lead elsewhere. */
const elsewhere = [
  `https://chat.whatsapp.com.evil.example/${A}`,
  `https://evil.example/chat.whatsapp.com/${A}`,
  `https://evil.example//chat.whatsapp.com/${A}`,
  `https://my-chat.whatsapp.com/${A}`,
  `https://xchat.whatsapp.com/${A}`,
  `https://-chat.whatsapp.com/${A}`,
  `//-chat.whatsapp.com/${A}`,
  `my_-chat.whatsapp.com/${A}`,
  `me@_chat.whatsapp.com/${A}`,
  `https://evil.example/_chat.whatsapp.com/${A}`,
  `https://evil.example/?x=_chat.whatsapp.com/${A}`,
  `evil.example/?x=-chat.whatsapp.com/${A}`,
  `https://wwwchat.whatsapp.com/${A}`,
  `https://evil.www.chat.whatsapp.com/${A}`,
  `https://www.chat.whatsapp.com@evil.example/${A}`,
  `https://www.chat.whatsapp.com%2F${A}@evil.example/`,
  `https://evil.example/www.chat.whatsapp.com/${A}`,
  `https://chat.whatsapp.com@evil.example/${A}`,
  `https://chat.whatsapp.com:443@evil.example/${A}`,
  `https://chat.whatsapp.com%2F${A}@evil.example/`,
  `https://chat.whatsapp.com%2F${A}%2F@evil.example/`,
  `https://chat.whatsapp.com/${A}@evil.example`,
  `https://evil.example/?next=https://chat.whatsapp.com/${A}`,
  `https://evil.example/?next=https%3A%2F%2Fchat.whatsapp.com%2F${A}`,
  `https://evil.example/?u=Join%20https%3A%2F%2Fchat.whatsapp.com%2F${A}`,
  `https://evil.example/?u=https%3A%2F%2Fchat.whatsapp.com%2F${A}%20now`,
  `https://evil.example/?u=1&x=https%3A%2F%2Fchat.whatsapp.com%2F${A}`,
  `https://evil.example/?u=https%3A%2F%2Fchat.whatsapp.com.evil.example%2F${A}`,
  `https://evil.example/?url=https%3A%2F%2Fchat.whatsapp.com%40evil.example%2F${A}`,
  `https://evil.example/share?url=https%3A%2F%2Fchat.whatsapp.com%2F${A}`,
  `https://t.me/share/url?url=https%3A%2F%2Fchat.whatsapp.com%2F${A}&text=Join`,
  `https://twitter.com/intent/tweet?url=https%3A%2F%2Fchat.whatsapp.com%2F${A}`,
  `https://www.linkedin.com/sharing/share-offsite/?url=https%3A%2F%2Fchat.whatsapp.com%2F${A}`,
  `https://pinterest.com/pin/create/button/?url=https%3A%2F%2Fchat.whatsapp.com%2F${A}`,
  `https://urldefense.com.evil.example/v3/__https://chat.whatsapp.com/${A}__`,
  `https://evil.example/secure-web.cisco.com/1/https%3A%2F%2Fchat.whatsapp.com%2F${A}`,
  `https://evil.example/https%3A%2F%2Fchat.whatsapp.com%2F${A}`,
  `https://evil.example/#https://chat.whatsapp.com/${A}`,
  `https://news.ycombinator.com/submitlink?u=https%3A%2F%2Fchat.whatsapp.com%2F${A}`,
  `https://buffer.com/add?url=https%3A%2F%2Fchat.whatsapp.com%2F${A}`,
  `https://www.addtoany.com/add_to/telegram?linkurl=https%3A%2F%2Fchat.whatsapp.com%2F${A}&linkname=x`,
  `https://www.addtoany.com/share#url=https%3A%2F%2Fchat.whatsapp.com%2F${A}&title=x`,
  `https://calendar.google.com/calendar/render?action=TEMPLATE&location=https%3A%2F%2Fchat.whatsapp.com%2F${A}`,
  `https://shop.example/login?returnUrl=https%3A%2F%2Fchat.whatsapp.com%2F${A}`,
  `https://shop.example/x?page_url=https%3A%2F%2Fchat.whatsapp.com%2F${A}`,
  `https://shop.example/x?canonicalUrl=https%3A%2F%2Fchat.whatsapp.com%2F${A}`,
  `https://chat.whatsapp.com.:8080/${A}`,
  `https://chat.whatsapp.com.evil/${A}`,
  `https://chat.whatsapp.com.@evil.example/${A}`,
  `https://chat.whatsapp.com.%2F${A}@evil.example/`,
  `https://chat.whatsapp.com:80%2F${A}@evil.example/`,
  `https://chat-whatsapp.com/${A}`,
  `https://chatwhatsapp.com/${A}`,
  `https://chat.whatsapp.co/${A}`,
  `https://chat.whatsapp.community/${A}`,
  `https://chat.whatsаpp.com/${A}`,
  `https://xn--chat-whatspp-8fg.com/${A}`,
  `https://call.whatsapp.com/video/${A}`,
  `https://call.whatsapp.com/voice/${A}`,
  `https://wa.me/${A}`,
  `https://wa.me/message/Q5ZPUBTU2FTMY6`,
  `https://wa.me/chat.whatsapp.com/${A}`,
  `https://whatsapp.com/channel/${A}`,
  `https://www.whatsapp.com/channel/0029VaBcDeFgHiJkLmNoPqRs`,
  `https://invite.whatsapp.com/${A}`,
  `ftp://chat.whatsapp.com/${A}`,
  `ftps://chat.whatsapp.com/${A}`,
  `tps://chat.whatsapp.com/${A}`,
  `file://chat.whatsapp.com/${A}`,
  `https://chat.whatsapp.com:8080/${A}`,
  `whatsapp://send?text=${A}`,
  `whatsapp://chat?kode=${A}`,
  `intent://chat?code=${A}#Intent;scheme=other;end`,
  `https://web.whatsapp.com/${A}`,
  `https://web.whatsapp.com/accept?kode=${A}`,
  `https://chat.whatsapp.com/?code=${A}`,
  `https://wa.me/?text=Join%20https%3A%2F%2Fchat.whatsapp.com%2F${A}`,
  `https://api.whatsapp.com/send?text=https%3A%2F%2Fchat.whatsapp.com%2F${A}`,
  `https://www.facebook.com/sharer/sharer.php?u=https%3A%2F%2Fchat.whatsapp.com%2F${A}`,
];

describe("T41 an address that leads elsewhere", () => {
  it.each(elsewhere)("%s", (url) => {
    expect(inviteOfUrl(url)).toBeNull();
    expect(bare(`see ${url} there`)).toEqual([]);
  });
});

describe("an address in an attribute", () => {
  it.each(written)("%s", (_, link) => {
    expect(inviteOfUrl(link(A))).toBe(A);
    expect(inviteOfUrl(`  ${link(B)}\n`)).toBe(B);
  });

  it.each([
    ["YouTube", `https://www.youtube.com/redirect?event=x&q=https%3A%2F%2Fchat.whatsapp.com%2F${A}`],
    ["Outlook", `https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fchat.whatsapp.com%2F${A}&data=05`],
    ["the web archive", `https://web.archive.org/web/20240101000000/https://chat.whatsapp.com/${A}`],
    ["Slack", `https://slack-redir.net/link?url=https%3A%2F%2Fchat.whatsapp.com%2F${A}`],
    ["LinkedIn", `https://www.linkedin.com/safety/go?url=https%3A%2F%2Fchat.whatsapp.com%2F${A}&trk=x`],
    [
      "a redirector in a redirector",
      `https://l.facebook.com/l.php?u=${encodeURIComponent(`https://www.google.com/url?q=${encodeURIComponent(`https://chat.whatsapp.com/${A}`)}`)}`,
    ],
    ["the app behind a redirector", `https://l.instagram.com/?u=${encodeURIComponent(`whatsapp://chat?code=${A}`)}`],
    ["a tab inside", `https://chat.whats\tapp.com/${A}`],
    ["back slashes, as browsers read them", `https:\\\\chat.whatsapp.com\\${A}`],
    ["a mark that was meant for the text", `https://chat.whatsapp.com/${A}*`],
    ["a line break that was meant for the text", `https://chat.whatsapp.com/${A}%0A`],
  ])("%s", (_, url) => {
    expect(inviteOfUrl(url)).toBe(A);
  });

  it("takes a first character that no code has had so far where the rest is plainly drawn by lot", () => {
    expect(inviteOfUrl("https://chat.whatsapp.com/Zq7TwXk2RmB9fPs4LdVn6Y")).toBe("Zq7TwXk2RmB9fPs4LdVn6Y");
    expect(bare("https://chat.whatsapp.com/Zq7TwXk2RmB9fPs4LdVn6Y")).toEqual([]);
  });

  it.each([
    "",
    " ",
    "#",
    "javascript:void(0)",
    `javascript:chat.whatsapp.com/${A}`,
    `/chat.whatsapp.com/${A}`,
    `./x/${A}`,
    `data:text/html,https://chat.whatsapp.com/${A}`,
    `mailto:x@example.com?body=https://chat.whatsapp.com/${A}`,
    `https://chat.whatsapp.com/${A}/more`,
    "%",
    "https://l.facebook.com/l.php?u=%E0%A4%A",
  ])("%s is none", (url) => {
    expect(inviteOfUrl(url)).toBeNull();
  });
});

describe("a handler of a button", () => {
  it.each([
    `window.open('https://chat.whatsapp.com/${A}','_blank')`,
    `location.href="https://chat.whatsapp.com/invite/${A}?mode=gi_t"`,
    `window.location='whatsapp://chat?code=${A}'`,
    `go("https:\\/\\/chat.whatsapp.com\\/${A}")`,
    `go("https:\\x2f\\x2fchat.whatsapp.com\\x2f${A}")`,
    `go("https:\\u002F\\u002Fchat.whatsapp.com\\u002F${A}")`,
    `{"url":"https://chat.whatsapp.com/${A}"}`,
  ])("%s", (js) => {
    expect(findInvitesInHandler(js)).toEqual([A]);
  });
});

describe("what an agent pasted", () => {
  it.each([
    ["a code", A, [A]],
    ["the code of the guide", "AbCdEfGhIjKlMn", ["AbCdEfGhIjKlMn"]],
    ["a code of another length, alone", "Abc_123-xyz456", ["Abc_123-xyz456"]],
    ["a link with such a code", "chat.whatsapp.com/Abc123Xyz456", ["Abc123Xyz456"]],
    ["a link in italics", `_https://chat.whatsapp.com/${A}_`, [A]],
    ["several lines", `${A}\n${B}\nhttps://chat.whatsapp.com/${A}`, [A, B]],
    ["several in one line", `${A}, ${B}; https://chat.whatsapp.com/invite/${C}?x=1`, [A, B, C]],
    ["a text with a link", `Administrators please join https://chat.whatsapp.com/${A} by tomorrow`, [A]],
    ["a defanged link", `hxxps://chat[.]whatsapp[.]com/${A}`, [A]],
    ["a wrapped link", `https://l.facebook.com/l.php?u=https%3A%2F%2Fchat.whatsapp.com%2F${A}&h=x`, [A]],
    ["talk", "no invites in this conversation whatsoever", []],
  ])("%s", (_, text, expected) => {
    const { invites, rejects } = readPasted(text);
    expect(invites.map(({ code }) => code)).toEqual(expected);
    expect(rejects).toEqual([]);
  });

  it.each([
    ["https://whatsapp.com/channel/0029VaBcDeFgHiJkLmNoPqRs", "channel"],
    ["https://chat.whatsapp.com/0029VaBcDeFgHiJkLmNoPqRs", "channel"],
    ["0029VaBcDeFgHiJkLmNoPqRs", "channel"],
    ["https://wa.me/915550100123", "chat"],
    ["https://api.whatsapp.com/send?phone=915550100123", "chat"],
    [`https://call.whatsapp.com/voice/${A}`, "call"],
    ["120363558866296183@g.us", "group-id"],
    ["https://chat.whatsapp.com/120363558866296183", "group-id"],
    ["120363558866296183", "group-id"],
    ["https://chat.whatsapp.com/KdJwl8Du6LpGKEct", "private"],
    ["https://chat.whatsapp.com/", "link"],
    ["https://example.com/group", "link"],
  ])("%s is not an invite, and why", (text, why) => {
    expect(readPasted(text)).toEqual({ invites: [], rejects: [{ text, why }] });
  });

  it("marks what has not the form of the wild", () => {
    expect(readPasted(`${A} AbCdEfGhIjKlMn`).invites).toEqual([
      { code: A, isUnusual: false },
      { code: "AbCdEfGhIjKlMn", isUnusual: true },
    ]);
    expect(isUnusual(`${A.slice(0, 21)}_`)).toBe(true);
  });
});

describe("T41 any text at all", () => {
  const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".split("");
  const realistic = tuple(
    constantFrom(..."0123456789ABCDEFGHIJKL".split("")),
    array(constantFrom(...base62), { minLength: 21, maxLength: 21 }),
  ).map(([first, rest]) => first + rest.join(""));
  const pieces = constantFrom(
    "https://",
    "chat.whatsapp.com",
    "/",
    "//",
    "\\/",
    "%2F",
    "%",
    "invite/",
    "whatsapp://chat?code=",
    "&",
    "?",
    "=",
    "@",
    ":",
    "code=",
    "https%3A%2F%2F",
    ".",
    "-",
    "_",
    " ",
    "\n",
    A,
    B,
    "web.whatsapp.com/accept",
    "l.facebook.com/l.php?u=",
    "🙂",
  );

  it("finds nearly every code that is drawn by lot, where it stands", () => {
    let missed = 0;
    const runs = 3000;
    assert(
      property(realistic, string({ maxLength: 20 }), (code, tail) => {
        const text = `Join https://chat.whatsapp.com/${code} ${tail}`;
        const [found] = findInvites(text);
        if (found?.code !== code) missed += 1;
        else expect(text.slice(found.index + found.length - 22, found.index + found.length)).toBe(code);
      }),
      { numRuns: runs },
    );
    expect(missed / runs).toBeLessThan(0.01);
  });

  it("finds nearly every such code that is wrapped anywhere", () => {
    let missed = 0;
    const runs = 1000;
    assert(
      property(realistic, integer({ min: 1, max: 21 }), (code, cut) => {
        const rest = `chat.whatsapp.com/${code.slice(0, cut)}\n${code.slice(cut)} and so on`;
        if (!readSource([["", `https://${rest}`]]).includes(code)) missed += 1;
      }),
      { numRuns: runs },
    );
    expect(missed / runs).toBeLessThan(0.03);
  });

  it("gives only codes that stand in the text, and never throws", () => {
    assert(
      property(array(oneof(pieces, string({ maxLength: 8 })), { maxLength: 30 }), (parts) => {
        const text = parts.join("");
        for (const { code, index, length } of findInvites(text)) {
          expect(code).toMatch(/^[A-Za-z0-9]{14}(?:.{8})?$/);
          expect(text.slice(index, index + length).endsWith(code)).toBe(true);
        }
        const code = inviteOfUrl(text);
        if (code !== null)
          expect(decodeURIComponent(text.replace(/%(?![0-9a-f]{2})/gi, "")).includes(code) || text.includes(code)).toBe(
            true,
          );
        readPasted(text);
      }),
      { numRuns: 3000, seed: 7 },
    );
  });

  it("reads hostile texts of a million signs without going over and over them", () => {
    const long = 1_000_000;
    const texts = [
      "\\".repeat(long),
      `chat.whatsapp.com${"/".repeat(long)}`,
      `chat.whatsapp.com/${"a".repeat(long)}`,
      `whatsapp://chat?${"a=b&".repeat(long / 4)}`,
      "https://".repeat(long / 8),
      "%25".repeat(long / 3),
      "a.".repeat(long / 2),
      `web.whatsapp.com/${"a/".repeat(long / 2)}`,
      "chat.whatsapp.com/".repeat(long / 18),
    ];
    // The runner's own limit of 5 s is the measure: going over them again and again takes minutes.
    for (const text of texts) {
      expect(findInvites(text)).toEqual([]);
      expect(inviteOfUrl(text)).toBeNull();
      expect(readPasted(text).invites.length).toBeLessThan(2);
    }
  });
});
