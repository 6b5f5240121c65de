/**
 * @file Value iteration as a network: the positive control of every instrument
 * that looks for planning. Its starting weights are the algorithm, so it needs
 * no training, and its critic is the discounted optimum.
 *
 *     V ← clip(max(goal, free · max over a of (backup_a ∗ V)), 0, 1)
 *
 * Planted, backup_a moves the map by one step against action a and scales it by
 * gamma, so that one tick is one Bellman backup and k ticks find every way of up
 * to k + 1 steps. Tied, the ticks share one set of kernels and their number is a
 * knob; unrolled, each has a copy of its own and there is no knob.
 *
 * Every kernel is an ordinary parameter. With `planted: false` the same
 * architecture starts from random weights: a twin with equal parameters. With a
 * `learned` target the planning is planted and the map of goals is not: it starts
 * nearly empty, and training decides between things and places.
 */
import { z } from "zod";
import type { Rng } from "../core/rng.ts";
import { defineNetwork, type Parameter, uniform, zeros } from "../network.ts";
import {
  add,
  clip,
  constant,
  conv2d,
  matmul,
  max,
  maximum,
  mul,
  reshape,
  slice,
  sum,
  type Tensor,
} from "../tensor/index.ts";

/** Offsets of up, left, down, right in a 3×3 kernel, row by row. */
const NEIGHBORS = [1, 3, 7, 5];

/**
 * On a map of ones with zeros beyond its edge, 1 + 1 − 0 − 0 − 1 > 0 holds in
 * row 1, column 1 alone: one step from the edge above and on the left, not two.
 * Weights of the cells two up, one up, two left, one left in a 5×5 kernel.
 */
const CORNER: Readonly<Record<number, number>> = { 2: -1, 7: 1, 10: -1, 11: 1 };

/** Uniform in [0, 0.02): above the floor of the map's clip, below which nothing would be learned. */
function nearlyEmpty(shape: readonly number[]): Parameter {
  const size = shape.reduce((product, each) => product * each, 1);
  return { shape, init: (rng) => Float32Array.from({ length: size }, () => 0.02 * rng.uniform()) };
}

export const valueIteration = defineNetwork({
  id: "value-iteration",
  title: "Value iteration in planted weights",
  source: "Bellman 1957; as convolution and maximum over channels, Tamar et al. 2016, arXiv:1602.02867",
  params: z.object({
    target: z
      .enum(["thing", "corner", "learned"])
      .default("thing")
      .describe(
        "What the planted goal is: the things on one plane, or the top left corner, whatever lies there; learned: none, training is to find it.",
      ),
    goalPlane: z.int().min(0).default(2).describe("Index of the observation plane that marks the target things."),
    avoid: z
      .array(z.int().min(0))
      .default([])
      .describe("Further observation planes whose things are planned around like walls, the target itself apart."),
    agentPlane: z.int().min(0).default(1).describe("Index of the observation plane that marks the agent."),
    gamma: z.number().positive().max(1).default(0.97).describe("Discount per step."),
    sharpness: z.number().positive().default(1e4).describe("Logits per unit of value; ties stay ties."),
    ticks: z.int().min(0).default(0).describe("Backups; 0 = half the cells of the grid, enough for any tree maze."),
    jitter: z
      .number()
      .min(0)
      .default(0)
      .describe("Relative noise on every planted weight, so that training seeds give different networks; 0 = exact."),
    tied: z.boolean().default(true).describe("One set of kernels for all ticks; otherwise unrolled, without a knob."),
    planted: z.boolean().default(true).describe("Start from value iteration; otherwise from random weights."),
  }),
  build({ planes, height, width, actions }, params) {
    const { target, goalPlane, avoid, agentPlane, gamma, sharpness, jitter, ticks: given, tied, planted } = params;
    const trained = given > 0 ? given : Math.ceil((height * width) / 2);
    const plant = (shape: readonly number[], fanIn: number, values: Readonly<Record<number, number>>): Parameter => {
      const random = fanIn === 0 ? zeros(...shape) : uniform(shape, fanIn);
      if (!planted) return random;
      const size = shape.reduce((product, each) => product * each, 1);
      const init = (rng: Rng) =>
        Float32Array.from({ length: size }, (_, i) => (values[i] ?? 0) * (1 + jitter * rng.normal()));
      return { shape, init, random: random.init };
    };
    const onCorner = target === "corner";
    /** What the map of goals is made of: planted, or to be learned. */
    const goal = (shape: readonly number[], fanIn: number, values: Readonly<Record<number, number>>): Parameter =>
      target === "learned" && planted ? nearlyEmpty(shape) : plant(shape, fanIn, values);
    /** A 3×3 kernel for each action, which reads the cell that the action leads to. */
    const reader = (weight: number) =>
      Object.fromEntries(NEIGHBORS.slice(0, actions).map((offset, action) => [action * 9 + offset, weight]));
    // 81 inputs: the kernels of a random twin then never enlarge a map, however often they are applied.
    const backup = plant([actions, 1, 3, 3], 81, reader(gamma));
    const kernel = (tick: number) => (tied ? "backup.weight" : `backup.${tick}.weight`);
    const parameters: Record<string, Parameter> = {
      "goal.weight": goal([1, planes, 1, 1], planes, onCorner ? {} : { [goalPlane]: 1 }),
      "place.weight": goal([1, 1, 5, 5], 25, onCorner ? CORNER : {}),
      "place.bias": goal([1], 0, onCorner ? { 0: -1 } : {}),
      "free.weight": plant([1, planes, 1, 1], planes, Object.fromEntries([0, ...avoid].map((plane) => [plane, -1]))),
      "free.bias": plant([1], 0, { 0: 1 }),
      ...Object.fromEntries(Array.from({ length: tied ? 1 : trained }, (_, tick) => [kernel(tick), backup])),
      "look.weight": plant([actions, 1, 3, 3], 9, reader(1)),
      "policy.weight": plant(
        [actions, actions],
        actions,
        Object.fromEntries(Array.from({ length: actions }, (_, a) => [a * actions + a, sharpness])),
      ),
      "policy.bias": plant([actions], 0, {}),
    };
    return {
      ...(tied ? { ticks: { trained, max: Math.max(64, 4 * trained), fewest: 1 } } : {}),
      parameters,
      forward(p, { planes: observations }, ticks = trained) {
        const [batch = 1, , rows = height, columns = width] = observations.shape;
        const sites: Record<string, Tensor> = {};
        const place = conv2d(constant(1, [1, 1, rows, columns]), p["place.weight"]!, { padding: 2 });
        const goals = clip(add(conv2d(observations, p["goal.weight"]!), add(place, p["place.bias"]!)), 0, 1);
        const free = clip(add(conv2d(observations, p["free.weight"]!), p["free.bias"]!), 0, 1);
        let state = goals;
        sites["goal.out"] = state;
        for (let tick = 0; tick < (tied ? ticks : trained); tick++) {
          const moved = conv2d(state, p[kernel(tick)]!, { padding: 1 });
          state = clip(max(goals, mul(free, maximum(moved, { axes: [1], keepDims: true }))), 0, 1);
          sites[tied ? `tick.${tick}.moved` : `layer.${tick}.moved`] = moved;
          sites[tied ? `tick.${tick}.state` : `layer.${tick}.out`] = state;
        }
        const agent = slice(observations, { axis: 1, start: agentPlane, end: agentPlane + 1 });
        const look = conv2d(state, p["look.weight"]!, { padding: 1 });
        const here = reshape(sum(mul(look, agent), { axes: [2, 3] }), [batch, actions]);
        const logits = add(matmul(here, p["policy.weight"]!), p["policy.bias"]!);
        const value = maximum(here, { axes: [1] });
        return { logits, value, sites: { ...sites, "agent.look": here, "policy.logits": logits, "value.out": value } };
      },
    };
  },
});
