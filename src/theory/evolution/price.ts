/**
 * @file The Price equation (1970, 1972): the change of a trait's mean from one generation to the next, split exactly into
 * what selection does and what transmission does, at one level or at two.
 *
 *     Δz̄ = Cov(w, z)/w̄ + E[w (z′ − z)]/w̄
 *
 * An identity of bookkeeping: it holds for every population and explains nothing by itself.
 */
import { assert } from "../../core/errors.ts";

/** Parents, with what became of them; all arrays `[n]`. */
export interface Generation {
  /** Trait of each parent. */
  readonly trait: ArrayLike<number>;
  /** Offspring of each parent (or any measure of success), at least 0. */
  readonly fitness: ArrayLike<number>;
  /** Mean trait of each parent's offspring; what is written for a parent without offspring does not count. */
  readonly offspringTrait: ArrayLike<number>;
  /** How many there are of each kind of parent, up to scale; default: one each. */
  readonly weight?: ArrayLike<number>;
}

/** The terms, in units of the trait. They sum to `change`. */
export interface Change {
  /** Cov(w, z)/w̄, the covariance over all parents (not a sample's estimate). */
  readonly selection: number;
  /** E[w (z′ − z)]/w̄. */
  readonly transmission: number;
  /** Mean trait of offspring − mean trait of parents. */
  readonly change: number;
  readonly meanFitness: number;
}

/** The two terms of the Price equation. */
export function priceEquation(generation: Generation): Change {
  const { trait, fitness, offspringTrait } = generation;
  const share = shares(generation);
  let [w, z, wz, moved] = [0, 0, 0, 0];
  for (let i = 0; i < share.length; i++) {
    const p = share[i]!;
    w += p * fitness[i]!;
    z += p * trait[i]!;
    wz += p * fitness[i]! * trait[i]!;
    if (fitness[i]! > 0) moved += p * fitness[i]! * (offspringTrait[i]! - trait[i]!);
  }
  assert(w > 0, "some offspring");
  const selection = (wz - w * z) / w;
  return { selection, transmission: moved / w, change: selection + moved / w, meanFitness: w };
}

/** As {@link Change}, with selection split into that of groups and that within them. */
export interface MultilevelChange extends Change {
  /** Cov(W, Z)/w̄ over groups by their size: W and Z the mean fitness and trait of a group. */
  readonly between: number;
  /** E[Cov_g(w, z)]/w̄: mean over groups of the covariance inside. */
  readonly within: number;
}

/**
 * The Price equation at two levels. Selection between groups and within them may have opposite signs, as for altruists
 * (Simpson's paradox); `between + within` is the selection of {@link priceEquation}.
 *
 * Source: Price 1972, Extension of covariance selection mathematics; Hamilton 1975.
 *
 * @param group of each parent, `[n]`
 */
export function multilevelPrice(generation: Generation, group: ArrayLike<number>): MultilevelChange {
  const { trait, fitness } = generation;
  assert(group.length === trait.length, "a group for each parent");
  const whole = priceEquation(generation);
  const share = shares(generation);
  const sums = new Map<number, { p: number; w: number; z: number; wz: number }>();
  for (let i = 0; i < share.length; i++) {
    const sum = sums.get(group[i]!) ?? { p: 0, w: 0, z: 0, wz: 0 };
    sums.set(group[i]!, sum);
    sum.p += share[i]!;
    sum.w += share[i]! * fitness[i]!;
    sum.z += share[i]! * trait[i]!;
    sum.wz += share[i]! * fitness[i]! * trait[i]!;
  }
  let [within, pooled, mean] = [0, 0, 0];
  for (const { p, w, z, wz } of sums.values()) {
    if (p === 0) continue;
    within += wz - (w * z) / p;
    pooled += (w * z) / p;
    mean += z;
  }
  return {
    ...whole,
    between: (pooled - whole.meanFitness * mean) / whole.meanFitness,
    within: within / whole.meanFitness,
  };
}

function shares({ trait, fitness, offspringTrait, weight }: Generation): Float64Array {
  const n = trait.length;
  assert(n > 0 && fitness.length === n && offspringTrait.length === n, "one fitness and one outcome for each parent");
  assert(weight === undefined || weight.length === n, "one weight for each parent");
  const out = Float64Array.from({ length: n }, (_, i) => (weight ? weight[i]! : 1));
  const total = out.reduce((sum, each) => sum + each, 0);
  for (let i = 0; i < n; i++) assert(out[i]! >= 0 && fitness[i]! >= 0, `weight and fitness of parent ${i} at least 0`);
  assert(total > 0, "some parents");
  return out.map((each) => each / total);
}
