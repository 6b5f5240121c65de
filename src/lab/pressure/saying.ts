/**
 * @file From a random network to one that says something: how probable a set of strings becomes step by step, in bits
 * against the untrained network, with two controls that take as many steps without a gradient.
 */
import type { CharacterModel } from "../../characters/model.ts";
import { characterModel } from "../../characters/model.ts";
import { type CharacterNetwork, randomCharacters } from "../../characters/network.ts";
import { trainCharacters } from "../../characters/training.ts";
import type { Rng } from "../../core/rng.ts";
import { logSumExp } from "../../core/stats.ts";
import type { Weights } from "../../network.ts";
import type { Executor, UpdateRule } from "../../tensor/index.ts";

/** What is to be said, and how it is trained. */
export interface SayingTask {
  readonly network: CharacterNetwork;
  /** Strings to learn from. */
  readonly taught: readonly string[];
  /** Strings that count as said. */
  readonly wanted: readonly string[];
  /** Strings a step; more than there are means all of them. */
  readonly batch: number;
  readonly steps: number;
  readonly rate: number;
  /** Default: Adam. */
  readonly rule?: UpdateRule;
  /** Steps between measurements. */
  readonly every: number;
}

/** A network at one step of training. */
export interface Spoken {
  readonly step: number;
  /** P(one of the wanted strings, and nothing else). */
  readonly probability: number;
  /** log₂ of it. */
  readonly logBits: number;
  /** Mean nats a symbol on that step's batch; NaN after the last. */
  readonly loss: number;
}

/** A course of training. */
export interface Lesson {
  readonly course: readonly Spoken[];
  readonly initial: Weights;
  readonly weights: Weights;
  /** Length of every measured stretch of the course in weight space, `[course − 1]`. */
  readonly lengths: readonly number[];
}

/** log₂ P(one of the strings) under a model. */
export async function logBitsOf(model: CharacterModel, strings: readonly string[]): Promise<number> {
  return logSumExp(await model.logProbabilities(strings)) * Math.LOG2E;
}

/** Train from random weights until the steps are over, measuring on the way. */
export async function learnToSay(task: SayingTask, executor: Executor, random: Rng): Promise<Lesson> {
  const { network, taught, wanted, steps, every } = task;
  const initial = randomCharacters(network, random.fork("weights"));
  const choice = random.fork("batches");
  const batch = () =>
    task.batch >= taught.length ? taught : Array.from({ length: task.batch }, () => taught[choice.int(taught.length)]!);
  const course: { step: number; probability: number; logBits: number }[] = [];
  const lengths: number[] = [];
  let last: Weights | undefined;
  const { weights, losses } = await trainCharacters({
    ...task,
    initial,
    executor,
    batch,
    longest: Math.max(...taught.map(({ length }) => length)),
    async onStep(step, now) {
      if (step % every !== 0 && step !== steps) return;
      const current = now();
      const logBits = await logBitsOf(characterModel(network, current, executor), wanted);
      course.push({ step, probability: 2 ** logBits, logBits });
      if (last) lengths.push(distance(last, current));
      last = current;
    },
  });
  return {
    course: course.map((each) => ({ ...each, loss: losses[each.step] ?? Number.NaN })),
    initial,
    weights,
    lengths,
  };
}

/** Best log₂ P(wanted) among so many random networks: search without a gradient, one network for each step. */
export async function bestRandomNetwork(task: SayingTask, executor: Executor, random: Rng): Promise<number> {
  let best = -Infinity;
  for (let i = 0; i < task.steps; i++) {
    const model = characterModel(task.network, randomCharacters(task.network, random.fork(i)), executor);
    best = Math.max(best, await logBitsOf(model, task.wanted));
  }
  return best;
}

/** log₂ P(wanted) after random steps as long as those of a lesson: movement without a gradient. */
export async function wander(task: SayingTask, lesson: Lesson, executor: Executor, random: Rng): Promise<number> {
  const weights = Object.fromEntries(Object.entries(lesson.initial).map(([name, values]) => [name, values.slice()]));
  for (const length of lesson.lengths) {
    const step = Object.entries(weights).map(
      ([name, { length: n }]) => [name, Float64Array.from({ length: n }, () => random.normal())] as const,
    );
    const norm = Math.hypot(...step.map(([, values]) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0))));
    for (const [name, values] of step) {
      for (const [i, x] of values.entries()) weights[name]![i]! += (x * length) / norm;
    }
  }
  return logBitsOf(characterModel(task.network, weights, executor), task.wanted);
}

/**
 * Divergence in bits of what a model says from what another one says, over first `depth` symbols, exact but for what
 * prefixes less probable than `least` would add.
 */
export async function speechDivergence(
  model: CharacterModel,
  reference: CharacterModel,
  { depth, least = 1e-7 }: { readonly depth: number; readonly least?: number },
): Promise<number> {
  const { alphabet } = model.network.shape;
  let prefixes: { readonly text: string; readonly mass: number }[] = [{ text: "", mass: 1 }];
  let sum = 0;
  for (let at = 0; at < depth && prefixes.length > 0; at++) {
    const texts = prefixes.map(({ text }) => text);
    const [q, p] = [await model.next(texts), await reference.next(texts)];
    const longer: { readonly text: string; readonly mass: number }[] = [];
    for (const [i, { text, mass }] of prefixes.entries()) {
      for (let s = 0; s < alphabet.size; s++) {
        const log = q[i * alphabet.size + s]!;
        const own = mass * Math.exp(log);
        sum += own * (log - p[i * alphabet.size + s]!);
        if (s > 0 && own > least) longer.push({ text: text + alphabet.decode([s]), mass: own });
      }
    }
    prefixes = longer;
  }
  return sum * Math.LOG2E;
}

function distance(a: Weights, b: Weights): number {
  let sum = 0;
  for (const [name, values] of Object.entries(a)) {
    for (let i = 0; i < values.length; i++) sum += (b[name]![i]! - values[i]!) ** 2;
  }
  return Math.sqrt(sum);
}
