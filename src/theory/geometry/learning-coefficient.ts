/**
 * @file The local learning coefficient λ: how fast the volume of low loss around a solution shrinks,
 * V(ε) ∝ ε^λ, and so the bits that halving the loss costs a random search.
 *
 *     λ̂ = nβ ( E_{w ~ p_β(·|w*)} L(w) − L(w*) ),   nβ = n / ln n
 *
 * by Langevin dynamics, Δw = −(ε/2)(nβ ∇L + γ (w − w*)) + N(0, ε). Two biases are large and known,
 * and both are given in closed form or by quadrature here, so that a reading can be told from them:
 * the step (a regular direction of curvature h reads ½ / (1 − εh/4) for ½) and finite n (where
 * valleys cross, λ̂ at n = 1000 is far below λ). Order is more trustworthy than value.
 *
 * Source: Lau et al. 2023, arXiv:2308.12108; Watanabe 2013 (WBIC), arXiv:1208.6338; Aoyagi and
 * Watanabe 2005 for reduced rank regression.
 */
import { assert } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import type { Slope } from "../numerics/ascent.ts";
import { type Sampled, sampledMean } from "../numerics/sampled.ts";

export interface LangevinOptions {
  /** nβ, usually n / ln n. */
  readonly inverseTemperature: number;
  /** ε, the variance of the noise of one step. */
  readonly stepSize: number;
  /** γ, the pull back to w*, per unit of log-density. */
  readonly localization?: number;
  /** Coordinates stay within w* ± this, by reflection, which leaves the density inside as it is. */
  readonly box?: number;
  /** Steps of each chain that count. */
  readonly draws: number;
  /** Steps before them. */
  readonly burnIn?: number;
  /** Independent chains: the interval is over these. */
  readonly chains: number;
  /** Accept or reject each step (Metropolis), which removes the bias of the step size. */
  readonly isCorrected?: boolean;
  readonly rng: Rng;
}

/** An estimate of λ with what tells whether to believe it. */
export interface LearningCoefficient {
  /** λ̂ over chains. */
  readonly value: Sampled;
  /** Share of proposals that Metropolis would accept; below 0.9 the step size biases, above 0.99 chains crawl. */
  readonly acceptance: number;
  /** Mean of λ̂ in the second half of the draws less that in the first, in standard errors over chains. */
  readonly drift: number;
  /** Chains that fell below the loss at w*: it is no minimum, or the batch noise is larger than the signal. */
  readonly negativeChains: number;
  /** A chain left for infinity: the step is beyond 4 / (largest curvature of nβ L). */
  readonly isDiverged: boolean;
}

/** λ̂ at `at` by Langevin dynamics on the full loss. */
export function learningCoefficient(
  loss: (at: Float64Array) => Slope,
  at: Float64Array,
  options: LangevinOptions,
): LearningCoefficient {
  const {
    inverseTemperature,
    stepSize,
    localization = 0,
    box,
    draws,
    burnIn = 0,
    chains,
    isCorrected = false,
  } = options;
  assert(chains >= 2 && draws >= 2, `at least two chains of two draws, got ${chains} and ${draws}`);
  const size = at.length;
  const lowest = loss(at).value;
  const values = new Float64Array(chains);
  const drifts = new Float64Array(chains);
  let [accepted, proposals, isDiverged] = [0, 0, false];
  // ½ ε times the gradient of the log-density, and the log-density.
  const push = (w: Float64Array, here: Slope) =>
    here.gradient.map((g, i) => -(stepSize / 2) * (inverseTemperature * g + localization * (w[i]! - at[i]!)));
  const logDensity = (w: Float64Array, here: Slope) =>
    -inverseTemperature * here.value - (localization / 2) * w.reduce((sum, each, i) => sum + (each - at[i]!) ** 2, 0);

  for (let chain = 0; chain < chains; chain++) {
    const rng = options.rng.fork(chain);
    let w = Float64Array.from(at);
    let here = loss(w);
    let drift = push(w, here);
    let [first, second] = [0, 0];
    for (let step = -burnIn; step < draws; step++) {
      const next = new Float64Array(size);
      let forward = 0;
      let isFolded = false;
      for (let i = 0; i < size; i++) {
        const noise = Math.sqrt(stepSize) * rng.normal();
        forward -= noise ** 2 / (2 * stepSize);
        const raw = w[i]! + drift[i]! + noise;
        next[i] = box === undefined ? raw : at[i]! + fold(raw - at[i]!, box);
        isFolded ||= next[i] !== raw;
      }
      const there = loss(next);
      if (!Number.isFinite(there.value)) {
        isDiverged = true;
        break;
      }
      const nextDrift = push(next, there);
      let isAccepted = true;
      // A reflected proposal has several preimages: those steps do not count for the acceptance.
      if (!isFolded) {
        let backward = 0;
        for (let i = 0; i < size; i++) backward -= (w[i]! - next[i]! - nextDrift[i]!) ** 2 / (2 * stepSize);
        const odds = logDensity(next, there) - logDensity(w, here) + backward - forward;
        const chance = Math.min(1, Math.exp(odds));
        accepted += chance;
        proposals++;
        isAccepted = !isCorrected || rng.uniform() < chance;
      } else if (isCorrected) isAccepted = false; // outside the box the density is zero
      if (isAccepted) {
        w = next;
        here = there;
        drift = nextDrift;
      }
      if (step >= 0) {
        if (step < draws / 2) first += here.value - lowest;
        else second += here.value - lowest;
      }
    }
    const early = Math.ceil(draws / 2);
    values[chain] = (inverseTemperature * (first + second)) / draws;
    drifts[chain] = inverseTemperature * (second / (draws - early) - first / early);
  }
  const change = sampledMean(drifts);
  return {
    value: sampledMean(values),
    acceptance: proposals === 0 ? Number.NaN : accepted / proposals,
    drift: change.standardError === 0 ? 0 : change.mean / change.standardError,
    negativeChains: values.reduce((count, each) => count + (each < 0 ? 1 : 0), 0),
    isDiverged,
  };
}

/** A displacement reflected into [−box, box]. */
function fold(x: number, box: number): number {
  if (Math.abs(x) <= box) return x;
  const within = (((x + box) % (4 * box)) + 4 * box) % (4 * box);
  return within <= 2 * box ? within - box : 3 * box - within;
}

/**
 * What one regular direction of curvature h = nβ H contributes under step size ε: ½ / (1 − εh/4), for the ½ it should.
 * Infinite from εh = 4 on, where the chain diverges. Keep εh at most 0.2.
 *
 * (w ← (1 − εh/2) w + N(0, ε) has variance ε / (1 − (1 − εh/2)²), times ½ h.)
 */
export function stepBias(stepSize: number, curvature: number): number {
  const scaled = stepSize * curvature;
  return scaled >= 4 ? Infinity : 0.5 / (1 - scaled / 4);
}

/** λ, and how many valleys meet. */
export interface SingularPoint {
  readonly coefficient: number;
  readonly multiplicity: number;
}

/** Of K = c (w₁^k₁ w₂^k₂)², asymptotically: λ = 1/(2 max k), multiplicity 2 where both are equal. */
export function normalCrossing(k1: number, k2: number): SingularPoint {
  assert(k1 >= 0 && k2 >= 0 && k1 + k2 > 0, `exponents, not both 0, got ${k1} and ${k2}`);
  return { coefficient: 1 / (2 * Math.max(k1, k2)), multiplicity: k1 === k2 ? 2 : 1 };
}

/**
 * The finite-n target: nβ E K under exp(−nβ K), K = scale · (w₁^k₁ w₂^k₂)² on [−1, 1]², by Gauss
 * and Legendre's rule on panels that narrow towards the axes. This, not λ, is what a sampler that
 * is right must read at that nβ.
 */
export function crossingAtTemperature(k1: number, k2: number, inverseTemperature: number, scale = 4): number {
  // K is even in both, so a quarter of the box; w = t³ puts nodes where K is flat.
  const panels = 40;
  const nodes = [-0.906179845938664, -0.5384693101056831, 0, 0.5384693101056831, 0.906179845938664];
  const weights = [0.2369268850561891, 0.4786286704993665, 0.5688888888888889, 0.4786286704993665, 0.2369268850561891];
  const points: (readonly [w: number, weight: number])[] = [];
  for (let p = 0; p < panels; p++) {
    for (let i = 0; i < 5; i++) {
      const t = (p + (1 + nodes[i]!) / 2) / panels;
      points.push([t ** 3, (3 * t * t * weights[i]!) / (2 * panels)]);
    }
  }
  let [total, energy] = [0, 0];
  for (const [a, weightA] of points) {
    for (const [b, weightB] of points) {
      const value = inverseTemperature * scale * (a ** k1 * b ** k2) ** 2;
      const mass = weightA * weightB * Math.exp(-value);
      total += mass;
      energy += mass * value;
    }
  }
  return energy / total;
}

/**
 * λ of reduced rank regression y = B A x whose truth is zero, of widths `inputs`, `hidden` and
 * `outputs` (Aoyagi and Watanabe 2005, rank 0).
 */
export function reducedRankCoefficient(inputs: number, hidden: number, outputs: number): number {
  const [m, h, n] = [inputs, hidden, outputs];
  if (m + h < n) return (m * h) / 2;
  if (n + h < m) return (h * n) / 2;
  if (m + n < h) return (m * n) / 2;
  const odd = (m + h + n) % 2;
  return (2 * (m * n + h * n + m * h) - m * m - n * n - h * h + odd) / 8;
}
