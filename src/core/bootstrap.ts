/**
 * @file The cluster bootstrap: percentile intervals for statistics that have no
 * closed form, resampling whole clusters so that levels which share a layout, or
 * points which share a seed, stay together.
 */
import type { Estimate, Unit } from "./estimate.ts";
import type { Interval } from "./intervals.ts";
import type { Rng } from "./rng.ts";
import { quantile } from "./stats.ts";

export interface BootstrapOptions {
  /** Cluster of each item, `[n]`. */
  readonly clusters: ArrayLike<number>;
  /** Value on a multiset of items; NaN where it is undefined (such resamples are dropped). */
  readonly statistic: (items: Int32Array) => number;
  readonly rng: Rng;
  readonly resamples?: number;
  readonly unit?: Unit;
}

/**
 * A statistic with its percentile interval. `n` counts clusters.
 *
 * The interval is a point where every resample agrees; use
 * `boundedMean` for means of bounded values.
 */
export function clusterBootstrap(options: BootstrapOptions): Estimate {
  const { statistic, unit = "layouts" } = options;
  const n = options.clusters.length;
  const value = statistic(Int32Array.from({ length: n }, (_, i) => i));
  const { values, clusters } = resample(options);
  const [low, high]: Interval =
    values.length === 0 ? [value, value] : [quantile(values, 0.025), quantile(values, 0.975)];
  return { mean: value, low: Math.min(low, value), high: Math.max(high, value), n: clusters, unit };
}

/**
 * A sum over another: Σ numerators / Σ denominators, with the interval of {@link clusterBootstrap}.
 *
 * @param parts one of each for each item, `[n]`
 */
export function clusterRatio(
  parts: { readonly numerators: Float64Array; readonly denominators: Float64Array },
  options: Omit<BootstrapOptions, "statistic">,
): Estimate {
  const { numerators, denominators } = parts;
  return clusterBootstrap({
    ...options,
    statistic: (items) => {
      let [above, below] = [0, 0];
      for (const i of items) {
        above += numerators[i]!;
        below += denominators[i]!;
      }
      return above / below;
    },
  });
}

/** Sorted values of the statistic over resamples, and how many clusters there are. */
export function resample(options: BootstrapOptions): { readonly values: Float64Array; readonly clusters: number } {
  const { clusters, statistic, rng, resamples = 1000 } = options;
  const members = new Map<number, number[]>();
  for (let i = 0; i < clusters.length; i++) {
    const list = members.get(clusters[i]!);
    if (list) list.push(i);
    else members.set(clusters[i]!, [i]);
  }
  const lists = [...members.values()];
  const values: number[] = [];
  let items = new Int32Array(clusters.length * 2);
  for (let r = 0; r < resamples; r++) {
    let n = 0;
    for (let c = 0; c < lists.length; c++) {
      const list = lists[rng.int(lists.length)]!;
      if (n + list.length > items.length) {
        const larger = new Int32Array(items.length * 2 + list.length);
        larger.set(items);
        items = larger;
      }
      for (const item of list) items[n++] = item;
    }
    const value = statistic(items.subarray(0, n));
    if (!Number.isNaN(value)) values.push(value);
  }
  return { values: Float64Array.from(values).sort(), clusters: lists.length };
}
