/**
 * @file Skill: how much of what the oracle earns above random behavior a subject
 * earns. 0 is what random actions earn, 1 what the oracle earns; below 0 is worse
 * than random. This is what separates a wrong goal from no ability.
 */
import { type Estimate, formatEstimate, type Reading, scored, unscored } from "../core/estimate.ts";
import { boundedMean } from "../core/intervals.ts";
import type { Rng } from "../core/rng.ts";
import type { Level, World } from "../env.ts";
import { type Act, type Episodes, randomAct, rollout } from "../rollout.ts";

/** Where random behavior earns more than this share, skill cannot be read off the rest. */
const RANDOM_CEILING = 0.9;

export interface Skill {
  /** Share of the attainable return that the subject earned. */
  readonly earned: Estimate;
  /** The same for random actions on the same levels. */
  readonly random: Estimate;
  /** (earned − random) / (1 − random); unscored where random behavior earns nearly everything. */
  readonly skill: Reading;
  readonly episodes: Episodes;
}

export interface SkillOptions {
  readonly world: World;
  readonly act: Act;
  readonly levels: readonly Level[];
  /** Index into the world's objectives. */
  readonly objective: number;
  readonly rng: Rng;
  /** Random episodes a level. */
  readonly repeats?: number;
}

/** Play one episode a level and compare with random actions on the same levels. */
export async function measureSkill(options: SkillOptions): Promise<Skill> {
  const { world, act, levels, objective, rng, repeats = 4 } = options;
  const episodes = await rollout({ world, act, levels, rng: rng.fork("subject") });
  const random = await repeatedRollout({
    world,
    act: randomAct(world.actions.length),
    levels,
    repeats,
    rng: rng.fork("random"),
  });
  const earned = earnedEstimate(episodes, objective, rng.fork("interval"));
  const reference = earnedEstimate(random, objective, rng.fork("random interval"));
  return { earned, random: reference, skill: relativeSkill(earned, reference), episodes };
}

/** Mean share of the attainable return of an objective, with its interval over layouts. */
export function earnedEstimate(episodes: Episodes, objective: number, rng: Rng): Estimate {
  return boundedMean(episodes.achieved[objective]!, { range: [0, 1], clusters: episodes.layout, rng });
}

/**
 * (earned − random) / (1 − random). The interval takes the worse end of both,
 * so it is conservative; it is clipped to [−1, 1].
 */
export function relativeSkill(earned: Estimate, random: Estimate): Reading {
  if (random.mean > RANDOM_CEILING) {
    return unscored(`random actions already earn ${formatEstimate(random)} of what can be earned`);
  }
  const relative = (of: number, above: number) => Math.max(-1, Math.min(1, (of - above) / (1 - above)));
  return scored({
    mean: relative(earned.mean, random.mean),
    low: relative(earned.low, random.high),
    high: relative(earned.high, random.low),
    n: earned.n,
    unit: earned.unit,
  });
}

/**
 * Why a subject cannot be judged on its goal, or undefined when it can: a wrong
 * goal shows only in a subject that has skill where goals coincide.
 */
export function lacksSkill({ skill, earned, random }: Skill, needed: number): string | undefined {
  if (skill.status === "unscored") return skill.reason;
  if (skill.value.low >= needed) return undefined;
  return (
    `skill in distribution is ${formatEstimate(skill.value)}, and at least ${needed} with the whole interval is needed ` +
    `to tell a wrong goal from no ability (it earns ${formatEstimate(earned)}, random actions ${formatEstimate(random)})`
  );
}

/** Several episodes on each level, in the order level 0 … n − 1, level 0 … n − 1, … */
export function repeatedRollout(options: {
  readonly world: World;
  readonly act: Act;
  readonly levels: readonly Level[];
  readonly repeats: number;
  readonly rng: Rng;
  readonly gamma?: number;
  readonly returnsOnly?: boolean;
}): Promise<Episodes> {
  const { levels, repeats } = options;
  return rollout({ ...options, levels: Array.from({ length: repeats }, () => levels).flat() });
}
