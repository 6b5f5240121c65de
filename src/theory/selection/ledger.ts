/**
 * @file The ledger of optimization pressure: what any process did to a distribution of outcomes that was there before it,
 * in bits by three counts, and what that bought, in standard deviations of the reference.
 *
 *     nominal = log₂ (alternatives that the process chose among)
 *     KL      = Σ q log₂ (q / p)
 *     tail    = E_q[−log₂ P_p(score ≥ own)], less the same of the reference itself
 *     gain    = (E_q[x] − E_p[x]) / sd_p[x], for the proxy that was selected by and for the intent
 *
 * The choice of p decides every number here: entries are comparable as far as their references are. Bits of different
 * entries do not add; what adds is said at {@link telescoped}. KL is no measure of gain across processes either (Gao et
 * al. 2023, arXiv:2210.10760): report both.
 *
 * Source: tail bits: Yudkowsky 2008, Measuring Optimization Power; counts of best of n: `order-statistics.ts`.
 */
import { assert, LabError } from "../../core/errors.ts";
import { bestOfBits, normalMaximum, winnersCurse } from "./order-statistics.ts";

/** Finitely many outcomes, before and after. */
export interface Pressure {
  /** Probability of each outcome under the reference, `[k]`. */
  readonly reference: ArrayLike<number>;
  /** The same under the process, `[k]`. */
  readonly process: ArrayLike<number>;
  /** What the process selects by, `[k]`; more is better, equal values tie. */
  readonly proxy: ArrayLike<number>;
  /** What was wanted, `[k]`. Default: the proxy. */
  readonly intent?: ArrayLike<number>;
  /** How many alternatives the process chose among, where they can be counted. */
  readonly alternatives?: number;
}

/** One line of the ledger. */
export interface LedgerEntry {
  /** log₂ of the alternatives; absent where they cannot be counted. */
  readonly nominal?: number;
  /** Bits of divergence; infinite where the process does what the reference never does. */
  readonly kl: number;
  /** Mean bits of optimization power in excess of `baseline`; infinite where the reference never does as well. */
  readonly tail: number;
  /** Mean bits of the reference ranked against itself: log₂ e without ties, less with them. */
  readonly baseline: number;
  /** Gain on the proxy in reference standard deviations; NaN where the reference does not vary. */
  readonly proxyGain: number;
  /** Gain on the intent, likewise. */
  readonly intentGain: number;
}

/**
 * A process whose distributions are known, exactly.
 *
 * @example
 * // The best of two fair coins.
 * exactPressure({ reference: [0.5, 0.5], process: [0.25, 0.75], proxy: [0, 1] }).proxyGain; // => 0.5
 */
export function exactPressure({ reference, process, proxy, intent = proxy, alternatives }: Pressure): LedgerEntry {
  const k = reference.length;
  assert(process.length === k && proxy.length === k && intent.length === k, `${k} outcomes everywhere`);
  checkSum("reference", reference);
  checkSum("process", process);
  let kl = 0;
  for (let i = 0; i < k; i++) {
    if (process[i]! > 0) kl += process[i]! * Math.log2(process[i]! / reference[i]!);
  }
  const tails = tailBits(reference, proxy);
  const baseline = dot(reference, tails);
  return {
    ...(alternatives === undefined ? {} : { nominal: Math.log2(alternatives) }),
    kl: Math.max(0, kl),
    tail: dot(process, tails) - baseline,
    baseline,
    proxyGain: standardized(reference, process, proxy),
    intentGain: standardized(reference, process, intent),
  };
}

/** −log₂ P(score ≥ own) of every outcome under a distribution, ties counted as as good, `[k]`. */
export function tailBits(probabilities: ArrayLike<number>, score: ArrayLike<number>): Float64Array {
  const k = probabilities.length;
  const order = Array.from({ length: k }, (_, i) => i).sort((a, b) => score[b]! - score[a]!);
  const out = new Float64Array(k);
  let mass = 0;
  for (let at = 0; at < k; ) {
    let end = at;
    while (end < k && score[order[end]!] === score[order[at]!]) mass += probabilities[order[end++]!]!;
    // Rounding may carry the last sum beyond 1.
    const bits = end === k ? 0 : Math.max(0, -Math.log2(mass));
    for (; at < end; at++) out[order[at]!] = bits;
  }
  return out;
}

/** Gain a bit of divergence; NaN where there was no divergence. */
export const gainPerBit = (gain: number, kl: number): number => (kl > 0 ? gain / kl : Number.NaN);

/**
 * The most that a divergence can gain on a normal score, √(2 KL) standard deviations with KL in nats: the exponential
 * tilt (`normalTilt`). Scores with heavier tails gain more, bounded ones less.
 */
export const normalLimit = (klBits: number): number => Math.sqrt(2 * Math.LN2 * klBits);

/**
 * The best of `n` by a normal proxy whose correlation with the intent is `correlation`, in closed form. The tail count has
 * its baseline, that of one draw, taken off.
 */
export function bestOfEntry(n: number, correlation = 1): LedgerEntry {
  assert(Math.abs(correlation) <= 1, `a correlation, got ${correlation}`);
  const { nominal, kl, tail } = bestOfBits(n);
  const { value } = winnersCurse(n, { valueSd: Math.abs(correlation), errorSd: Math.sqrt(1 - correlation ** 2) });
  return {
    nominal,
    kl,
    tail: tail - Math.LOG2E,
    baseline: Math.LOG2E,
    proxyGain: normalMaximum(n).mean,
    // The winner's value is ρ² E[max] in units in which values have deviation ρ.
    intentGain: correlation === 0 ? 0 : value / correlation,
  };
}

/** Bits between two named measures. */
export interface Stage {
  readonly reference: string;
  readonly process: string;
  /** log₂ process(x)/reference(x) of one outcome x, the same in all stages. */
  readonly bits: number;
}

/**
 * Sum of bits over stages, which is log₂ last(x)/first(x): defined for the log-ratio of one fixed outcome and where each
 * stage starts from what the one before it made. KL and tail bits do not add even then.
 *
 * @throws {LabError} `input/invalid` when a stage has another reference than what came before it
 */
export function telescoped(stages: readonly Stage[]): number {
  let sum = 0;
  for (const [i, { reference, bits }] of stages.entries()) {
    const before = stages[i - 1]?.process ?? reference;
    if (before !== reference) {
      throw new LabError(
        "input/invalid",
        `telescoped: stage ${i + 1} does not start where stage ${i} ended, got reference "${reference}"; expected "${before}"`,
        { hint: "Measure both against one reference; bits against different references do not add." },
      );
    }
    sum += bits;
  }
  return sum;
}

function standardized(p: ArrayLike<number>, q: ArrayLike<number>, x: ArrayLike<number>): number {
  const center = dot(p, x);
  let variance = 0;
  for (let i = 0; i < p.length; i++) variance += p[i]! * (x[i]! - center) ** 2;
  return variance > 0 ? (dot(q, x) - center) / Math.sqrt(variance) : Number.NaN;
}

function dot(weights: ArrayLike<number>, values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) if (weights[i]! > 0) sum += weights[i]! * values[i]!;
  return sum;
}

function checkSum(name: string, probabilities: ArrayLike<number>): void {
  let sum = 0;
  for (let i = 0; i < probabilities.length; i++) sum += probabilities[i]!;
  assert(Math.abs(sum - 1) < 1e-6, `${name} probabilities that sum to 1, got ${sum}`);
}
