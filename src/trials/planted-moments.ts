/**
 * @file What a planner needs to know of a planted subject, in closed form: the effect that is there, the variance of one
 * item's difference, and the share of it that items of a family have in common. All are sums of bivariate normal
 * probabilities, because planted answers are thresholded normals.
 */
import type { ContrastPlugin, Design, Hypothesis } from "../contrast.ts";
import { chanceOf, type PlantedModel, rateOf } from "../providers/planted/model.ts";
import { bivariateNormal } from "../statistics/bivariate-normal.ts";
import { meanInverse, type Plan } from "../statistics/planning.ts";
import { normalQuantile } from "../theory/numerics/normal.ts";
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
  // Where any answer of a family is missing, its mean has another denominator, and the lattice is gone.
  let step = (scale * Math.min(...arms.map(({ weight }) => Math.abs(weight)))) / (itemsPerFamily * repeats);
  // Of one item: what its family shares, what the item shares besides, and what every arm adds by itself.
  let [shared, ofItem, effect, complete, kept] = [0, 0, 0, 1, 1];
  // Of a family's mean where every arm is averaged over its own items.
  let pooled = 0;
  for (const a of arms) {
    const isScored = 1 - (1 - a.answered) ** repeats;
    effect += a.weight * a.expected;
    complete *= isScored;
    kept *= 1 - (1 - isScored) ** itemsPerFamily;
    step *= a.answered ** (itemsPerFamily * repeats);
    for (const b of arms) {
      const [family, item] = [covariance(a, b, false), covariance(a, b, true)];
      const product = a.weight * b.weight;
      shared += product * family;
      ofItem += product * (item - family);
      pooled += product * (family + (a === b ? 0 : (item - family) / itemsPerFamily));
    }
    const item = covariance(a, a, true);
    // The mean over repeats varies by each repeat's own luck besides.
    const own = (a.expected * (1 - a.expected) - item) * meanInverse(repeats, a.answered);
    ofItem += a.weight ** 2 * own;
    pooled += a.weight ** 2 * (item - covariance(a, a, false) + own) * meanInverse(itemsPerFamily, isScored);
  }
  const variance = (shared + ofItem) * scale * scale;
  return {
    effect: effect * scale,
    plan:
      arms.length === 2
        ? {
            families,
            itemsPerFamily,
            variance,
            correlation: variance <= 0 ? 0 : Math.max(0, shared / (shared + ofItem)),
            complete,
            step,
          }
        : { families, itemsPerFamily: 1, variance: pooled * scale * scale, correlation: 1, kept, step },
  };
}
