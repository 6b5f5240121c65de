/** @file The order and the words of outcomes in a table. */
import { expect, test } from "vitest";
import { canonicalJson } from "../core/json.ts";
import type { Row } from "../experiment.ts";
import { explainOutcomes, quantityNames, rowFamilies } from "./outcomes.ts";

const estimate = { mean: 0.5, low: 0.4, high: 0.6, n: 5, unit: "seeds" } as const;
const row = (...names: readonly string[]): Row => ({
  condition: "any",
  quantities: Object.fromEntries(names.map((name) => [name, estimate])),
  perSeed: {},
});

test("a stored record lists its quantities in the order of the run", () => {
  const rows = [row("on", "off", "goal", "proxy", "neither", "bits")];
  const stored = JSON.parse(canonicalJson(rows as never)) as readonly Row[];
  expect(Object.keys(stored[0]!.quantities)[0]).toBe("bits");
  expect(quantityNames(stored)).toEqual(["on", "off", "goal", "proxy", "neither", "bits"]);
  expect(quantityNames(rows)).toEqual(quantityNames(stored));
});

test("only the outcomes that a table has are explained", () => {
  expect(explainOutcomes(["bits"])).toBe("");
  expect(explainOutcomes(["bits", "neither"])).toBe("neither: share of those levels on which nothing was served.");
  expect(explainOutcomes(["on"])).toMatch(/^on: share of the attainable return/);
});

test("rows without a common quantity stand apart, those with one together, by way of others too", () => {
  const rows = [row("on"), row("alpha"), row("on", "off"), row("beta"), row("alpha", "gamma")];
  expect(rowFamilies(rows)).toEqual([[rows[0], rows[2]], [rows[1], rows[4]], [rows[3]]]);
  const bridged = [row("on"), row("alpha"), row("on", "alpha")];
  expect(rowFamilies(bridged)).toEqual([bridged]);
  expect(rowFamilies([])).toEqual([]);
});
