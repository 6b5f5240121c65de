/**
 * @file Which functions random weights compute: P(f) over an initialization, the posterior it
 * implies on data, and a bias-free perceptron for which it is known exactly.
 *
 * P_B(f | S) = P(f) 1[f fits S] / P(S): what learning would give if an optimizer were a random
 * search (Mingard et al. 2020, arXiv:2006.15191). Comparing it with where an optimizer ends says
 * how much of the outcome the prior already explains.
 *
 * Source: Valle-Pérez, Camargo and Louis 2018, arXiv:1805.08522; Mingard et al. 2019,
 * arXiv:1909.11522.
 */
import { assert } from "../../core/errors.ts";
import type { Estimate } from "../../core/estimate.ts";
import { wilson } from "../../core/intervals.ts";
import type { Rng } from "../../core/rng.ts";

/**
 * How many of the 2ⁿ inputs x in {0, 1}ⁿ a perceptron without bias says 1 to: #{x: w·x > 0}.
 *
 * @param weights `[n]`, n at most 20
 */
export function perceptronOnes(weights: ArrayLike<number>): number {
  const n = weights.length;
  assert(n <= 20, `at most 20 inputs, got ${n}`);
  const sums = new Float64Array(2 ** n);
  let ones = 0;
  for (let x = 1; x < sums.length; x++) {
    // Each sum from the one without its lowest bit.
    sums[x] = sums[x & (x - 1)]! + weights[31 - Math.clz32(x & -x)]!;
    if (sums[x]! > 0) ones++;
  }
  return ones;
}

/**
 * The law of t = {@link perceptronOnes} for weights whose signs are symmetric, by enumeration of
 * all 2ⁿ signs of given magnitudes, `[2ⁿ]`: exactly 2⁻ⁿ for every t from 0 to 2ⁿ − 1 where no two
 * subsets of the magnitudes have one sum. Hence P(t) = 2⁻ⁿ for every symmetric law without ties.
 *
 * (With N the set of negative weights, w·x > 0 says that a subset sum exceeds that of N, so t is
 * the rank of N among all 2ⁿ subset sums.)
 */
export function onesOverSigns(magnitudes: ArrayLike<number>): Float64Array {
  const n = magnitudes.length;
  const out = new Float64Array(2 ** n);
  for (let signs = 0; signs < out.length; signs++) {
    out[perceptronOnes(Array.from(magnitudes, (each, i) => ((signs >> i) & 1 ? -each : each)))]! += 1 / out.length;
  }
  return out;
}

/** How often random weights computed each function. */
export interface FunctionPrior {
  /** Draws by function label. */
  readonly counts: ReadonlyMap<string, number>;
  readonly draws: number;
}

/**
 * P(f) by sampling.
 *
 * @param draw the label of a randomly initialized function, such as its outputs on a fixed set
 */
export function sampleFunctions(
  draw: (rng: Rng) => string,
  options: { readonly draws: number; readonly rng: Rng },
): FunctionPrior {
  const counts = new Map<string, number>();
  for (let i = 0; i < options.draws; i++) {
    const label = draw(options.rng);
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return { counts, draws: options.draws };
}

/** P(f) with Wilson's interval; a function that never came up has an upper limit, not probability 0. */
export function priorOf({ counts, draws }: FunctionPrior, label: string): Estimate {
  return wilson(counts.get(label) ?? 0, draws, "agents");
}

/** P_B(f | S): the draws that fit, renormalized. Undefined where none fits: the prior was sampled too little. */
export function functionPosterior(prior: FunctionPrior, fits: (label: string) => boolean): FunctionPrior | undefined {
  const counts = new Map([...prior.counts].filter(([label]) => fits(label)));
  const draws = [...counts.values()].reduce((sum, each) => sum + each, 0);
  return draws === 0 ? undefined : { counts, draws };
}

/** How a law over functions that training gives compares with the one that random weights give. */
export interface FunctionLawComparison {
  /** Pearson's correlation of ln P over functions that both found; NaN for fewer than three. */
  readonly correlation: number;
  /** Least-squares slope of ln P_train on ln P_random over the same; 1 where training only samples. */
  readonly slope: number;
  /** KL(P_train ‖ P_random), nats, with `pseudo` draws added to every function that either found. */
  readonly kl: number;
  /** Functions that both found at least `least` times. */
  readonly shared: number;
  /** Share of training runs that ended at such a function: what the comparison is about. */
  readonly covered: number;
}

/**
 * P_OPT(f | S) against P_B(f | S): function by function on logarithmic scales (Mingard et al. 2021, arXiv:2006.15191).
 * Functions that one side found fewer than `least` times are noise on that scale and left out; `covered` says how much
 * that leaves.
 *
 * @param random {@link functionPosterior}
 * @param trained end points of training runs that fit the same data
 */
export function compareFunctionLaws(
  random: FunctionPrior,
  trained: FunctionPrior,
  { least = 5, pseudo = 0.5 }: { readonly least?: number; readonly pseudo?: number } = {},
): FunctionLawComparison {
  const labels = [...new Set([...random.counts.keys(), ...trained.counts.keys()])];
  const of = (law: FunctionPrior, label: string) => law.counts.get(label) ?? 0;
  const shared = labels.filter((label) => Math.min(of(random, label), of(trained, label)) >= least);
  const x = shared.map((label) => Math.log(of(random, label) / random.draws));
  const y = shared.map((label) => Math.log(of(trained, label) / trained.draws));
  const [mx, my] = [x, y].map((each) => each.reduce((sum, value) => sum + value, 0) / each.length) as [number, number];
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    xy += (x[i]! - mx) * (y[i]! - my);
    xx += (x[i]! - mx) ** 2;
    yy += (y[i]! - my) ** 2;
  }
  const smooth = (law: FunctionPrior, label: string) =>
    (of(law, label) + pseudo) / (law.draws + pseudo * labels.length);
  let kl = 0;
  for (const label of labels) {
    const p = smooth(trained, label);
    kl += p * Math.log(p / smooth(random, label));
  }
  return {
    correlation: shared.length < 3 ? Number.NaN : xy / Math.sqrt(xx * yy),
    slope: shared.length < 3 ? Number.NaN : xy / xx,
    kl,
    shared: shared.length,
    covered: shared.reduce((sum, label) => sum + of(trained, label), 0) / trained.draws,
  };
}

/**
 * Lempel and Ziv's 1976 complexity of a string: how many phrases of its exhaustive history.
 * Simplicity bias is P(f) ≲ 2^(−a K(f) + b) with K a multiple of it (Dingle et al. 2018).
 *
 * @example
 * lempelZivComplexity("0001101001000101"); // => 6
 */
export function lempelZivComplexity(text: string): number {
  let phrases = 0;
  for (let from = 0; from < text.length; phrases++) {
    let length = 1;
    // The longest phrase that can be copied from what lies before its own last symbol.
    while (from + length <= text.length && text.slice(0, from + length - 1).includes(text.slice(from, from + length))) {
      length++;
    }
    from += length;
  }
  return phrases;
}
