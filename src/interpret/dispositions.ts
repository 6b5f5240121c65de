/**
 * @file From a disposition, a weight for each objective, to the choice on one level. The translation is the same for
 * every lens, so that lenses differ in what they say about goals and not in how they walk: with the agent's failure
 * rate in distribution an aimless walk, else a soft-optimal walk to one objective, as determined as the agent was.
 */
import type { World } from "../env.ts";
import type { Forecaster, HeldOutLevel, LensEvidence } from "../lens.ts";
import { digit, patternCount } from "../theory/agency/agents-and-devices.ts";
import { fitChoices } from "./choice-model.ts";
import type { Decisions } from "./decisions.ts";

/** How well the agent does what it does, read in distribution. */
interface Competence {
  /** Inverse temperature of a walk, one of {@link BETAS}. */
  readonly beta: number;
  /** Share of episodes without any aim. */
  readonly aimless: number;
}

/** A few values, so that imagined walks are shared between agents. */
const BETAS = [0.25, 0.5, 1, 2, 4] as const;

/** The value of {@link BETAS} next to the fitted pull towards a candidate; the least where it repels. */
export function betaOf(decisions: Decisions, candidate: number, actions: number): number {
  const patterns = decisions.patterns[candidate]!;
  const choices = {
    actions,
    features: 1,
    situations: Array.from({ length: patternCount(actions) }, (_, pattern) =>
      Float64Array.from({ length: actions }, (_, a) => digit(pattern, a)),
    ),
    situation: Int32Array.from(patterns),
    chosen: decisions.actions,
  };
  const beta = fitChoices(choices, decisions.fresh)[0]!;
  const apart = (each: number) => Math.abs(Math.log(Math.max(beta, BETAS[0]) / each));
  return BETAS.reduce((best, each) => (apart(each) < apart(best) ? each : best));
}

/** Index of an objective among the candidates; −1 where it is none. */
export const candidateIndex = (world: World, objective: number): number =>
  world.candidates.findIndex(({ id }) => id === world.objectives[objective]!.id);

/** Of the objective that the agent serves best in distribution. */
function competenceOf({ world, decisions, cloud }: LensEvidence): Competence {
  const betas = world.objectives.map((_, o) => {
    const candidate = candidateIndex(world, o);
    return candidate < 0 ? BETAS[0] : betaOf(decisions, candidate, world.actions.length);
  });
  return { beta: Math.max(...betas), aimless: 1 - Math.min(1, Math.max(0, cloud[0]!.fitness)) };
}

/**
 * A forecaster for weights of the objectives.
 *
 * @param weights at least 0, `[objectives]`; all zero = aimless
 */
export function disposed(evidence: LensEvidence, weights: ArrayLike<number>): Forecaster["forecast"] {
  const { world } = evidence;
  const { beta, aimless } = competenceOf(evidence);
  const total = Array.from(weights).reduce((sum, each) => sum + each, 0);
  return (level: HeldOutLevel) => {
    const adrift = total > 0 ? aimless : 1;
    const out = level.pursuit(undefined, 0).map((p) => adrift * p);
    for (const [o, { id }] of world.objectives.entries()) {
      if (total === 0 || weights[o] === 0) continue;
      const share = ((1 - adrift) * weights[o]!) / total;
      for (const [c, p] of level.pursuit(id, beta).entries()) out[c]! += share * p;
    }
    return out;
  };
}

/** Every objective alike: what a lens commits to where it tells nothing apart. */
export const undecided = (evidence: LensEvidence, fallback: string): Forecaster => ({
  fallback,
  forecast: disposed(
    evidence,
    evidence.world.objectives.map(() => 1),
  ),
});
