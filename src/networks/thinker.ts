/**
 * @file A weight-tied convolutional thinker: one 3×3 cell applied again and
 * again with the observation recalled at every tick, so that the number of
 * ticks is a knob that can be turned at inference time.
 *
 * state ← relu(conv(relu(conv([state, observation])))) ; the policy reads the
 * state at the agent's cell, found by the mouse plane, so that the decision is
 * local and the ticks must carry the goal to it.
 */
import { z } from "zod";
import { defineNetwork, type Parameter, uniform } from "../network.ts";
import { add, concat, conv2d, matmul, mul, relu, reshape, slice, sum, type Tensor } from "../tensor/index.ts";

export const thinker = defineNetwork({
  id: "thinker",
  title: "Weight-tied convolutional thinker",
  source: "Recall architecture of Bansal et al. 2022, arXiv:2202.05826, at 24 channels",
  params: z.object({
    channels: z.int().min(1).default(24).describe("Channels of the state."),
    ticks: z.int().min(1).default(12).describe("Ticks unless told otherwise."),
    fewest: z
      .int()
      .min(0)
      .default(0)
      .describe("Fewest ticks with which it is meant to act; 0 = half of the usual ones."),
    maxTicks: z.int().min(1).default(64).describe("Most ticks that may be asked for."),
    agentPlane: z.int().min(0).default(1).describe("Index of the observation plane that marks the agent."),
  }),
  build({ planes, actions }, { channels, ticks: trained, fewest, maxTicks, agentPlane }) {
    return {
      ticks: { trained, max: maxTicks, fewest: fewest || Math.max(1, Math.floor(trained / 2)) },
      parameters: {
        ...convolution("encode", planes, channels),
        ...convolution("mix", channels + planes, channels),
        ...convolution("cell", channels, channels),
        "policy.weight": uniform([channels, actions], channels),
        "policy.bias": uniform([actions], channels),
        "value.weight": uniform([channels, 1], channels),
        "value.bias": uniform([1], channels),
      },
      forward(p, { planes: observations }, ticks = trained) {
        const batch = observations.shape[0]!;
        const layer = (x: Tensor, name: string) =>
          add(conv2d(x, p[`${name}.weight`]!, { padding: 1 }), p[`${name}.bias`]!);
        const sites: Record<string, Tensor> = {};
        let state = relu(layer(observations, "encode"));
        for (let tick = 0; tick < ticks; tick++) {
          const mixed = relu(layer(concat([state, observations], 1), "mix"));
          state = relu(layer(mixed, "cell"));
          sites[`tick.${tick}.state`] = state;
        }
        const agent = slice(observations, { axis: 1, start: agentPlane, end: agentPlane + 1 });
        const here = reshape(sum(mul(state, agent), { axes: [2, 3] }), [batch, channels]);
        const logits = add(matmul(here, p["policy.weight"]!), p["policy.bias"]!);
        const value = reshape(add(matmul(here, p["value.weight"]!), p["value.bias"]!), [batch]);
        return { logits, value, sites: { ...sites, "agent.state": here, "policy.logits": logits, "value.out": value } };
      },
    };
  },
});

/** A 3×3 layer's weights and biases, uniform in ±1/√fan-in: a shrinking start, as in the published thinkers. */
function convolution(name: string, into: number, out: number): Record<string, Parameter> {
  return {
    [`${name}.weight`]: uniform([out, into, 3, 3], into * 9),
    [`${name}.bias`]: uniform([out, 1, 1], into * 9),
  };
}
