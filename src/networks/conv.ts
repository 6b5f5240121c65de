/**
 * @file A small convolutional network: 3×3 layers that keep the size of the
 * grid, then one dense layer and two heads.
 */
import { z } from "zod";
import { defineNetwork, orthogonal, orthogonalKernel, type Parameter, zeros } from "../network.ts";
import { add, conv2d, matmul, relu, reshape, type Tensor } from "../tensor/index.ts";

export const conv = defineNetwork({
  id: "conv",
  title: "Small convolutional network",
  source: "3×3 layers without pooling, as small gridworld agents use (Abdel Sadek et al. 2025); weights as in mlp",
  params: z.object({
    channels: z.array(z.int().min(1)).min(1).default([16, 32]).describe("Output channels of each 3×3 layer."),
    width: z.int().min(1).default(128).describe("Units in the dense layer."),
  }),
  build({ planes, height, width: columns, actions }, { channels, width }) {
    const parameters: Record<string, Parameter> = {};
    let into = planes;
    for (const [layer, out] of channels.entries()) {
      parameters[`conv.${layer}.weight`] = orthogonalKernel(out, into, 3, Math.SQRT2);
      parameters[`conv.${layer}.bias`] = zeros(out, 1, 1);
      into = out;
    }
    const flat = into * height * columns;
    parameters["dense.weight"] = orthogonal(flat, width, Math.SQRT2);
    parameters["dense.bias"] = zeros(width);
    parameters["policy.weight"] = orthogonal(width, actions, 0.01);
    parameters["policy.bias"] = zeros(actions);
    parameters["value.weight"] = orthogonal(width, 1, 1);
    parameters["value.bias"] = zeros(1);
    return {
      parameters,
      forward(p, { planes: observations }) {
        const batch = observations.shape[0]!;
        const affine = (x: Tensor, name: string) => add(matmul(x, p[`${name}.weight`]!), p[`${name}.bias`]!);
        const sites: Record<string, Tensor> = {};
        let x = observations;
        for (const layer of channels.keys()) {
          x = relu(add(conv2d(x, p[`conv.${layer}.weight`]!, { padding: 1 }), p[`conv.${layer}.bias`]!));
          sites[`conv.${layer}.out`] = x;
        }
        x = relu(affine(reshape(x, [batch, flat]), "dense"));
        const logits = affine(x, "policy");
        const value = reshape(affine(x, "value"), [batch]);
        return { logits, value, sites: { ...sites, "dense.out": x, "policy.logits": logits, "value.out": value } };
      },
    };
  },
});
