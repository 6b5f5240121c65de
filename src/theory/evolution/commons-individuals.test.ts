/** @file Individuals on a commons against the differential equations of their limit. */
import { expect, test } from "vitest";
import { rng } from "../../core/rng.ts";
import { sampledMean } from "../numerics/sampled.ts";
import { commonsIndividuals } from "./commons-individuals.ts";
import { type Commons, extinctionThreshold, interiorEquilibrium } from "./evolutionary-suicide.ts";

const commons: Commons = { growth: 1, threshold: 0.2, capacity: 1, conversion: 0.5, death: 0.2 };
const still = { scale: 500, mutation: 0, deviation: 0, time: 300, step: 0.05 };

test("without mutants the stocks stay at the equilibrium of their rate", () => {
  const { resource, consumers } = interiorEquilibrium(commons, 0.5);
  const runs = Array.from({ length: 4 }, (_, seed) => commonsIndividuals(commons, { ...still, rate: 0.5 }, rng(seed)));
  expect(runs.every(({ end }) => end === undefined)).toBe(true);
  const late = (series: readonly number[]) =>
    series.slice(20).reduce((sum, each) => sum + each, 0) / (series.length - 20);
  // Demographic noise and steps of finite length move the means by some percent.
  expect(Math.abs(sampledMean(runs.map((run) => late(run.resource))).mean / resource - 1)).toBeLessThan(0.05);
  expect(Math.abs(sampledMean(runs.map((run) => late(run.consumers))).mean / consumers - 1)).toBeLessThan(0.1);
});

test("well beyond the threshold all are gone, well below it none", () => {
  expect(extinctionThreshold(commons, { time: 500, tolerance: 1e-3 })).toBeCloseTo(0.675, 2);
  for (const seed of [1, 2, 3]) {
    expect(commonsIndividuals(commons, { ...still, rate: 0.75 }, rng(seed)).end).toBeLessThan(100);
    expect(commonsIndividuals(commons, { ...still, rate: 0.55 }, rng(seed)).end).toBeUndefined();
  }
});

test("where rates are inherited they rise, and bring the end", () => {
  const { end, lastRate, rates } = commonsIndividuals(
    commons,
    { rate: 0.55, scale: 300, mutation: 0.2, deviation: 0.04, time: 1500 },
    rng(4),
  );
  expect(end).toBeGreaterThan(50);
  expect(rates[0]).toBeCloseTo(0.55, 10);
  expect(lastRate).toBeGreaterThan(0.6);
  expect(lastRate).toBeLessThan(0.72);
});
