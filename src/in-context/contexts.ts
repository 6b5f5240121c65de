/**
 * @file In-context regressions: a task w, examples (xᵢ, w·xᵢ + noise), and a query.
 *
 * w ~ N(0, I_d), fresh for every context or one of a finite set. Inputs have independent
 * symmetric coordinates, uniform or normal, of equal variance or of variances in geometric
 * progression. Von Oswald et al. 2023 (arXiv:2212.07677) draw U(−½, ½) where their plots say
 * U(−1, 1): `scale` is the full width, 1 as in their code.
 */
import { assert } from "../core/errors.ts";
import type { Rng } from "../core/rng.ts";
import type { Contexts, TaskLaw } from "../in-context.ts";

/** E x² of each coordinate, `[d]`, ascending; their mean is that of the law at equal variances. */
export function inputVariances({ dimensions: d, inputs, scale, condition }: TaskLaw): Float64Array {
  const middle = inputs === "uniform" ? scale ** 2 / 12 : scale ** 2;
  const steps = Float64Array.from({ length: d }, (_, i) => (d === 1 ? 1 : condition ** (i / (d - 1))));
  const total = steps.reduce((sum, each) => sum + each, 0);
  return steps.map((each) => (middle * d * each) / total);
}

/** ½ E (w·x)² = ½ tr Σ: the loss of answering 0 always. */
export const zeroLossOf = (law: TaskLaw): number => inputVariances(law).reduce((sum, each) => sum + each / 2, 0);

/** The finite set of tasks of one training run, `[tasks, d]`; empty where every context has a new one. */
export function taskSet({ tasks, dimensions }: TaskLaw, rng: Rng): Float32Array {
  return Float32Array.from({ length: tasks * dimensions }, () => rng.normal());
}

/**
 * Draw contexts.
 *
 * @param given.tasks set to draw tasks from, see {@link taskSet}; new tasks where it is absent or empty
 * @param given.factor multiplies every input, queries included: shift of the distribution
 */
export function drawContexts(
  law: TaskLaw,
  given: { readonly count: number; readonly rng: Rng; readonly tasks?: Float32Array; readonly factor?: number },
): Contexts {
  const { dimensions: d, examples: n, inputs, noise } = law;
  const { count, rng, tasks, factor = 1 } = given;
  assert(count >= 1 && n >= 1 && d >= 1, `contexts with examples, got ${count} of ${n}`);
  const x = new Float32Array(count * n * d);
  const y = new Float32Array(count * n);
  const query = new Float32Array(count * d);
  const target = new Float32Array(count);
  const task = new Float32Array(count * d);
  // Standard deviations, for a uniform coordinate times √12: the width.
  const widths = inputVariances(law).map((each) => factor * Math.sqrt(inputs === "uniform" ? 12 * each : each));
  const draw = inputs === "uniform" ? () => rng.uniform() - 0.5 : () => rng.normal();
  const deviation = Math.sqrt(noise);
  const many = (tasks?.length ?? 0) / d;
  for (let c = 0; c < count; c++) {
    const w = task.subarray(c * d, (c + 1) * d);
    if (many > 0) {
      const chosen = rng.int(many) * d;
      for (let k = 0; k < d; k++) w[k] = tasks![chosen + k]!;
    } else for (let k = 0; k < d; k++) w[k] = rng.normal();
    for (let i = 0; i < n; i++) {
      const row = (c * n + i) * d;
      let sum = 0;
      for (let k = 0; k < d; k++) {
        x[row + k] = widths[k]! * draw();
        sum += x[row + k]! * w[k]!;
      }
      y[c * n + i] = deviation > 0 ? sum + deviation * rng.normal() : sum;
    }
    let sum = 0;
    for (let k = 0; k < d; k++) {
      query[c * d + k] = widths[k]! * draw();
      sum += query[c * d + k]! * w[k]!;
    }
    target[c] = sum;
  }
  return { count, dimensions: d, examples: n, x, y, query, target, task };
}

/** ½ (ŷ − target)² of each context, `[count]`. */
export function lossesOf(predictions: ArrayLike<number>, { target }: Contexts): Float64Array {
  return Float64Array.from(target, (each, i) => 0.5 * (predictions[i]! - each) ** 2);
}
