/**
 * @file Saliency by input gradients, with the check that it is about the network:
 * maps that survive a randomization of the weights say nothing about what was
 * learned (Adebayo et al. 2018, arXiv:1810.03292).
 */
import { LabError } from "../core/errors.ts";
import type { Estimate } from "../core/estimate.ts";
import { boundedMean } from "../core/intervals.ts";
import { spearman } from "../core/rank.ts";
import type { Rng } from "../core/rng.ts";
import type { PolicyShape, Weights } from "../network.ts";
import { tracedInside } from "../policy/inside.ts";
import type { Inside } from "../subject.ts";
import { grad, maximum, mean, sub, sum } from "../tensor/index.ts";

export interface SaliencyOptions {
  readonly inside: Inside;
  readonly shape: PolicyShape;
  /** `[n, planes, height, width]` */
  readonly observations: Uint8Array;
  readonly n: number;
  /** Hash of the layout of each observation. */
  readonly layout: ArrayLike<number>;
  /** What is explained: how far the preferred action's logit lies above the mean of all, or the value. */
  readonly of?: "choice" | "value";
  readonly ticks?: number | undefined;
  readonly rng: Rng;
}

export interface SaliencyReport {
  /** `[n, planes, height, width]`, gradient in the observation. */
  readonly gradients: Float32Array;
  /** Share of the absolute gradient that falls on each plane. */
  readonly planes: readonly Estimate[];
  /** Mean absolute gradient of each cell over planes and observations, `[height · width]`. */
  readonly map: Float64Array;
  /** Rank correlation of absolute gradients with those of the same network with shuffled weights. */
  readonly randomized: Estimate;
  /** Whether the maps change with the weights: the whole interval of `randomized` lies below one half. */
  readonly isAboutWeights: boolean;
}

/** Networks with shuffled weights to compare with. */
const SHUFFLES = 3;
/** Correlation from which on a map is taken for a picture of the input. */
const TOO_ALIKE = 0.5;

/**
 * Saliency of observations.
 *
 * @throws {LabError} `tensor/no-gradient` where an operation on the way has none, `input/invalid` where the value is
 *   asked of a network without one
 */
export async function saliency(options: SaliencyOptions): Promise<SaliencyReport> {
  const { inside, shape, n, layout, rng } = options;
  const gradients = await inputGradients(options, inside.weights);
  const cells = shape.height * shape.width;
  const size = shape.planes * cells;
  const shares = Array.from({ length: shape.planes }, () => new Float64Array(n));
  const map = new Float64Array(cells);
  for (let i = 0; i < n; i++) {
    let total = 0;
    for (let j = 0; j < size; j++) total += Math.abs(gradients[i * size + j]!);
    for (let j = 0; j < size; j++) {
      const own = Math.abs(gradients[i * size + j]!);
      if (total > 0) shares[Math.floor(j / cells)]![i]! += own / total;
      map[j % cells]! += own / (n * shape.planes);
    }
  }
  const alike = new Float64Array(n);
  for (let s = 0; s < SHUFFLES; s++) {
    const others = await inputGradients(options, shuffledWeights(inside.weights, rng.fork(`shuffle ${s}`)));
    for (let i = 0; i < n; i++) alike[i]! += likeness(gradients, others, i * size, size) / SHUFFLES;
  }
  const estimate = (name: string, values: Float64Array, range: readonly [number, number]) =>
    boundedMean(
      values.map((value) => Math.min(range[1], Math.max(range[0], value))),
      { range, clusters: layout, rng: rng.fork(name) },
    );
  const randomized = estimate("randomized", alike, [-1, 1]);
  return {
    gradients,
    planes: shares.map((values, plane) => estimate(`plane ${plane}`, values, [0, 1])),
    map,
    randomized,
    isAboutWeights: randomized.high < TOO_ALIKE,
  };
}

/** Observations a call of the program. */
const ROWS = 64;

/** Gradients in the observations, `[n, planes, height, width]`, of a network with other weights of the same shapes. */
export async function inputGradients(
  { inside, shape, observations, n, of = "choice", ticks }: SaliencyOptions,
  weights: Weights,
): Promise<Float32Array> {
  const rows = inside.rows ?? Math.min(ROWS, Math.max(1, n));
  const graph = tracedInside(
    inside,
    shape,
    rows,
    (_, planes, { logits, value }) => {
      if (of === "value" && !value) {
        throw new LabError(
          "input/invalid",
          "saliency: the network has no value, got a policy alone; expected a critic",
        );
      }
      const explained = of === "value" ? value! : sub(maximum(logits, { axes: 1 }), mean(logits, { axes: 1 }));
      return { "input gradient": grad(sum(explained), [planes])[0]! };
    },
    { ticks },
  );
  const program = await inside.executor.load(graph);
  const stride = shape.planes * shape.height * shape.width;
  const all = new Float32Array(n * stride);
  const planes = new Float32Array(rows * stride);
  for (let from = 0; from < n; from += rows) {
    const count = Math.min(rows, n - from);
    planes.fill(0);
    planes.set(observations.subarray(from * stride, (from + count) * stride));
    const slopes = (await program.run({ ...weights, planes }))["input gradient"] as Float32Array;
    all.set(slopes.subarray(0, count * stride), from * stride);
  }
  return all;
}

/** The numbers of each parameter in another order: the same sizes, nothing of what they do. */
export function shuffledWeights(weights: Weights, rng: Rng): Weights {
  return Object.fromEntries(
    Object.entries(weights).map(([name, values]) => {
      const order = Array.from(values);
      rng.fork(name).shuffle(order);
      return [name, Float32Array.from(order)];
    }),
  );
}

/** Spearman's correlation of absolute values; 0 where either is constant. */
function likeness(a: Float32Array, b: Float32Array, from: number, size: number): number {
  const absolute = (values: Float32Array) => values.slice(from, from + size).map(Math.abs);
  const rho = spearman(absolute(a), absolute(b));
  return Number.isNaN(rho) ? 0 : rho;
}
