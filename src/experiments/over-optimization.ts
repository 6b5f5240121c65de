/**
 * @file A proxy under ever more pressure, three times: the best of n samples, beside closed forms; policies of random
 * decision problems whose proxy lies at a known angle from the true reward; and agents trained on a reward that departs
 * from the intent, seen at checkpoints of their training.
 *
 * Of the trained agents one training seed was seen before the rules were written, at goal weights 0 and .1; the others,
 * and all that is exact, were not.
 */
import { z } from "zod";
import { rng } from "../core/rng.ts";
import { mean } from "../core/stats.ts";
import { defineExperiment, type Lab, type Row } from "../experiment.ts";
import { overTrainingSeeds } from "../lab/outcomes.ts";
import { besideExact, overRuns, simulatedRow } from "../lab/simulated.ts";
import { drawLevels, rollout } from "../rollout.ts";
import { goldOfBest, normalError, studentError } from "../theory/goodhart/goodhart.ts";
import {
  discordance,
  dropHeight,
  pairOccupancies,
  pressurePath,
  randomMdp,
  rewardAtAngle,
  safeStop,
} from "../theory/goodhart/hackability.ts";
import {
  bestOfDistance,
  bestOfScore,
  fitOveroptimization,
  quadraticToy,
} from "../theory/goodhart/over-optimization.ts";

const params = z.object({
  seeds: z.int().min(2).default(20).describe("Sets of samples of which the best are taken."),
  samples: z.int().min(1024).default(8192).describe("Samples in a set."),
  curvature: z.number().min(0).default(0.3).describe("c of the curved gold score z − c z² + c, z being the proxy."),
  worlds: z.int().min(2).default(160).describe("Random decision problems: 10 states, 3 actions, discount .9."),
  angles: z
    .array(z.number().min(0).max(180))
    .default([0, 5, 15, 30, 60, 90, 120])
    .describe("Degrees between proxy and true reward, as policies see them."),
  env: z.string().default("cheese-corner").describe("World of the trained agents."),
  proxy: z.string().default("corner").describe("Id of the objective that training pays beside the goal."),
  trained: z.int().min(2).default(5).describe("Training seeds a goal weight."),
  frames: z.int().min(0).default(0).describe("Environment steps a training seed; 0 = the world's own budget."),
  weights: z
    .array(z.number().min(0).max(1))
    .default([0, 0.3, 0.6])
    .describe("Weight of the goal in the training reward; the proxy has the rest."),
  levels: z.int().min(50).default(2000).describe("Test levels, half of them distinguishing as in training."),
});
type Params = z.output<typeof params>;

/** 1, 2, 4, … 1024 */
const SIZES = Array.from({ length: 11 }, (_, k) => 2 ** k);
/** Inverse temperatures of the pressure on policies: .1 to 158. */
const BETAS = Array.from({ length: 17 }, (_, k) => 0.1 * 10 ** (k / 5));
/** Shares of a training after which agents are looked at, besides its end. */
const LOOKS = [0.005, 0.015, 0.03, 0.06, 0.125, 0.25, 0.5];

export const overOptimization = defineExperiment({
  id: "over-optimization",
  title: "A proxy under pressure",
  source:
    "Gao, Schulman and Hilton 2022, arXiv:2210.10760; Karwowski et al. 2024, arXiv:2310.09144; Skalse et al. 2022, arXiv:2209.13085; Kwa et al. 2024, arXiv:2407.14503",
  question: "Does the intended return peak and fall as its proxy is optimized, and does a better proxy end that?",
  hypothesis:
    "Gold peaks near the best of 16 and falls by its closed form; heavy-tailed error makes it fall too, normal error does not. A drop is met at every angle above 0, and is the smaller the smaller the angle. Agents paid for the corner alone reach less cheese at the end of their training than on its way.",
  params,
  budgets: {
    smoke: {
      seeds: 2,
      samples: 1024,
      worlds: 6,
      angles: [0, 30, 90],
      trained: 2,
      frames: 65_536,
      weights: [0],
      levels: 100,
    },
    full: {},
  },
  async *run(lab, given, seed) {
    yield* samples(given, seed);
    yield* angles(given, seed);
    yield* agents(lab, given, seed);
  },
  figures: (rows) => [
    {
      kind: "curve",
      title: "Gold of the best of n by proxy",
      x: { title: "n", scale: "log" },
      y: { title: "gold above that of one draw" },
      lines: (["curved", "normal", "heavy"] as const).flatMap((kind) =>
        besideExact(
          rows.filter(({ condition }) => condition.startsWith("best of")),
          `gold, ${kind}`,
        ),
      ),
    },
    {
      kind: "curve",
      title: "Drop of the true return from its peak, by angle of the proxy",
      x: { title: "degrees", scale: "linear" },
      y: { title: "share of the range of returns" },
      lines: ["drop", "drop, stopped in time"].map((name) => ({
        label: name,
        points: pointsOf(rows, "angle", name),
      })),
    },
    ...[...new Set(rows.flatMap(({ condition }) => /^paid .* the goal/.exec(condition) ?? []))].map((paid) => ({
      kind: "curve" as const,
      title: `Returns through training, ${paid}`,
      x: { title: "environment steps", scale: "log" as const },
      y: { title: "share of the attainable return", range: [0, 1] as const },
      lines: ["intent", "proxy"].map((name) => ({ label: name, points: pointsOf(rows, paid, name) })),
    })),
  ],
});

const pointsOf = (rows: readonly Row[], start: string, name: string) =>
  rows.flatMap(({ condition, x, quantities }) =>
    condition.startsWith(start) && x !== undefined && quantities[name] ? [{ x, y: quantities[name] }] : [],
  );

/** The best of n of one set for three kinds of gold, and the law fitted to the first. */
function* samples({ seeds, samples: size, curvature }: Params, seed: number): Iterable<Row> {
  const runs = overRuns(seeds, seed, "samples", (random) => {
    const value = Float64Array.from({ length: size }, () => random.normal());
    const curved = value.map((z) => z - curvature * z * z + curvature);
    const normal = value.map((v) => v + random.normal());
    // Student's t with three degrees of freedom.
    const heavy = value.map(
      (v) => v + random.normal() / Math.sqrt((random.normal() ** 2 + random.normal() ** 2 + random.normal() ** 2) / 3),
    );
    const of = (proxy: Float64Array, gold: Float64Array) => SIZES.map((n) => bestOfScore(proxy, gold, n));
    return { proxy: of(value, value), curved: of(value, curved), normal: of(normal, value), heavy: of(heavy, value) };
  });
  const exact = {
    curved: SIZES.map((n) => quadraticToy(n, curvature)),
    normal: goldOfBest(normalError(), SIZES),
    heavy: goldOfBest(studentError(3), SIZES),
  };
  for (const [i, n] of SIZES.entries()) {
    yield simulatedRow({
      condition: `best of ${n}`,
      x: n,
      means: {
        "gold, curved": runs.map((run) => run.curved[i]!),
        "gold, normal": runs.map((run) => run.normal[i]!),
        "gold, heavy": runs.map((run) => run.heavy[i]!),
        "proxy score": runs.map((run) => run.proxy[i]!),
      },
      exact: { "gold, curved": exact.curved[i]!, "gold, normal": exact.normal[i]!, "gold, heavy": exact.heavy[i]! },
    });
  }
  const distances = SIZES.map(bestOfDistance);
  // Gold of one draw is noise of the sample: the law is of what is above it.
  const fits = runs.map(({ curved }) =>
    fitOveroptimization(
      "best-of-n",
      distances,
      curved.map((gold) => gold - curved[0]!),
    ),
  );
  const law = fitOveroptimization("best-of-n", distances, exact.curved);
  yield simulatedRow({
    condition: "law d (α − β d), curved gold",
    means: {
      alpha: fits.map(({ alpha }) => alpha),
      beta: fits.map(({ beta }) => beta),
      "peak d": fits.map(({ alpha, beta }) => alpha / (2 * beta)),
    },
    exact: { alpha: law.alpha, beta: law.beta, "peak d": law.alpha / (2 * law.beta) },
  });
}

/** Random worlds, each at every angle. */
function* angles({ worlds, angles: degrees }: Params, seed: number): Iterable<Row> {
  const runs = overRuns(worlds, seed, "worlds", (random) => {
    const mdp = randomMdp({ states: 10, actions: 3, gamma: 0.9, concentration: 0.3 }, random.fork("transitions"));
    const normals = (label: string) => {
      const stream = random.fork(label);
      return Float64Array.from({ length: mdp.states * mdp.actions }, () => stream.normal());
    };
    const [truth, other] = [normals("truth"), normals("other")];
    // Stochastic policies at random, uniform on the simplex in each state: on which of a pair do the two rewards disagree?
    const stream = random.fork("policies");
    const visits = Array.from({ length: 60 }, () => {
      const policy = Float64Array.from({ length: mdp.states * mdp.actions }, () => -Math.log(1 - stream.uniform()));
      for (let row = 0; row < policy.length; row += mdp.actions) {
        const total = mean(policy.subarray(row, row + mdp.actions)) * mdp.actions;
        for (let a = 0; a < mdp.actions; a++) policy[row + a]! /= total;
      }
      return pairOccupancies(mdp, policy);
    });
    const earned = (reward: Float64Array) =>
      visits.map((eta) => eta.reduce((sum, each, row) => sum + each * reward[row]!, 0));
    return degrees.map((angle) => {
      const radians = (angle * Math.PI) / 180;
      const proxy = rewardAtAngle(mdp, truth, other, radians);
      const { truth: returns, occupancies } = pressurePath(mdp, { truth, proxy }, BETAS);
      const stop = safeStop(mdp, proxy, occupancies, radians);
      return {
        drop: dropHeight(returns),
        gain: returns.at(-1)! - returns[0]!,
        stoppedDrop: dropHeight(returns.slice(0, stop + 1)),
        stoppedGain: returns[stop]! - returns[0]!,
        disagreement: discordance(earned(truth), earned(proxy)),
      };
    });
  });
  for (const [i, angle] of degrees.entries()) {
    const own = runs.map((run) => run[i]!);
    yield simulatedRow({
      condition: `angle ${angle}°`,
      x: angle,
      means: {
        drop: own.map(({ drop }) => drop),
        gain: own.map(({ gain }) => gain),
        "drop, stopped in time": own.map(({ stoppedDrop }) => stoppedDrop),
        "gain, stopped in time": own.map(({ stoppedGain }) => stoppedGain),
        hackability: own.map(({ disagreement }) => disagreement),
      },
      // Above what rounding leaves.
      shares: { "any drop": own.map(({ drop }) => drop > 1e-6), "drop above .01": own.map(({ drop }) => drop > 0.01) },
    });
  }
}

/** Agents paid by a mixture of goal and proxy, looked at on the way. */
async function* agents(lab: Lab, given: Params, seed: number): AsyncIterable<Row> {
  const { env, proxy, trained, frames, weights, levels: count } = given;
  const goal = lab.world({ env }).objectives[0]!.id;
  const alpha = 0.5;
  const specs = weights.flatMap((weight) =>
    overTrainingSeeds(trained, seed, (trainingSeed) => ({
      ...lab.recipe("mixed-reward", env, {
        seed: trainingSeed,
        params: { weights: { [goal]: weight, [proxy]: Number((1 - weight).toFixed(6)) }, alpha },
        ...(frames > 0 ? { frames } : {}),
      }),
      keep: LOOKS,
    })),
  );
  const records = await lab.grow(specs);
  const world = lab.world(records[0]!.spec.task);
  const other = world.objectives.findIndex(({ id }) => id === proxy);
  const random = rng(seed).fork("over-optimization levels");
  const levels = drawLevels(world, count, { strength: 0, alpha }, "test", random);
  for (const [i, weight] of weights.entries()) {
    const runs: { frames: number; intent: number; proxy: number }[][] = [];
    for (const record of records.slice(i * trained, (i + 1) * trained)) {
      const looks = [];
      for (const at of record.checkpoints) {
        const subject = await lab.subject(record, at);
        const { achieved } = await rollout({
          world,
          levels,
          act: subject.act.bind(subject),
          rng: random.fork("episodes"),
        });
        looks.push({ frames: at.frames, intent: mean(achieved[0]!), proxy: mean(achieved[other]!) });
      }
      runs.push(looks);
    }
    const paid = `paid ${weight} for the goal`;
    for (const [k, { frames: x }] of runs[0]!.entries()) {
      yield simulatedRow({
        condition: `${paid}, after ${x}`,
        x,
        means: { intent: runs.map((run) => run[k]!.intent), proxy: runs.map((run) => run[k]!.proxy) },
      });
    }
    // Where the other seeds peaked: the best of one's own looks would be luck in part.
    const drops = runs.map((run, own) => {
      const others = run.map((_, k) => mean(runs.filter((_, j) => j !== own).map((each) => each[k]!.intent)));
      return run[others.indexOf(Math.max(...others))]!.intent - run.at(-1)!.intent;
    });
    yield simulatedRow({
      condition: `drop, ${paid}`,
      means: {
        "drop of intent": drops,
        "intent at the end": runs.map((run) => run.at(-1)!.intent),
        "proxy at the end": runs.map((run) => run.at(-1)!.proxy),
      },
    });
  }
}
