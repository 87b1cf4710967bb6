import { describe, expect, test } from "vitest";
import { hostPattern, readAddress } from "../../lib/shared/address";

const accepted: [given: string, origin: string][] = [
  ["https://api.wappfy.io", "https://api.wappfy.io"],
  ["https://api.wappfy.io/", "https://api.wappfy.io"],
  ["  https://API.Wappfy.IO  ", "https://api.wappfy.io"],
  ["HTTPS://api.wappfy.io", "https://api.wappfy.io"],
  ["https://api.wappfy.io.", "https://api.wappfy.io"],
  ["https://api.wappfy.io:443", "https://api.wappfy.io"],
  ["https://gateway.example:8443", "https://gateway.example:8443"],
  ["api.wappfy.io", "https://api.wappfy.io"],
  ["gateway.example:8443", "https://gateway.example:8443"],
  ["https://10.1.2.3", "https://10.1.2.3"],
  ["http://localhost:3000", "http://localhost:3000"],
  ["http://127.0.0.1:8080/", "http://127.0.0.1:8080"],
  // A look-alike with a Cyrillic letter is shown for what it is.
  ["https://аpi.wappfy.io", "https://xn--pi-6kc.wappfy.io"],
];

const refused = [
  // No browser grants access to an IPv6 address, and a pattern is none.
  "http://[::1]:8080",
  "https://[2001:db8::1]",
  "https://*.example.com",
  "",
  "https://.gw.example",
  "https://gw..example",
  "https://a.example,b.example",
  "wappfy",
  "localhost:3000",
  "http://api.wappfy.io",
  "http://192.168.1.4:3000",
  "http://localhost.evil.example",
  "http://127.0.0.1.evil.example",
  "ftp://api.wappfy.io",
  "javascript:alert(1)",
  "javascript:1",
  "data:text/html,x",
  "file:///etc/passwd",
  "https://",
  "https:api.wappfy.io",
  "https://user@api.wappfy.io",
  "https://user:pass@api.wappfy.io",
  "https://api.wappfy.io@evil.example",
  "https://@evil.example",
  "https://api.wappfy.io/api",
  "https://api.wappfy.io?x=1",
  "https://api.wappfy.io?",
  "https://api.wappfy.io#",
  "https://api.wappfy.io#x",
  "https:\\\\api.wappfy.io",
  "https://api.wappfy.io\\@evil.example",
  "https://api.wapp\tfy.io",
  "https://api.wappfy.io\n.evil.example",
  "https://api.wappfy.io..",
  "http://2130706433:3000",
  "http://0x7f.1",
  "http://127.1",
  "https://0x0a010203",
  "https://api.wappfy.io:99999",
  `https://${"a".repeat(400)}.example`,
];

describe("T46 an address", () => {
  test.each(accepted)("%s is kept as %s", (given, origin) => {
    expect(readAddress(given)).toBe(origin);
  });
  test.each(refused)("%j is refused", (given) => {
    expect(readAddress(given)).toBeUndefined();
  });
  test("that is kept is read as itself again", () => {
    for (const [, origin] of accepted) expect(readAddress(origin)).toBe(origin);
  });
});

test("a match pattern has no port", () => {
  expect(hostPattern("http://localhost:3000")).toBe("http://localhost/*");
  expect(hostPattern("https://api.wappfy.io")).toBe("https://api.wappfy.io/*");
});
