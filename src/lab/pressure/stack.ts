/**
 * @file Three optimizers on top of each other on one small world: a search over settings (meta) around reinforcement
 * learning (base) around a policy that looks ahead (mesa). Each can be switched off; outcomes are exact.
 */
import { type Rng, rng } from "../../core/rng.ts";
import { mean } from "../../core/stats.ts";
import { COUPLED, type Mixture, type World } from "../../env.ts";
import { levelSource } from "../../levels.ts";
import type { Evaluate, Found, Space } from "../../meta-optimizer.ts";
import { randomSearch } from "../../meta-optimizers/random-search.ts";
import { initialize, type Network, type Weights } from "../../network.ts";
import type { Snapshot } from "../../optimizer.ts";
import { ppo } from "../../optimizers/gradient/ppo.ts";
import { parseParams } from "../../plugin.ts";
import { policyShape } from "../../policy/inference.ts";
import type { Executor } from "../../tensor/index.ts";
import { exactPressure, type LedgerEntry } from "../../theory/selection/ledger.ts";
import { arrivals, type ExactLevels, lookingAhead, type Tabulated, tabulate } from "./exact-outcomes.ts";

/** Settings of PPO that the meta level chooses. */
export const SETTINGS: Space = [
  { id: "rate", low: 1e-5, high: 1e-2, scale: "log" },
  { id: "entropy", low: 1e-4, high: 0.1, scale: "log" },
  // 1 − discount
  { id: "forgetting", low: 0.003, high: 0.3, scale: "log" },
];

/** Discount of the outcome, whatever an agent was trained with. */
export const DISCOUNT = 0.99;

/** An update of PPO is 2048 frames: so many episodes side by side, for so many steps. */
const ENVIRONMENTS = 128;
const STEPS = 16;

/** What is trained, and on what it is judged. */
export interface Stack {
  readonly world: World;
  readonly network: Network;
  readonly executor: Executor;
  /** Levels on which settings are compared. */
  readonly validation: ExactLevels;
  /** Levels of training; default: the cheese in the corner. */
  readonly mixture?: Mixture;
}

/** A network on its way. */
export interface Trained {
  /** Weights before training. */
  readonly initial: Weights;
  readonly weights: Weights;
  readonly updates: number;
  readonly seed: number;
  readonly snapshot?: Snapshot;
}

/** P(first reached after t steps) as a score: discounted return, 0 for never. `[horizon + 1]` */
export const returnsOf = (horizon: number): Float64Array =>
  Float64Array.from({ length: horizon + 1 }, (_, t) => (t === horizon ? 0 : DISCOUNT ** t));

/** Expected discounted return for an objective, mean over levels. */
export function expectedReturn(levels: ExactLevels, policy: Float64Array, objective = 0): number {
  const scores = returnsOf(levels.world.horizon);
  return mean(
    arrivals(levels, policy, objective).map((times) => times.reduce((sum, mass, t) => sum + mass * scores[t]!, 0)),
  );
}

/** Train for so many updates with these settings, from the start or on from where a trial ended; scored on validation. */
export function trainAndScore({ world, network, executor, validation, mixture = COUPLED }: Stack): Evaluate<Trained> {
  const shape = policyShape(world);
  return async ({ configuration, budget, seed: fresh, from }) => {
    const seed = from?.seed ?? fresh;
    const random = rng(seed).fork("stack");
    const initial = from?.initial ?? initialize(network, random.fork("weights"));
    const before = from?.updates ?? 0;
    let trained: Trained = { initial, weights: from?.weights ?? initial, updates: before, seed };
    if (budget > 0) {
      const learner = await ppo.start(
        {
          world,
          network,
          shape,
          executor,
          mixture,
          reward: world.objectives.map((_, i) => (i === 0 ? 1 : 0)),
          levels: levelSource({ kind: "fresh" }, world, mixture, ENVIRONMENTS),
          frames: (before + budget) * ENVIRONMENTS * STEPS,
          rng: random.fork("training"),
        },
        parseParams(ppo, {
          environments: ENVIRONMENTS,
          steps: STEPS,
          minibatch: 512,
          rate: configuration.rate,
          entropy: configuration.entropy,
          gamma: 1 - configuration.forgetting!,
        }),
        initial,
      );
      if (from?.snapshot) learner.restore(from.snapshot);
      for (let update = before; update < before + budget; update++) await learner.update(update);
      trained = { initial, weights: learner.weights(), updates: before + budget, seed, snapshot: learner.snapshot() };
    }
    const { policy } = await tabulate(validation, network, trained.weights, shape, executor);
    return { score: expectedReturn(validation, policy), state: trained };
  };
}

/** Random search over settings that keeps all it tried: what happens without the search is the expectation over them. */
export async function searchSettings(
  stack: Stack,
  { trials, updates }: { readonly trials: number; readonly updates: number },
  random: Rng,
): Promise<{ readonly found: Found<Trained>; readonly tried: readonly Trained[] }> {
  const evaluate = trainAndScore(stack);
  const tried: Trained[] = [];
  const keep: Evaluate<Trained> = async (request) => {
    const trial = await evaluate(request);
    tried.push(trial.state);
    return trial;
  };
  const found = await randomSearch({ space: SETTINGS, evaluate: keep, rng: random }, { trials, budget: updates });
  return { found, tried };
}

/** The policy that acts: that of the network, or one that looks ahead on top of it. */
export const acting = (levels: ExactLevels, tabulated: Tabulated, looksAhead: boolean): Float64Array =>
  looksAhead
    ? // chosen before any run: a tenth of the reward is what one e-fold costs
      lookingAhead(levels, tabulated, { objective: 0, gamma: DISCOUNT, temperature: 0.1 })
    : tabulated.policy;

/** Arrival times under each of several policies, averaged: what comes of taking one of them at random. `[levels][times]` */
export function mixedArrivals(levels: ExactLevels, policies: readonly Float64Array[], objective = 0): Float64Array[] {
  const all = policies.map((policy) => arrivals(levels, policy, objective));
  return all[0]!.map((first, level) =>
    first.map((_, t) => all.reduce((sum, own) => sum + own[level]![t]! / all.length, 0)),
  );
}

/** The ledger's line for arrival times against those of a reference, mean over levels. */
export function arrivalPressure(
  world: World,
  reference: readonly Float64Array[],
  process: readonly Float64Array[],
): LedgerEntry {
  const scores = returnsOf(world.horizon);
  const entries = process.map((own, i) => exactPressure({ reference: reference[i]!, process: own, proxy: scores }));
  const over = (name: "kl" | "tail" | "baseline" | "proxyGain" | "intentGain") =>
    mean(entries.map((each) => each[name]));
  return {
    kl: over("kl"),
    tail: over("tail"),
    baseline: over("baseline"),
    proxyGain: over("proxyGain"),
    intentGain: over("intentGain"),
  };
}

/** The stream of a training seed. */
export const stackSeed = (seed: number): Rng => rng(seed).fork("three levels");
