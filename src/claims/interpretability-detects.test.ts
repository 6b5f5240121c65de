/** @file The verdict on what internals reveal, on constructed rows. */
import { expect, test } from "vitest";
import { overSeeds, pooledOverSeeds } from "../core/intervals.ts";
import type { Row } from "../experiment.ts";
import { interpretabilityDetects } from "./interpretability-detects.ts";

const SEEDS = [0, 1, 2, 3, 4];

function row(condition: string, called: (seed: number) => number, over: number): Row {
  const perSeed = {
    called: SEEDS.map(called),
    "path-claimed": SEEDS.map(() => 0),
    over: SEEDS.map((seed) => over + 0.01 * seed),
    field: SEEDS.map((seed) => 0.96 + 0.002 * seed),
    "field-observation-3": SEEDS.map((seed) => 0.68 + 0.002 * seed),
    "field-random": SEEDS.map((seed) => 0.55 + 0.002 * seed),
    selectivity: SEEDS.map((seed) => 0.8 + 0.002 * seed),
  };
  const quantities = Object.fromEntries(Object.entries(perSeed).map(([name, values]) => [name, overSeeds(values)]));
  const pooled = pooledOverSeeds(perSeed.over.map((value) => [value, value]));
  return { condition, perSeed, quantities: { ...quantities, "over-pooled": pooled } };
}

const yes = () => 1;
const no = () => 0;
const rows = (change: Readonly<Record<string, Row>> = {}): Row[] =>
  [
    row("thinker", no, 0.5),
    row("planted", yes, 0.7),
    row("planted-unrolled", yes, 0.7),
    row("tied-reflex", no, 0.1),
    row("untrained", no, 0),
  ].map((each) => change[each.condition] ?? each);

const judge = interpretabilityDetects.judge;

test("supported where every planted planner is called, no control is, and the write surely turns thinkers", () => {
  const { outcome, because, ours } = judge(rows());
  expect(outcome).toBe("supported");
  expect(because).toContain("meets its marks");
  expect(ours).toContain("planted-unrolled: called 5 of 5");
});

test.each<[string, Row, RegExp]>([
  ["one planted planner is missed", row("planted", (seed) => Number(seed !== 2), 0.7), /planted is called .* 4 of 5/],
  ["one reflex is called", row("tied-reflex", (seed) => Number(seed === 2), 0.1), /control tied-reflex .* 1 of 5/],
  ["the write is weaker than .3", row("thinker", no, 0.28), /turns thinkers by 0\.30 .*not surely/],
])("inconclusive where %s, and says so", (_, changed, expected) => {
  const { outcome, because } = judge(rows({ [changed.condition]: changed }));
  expect(outcome).toBe("inconclusive");
  expect(because).toMatch(expected);
});

test("inconclusive where not every thinker could be written into", () => {
  const { quantities, ...thinker } = row("thinker", no, 0.5);
  const { "over-pooled": _, ...rest } = quantities;
  const { outcome, because } = judge(rows({ thinker: { ...thinker, quantities: rest } }));
  expect(outcome).toBe("inconclusive");
  expect(because).toMatch(/not every thinker could be written into/);
});

test("contradicted where controls are called as often as planted planners", () => {
  const changed = { "tied-reflex": row("tied-reflex", yes, 0.1), untrained: row("untrained", yes, 0) };
  expect(judge(rows(changed)).outcome).toBe("contradicted");
});

test("whether thinkers are called does not decide, and marks that are missed are said", () => {
  const thinker = row("thinker", yes, 0.5);
  const worse = { ...thinker, quantities: { ...thinker.quantities, "field-random": overSeeds([0.64, 0.65, 0.66]) } };
  const { outcome, because } = judge(rows({ thinker: worse }));
  expect(outcome).toBe("supported");
  expect(because).toMatch(/misses its marks .* 5 of 5 thinkers are called/);
});
