/**
 * @file Agents and devices (Orseau, McGill and Legg 2018): is a behavior better
 * explained by a goal, or by a reflex?
 *
 * An agent walks towards a goal; a device draws its action from a table indexed
 * by what is beside it or behind it. Both classes are Bayesian mixtures with
 * fixed priors, so their evidence is exact and needs no fitting, and the
 * comparison charges each class for its size.
 *
 * Everything is a function of counts. `[contexts, actions]` counts how often each
 * action was taken in each context. For an agent the context is a pattern: for
 * each action, whether it comes closer to the goal, digit 2, keeps the distance,
 * 1, or leads away, 0, read as a number in base 3.
 */
import { logSumExp } from "../../core/stats.ts";

/** How many patterns there are for a number of actions. */
export const patternCount = (actions: number): number => 3 ** actions;

/** The pattern in which no action matters: the goal is reached, gone or out of reach. */
export const idle = (actions: number): number => (3 ** actions - 1) / 2;

/** Change of distance under an action, +1 closer, 0 same, −1 farther. */
export const digit = (pattern: number, action: number): number => (Math.floor(pattern / 3 ** action) % 3) - 1;

/** How an agent acts on a pattern: ln π(a | pattern), `[patterns, actions]`, and the prior of acting so. */
export interface Manner {
  readonly beta: number;
  /** Actions from the most to the least preferred where they are equally good; absent = no preference. */
  readonly order?: readonly number[];
  readonly logPrior: number;
  readonly table: Float64Array;
}

/**
 * Soft-optimal policies, π(a) ∝ exp(β · (closer − farther) + preference).
 *
 * Half of the prior has no preference; the other half is spread over every order
 * of the actions. A preference step is β / (actions), so that the whole range of
 * preferences is smaller than one step of distance: it breaks ties and does not
 * overrule the goal.
 */
export function manners(actions: number, betas: readonly number[]): Manner[] {
  const orders = permutations(actions);
  return betas.flatMap((beta) => [
    { beta, logPrior: Math.log(0.5 / betas.length), table: softTable(actions, beta, undefined) },
    ...orders.map((order) => ({
      beta,
      order,
      logPrior: Math.log(0.5 / betas.length / orders.length),
      table: softTable(actions, beta, order),
    })),
  ]);
}

function softTable(actions: number, beta: number, order: readonly number[] | undefined): Float64Array {
  const table = new Float64Array(patternCount(actions) * actions);
  for (let pattern = 0; pattern < patternCount(actions); pattern++) {
    const row = table.subarray(pattern * actions, (pattern + 1) * actions);
    for (let a = 0; a < actions; a++) {
      row[a] = beta * digit(pattern, a) - (order ? (beta / actions) * order.indexOf(a) : 0);
    }
    const total = logSumExp(row);
    for (let a = 0; a < actions; a++) row[a]! -= total;
  }
  return table;
}

function permutations(n: number): number[][] {
  if (n === 0) return [[]];
  return permutations(n - 1).flatMap((rest) => Array.from({ length: n }, (_, at) => rest.toSpliced(at, 0, n - 1)));
}

/**
 * ln p(actions | agent with this goal), mixed over manners. While there is
 * nothing to walk to it draws from one unknown distribution, as a device does:
 * what an agent does at its goal is no evidence against the goal.
 *
 * @param counts `[patterns, actions]` under the goal
 */
export function goalEvidence(counts: Int32Array, actions: number, all: readonly Manner[]): number {
  const rest = idle(actions) * actions;
  const used: number[] = [];
  for (let i = 0; i < counts.length; i++) if (counts[i] !== 0 && (i < rest || i >= rest + actions)) used.push(i);
  const pursuit = logSumExp(
    all.map(({ logPrior, table }) => {
      let sum = logPrior;
      for (const i of used) sum += counts[i]! * table[i]!;
      return sum;
    }),
  );
  return pursuit + deviceEvidence(counts.subarray(rest, rest + actions), actions);
}

/**
 * ln p(actions | device) with an unknown action distribution in each context,
 * under Krichevsky and Trofimov's Dirichlet(½, …, ½) prior: the product over
 * contexts of Π_a Γ(n_a + ½) / Γ(½) · Γ(A/2) / Γ(n + A/2).
 *
 * @param counts `[contexts, actions]`
 */
export function deviceEvidence(counts: Int32Array, actions: number): number {
  let sum = 0;
  for (let row = 0; row < counts.length; row += actions) {
    let n = 0;
    for (let a = 0; a < actions; a++) {
      for (let k = 0; k < counts[row + a]!; k++) sum += Math.log((k + 0.5) / (n++ + actions / 2));
    }
  }
  return sum;
}

/** What a set of trajectories says. */
export interface Verdict {
  /** p(agent | trajectories) under even prior odds. */
  readonly agent: number;
  /** ln p(trajectories | agent) − ln p(trajectories | device), nats. */
  readonly logOdds: number;
  /** p(goal | trajectories, agent), in the order of the goals. */
  readonly goals: Float64Array;
  /** p(device | trajectories, device), in the order of the devices. */
  readonly devices: Float64Array;
}

/**
 * Compare the classes with prior ½ each, goals and devices equally likely
 * within their class.
 *
 * @param goals ln evidence of each goal, from {@link goalEvidence}
 * @param devices ln evidence of each device, from {@link deviceEvidence}
 */
export function compareClasses(goals: readonly number[], devices: readonly number[]): Verdict {
  const agent = logSumExp(goals) - Math.log(goals.length);
  const device = logSumExp(devices) - Math.log(devices.length);
  const logOdds = agent - device;
  return {
    agent: 1 / (1 + Math.exp(-logOdds)),
    logOdds,
    goals: normalize(goals),
    devices: normalize(devices),
  };
}

function normalize(logs: readonly number[]): Float64Array {
  const total = logSumExp(logs);
  return Float64Array.from(logs, (log) => Math.exp(log - total));
}
