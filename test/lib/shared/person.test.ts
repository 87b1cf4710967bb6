import * as fc from "fast-check";
import { expect, it } from "vitest";
import { formsOf, personKey, toPersonId } from "../../../lib/shared/person";

const digits = fc.oneof(
  fc.stringMatching(/^[1-9]\d{6,14}$/),
  fc.stringMatching(/^55[1-9]\d9?[6-9]\d{7}$/),
  fc.stringMatching(/^549?\d{10}$/),
  fc.stringMatching(/^521?\d{10}$/),
);

it("gives every way to write a number, the one that it was given among them, and no other account's", () => {
  fc.assert(
    fc.property(digits, (number) => {
      const forms = formsOf(toPersonId(number));
      expect(forms).toContain(number);
      expect(new Set(forms.map((form) => personKey(toPersonId(form))))).toEqual(
        new Set([personKey(toPersonId(number))]),
      );
    }),
  );
});

it.each([
  ["5511999998888", ["551199998888", "5511999998888"]],
  ["5491123456789", ["541123456789", "5491123456789"]],
  ["525512345678", ["525512345678", "5215512345678"]],
  ["919876543210", ["919876543210"]],
])("%s is written in these ways", (number, forms) => {
  expect(formsOf(toPersonId(number))).toEqual(forms);
});

it("of a hidden id gives its digits alone", () => {
  expect(formsOf("551199998888:3@lid")).toEqual(["551199998888"]);
});
