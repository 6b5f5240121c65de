/**
 * @file Processes for the ledger of pressure, each a short computation of one line on one seed: a thermostat, gradient
 * descent on a word, a memorized line, a trained policy, search at inference, search over settings, the best of n seeds.
 * Their references differ, and are named in {@link INSTANCES}.
 */
import { alphabet, LETTERS } from "../../characters/alphabet.ts";
import { characterModel } from "../../characters/model.ts";
import { characterNetwork } from "../../characters/network.ts";
import { type Rng, rng } from "../../core/rng.ts";
import { mean } from "../../core/stats.ts";
import type { Network } from "../../network.ts";
import { policyShape } from "../../policy/inference.ts";
import { type Executor, sgd } from "../../tensor/index.ts";
import { exactExposure } from "../../theory/memorization/exposure.ts";
import { exactPressure, type LedgerEntry } from "../../theory/selection/ledger.ts";
import { sampledPressure } from "../../theory/selection/ledger-sample.ts";
import { selectionKl } from "../../theory/selection/selection.ts";
import { coin, roomOutcome, thermostat } from "../../theory/selection/thermostat.ts";
import { canarySeed, drawCanaries, secretIndex, secretPerplexities, trainOnCanaries } from "./canaries.ts";
import type { Candidate } from "./candidates.ts";
import { type ExactLevels, policyDivergence, tabulate } from "./exact-outcomes.ts";
import { learnToSay, speechDivergence } from "./saying.ts";
import { acting, arrivalPressure, mixedArrivals, type Stack, searchSettings, type Trained } from "./stack.ts";

/** The lines of the ledger: what was there before, and at which level of the spectrum the pressure acts; 0 for none. */
export const INSTANCES = {
  thermostat: { level: 0, reference: "a coin switches the heater" },
  "a memorized line": { level: 1, reference: "all secrets alike" },
  "gradient descent on a word": { level: 1, reference: "the untrained network" },
  "a trained policy": { level: 2, reference: "untrained policies" },
  "search at inference": { level: 3, reference: "the trained policy without it" },
  "search over settings": { level: 4, reference: "policies trained with random settings" },
  "best of n seeds": { level: 4, reference: "other seeds of the same training" },
} as const;

export type InstanceId = keyof typeof INSTANCES;

/** A line, with what belongs to one instance alone. */
export interface Line extends LedgerEntry {
  /** Of remembered lines: log₂ of secrets over rank. */
  readonly exposure?: number;
  /** Of remembered lines: log₂ P(secret) over that of the model trained without them. */
  readonly bitsOfData?: number;
  /** Divergence of actions, not of outcomes, from the reference's over an episode, in bits. */
  readonly pathKl?: number;
}

/** An hour of a random room, by a thermostat: closed form, up to the draw of the room. */
export function thermostatLine(random: Rng): Line {
  const still = 0.2 + 0.2 * random.uniform();
  const room = { reach: 8, band: 1, minutes: 60, drift: (1 - still) * (0.75 + 0.2 * random.uniform()), still };
  const process = roomOutcome(room, thermostat);
  const reference = roomOutcome(room, coin).comfortable;
  const entry = exactPressure({
    reference,
    process: process.comfortable,
    proxy: reference.map((_, count) => count),
    alternatives: 2 ** room.minutes,
  });
  return { ...entry, pathKl: process.controlBits };
}

/** Gradient descent that says `dog`; the outcome is whether that and nothing else is said. */
export async function wordLine(steps: number, executor: Executor, random: Rng): Promise<Line> {
  const network = characterNetwork({ alphabet: alphabet(LETTERS), context: 8, width: 32, layers: 2, heads: 2 });
  const lesson = await learnToSay(
    { network, taught: ["dog"], wanted: ["dog"], batch: 1, steps, rate: 0.1, rule: sgd(), every: steps },
    executor,
    random,
  );
  const [before, after] = [lesson.course[0]!.probability, lesson.course.at(-1)!.probability];
  const [model, untrained] = [lesson.weights, lesson.initial].map((each) => characterModel(network, each, executor));
  return {
    ...exactPressure({
      reference: [1 - before, before],
      process: [1 - after, after],
      proxy: [0, 1],
      alternatives: LETTERS.length ** 3,
    }),
    kl: await speechDivergence(model!, untrained!, { depth: 6 }),
  };
}

/**
 * Lines seen 64 times: what is said in the place of the secret, against all secrets alike; beside it, the bits against the
 * same training without the lines.
 */
export async function memoryLine(
  given: { readonly lines: number; readonly steps: number },
  executor: Executor,
  seed: number,
): Promise<Line> {
  const random = canarySeed(seed);
  const canaries = drawCanaries([64], given.lines, random.fork("names"));
  const text = { canaries, steps: given.steps, batch: 32 };
  const model = await trainOnCanaries(text, random, executor);
  const without = await trainOnCanaries(text, random, executor, () => false);
  const entries: LedgerEntry[] = [];
  const exposures: number[] = [];
  const bits: number[] = [];
  for (const canary of canaries) {
    const perplexity = await secretPerplexities(model, canary.prefix);
    const index = secretIndex(canary.secret);
    const likelihood = perplexity.map((each) => Math.exp(-each));
    const total = likelihood.reduce((a, b) => a + b, 0);
    entries.push(
      exactPressure({
        reference: perplexity.map(() => 1 / perplexity.length),
        process: likelihood.map((each) => each / total),
        proxy: perplexity.map((_, i) => (i === index ? 1 : 0)),
        alternatives: perplexity.length,
      }),
    );
    exposures.push(exactExposure(perplexity, index));
    const before = await secretPerplexities(without, canary.prefix);
    bits.push((before[index]! - perplexity[index]!) * Math.LOG2E);
  }
  return { ...averaged(entries), exposure: mean(exposures), bitsOfData: mean(bits) };
}

/** What the lines of one stack are measured on. */
export interface StackSets {
  /** Levels of the kind that was trained on. */
  readonly trained: ExactLevels;
  /** Levels that tell the goals apart: the intent. */
  readonly wanted: ExactLevels;
}

/** Training, search at inference on top of it, and search over its settings, from one random search. */
export async function stackLines(
  stack: Stack,
  sets: StackSets,
  given: { readonly trials: number; readonly updates: number },
  random: Rng,
): Promise<Record<"a trained policy" | "search at inference" | "search over settings", Line>> {
  const { found, tried } = await searchSettings(stack, given, random);
  const chosen = tried.indexOf(found.state);
  const measured = async (levels: ExactLevels) => {
    const table = (weights: Trained["weights"], network: Network = stack.network) =>
      tabulate(levels, network, weights, policyShape(stack.world), stack.executor);
    const untrained: Float64Array[] = [];
    const trained: Float64Array[] = [];
    const ahead: Float64Array[] = [];
    for (const { initial, weights } of tried) {
      untrained.push((await table(initial)).policy);
      const own = await table(weights);
      trained.push(own.policy);
      ahead.push(acting(levels, own, true));
    }
    const over = (policies: readonly Float64Array[]) => mixedArrivals(levels, policies);
    // Of each agent from what it was itself.
    const divergence = (after: readonly Float64Array[], before: readonly Float64Array[]) =>
      mean(after.map((policy, i) => policyDivergence(levels, policy, before[i]!)));
    return {
      arrivals: {
        untrained: over(untrained),
        trained: over(trained),
        ahead: over(ahead),
        best: over([trained[chosen]!]),
      },
      trainedPath: divergence(trained, untrained),
      aheadPath: divergence(ahead, trained),
    };
  };
  const [proxy, intent] = [await measured(sets.trained), await measured(sets.wanted)];
  const line = (from: keyof typeof proxy.arrivals, to: keyof typeof proxy.arrivals, more: Partial<Line>): Line => ({
    ...arrivalPressure(stack.world, proxy.arrivals[from], proxy.arrivals[to]),
    intentGain: arrivalPressure(stack.world, intent.arrivals[from], intent.arrivals[to]).proxyGain,
    ...more,
  });
  return {
    "a trained policy": line("untrained", "trained", { pathKl: proxy.trainedPath }),
    "search at inference": line("trained", "ahead", { pathKl: proxy.aheadPath }),
    "search over settings": line("trained", "best", { nominal: Math.log2(given.trials) }),
  };
}

/** The best of a zoo by its benchmark, against the other zoos. */
export function seedsLine(zoo: readonly Candidate[], others: readonly Candidate[]): Line {
  const winner = zoo.reduce((best, each) => (each.score > best.score ? each : best));
  const scores = [...zoo, ...others].map(({ score }) => score);
  const sample = (of: readonly Candidate[]) => ({
    proxy: of.map(({ score }) => score),
    intent: of.map(({ value }) => value),
  });
  const entry = sampledPressure(sample(others), sample([winner]), { rng: rng(0), resamples: 1, cells: 2 });
  const uniform = scores.map(() => 1 / scores.length);
  return {
    nominal: Math.log2(zoo.length),
    // Exact with the ties that the benchmark has.
    kl: selectionKl({ probabilities: uniform, rewards: scores }, zoo.length) * Math.LOG2E,
    tail: entry.tail.value,
    baseline: Math.LOG2E,
    proxyGain: entry.proxyGain.value,
    intentGain: entry.intentGain.value,
  };
}

function averaged(entries: readonly LedgerEntry[]): LedgerEntry {
  const over = (name: keyof LedgerEntry) => mean(entries.map((entry) => entry[name]!));
  const { nominal } = entries[0]!;
  return {
    ...(nominal === undefined ? {} : { nominal }),
    kl: over("kl"),
    tail: over("tail"),
    baseline: over("baseline"),
    proxyGain: over("proxyGain"),
    intentGain: over("intentGain"),
  };
}
