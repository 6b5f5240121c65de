/**
 * @file Several steps of gradient descent, and of GD++, in context: the losses that deeper
 * linear transformers are held against.
 *
 * With G = Σ xᵢxᵢᵀ of the context and eigenvalues λ, tied steps act on each eigendirection
 * alone, so that the loss is exact given G and only G is sampled:
 *
 *     L = ½ s E_G Σⱼ ρ_K(λⱼ)²
 *     GD    ρ ← ρ (1 − a λ)
 *     GD++  ρ ← ρ (1 − a m² λ),  m ← m (1 − γ m² λ),   ρ₀ = m₀ = 1
 *
 * m is what is left of the features after xⱼ ← (I − γ XXᵀ) xⱼ, so the a of GD++ absorbs their
 * shrinkage and is no step size of gradient descent. Losses are ½ · MSE.
 *
 * Source: von Oswald et al. 2023, arXiv:2212.07677, section 3 and appendix A.10.
 */
import { assert } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import { ascend } from "../numerics/ascent.ts";
import { gramOf, symmetricEigen } from "../numerics/dense.ts";
import { type Sampled, sampledMean } from "../numerics/sampled.ts";

/** Spectra of sampled contexts. */
export interface Spectra {
  /** λ of G for each context, `[contexts, dimensions]`. */
  readonly values: Float64Array;
  readonly dimensions: number;
  /** E x² of a query coordinate. */
  readonly second: number;
}

/**
 * Sample contexts.
 *
 * @param given.draw one input coordinate; independent and symmetric
 * @param given.second its second moment
 */
export function sampleSpectra(given: {
  readonly contexts: number;
  readonly dimensions: number;
  readonly examples: number;
  readonly draw: (rng: Rng) => number;
  readonly second: number;
  readonly rng: Rng;
}): Spectra {
  const { contexts, dimensions: d, examples, draw, second, rng } = given;
  const values = new Float64Array(contexts * d);
  const x = new Float64Array(examples * d);
  for (let c = 0; c < contexts; c++) {
    for (let i = 0; i < x.length; i++) x[i] = draw(rng);
    values.set(symmetricEigen(gramOf(x, d), d).values, c * d);
  }
  return { values, dimensions: d, second };
}

/** How tied layers act: `rate` is a, `shrinkage` is γ (0 for plain gradient descent), both in units of 1 / Σ x². */
export interface TiedSteps {
  readonly steps: number;
  readonly rate: number;
  readonly shrinkage: number;
}

/** ½ MSE after tied steps, over the sampled contexts. */
export function stepsLoss(spectra: Spectra, tied: TiedSteps): Sampled {
  const { values, dimensions: d, second } = spectra;
  const losses = new Float64Array(values.length / d);
  for (let i = 0; i < values.length; i++) {
    let [rho, m] = [1, 1];
    for (let k = 0; k < tied.steps; k++) {
      const curved = m * m * values[i]!;
      rho *= 1 - tied.rate * curved;
      m *= 1 - tied.shrinkage * curved;
    }
    losses[Math.floor(i / d)]! += (second / 2) * rho * rho;
  }
  return sampledMean(losses);
}

/** Tied steps of least loss, with that loss on the contexts they were fitted to. */
export interface BestSteps extends TiedSteps {
  readonly loss: Sampled;
}

/** The constant rate of least loss for `steps` steps of gradient descent: the loss is convex in it. */
export function bestGradientDescent(spectra: Spectra, steps: number): BestSteps {
  return best(spectra, steps, { isPlusPlus: false, start: [1 / meanTop(spectra), 0] });
}

/**
 * Rate and shrinkage of least loss for `steps` tied steps of GD++, from a start at which
 * neither can diverge; the loss is not convex in both, so this is a local minimum.
 */
export function bestPlusPlus(spectra: Spectra, steps: number): BestSteps {
  const scale = 1 / meanTop(spectra);
  return best(spectra, steps, { isPlusPlus: true, start: [scale, scale / 4] });
}

function best(
  spectra: Spectra,
  steps: number,
  how: { readonly isPlusPlus: boolean; readonly start: readonly [number, number] },
): BestSteps {
  assert(steps >= 1, `at least one step, got ${steps}`);
  const { values, dimensions, second } = spectra;
  const weight = (second / 2) * (dimensions / values.length);
  const summit = ascend(
    (at) => {
      const rate = at[0]!;
      const shrinkage = how.isPlusPlus ? at[1]! : 0;
      let [loss, byRate, byShrinkage] = [0, 0, 0];
      for (const value of values) {
        // Forward derivatives of ρ by rate and shrinkage, and of m by shrinkage, beside the recursion.
        let [rho, rhoRate, rhoShrinkage, m, mShrinkage] = [1, 0, 0, 1, 0];
        for (let k = 0; k < steps; k++) {
          const curved = m * m * value;
          const curvedShrinkage = 2 * m * mShrinkage * value;
          rhoRate = rhoRate * (1 - rate * curved) - rho * curved;
          rhoShrinkage = rhoShrinkage * (1 - rate * curved) - rho * rate * curvedShrinkage;
          rho *= 1 - rate * curved;
          mShrinkage = mShrinkage * (1 - shrinkage * curved) - m * (curved + shrinkage * curvedShrinkage);
          m *= 1 - shrinkage * curved;
        }
        loss += weight * rho * rho;
        byRate += 2 * weight * rho * rhoRate;
        byShrinkage += 2 * weight * rho * rhoShrinkage;
      }
      return { value: -loss, gradient: Float64Array.of(-byRate, how.isPlusPlus ? -byShrinkage : 0) };
    },
    Float64Array.from(how.start),
    { tolerance: 1e-6, maxMove: 0.5 * how.start[0] },
  );
  const tied = { steps, rate: summit.at[0]!, shrinkage: how.isPlusPlus ? summit.at[1]! : 0 };
  return { ...tied, loss: stepsLoss(spectra, tied) };
}

/** Mean of the largest eigenvalue: the scale beyond which steps diverge. */
function meanTop({ values, dimensions: d }: Spectra): number {
  let sum = 0;
  for (let i = d - 1; i < values.length; i += d) sum += values[i]!;
  return (sum * d) / values.length;
}
