/**
 * @file Lives of learners with inherited rewards: what pleases them is in the genome, how to get it they learn.
 *
 * A habitat offers natural options, drawn anew for each life, with features in [0, 1] (a mating cue, sweetness, …) and
 * offspring that depend on the features, and barren ones without either. A circuit r makes an option with features f
 * please by r·f, which is known once it was tried. Who knows nothing explores; later one explores with probability ε,
 * else takes what pleased most. To explore is to try a natural option, or, with probability ι, to invent: one of the
 * barren. A novelty is what nobody's ancestors met: in the place of one barren option, something with features that
 * leaves no offspring.
 */
import { assert } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import { priceEquation } from "./price.ts";

/** What the world offers, and what it pays in offspring. */
export interface Habitat {
  /** φ, offspring for each unit of a feature, `[features]`. */
  readonly worth: readonly number[];
  /** Offspring of a natural option without features; at least −Σ of the negative worths, so that none is below 0. */
  readonly base: number;
  readonly natural: number;
  readonly barren: number;
  /** Features of the novelty, `[features]`; absent where there is none, or none yet. */
  readonly novelty?: readonly number[];
  /** ε, probability that a trial explores. */
  readonly exploration: number;
  /** ι, probability that a trial which explores invents. */
  readonly invention: number;
}

/** Reward for each unit of a feature, `[features]`. */
export type Circuit = ArrayLike<number>;

/** What a life was like; sums over its trials, and what the habitat would have given. */
export interface Life {
  readonly trials: number;
  readonly pleasure: number;
  readonly offspring: number;
  /** Trials spent on the novelty. */
  readonly indulged: number;
  /** What a trial that explores earns on average. */
  readonly chance: { readonly pleasure: number; readonly offspring: number };
  /** Of the natural option that pleases most, and of that which leaves most offspring, for one trial. */
  readonly best: { readonly pleasure: number; readonly offspring: number };
  /** Does the novelty please more than every natural option? False where there is none. */
  readonly isTempted: boolean;
}

/** A life that goes on: `live` may be called again and again. */
export interface Learner {
  live(trials: number): void;
  life(): Life;
  /** A novelty comes into the world, for the learner to find. */
  introduce(novelty: readonly number[]): void;
  /** Does the learner know the novelty, and like it best of what it knows? */
  isHooked(): boolean;
  /** Another shows it the novelty: as good as a trial of it, and costs none. */
  show(): void;
}

/** A newborn in a habitat drawn for it. */
export function newborn(circuit: Circuit, habitat: Habitat, rng: Rng): Learner {
  const { worth, base, natural, barren, novelty, exploration, invention } = habitat;
  assert(natural >= 1 && barren >= 1, `a natural and a barren option at least, got ${natural} and ${barren}`);
  const options = natural + barren;
  const pleasures = new Float64Array(options);
  const children = new Float64Array(options);
  let [sumPleasure, sumChildren, mostPleasing, mostChildren] = [0, 0, -Infinity, -Infinity];
  for (let option = 0; option < natural; option++) {
    children[option] = base;
    for (let j = 0; j < worth.length; j++) {
      const feature = rng.uniform();
      pleasures[option]! += circuit[j]! * feature;
      children[option]! += worth[j]! * feature;
    }
    sumPleasure += pleasures[option]!;
    sumChildren += children[option]!;
    mostPleasing = Math.max(mostPleasing, pleasures[option]!);
    mostChildren = Math.max(mostChildren, children[option]!);
  }
  let isNovel = false;
  const introduce = (features: readonly number[]) => {
    isNovel = true;
    pleasures[natural] = features.reduce((sum, feature, j) => sum + circuit[j]! * feature, 0);
  };
  if (novelty) introduce(novelty);
  const isTempted = () => isNovel && pleasures[natural]! > Math.max(0, mostPleasing);
  let [trials, pleasure, offspring, indulged] = [0, 0, 0, 0];
  let favorite = -1;
  const like = (option: number) => {
    if (favorite < 0 || pleasures[option]! > pleasures[favorite]!) favorite = option;
  };
  const explored = () => (rng.uniform() < invention ? natural + rng.int(barren) : rng.int(natural));
  return {
    live(count) {
      for (let k = 0; k < count; k++) {
        const isExploring = favorite < 0 || rng.uniform() < exploration;
        const option = isExploring ? explored() : favorite;
        pleasure += pleasures[option]!;
        offspring += children[option]!;
        if (isNovel && option === natural) indulged++;
        like(option);
      }
      trials += count;
    },
    introduce,
    isHooked: () => isNovel && favorite === natural,
    show: () => like(natural),
    life: () => ({
      trials,
      pleasure,
      offspring,
      indulged,
      chance: {
        pleasure: ((1 - invention) * sumPleasure) / natural + (invention * pleasures[natural]!) / barren,
        offspring: ((1 - invention) * sumChildren) / natural,
      },
      best: { pleasure: mostPleasing, offspring: mostChildren },
      isTempted: isTempted(),
    }),
  };
}

/**
 * Expected share of trials that a tempted learner spends on the novelty in a life of T trials. The first trial explores
 * and finds it with probability ι/M among M barren options; D(t) is the probability that it is known after t trials:
 *
 *     (1/T) [ι/M + Σ_{t=2..T} ((1 − ε) D(t − 1) + ε ι/M)],   D(t) = 1 − (1 − ι/M)(1 − ε ι/M)^(t − 1)
 */
export function indulgence({ barren, exploration, invention }: Habitat, trials: number): number {
  const first = invention / barren;
  const miss = 1 - exploration * first;
  const later = trials - 1;
  // Σ_{t=1..T−1} miss^(t − 1)
  const series = miss === 1 ? later : -Math.expm1(later * Math.log(miss)) / (1 - miss);
  const known = later - (1 - first) * series;
  return (first + (1 - exploration) * known + exploration * first * later) / trials;
}

/** How circuits are inherited, and selected. */
export interface Inheritance {
  readonly population: number;
  readonly generations: number;
  /** Standard deviation of each weight among founders, whose mean is 0, and of each mutation. */
  readonly founders: number;
  readonly mutation: number;
  /** Trials in a life, and lives that an individual's offspring are counted over. */
  readonly trials: number;
  readonly lives: number;
  /** False: parents are drawn without regard to offspring, the control in which circuits only drift. */
  readonly isSelected: boolean;
}

/** Circuits after evolution, with what selection was seen to do on the way. */
export interface Evolved {
  /** `[population][features]` */
  readonly circuits: readonly Float64Array[];
  /** Mean circuit of each generation, the founders first, `[generations + 1][features]`. */
  readonly means: readonly Float64Array[];
  /**
   * Price's selection term Cov(w, r)/w̄ of each generation, `[generations][features]`, with w from lives of the same
   * individuals that did not count: a prediction of the change to the next generation, not a record of it.
   */
  readonly differentials: readonly Float64Array[];
  /** The founders' covariance with fitness over their variance, `[features]`: the direction seen before any selection. */
  readonly gradient: Float64Array;
}

/** Evolve circuits: parents in proportion to their offspring, one parent a child, normal mutations. */
export function evolveCircuits(habitat: Habitat, inheritance: Inheritance, rng: Rng): Evolved {
  const { population, generations, founders, mutation, trials, lives, isSelected } = inheritance;
  const features = habitat.worth.length;
  let circuits = Array.from({ length: population }, () =>
    Float64Array.from({ length: features }, () => founders * rng.normal()),
  );
  const means = [meanCircuit(circuits)];
  const differentials: Float64Array[] = [];
  const fitness = (circuit: Float64Array) => {
    let sum = 0;
    for (let k = 0; k < lives; k++) {
      const one = newborn(circuit, habitat, rng);
      one.live(trials);
      sum += one.life().offspring;
    }
    return sum;
  };
  let gradient = new Float64Array(features);
  for (let generation = 0; generation < generations; generation++) {
    const held = circuits.map(fitness);
    differentials.push(selectionDifferential(circuits, held));
    if (generation === 0) gradient = differentials[0]!.map((each) => each / founders ** 2);
    const cumulative = new Float64Array(population);
    let total = 0;
    for (const [i, circuit] of circuits.entries()) {
      total += isSelected ? fitness(circuit) : 1;
      cumulative[i] = total;
    }
    circuits = circuits.map(() => {
      const at = rng.uniform() * total;
      const parent = circuits[cumulative.findIndex((upTo) => upTo > at)]!;
      return parent.map((weight) => weight + mutation * rng.normal());
    });
    means.push(meanCircuit(circuits));
  }
  return { circuits, means, differentials, gradient };
}

/** Mean weight of each feature over a population, `[features]`. */
function meanCircuit(circuits: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(circuits[0]!.length);
  for (const circuit of circuits) for (let j = 0; j < mean.length; j++) mean[j]! += circuit[j]! / circuits.length;
  return mean;
}

/** Cov(w, r)/w̄ of each weight, `[features]`: Price's selection term. */
function selectionDifferential(circuits: readonly Float64Array[], fitness: readonly number[]): Float64Array {
  return circuits[0]!.map((_, j) => {
    const trait = circuits.map((circuit) => circuit[j]!);
    return priceEquation({ trait, fitness, offspringTrait: trait }).selection;
  });
}

/** Cosine of the angle between two circuits: what pleases does not depend on their length. 0 where one has none. */
export function cosine(a: Circuit, b: Circuit): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let j = 0; j < a.length; j++) {
    ab += a[j]! * b[j]!;
    aa += a[j]! ** 2;
    bb += b[j]! ** 2;
  }
  return aa * bb === 0 ? 0 : ab / Math.sqrt(aa * bb);
}

/** What lives came to, between chance and the best that the habitat's natural options hold. */
export interface Outlook {
  /** (pleasure − chance)/(most pleasing natural option − chance): above 1 where something pleases more than nature does. */
  readonly satisfaction: number;
  /** The same of offspring. */
  readonly success: number;
  /** Share of trials spent on the novelty in lives that it tempts; 0 where it tempts nobody. */
  readonly indulged: number;
  /** Share of lives in which the novelty pleases most. */
  readonly tempted: number;
}

/**
 * Lives in a habitat, one of each circuit, summed before they are divided. The same `rng` gives the same natural options,
 * with a novelty or without.
 */
export function outlook(circuits: readonly Circuit[], habitat: Habitat, trials: number, rng: Rng): Outlook {
  const gained = { pleasure: 0, offspring: 0 };
  const possible = { pleasure: 0, offspring: 0 };
  let [indulged, tempted] = [0, 0];
  for (const [i, circuit] of circuits.entries()) {
    const learner = newborn(circuit, habitat, rng.fork(i));
    learner.live(trials);
    const life = learner.life();
    for (const what of ["pleasure", "offspring"] as const) {
      gained[what] += life[what] / trials - life.chance[what];
      possible[what] += life.best[what] - life.chance[what];
    }
    if (!life.isTempted) continue;
    indulged += life.indulged / trials;
    tempted++;
  }
  return {
    satisfaction: gained.pleasure / possible.pleasure,
    success: gained.offspring / possible.offspring,
    indulged: indulged / Math.max(1, tempted),
    tempted: tempted / circuits.length,
  };
}
