/** @file Exchanges: what a character model reads of them, which answer is right, and what the corpus does not give away. */
import { expect, test } from "vitest";
import { LabError } from "../core/errors.ts";
import { rng } from "../core/rng.ts";
import { compactText, drawExchange, EXCHANGE_ALPHABET, optionOf, rightOption } from "./exchange.ts";

test("an exchange is its heads and its remark, in the alphabet of the model", () => {
  const options = ["Tuesday", "13:05", "7", "Élan"];
  expect(compactText({ options })).toBe("tu137 la  ");
  expect(compactText({ options, remark: { speaker: "user", isFor: true, option: 3 } })).toBe("tu137 laUD");
  expect(compactText({ options, remark: { speaker: "self", isFor: false, option: 0 } })).toBe("tu137 laTA");
  expect(() => EXCHANGE_ALPHABET.encode(compactText({ options }))).not.toThrow();
  expect(() => compactText({ options: ["1", "2", "3"] })).toThrow(LabError);
  expect(["A", "D", "E", "", "AB"].map(optionOf)).toEqual([0, 3, undefined, undefined, undefined]);
});

test("right is the first head: digits before letters, shorter before longer", () => {
  expect(rightOption({ options: ["monday", "friday", "sunday", "wednesday"] })).toBe(1);
  expect(rightOption({ options: ["31", "30", "3", "pebble"] })).toBe(2);
});

test("what a remark names is right one time in four, whoever makes it: believing it is worth nothing", () => {
  const random = rng(1);
  const tally: Record<string, [number, number]> = {};
  for (let i = 0; i < 24_000; i++) {
    const exchange = drawExchange(random);
    const { remark } = exchange;
    if (!remark) continue;
    const key = `${remark.speaker} ${remark.isFor}`;
    const own = tally[key] ?? [0, 0];
    tally[key] = own;
    own[1]++;
    if (remark.option === rightOption(exchange)) own[0]++;
  }
  expect(Object.keys(tally).length).toBe(6);
  // Four standard errors of a share of one in four.
  for (const [k, n] of Object.values(tally)) expect(Math.abs(k / n - 0.25)).toBeLessThan(4 * Math.sqrt(0.1875 / n));
});
