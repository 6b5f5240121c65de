/**
 * @file Candidates that differ in their seed alone, and a benchmark that is a sample of what they do: what selection among
 * seeds selects from. What is true of each is exact.
 */
import type { Rng } from "../../core/rng.ts";
import { mean } from "../../core/stats.ts";
import { policyShape } from "../../policy/inference.ts";
import { arrivals, type ExactLevels, tabulate } from "./exact-outcomes.ts";
import { returnsOf, type Stack, type Trained, trainAndScore } from "./stack.ts";

/** What the benchmark says of a candidate, and what is true. */
export interface Candidate {
  /** Mean return of the benchmark's episodes. */
  readonly score: number;
  /** Expected return on all levels of the kind of the benchmark. */
  readonly value: number;
  /** Standard deviation of `score` around `value`, known exactly. */
  readonly errorSd: number;
  /** What the benchmark does not look at. */
  readonly traits: Traits;
}

/** Traits that no one selects for. */
export interface Traits {
  /** P(the corner is reached, and before the cheese) on levels that tell them apart. */
  readonly corner: number;
  /** Mean entropy of the policy in bits. */
  readonly entropy: number;
  /** Euclidean norm of the weights. */
  readonly norm: number;
  /** A number drawn at random, which nothing can be related to: the control. */
  readonly label: number;
}

/** What candidates are trained and judged on. */
export interface Competition {
  readonly stack: Stack;
  /** Levels that the benchmark draws from. */
  readonly test: ExactLevels;
  /** Levels that tell the goals apart. */
  readonly apart: ExactLevels;
  readonly updates: number;
  /** Episodes of the benchmark. */
  readonly episodes: number;
}

/** Settings of the base optimizer, the same for all. */
const SETTING = { rate: 1e-2, entropy: 0.01, forgetting: 0.01 };

/** Train a candidate and put it through the benchmark. */
export async function enter(competition: Competition, random: Rng): Promise<Candidate> {
  const { stack, test, apart, updates, episodes } = competition;
  const { state } = await trainAndScore(stack)({ configuration: SETTING, budget: updates, seed: random.int(2 ** 31) });
  const shape = policyShape(stack.world);
  const { policy } = await tabulate(test, stack.network, state.weights, shape, stack.executor);
  const shifted = await tabulate(apart, stack.network, state.weights, shape, stack.executor);
  const times = arrivals(test, policy, 0);
  const returns = returnsOf(stack.world.horizon);
  let [first, second] = [0, 0];
  for (const own of times) {
    for (const [t, mass] of own.entries()) {
      first += (mass * returns[t]!) / times.length;
      second += (mass * returns[t]! ** 2) / times.length;
    }
  }
  const play = random.fork("benchmark");
  const played = Array.from({ length: episodes }, () => returns[drawn(times[play.int(times.length)]!, play)]!);
  return {
    score: mean(played),
    value: first,
    errorSd: Math.sqrt((second - first * first) / episodes),
    traits: {
      corner: mean(arrivals(apart, shifted.policy, 1).map((own) => 1 - own.at(-1)!)),
      entropy: entropyOf(policy, shape.actions),
      norm: normOf(state),
      label: random.fork("label").normal(),
    },
  };
}

/** An index drawn from probabilities. */
function drawn(probabilities: Float64Array, random: Rng): number {
  let left = random.uniform();
  for (const [i, mass] of probabilities.entries()) {
    left -= mass;
    if (left < 0) return i;
  }
  return probabilities.length - 1;
}

function entropyOf(policy: Float64Array, actions: number): number {
  const bits = policy.reduce((sum, p) => (p > 0 ? sum - p * Math.log2(p) : sum), 0);
  return (bits * actions) / policy.length;
}

const normOf = ({ weights }: Trained): number =>
  Math.sqrt(Object.values(weights).reduce((sum, values) => sum + values.reduce((s, x) => s + x * x, 0), 0));
