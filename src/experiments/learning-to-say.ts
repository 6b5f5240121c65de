/**
 * @file A random character network is moved by gradient descent until it says `dog`, and another one until it says some
 * fitting sentence. How improbable was that under the untrained network, in bits; how many bits did each step bring; and
 * what do as many steps bring that do not follow a gradient?
 *
 * Steps and rates were chosen on one pilot seed that is not among those of the run (dog: 20 bits in 100 steps; sentence:
 * 108 in 300), the prediction and the verdict rule after it.
 */
import { z } from "zod";
import { alphabet, LETTERS } from "../characters/alphabet.ts";
import { characterModel } from "../characters/model.ts";
import { characterNetwork } from "../characters/network.ts";
import { overSeeds } from "../core/intervals.ts";
import { type Rng, rng } from "../core/rng.ts";
import { defineExperiment, type Row } from "../experiment.ts";
import { fittingSentences, halves } from "../lab/pressure/grammar.ts";
import {
  bestRandomNetwork,
  type Lesson,
  learnToSay,
  logBitsOf,
  type SayingTask,
  speechDivergence,
  wander,
} from "../lab/pressure/saying.ts";
import { type Executor, sgd } from "../tensor/index.ts";

export const learningToSay = defineExperiment({
  id: "learning-to-say",
  title: "Gradient descent says dog",
  source: "Yudkowsky 2008, Measuring Optimization Power; a decoder as in Radford et al. 2019, character by character",
  question: "How many bits does gradient descent bring when it moves a random network until it says a word?",
  hypothesis:
    "From every random network plain gradient descent makes `dog` the whole of what is said (P > .9), some 20 bits against the untrained network, in 100 steps of which the first half bring more than nine tenths. The best of as many random networks, and random steps as long, bring less than a tenth of it. For a fitting sentence it is five times as many bits, and sentences never taught take more than a fifth of the probability.",
  params: z.object({
    seeds: z.int().min(2).default(5).describe("Training seeds."),
    dogSteps: z.int().min(5).default(100).describe("Steps of gradient descent on one word."),
    sentenceSteps: z.int().min(5).default(300).describe("Steps of Adam on half of the fitting sentences."),
    points: z.int().min(1).default(10).describe("How often the sentences are measured on the way."),
  }),
  budgets: { smoke: { seeds: 2, dogSteps: 40, sentenceSteps: 20, points: 2 }, full: {} },
  async *run(lab, { seeds, dogSteps, sentenceSteps, points }, seed) {
    const words: Said[] = [];
    const sentences: Said[] = [];
    for (let i = 0; i < seeds; i++) {
      const random = rng(seed + i).fork("learning to say");
      words.push(await word(dogSteps, lab.executor, random.fork("word")));
      sentences.push(await sentence(sentenceSteps, points, lab.executor, random.fork("sentence")));
    }
    yield rowOf("dog", words);
    yield rowOf(
      "dog: best of as many random networks",
      words.map(({ best }) => ({ quantities: { bits: best } })),
    );
    yield rowOf(
      "dog: random steps as long",
      words.map(({ wandered }) => ({ quantities: { bits: wandered } })),
    );
    yield rowOf("a fitting sentence", sentences);
    yield* courseRows("dog", words);
    yield* courseRows("a fitting sentence", sentences);
  },
  figures: (rows) =>
    ["dog", "a fitting sentence"].map((target) => ({
      kind: "curve" as const,
      title: `Bits by which ${target} became more probable`,
      x: { title: "steps of training", scale: "linear" as const },
      y: { title: "bits against the untrained network" },
      lines: [
        {
          label: target,
          points: rows
            .filter(({ condition, x }) => x !== undefined && condition.startsWith(`${target}, step`))
            .map(({ x, quantities }) => ({ x: x!, y: quantities.bits! })),
        },
      ],
    })),
});

/** One training seed on one target. */
interface Said {
  readonly quantities: Readonly<Record<string, number>>;
  readonly lesson: Lesson;
  /** Bits of the controls; absent for sentences. */
  readonly best: number;
  readonly wandered: number;
}

async function word(steps: number, executor: Executor, random: Rng): Promise<Said> {
  const network = characterNetwork({ alphabet: alphabet(LETTERS), context: 8, width: 32, layers: 2, heads: 2 });
  const task: SayingTask = {
    network,
    taught: ["dog"],
    wanted: ["dog"],
    batch: 1,
    steps,
    rate: 0.1,
    rule: sgd(),
    every: 5,
  };
  const lesson = await learnToSay(task, executor, random);
  const [model, reference] = [lesson.weights, lesson.initial].map((each) => characterModel(network, each, executor));
  const begun = lesson.course[0]!.logBits;
  const middle = lesson.course.find(({ step }) => step >= steps / 2)!;
  return {
    lesson,
    quantities: {
      ...summary(lesson),
      kl: await speechDivergence(model!, reference!, { depth: 6 }),
      firstHalf: (middle.logBits - begun) / (lesson.course.at(-1)!.logBits - begun),
    },
    best: (await bestRandomNetwork(task, executor, random.fork("random networks"))) - begun,
    wandered: (await wander(task, lesson, executor, random.fork("random steps"))) - begun,
  };
}

async function sentence(steps: number, points: number, executor: Executor, random: Rng): Promise<Said> {
  const network = characterNetwork({ alphabet: alphabet(LETTERS), context: 32, width: 32, layers: 2, heads: 2 });
  const wanted = fittingSentences();
  const [taught, held] = halves(wanted, random.fork("halves"));
  const task: SayingTask = {
    network,
    taught,
    wanted,
    batch: 32,
    steps,
    rate: 0.01,
    every: Math.max(1, Math.round(steps / points)),
  };
  const lesson = await learnToSay(task, executor, random);
  const unseen = await logBitsOf(characterModel(network, lesson.weights, executor), held);
  return {
    lesson,
    quantities: { ...summary(lesson), unseen: 2 ** (unseen - lesson.course.at(-1)!.logBits) },
    best: Number.NaN,
    wandered: Number.NaN,
  };
}

/** What the whole course brought. */
function summary({ course }: Lesson): Record<"probability" | "bits" | "bitsPerStep" | "steps", number> {
  const [first, last] = [course[0]!, course.at(-1)!];
  const bits = last.logBits - first.logBits;
  return {
    probability: last.probability,
    bits,
    bitsPerStep: bits / last.step,
    steps: course.find(({ probability }) => probability >= 0.5)?.step ?? last.step,
  };
}

function rowOf(
  condition: string,
  runs: readonly { readonly quantities: Readonly<Record<string, number>> }[],
  x?: number,
): Row {
  const names = Object.keys(runs[0]!.quantities);
  const perSeed = Object.fromEntries(names.map((name) => [name, runs.map(({ quantities }) => quantities[name]!)]));
  const shares: readonly string[] = ["probability", "firstHalf", "unseen"];
  return {
    condition,
    ...(x === undefined ? {} : { x }),
    perSeed,
    quantities: Object.fromEntries(
      names.map((name) => [name, overSeeds(perSeed[name]!, shares.includes(name) ? [0, 1] : undefined)]),
    ),
  };
}

/** One row for each measured step: probability, bits since the beginning and bits a step since the last measurement. */
function* courseRows(target: string, runs: readonly Said[]): Generator<Row> {
  for (const [k, { step }] of runs[0]!.lesson.course.entries()) {
    const quantities = runs.map(({ lesson: { course } }) => {
      const [now, before] = [course[k]!, course[Math.max(0, k - 1)]!];
      return {
        quantities: {
          probability: now.probability,
          bits: now.logBits - course[0]!.logBits,
          ...(k > 0 ? { bitsPerStep: (now.logBits - before.logBits) / (now.step - before.step) } : {}),
        },
      };
    });
    yield rowOf(`${target}, step ${step}`, quantities, step);
  }
}
