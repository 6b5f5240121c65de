/**
 * @file The arithmetic of oracles: what an arrival is worth, and which moves
 * come closer. A reward on the t-th step counts gamma^(t−1), so a thing d steps
 * away is worth gamma^(d−1), not gamma^d.
 */

/** Discounted worth of a reward of 1 that is `steps` away; 0 when it is out of reach, in space (−1) or in time. */
export function arrivalValue(steps: number, remaining: number, gamma: number): number {
  return steps >= 1 && steps <= remaining ? gamma ** (steps - 1) : 0;
}

/**
 * Bit a is set when move a keeps the best arrival possible; 0 when there is
 * nothing to arrive at. With gamma = 1 an arrival is worth the same at any time,
 * so every move is optimal after which the target is still within the limit.
 *
 * @param distance steps to the target from every cell, −1 = never (walls included)
 * @param remaining steps left before the episode is cut off
 */
export function approachingMoves(
  distance: Int16Array,
  deltas: Int16Array,
  position: number,
  remaining: number,
  gamma: number,
  walls: Uint8Array,
): number {
  const here = distance[position]!;
  if (here < 1 || here > remaining) return 0;
  let mask = 0;
  for (let action = 0; action < deltas.length; action++) {
    const to = position + deltas[action]!;
    const next = distance[walls[to] === 0 ? to : position]!;
    if (next < 0) continue;
    if (gamma === 1 ? next <= remaining - 1 : next === here - 1) mask |= 1 << action;
  }
  return mask;
}
