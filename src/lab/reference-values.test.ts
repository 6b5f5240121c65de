/** @file Which reference values are computed, in which order, and what a comparison says. */
import { expect, test } from "vitest";
import { defineReference, printed } from "../reference.ts";
import { compareQuantity, selectQuantities } from "./reference-values.ts";

const references = [
  defineReference({
    id: "other",
    line: "E0",
    title: "",
    source: "",
    quantities: [{ name: "late", published: printed("1"), compute: () => 1 }],
  }),
  defineReference({
    id: "tenth",
    line: "E10",
    title: "",
    source: "",
    quantities: [{ name: "slow", published: printed("1"), compute: () => 1, isSlow: true }],
  }),
  defineReference({
    id: "second",
    line: "E2",
    title: "",
    source: "",
    quantities: [
      {
        name: "half",
        published: printed("0.5"),
        compute: async () => 0.6,
        mistakes: [
          { name: "told", compute: () => 2 },
          { name: "not told", compute: () => 0.51 },
        ],
      },
    ],
  }),
];
const names = (given: Parameters<typeof selectQuantities>[1]) =>
  selectQuantities(references, given).map(({ quantity }) => quantity.name);

test("lines by number, what is on none last; slow ones on demand; by line or by id", () => {
  expect(names({})).toEqual(["half", "slow", "late"]);
  expect(names({ speed: "quick" })).toEqual(["half", "late"]);
  expect(names({ speed: "slow" })).toEqual(["slow"]);
  expect(names({ only: ["e10", "other"] })).toEqual(["slow", "late"]);
  expect(() => names({ only: ["E1"] })).toThrow('got "E1"');
});

test("a comparison says whether ours lies within, and which mistakes pass", async () => {
  const row = await compareQuantity(selectQuantities(references)[0]!, { withMistakes: true });
  expect(row).toMatchObject({ line: "E2", reference: "second", text: "0.60", isWithin: false });
  expect(row.mistakes).toEqual([
    { name: "told", text: "2.00", passes: false },
    { name: "not told", text: "0.51", passes: true },
  ]);
});
