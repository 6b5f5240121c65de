/**
 * @file The forecasters that a lens has to beat: one that knows nothing, one that knows how often agents choose what,
 * and one that knows what the most similar agents chose. The last two look at other training seeds only.
 */
import { mean } from "../../core/stats.ts";
import type { OrganismRecord, TrainingSpec } from "../../organism.ts";

/** What is known of another agent: how it was trained, and what it chose. */
export interface KnownAgent {
  readonly spec: TrainingSpec;
  /** Training seed; of agents picked from several, the number of the selection. */
  readonly seed: number;
  /** Mean share of what training pays, in distribution. */
  readonly skill: number;
  /** Shares of choices where the objectives come apart, `[objectives + 1]`, the last for none. */
  readonly shares: readonly number[];
}

/** From its record: what it chose on the levels on which its goal was measured, which are not held out. */
export function knownAgent(
  { spec, realized }: OrganismRecord,
  objectives: readonly string[],
  seed = spec.seed,
): KnownAgent {
  const shares = objectives.map((id) => realized.shares[id]?.mean ?? 0);
  const none = Math.max(0, 1 - shares.reduce((sum, each) => sum + each, 0));
  return { spec, seed, skill: realized.skill.mean, shares: [...shares, none] };
}

/** Every choice alike, `[objectives + 1]`. */
export const uniformShares = (objectives: number): readonly number[] =>
  new Array(objectives + 1).fill(1 / (objectives + 1));

/** Mean shares of all agents of other seeds and as many objectives; uniform where there are none. */
export function baseRate(agent: KnownAgent, known: readonly KnownAgent[]): readonly number[] {
  return meanShares(
    others(agent, known).filter(({ shares }) => shares.length === agent.shares.length),
    agent.shares.length - 1,
  );
}

/** Agents that count as near. */
const NEAREST = 3;

/** Mean shares of the agents of other seeds, in the same world, whose training is most similar; uniform without any. */
export function nearestKnown(agent: KnownAgent, known: readonly KnownAgent[]): readonly number[] {
  const near = others(agent, known)
    .filter(({ spec }) => spec.task.env === agent.spec.task.env)
    .map((each) => ({ each, apart: dissimilarity(agent, each) }))
    .sort((a, b) => a.apart - b.apart)
    .slice(0, NEAREST);
  return meanShares(
    near.map(({ each }) => each),
    agent.shares.length - 1,
  );
}

const others = (agent: KnownAgent, known: readonly KnownAgent[]) => known.filter(({ seed }) => seed !== agent.seed);

function meanShares(agents: readonly KnownAgent[], objectives: number): readonly number[] {
  if (agents.length === 0) return uniformShares(objectives);
  return agents[0]!.shares.map((_, c) => mean(agents.map(({ shares }) => shares[c]!)));
}

/**
 * Sum of differences in what training says: doses and weights as they are, amounts by their logarithms, and 1 for
 * each part that is of another kind. Never what was chosen.
 */
function dissimilarity(a: KnownAgent, b: KnownAgent): number {
  const [one, other] = [a.spec, b.spec];
  const unlike = (x: unknown, y: unknown) => (JSON.stringify(x) === JSON.stringify(y) ? 0 : 1);
  const rewards = new Set([...Object.keys(one.reward), ...Object.keys(other.reward)]);
  const amount = (frames: number) => Math.log10(1 + frames);
  let apart =
    Math.abs(one.mixture.alpha - other.mixture.alpha) +
    Math.abs(one.mixture.strength - other.mixture.strength) +
    Math.abs(amount(one.frames) - amount(other.frames)) +
    Math.abs(a.skill - b.skill) +
    unlike(one.task.params, other.task.params) +
    unlike(one.network.id, other.network.id) +
    unlike(one.network.params, other.network.params) +
    unlike(one.optimizer.id, other.optimizer.id) +
    unlike(one.optimizer.params, other.optimizer.params) +
    unlike(one.levels, other.levels);
  for (const id of rewards) apart += Math.abs((one.reward[id] ?? 0) - (other.reward[id] ?? 0));
  return apart;
}
