/** @file Grown again: the same bits, or means against the recorded intervals. */
import { expect, test } from "vitest";
import { zoo } from "../../test/sample-records.ts";
import type { Estimate } from "../core/estimate.ts";
import type { OrganismRecord } from "../organism.ts";
import { compareRegrown } from "./regrown.ts";

const around = (mean: number): Estimate => ({ mean, low: mean - 1 / 32, high: mean + 1 / 32, n: 1024, unit: "levels" });

function record(weights: string, skill: number, shares: Readonly<Record<string, number>>): OrganismRecord {
  const { constructed, spec, audit } = zoo[0]!;
  return {
    format: "mesascope-organism/1",
    run: "r",
    spec,
    constructed,
    realized: {
      goal: "none",
      skill: around(skill),
      skillOfUntrained: around(0.3),
      shares: Object.fromEntries(Object.entries(shares).map(([goal, mean]) => [goal, around(mean)])),
    },
    code: audit.code,
    executor: "wasm",
    weightsHash: weights,
    checkpoints: [{ frames: 8, onnx: `${weights}-file` }],
    curve: [],
    trainingMs: 1,
  };
}

const recorded = record("a", 0.875, { cheese: 0.25, corner: 0.75 });

test("the same weights are the same whatever the clock said", () => {
  expect(compareRegrown(recorded, { ...recorded, trainingMs: 99, code: "later" })).toEqual({
    isSame: true,
    outside: [],
  });
});

test("other weights, or another file on the way, are not the same", () => {
  expect(compareRegrown(recorded, { ...recorded, weightsHash: "b" }).isSame).toBe(false);
  const early = { ...recorded, checkpoints: [{ frames: 4, onnx: "x" }, ...recorded.checkpoints] };
  expect(compareRegrown(recorded, early).isSame).toBe(false);
});

test("a mean at the end of the interval is inside, one beyond it or absent is named", () => {
  expect(
    compareRegrown(recorded, record("b", 0.875 + 1 / 32, { cheese: 0.25 - 1 / 32, corner: 0.75 })).outside,
  ).toEqual([]);
  expect(compareRegrown(recorded, record("b", 0.907, { cheese: 0.218 })).outside).toEqual([
    "skill",
    "share of cheese",
    "share of corner",
  ]);
});
