/**
 * @file The thinker without a loop: convolutional layers that each have weights
 * of their own, read at the agent's cell. It takes rooms of any size, as the
 * thinker does, and has no knob: the control for what thinking is worth.
 */
import { z } from "zod";
import { defineNetwork, orthogonal, orthogonalKernel, type Parameter, zeros } from "../network.ts";
import { add, conv2d, matmul, mul, relu, reshape, slice, sum, type Tensor } from "../tensor/index.ts";

export const untied = defineNetwork({
  id: "untied",
  title: "Untied convolutional network",
  source: "Feed-forward control of Bansal et al. 2022, arXiv:2202.05826, matched to the thinker in parameters",
  params: z.object({
    channels: z.int().min(1).default(12).describe("Channels of each layer."),
    depth: z.int().min(1).default(9).describe("3×3 layers; the agent sees this many cells in each direction."),
    agentPlane: z.int().min(0).default(1).describe("Index of the observation plane that marks the agent."),
  }),
  build({ planes, actions }, { channels, depth, agentPlane }) {
    const parameters: Record<string, Parameter> = {};
    for (let layer = 0; layer < depth; layer++) {
      parameters[`conv.${layer}.weight`] = orthogonalKernel(channels, layer === 0 ? planes : channels, 3, Math.SQRT2);
      parameters[`conv.${layer}.bias`] = zeros(channels, 1, 1);
    }
    parameters["policy.weight"] = orthogonal(channels, actions, 0.01);
    parameters["policy.bias"] = zeros(actions);
    parameters["value.weight"] = orthogonal(channels, 1, 1);
    parameters["value.bias"] = zeros(1);
    return {
      parameters,
      forward(p, { planes: observations }) {
        const batch = observations.shape[0]!;
        const sites: Record<string, Tensor> = {};
        let x = observations;
        for (let layer = 0; layer < depth; layer++) {
          x = relu(add(conv2d(x, p[`conv.${layer}.weight`]!, { padding: 1 }), p[`conv.${layer}.bias`]!));
          sites[`conv.${layer}.out`] = x;
        }
        const agent = slice(observations, { axis: 1, start: agentPlane, end: agentPlane + 1 });
        const here = reshape(sum(mul(x, agent), { axes: [2, 3] }), [batch, channels]);
        const logits = add(matmul(here, p["policy.weight"]!), p["policy.bias"]!);
        const value = reshape(add(matmul(here, p["value.weight"]!), p["value.bias"]!), [batch]);
        return { logits, value, sites: { ...sites, "agent.state": here, "policy.logits": logits, "value.out": value } };
      },
    };
  },
});
