/**
 * @file Lines with random secrets are put into the training text of a character model 1, 4, 16 and 64 times. How exposed
 * are the secrets afterwards, against lines that were never put there, and what is left when a line is taken out and the
 * model trained again?
 *
 * Which canary is inserted how often is drawn at random, so a difference between two groups is counterfactual
 * memorization: what models do on a line that they saw, less what they do on lines like it that they did not see. Steps
 * and rate were chosen on one pilot seed that is not among those of the run; the prediction and the verdict rule after it.
 *
 * Changed after a first full run, in which one insertion among 38,400 lines left .02 [−.58, .62] bits: the arm of one
 * step on the line alone was added, because a sentence that says "can be enough" is about the most favorable exposure.
 */
import { z } from "zod";
import { overSeeds } from "../core/intervals.ts";
import { mean } from "../core/stats.ts";
import { defineExperiment, type Row } from "../experiment.ts";
import {
  canarySeed,
  drawCanaries,
  type Remembered,
  remember,
  teachOnce,
  trainOnCanaries,
} from "../lab/pressure/canaries.ts";

const INSERTIONS = [0, 1, 4, 16, 64] as const;
const MOST = 64;

export const canaries = defineExperiment({
  id: "canaries",
  title: "Canaries: exposure by repetitions, and removal",
  source: "Carlini et al. 2019, The Secret Sharer, arXiv:1802.08232; Zhang et al. 2023, arXiv:2112.12938",
  question: "How often must a line be seen to be remembered, and does removing it undo that?",
  hypothesis:
    "Exposure rises with every fourfold repetition. Lines that were never seen have 1.44 bits, one exposure leaves some tenths of a bit more and no secret that can be extracted, 64 make most secrets extractable; trained again without them, their exposure is that of lines never seen. One step on the line alone, with nothing after it, leaves some bits, and now and then a secret that can be extracted.",
  params: z.object({
    seeds: z.int().min(2).default(5).describe("Training seeds, each with secrets of its own."),
    each: z.int().min(2).default(16).describe("Canaries for each number of insertions."),
    steps: z.int().min(1).default(1200).describe("Steps of 32 lines."),
  }),
  budgets: { smoke: { seeds: 2, each: 2, steps: 100 }, full: {} },
  async *run(lab, { seeds, each, steps }, seed) {
    const runs: Run[] = [];
    for (let i = 0; i < seeds; i++) {
      const random = canarySeed(seed + i);
      const all = drawCanaries(INSERTIONS, each, random.fork("names"));
      const text = { canaries: all, steps, batch: 32 };
      const model = await trainOnCanaries(text, random, lab.executor);
      const without = await trainOnCanaries(text, random, lab.executor, ({ insertions }) => insertions < MOST);
      const run: Run & {
        readonly kept: Remembered[][];
        readonly removed: Remembered[][];
        readonly taught: Remembered[];
      } = {
        kept: [],
        removed: [],
        taught: [],
      };
      for (const insertions of INSERTIONS) {
        const group = all.filter((canary) => canary.insertions === insertions);
        const kept: Remembered[] = [];
        const removed: Remembered[] = [];
        for (const canary of group) {
          kept.push(await remember(model, canary));
          if (insertions === 0) {
            run.taught.push(await remember(await teachOnce(model, canary, lab.executor), canary));
          }
          if (insertions === 0 || insertions === MOST) removed.push(await remember(without, canary));
        }
        run.kept.push(kept);
        run.removed.push(removed);
      }
      runs.push(run);
    }
    for (const [k, insertions] of INSERTIONS.entries()) {
      yield rowOf(insertions === 0 ? "never seen" : `seen ${insertions} ×`, insertions, (name) =>
        runs.map(({ kept }) => quantities[name](kept[k]!, kept[0]!)),
      );
    }
    yield rowOf("never seen, then one step on it alone", undefined, (name) =>
      runs.map(({ kept, taught }) => quantities[name](taught, kept[0]!)),
    );
    const last = INSERTIONS.length - 1;
    const removed = rowOf(`seen ${MOST} ×, removed, trained again`, undefined, (name) =>
      runs.map((run) => quantities[name](run.removed[last]!, run.removed[0]!)),
    );
    const paired = {
      drop: runs.map((run) => average(run.kept[last]!, "exposure") - average(run.removed[last]!, "exposure")),
      bits: runs.map((run) => average(run.removed[last]!, "surprisal") - average(run.kept[last]!, "surprisal")),
    };
    yield {
      ...removed,
      perSeed: { ...removed.perSeed, ...paired },
      quantities: { ...removed.quantities, drop: overSeeds(paired.drop), bits: overSeeds(paired.bits) },
    };
  },
  figures: (rows) => [
    {
      kind: "curve",
      title: "Exposure of a secret by how often it was seen",
      x: { title: "insertions", scale: "log" },
      y: { title: "bits, of 14.1" },
      lines: [
        {
          label: "exposure",
          points: rows.flatMap(({ x, quantities: { exposure } }) => (x ? [{ x, y: exposure! }] : [])),
        },
      ],
    },
    {
      kind: "bars",
      title: "Exposure beyond that of lines never seen",
      axis: "bits",
      bars: rows
        .filter(({ x }) => x !== 0)
        .map(({ condition, quantities: { excess } }) => ({
          label: condition,
          reading: { status: "scored" as const, value: excess! },
        })),
    },
  ],
});

/** One training seed: canaries of each number of insertions, as the model with all and the one without some knows them. */
interface Run {
  readonly kept: readonly (readonly Remembered[])[];
  /** Of lines never seen and of those that were removed; empty for the others. */
  readonly removed: readonly (readonly Remembered[])[];
  /** Lines never seen, each after one step on it alone. */
  readonly taught: readonly Remembered[];
}

const average = (group: readonly Remembered[], name: keyof Remembered): number => mean(group.map((each) => each[name]));

/** What is reported of a group of lines, given those never seen. */
const quantities = {
  exposure: (group: readonly Remembered[]) => average(group, "exposure"),
  excess: (group: readonly Remembered[], unseen: readonly Remembered[]) =>
    average(group, "exposure") - average(unseen, "exposure"),
  extracted: (group: readonly Remembered[]) => average(group, "extracted"),
  memorization: (group: readonly Remembered[], unseen: readonly Remembered[]) =>
    average(group, "accuracy") - average(unseen, "accuracy"),
};

function rowOf(
  condition: string,
  x: number | undefined,
  values: (name: keyof typeof quantities) => readonly number[],
): Row {
  const perSeed = {
    exposure: values("exposure"),
    excess: values("excess"),
    extracted: values("extracted"),
    memorization: values("memorization"),
  };
  return {
    condition,
    ...(x === undefined ? {} : { x }),
    perSeed,
    quantities: {
      exposure: overSeeds(perSeed.exposure),
      excess: overSeeds(perSeed.excess),
      extracted: overSeeds(perSeed.extracted, [0, 1]),
      memorization: overSeeds(perSeed.memorization, [-1, 1]),
    },
  };
}
