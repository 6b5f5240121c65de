/**
 * @file What a planner needs to know of a planted subject, in closed form: the effect that is there, the variance of one
 * item's difference, and the share of it that items of a family have in common. All are sums of bivariate normal
 * probabilities, because planted answers are thresholded normals.
 */
import type { ContrastPlugin, Design, Hypothesis } from "../contrast.ts";
import { chanceOf, type PlantedModel, rateOf } from "../providers/planted/model.ts";
import { bivariateNormal } from "../statistics/bivariate-normal.ts";
import { meanInverse, type Plan } from "../statistics/planning.ts";
import { normalQuantile } from "../theory/normal.ts";
import { decisionPlan } from "./design.ts";

export interface Moments {
  /** Σ weights × expected score: what an estimate should find. */
  readonly effect: number;
  readonly plan: Plan;
}

/**
 * @param firstIsTop chance that the option which stands first scores at the top: where position bias leads
 */
export function plantedMoments(
  model: PlantedModel,
  contrast: ContrastPlugin,
  { weights }: Pick<Hypothesis, "weights">,
  { itemsPerFamily, repeats }: Pick<Design, "itemsPerFamily" | "repeats">,
  { families = contrast.families.length, firstIsTop = 0 } = {},
): Moments {
  const scale = contrast.range[1] - contrast.range[0];
  const bias = model.positionBias;
  const arms = Object.entries(weights)
    .filter(([, weight]) => weight !== 0)
    .map(([arm, weight]) => {
      const trial = { id: "", contrast: contrast.id, item: "", family: "", arm, repeat: 0 };
      const chance = chanceOf(model, decisionPlan(contrast, trial, 0));
      const answered = (1 - rateOf(model.refusal, arm)) * (1 - model.malformed);
      const expected = (1 - bias) * chance + bias * firstIsTop;
      return { arm, weight, chance, limit: normalQuantile(chance), answered, expected };
    });
  /** Covariance of two scores of different trials. */
  const covariance = (a: (typeof arms)[number], b: (typeof arms)[number], isSameItem: boolean): number => {
    const rho = model.familyShare + (a.arm === b.arm ? model.armShare : 0) + (isSameItem ? model.itemShare : 0);
    const both = bivariateNormal(a.limit, b.limit, rho);
    const firsts = isSameItem ? firstIsTop : firstIsTop ** 2;
    const product =
      (1 - bias) ** 2 * both + (1 - bias) * bias * firstIsTop * (a.chance + b.chance) + bias * bias * firsts;
    return product - a.expected * b.expected;
  };
  let [variance, shared, effect, complete] = [0, 0, 0, 1];
  // Where any answer of a family is missing, its mean has another denominator, and the lattice is gone.
  let step = (scale * Math.min(...arms.map(({ weight }) => Math.abs(weight)))) / (itemsPerFamily * repeats);
  for (const a of arms) {
    effect += a.weight * a.expected;
    complete *= 1 - (1 - a.answered) ** repeats;
    step *= a.answered ** (itemsPerFamily * repeats);
    for (const b of arms) {
      shared += a.weight * b.weight * covariance(a, b, false);
      variance += a.weight * b.weight * covariance(a, b, true);
    }
    // The mean over repeats varies by each repeat's own luck besides.
    const own = a.expected * (1 - a.expected) - covariance(a, a, true);
    variance += a.weight ** 2 * own * meanInverse(repeats, a.answered);
  }
  return {
    effect: effect * scale,
    plan: {
      families,
      itemsPerFamily,
      variance: variance * scale * scale,
      correlation: variance <= 0 ? 0 : Math.max(0, shared / variance),
      complete,
      step,
    },
  };
}
