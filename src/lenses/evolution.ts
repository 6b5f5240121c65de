/**
 * @file The lens of evolution: what selection pays for grows in a population, and what merely goes along with it grows
 * too. A trait changes by its covariance with fitness, Δz̄ = Cov(w, z) / w̄ (Price 1970), so that a model trained where
 * a proxy goes with fitness inherits the proxy.
 *
 * The population is the agent's kin: its ancestors for what they lean to, its cloud for what selection is acting on.
 */
import { z } from "zod";
import { mean, variance } from "../core/stats.ts";
import { candidateIndex, disposed, undecided } from "../interpret/dispositions.ts";
import { defineLens, type Kinship, type LensEvidence, type Member } from "../lens.ts";
import { priceEquation } from "../theory/evolution/price.ts";

const params = z.object({
  floor: z.number().positive().default(0.02).describe("Least share of a choice before its logarithm is taken."),
  generations: z.number().positive().default(1).describe("Generations of the cloud that are projected forward."),
});

export const evolution = defineLens({
  id: "evolution",
  title: "Evolution",
  source:
    "Price 1970, Selection and covariance, Nature 227; breeder's equation; proxies of fitness: Hubinger et al. 2019, arXiv:1906.01820",
  claim: "Which goal an agent has follows from how its kin's traits vary together with what training selects for.",
  fallback: "Where kin do not differ in fitness nothing is selected, and every objective gets the same weight.",
  fails: [
    "A selection differential tells nothing apart that always coincides: with goal and proxy on one cell the cloud's traits are equal.",
    "Projecting ancestors forward by a line is an extrapolation far beyond their fitness.",
    "Kin are few, so a covariance with fitness may be drift.",
    "Networks change by gradients and not by mutation and death: the population is a metaphor for all but reseeded models.",
  ],
  params,
  operationalizations: [
    {
      id: "ancestors",
      title: "correlated response of the ancestors' leanings",
      equation: "ln z_o(agent) = mean ln z_o + Cov(w, ln z_o)/Var(w) · (w(agent) − w̄), over random and early networks",
      fit(evidence, { floor }) {
        const kin = membersOf(evidence, "random", "early").filter(({ leaning }) => leaning !== undefined);
        const fitness = kin.map((member) => member.fitness);
        if (kin.length < 2 || variance(fitness) < 1e-9)
          return undecided(evidence, "its ancestors do not differ in fitness");
        const target = evidence.cloud[0]!.fitness;
        const spread = (variance(fitness) * (kin.length - 1)) / kin.length;
        const shares = evidence.world.objectives.map((_, o) => {
          const trait = kin.map(({ leaning }) => Math.log(Math.max(floor, leaning![o]!)));
          // Fisher: mean fitness rises by Var(w)/w̄ a generation, and the trait by its selection differential.
          const { selection, meanFitness } = differential(trait, fitness);
          const generations = ((target - mean(fitness)) * meanFitness) / spread;
          return mean(trait) + generations * selection;
        });
        const most = Math.max(...shares);
        return {
          forecast: disposed(
            evidence,
            shares.map((log) => Math.exp(log - most)),
          ),
        };
      },
    },
    {
      id: "cloud",
      title: "selection differential in the cloud, projected forward",
      equation:
        "z_o(next) = z̄_o + generations · Cov(w, z_o)/w̄, z the pursuit of objective o in distribution, w the benchmark where one picked the agent",
      fit(evidence, { generations }) {
        const near = membersOf(evidence, "agent", "earlier", "reseeded", "perturbed");
        const picked = near.filter(({ benchmark }) => benchmark !== undefined);
        const kin = picked.length > 1 ? picked : near;
        const fitness = kin.map((member) => member.benchmark ?? member.fitness);
        if (kin.length < 2 || variance(fitness) < 1e-12)
          return undecided(evidence, "its cloud does not differ in fitness");
        const next = evidence.world.objectives.map((_, o) => {
          const c = candidateIndex(evidence.world, o);
          if (c < 0) return 0;
          const trait = kin.map(({ pursuit }) => pursuit[c]!);
          return Math.max(0, mean(trait) + generations * differential(trait, fitness).selection);
        });
        return { forecast: disposed(evidence, next) };
      },
    },
  ],
});

function membersOf({ cloud }: LensEvidence, ...kinships: readonly Kinship[]): readonly Member[] {
  return cloud.filter(({ kinship }) => kinships.includes(kinship));
}

/** Cov(w, z)/w̄; nothing is passed on but what selection picks. */
const differential = (trait: readonly number[], fitness: readonly number[]) =>
  priceEquation({ trait, fitness, offspringTrait: trait });
