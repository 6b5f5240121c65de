/** @file Goals inferred from behavior: a posterior over rewards by a walk and by enumeration, and coherence of policies. */
import { rng } from "../core/rng.ts";
import { below, defineReference, once, printed, type Quantity } from "../reference.ts";
import { tallyCoherence } from "../theory/agency/coherence.ts";
import { bayesianIrl, boltzmannLikelihood } from "../theory/agency/inverse-rl.ts";
import { tabular } from "../theory/agency/mdp.ts";

/** Three states in a ring, one or two steps ahead; rewards −1, 0 or 1 a state. */
const ring = tabular({ states: 3, actions: 2, gamma: 0.7, step: (s, a) => [[(s + 1 + a) % 3, 1]] });
const decisions = Float64Array.of(3, 1, 0, 2, 1, 1);
const grid = [-1, 0, 1];
const rewardOf = (i: number) => Float64Array.of(grid[Math.floor(i / 9)]!, grid[Math.floor(i / 3) % 3]!, grid[i % 3]!);

/** The posterior over all 27 rewards by enumeration. */
const posterior = once(() => {
  const weights = Float64Array.from({ length: 27 }, (_, i) =>
    Math.exp(boltzmannLikelihood(ring, rewardOf(i), decisions, 1.5)),
  );
  const total = weights.reduce((sum, each) => sum + each, 0);
  return weights.map((each) => each / total);
});

/** The greatest difference between the walk's visits and that posterior. */
function walkError(alpha: number): number {
  const { samples } = bayesianIrl(ring, decisions, { alpha, grid, samples: 20_000, burn: 500, thin: 4, rng: rng(1) });
  const visits = new Float64Array(27);
  for (const [a, b, c] of samples) visits[a! * 9 + b! * 3 + c!]! += 1 / samples.length;
  return visits.reduce((most, each, i) => Math.max(most, Math.abs(each - posterior()[i]!)), 0);
}

const bandit = (arms: number): Quantity => ({
  name: `bandit of ${arms} arms: greatest |coherence − 1| over policies`,
  published: below(0.05, 2),
  compute: () => {
    const mdp = tabular({ states: 2, actions: arms, gamma: 0.9, step: (s) => (s === 0 ? [[1, 1]] : []) });
    const { coherence } = tallyCoherence(mdp, { samples: 20_000, rng: rng(1), prior: "uniform" });
    return Math.max(...Array.from(coherence, (each) => Math.abs(each - 1)));
  },
});

export const inferredGoals = defineReference({
  id: "inferred-goals",
  line: "E0",
  title: "Goals inferred from behavior",
  source:
    "Ramachandran and Amir 2007 (PolicyWalk), posterior by enumeration of 27 rewards; Xu and Rivera 2024 (coherence), bandits exact",
  quantities: [
    {
      name: "Bayesian IRL: greatest difference of a probability from enumeration, 20,000 samples",
      published: printed("0.000", 0.02),
      compute: () => walkError(1.5),
      mistakes: [{ name: "α of twice its size", compute: () => walkError(3) }],
    },
    bandit(2),
    bandit(5),
  ],
});
