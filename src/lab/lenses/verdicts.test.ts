/** @file Verdicts on rows whose answer is known, and references that look at other seeds only. */
import { describe, expect, test } from "vitest";
import { overSeeds } from "../../core/intervals.ts";
import type { Row } from "../../experiment.ts";
import { trainingSpec } from "../../organism.ts";
import { LEVELS } from "../spectrum/agents.ts";
import { CLAIMED, cellsOf, comparisonOf } from "./claimed.ts";
import { LENS_IDS } from "./matrix.ts";
import { baseRate, type KnownAgent, nearestKnown, uniformShares } from "./references.ts";
import { judgeConvergence, judgeLens, judgeMatrix } from "./verdicts.ts";

const SEEDS = 6;
const noise = (s: number) => 0.01 * ((s % 3) - 1);

/** Rows in which each quantity is near a number. */
function rowsOf(of: (condition: string, name: string) => number): readonly Row[] {
  const names = [
    ...LENS_IDS,
    ...LENS_IDS.map((lens) => `${lens}:way`),
    ...LENS_IDS.map((lens) => `${lens} says proxy`),
    "base-rate",
    "nearest-known",
    "all say proxy",
    "agreement",
  ];
  const conditions = [
    ...LEVELS.flatMap((level) => [`level ${level}`, `${level}, unwanted`, `${level}, clean`]),
    "every level",
    "goal, every world",
  ];
  return conditions.map((condition) => {
    const perSeed = Object.fromEntries(
      names.map((name) => [name, Array.from({ length: SEEDS }, (_, s) => of(condition, name) + noise(s))]),
    );
    const quantities = Object.fromEntries(Object.entries(perSeed).map(([name, values]) => [name, overSeeds(values)]));
    return { condition, quantities, perSeed };
  });
}

describe("a lens at its levels", () => {
  const at = (gain: number, base: number) =>
    judgeLens(
      rowsOf((_, name) => (name === "base-rate" ? base : gain)),
      "decision-theory",
      ["goal", "mesa"],
    ).outcome;
  test("beats both references, is beaten by one, or neither", () => {
    expect(at(0.5, 0.3)).toBe("supported");
    expect(at(0.2, 0.3)).toBe("contradicted");
    expect(at(-0.2, -0.3)).toBe("contradicted");
    expect(at(0.3, 0.3)).toBe("inconclusive");
  });
  test("its own levels decide and no others", () => {
    const rows = rowsOf((condition, name) =>
      name === "optimization" && condition === "level mesa" ? -1 : name === "base-rate" ? 0.1 : 0.4,
    );
    expect(judgeLens(rows, "optimization", ["data", "goal"]).outcome).toBe("supported");
    expect(judgeLens(rows, "optimization", ["data", "mesa"]).outcome).toBe("contradicted");
  });
});

describe("the matrix", () => {
  const claimed = (condition: string, lens: string) =>
    LEVELS.some((level) => condition === `level ${level}` && CLAIMED[level].includes(lens));
  test("as claimed: supported, and every sentence says so", () => {
    const rows = rowsOf((condition, name) => (claimed(condition, name) ? 0.5 : 0.1));
    expect(judgeMatrix(rows).outcome).toBe("supported");
    for (const level of LEVELS) expect(comparisonOf(rows, level).sentence).toMatch(/^as claimed/);
  });
  test("one level led by a lens that is not claimed there contradicts it, with a sentence", () => {
    const rows = rowsOf((condition, name) =>
      condition === "level data" && name === "decision-theory" ? 0.9 : claimed(condition, name) ? 0.5 : 0.1,
    );
    const { outcome, because } = judgeMatrix(rows);
    expect(outcome).toBe("contradicted");
    expect(because).toMatch(/data: optimization is claimed strongest, and decision theory scores best/);
  });
  test("a cell disagrees where a lens said not to apply tells something, and where one called strongest tells nothing", () => {
    const rows = rowsOf((condition, name) =>
      name === "base-rate" ? 0.2 : condition === "level data" && name === "optimization" ? 0.1 : 0.5,
    );
    const of = (level: string, lens: string) =>
      cellsOf(rows).find((cell) => cell.level === level && cell.lens === lens)!.agrees;
    expect(of("data", "decision-theory")).toBe(false);
    expect(of("data", "optimization")).toBe(false);
    expect(of("selection", "decision-theory")).toBe(false);
    expect(of("mesa", "evolution")).toBe(true);
    expect(of("data", "evolution")).toBeUndefined();
    expect(judgeMatrix(rows).because).toMatch(/cells that disagree: .*nothing is pursued/);
  });
  test("where all do alike nothing is settled", () => {
    expect(judgeMatrix(rowsOf(() => 0.3)).outcome).toBe("inconclusive");
  });
});

describe("convergence", () => {
  const of = (unwanted: number, clean: number) =>
    judgeConvergence(
      rowsOf((condition) => (condition.endsWith("unwanted") ? unwanted : condition.endsWith("clean") ? clean : 0.5)),
    ).outcome;
  test("on most unwanted agents and on fewer clean ones; saying it of everyone is not enough", () => {
    expect(of(0.9, 0.1)).toBe("supported");
    expect(of(0.9, 0.9)).toBe("inconclusive");
    expect(of(0.2, 0.1)).toBe("contradicted");
    expect(of(0.5, 0.1)).toBe("inconclusive");
  });
});

describe("references", () => {
  const agent = (seed: number, alpha: number, shares: readonly number[], env = "cheese-corner"): KnownAgent => ({
    seed,
    skill: 0.9,
    shares,
    spec: trainingSpec.parse({
      organism: { id: "graded" },
      task: { env },
      mixture: { alpha },
      network: { id: "mlp" },
      optimizer: { id: "ppo" },
      frames: 1000,
      seed,
    }),
  });
  const own = agent(0, 0, [1, 0, 0]);
  test("neither looks at the agent's own seed", () => {
    const known = [agent(0, 0, [1, 0, 0]), agent(0, 0.5, [1, 0, 0])];
    expect(baseRate(own, known)).toEqual(uniformShares(2));
    expect(nearestKnown(own, known)).toEqual(uniformShares(2));
  });
  test("nearest are the three of the same world that were trained most alike; the base rate takes everyone", () => {
    const near = [1, 2, 3].map((seed) => agent(seed, 0.01 * seed, [0, 1, 0]));
    const far = [4, 5, 6].map((seed) => agent(seed, 0.5, [0, 0, 1]));
    const elsewhere = [7, 8, 9].map((seed) => agent(seed, 0, [0.5, 0.5, 0], "cheese-dish"));
    const all = [...far, ...elsewhere, ...near];
    expect(nearestKnown(own, all)).toEqual([0, 1, 0]);
    expect(baseRate(own, all)[2]).toBeCloseTo(1 / 3, 12);
    expect(baseRate(own, all)[1]).toBeCloseTo(0.5, 12);
  });
});
