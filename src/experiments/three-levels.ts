/**
 * @file One run in which three optimizers work on top of each other: a search over settings (meta), reinforcement learning
 * (base) and a policy that looks two steps ahead (mesa). All eight on/off combinations are measured on one outcome, how soon
 * the cheese is reached, against one reference, the untrained policy, exactly. What each level contributes in bits is
 * telescoped from the outside in, and averaged over all orders.
 *
 * Off means: for meta, settings and starting weights at random from the same space, in expectation over the same draws; for
 * base, no update; for mesa, the network's own policy. Training levels have the cheese in the corner, so what is selected
 * by (the return on such levels) and what was wanted (the cheese, wherever it is) can part.
 *
 * World, updates and trials were chosen for cost on pilot seeds that are not among those of the run; depth and temperature of
 * the look ahead before any run.
 */
import { z } from "zod";
import { overSeeds } from "../core/intervals.ts";
import type { Rng } from "../core/rng.ts";
import { COUPLED, DECOUPLED, type World } from "../env.ts";
import { defineExperiment, type Lab, type Row } from "../experiment.ts";
import { type ExactLevels, exactLevels, tabulate } from "../lab/pressure/exact-outcomes.ts";
import {
  acting,
  arrivalPressure,
  DISCOUNT,
  expectedReturn,
  mixedArrivals,
  SETTINGS,
  type Stack,
  searchSettings,
  stackSeed,
  type Trained,
  trainAndScore,
} from "../lab/pressure/stack.ts";
import { cmaEs } from "../meta-optimizers/cma-es.ts";
import { populationBased } from "../meta-optimizers/population-based.ts";
import { successiveHalving } from "../meta-optimizers/successive-halving.ts";
import { mlp } from "../networks/mlp.ts";
import { parseParams } from "../plugin.ts";
import { policyShape } from "../policy/inference.ts";
import { drawLevels } from "../rollout.ts";
import { contributions } from "../theory/selection/shapley.ts";

const LEVELS = ["meta", "base", "mesa"] as const;

export const threeLevels = defineExperiment({
  id: "three-levels",
  title: "Meta, base and mesa in one run",
  source: "Hubinger et al. 2019, arXiv:1906.01820, on meta-, base and mesa-optimizers; Shapley 1953",
  question: "How many bits do a search over settings, training and search at inference contribute to one outcome?",
  hypothesis:
    "Averaged over orders all three contribute bits, training the most and more than half of them, the search over settings the least; the part of the look ahead is several times larger without training than on top of it. Bits and the gain on the trained return rise together, the gain on the intent does not follow.",
  params: z.object({
    seeds: z.int().min(2).default(6).describe("Training seeds: whole runs of all searches."),
    trials: z
      .int()
      .min(4)
      .default(16)
      .describe("Settings that random search tries; the other searches get as many updates."),
    updates: z.int().min(4).default(24).describe("PPO updates of 2048 frames for each of them."),
    levels: z
      .int()
      .min(4)
      .default(32)
      .describe("Levels to validate on, to test on, and of those that tell cheese from corner."),
  }),
  budgets: { smoke: { seeds: 2, trials: 4, updates: 8, levels: 8 }, full: {} },
  async *run(lab, { seeds, trials, updates, levels }, seed) {
    const world = lab.world({ env: "cheese-corner" });
    const runs: Measured[] = [];
    for (let i = 0; i < seeds; i++)
      runs.push(await measure(lab, world, { trials, updates, levels }, stackSeed(seed + i)));
    for (let on = 0; on < 8; on++)
      yield rowOf(
        nameOf(on),
        runs.map(({ combinations }) => combinations[on]!),
      );
    for (const [k, level] of LEVELS.entries()) {
      const parts = (name: keyof Line) =>
        runs.map(({ combinations }) => contributions(3, (on) => combinations[on]![name])[k]!);
      const [bits, proxy, intent] = [parts("bits"), parts("proxyGain"), parts("intentGain")];
      yield rowOf(
        `contribution of ${level}`,
        runs.map(({ combinations }, i) => ({
          natural: bits[i]!.natural,
          shapley: bits[i]!.shapley,
          least: bits[i]!.least,
          most: bits[i]!.most,
          share: bits[i]!.shapley / combinations[7]!.bits,
          proxyGain: proxy[i]!.shapley,
          intentGain: intent[i]!.shapley,
        })),
      );
    }
    for (const search of Object.keys(runs[0]!.searches)) {
      yield rowOf(
        `meta + base, meta by ${search}`,
        runs.map(({ searches }) => searches[search]!),
      );
    }
  },
  figures: (rows) => [
    {
      kind: "bars",
      title: "Bits by which the outcome is improbable under the untrained policy",
      axis: "bits of optimization power, in excess of the reference's own",
      bars: bars(rows, "bits", ({ quantities }) => quantities.kl !== undefined),
    },
    {
      kind: "bars",
      title: "What each level contributes, averaged over orders",
      axis: "bits",
      bars: bars(rows, "shapley", ({ condition }) => condition.startsWith("contribution")),
    },
    {
      kind: "bars",
      title: "What was wanted: the cheese, wherever it is",
      axis: "gain in standard deviations of the untrained policy",
      bars: bars(rows, "intentGain", ({ quantities }) => quantities.kl !== undefined),
    },
  ],
});

function bars(rows: readonly Row[], name: string, isShown: (row: Row) => boolean) {
  return rows.filter(isShown).flatMap(({ condition, quantities }) => {
    const value = quantities[name];
    return value ? [{ label: condition, reading: { status: "scored" as const, value } }] : [];
  });
}

const nameOf = (on: number): string => LEVELS.filter((_, k) => (on & (1 << k)) !== 0).join(" + ") || "nothing";

/** One combination on one seed. */
type Line = Readonly<Record<"bits" | "kl" | "proxyGain" | "intentGain", number>>;

interface Measured {
  /** By bits: meta 1, base 2, mesa 4. */
  readonly combinations: readonly Line[];
  /** Other searches at the meta level, with base on and mesa off. */
  readonly searches: Readonly<Record<string, Line & { readonly updates: number }>>;
}

interface Budget {
  readonly trials: number;
  readonly updates: number;
  readonly levels: number;
}

async function measure(lab: Lab, world: World, { trials, updates, levels }: Budget, random: Rng): Promise<Measured> {
  const shape = policyShape(world);
  const network = mlp.build(shape, parseParams(mlp, {}));
  const { executor } = lab;
  const draw = (mixture: typeof COUPLED, split: "train" | "test", name: string): ExactLevels => {
    const drawn = drawLevels(world, levels, mixture, split, random.fork(name));
    return exactLevels(world, drawn, DISCOUNT, random.fork(`${name} tables`));
  };
  const validation = draw(COUPLED, "train", "validation");
  const sets = { trained: draw(COUPLED, "test", "test"), wanted: draw(DECOUPLED, "test", "apart") };
  const stack: Stack = { world, network, executor, validation };
  const evaluate = trainAndScore(stack);

  const { found, tried } = await searchSettings(stack, { trials, updates }, random.fork("random search"));
  const tables = async (of: ExactLevels, isTrained: boolean) => {
    const all = [];
    for (const { initial, weights } of tried)
      all.push(await tabulate(of, network, isTrained ? weights : initial, shape, executor));
    return all;
  };
  const [untrained, trained] = [await tables(validation, false), await tables(validation, true)];
  const onSet = async (of: ExactLevels) => ({
    of,
    untrained: await tables(of, false),
    trained: await tables(of, true),
  });
  const measured = { trained: await onSet(sets.trained), wanted: await onSet(sets.wanted) };
  const reference = {
    trained: mixedArrivals(
      sets.trained,
      measured.trained.untrained.map(({ policy }) => policy),
    ),
    wanted: mixedArrivals(
      sets.wanted,
      measured.wanted.untrained.map(({ policy }) => policy),
    ),
  };
  const lineOf = (processes: {
    readonly trained: readonly Float64Array[];
    readonly wanted: readonly Float64Array[];
  }): Line => {
    const proxy = arrivalPressure(world, reference.trained, mixedArrivals(sets.trained, processes.trained));
    const intent = arrivalPressure(world, reference.wanted, mixedArrivals(sets.wanted, processes.wanted));
    return { bits: proxy.tail, kl: proxy.kl, proxyGain: proxy.proxyGain, intentGain: intent.proxyGain };
  };
  const combinations = Array.from({ length: 8 }, (_, on) => {
    const [isMeta, isBase, isMesa] = [(on & 1) !== 0, (on & 2) !== 0, (on & 4) !== 0];
    // The search compares what will be deployed.
    const scores = (isBase ? trained : untrained).map((each) =>
      expectedReturn(validation, acting(validation, each, isMesa)),
    );
    const chosen = isMeta ? [scores.indexOf(Math.max(...scores))] : scores.map((_, i) => i);
    const policies = ({ of, ...own }: typeof measured.trained) =>
      chosen.map((i) => acting(of, (isBase ? own.trained : own.untrained)[i]!, isMesa));
    return lineOf({ trained: policies(measured.trained), wanted: policies(measured.wanted) });
  });

  const policyOn = async (of: ExactLevels, { weights }: Trained) => [
    (await tabulate(of, network, weights, shape, executor)).policy,
  ];
  const searched = async ({ state, spent }: { readonly state: Trained; readonly spent: number }) => ({
    ...lineOf({ trained: await policyOn(sets.trained, state), wanted: await policyOn(sets.wanted, state) }),
    updates: spent,
  });
  const total = trials * updates;
  const search = (name: string) => ({ space: SETTINGS, evaluate, rng: random.fork(name) });
  const halving = { candidates: trials, factor: 4, budget: Math.max(1, Math.round(total / halvingCost(trials, 4))) };
  const population = Math.max(2, Math.round(Math.sqrt(trials)));
  const rounds = Math.max(1, Math.floor(trials / population));
  return {
    combinations,
    searches: {
      "random search": await searched(found),
      "successive halving": await searched(await successiveHalving(search("halving"), halving)),
      "CMA-ES": await searched(await cmaEs(search("cma-es"), { generations: rounds, population, budget: updates })),
      "population based training": await searched(
        await populationBased(search("population"), { members: population, rounds, budget: updates, share: 0.25 }),
      ),
    },
  };
}

/** What successive halving spends where its first rung costs 1 each and trials are resumed. */
function halvingCost(candidates: number, factor: number): number {
  let cost = candidates;
  for (
    let left = Math.floor(candidates / factor), own = 1;
    left >= 1;
    left = Math.floor(left / factor), own *= factor
  ) {
    cost += left * own * (factor - 1);
  }
  return cost;
}

function rowOf(condition: string, lines: readonly Readonly<Record<string, number>>[]): Row {
  const perSeed = Object.fromEntries(Object.keys(lines[0]!).map((name) => [name, lines.map((line) => line[name]!)]));
  return {
    condition,
    perSeed,
    quantities: Object.fromEntries(Object.entries(perSeed).map(([name, values]) => [name, overSeeds(values)])),
  };
}
