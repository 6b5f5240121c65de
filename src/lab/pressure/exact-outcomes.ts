/**
 * @file Outcomes on a world small enough for exact distributions: after how many steps a stochastic policy reaches a cell,
 * by dynamic programming over states and time, from a start that is uniform over the level.
 */
import { LabError } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import type { Level, World } from "../../env.ts";
import { candidateOf } from "../../env.ts";
import { soughtStates, type TabularLevel, tabularLevel } from "../../interpret/tabular-level.ts";
import { densely, type Network, type PolicyShape, type Weights } from "../../network.ts";
import { parameterSpecs } from "../../policy/inference.ts";
import { cast, type Executor, type TensorData, trace } from "../../tensor/index.ts";

/** Levels as decision problems, with where each objective is to be had. */
export interface ExactLevels {
  readonly world: World;
  readonly tables: readonly TabularLevel[];
  /** 1 on the states of each objective, `[levels][objectives][states]`. */
  readonly sought: readonly (readonly Uint8Array[])[];
  /** Observations of all states of all levels, one after another. */
  readonly observations: Uint8Array;
  readonly states: number;
}

/**
 * Levels of a world as exact decision problems.
 *
 * @throws {LabError} `input/invalid` when a level is no decision problem over the cells of one agent
 */
export function exactLevels(world: World, levels: readonly Level[], gamma: number, random: Rng): ExactLevels {
  const tables = levels.map((level, i) => {
    const table = tabularLevel(world, level, gamma, random.fork(i));
    if (table?.faithful === 1) return table;
    throw new LabError(
      "input/invalid",
      `exactLevels: a level of ${world.env} is no decision problem over cells, got ${table ? `${table.faithful} of its steps` : "none"}; expected all steps to leave everything but the agent in place`,
    );
  });
  const sought = tables.map((table, i) =>
    world.objectives.map(({ id }) => {
      const candidate = candidateOf(world, id);
      const states = candidate && soughtStates(world, table, candidate, random.fork(i));
      return states ?? new Uint8Array(table.mdp.states);
    }),
  );
  const stride = world.planes.length * world.height * world.width;
  const states = tables.reduce((sum, { mdp }) => sum + mdp.states, 0);
  const observations = new Uint8Array(states * stride);
  let at = 0;
  for (const table of tables) {
    observations.set(table.observations, at * stride);
    at += table.mdp.states;
  }
  return { world, tables, sought, observations, states };
}

/** A policy and its values in every state of every level, one after another. */
export interface Tabulated {
  /** π(a | s), `[states, actions]`. */
  readonly policy: Float64Array;
  /** The network's own estimate of return, `[states]`. */
  readonly value: Float64Array;
}

/** What a network does and expects in every state. */
export async function tabulate(
  { observations, states }: ExactLevels,
  network: Network,
  weights: Weights,
  shape: PolicyShape,
  executor: Executor,
): Promise<Tabulated> {
  const specs = {
    ...parameterSpecs(network),
    observations: { shape: [states, shape.planes, shape.height, shape.width], dtype: "uint8" as const },
  };
  const graph = trace(specs, ({ observations: seen, ...parameters }) => {
    const { logits, value } = network.forward(parameters, densely(cast(seen!, "float32")));
    return { logits, value };
  });
  const feeds: Record<string, TensorData> = { ...weights, observations };
  const outputs = await (await executor.load(graph)).run(feeds);
  const policy = Float64Array.from(outputs.logits as Float32Array);
  normalize(policy, shape.actions);
  return { policy, value: Float64Array.from(outputs.value as Float32Array) };
}

/** Log-weights to probabilities, row by row, in place. */
export function normalize(logits: Float64Array, actions: number): void {
  for (let row = 0; row < logits.length; row += actions) {
    let max = -Infinity;
    for (let a = 0; a < actions; a++) max = Math.max(max, logits[row + a]!);
    let total = 0;
    for (let a = 0; a < actions; a++) total += logits[row + a] = Math.exp(logits[row + a]! - max);
    for (let a = 0; a < actions; a++) logits[row + a]! /= total;
  }
}

/**
 * P(first reached after t steps), t = 1 … horizon, and in the last place never, for every level: `[levels][horizon + 1]`.
 *
 * @param objective which of the world's; an episode also ends where the level ends it
 */
export function arrivals(levels: ExactLevels, policy: Float64Array, objective: number): Float64Array[] {
  const { world, tables, sought } = levels;
  let at = 0;
  return tables.map(({ mdp, ends }, i) => {
    const goal = sought[i]![objective]!;
    const { states, actions } = mdp;
    const own = policy.subarray(at * actions, (at + states) * actions);
    at += states;
    const out = new Float64Array(world.horizon + 1);
    // Who starts where it is to be had has not come there: such starts are left out.
    let now = mdp.start.map((mass, s) => (goal[s] === 1 ? 0 : mass));
    const total = now.reduce((sum, mass) => sum + mass, 0);
    now = now.map((mass) => mass / total);
    for (let t = 0; t < world.horizon; t++) {
      const next = new Float64Array(states);
      for (let s = 0; s < states; s++) {
        if (now[s] === 0) continue;
        for (let a = 0; a < actions; a++) {
          const row = s * actions + a;
          for (let e = mdp.from[row]!; e < mdp.from[row + 1]!; e++) {
            const mass = now[s]! * own[row]! * mdp.probability[e]!;
            const to = mdp.to[e]!;
            if (goal[to] === 1) out[t]! += mass;
            else if (ends[to] === 1) out[world.horizon]! += mass;
            else next[to]! += mass;
          }
        }
      }
      now = next;
    }
    out[world.horizon]! += now.reduce((sum, mass) => sum + mass, 0);
    return out;
  });
}

/**
 * Divergence of a policy from another one per episode, in bits: Σ over steps and states of the visits times KL(π ‖ π₀), mean
 * over levels. With the chain rule it is that of whole trajectories.
 */
export function policyDivergence(levels: ExactLevels, policy: Float64Array, reference: Float64Array): number {
  let at = 0;
  let sum = 0;
  for (const { mdp, ends } of levels.tables) {
    const { states, actions } = mdp;
    const first = at * actions;
    const cost = Float64Array.from({ length: states }, (_, s) => {
      let own = 0;
      for (let a = 0; a < actions; a++) {
        const row = first + s * actions + a;
        if (policy[row]! > 0) own += policy[row]! * Math.log2(policy[row]! / reference[row]!);
      }
      return own;
    });
    let now = mdp.start;
    for (let t = 0; t < levels.world.horizon; t++) {
      const next = new Float64Array(states);
      for (let s = 0; s < states; s++) {
        sum += (now[s]! * cost[s]!) / levels.tables.length;
        for (let a = 0; a < actions; a++) {
          const row = s * actions + a;
          for (let e = mdp.from[row]!; e < mdp.from[row + 1]!; e++) {
            if (ends[mdp.to[e]!] === 0) next[mdp.to[e]!]! += now[s]! * policy[first + row]! * mdp.probability[e]!;
          }
        }
      }
      now = next;
    }
    at += states;
  }
  return sum;
}

/**
 * Search at inference: the policy times exp(Q/τ), with Q two steps ahead in the world's own dynamics, paid by one objective
 * on arrival, and the network's values where the look ahead ends.
 *
 *     Q₁(s, a) = r + γ V(s′),   Q₂(s, a) = r + γ max_b Q₁(s′, b),   π′(a | s) ∝ π(a | s) exp(Q₂(s, a)/τ)
 */
export function lookingAhead(
  levels: ExactLevels,
  { policy, value }: Tabulated,
  {
    objective,
    gamma,
    temperature,
  }: { readonly objective: number; readonly gamma: number; readonly temperature: number },
): Float64Array {
  const out = policy.map((probability) => Math.log(Math.max(probability, 1e-300)));
  let at = 0;
  const { actions } = levels.tables[0]!.mdp;
  for (const [i, { mdp, ends }] of levels.tables.entries()) {
    const goal = levels.sought[i]![objective]!;
    const step = (after: (to: number) => number) =>
      Float64Array.from({ length: mdp.states * actions }, (_, row) => {
        let sum = 0;
        for (let e = mdp.from[row]!; e < mdp.from[row + 1]!; e++) {
          const to = mdp.to[e]!;
          sum += mdp.probability[e]! * (goal[to]! + (ends[to] === 1 ? 0 : gamma * after(to)));
        }
        return sum;
      });
    const first = at;
    const near = step((to) => value[first + to]!);
    const best = (to: number) => Math.max(...near.subarray(to * actions, (to + 1) * actions));
    for (const [row, worth] of step(best).entries()) out[first * actions + row]! += worth / temperature;
    at += mdp.states;
  }
  normalize(out, actions);
  return out;
}
