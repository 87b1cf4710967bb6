/**
 * What web pages throw and nobody catches, or write to their console as an error, while a test runs. A page with the
 * extension has to have the errors that it has without it, and no other: `failed.ts` fails the test otherwise.
 */
export class PageErrors {
  private readonly seen: string[] = [];
  private expected: { pattern: RegExp; reason: string }[] = [];

  /** Notes an error of a web page, in one line with the address of the page. */
  add(line: string): void {
    this.seen.push(line);
  }

  /**
   * Expects errors of this form until the test ends, and at least one of them. The reason says why the page has them
   * without the extension too.
   */
  expect(pattern: RegExp, reason: string): void {
    this.expected.push({ pattern, reason });
  }

  /** Returns the errors that nobody expected and the expected ones that did not come, in lines, and forgets all of them. */
  take(): string[] {
    const seen = this.seen.splice(0);
    const expected = this.expected;
    this.expected = [];
    return [
      ...seen.filter((line) => !expected.some(({ pattern }) => pattern.test(line))),
      ...expected
        .filter(({ pattern }) => !seen.some((line) => pattern.test(line)))
        .map(({ pattern, reason }) => `expected and not seen: ${pattern} (${reason})`),
    ];
  }
}
