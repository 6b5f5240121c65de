/** @file The rule of complexity-breeds-mesa on constructed rows: every factor, none, and some. */
import { expect, test } from "vitest";
import { overSeeds } from "../core/intervals.ts";
import type { Row } from "../experiment.ts";
import { complexityBreedsMesa } from "./complexity-breeds-mesa.ts";

const seeds = (mean: number, spread = 0.02) => [-1.5, 0.5, -0.5, 1.5].map((step) => mean + step * spread);

function row(condition: string, search: readonly number[], proxy: readonly number[]): Row {
  const perSeed = { search, proxy };
  return { condition, quantities: { search: overSeeds(search), proxy: overSeeds(proxy) }, perSeed };
}

interface Ends {
  readonly search: readonly [number, number];
  readonly proxy?: readonly [number, number];
}

/** Rows with so much search, and so often the proxy, at the two ends of each factor; the middle lies anywhere. */
const judge = (ends: Readonly<Record<"layout" | "levels" | "width", Ends>>) =>
  complexityBreedsMesa.judge([
    ...Object.entries(ends).flatMap(([factor, { search, proxy = [0.7, 0.7] }]) => [
      row(`${factor} least`, seeds(search[0]), seeds(proxy[0])),
      row(`${factor} middle`, seeds(-0.9, 0.3), seeds(0.1, 0.05)),
      row(`${factor} most`, seeds(search[1]).reverse(), seeds(proxy[1]).reverse()),
    ]),
    row("untrained", seeds(0.99), seeds(0.99)),
  ]);

test("search rises with all three and the wrong goal becomes rarer with none: supported", () => {
  const rises = { search: [-0.2, 0.4], proxy: [0.6, 0.7] } as const;
  const { outcome, because, ours } = judge({ layout: rises, levels: rises, width: rises });
  expect(outcome).toBe("supported");
  expect(because).toMatch(/layout 0\.60 .*levels 0\.60 .*width 0\.60/);
  expect(ours).toMatch(/n = 4 seeds/);
});

test("search rises with none: contradicted", () => {
  const flat = { search: [0.3, 0.31] } as const;
  expect(judge({ layout: flat, levels: { search: [0.4, -0.2] }, width: flat }).outcome).toBe("contradicted");
});

test("search rises, and the goal is less often the wrong one: inconclusive, by name", () => {
  const rises = { search: [-0.2, 0.4] } as const;
  const verdict = judge({ layout: { ...rises, proxy: [0.8, 0.5] }, levels: rises, width: rises });
  expect(verdict).toMatchObject({
    outcome: "inconclusive",
    because: expect.stringMatching(/rises with layout, levels, width; the wrong goal becomes rarer with layout;/),
  });
});

test("some factors and not others: inconclusive, by name", () => {
  const flat = { search: [0.3, 0.31] } as const;
  expect(judge({ layout: { search: [0, 0.5] }, levels: flat, width: flat })).toMatchObject({
    outcome: "inconclusive",
    because: expect.stringMatching(/^search surely rises with layout;/),
  });
});

test("differences are paired by training seed", () => {
  // Seeds differ by more than the factor does, and the factor by the same in each.
  const apart = (shift: number) => [-0.5, -0.2, 0.1, 0.4].map((seed) => seed + shift);
  const rows = ["layout", "levels", "width"].flatMap((factor) => [
    row(`${factor} least`, apart(0), seeds(0.5)),
    row(`${factor} most`, apart(0.15), seeds(0.5)),
  ]);
  expect(complexityBreedsMesa.judge(rows).outcome).toBe("supported");
});

test("rows without a factor are a mistake of ours", () => {
  expect(() => complexityBreedsMesa.judge([row("layout open", seeds(0), seeds(0))])).toThrow(/layout/);
});
