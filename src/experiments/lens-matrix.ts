/**
 * @file Which lens predicts best what an agent chooses where its goals come apart, at each of the four levels of
 * optimization pressure? Agents with the unwanted behavior and their clean counterparts are forecast alike, so that
 * saying the same of every agent earns little.
 *
 * The question, the hypothesis, the ways of making a lens a number and the share of every forecast that is uniform were
 * fixed before any agent of the spectrum was forecast. After pilots (two seeds of other recipes, then seeds 900 and 901
 * of cheese-corner, which the run does not use) three things changed, none of them for a lens's score: networks fitted
 * to a goal got more steps, because after 150 they had hardly learned it; their ease is counted from the divergence that
 * is left, not from the cross-entropy, which differs between goals by what teachers leave open; and the loss around them
 * is sampled on fewer states for fewer steps, because a weight-tied network took minutes.
 */
import { z } from "zod";
import type { Estimate } from "../core/estimate.ts";
import { overSeeds } from "../core/intervals.ts";
import { defineExperiment, type Lab, type Row } from "../experiment.ts";
import { CLAIMED, cellsOf, comparisonOf, gainOf, lensTitle, levelRow } from "../lab/lenses/claimed.ts";
import { LENS_IDS, type LensCase, lensRows, REFERENCES } from "../lab/lenses/matrix.ts";
import {
  growLevels,
  LEVELS,
  SPECTRUM_WORLDS,
  type SpectrumAgent,
  type SpectrumWorldId,
} from "../lab/spectrum/agents.ts";

const count = (least: number, by: number, text: string) => z.int().min(least).default(by).describe(text);

export const lensMatrix = defineExperiment({
  id: "lens-matrix",
  title: "Lens by level",
  source: "Three lenses on optimizers: optimization, evolution, decision theory",
  question:
    "Which lens predicts best what an agent chooses where goal and proxy come apart, at each level of pressure?",
  hypothesis:
    "Decision theory leads wherever training levels tell goal from proxy, which includes the level of direct data, where it is said not to apply; where they do not (mesa), it is no better than a coin between the two, and what ancestors lean to tells more. At the level of selection no lens tells the pick's goal from that of its zoo.",
  params: z.object({
    worlds: z
      .array(z.enum(Object.keys(SPECTRUM_WORLDS) as [SpectrumWorldId, ...SpectrumWorldId[]]))
      .default(["cheese-corner", "cheese-dish"])
      .describe("Worlds of the spectrum, each with all four levels."),
    others: z
      .array(z.string())
      .default(["keys-chests"])
      .describe("Further worlds, with a trained goal alone: misgeneralized, and its aligned counterpart."),
    otherFrames: count(0, 2_000_000, "Environment steps of agents of further worlds."),
    seeds: count(2, 8, "Training seeds a level, and independent selections."),
    zoo: count(2, 16, "Networks from which one is selected."),
    scale: z.number().positive().default(1).describe("Multiplies every training length."),
    heldOut: count(8, 128, "Held-out levels, forecast before they are played."),
    levels: count(8, 256, "Training levels on which agents and their kin are watched."),
    probes: count(8, 128, "Levels that tell the objectives apart, on which random and early networks are watched."),
    perturbed: count(0, 8, "Perturbed networks of each agent."),
    random: count(0, 8, "Random networks of each recipe."),
    early: count(0, 6, "Early networks of each recipe."),
    earlyShare: z
      .number()
      .min(0)
      .max(0.1)
      .default(0.02)
      .describe("Share of the training after which a network is early."),
    fitted: count(0, 3, "Networks fitted to each goal."),
    steps: count(1, 3000, "Gradient steps of a fitted network, of no more frames than the agent had."),
    draws: count(2, 45, "Draws of each chain that samples the loss around a fitted network."),
  }),
  budgets: {
    smoke: {
      worlds: ["cheese-corner"],
      others: [],
      seeds: 2,
      zoo: 2,
      scale: 0.02,
      heldOut: 12,
      levels: 24,
      probes: 24,
      perturbed: 1,
      random: 1,
      early: 1,
      fitted: 1,
      steps: 20,
      draws: 4,
    },
    full: {},
  },
  async *run(lab, { worlds, others, otherFrames, seeds, zoo, scale, heldOut, ...budget }, seed) {
    const cases: LensCase[] = [];
    for (const world of worlds) {
      const agents = await growLevels(lab, world, { first: seed, seeds, zoo, scale });
      cases.push(...agents.map((agent) => spectrumCase(agent, agents)));
    }
    for (const env of others) cases.push(...(await otherCases(lab, env, seeds, seed, otherFrames)));
    yield* await lensRows(lab, cases, { budget, heldOut, seed });
  },
  figures: (rows) => [
    ...LEVELS.map((level) => ({
      kind: "bars" as const,
      title: `Level ${1 + LEVELS.indexOf(level)}, ${level}: log score above a uniform forecast`,
      axis: "nats a level",
      bars: [...LENS_IDS, ...REFERENCES].map((id) => ({
        label:
          LENS_IDS.includes(id) && CLAIMED[level].includes(id) ? `${lensTitle(id)} (claimed strongest)` : lensTitle(id),
        reading: { status: "scored" as const, value: gainOf(rows, level, id) },
      })),
    })),
    {
      kind: "bars",
      title: "Ways of making each lens a number, over all levels",
      axis: "nats a level above a uniform forecast",
      bars: waysOf(rows).map(([label, value]) => ({ label, reading: { status: "scored" as const, value } })),
    },
    {
      kind: "facts",
      title: "Which lens leads, measured and claimed",
      facts: LEVELS.map((level) => [level, comparisonOf(rows, level).sentence] as const),
    },
    {
      kind: "facts",
      title: "The claimed matrix beside the measured one",
      facts: cellsOf(rows).map(({ level, lens, sentence }) => [`${level}, ${lensTitle(lens)}`, sentence] as const),
    },
  ],
});

/** The other seeds of one level and arm; of a selection, its whole zoo with what the benchmark said of each. */
function spectrumCase(agent: SpectrumAgent, all: readonly SpectrumAgent[]): LensCase {
  const { world, level, arm, seed, record, zoo } = agent;
  const same = all.filter((each) => each.level === level && each.arm === arm).map((each) => each.record);
  const isPair = arm === "unwanted" || arm === "clean";
  return {
    condition: `${world}: ${level}, ${arm}`,
    pooled: isPair
      ? [`level ${level}`, `${level}, ${arm}`, "every level", ...(level === "goal" ? [EVERY_WORLD] : [])]
      : [],
    seed,
    record,
    siblings: zoo ? { records: zoo.members, scores: zoo.scores } : { records: same },
  };
}

/** Agents with a trained goal, in every world. */
const EVERY_WORLD = "goal, every world";

async function otherCases(lab: Lab, env: string, seeds: number, first: number, frames: number): Promise<LensCase[]> {
  const arms = ["misgeneralized", "aligned"] as const;
  const specs = arms.flatMap((organism) =>
    Array.from({ length: seeds }, (_, i) => lab.recipe(organism, env, { seed: first + i, frames })),
  );
  const records = await lab.grow(specs);
  return records.map((record, i): LensCase => {
    const arm = Math.floor(i / seeds);
    return {
      condition: `${env}: goal, ${arm === 0 ? "unwanted" : "clean"}`,
      pooled: [EVERY_WORLD],
      seed: first + (i % seeds),
      record,
      siblings: { records: records.slice(arm * seeds, (arm + 1) * seeds) },
    };
  });
}

/** Gains of the operationalizations over all levels, a lens's own after it. */
function waysOf(rows: readonly Row[]): readonly (readonly [string, Estimate])[] {
  const { perSeed } = levelRow(rows, "every level");
  return LENS_IDS.flatMap((lens) =>
    Object.keys(perSeed)
      .filter((name) => name === lens || name.startsWith(`${lens}:`))
      .sort()
      .map((name) => [lensTitle(name), overSeeds(perSeed[name]!)] as const),
  );
}
