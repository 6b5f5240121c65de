/**
 * @file Gradient descent inside the graph: one run of a training graph is one update.
 *
 * All parameters live in one flat vector, and so do their gradients and the
 * rule's slots: an update is then a dozen operations for the whole network, not
 * for each tensor, and a run exchanges three arrays with the engine.
 */
import { LabError } from "../core/errors.ts";
import { grad } from "./grad.ts";
import type { Graph, Spec, Tensor } from "./graph.ts";
import { add, concat, cos, div, min, mul, reshape, scalar, slice, sqrt, square, sub, sum, tanh } from "./ops.ts";
import { sizeOf } from "./shape.ts";
import { trace } from "./trace.ts";

/** Learning rate of an update, from the number of updates before it (float32, rank 0). */
export type Schedule = (step: Tensor) => Tensor;

export const constantRate =
  (rate: number): Schedule =>
  () =>
    scalar(rate);

interface Ramp {
  readonly from: number;
  readonly to: number;
  /** Updates until `to` is reached; constant afterwards. */
  readonly steps: number;
}

export const linearRate =
  ({ from, to, steps }: Ramp): Schedule =>
  (step) =>
    add(mul(progress(step, steps), to - from), from);

/** Half a cosine from `from` to `to` (Loshchilov and Hutter 2017). */
export const cosineRate =
  ({ from, to, steps }: Ramp): Schedule =>
  (step) =>
    add(mul(add(cos(mul(progress(step, steps), Math.PI)), 1), (from - to) / 2), to);

const progress = (step: Tensor, steps: number): Tensor => min(mul(step, 1 / steps), 1);

/** One update as a function of graph tensors, all flat and of one length. */
export interface UpdateRule {
  /** Names of the vectors that it keeps between updates; they start at zero. */
  readonly slots: readonly string[];
  update(at: {
    readonly parameters: Tensor;
    readonly gradient: Tensor;
    readonly slots: Readonly<Record<string, Tensor>>;
    readonly rate: Tensor;
    /** 1 at the first update. */
    readonly count: Tensor;
  }): { readonly parameters: Tensor; readonly slots: Readonly<Record<string, Tensor>> };
}

/** `v ← μ v + g`, `w ← w − η v`, as in PyTorch. */
export function sgd({ momentum = 0 } = {}): UpdateRule {
  if (momentum === 0) {
    return {
      slots: [],
      update: ({ parameters, gradient, rate }) => ({ parameters: sub(parameters, mul(gradient, rate)), slots: {} }),
    };
  }
  return {
    slots: ["velocity"],
    update({ parameters, gradient, slots, rate }) {
      const velocity = add(mul(slots.velocity!, momentum), gradient);
      return { parameters: sub(parameters, mul(velocity, rate)), slots: { velocity } };
    },
  };
}

export interface AdamOptions {
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

/**
 * Adam with bias correction (Kingma and Ba 2015): `w ← w − η m̂ / (√v̂ + ε)`.
 *
 * The slots are the moments without their factors `1 − β`, which join the bias
 * corrections in two numbers: ten passes over the vectors instead of fourteen.
 */
export function adam({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions = {}): UpdateRule {
  return {
    slots: ["mean", "square"],
    update({ parameters, gradient, slots, rate, count }) {
      const first = add(mul(slots.mean!, beta1), gradient);
      const second = add(mul(slots.square!, beta2), square(gradient));
      // √v̂ + ε = (√v + ε s) / s with s² = (1 − β₂ᵗ) / (1 − β₂), and m̂ = m (1 − β₁) / (1 − β₁ᵗ).
      const scale = sqrt(mul(oneMinusPower(beta2, count), 1 / (1 - beta2)));
      const factor = div(mul(mul(rate, scale), 1 - beta1), oneMinusPower(beta1, count));
      const direction = div(first, add(sqrt(second), mul(scale, epsilon)));
      return { parameters: sub(parameters, mul(direction, factor)), slots: { mean: first, square: second } };
    },
  };
}

/** Adam whose weight decay `λ` shrinks the weights directly: `w ← (1 − η λ) w − …` (Loshchilov and Hutter 2019). */
export function adamW({ decay = 0.01, ...options }: AdamOptions & { readonly decay?: number } = {}): UpdateRule {
  const plain = adam(options);
  return {
    slots: plain.slots,
    update: (at) => plain.update({ ...at, parameters: mul(at.parameters, sub(1, mul(at.rate, decay))) }),
  };
}

/** `1 − β^t` without cancellation: with `u = −t ln β`, it is `2 tanh(u/2) / (1 + tanh(u/2))`. */
function oneMinusPower(beta: number, count: Tensor): Tensor {
  const half = tanh(mul(count, -Math.log(beta) / 2));
  return div(mul(half, 2), add(half, 1));
}

/** `g` scaled down to Euclidean norm `limit` where it is longer, and its norm before. */
export function clipByGlobalNorm(
  gradient: Tensor,
  limit: number,
): { readonly gradient: Tensor; readonly norm: Tensor } {
  const norm = sqrt(sum(square(gradient)));
  return { gradient: mul(gradient, min(div(limit, add(norm, 1e-6)), 1)), norm };
}

export interface TrainingSpec {
  readonly parameters: Readonly<Record<string, Spec>>;
  /** What every step is fed. */
  readonly inputs: Readonly<Record<string, Spec>>;
  /** `loss` of rank 0; metrics of any shape. */
  loss(
    parameters: Readonly<Record<string, Tensor>>,
    inputs: Readonly<Record<string, Tensor>>,
  ): { readonly loss: Tensor; readonly metrics?: Readonly<Record<string, Tensor>> };
  readonly rule: UpdateRule;
  readonly rate: Schedule;
  /** Longest gradient; its norm is then reported as the metric `gradientNorm`. */
  readonly clipNorm?: number;
}

/** A training step as a graph, and where its state lives in it. */
export interface TrainingGraph {
  /**
   * Inputs: those of the spec, and `state/<name>` for every name of `state`.
   * Outputs: `loss`, the metrics, and `next/<name>`.
   */
  readonly graph: Graph;
  /** Where each parameter lies in the flat vector. */
  readonly layout: Layout;
  /** Flat float32 arrays carried from step to step: `parameters`, `step`, and the rule's slots. */
  readonly state: Readonly<Record<string, number>>;
  /** `loss` first. */
  readonly metrics: readonly string[];
}

/** Where each parameter lies in one flat vector. */
export type Layout = readonly { readonly name: string; readonly shape: readonly number[]; readonly start: number }[];

/**
 * Parameters laid end to end.
 *
 * @throws {LabError} `tensor/dtype` when a parameter is not float32
 */
export function layoutOf(parameters: Readonly<Record<string, Spec>>): {
  readonly layout: Layout;
  readonly length: number;
} {
  const layout: Layout[number][] = [];
  let length = 0;
  for (const [name, { shape, dtype }] of Object.entries(parameters)) {
    if (dtype !== "float32") {
      throw new LabError(
        "tensor/dtype",
        `trainingGraph: parameter "${name}" cannot be trained, got ${dtype}; expected float32`,
      );
    }
    layout.push({ name, shape, start: length });
    length += sizeOf(shape);
  }
  return { layout, length };
}

/** The parameters that a flat vector holds, by name. */
export function unpack(flat: Tensor, layout: Layout): Record<string, Tensor> {
  return Object.fromEntries(
    layout.map(({ name, shape, start }) => [
      name,
      reshape(slice(flat, { axis: 0, start, end: start + sizeOf(shape) }), shape),
    ]),
  );
}

/**
 * Loss, gradient, clipping, schedule and update in one graph.
 *
 * @throws {LabError} `tensor/dtype` when a parameter is not float32; `input/invalid` on clashing names
 */
export function trainingGraph({ parameters, inputs, loss, rule, rate, clipNorm }: TrainingSpec): TrainingGraph {
  const { layout, length: total } = layoutOf(parameters);
  const state: Record<string, number> = { parameters: total, step: 1 };
  for (const slot of rule.slots) state[slot] = total;
  const stateSpecs = Object.entries(state).map(
    ([name, length]) => [`state/${name}`, { shape: [length], dtype: "float32" }] as const,
  );

  let metrics: readonly string[] = [];
  const graph = trace({ ...inputs, ...Object.fromEntries(stateSpecs) }, (all) => {
    const flat = all["state/parameters"]!;
    const named = unpack(flat, layout);
    const tensors = Object.values(named);
    const result = loss(named, Object.fromEntries(Object.keys(inputs).map((name) => [name, all[name]!])));
    const reported: Record<string, Tensor> = { loss: result.loss, ...result.metrics };

    let gradient = concat(
      grad(result.loss, tensors).map((g) => reshape(g, [-1])),
      0,
    );
    if (clipNorm !== undefined) {
      const clipped = clipByGlobalNorm(gradient, clipNorm);
      gradient = clipped.gradient;
      reported.gradientNorm = clipped.norm;
    }
    const step = reshape(all["state/step"]!, []);
    const count = add(step, 1);
    const slots = Object.fromEntries(rule.slots.map((slot) => [slot, all[`state/${slot}`]!]));
    const next = rule.update({ parameters: flat, gradient, slots, rate: rate(step), count });
    metrics = Object.keys(reported);
    return {
      ...reported,
      "next/parameters": next.parameters,
      "next/step": reshape(count, [1]),
      ...Object.fromEntries(rule.slots.map((slot) => [`next/${slot}`, next.slots[slot]!])),
    };
  });
  return { graph, layout, state, metrics };
}
