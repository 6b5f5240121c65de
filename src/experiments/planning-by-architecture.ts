/**
 * @file Is being an optimizer a matter of degree? Networks of growing capacity
 * to search are taught the same ways through the same mazes for as many updates,
 * and are asked how many steps of lookahead their decisions are worth.
 *
 * The unit is fixed by devices (`interpret/planning-depth.ts`): 0 is a random
 * move into a free cell, 1 the greedy device, 12 whoever sees every way of up to
 * twelve steps of lookahead. What time to think is worth is asked of the one
 * network that has a knob.
 *
 * All take the same step size: none was tuned. Equal are states and updates, not
 * parameters, of which the perceptron has 20,000, the small convolutional network
 * 340,000 and the recurrent one 12,000.
 *
 * A pilot after prediction and rule, one seed and 200 updates: depth .1 (linear),
 * .1 (perceptron), .9 (convolutional), 4.8 (deep), 3.4 (recurrent; by 1 to 16
 * ticks 1.1, 1.5, 2.2, 2.9, 3.4, 3.4, 2.9, 2.4). Nothing was changed after it.
 */
import { z } from "zod";
import { scored } from "../core/estimate.ts";
import { type Interval, overSeeds } from "../core/intervals.ts";
import { rng } from "../core/rng.ts";
import { defineExperiment, type Lab, type Row } from "../experiment.ts";
import {
  type Band,
  type DecisionSet,
  drawDecisions,
  planningDepth,
  rightDecisions,
  skillByBand,
} from "../interpret/planning-depth.ts";
import { overTrainingSeeds } from "../lab/outcomes.ts";
import type { OrganismRecord, TrainingSpec } from "../organism.ts";

/** From the least capacity to search to the most. */
const ARCHITECTURES = ["linear", "perceptron", "convolutional", "deep convolutional", "recurrent"] as const;
type Architecture = (typeof ARCHITECTURES)[number];

/** Steps of lookahead that a decision needs; deeper ones are too rare in mazes of nine cells a side. */
const BANDS: readonly Band[] = [
  [1, 1],
  [2, 2],
  [3, 4],
  [5, 6],
  [7, 8],
  [9, 10],
  [11, 12],
];

export const planningByArchitecture = defineExperiment({
  id: "planning-by-architecture",
  title: "Planning depth by architecture",
  source: "Hubinger et al. 2019, arXiv:1906.01820; recurrent and deep networks of Bansal et al. 2022, arXiv:2202.05826",
  question:
    "How many steps of lookahead are the decisions of each architecture worth, and does depth come by degrees or at once?",
  hypothesis:
    "The linear policy decides no better than the greedy device (planning depth below 1.5); depth grows in the order linear, perceptron, convolutional, deep convolutional, recurrent, with at least one of them surely between a tenth and nine tenths of the way from the linear policy to the deepest; the recurrent network plans deeper at its usual number of ticks than at the fewest of training.",
  params: z.object({
    size: z.int().min(5).default(9).describe("Cells a side of the mazes."),
    architectures: z
      .array(z.enum(ARCHITECTURES))
      .min(2)
      .default([...ARCHITECTURES])
      .describe("Networks, from the least capacity to search to the most."),
    seeds: z.int().min(2).default(5).describe("Training seeds an architecture."),
    updates: z.int().min(1).default(1000).describe("Gradient steps."),
    batch: z.int().min(1).default(128).describe("States per gradient step, each on a level of its own."),
    rate: z.number().positive().default(2e-3).describe("Adam step size."),
    channels: z.int().min(1).default(24).describe("Channels of the recurrent network; the deep one has half as many."),
    ticks: z
      .tuple([z.int().min(1), z.int().min(1)])
      .default([2, 14])
      .describe("Fewest and most ticks of training of the recurrent network."),
    curve: z
      .array(z.int().min(1))
      .default([1, 2, 3, 4, 6, 8, 12, 16])
      .describe("Numbers of ticks at which the recurrent network is asked."),
    bands: z.int().min(2).max(BANDS.length).default(BANDS.length).describe("Bands of depth, from the shallowest."),
    decisions: z.int().min(16).default(192).describe("Test decisions in each band."),
  }),
  budgets: {
    smoke: {
      size: 7,
      architectures: ["linear", "perceptron", "recurrent"],
      seeds: 2,
      updates: 16,
      batch: 16,
      channels: 4,
      ticks: [1, 3],
      curve: [1, 2],
      bands: 4,
      decisions: 16,
    },
    full: {},
  },
  async *run(lab, params, seed) {
    const { architectures, seeds } = params;
    const records = await lab.grow(
      architectures.flatMap((architecture) =>
        overTrainingSeeds(seeds, seed, (trainingSeed) => specOf(lab, architecture, params, trainingSeed)),
      ),
    );
    const set = drawDecisions({
      world: lab.world(records[0]!.spec.task),
      mixture: { strength: 1, alpha: 0 },
      bands: BANDS.slice(0, params.bands),
      each: params.decisions,
      rng: rng(seed).fork("decisions"),
    });
    for (const [i, architecture] of architectures.entries()) {
      const tried: Tried[] = [];
      for (const record of records.slice(i * seeds, (i + 1) * seeds)) {
        tried.push(await tryOne(lab, record, set, params.curve, seed));
      }
      yield summary(architecture, tried, set.bands);
      yield* byTicks(architecture, tried);
    }
  },
  figures(rows) {
    const summaries = rows.filter(({ x }) => x === undefined);
    const thinking = rows.filter(({ x }) => x !== undefined);
    return [
      {
        kind: "bars",
        title: "Planning depth",
        axis: "steps of lookahead",
        bars: summaries.map(({ condition, quantities }) => ({ label: condition, reading: scored(quantities.depth!) })),
      },
      {
        kind: "curve",
        title: "Right decisions above chance by the steps of lookahead that they need",
        x: { title: "steps of lookahead", scale: "linear" },
        y: { title: "right decisions above chance", range: [-1, 1] },
        lines: summaries.map(({ condition, quantities }) => ({
          label: condition,
          points: BANDS.flatMap((band) => {
            const y = quantities[bandName(band)];
            return y ? [{ x: (band[0] + band[1]) / 2, y }] : [];
          }),
        })),
      },
      {
        kind: "curve",
        title: "Planning depth of the recurrent network against thinking time",
        x: { title: "ticks", scale: "log" },
        y: { title: "steps of lookahead" },
        lines: [{ label: "recurrent", points: thinking.map(({ x, quantities }) => ({ x: x!, y: quantities.depth! })) }],
      },
    ];
  },
});

type Params = (typeof planningByArchitecture.params)["_output"];

function specOf(lab: Lab, architecture: Architecture, params: Params, seed: number): TrainingSpec {
  const { size, updates, batch, rate, channels } = params;
  const [fewest, most] = params.ticks;
  const network = {
    linear: { id: "linear" },
    perceptron: { id: "mlp" },
    convolutional: { id: "conv" },
    "deep convolutional": { id: "untied", params: { depth: 9, channels: Math.ceil(channels / 2) } },
    recurrent: { id: "thinker", params: { channels, ticks: Math.round((fewest + most) / 2), fewest } },
  }[architecture];
  return lab.recipe("graded", "cheese-corner", {
    seed,
    envParams: { size, layout: "tree", blocking: true },
    // The cheese lies anywhere; the corner is one place among others.
    params: { strength: 1, alpha: 0 },
    frames: updates * batch,
    network,
    optimizer: {
      id: "cloning",
      params: { batch, rate, fresh: true, ...(architecture === "recurrent" ? { ticks: [fewest, most] } : {}) },
    },
  });
}

/** One network on all decisions. */
interface Tried {
  /** At the usual number of ticks, where there are any. */
  readonly skill: readonly number[];
  readonly depth: number;
  /** Depth at the usual ticks less that at the fewest of training; absent without a knob. */
  readonly gain?: number;
  /** Depth by ticks; empty without a knob. */
  readonly thinking: readonly (readonly [ticks: number, depth: number])[];
}

async function tryOne(
  lab: Lab,
  record: OrganismRecord,
  set: DecisionSet,
  curve: readonly number[],
  seed: number,
): Promise<Tried> {
  const { subject } = await lab.specimen(record);
  const skillAt = async (ticks?: number) => {
    const thinking = ticks === undefined ? subject : subject.thinking!(ticks);
    return skillByBand(set, await rightDecisions(thinking, set, rng(seed).fork("actions")));
  };
  const depthAt = async (ticks?: number) => planningDepth(set.bands, await skillAt(ticks));
  const skill = await skillAt();
  const depth = planningDepth(set.bands, skill);
  if (!subject.ticks) return { skill, depth, thinking: [] };
  const thinking: [number, number][] = [];
  for (const ticks of curve) thinking.push([ticks, await depthAt(ticks)]);
  return { skill, depth, gain: depth - (await depthAt(subject.ticks.fewest)), thinking };
}

const bandName = ([from, to]: Band): string => (from === to ? `ahead ${from}` : `ahead ${from}–${to}`);

function summary(condition: string, tried: readonly Tried[], bands: readonly Band[]): Row {
  const gains = tried.flatMap(({ gain }) => (gain === undefined ? [] : [gain]));
  return rowOf(
    { condition },
    {
      depth: tried.map(({ depth }) => depth),
      ...(gains.length === tried.length ? { gain: gains } : {}),
      ...Object.fromEntries(bands.map((band, b) => [bandName(band), tried.map(({ skill }) => skill[b]!)])),
    },
  );
}

/** One row for each number of ticks. */
function byTicks(architecture: string, tried: readonly Tried[]): Row[] {
  return tried[0]!.thinking.map(([x], at) =>
    rowOf(
      { condition: `${architecture} after ${x} ${x === 1 ? "tick" : "ticks"}`, x },
      { depth: tried.map(({ thinking }) => thinking[at]![1]) },
    ),
  );
}

function rowOf(row: Pick<Row, "condition" | "x">, perSeed: Readonly<Record<string, readonly number[]>>): Row {
  const quantities = Object.fromEntries(
    Object.entries(perSeed).map(([name, values]) => [name, overSeeds(values, RANGES[name] ?? [-Infinity, 1])]),
  );
  return { ...row, quantities, perSeed };
}

/** What is not a skill, which is at most 1: where chance exceeds one half, what is always wrong lies below −1. */
const RANGES: Readonly<Record<string, Interval>> = { depth: [0, Infinity], gain: [-Infinity, Infinity] };
