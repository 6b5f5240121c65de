/** @file Counts of independent rare events. */
import { assert } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";

/** A Poisson draw, by multiplying uniforms (Knuth): takes time in proportion to the mean, at most 500. */
export function poisson(mean: number, rng: Rng): number {
  assert(mean >= 0 && mean <= 500, `a mean from 0 to 500, got ${mean}`);
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = rng.uniform(); product > limit; product *= rng.uniform()) count++;
  return count;
}
