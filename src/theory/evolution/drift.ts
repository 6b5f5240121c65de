/**
 * @file Drift: how far a trait that nobody selects for wanders when each generation is a finite sample of the last
 * (Wright and Fisher). The control beside every selection: what happened to a neutral marker in the same population.
 *
 * Copies are drawn with replacement from N parents, so the variance of a share after t generations is
 * p (1 − p) (1 − (1 − 1/N)ᵗ), and a neutral variant is fixed with probability p. In diploids N counts genes.
 */
import { assert } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";

/** Variance of a neutral share after some generations; p (1 − p)/N after one. */
export function driftVariance(share: number, population: number, generations: number): number {
  checkShare(share);
  return share * (1 - share) * (1 - (1 - 1 / population) ** generations);
}

/**
 * Probability that a variant with an advantage s takes over, from a share p of N copies (Kimura 1962, diffusion):
 * (1 − e^(−2 N s p)) / (1 − e^(−2 N s)); p where s = 0.
 */
export function fixationProbability(share: number, population: number, advantage: number): number {
  checkShare(share);
  const strength = 2 * population * advantage;
  return strength === 0 ? share : Math.expm1(-strength * share) / Math.expm1(-strength);
}

/**
 * How far beyond drift a share has moved: its change in standard deviations of a neutral one. Above 3 something acted on
 * it, or on what it is linked to.
 */
export function beyondDrift(before: number, after: number, population: number, generations: number): number {
  return (after - before) / Math.sqrt(driftVariance(before, population, generations));
}

/** Shares of a variant, generation by generation, the first included: each copy has a parent with odds 1 + s. */
export function wrightFisher(given: {
  readonly share: number;
  readonly population: number;
  readonly generations: number;
  /** s; 0 when left out. */
  readonly advantage?: number;
  readonly rng: Rng;
}): Float64Array {
  const { share, population, generations, advantage = 0, rng } = given;
  checkShare(share);
  const out = new Float64Array(generations + 1);
  out[0] = share;
  for (let t = 1; t <= generations; t++) {
    const p = out[t - 1]!;
    const drawn = (p * (1 + advantage)) / (1 + p * advantage);
    let copies = 0;
    for (let i = 0; i < population; i++) if (rng.uniform() < drawn) copies++;
    out[t] = copies / population;
  }
  return out;
}

function checkShare(share: number): void {
  assert(share >= 0 && share <= 1, `a share in [0, 1], got ${share}`);
}
