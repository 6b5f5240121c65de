/**
 * @file Where goal-directedness has published values: a grid of five by five with a utility in one corner, policies of it
 * from the best to the worst, and one binary decision. Also the mistake that the published class must expose.
 *
 * Source: MacDermott et al. 2024, arXiv:2412.04758.
 */
import { rng } from "../../core/rng.ts";
import { deterministic, occupancies, optimal, softOptimal, stateReward, tabular, uniformPolicy } from "./mdp.ts";
import { expectedGain } from "./meg.ts";

const SIDE = 5;
/** Up, left, down, right. */
const MOVES = [
  [-1, 0],
  [0, -1],
  [1, 0],
  [0, 1],
] as const;
const beside = (s: number, a: number) => {
  const row = Math.floor(s / SIDE) + MOVES[a]![0];
  const column = (s % SIDE) + MOVES[a]![1];
  return row < 0 || column < 0 || row >= SIDE || column >= SIDE ? s : row * SIDE + column;
};

/** 0.9 as meant and 0.1 in the opposite direction, γ = 0.9, uniform start; 25 states, 4 actions. */
export const grid = tabular({
  states: SIDE * SIDE,
  actions: MOVES.length,
  gamma: 0.9,
  step: (s, a) => [
    [beside(s, a), 0.9],
    [beside(s, (a + 2) % 4), 0.1],
  ],
});

/** 1 in the last cell. `[25]` */
export const corner: Float64Array = new Float64Array(25).with(24, 1);

/** Down and right are equally good; the published numbers need the ties to be broken as they were there. */
export const best = deterministic(Array.from("2223232222222222222233332", Number), 4);
export const uniform = uniformPolicy(grid);

/** share · best + (1 − share) · uniform. */
export const blend = (share: number): Float64Array => best.map((p, i) => share * p + (1 - share) * uniform[i]!);

/** Optimal for staying away from the corner. */
export function worst(): Float64Array {
  const away = stateReward(
    grid,
    corner.map((u) => -u),
  );
  return deterministic(optimal(grid, away).action, 4);
}

/** One decision: state 0 leads to an end, 1 or 2. */
export const choice = tabular({
  states: 3,
  actions: 2,
  gamma: 0.5,
  start: Float64Array.of(1, 0, 0),
  step: (s, a) => (s === 0 ? [[1 + a, 1]] : []),
});

/** Takes the first end with probability p. */
export const choosing = (p: number): Float64Array => Float64Array.of(p, 1 - p, 0.5, 0.5, 0.5, 0.5);

/** The first end is worth 1, the other nothing. */
export const firstEnd: Float64Array = Float64Array.of(0, 1, 0);

/** A mistake: ascent in the utilities of states with (d_π − d_soft) · U in the place of d_π − d_soft. */
export function elementwiseGain(policy: Float64Array): number {
  const visits = occupancies(grid, policy);
  const random = rng(0);
  let utility = Float64Array.from({ length: 25 }, () => random.uniform());
  for (let step = 0; step < 200; step++) {
    const reached = occupancies(grid, softOptimal(grid, utility).policy);
    utility = utility.map((u, s) => u + (visits[s]! - reached[s]!) * u);
  }
  return expectedGain(visits, policy, softOptimal(grid, utility).gain);
}
