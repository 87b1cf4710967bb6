import { expect, it } from "vitest";
import { unwrap } from "../../../../lib/background/gateway/fields";

it("reads JSON in a text of the data, unless it is deeper than a body may be", () => {
  expect(unwrap({ data: '{"id":"1"}' })).toEqual({ id: "1" });
  const deep = "[".repeat(10_000) + "]".repeat(10_000);
  expect(unwrap({ data: deep })).toBe(deep);
});
