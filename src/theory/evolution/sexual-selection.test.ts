/** @file Runaway selection: published equilibria to six digits, conditions, and mistakes that miss them. */
import { describe, expect, test } from "vitest";
import {
  alleles,
  type Haplotypes,
  haplotypes,
  isRunaway,
  type Kirkpatrick,
  kirkpatrickLine,
  kirkpatrickRange,
  kirkpatrickStep,
  type Lande,
  landeEquilibrium,
  landeRate,
  landeStep,
} from "./sexual-selection.ts";

describe("Lande, G = 0.5, ω² = 4, from (0, 0.1)", () => {
  const model = (covariance: number): Lande => ({ variance: 0.5, covariance, width: 4, optimum: 0 });
  const start = { trait: 0, preference: 0.1 };
  const run = (of: Lande, generations: number) => {
    let now = start;
    for (let i = 0; i < generations; i++) now = landeStep(of, now);
    return now;
  };

  test("B = 0.1 ends at (2.0, 0.5), by closed form and by iteration", () => {
    const end = landeEquilibrium(model(0.1), start)!;
    expect(end.trait).toBeCloseTo(2, 12);
    expect(end.preference).toBeCloseTo(0.5, 12);
    const reached = run(model(0.1), 3000);
    expect(reached.trait).toBeCloseTo(2, 10);
    expect(reached.preference).toBeCloseTo(0.5, 10);
    expect(isRunaway(model(0.1))).toBe(false);
  });

  test("B = 0.125 is the border: linear growth; B = 0.2 runs away at 1.0375 a generation", () => {
    expect(landeEquilibrium(model(0.125), start)).toBeUndefined();
    expect(run(model(0.125), 200).trait / run(model(0.125), 100).trait).toBeCloseTo(2, 9);
    expect(isRunaway(model(0.2))).toBe(true);
    expect(landeRate(model(0.2))).toBeCloseTo(1.0375, 12);
    const distance = ({ trait, preference }: typeof start) => preference - trait / 4;
    expect(distance(run(model(0.2), 81)) / distance(run(model(0.2), 80))).toBeCloseTo(1.0375, 10);
    // The path has slope B/G all the way.
    const far = run(model(0.2), 80);
    expect((far.preference - 0.1) / far.trait).toBeCloseTo(0.4, 10);
  });

  test("wrong version: without the half for one sex the end is the same and the rate is not", () => {
    const doubled: Lande = { variance: 1, covariance: 0.4, width: 4, optimum: 0 };
    expect(Math.abs(landeRate(doubled) - 1.0375)).toBeGreaterThan(0.03);
    // And with width for its square the runaway is gone.
    expect(isRunaway({ ...model(0.2), width: 2 })).toBe(false);
  });

  test("an optimum elsewhere shifts the line", () => {
    const shifted = { ...model(0.1), optimum: 3 };
    let now = start;
    for (let i = 0; i < 3000; i++) now = landeStep(shifted, now);
    expect(now.trait).toBeCloseTo(landeEquilibrium(shifted, start)!.trait, 9);
  });
});

describe("Kirkpatrick, s = 0.2, a = 3, r = 0.5", () => {
  const model: Kirkpatrick = { cost: 0.2, preference: 3, recombination: 0.5 };
  const settle = (from: Haplotypes, step: (now: Haplotypes) => Haplotypes = (now) => kirkpatrickStep(model, now)) => {
    let now = from;
    for (let i = 0; i < 6000; i++) now = step(now);
    return alleles(now);
  };

  test.each([
    [0.3, 0.18, 0.328406, 0.182471],
    [0.3, 0.2, 0.565671, 0.223992],
  ])("(%f, %f) ends at (%f, %f), on the line", (t, p, endT, endP) => {
    const end = settle(haplotypes(t, p));
    expect(end.t).toBeCloseTo(endT, 6);
    expect(end.p).toBeCloseTo(endP, 6);
    expect(kirkpatrickLine(model, end.p)).toBeCloseTo(end.t, 9);
  });

  test("linkage disequilibrium 0.019522; outside p in [0.125, 0.300] one trait allele is lost", () => {
    expect(settle(haplotypes(0.3, 0.18)).d).toBeCloseTo(0.019522, 6);
    const [low, high] = kirkpatrickRange(model);
    expect([low, high].map((each) => each.toFixed(3))).toEqual(["0.125", "0.300"]);
    expect(kirkpatrickLine(model, low)).toBeCloseTo(0, 10);
    expect(kirkpatrickLine(model, high)).toBeCloseTo(1, 10);
    expect(settle(haplotypes(0.05, 0.22)).t).toBeCloseTo(1, 6);
    expect(settle(haplotypes(0.6, 0.1)).t).toBeCloseTo(0, 6);
  });

  test("frequencies stay frequencies; without cost and preference alleles stay and disequilibrium halves", () => {
    const neutral = kirkpatrickStep({ cost: 0, preference: 1, recombination: 0.5 }, haplotypes(0.3, 0.4, 0.05));
    const { t, p, d } = alleles(neutral);
    expect(t).toBeCloseTo(0.3, 12);
    expect(p).toBeCloseTo(0.4, 12);
    expect(d).toBeCloseTo(0.025, 12);
    let now = haplotypes(0.3, 0.18);
    for (let i = 0; i < 50; i++) now = kirkpatrickStep(model, now);
    expect(now.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 12);
  });

  test("wrong versions: survivors' frequency read as the zygotes', and choice that does not depend on who is left", () => {
    const { t, p } = settle(haplotypes(0.3, 0.18));
    const survivors = (0.8 * t) / (1 - 0.2 * t);
    expect(Math.abs(survivors - kirkpatrickLine(model, p))).toBeGreaterThan(0.03);
    // Each female weighs males 3 : 1 without dividing by what is on offer, then all is renormalized.
    const careless = (zygotes: Haplotypes): Haplotypes => {
      const next = [0, 0, 0, 0];
      for (let m = 0; m < 4; m++) {
        for (let f = 0; f < 4; f++) {
          const pair = zygotes[m]! * zygotes[f]! * (f >= 2 ? 0.8 : 1) * (m % 2 === 1 && f >= 2 ? 3 : 1);
          next[m]! += pair / 4;
          next[f]! += pair / 4;
          next[(m & 2) | (f & 1)]! += pair / 4;
          next[(f & 2) | (m & 1)]! += pair / 4;
        }
      }
      const total = next.reduce((sum, each) => sum + each);
      return [next[0]! / total, next[1]! / total, next[2]! / total, next[3]! / total];
    };
    expect(Math.abs(settle(haplotypes(0.3, 0.18), careless).t - 0.328406)).toBeGreaterThan(0.05);
  });
});
