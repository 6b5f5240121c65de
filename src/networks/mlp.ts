/**
 * @file A perceptron on the flattened observation: a shared torso of ReLU
 * layers, a policy head and a value head. The fastest network here, and enough
 * for goal misgeneralization.
 */
import { z } from "zod";
import { defineNetwork, orthogonal, type Parameter, zeros } from "../network.ts";
import { add, matmul, relu, reshape, type Tensor } from "../tensor/index.ts";

export const mlp = defineNetwork({
  id: "mlp",
  title: "Perceptron",
  source: "ReLU torso with orthogonal weights, gain √2; policy head .01, value head 1 (Andrychowicz et al. 2021, arXiv:2006.05990)",
  params: z.object({
    width: z.int().min(1).default(64).describe("Units in each hidden layer."),
    depth: z.int().min(1).default(2).describe("Hidden layers."),
  }),
  build({ planes, height, width: columns, actions }, { width, depth }) {
    const inputs = planes * height * columns;
    const parameters: Record<string, Parameter> = {};
    for (let layer = 0; layer < depth; layer++) {
      parameters[`layer.${layer}.weight`] = orthogonal(layer === 0 ? inputs : width, width, Math.SQRT2);
      parameters[`layer.${layer}.bias`] = zeros(width);
    }
    parameters["policy.weight"] = orthogonal(width, actions, 0.01);
    parameters["policy.bias"] = zeros(actions);
    parameters["value.weight"] = orthogonal(width, 1, 1);
    parameters["value.bias"] = zeros(1);
    return {
      parameters,
      forward(p, observations) {
        const batch = observations.shape[0]!;
        const affine = (x: Tensor, name: string) => add(matmul(x, p[`${name}.weight`]!), p[`${name}.bias`]!);
        const sites: Record<string, Tensor> = {};
        let x = reshape(observations, [batch, inputs]);
        for (let layer = 0; layer < depth; layer++) {
          x = relu(affine(x, `layer.${layer}`));
          sites[`layer.${layer}.out`] = x;
        }
        const logits = affine(x, "policy");
        const value = reshape(affine(x, "value"), [batch]);
        return { logits, value, sites: { ...sites, "policy.logits": logits, "value.out": value } };
      },
    };
  },
});
