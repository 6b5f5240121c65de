/** @file Evolutionary suicide: published thresholds, linear stability by differences, and models in which it does not happen. */
import { describe, expect, test } from "vitest";
import {
  type Commons,
  extinctionThreshold,
  hopfPoint,
  interiorEquilibrium,
  invasionFitness,
  lastEquilibrium,
  runCommons,
  suicideByMutation,
  viableFrom,
} from "./evolutionary-suicide.ts";

const commons: Commons = { growth: 1, threshold: 0.2, capacity: 1, conversion: 0.5, death: 0.2 };
const beside = (rate: number) => {
  const { resource, consumers } = interiorEquilibrium(commons, rate);
  return { resource: 1.001 * resource, consumers };
};

describe("ρ = 1, A = 0.2, K = 1, e = 0.5, δ = 0.2", () => {
  test("viable from 0.4, cycles from 0.6667, equilibrium until 2", () => {
    expect(viableFrom(commons)).toBeCloseTo(0.4, 12);
    expect(hopfPoint(commons)).toBeCloseTo(0.6667, 4);
    expect(lastEquilibrium(commons)).toBeCloseTo(2, 12);
    expect(interiorEquilibrium(commons, lastEquilibrium(commons)).consumers).toBeCloseTo(0, 12);
  });

  test("at the Hopf point the trace of the Jacobian is zero, and its determinant is not", () => {
    const x = hopfPoint(commons);
    const at = interiorEquilibrium(commons, x);
    const flow = (r: number, n: number) => [r * (r / 0.2 - 1) * (1 - r) - x * r * n, n * (0.5 * x * r - 0.2)];
    const h = 1e-6;
    const by = (dr: number, dn: number) => {
      const above = flow(at.resource + dr * h, at.consumers + dn * h);
      const below = flow(at.resource - dr * h, at.consumers - dn * h);
      return above.map((each, i) => (each - below[i]!) / (2 * h));
    };
    const [[a, c], [b, d]] = [by(1, 0), by(0, 1)] as [[number, number], [number, number]];
    expect(a + d).toBeCloseTo(0, 6);
    expect(a * d - b * c).toBeGreaterThan(0.05);
    expect(flow(at.resource, at.consumers).every((each) => Math.abs(each) < 1e-12)).toBe(true);
  });

  test("a cycle of R in [0.509, 0.693] at 0.67, extinction from 0.67508", () => {
    const { range } = runCommons(commons, 0.67, beside(0.67), 6000);
    expect(range[0]).toBeCloseTo(0.509, 3);
    expect(Math.abs(range[1] - 0.6932)).toBeLessThan(0.0005); // published as [0.509, 0.693]
    expect(extinctionThreshold(commons, { time: 1000, tolerance: 1e-5 })).toBeCloseTo(0.67508, 4);
    // Half the step, the same verdicts beside the threshold.
    for (const step of [0.05, 0.025]) {
      expect(runCommons(commons, 0.67503, beside(0.67503), 1000, step).isExtinct).toBe(false);
      expect(runCommons(commons, 0.67513, beside(0.67513), 1000, step).isExtinct).toBe(true);
    }
  });

  test("from 0.45 by steps of 0.01: gone with the 23rd substitution, at 0.68", () => {
    const end = suicideByMutation(commons, { rate: 0.45, mutation: 0.01, time: 1000, most: 40 })!;
    expect(end.substitutions).toBe(23);
    expect(end.rate).toBeCloseTo(0.68, 10);
    expect(invasionFitness(commons, 0.67, 0.68)).toBeGreaterThan(0);
    expect(invasionFitness(commons, 0.67, 0.66)).toBeLessThan(0);
  });

  test("what invasion fitness says is the growth of a rare mutant", () => {
    const { resource } = interiorEquilibrium(commons, 0.5);
    expect(0.5 * 0.55 * resource - 0.2).toBeCloseTo(invasionFitness(commons, 0.5, 0.55), 12);
  });

  test("below the Hopf point the equilibrium draws what is near", () => {
    const { range, isExtinct } = runCommons(commons, 0.6, beside(0.6), 3000);
    expect(isExtinct).toBe(false);
    expect(range[1] - range[0]).toBeLessThan(1e-6);
    expect(range[0]).toBeCloseTo(interiorEquilibrium(commons, 0.6).resource, 6);
  });
});

describe("wrong versions", () => {
  test("the end of the equilibrium, or its loss of stability, taken for the end of the population", () => {
    for (const wrong of [lastEquilibrium(commons), hopfPoint(commons)]) {
      expect(Math.abs(wrong - 0.67508)).toBeGreaterThan(0.005);
    }
  });

  test("started on the equilibrium itself, nothing happens", () => {
    expect(runCommons(commons, 0.68, interiorEquilibrium(commons, 0.68), 300).isExtinct).toBe(false);
  });

  test("a resource without a threshold never collapses: the transition has to be discontinuous", () => {
    // R′ = R (1 − R) − x R N: logistic; the equilibrium is stable for every x above 0.4.
    let [r, n] = [0.2, 0.3];
    let least = Infinity;
    for (let i = 0; i < 400_000; i++) {
      const x = Math.min(2, 0.45 + i * 1e-5);
      const [dr, dn] = [r * (1 - r) - x * r * n, n * (0.5 * x * r - 0.2)];
      r += 0.01 * dr;
      n += 0.01 * dn;
      least = Math.min(least, r);
    }
    expect(least).toBeGreaterThan(0.05);
    expect(r).toBeCloseTo(0.2, 2);
  });
});
