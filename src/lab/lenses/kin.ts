/**
 * @file The cloud around an agent, as numbers: earlier checkpoints, other seeds and perturbed weights in distribution;
 * random and early networks, which never were the agent, also where the objectives come apart.
 */
import type { Rng } from "../../core/rng.ts";
import { mean } from "../../core/stats.ts";
import type { Level, World } from "../../env.ts";
import { type Decisions, recordDecisions } from "../../interpret/decisions.ts";
import type { Kinship, Member } from "../../lens.ts";
import type { Weights } from "../../network.ts";
import type { TrainingSpec } from "../../organism.ts";
import { networkSubject, policyShape } from "../../policy/inference.ts";
import { rollout } from "../../rollout.ts";
import type { Subject } from "../../subject.ts";
import { digit } from "../../theory/agency/agents-and-devices.ts";
import { makeNetwork } from "../registry.ts";

/** Where members are measured. */
export interface Grounds {
  readonly world: World;
  /** Weight of each objective in what training pays, `[objectives]`. */
  readonly reward: readonly number[];
  /** Training levels. */
  readonly levels: readonly Level[];
  /** Distinguishing levels of the training split: for random and early networks alone. */
  readonly probes: readonly Level[];
}

/** Weights of the reward in the order of the objectives; the base objective alone where the spec names none. */
export function rewardOf({ reward }: Pick<TrainingSpec, "reward">, { objectives }: World): readonly number[] {
  const isEmpty = Object.keys(reward).length === 0;
  return objectives.map(({ id }, o) => reward[id] ?? (isEmpty && o === 0 ? 1 : 0));
}

/** What a subject does on the training levels, and the member that it is by that. */
export async function inDistribution(
  kinship: Kinship,
  subject: Subject,
  { world, reward, levels }: Grounds,
  rng: Rng,
): Promise<{ readonly member: Member; readonly decisions: Decisions }> {
  const act = subject.act.bind(subject);
  const decisions = await recordDecisions({ world, levels, act, goals: world.candidates, rng });
  const { achieved } = decisions.episodes;
  const total = reward.reduce((sum, each) => sum + each, 0);
  const fitness = reward.reduce((sum, weight, o) => sum + (weight === 0 ? 0 : weight * mean(achieved[o]!)), 0) / total;
  return { member: { kinship, fitness, pursuit: world.candidates.map((_, c) => pursuitOf(decisions, c)) }, decisions };
}

/** The same, with what it leans to where the objectives come apart. */
export async function withLeaning(
  kinship: "early" | "random",
  subject: Subject,
  grounds: Grounds,
  rng: Rng,
): Promise<Member> {
  const { world, probes } = grounds;
  const { member } = await inDistribution(kinship, subject, grounds, rng.fork("in distribution"));
  const act = subject.act.bind(subject);
  const { served } = await rollout({ world, levels: probes, act, rng: rng.fork("apart") });
  const none = world.objectives.length;
  const leaning = Array.from(
    { length: none + 1 },
    (_, c) => served.filter((objective) => (objective < 0 ? none : objective) === c).length / served.length,
  );
  return { ...member, leaning };
}

/** Mean change of distance to a candidate under the moves taken on fresh sights where it mattered; 0 where it never did. */
function pursuitOf(decisions: Decisions, candidate: number): number {
  const patterns = decisions.patterns[candidate]!;
  let [sum, n] = [0, 0];
  for (let i = 0; i < decisions.n; i++) {
    if (decisions.fresh[i] === 0 || isIdle(patterns[i]!)) continue;
    sum += digit(patterns[i]!, decisions.actions[i]!);
    n++;
  }
  return n === 0 ? 0 : sum / n;
}

/** No action comes closer or leads away: all digits are 1, as in 1 + 3 + 9 + …. */
function isIdle(pattern: number): boolean {
  let rest = pattern;
  while (rest > 0 && rest % 3 === 1) rest = Math.floor(rest / 3);
  return rest === 0;
}

/** Every weight moved by a normal step, in units of the root mean square of its tensor. */
export function perturbed(weights: Weights, size: number, rng: Rng): Weights {
  return Object.fromEntries(
    Object.entries(weights).map(([name, values]) => {
      const scale = size * Math.sqrt(mean(values.map((value) => value * value)));
      const stream = rng.fork(name);
      return [name, values.map((value) => value + scale * stream.normal())];
    }),
  );
}

/** The agent's network with other weights; undefined where the subject does not show its weights. */
export function twinOf(
  subject: Subject,
  spec: Pick<TrainingSpec, "network">,
  world: World,
): ((weights: Weights) => Subject) | undefined {
  const { inside } = subject;
  if (!inside) return undefined;
  const network = makeNetwork(spec.network, world);
  // Files of early versions hold their weights without the names of the network's parameters.
  if (!Object.keys(network.parameters).every((name) => name in inside.weights)) return undefined;
  return (weights) => networkSubject(network, weights, policyShape(world), inside.executor);
}
