/**
 * @file Kirkpatrick's two loci among individuals: males with the ornament die more often, females who prefer it take them
 * more readily, and an offspring takes each allele from either parent. `sexual-selection.ts` has the recursion of infinitely
 * many; here frequencies drift besides, along the line of equilibria, on which nothing holds them.
 */
import { assert } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import type { Haplotypes, Kirkpatrick } from "./sexual-selection.ts";

/**
 * One generation of a constant number of zygotes, half of them male; frequencies in, frequencies out. Counts of the sexes
 * by haplotype are drawn, so is who survives, and each offspring's mother, father and alleles.
 */
export function mateChoiceGeneration(
  { cost, preference, recombination }: Kirkpatrick,
  zygotes: Haplotypes,
  individuals: number,
  rng: Rng,
): Haplotypes {
  const [females, males] = [
    [0, 0, 0, 0],
    [0, 0, 0, 0],
  ];
  for (let i = 0; i < individuals; i++) {
    const type = drawn(zygotes, rng);
    if (i % 2 === 0) females[type]!++;
    else if (type < 2 || rng.uniform() >= cost) males[type]!++;
  }
  assert(
    males.some((count) => count > 0),
    "a male that survives",
  );
  const preferred = males.map((count, type) => (type >= 2 ? preference * count : count));
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < individuals; i++) {
    const mother = drawn(females, rng);
    const father = drawn(mother % 2 === 1 ? preferred : males, rng);
    const [first, second] = rng.uniform() < 0.5 ? [mother, father] : [father, mother];
    // T of the first, and P of the same parent unless recombination falls between.
    counts[(first & 2) | ((rng.uniform() < recombination ? second : first) & 1)]!++;
  }
  return [counts[0]! / individuals, counts[1]! / individuals, counts[2]! / individuals, counts[3]! / individuals];
}

/** An index with probability in proportion to its weight. */
function drawn(weights: readonly number[], rng: Rng): number {
  let at = rng.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  let type = 0;
  while (type < weights.length - 1 && at >= weights[type]!) at -= weights[type++]!;
  return type;
}
