/**
 * @file The ledger of optimization pressure: one line for each of seven processes, from a thermostat to the selection of
 * seeds, each against the reference that it started from. Bits by three counts, and what they bought, on what was selected by
 * and on what was wanted.
 *
 * The references differ, so the bits of two lines neither add nor rank the processes by difficulty; that is why gains stand
 * beside them. For lines whose wish has no measure of its own (a thermostat, a word, a remembered line) the gain on the
 * intent is not reported.
 *
 * Changed after a first full run: a remembered line was measured against the model trained without it, which says other
 * things with so much certainty that gains in its deviations meant nothing (543,578 [−170,566, 1,257,722]). The reference
 * is now that of the definition of exposure, all secrets alike; bits against the other model stand beside it.
 */
import { z } from "zod";
import { overSeeds } from "../core/intervals.ts";
import { rng } from "../core/rng.ts";
import { COUPLED, DECOUPLED, type Mixture, type Split } from "../env.ts";
import { defineExperiment, type Lab, type Row } from "../experiment.ts";
import { type Candidate, enter } from "../lab/pressure/candidates.ts";
import { exactLevels } from "../lab/pressure/exact-outcomes.ts";
import {
  INSTANCES,
  type InstanceId,
  type Line,
  memoryLine,
  seedsLine,
  stackLines,
  thermostatLine,
  wordLine,
} from "../lab/pressure/instances.ts";
import { DISCOUNT } from "../lab/pressure/stack.ts";
import { mlp } from "../networks/mlp.ts";
import { parseParams } from "../plugin.ts";
import { policyShape } from "../policy/inference.ts";
import { drawLevels } from "../rollout.ts";
import { gainPerBit, normalLimit } from "../theory/selection/ledger.ts";

/** Lines whose intent is measured apart from their proxy. */
const INTENDED: readonly InstanceId[] = [
  "a trained policy",
  "search at inference",
  "search over settings",
  "best of n seeds",
];

export const pressureLedger = defineExperiment({
  id: "pressure-ledger",
  title: "Pressure in bits, with and without intent",
  source: "Yudkowsky 2008; Carlini et al. 2019, arXiv:1802.08232; Gao et al. 2023, arXiv:2210.10760",
  question: "How many bits does each process press, what does it gain by them, and does it take an intent?",
  hypothesis:
    "Every line has bits and a gain on its proxy, thermostat and selection of seeds included. Gradient descent on one word takes the most bits, selection of seeds and of settings fewer than four. The gain per bit differs by more than a factor of three among lines, and the gain on the intent stays behind that on the proxy, below zero for the trained policy.",
  params: z.object({
    seeds: z.int().min(2).default(6).describe("Training seeds of every line."),
    wordSteps: z.int().min(5).default(100).describe("Steps of gradient descent on the word."),
    lines: z.int().min(1).default(8).describe("Lines to remember, each seen 64 times."),
    memorySteps: z.int().min(20).default(600).describe("Steps of 32 lines."),
    trials: z.int().min(2).default(16).describe("Settings tried."),
    updates: z.int().min(2).default(24).describe("PPO updates of 2048 frames."),
    zoo: z.int().min(2).default(32).describe("Seeds among which the best is taken."),
    levels: z.int().min(4).default(32).describe("Levels of each kind."),
  }),
  budgets: {
    smoke: { seeds: 2, wordSteps: 40, lines: 2, memorySteps: 60, trials: 4, updates: 8, zoo: 4, levels: 8 },
    full: {},
  },
  async *run(lab, params, seed) {
    const { seeds, wordSteps, lines, memorySteps } = params;
    const all: Record<InstanceId, Line[]> = {
      thermostat: [],
      "a memorized line": [],
      "gradient descent on a word": [],
      "a trained policy": [],
      "search at inference": [],
      "search over settings": [],
      "best of n seeds": [],
    };
    const zoos: Candidate[][] = [];
    for (let i = 0; i < seeds; i++) {
      const random = rng(seed + i).fork("pressure ledger");
      all.thermostat.push(thermostatLine(random.fork("room")));
      all["gradient descent on a word"].push(await wordLine(wordSteps, lab.executor, random.fork("word")));
      all["a memorized line"].push(await memoryLine({ lines, steps: memorySteps }, lab.executor, seed + i));
      const { stack, zoo } = await policies(lab, params, seed + i);
      for (const [id, line] of Object.entries(stack)) all[id as keyof typeof stack].push(line);
      zoos.push(zoo);
    }
    for (const [k, zoo] of zoos.entries()) {
      all["best of n seeds"].push(seedsLine(zoo, zoos.filter((_, other) => other !== k).flat()));
    }
    for (const id of Object.keys(INSTANCES) as InstanceId[]) yield rowOf(id, all[id]);
  },
  figures: (rows) => [
    ...(["kl", "tail"] as const).map((name) => ({
      kind: "bars" as const,
      title: name === "kl" ? "Divergence from the reference" : "Optimization power over the reference",
      axis: "bits",
      bars: rows.map(({ condition, quantities }) => ({
        label: condition,
        reading: { status: "scored" as const, value: quantities[name]! },
      })),
    })),
    {
      kind: "bars",
      title: "Gain on the proxy for each bit of divergence",
      axis: "standard deviations of the reference a bit",
      bars: rows.map(({ condition, quantities }) => ({
        label: condition,
        reading: { status: "scored" as const, value: quantities.gainPerBit! },
      })),
    },
    {
      kind: "facts",
      title: "What each line is measured against",
      facts: Object.entries(INSTANCES).map(([id, { level, reference }]) => [
        id,
        `${level === 0 ? "no level: nothing was trained" : `level ${level}`}; reference: ${reference}`,
      ]),
    },
  ],
});

/** Agents of one seed: a stack with its random settings, and a zoo of seeds. */
async function policies(
  lab: Lab,
  { trials, updates, zoo, levels }: Readonly<Record<"trials" | "updates" | "zoo" | "levels", number>>,
  seed: number,
) {
  const world = lab.world({ env: "cheese-corner" });
  const random = rng(seed).fork("pressure ledger");
  const draw = (mixture: Mixture, split: Split, name: string) =>
    exactLevels(
      world,
      drawLevels(world, levels, mixture, split, rng(0).fork(name)),
      DISCOUNT,
      rng(0).fork(`${name} tables`),
    );
  const sets = { trained: draw(COUPLED, "test", "test"), wanted: draw(DECOUPLED, "test", "apart") };
  const shape = policyShape(world);
  const { executor } = lab;
  const stack = {
    world,
    network: mlp.build(shape, parseParams(mlp, {})),
    executor,
    validation: draw(COUPLED, "train", "validation"),
  };
  const small = {
    ...stack,
    network: mlp.build(shape, parseParams(mlp, { width: 16 })),
    mixture: { strength: 0, alpha: 0.3 },
  };
  const competition = { stack: small, test: sets.trained, apart: sets.wanted, updates, episodes: 128 };
  const candidates: Candidate[] = [];
  for (let i = 0; i < zoo; i++) candidates.push(await enter(competition, random.fork("zoo").fork(i)));
  return { stack: await stackLines(stack, sets, { trials, updates }, random.fork("stack")), zoo: candidates };
}

function rowOf(id: InstanceId, lines: readonly Line[]): Row {
  const [first] = lines;
  const over = (of: (line: Line) => number) => lines.map(of);
  const perSeed: Record<string, readonly number[]> = {
    ...(first!.nominal === undefined ? {} : { nominal: over(({ nominal }) => nominal!) }),
    kl: over(({ kl }) => kl),
    tail: over(({ tail }) => tail),
    proxyGain: over(({ proxyGain }) => proxyGain),
    ...(INTENDED.includes(id) ? { intentGain: over(({ intentGain }) => intentGain) } : {}),
    gainPerBit: over(({ proxyGain, kl }) => gainPerBit(proxyGain, kl)),
    // 1 where a normal score could not have gained more for as many bits.
    efficiency: over(({ proxyGain, kl }) => proxyGain / normalLimit(kl)),
    ...(first!.exposure === undefined ? {} : { exposure: over(({ exposure }) => exposure!) }),
    ...(first!.bitsOfData === undefined ? {} : { bitsOfData: over(({ bitsOfData }) => bitsOfData!) }),
    ...(first!.pathKl === undefined ? {} : { controlBits: over(({ pathKl }) => pathKl!) }),
  };
  return {
    condition: id,
    perSeed,
    quantities: Object.fromEntries(Object.entries(perSeed).map(([name, values]) => [name, overSeeds(values)])),
  };
}
