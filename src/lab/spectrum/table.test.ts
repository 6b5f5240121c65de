/** @file The table on rows with a planted order: all pairs found, reversed ones named, dominance and trade-off counted. */
import { expect, test } from "vitest";
import { mitigationsByLevel } from "../../claims/mitigations-by-level.ts";
import { spectrumTable } from "../../claims/spectrum-table.ts";
import { overSeeds } from "../../core/intervals.ts";
import type { Row } from "../../experiment.ts";
import { LEVELS } from "./agents.ts";
import { conditionOf, crossing } from "./measure.ts";
import { disagreements, pairsOf, tradeOff } from "./table.ts";

const row = (condition: string, perSeed: Record<string, number[]>): Row => ({
  condition,
  perSeed,
  quantities: Object.fromEntries(Object.entries(perSeed).map(([name, values]) => [name, overSeeds(values)])),
});
const jitter = (center: number) => Array.from({ length: 8 }, (_, seed) => center + 0.001 * seed);

/** Rows as if the levels were ordered so, by their place among the four. */
function planted(placeOf: (index: number) => number, reach = 2): Row[] {
  return ["one", "two"].flatMap((world) =>
    LEVELS.flatMap((level, index) => {
      const place = placeOf(index);
      const change = (name: string, removed: number, size: number) =>
        row(conditionOf(world, level, name), {
          removed: jitter(removed),
          sufficient: jitter(0).map(() => Number(removed >= 0.5)),
          data: jitter(size).map((value) => Math.round(value * 100) / 100),
          specification: jitter(0).map(() => 0),
          compute: jitter(0).map(() => size),
          pipeline: jitter(0).map(() => 0.2),
        });
      return [
        row(conditionOf(world, level), {
          unwanted: jitter(0.6),
          speed: jitter(8 + place),
          reached: jitter(0).map(() => (place === 3 ? 0 : 1)),
          control: jitter(4 - place),
          power: jitter(0.9 - 0.2 * place),
          episodes: jitter(place),
        }),
        change("fine-tune", place < reach ? 0.9 : 0.1, 0.1 + 0.1 * place),
        change("edit-activations", 0.8, 0.2 + 0.1 * place),
      ];
    }),
  );
}

test("the claimed order is found in every column, and the claim is supported", () => {
  const rows = planted((index) => index);
  const pairs = pairsOf(rows);
  expect(pairs.length).toBe(2 * 4 * 6);
  expect(pairs.filter(({ agreement }) => agreement !== "as claimed")).toEqual([]);
  expect(disagreements(rows)).toEqual([]);
  expect(tradeOff(pairs)).toEqual({ decided: 12, slower: 12, lessControllable: 12 });
  expect(spectrumTable.judge(rows).outcome).toBe("supported");
});

test("the reverse order is opposite everywhere, with a sentence on every pair", () => {
  const rows = planted((index) => 3 - index);
  expect(pairsOf(rows).every(({ agreement }) => agreement === "opposite")).toBe(true);
  const sentences = disagreements(rows);
  expect(sentences.length).toBe(48);
  expect(sentences[0]).toMatch(/one, speed: goal is faster than data, and was claimed slower/);
  const verdict = spectrumTable.judge(rows);
  expect(verdict.outcome).toBe("contradicted");
  expect(verdict.because).toContain(sentences[47]);
  // Reversed in both columns at once, the trade-off itself holds.
  expect(tradeOff(pairsOf(rows))).toEqual({ decided: 12, slower: 12, lessControllable: 12 });
});

test("levels that are alike are undecided, and the claim inconclusive", () => {
  const rows = planted(() => 1);
  expect(pairsOf(rows).every(({ agreement }) => agreement === "undecided")).toBe(true);
  expect(spectrumTable.judge(rows).outcome).toBe("inconclusive");
});

test("what data and objectives reach decides the claim on mitigations", () => {
  expect(mitigationsByLevel.judge(planted((index) => index)).outcome).toBe("supported");
  expect(mitigationsByLevel.judge(planted((index) => index, 4)).outcome).toBe("contradicted");
  expect(mitigationsByLevel.judge(planted((index) => index, 3)).outcome).toBe("inconclusive");
});

test("a behavior has come to stay at its last crossing", () => {
  const looks = (...shares: number[]) => shares.map((share, i) => ({ frames: 100 * (i + 1), share }));
  expect(crossing(looks(0.2, 0.4, 0.6, 0.9))).toBeCloseTo(250, 12);
  expect(crossing(looks(0.6, 0.4, 0.9))).toBeCloseTo(220, 12);
  expect(crossing(looks(0.6, 0.7))).toBe(100);
  expect(crossing(looks(0.9, 0.4))).toBe(Number.POSITIVE_INFINITY);
});
