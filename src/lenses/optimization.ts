/**
 * @file The lens of optimization: of the solutions that fit the training data, which is easy to find? Random and early
 * networks lean to some functions before anything is learned; some goals are learned in fewer steps than others; some
 * solutions lie in wider valleys of the loss.
 */
import { z } from "zod";
import { mean } from "../core/stats.ts";
import { disposed, undecided } from "../interpret/dispositions.ts";
import { defineLens, type Forecaster, type LensEvidence, type Solution } from "../lens.ts";

const params = z.object({
  pseudo: z
    .number()
    .positive()
    .default(0.5)
    .describe("Added to wins on either side: few fitted networks are no certainty."),
});
type Params = z.output<typeof params>;

export const optimization = defineLens({
  id: "optimization",
  title: "Optimization",
  source:
    "Function prior: Mingard et al. 2020, arXiv:2006.15191; local learning coefficient: Lau et al. 2023, arXiv:2308.12108; flatness: Kwon et al. 2021, arXiv:2102.11600",
  claim: "Which goal an agent has follows from how easily its architecture comes to each goal.",
  fallback: "Where no network can be fitted to a goal, every objective gets the same weight.",
  fails: [
    "Ease is a property of architecture and world: what the training data say beyond that is not in it.",
    "Networks are fitted by imitation, and the agent mostly by reward.",
    "Random weights of a policy with a small last layer act at random, and early networks then are all of the prior.",
    "A learning coefficient at one step size and one localization is trusted for its order only.",
  ],
  params,
  operationalizations: [
    {
      id: "prior",
      title: "what random and early networks lean to already",
      equation: "P(goal o) ∝ mean over random and early networks of their share of levels on which o is served",
      fit(evidence) {
        const leanings = evidence.cloud.flatMap(({ leaning }) => (leaning ? [leaning] : []));
        if (leanings.length === 0) return undecided(evidence, "there are no random or early networks");
        const shares = evidence.world.objectives.map((_, o) => mean(leanings.map((each) => each[o]!)));
        return { forecast: disposed(evidence, shares) };
      },
    },
    {
      id: "speed",
      title: "which goal is learned faster",
      equation:
        "P(goal o) ∝ P(loss of a network shown the way of o < loss of one shown another), an eighth of equal budgets each",
      fit: (evidence, given) => byWins(evidence, ({ early }) => early, given),
    },
    {
      id: "flatness",
      title: "which goal's solutions lie in wider valleys",
      equation:
        "P(goal o) ∝ P(λ̂ of a network fitted to o < λ̂ of one fitted to another) + the same for the rise under changed weights",
      fit: (evidence, given) =>
        byWins(
          evidence,
          ({ coefficient }) => coefficient,
          given,
          ({ rise }) => rise,
        ),
    },
  ],
});

/**
 * Each objective by how often a solution of it beats one of another (Mann and Whitney), lower being better: a
 * probability that needs no temperature.
 */
function byWins(
  evidence: LensEvidence,
  of: (solution: Solution) => number,
  { pseudo }: Params,
  ...more: readonly ((solution: Solution) => number)[]
): Forecaster {
  const { solutions, world } = evidence;
  if (solutions.length === 0) return undecided(evidence, "no network of its architecture could be fitted to a goal");
  const weights = world.objectives.map((_, o) => {
    const own = solutions.filter(({ objective }) => objective === o);
    const others = solutions.filter(({ objective }) => objective !== o);
    const shares = [of, ...more].map((measure) => {
      let wins = pseudo;
      for (const a of own) for (const b of others) wins += compare(measure(a), measure(b));
      return wins / (own.length * others.length + 2 * pseudo);
    });
    return mean(shares);
  });
  return { forecast: disposed(evidence, weights) };
}

const compare = (own: number, other: number): number => (own < other ? 1 : own === other ? 0.5 : 0);
