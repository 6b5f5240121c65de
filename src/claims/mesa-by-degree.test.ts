/** @file The rule of mesa-by-degree on constructed rows: degrees, a threshold, a linear planner, and what is left open. */
import { expect, test } from "vitest";
import { overSeeds } from "../core/intervals.ts";
import type { Row } from "../experiment.ts";
import { mesaByDegree } from "./mesa-by-degree.ts";

/** Values a little apart, one for each of four seeds, around the mean. */
const seeds = (mean: number, spread = 0.1) => [-1.5, 0.5, -0.5, 1.5].map((step) => mean + step * spread);

function row(condition: string, values: Readonly<Record<string, readonly number[]>>, x?: number): Row {
  const quantities = Object.fromEntries(Object.entries(values).map(([name, each]) => [name, overSeeds(each)]));
  return { condition, ...(x === undefined ? {} : { x }), quantities, perSeed: values };
}

const ORDER = ["linear", "perceptron", "convolutional", "deep convolutional", "recurrent"] as const;
/** Depths in the order of capacity; the last network thinks, and one of its ticks has a row. */
const judge = (depths: readonly number[], gain = seeds(2)) =>
  mesaByDegree.judge([
    ...ORDER.map((condition, i) =>
      row(condition, { depth: seeds(depths[i]!), ...(condition === "recurrent" ? { gain } : {}) }),
    ),
    row("recurrent after 1 tick", { depth: seeds(40) }, 1),
  ]);

test("degrees in the order of capacity support it", () => {
  const { outcome, because, ours } = judge([0.3, 0.9, 3, 7, 10]);
  expect(outcome).toBe("supported");
  expect(because).toMatch(/recurrent network 10\.00 .*convolutional one 3\.00 .*deep convolutional one 7\.00/);
  expect(because).not.toMatch(/perceptron/);
  expect(ours).toMatch(/linear 0\.30 .*thinking longer than the fewest ticks 2\.00 .*n = 4 seeds/);
});

test("a threshold contradicts it, and so does a linear policy that plans", () => {
  expect(judge([0.3, 0.4, 0.5, 9.8, 10])).toMatchObject({
    outcome: "contradicted",
    because: expect.stringMatching(/threshold/),
  });
  expect(judge([3, 4, 5, 8, 10])).toMatchObject({
    outcome: "contradicted",
    because: expect.stringMatching(/linear policy plans/),
  });
});

test.each([
  ["the order turned", [0.3, 4, 2, 7, 10], seeds(2), /perceptron network plans 2\.00 .* against the order/],
  ["nobody plans", [0.3, 0.4, 0.6, 1, 1.4], seeds(2), /no architecture surely plans 2 steps/],
  ["thinking is worth nothing", [0.3, 0.9, 3, 7, 10], seeds(0), /thinking longer is not surely worth/],
  ["the linear policy in between", [1.6, 2, 3, 7, 10], seeds(2), /linear policy may plan/],
] as const)("left open: %s", (_, depths, gain, because) => {
  const verdict = judge(depths, gain);
  expect(verdict.outcome).toBe("inconclusive");
  expect(verdict.because).toMatch(because);
});

test("left open: wide intervals on the only network between", () => {
  const rows = ORDER.map((condition, i) =>
    row(condition, {
      depth: seeds([0.3, 0.4, 0.5, 5, 10][i]!, i === 3 ? 4 : 0.1),
      ...(i === 4 ? { gain: seeds(2) } : {}),
    }),
  );
  expect(mesaByDegree.judge(rows)).toMatchObject({
    outcome: "inconclusive",
    because: expect.stringMatching(/no architecture lies surely between/),
  });
});

test("rows without the linear policy are a mistake of ours", () => {
  expect(() => mesaByDegree.judge([row("recurrent", { depth: seeds(3) })])).toThrow(/linear/);
});
