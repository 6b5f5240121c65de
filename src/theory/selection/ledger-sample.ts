/**
 * @file The ledger of pressure from samples: outcomes of the reference and of the process, each with what was selected by
 * and what was wanted, and bootstrap intervals. A sample of n reference outcomes cannot show more than log₂(n + 1) bits of
 * tail: beyond it the number is "at least", and says so.
 */
import { assert } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import { mean, quantile, variance } from "../../core/stats.ts";
import { resolvableBits, sampledPower } from "./optimization-power.ts";

/** Outcomes that were drawn. */
export interface Sample {
  /** What was selected by, `[n]`. */
  readonly proxy: ArrayLike<number>;
  /** What was wanted, `[n]`. Default: the proxy. */
  readonly intent?: ArrayLike<number>;
}

/** A number with its 95 % bootstrap interval. */
export interface Resampled {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A line of the ledger as far as samples tell. */
export interface SampledEntry {
  /** Mean bits of the process ranked in the reference, in excess of the reference ranked in itself. */
  readonly tail: Resampled;
  /** Share of the process' outcomes that no reference outcome reaches: for these the bits are a lower bound. */
  readonly beyond: number;
  /** log₂(n + 1): what one outcome can show at most. */
  readonly resolvable: number;
  /**
   * KL between the ranks of both in `cells` cells of the reference, bias of counting removed: a lower bound on the
   * divergence, at most log₂ of the cells.
   */
  readonly kl: Resampled;
  /** Gains in standard deviations of the reference. */
  readonly proxyGain: Resampled;
  readonly intentGain: Resampled;
}

export interface SampledOptions {
  readonly rng: Rng;
  readonly resamples?: number;
  /** Cells for the divergence; default 8. */
  readonly cells?: number;
}

/** A line of the ledger from draws of the reference and of the process; both are resampled. */
export function sampledPressure(reference: Sample, process: Sample, options: SampledOptions): SampledEntry {
  const { rng, resamples = 400, cells = 8 } = options;
  const [n, m] = [reference.proxy.length, process.proxy.length];
  assert(n >= cells && m >= 1, `at least ${cells} reference outcomes and one of the process, got ${n} and ${m}`);
  const draws = (of: Sample, items?: Int32Array) => {
    const pick = (values: ArrayLike<number>) =>
      items ? Float64Array.from(items, (i) => values[i]!) : Float64Array.from(values);
    return { proxy: pick(of.proxy), intent: pick(of.intent ?? of.proxy) };
  };
  const whole = measure(draws(reference), draws(process), cells);
  const redrawn = Array.from({ length: resamples }, () => {
    const again = (size: number) => Int32Array.from({ length: size }, () => rng.int(size));
    return measure(draws(reference, again(n)), draws(process, again(m)), cells);
  });
  const resampled = (name: "tail" | "kl" | "proxyGain" | "intentGain"): Resampled => {
    const values = redrawn.map((each) => each[name]).filter((value) => !Number.isNaN(value));
    const sorted = Float64Array.from(values).sort();
    const value = whole[name];
    if (sorted.length === 0) return { value, low: value, high: value };
    return { value, low: Math.min(value, quantile(sorted, 0.025)), high: Math.max(value, quantile(sorted, 0.975)) };
  };
  return {
    tail: resampled("tail"),
    kl: resampled("kl"),
    proxyGain: resampled("proxyGain"),
    intentGain: resampled("intentGain"),
    beyond: whole.beyond,
    resolvable: resolvableBits(n),
  };
}

interface Drawn {
  readonly proxy: Float64Array;
  readonly intent: Float64Array;
}

function measure(reference: Drawn, process: Drawn, cells: number) {
  const sorted = reference.proxy.slice().sort();
  const n = sorted.length;
  // As good as or better than a value: everything from its first place on.
  const asGood = (value: number) => n - firstNotBelow(sorted, value);
  const counts = Array.from(process.proxy, asGood);
  // The reference ranked in the rest of itself, ties and all: what a process that does nothing would show.
  const own = Array.from(sorted, (value) => sampledPower(asGood(value) - 1, n - 1));
  return {
    tail: mean(counts.map((k) => sampledPower(k, n))) - mean(own),
    beyond: counts.filter((k) => k === 0).length / counts.length,
    kl: cellDivergence(sorted, process.proxy, cells),
    proxyGain: gain(reference.proxy, process.proxy),
    intentGain: gain(reference.intent, process.intent),
  };
}

/** KL of the process' counts from the reference's over cells of the reference, with the bias (cells − 1)/(2 m) removed. */
function cellDivergence(sorted: Float64Array, process: Float64Array, cells: number): number {
  const n = sorted.length;
  const edges = new Set<number>();
  for (let c = 1; c < cells; c++) edges.add(sorted[Math.floor((c * n) / cells)]!);
  const bounds = [...edges].sort((a, b) => a - b).filter((edge) => edge > sorted[0]!);
  const cellOf = (value: number) => bounds.filter((edge) => value >= edge).length;
  const count = (values: Float64Array) => {
    const out = new Float64Array(bounds.length + 1);
    for (const value of values) out[cellOf(value)]! += 1 / values.length;
    return out;
  };
  const [p, q] = [count(sorted), count(process)];
  let sum = 0;
  for (let c = 0; c < p.length; c++) if (q[c]! > 0) sum += q[c]! * Math.log2(q[c]! / p[c]!);
  return Math.max(0, sum - (bounds.length / (2 * process.length)) * Math.LOG2E);
}

function gain(reference: Float64Array, process: Float64Array): number {
  const sd = Math.sqrt(variance(reference));
  return sd > 0 ? (mean(process) - mean(reference)) / sd : Number.NaN;
}

function firstNotBelow(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
