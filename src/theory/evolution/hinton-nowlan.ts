/**
 * @file Learning that guides evolution (Hinton and Nowlan 1987, "How learning can guide evolution"): a needle in a
 * haystack that only learners find, and what evolution then writes into the genome.
 *
 * Genomes are loci that are right, wrong, or left open; whoever has no wrong locus guesses its open
 * ones anew in each trial of its life. Fitness is 1 + 19 n / T, n trials being left when all are
 * right. Parents in proportion to fitness, one crossover point, no mutation.
 *
 * What the original shows is selection for the ability to learn; that all loci become inborn is a
 * separate matter (Fontanari and Santos 2017), so their share is reported apart.
 */
import { assert } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";

/** State of a locus. */
const [WRONG, RIGHT, OPEN] = [0, 1, 2] as const;

export interface HintonNowlanOptions {
  readonly loci?: number;
  readonly population?: number;
  /** T, trials in a life; 0 is the control without learning, in which only an inborn match counts. */
  readonly trials?: number;
  readonly generations: number;
  /** Fitness of a learner from the share of its trials that are left on success; default 1 + 19 × share. */
  readonly worth?: (left: number) => number;
  readonly rng: Rng;
}

const speedPays = (left: number) => 1 + 19 * left;

/** Shares over all loci of a population; they sum to 1. */
export interface AlleleShares {
  readonly wrong: number;
  readonly right: number;
  readonly open: number;
  /** Share of individuals that are right at every locus from birth. */
  readonly inborn: number;
}

/** Probability that a founder has no wrong locus, (3/4)^loci: founders are right, wrong, open with ¼, ¼, ½. */
export const founderWithoutWrong = (loci: number): number => 0.75 ** loci;

/**
 * Expected fitness with `open` open loci and no wrong one: a trial succeeds with p = 2^−open, and n = T − t for the
 * first success at trial t,
 *
 *     E = 1 + (19/T) Σ_{t=1..T} (T − t) p (1 − p)^(t−1) = 1 + 19 − (19/T) (1 − (1 − p)^T)/p
 *
 * With nothing open no trial is needed: n = T, fitness 20. (The original leaves open whether the first guess costs a
 * trial; it does here, for learners only.)
 */
export function learnerFitness(open: number, trials: number): number {
  if (open === 0) return 20;
  if (trials === 0) return 1;
  const p = 2 ** -open;
  return 20 - (19 / trials) * (-Math.expm1(trials * Math.log1p(-p)) / p);
}

/** Shares in each generation, the founders first: `generations + 1` entries. */
export function hintonNowlan(options: HintonNowlanOptions): readonly AlleleShares[] {
  const { loci = 20, population = 1000, trials = 1000, generations, worth = speedPays, rng } = options;
  assert(loci >= 2 && population >= 2, `at least two loci and two individuals, got ${loci} and ${population}`);
  let genomes = new Uint8Array(population * loci);
  for (let i = 0; i < genomes.length; i++) {
    const draw = rng.int(4);
    genomes[i] = draw === 0 ? WRONG : draw === 1 ? RIGHT : OPEN;
  }
  const history = [sharesOf(genomes, loci)];
  const cumulative = new Float64Array(population);
  for (let generation = 0; generation < generations; generation++) {
    let total = 0;
    for (let i = 0; i < population; i++) {
      total += fitness(genomes.subarray(i * loci, (i + 1) * loci), trials, worth, rng);
      cumulative[i] = total;
    }
    const next = new Uint8Array(population * loci);
    for (let child = 0; child < population; child++) {
      const [mother, father] = [pick(cumulative, rng), pick(cumulative, rng)];
      const cut = 1 + rng.int(loci - 1);
      next.set(genomes.subarray(mother * loci, mother * loci + cut), child * loci);
      next.set(genomes.subarray(father * loci + cut, (father + 1) * loci), child * loci + cut);
    }
    genomes = next;
    history.push(sharesOf(genomes, loci));
  }
  return history;
}

/** Fitness of one life. */
function fitness(genome: Uint8Array, trials: number, worth: (left: number) => number, rng: Rng): number {
  let open = 0;
  for (const locus of genome) {
    if (locus === WRONG) return 1;
    if (locus === OPEN) open++;
  }
  if (open === 0) return worth(1);
  if (trials === 0) return 1;
  // Trial of the first success, geometric, by inversion.
  const first = Math.ceil(Math.log1p(-rng.uniform()) / Math.log1p(-(2 ** -open)));
  return first > trials ? 1 : worth((trials - Math.max(1, first)) / trials);
}

/** An index with probability in proportion to its weight, from running totals. */
function pick(cumulative: Float64Array, rng: Rng): number {
  const at = rng.uniform() * cumulative[cumulative.length - 1]!;
  let [low, high] = [0, cumulative.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle]! > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

function sharesOf(genomes: Uint8Array, loci: number): AlleleShares {
  const counts = [0, 0, 0];
  let inborn = 0;
  for (let from = 0; from < genomes.length; from += loci) {
    let right = 0;
    for (let i = from; i < from + loci; i++) {
      counts[genomes[i]!]!++;
      if (genomes[i] === RIGHT) right++;
    }
    if (right === loci) inborn++;
  }
  const n = genomes.length;
  return {
    wrong: counts[WRONG]! / n,
    right: counts[RIGHT]! / n,
    open: counts[OPEN]! / n,
    inborn: (inborn * loci) / n,
  };
}
