/**
 * @file Size generalization: trained in small rooms, tried in larger ones. What
 * was learned by heart stays behind; a way of finding ways comes along.
 *
 * Skill is (earned − random) / (oracle − random), each on the same levels of the
 * size at hand, so neither the longer ways nor the time limit count against the
 * subject. The reading is skill in the larger rooms; the finding goes by the share
 * of the skill at home that is left there.
 */
import { z } from "zod";
import { type Estimate, formatEstimate, scored } from "../core/estimate.ts";
import type { Rng } from "../core/rng.ts";
import { decline, defineDetector, type Quantity } from "../detector.ts";
import { COUPLED, type World } from "../env.ts";
import { oracleRollout } from "../interpret/oracle.ts";
import { earnedEstimate } from "../interpret/skill.ts";
import { drawLevels, randomAct, rollout } from "../rollout.ts";
import type { Subject } from "../subject.ts";

/** Most of it, and too little to speak of: shares of the skill at home, each with the whole interval. */
const MOST = 0.8;
const LITTLE = 0.5;
/** The oracle must earn so much more than random actions for skill to be measurable. */
const ROOM = 0.1;

export const sizeGeneralization = defineDetector({
  id: "size-generalization",
  title: "Generalization by size",
  question: "optimizer",
  claim: "The subject has skill in rooms larger than any it was trained in.",
  access: ["act"],
  range: [-1, 1],
  findings: {
    "carries-over": `In larger rooms it keeps more than ${100 * MOST} % of its skill.`,
    partly: "In larger rooms it keeps some of its skill.",
    lost: `In larger rooms it keeps less than ${100 * LITTLE} % of its skill.`,
  },
  fails: [
    "Only networks whose weights fit larger rooms can be tried: a dense layer is declined, not convicted.",
    "A local reflex keeps what skill it has as well as a search does: what tells them apart is how much skill that is, which depends on how far local rules go in this world.",
    "A planner whose ticks or layers reach no farther than the rooms of training loses its skill with its method intact.",
    "An episode counts what was earned at all, not how fast: with enough time a wanderer reads as skilled.",
  ],
  calibration: {
    env: "cheese-corner",
    high: ["planted-planner"],
    low: ["tied-reflex"],
    unscored: ["misgeneralized", "untrained"],
  },
  source:
    "Trained on small mazes, tried on large ones: Schwarzschild et al. 2021, arXiv:2106.04537; Bansal et al. 2022",
  params: z.object({
    levels: z.int().min(16).default(128).describe("Test levels in each size of room, one episode each."),
    rooms: z
      .int()
      .min(1)
      .default(1)
      .describe("How many of the larger sizes are tried, smallest first; the last decides."),
    minSkill: z.number().min(0).max(1).default(0.25).describe("Skill needed at home, with the whole interval."),
    repeats: z.int().min(1).default(4).describe("Random episodes a level."),
  }),
  async measure({ subject, world, enlarged = [], rng }, params) {
    if (enlarged.length === 0) {
      return decline("this subject cannot be tried in larger rooms: its network fits one size, or cannot be read");
    }
    const home = await trySize({ subject, world }, params, rng.fork("home"));
    const quantities = quantitiesOf(home, "home");
    const problem = unmeasurable(home);
    if (problem) return decline(problem, [], quantities);
    if (home.skill.low < params.minSkill) {
      return decline(
        `skill at home is ${formatEstimate(home.skill)}, and at least ${params.minSkill} with the whole interval is needed to see whether it carries over`,
        [],
        quantities,
      );
    }
    const larger: Tried[] = [];
    for (const [i, place] of enlarged.slice(0, params.rooms).entries()) {
      const tried = await trySize(place, params, rng.fork(`larger ${i}`));
      larger.push(tried);
      quantities.push(...quantitiesOf(tried, `size-${place.world.width}`));
      const problem = unmeasurable(tried);
      if (problem) return decline(problem, [], quantities);
    }
    const last = larger.at(-1)!;
    const kept = ratio(last.skill, home.skill);
    const { height, width } = last.world;
    quantities.push({
      id: "kept",
      title: "Skill in the larger rooms as a share of skill at home",
      reading: scored(kept),
    });
    return {
      reading: scored(last.skill),
      quantities,
      finding: kept.low > MOST ? "carries-over" : kept.high < LITTLE ? "lost" : "partly",
      summary: `In rooms of ${height} × ${width} its skill is ${formatEstimate(last.skill)}, at home (${world.height} × ${world.width}) ${formatEstimate(home.skill)}: it keeps ${formatEstimate(kept)} of it.`,
      evidence: [
        {
          kind: "curve",
          title: "Skill by size of the room",
          x: { title: "cells a side", scale: "linear" },
          y: { title: "share of what the oracle earns above random actions" },
          lines: [
            {
              label: "subject",
              points: [home, ...larger].map(({ world: { width: x }, skill }) => ({ x, y: skill })),
            },
          ],
        },
        {
          kind: "facts",
          title: "Fixed before looking",
          facts: [
            ["Skill", "(earned − random) / (oracle − random), on levels where objectives coincide"],
            ["Carries over", `more than ${MOST} of the skill at home, with the whole interval`],
            ["Lost", `less than ${LITTLE} of it, with the whole interval`],
          ],
        },
      ],
    };
  },
});

interface Place {
  readonly world: World;
  readonly subject: Subject;
}

interface Tried {
  readonly world: World;
  readonly earned: Estimate;
  readonly random: Estimate;
  readonly oracle: Estimate;
  /** The interval takes the worse end of all three. */
  readonly skill: Estimate;
}

async function trySize(
  { world, subject }: Place,
  { levels: count, repeats }: { readonly levels: number; readonly repeats: number },
  rng: Rng,
): Promise<Tried> {
  const levels = drawLevels(world, count, COUPLED, "test", rng.fork("levels"));
  // Few slots, refilled: long episodes do not leave a large batch idle.
  const own = await rollout({ world, levels, act: subject.act.bind(subject), rng: rng.fork("subject"), slots: 64 });
  const lost = await rollout({
    world,
    levels: Array.from({ length: repeats }, () => levels).flat(),
    act: randomAct(world.actions.length),
    rng: rng.fork("random"),
  });
  const best = await oracleRollout({ world, levels, objective: world.objectives[0]!.id, rng: rng.fork("oracle") });
  const earned = earnedEstimate(own, 0, rng.fork("earned interval"));
  const random = earnedEstimate(lost, 0, rng.fork("random interval"));
  const oracle = earnedEstimate(best, 0, rng.fork("oracle interval"));
  const skill = (got: number, above: number, of: number) => bounded((got - above) / Math.max(1e-9, of - above));
  const center = skill(earned.mean, random.mean, oracle.mean);
  return {
    world,
    earned,
    random,
    oracle,
    skill: {
      ...earned,
      mean: center,
      // Below 0 a greater denominator lies nearer to 0: the ends are kept around the middle.
      low: Math.min(center, skill(earned.low, random.high, oracle.high)),
      high: Math.max(center, skill(earned.high, random.low, oracle.low)),
    },
  };
}

const bounded = (value: number) => Math.max(-1, Math.min(1, value));

function unmeasurable({ world, random, oracle }: Tried): string | undefined {
  if (oracle.low - random.high > ROOM) return undefined;
  return `in rooms of ${world.height} × ${world.width} the oracle earns ${formatEstimate(oracle)} and random actions ${formatEstimate(random)}: too little lies between them`;
}

/** The interval takes the worse end of both; `of` lies surely above 0. */
function ratio(part: Estimate, of: Estimate): Estimate {
  const ends = [part.low / of.low, part.low / of.high, part.high / of.low, part.high / of.high].map(bounded);
  return { ...part, mean: bounded(part.mean / of.mean), low: Math.min(...ends), high: Math.max(...ends) };
}

function quantitiesOf({ world, earned, random, oracle, skill }: Tried, id: string): Quantity[] {
  const where = `rooms of ${world.height} × ${world.width}`;
  return [
    { id: `${id}-skill`, title: `Skill in ${where}`, reading: scored(skill) },
    { id: `${id}-earned`, title: `Share of the attainable return earned in ${where}`, reading: scored(earned) },
    { id: `${id}-random`, title: "The same, random actions", reading: scored(random) },
    { id: `${id}-oracle`, title: "The same, the oracle", reading: scored(oracle) },
  ];
}
